"""The parser never raises: any text, damaged files, words of the language in any order."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from optam_rules.base.diagnostics import render_text
from optam_rules.syntax.lexicon import LANGUAGES, lexicon
from optam_rules.syntax.parse import parse
from optam_rules.syntax.source import read_source, source_of
from tests.golden.goldens import accepted_by_the_parser
from tests.unit.syntax.texts import HEADER

SIGNS = [*"{}()[];:|.=<>*/+-%€«»\"`#\\×→,&'", "->", "<=", "\n", "  ", "]1 ; 2]", "\u202e", "\u00a0", "e\u0301", "а"]
OTHERS = [
    "a",
    "b.c",
    "x",
    "1",
    "2.5",
    "1_000",
    "2016-10-24",
    "24/10/2016",
    "41.1",
    '"texte"',
    "« mots »",
    "LEGIARTI000037439171",
    "R. 871-2",
]


def check(text: str, language: str | None = None) -> None:
    """Read a text as a caller does; every diagnostic can be printed and stands inside the text; without any, the file is whole."""
    source = source_of("essai.conv", text)
    syntax, diagnostics = parse(source, lexicon=language)
    for diagnostic in diagnostics:
        assert render_text(diagnostic)
        assert diagnostic.to_json()
        assert diagnostic.position is not None
        assert 0 <= diagnostic.position.start <= diagnostic.position.end <= len(source.text)
    for item in syntax.items:
        assert 0 <= item.position.start < item.position.end <= len(source.text)
    assert diagnostics or (syntax.header is not None and not syntax.broken)


def tokens(language: str) -> st.SearchStrategy[str]:
    """Draw words, signs and literals of a language in any order."""
    words = [spelling for spellings in lexicon(language).keywords.values() for spelling in spellings]
    soup = st.lists(st.sampled_from(words) | st.sampled_from(SIGNS) | st.sampled_from(OTHERS), max_size=40)
    return st.builds(lambda parts, glue: HEADER + glue.join(parts), soup, st.sampled_from([" ", " ", "\n", ""]))


@given(st.text(max_size=200))
@settings(deadline=None)
def test_any_text(text: str) -> None:
    """Any text is read or refused with diagnostics."""
    check(text)
    check(HEADER + text)


@given(st.sampled_from(LANGUAGES).flatmap(lambda language: st.tuples(st.just(language), tokens(language))))
@settings(max_examples=300, deadline=None)
def test_words_in_any_order(drawn: tuple[str, str]) -> None:
    """The words of the language in any order are read or refused with diagnostics."""
    check(drawn[1], drawn[0])


FILES = [path.read_text(encoding="utf-8") for path in accepted_by_the_parser()]


@given(st.sampled_from(FILES), st.data())
@settings(max_examples=200, deadline=None)
def test_damaged_files(text: str, data: st.DataObject) -> None:
    """A file with stretches taken out, put in or moved is read or refused with diagnostics."""
    for _ in range(data.draw(st.integers(1, 4))):
        start = data.draw(st.integers(0, len(text)))
        end = min(len(text), start + data.draw(st.integers(0, 12)))
        inserted = data.draw(st.sampled_from(["", *SIGNS, *OTHERS, " règle ", " vaut ", " si ", text[end : end + 30]]))
        text = text[:start] + inserted + text[end:]
    check(text)


@given(st.binary(max_size=200))
@settings(deadline=None)
def test_any_bytes(data: bytes) -> None:
    """Any bytes give a source or one diagnostic."""
    source, diagnostics = read_source("essai.conv", data)
    assert (source is None) == bool(diagnostics)
    if source is not None:
        parse(source)
    else:
        assert render_text(diagnostics[0])
