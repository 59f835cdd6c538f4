"""Reads the goldens that need a whole check: what parsing and elaboration say of a text on top of a small vocabulary.

`vocabulary.conv` stands for a parent pack. After a change of wording, `python -m tests.golden.elaborated` writes the `.expected` of these
goldens again: read the difference line by line.
"""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from optam_rules.base.calendar import Interval
from optam_rules.base.diagnostics import Diagnostic
from optam_rules.core.program import Program
from optam_rules.elaborate.pipeline import PackInfo, elaborate
from optam_rules.syntax.abstract import FileSyntax
from optam_rules.syntax.parse import parse
from optam_rules.syntax.source import read_source
from tests.golden.goldens import FOLDER, OF_THE_PARSER, rendered

INFO = PackInfo("essai", "Convention d'essai", "1", "sha256:0", None, Interval(dt.date(2010, 1, 1), dt.date(2035, 12, 31)))


def rejected_by_the_check() -> list[Path]:
    """Return the texts that the parser accepts and the check complains about."""
    return sorted(path for path in (FOLDER / "reject").glob("[EW]*.conv") if not path.name.startswith(OF_THE_PARSER))


def accepted_by_the_check() -> list[Path]:
    """Return the texts that a whole check has nothing to say about."""
    return sorted(path for path in (FOLDER / "accept").glob("*.conv") if not path.name.startswith(OF_THE_PARSER))


def checked(path: Path) -> tuple[Program | None, list[Diagnostic]]:
    """Parse and elaborate one text, on top of the vocabulary."""
    tree, said = _parsed(path)
    program, found = elaborate(INFO, [tree], [_parsed(FOLDER / "vocabulary.conv")[0]])
    return program, [*said, *found]


def _parsed(path: Path) -> tuple[FileSyntax, list[Diagnostic]]:
    source, unreadable = read_source(path.name, path.read_bytes())
    if source is None:
        raise AssertionError(rendered(unreadable))
    return parse(source)


if __name__ == "__main__":
    for text in rejected_by_the_check():
        text.with_suffix(".expected").write_text(rendered(checked(text)[1]), encoding="utf-8")
