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


def draw(node: Node, *, width: int | None = None) -> str:
    """Draw a tree; a line is cut only where `width` is given, and the cut keeps the branches."""
    return "\n".join(_lines(node, "", "", width))


def _lines(node: Node, first: str, rest: str, width: int | None) -> Iterator[str]:
    trunk = rest + ("│  " if node.children else "   ")
    yield from _wrap(node.text, first, trunk, width)
    for child in node.children:
        last = child is node.children[-1]
        yield from _lines(child, rest + ("└─ " if last else "├─ "), rest + ("   " if last else "│  "), width)


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
