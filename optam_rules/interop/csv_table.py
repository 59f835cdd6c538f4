"""From a CSV file to its rows, by the names of the header: a row that cannot be read is told as such and stops no other.

UTF-8 with or without a mark of byte order, separated by `,` or `;` as the header shows. Memory is bounded by the longest line.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import BinaryIO, NamedTuple

import attrs

from optam_rules.base.diagnostics import Diagnostic, diagnose
from optam_rules.base.errors import CallError
from optam_rules.base.phrases import Phrase
from optam_rules.interop.lines import Line, decode, lines

MAX_LINE = 2**20  # bytes
_MAX_LINES = 64  # of one row: past it, a quote was left open rather than a cell written over so many lines

_OPEN_QUOTE = Phrase("un guillemet ne se ferme pas", "a quotation mark does not close")
_REASONS = (
    ("field larger", Phrase("une cellule dépasse la taille admise", "a cell exceeds the size allowed")),
    ("expected after", Phrase("un guillemet ferme une cellule avant sa fin", "a quotation mark closes a cell before its end")),
    ("unexpected end", _OPEN_QUOTE),
)


class Row(NamedTuple):
    """A row: the line it starts on, its offset in the file, its cells, or the fault that leaves it unread (a tuple, as lines are)."""

    line: int
    offset: int
    cells: Sequence[str]
    fault: Diagnostic | None = None


@attrs.frozen
class Table:
    """A CSV file seen by its header; `columns` are the names, stripped."""

    path: Path
    columns: tuple[str, ...]
    separator: str
    _start: int  # offset of the first row
    _line: int  # its number

    @classmethod
    def open(cls, path: Path) -> Table:
        """Read the header; raises CallError where there is none (E541), where it cannot be read, or names a column twice (E537)."""
        with path.open("rb") as stream:
            first = next(lines(stream, MAX_LINE), None)
            if first is None:
                raise CallError([diagnose("E541", path=str(path))])
            text = first.content.decode("utf-8", "replace")
            separator = ";" if text.count(";") > text.count(",") else ","
            stream.seek(0)
            feed = _Feed(stream, 1)
            header = next(_rows(feed, separator, None), Row(1, 0, (), diagnose("E541")))
        columns = tuple(cell.strip() for cell in header.cells)
        faults = [header.fault] if header.fault is not None else [*_repeated(columns)]
        if faults:
            raise CallError([attrs.evolve(fault, path=str(path)) for fault in faults])
        return cls(path, columns, separator, feed.offset, feed.number)

    def rows(self) -> Iterator[Row]:
        """Yield the rows in order, those that cannot be read included."""
        with self.path.open("rb") as stream:
            stream.seek(self._start)
            yield from _rows(_Feed(stream, self._line), self.separator, len(self.columns))

    def row_at(self, offset: int, stream: BinaryIO) -> Row:
        """Return the row that `rows` met at an offset, from a stream on the same file; its number is not known again."""
        stream.seek(offset)
        return next(_rows(_Feed(stream, 0), self.separator, len(self.columns)))


def _repeated(columns: Sequence[str]) -> Iterator[Diagnostic]:
    for name in dict.fromkeys(columns):
        if name and columns.count(name) > 1:
            yield diagnose("E537", name=name)


class _UnreadableLine(Exception):
    def __init__(self, fault: Diagnostic) -> None:
        self.fault = fault


class _Feed:
    """Gives lines to the csv module, remembers those of the row at hand, and takes back those that turn out to be rows of their own."""

    def __init__(self, stream: BinaryIO, number: int) -> None:
        self.offset, self.number = stream.tell(), number
        self.taken: list[Line] = []
        self.fault: Diagnostic | None = None
        self._lines = lines(stream, MAX_LINE, number=number)
        self._back: list[Line] = []

    def begin(self) -> None:
        """Start a row."""
        self.taken.clear()
        self.fault = None

    def give_back(self) -> None:
        """Take back all lines of the row but its first."""
        self._back = self.taken[1:] + self._back

    def __iter__(self) -> _Feed:
        return self

    def __next__(self) -> str:
        if len(self.taken) == _MAX_LINES:
            raise _UnreadableLine(diagnose("E534", reason=_OPEN_QUOTE))
        line = self._back.pop(0) if self._back else next(self._lines)
        self.taken.append(line)
        self.offset, self.number = line.end, line.number + 1
        if line.fault is not None:
            raise _UnreadableLine(line.fault)
        try:
            return line.content.decode("utf-8")
        except UnicodeDecodeError:
            text, self.fault = decode(line.content, line.offset)
            return text


def _rows(feed: _Feed, separator: str, width: int | None) -> Iterator[Row]:
    reader = csv.reader(feed, delimiter=separator, strict=True)
    while True:
        feed.begin()
        cells: list[str] = []
        try:
            cells = next(reader)
            fault = feed.fault
        except StopIteration:
            return
        except csv.Error as error:
            fault = diagnose("E534", reason=_reason(str(error)))
        except _UnreadableLine as error:
            fault = error.fault
        if fault is None and not cells:
            continue
        if fault is None and width is not None and len(cells) != width:
            fault = diagnose("E533", found=len(cells), wanted=width)
        first = feed.taken[0]
        if fault is None:
            yield Row(first.number, first.offset, cells)
        else:
            feed.give_back()
            yield Row(first.number, first.offset, (), fault)


def _reason(message: str) -> Phrase:
    return next((reason for words, reason in _REASONS if words in message), Phrase("forme inattendue", "unexpected form"))
