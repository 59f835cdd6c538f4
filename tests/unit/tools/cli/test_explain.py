"""`optam explain`."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from optam_rules.base.codes import CATALOGUE
from tests.docs.blocks import ROOT
from tests.unit.tools.cli.conftest import Ran

Optam = Callable[..., Ran]


def test_a_code_is_explained(optam: Optam) -> None:
    """Title, message, meaning and remedy, whatever the case of the letters."""
    ran = optam("explain", "e601")
    assert ran.code == 0
    assert ran.out.splitlines()[:2] == ["E601 : Division par zéro", "  message : division par zéro"]
    assert ran.out.splitlines()[2].startswith("  pourquoi : ")
    assert ran.out.splitlines()[3].startswith("  que faire : ")


def test_without_a_code_all_are_explained(optam: Optam) -> None:
    """Every entry of the catalogue comes out, in the order of codes."""
    headings = [line.partition(" : ")[0] for line in optam("explain").out.splitlines() if line[:1] in "EW" and line[:1].strip()]
    assert headings == list(CATALOGUE)


def test_the_page_of_codes_is_fresh(optam: Optam, tmp_path: Path) -> None:
    """docs/reference/erreurs.md is what `make reference` would write."""
    optam("explain", "--format", "markdown", "--output", "page.md")
    written = (tmp_path / "page.md").read_text(encoding="utf-8")
    assert (ROOT / "docs" / "reference" / "erreurs.md").read_text(encoding="utf-8") == written
