"""A tree of sentences drawn with branches; knows nothing of what the sentences say."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterator

import attrs

MINIMUM_WIDTH = 40  # a narrower terminal would give one word a line


@attrs.frozen
class Node:
    """A sentence and what supports it."""

    text: str
    children: tuple[Node, ...] = ()


def walk(node: Node) -> Iterator[tuple[int, bool, Node]]:
    """Yield the nodes of a tree, each before those under it: how deep it is, and whether it is the last of its own.

    A tree may be deeper than Python's frames would last: nothing here calls itself.
    """
    waiting = [(0, True, node)]
    while waiting:
        depth, last, each = waiting.pop()
        yield depth, last, each
        waiting += [(depth + 1, child is each.children[-1], child) for child in reversed(each.children)]


def draw(node: Node, *, width: int | None = None) -> str:
    """Draw a tree; a line is cut only where `width` is given, and the cut keeps the branches."""
    return "\n".join(_lines(node, width))


def _lines(node: Node, width: int | None) -> Iterator[str]:
    rests: list[str] = []  # what the lines under each node around begin with
    for depth, last, each in walk(node):
        del rests[depth:]
        around = rests[-1] if rests else ""
        first, rest = (around + ("└─ " if last else "├─ "), around + ("   " if last else "│  ")) if depth else ("", "")
        rests.append(rest)
        yield from _wrap(each.text, first, rest + ("│  " if each.children else "   "), width)


def _wrap(text: str, first: str, trunk: str, width: int | None) -> list[str]:
    if width is None or len(first) + len(text) <= width:
        return [first + text]
    return fill(text, max(MINIMUM_WIDTH, width), first, trunk)


def fill(text: str, width: int, first: str = "", rest: str = "") -> list[str]:
    """Cut a French text in lines, never before `»`, `;`, `:`, `?`, `!`, `%` or `€`, nor after `«`."""
    tied = _TIED.sub("\N{NO-BREAK SPACE}", text)
    lines = textwrap.wrap(tied, width, initial_indent=first, subsequent_indent=rest, break_long_words=False, break_on_hyphens=False)
    return [line.replace("\N{NO-BREAK SPACE}", " ") for line in lines]


_TIED = re.compile(r" (?=[»;:?!%€])|(?<=«) |(?<=[0-9]) (?=[0-9]{3}\b)")
