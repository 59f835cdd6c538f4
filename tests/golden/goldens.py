"""Reads the goldens: texts of the language beside what the program must say of them.

`accept/NAME.conv` and `accept/NAME.en.conv` are one text in both lexicons. `reject/NAME.conv` stands beside `NAME.expected`, the
rendered diagnostics. A name opens with the code that it is about: the parser alone answers for E1 and W1, a full check for the others.
After a change of wording, `python -m tests.golden.goldens` writes the `.expected` of the parser's goldens again: read the difference
line by line.
"""

from __future__ import annotations

from pathlib import Path

from optam_rules.base.diagnostics import Diagnostic, render_text
from optam_rules.syntax.parse import parse
from optam_rules.syntax.source import read_source

FOLDER = Path(__file__).parent
OF_THE_PARSER = ("E1", "W1")


def rejected_by_the_parser() -> list[Path]:
    """Return the texts that the parser alone answers for."""
    return sorted(path for path in (FOLDER / "reject").glob("*.conv") if path.name.startswith(OF_THE_PARSER))


def accepted_by_the_parser() -> list[Path]:
    """Return the French text of each accepted pair."""
    return sorted(path for path in (FOLDER / "accept").glob("E1*.conv") if not path.name.endswith(".en.conv"))


def said_by_the_parser(path: Path) -> list[Diagnostic]:
    """Return the diagnostics of reading and parsing one file."""
    source, diagnostics = read_source(path.name, path.read_bytes())
    return diagnostics if source is None else parse(source)[1]


def rendered(diagnostics: list[Diagnostic]) -> str:
    """Return diagnostics as a terminal shows them."""
    return "".join(render_text(diagnostic) + "\n" for diagnostic in diagnostics)


if __name__ == "__main__":
    for text in rejected_by_the_parser():
        text.with_suffix(".expected").write_text(rendered(said_by_the_parser(text)), encoding="utf-8")
