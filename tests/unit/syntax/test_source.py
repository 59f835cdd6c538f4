"""Bytes to a source: what is refused, and places that lead back to the text as written."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from optam_rules.syntax.limits import Limits
from optam_rules.syntax.source import read_source, source_of

DECOMPOSED = "e\N{COMBINING ACUTE ACCENT}"


def test_plain_text_stays() -> None:
    """ASCII text is its own normal form, and every place is itself."""
    source, diagnostics = read_source("a.conv", b"abc\ndef")
    assert [] == diagnostics
    assert source is not None
    assert ("abc\ndef", "abc\ndef") == (source.text, source.original)
    assert [0, 4, 7] == [source.to_original(offset) for offset in (0, 4, 7)]


def test_apostrophes_become_one() -> None:
    """A typographic apostrophe is read as the plain one, and still shown as written."""
    source = source_of("a.conv", "l’article")
    assert "l'article" == source.text
    assert "l’article" == source.line_text(1)


def test_decomposed_accents_are_composed() -> None:
    """`e` and a combining accent are one letter in the text read; what follows keeps its column as written.

    In `é = 1`, decomposed, the sign stands at offset 2 of the text read and 3 of the text written: column 4.
    """
    source = source_of("a.conv", f"x\n{DECOMPOSED} = 1\n{DECOMPOSED}")
    assert "x\né = 1\né" == source.text
    assert (2, 4) == source.line_column(source.text.index("="))
    assert (3, 1) == source.line_column(source.text.rindex("é"))
    assert (3, 3) == source.line_column(len(source.text))


def test_line_ends_of_windows() -> None:
    """Carriage return and line feed are read as one end of line, and lines count the same."""
    source = source_of("a.conv", "ab\r\ncd\r\nef")
    assert "ab\ncd\nef" == source.text
    assert (3, 2) == source.line_column(source.text.index("f"))
    assert "cd" == source.line_text(2)


def test_lone_carriage_returns_end_lines() -> None:
    """A lone carriage return ends a line, as editors show it."""
    source = source_of("a.conv", "ab\rcd\r\nef")
    assert "ab\ncd\nef" == source.text
    assert (2, 1) == source.line_column(source.text.index("c"))


def test_mark_at_the_start_is_dropped() -> None:
    """A byte order mark at the very start is no part of the text."""
    source, diagnostics = read_source("a.conv", b"\xef\xbb\xbfabc")
    assert [] == diagnostics
    assert source is not None
    assert "abc" == source.text


@pytest.mark.parametrize(
    ("data", "code"),
    [
        ("é".encode("latin-1"), "E102"),
        ("é".encode("utf-16"), "E102"),
        ("é".encode("utf-32"), "E102"),
        (b"ab\0c", "E103"),
        (b"ab\x1b[31m", "E103"),
        ("ab\u009bc".encode(), "E103"),
        (b"\xed\xa0\x80", "E102"),
        (b"a" * 11, "E101"),
    ],
)
def test_no_source_of_what_is_no_text(data: bytes, code: str) -> None:
    """Other encodings, controls, surrogates and too many bytes give one diagnostic and no source."""
    source, diagnostics = read_source("a.conv", data, Limits(file_bytes=10))
    assert source is None
    assert [code] == [diagnostic.code for diagnostic in diagnostics]


def test_wrong_byte_is_placed() -> None:
    """The first byte that is no UTF-8 is told with its line and column."""
    _, (diagnostic,) = read_source("a.conv", "ligne\nrègle".encode("latin-1"))
    assert diagnostic.position is not None
    assert (2, 2) == (diagnostic.position.line, diagnostic.position.column)


def test_letters_that_join_across_sequences() -> None:
    """Bengali vowel signs compose though both are letters: places are told to their line."""
    source = source_of("a.conv", "a\n\u09c7\u09be b\nc")
    assert "a\n\u09cb b\nc" == source.text
    assert (2, 1) == source.line_column(2)
    assert (3, 1) == source.line_column(source.text.index("c"))


@given(st.text(st.characters(codec="utf-8") | st.sampled_from("é’\r\ne\u0301\u0323\u1100\u1161\u11a8"), max_size=40))
@settings(deadline=None)
def test_text_read_is_the_normal_form(text: str) -> None:
    """The text read is the NFC of the text written, with one apostrophe and one end of line; places grow and end at its end."""
    source = source_of("a.conv", text)
    plain = text.replace("\r\n", "\n").replace("\r", "\n").replace("’", "'").replace("\N{MODIFIER LETTER APOSTROPHE}", "'")
    assert unicodedata.normalize("NFC", plain) == source.text
    places = [source.to_original(offset) for offset in range(len(source.text) + 1)]
    assert sorted(places) == places
    assert len(source.original) == places[-1]


@given(st.lists(st.sampled_from(["a", DECOMPOSED, "’", "\r\n", "\n", "é", "o\u0323\u0302"]), max_size=30))
@settings(deadline=None)
def test_places_lead_back(pieces: list[str]) -> None:
    """Each letter read stands where its own letters were written: pieces that compose to one letter each, one after another."""
    source = source_of("a.conv", "".join(pieces))
    written = [sum(map(len, pieces[:index])) for index in range(len(pieces) + 1)]
    assert written == [source.to_original(offset) for offset in range(len(pieces) + 1)]
