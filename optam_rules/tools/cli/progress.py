"""How far long work has come, told to a person who looks at a terminal, and to nobody else."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TextIO, TypeVar

from optam_rules.base.phrases import Phrase
from optam_rules.interop.open import COLUMNAR_SUFFIXES
from optam_rules.tools.cli.messages import told

_RECORDS = Phrase("dossiers", "records")
_EVERY = 0.2  # seconds between two updates, and before the first
_WIDTH = 30
_BLOCK = 1 << 20
_NOT_LINES = (".json", *COLUMNAR_SUFFIXES)


Item = TypeVar("Item")


def shown(items: Iterable[Item], path: Path, stream: TextIO) -> Iterator[Item]:
    """Yield items; on a terminal, draw how many are done, as a bar where the file's records are lines."""
    if not stream.isatty():
        yield from items
        return
    total = None if path.suffix.lower() in _NOT_LINES else _lines(path)
    last, done = time.monotonic(), 0
    drawn = False
    try:
        for done, item in enumerate(items, 1):
            if time.monotonic() - last >= _EVERY:
                stream.write(f"\r{_bar(done, total)}\x1b[K")
                stream.flush()
                last, drawn = time.monotonic(), True
            yield item
    finally:
        if drawn:
            stream.write("\r\x1b[K")
            stream.flush()


def _bar(done: int, total: int | None) -> str:
    if not total:
        return f"{done} {told(_RECORDS)}"
    share = min(1.0, done / total)
    return f"[{'#' * int(share * _WIDTH):<{_WIDTH}}] {share:4.0%}  {done} {told(_RECORDS)}"


def _lines(path: Path) -> int:
    """Count the lines of a file without holding it."""
    with path.open("rb") as stream:
        return sum(block.count(b"\n") for block in iter(lambda: stream.read(_BLOCK), b""))
