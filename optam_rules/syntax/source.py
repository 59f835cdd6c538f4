"""Turns the bytes of a file into a `Source`: UTF-8, NFC, one kind of apostrophe and of line end, with the way back to the text as written.

What the language itself forbids in places (bidirectional controls, mixed scripts) is looked at by scan.py, which knows the places.
"""

from __future__ import annotations

import codecs
import re
import unicodedata
from collections.abc import Iterator

from optam_rules.base.diagnostics import Diagnostic, diagnose
from optam_rules.base.phrases import Phrase
from optam_rules.base.source import Position, Source
from optam_rules.syntax.limits import DEFAULT, Limits

# Controls that no text holds: all but tabulation, ends of line and page, and next line.
_CONTROL = re.compile("[\x00-\x08\x0b\x0e-\x1f\x7f-\x84\x86-\x9f]")
_APOSTROPHES = str.maketrans({"\N{RIGHT SINGLE QUOTATION MARK}": "'", "\N{MODIFIER LETTER APOSTROPHE}": "'"})
_OTHER_ENCODINGS = (
    (codecs.BOM_UTF32_LE, "UTF-32"),
    (codecs.BOM_UTF32_BE, "UTF-32"),
    (codecs.BOM_UTF16_LE, "UTF-16"),
    (codecs.BOM_UTF16_BE, "UTF-16"),
)


def read_source(name: str, data: bytes, limits: Limits = DEFAULT) -> tuple[Source | None, list[Diagnostic]]:
    """Read the bytes of a file; no source where they are too many, not UTF-8, or hold controls."""
    if len(data) > limits.file_bytes:
        return None, [diagnose("E101", _nowhere(name), size=len(data), limit=limits.file_bytes)]
    foreign = next((encoding for mark, encoding in _OTHER_ENCODINGS if data.startswith(mark)), None)
    if foreign is not None:
        return None, [diagnose("E102", _nowhere(name), problem=Phrase(f"il est en {foreign}", f"it is in {foreign}"))]
    try:
        text = data.removeprefix(codecs.BOM_UTF8).decode("utf-8")
    except UnicodeDecodeError as error:
        return None, [_not_utf8(name, data.removeprefix(codecs.BOM_UTF8), error)]
    source = source_of(name, text)
    control = _CONTROL.search(source.text)
    if control is not None:
        position = Position(source, control.start(), control.end())
        return None, [diagnose("E103", position, name=f"U+{ord(control[0]):04X}")]
    return source, []


def source_of(name: str, text: str) -> Source:
    """Normalise a text already decoded."""
    # A lone carriage return ends a line for editors; one character for one, so that no place moves.
    original = re.sub("\r(?!\n)", "\n", text) if "\r" in text else text
    if original.isascii() and "\r" not in original:
        return Source(name, original, original)
    parts: list[str] = []
    shifts = [(0, 0)]
    here = there = 0
    for written in _stretches(original):
        read = unicodedata.normalize("NFC", written.translate(_APOSTROPHES).replace("\r\n", "\n"))
        parts.append(read)
        here += len(read)
        there += len(written)
        if len(read) != len(written):
            shifts.append((here, there))
    return Source(name, "".join(parts), original, tuple(shifts))


def _stretches(text: str) -> Iterator[str]:
    """Cut a text where normalisation cannot reach across: lines, and inside a line that changes, its combining sequences."""
    for line in text.splitlines(keepends=True):
        if not line.endswith("\r\n") and unicodedata.is_normalized("NFC", line):
            yield line
            continue
        bare, end = (line[:-2], "\r\n") if line.endswith("\r\n") else (line, "")
        sequences = _sequences(bare)
        if "".join(unicodedata.normalize("NFC", part) for part in sequences) == unicodedata.normalize("NFC", bare):
            yield from sequences
        else:
            yield bare  # a script whose letters join across sequences: places are told to the line
        if end:
            yield end


def _sequences(line: str) -> list[str]:
    """Cut a line before each character that does not combine with the one before; plain stretches stay whole."""
    if unicodedata.is_normalized("NFC", line):
        return [line]
    cuts = [0]
    for place, char in enumerate(line[1:], 1):
        if not unicodedata.combining(char) and not "\u1160" <= char <= "\u11ff":
            cuts.append(place)
    return [line[start:end] for start, end in zip(cuts, [*cuts[1:], len(line)], strict=True)]


def _nowhere(name: str) -> Position:
    return Position(Source(name, "", ""), 0, 0)


def _not_utf8(name: str, data: bytes, error: UnicodeDecodeError) -> Diagnostic:
    """Tell the first byte that is no UTF-8, with the line that it stands on."""
    before = data[: error.start].decode("utf-8")
    after = data[error.start : error.start + 200].decode("utf-8", "replace")
    source = Source(name, before + after, before + after)
    byte = f"0x{data[error.start]:02X}"
    problem = Phrase(f"l'octet {byte} n'y a pas de sens", f"byte {byte} makes no sense there")
    return diagnose("E102", Position(source, len(before), len(before) + 1), problem=problem)
