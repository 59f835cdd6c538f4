"""Markdown turned into its fenced blocks, each with its language, its words and its line."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import attrs

ROOT = Path(__file__).parent.parent.parent
_FENCE = re.compile(r"^(?P<indent> *)```(?P<info>[^\n`]*)\n(?P<body>.*?)^(?P=indent)```$", re.DOTALL | re.MULTILINE)


@attrs.frozen
class Block:
    """A fenced block: ```language word key=value, then its text."""

    document: Path
    line: int
    language: str
    words: tuple[str, ...]
    text: str

    def value(self, key: str) -> str | None:
        """Return the value of `key=value` among the words."""
        return next((word.partition("=")[2] for word in self.words if word.startswith(f"{key}=")), None)

    def __str__(self) -> str:
        return f"{self.document.relative_to(ROOT)}:{self.line}"


def documents() -> list[Path]:
    """Return the documents of the project: those at the root and those of docs/."""
    return sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])


def blocks(document: Path) -> Iterator[Block]:
    """Yield the fenced blocks of a document."""
    text = document.read_text(encoding="utf-8")
    for match in _FENCE.finditer(text):
        language, *words = match["info"].split() or [""]
        yield Block(document, text.count("\n", 0, match.start()) + 1, language, tuple(words), match["body"])
