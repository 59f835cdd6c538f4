"""Rows of words aligned in columns, for a terminal or a file; no line is cut."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from itertools import chain


def table(headings: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Align rows under headings, two spaces between columns; the last column, whose cells may be long, is ruled as wide as its heading."""
    widths = [max(width_of(cell) for cell in column) for column in zip(*chain([headings], rows), strict=True)]
    widths[-1] = width_of(headings[-1])
    ruler = ["-" * width for width in widths]
    return "\n".join(_line(row, widths) for row in [headings, ruler, *rows])


def _line(row: Sequence[str], widths: Sequence[int]) -> str:
    return "  ".join(cell + " " * (width - width_of(cell)) for cell, width in zip(row, widths, strict=True)).rstrip()


def width_of(text: str) -> int:
    """Count the cells that a text takes on a terminal: accents on their own take none, wide characters two."""
    return sum(0 if unicodedata.combining(c) else 2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)
