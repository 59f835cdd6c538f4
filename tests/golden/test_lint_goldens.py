"""The goldens of lints: what is told of texts that are sound. `python -m tests.golden.test_lint_goldens` writes them again."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from optam_rules.analysis.lint.run import lint
from optam_rules.base.codes import lints
from optam_rules.elaborate.pipeline import elaborate
from optam_rules.syntax.parse import parse
from optam_rules.syntax.source import read_source
from tests.golden.elaborated import INFO
from tests.golden.goldens import FOLDER, rendered

TEXTS = sorted((FOLDER / "lint").glob("*.conv"))


def told(path: Path) -> str:
    """Return what lints tell of a text verified on 2025-01-01, read the day after, or long after where it is about that."""
    vocabulary, _ = read_source("vocabulary.conv", (FOLDER / "vocabulary.conv").read_bytes())
    source, _ = read_source(path.name, path.read_bytes())
    assert vocabulary is not None
    assert source is not None
    tree, _ = parse(source)
    _, warnings = elaborate(INFO, [tree], [parse(vocabulary)[0]])
    today = dt.date(2026, 11, 24) if path.name.startswith("W507") else dt.date(2025, 1, 2)
    return rendered([finding.diagnostic for finding in lint([tree], warnings, verified=dt.date(2025, 1, 1), today=today)])


@pytest.mark.parametrize("path", TEXTS, ids=lambda path: path.stem)
def test_lint_is_explained(path: Path) -> None:
    """A text gives the lint that names it, as written beside it, and no other."""
    text = told(path)
    assert path.with_suffix(".expected").read_text(encoding="utf-8") == text
    assert text.count(" avertissement W") == text.count(f" avertissement {path.name[:4]}:") == 1


def test_every_lint_has_a_golden() -> None:
    """Each code of the family has a text that raises it."""
    assert {entry.code for entry in lints.CODES} == {path.name[:4] for path in TEXTS}


if __name__ == "__main__":
    for text in TEXTS:
        text.with_suffix(".expected").write_text(told(text), encoding="utf-8")
