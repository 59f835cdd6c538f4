"""Source texts and the positions in them; a position knows its file, line, column and article."""

from __future__ import annotations

from bisect import bisect_right
from functools import cached_property

import attrs


@attrs.define(frozen=True, slots=False)
class Source:
    """A text as the parser reads it (NFC, one kind of apostrophe, line feeds), with the way back to the text as written.

    `shifts` maps offsets of `text` to offsets of `original`: pairs (offset in text, offset in original) where the distance changes.
    """

    name: str
    text: str = attrs.field(repr=False)
    original: str = attrs.field(repr=False)
    shifts: tuple[tuple[int, int], ...] = attrs.field(default=((0, 0),), repr=False)

    @cached_property
    def _starts(self) -> list[int]:
        return [0, *(i + 1 for i, char in enumerate(self.original) if char == "\n")]

    def to_original(self, offset: int) -> int:
        """Return the place in the text as written of an offset in the normalised text."""
        here, there = self.shifts[bisect_right(self.shifts, (offset, len(self.original) + 1)) - 1]
        return min(there + offset - here, len(self.original))

    def line_column(self, offset: int) -> tuple[int, int]:
        """Return line and column, both from 1, in the text as written."""
        place = self.to_original(offset)
        line = bisect_right(self._starts, place)
        return line, place - self._starts[line - 1] + 1

    def line_text(self, line: int) -> str:
        """Return a line as written, without its end."""
        start = self._starts[line - 1]
        end = self._starts[line] - 1 if line < len(self._starts) else len(self.original)
        return self.original[start:end].rstrip("\r")


@attrs.frozen
class Position:
    """A stretch of a source: offsets in the normalised text, `end` excluded, and the article it stands in."""

    source: Source = attrs.field(repr=False)
    start: int
    end: int
    article: str | None = None

    @property
    def file(self) -> str:
        """Name of the file."""
        return self.source.name

    @property
    def line(self) -> int:
        """Line of the start, from 1."""
        return self.source.line_column(self.start)[0]

    @property
    def column(self) -> int:
        """Column of the start, from 1."""
        return self.source.line_column(self.start)[1]

    @property
    def last(self) -> tuple[int, int]:
        """Line and column just after the end."""
        return self.source.line_column(self.end)

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}"
