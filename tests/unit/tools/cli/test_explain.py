"""`optam explain`."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from optam_rules.base.codes import CATALOGUE, wording
from optam_rules.tools.report.code_pages import pages
from tests.docs.blocks import ROOT
from tests.unit.tools.cli.conftest import Ran

Optam = Callable[..., Ran]
PAGES = ROOT / "docs" / "reference" / "errors"


def test_a_code_is_explained(optam: Optam) -> None:
    """Title, message, meaning and remedy, whatever the case of the letters; then the example, and what the tool prints on it."""
    lines = optam("explain", "e304").out.splitlines()
    assert lines[:2] == [
        "E304 : Opérateur qui n'a pas de sens sur ce type",
        "  message : `{operator}` n'a pas de sens pour `{text}`, de type `{found}`",
    ]
    assert (lines[2][:13], lines[3][:14]) == ("  pourquoi : ", "  que faire : ")
    wrong, right = lines.index("fautif :"), lines.index("juste :")
    assert ["  |   vaut secteur >= secteur_2", "  $ optam check exemple.conv"] == lines[wrong + 5 : wrong + 7]
    assert lines[wrong + 7].startswith("  | exemple.conv:4:8: erreur E304: ")
    assert "  |   vaut secteur = secteur_2" in lines[right:]


def test_files_that_both_need_are_shown_once(optam: Optam) -> None:
    """The pack stands under `avec`, and the two commands differ."""
    out = optam("explain", "E850").out
    assert 1 == out.count("  avant/manifest.toml")
    assert out.index("avec :") < out.index("  avant/manifest.toml") < out.index("fautif :")
    commands = [line for line in out.splitlines() if line.startswith("  $ ")]
    assert ["  $ optam diff ./avant ./apres", "  $ optam diff ./avant@2016-10-01 ./apres@2017-10-01"] == commands


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("E103", "(⟨U+…⟩ : ce caractère, qui ne se voit pas)"),
        ("E131", "(⟨texte × n⟩ : ce texte, n fois à la suite)"),
        ("E102", "(le fichier fautif est enregistré en latin-1, le juste en utf-8)"),
        ("E541", "cabinet.csv (vide)"),
        ("E901", "pas d'exemple : aucun texte connu ne le provoque"),
    ],
)
def test_what_cannot_be_shown_as_it_is_is_told(optam: Optam, code: str, words: str) -> None:
    """Characters that nobody sees, long repetitions, an encoding, an empty file; and codes without an example, with the reason."""
    out = optam("explain", code).out
    assert words in out
    assert out.replace("\n", "").isprintable()


def test_without_a_code_all_are_told(optam: Optam) -> None:
    """Every entry of the catalogue comes out, in the order of codes."""
    headings = [line.partition(" : ")[0] for line in optam("explain").out.splitlines() if line[:1] in "EW" and line[:1].strip()]
    assert headings == list(CATALOGUE)


def test_as_json(optam: Optam) -> None:
    """One object a code, its files by name; the list of all without a code; the reason where there is no example."""
    held = json.loads(optam("explain", "E850", "--format", "json").out)
    assert ("E850", "optam diff ./avant ./apres") == (held["code"], held["wrong"]["command"])
    assert ["avant/manifest.toml", "avant/convention.conv"] == list(held["right"]["files"])[:2]
    assert held["wrong"]["printed"].startswith("erreur E850: ")
    every = {entry["code"]: entry for entry in json.loads(optam("explain", "--format", "json").out)}
    assert list(CATALOGUE) == list(every)
    assert "why_not" in every["E902"]


def test_the_pages_of_codes_are_fresh(optam: Optam, tmp_path: Path) -> None:
    """docs/reference/errors holds what `make reference` would write, and nothing else."""
    assert 0 == optam("explain", "--pages", "pages").code
    written = {path.name: path.read_text(encoding="utf-8") for path in (tmp_path / "pages").iterdir()}
    assert pages() == written
    assert written == {path.name: path.read_text(encoding="utf-8") for path in PAGES.iterdir()}
    assert optam("explain", "E304", "--format", "markdown").out == written["E304.md"]
    assert optam("explain", "--format", "markdown").out == written["index.md"]


def test_in_english(optam: Optam) -> None:
    """The wording of the catalogue and the headings are English; the example is the same, and so is the reason where there is none."""
    lines = optam("explain", "E304", "--lang", "en").out.splitlines()
    assert lines[:2] == [f"E304: {wording('E304', 'en').title}", f"  message: {wording('E304', 'en').message}"]
    assert {"wrong:", "right:", "  | règle en_secteur_2 : booléen"} <= set(lines)
    assert "no example: no known text provokes it" in optam("explain", "E901", "--lang", "en").out
    assert optam("explain", "--lang", "en", "--format", "markdown").out.startswith("# The codes of messages\n")
    assert lines == optam("--messages", "en", "explain", "E304").out.splitlines()
    assert "  | exemple.conv:4:8: error E304: " in "\n".join(lines)
    page = optam("explain", "E850", "--lang", "en", "--format", "markdown").out
    assert ["## Files of the example", "## Wrong", "## Right"] == [line for line in page.splitlines() if line.startswith("## ")]
    assert json.loads(optam("explain", "E304", "--lang", "en", "--format", "json").out)["title"] == wording("E304", "en").title


def test_pages_are_written_all_together(optam: Optam) -> None:
    """A code beside `--pages` is a wrong call."""
    assert 2 == optam("explain", "E304", "--pages", "pages").code


def test_the_page_of_words_is_fresh(optam: Optam) -> None:
    """docs/reference/mots.md holds what `make reference` would write."""
    assert (ROOT / "docs" / "reference" / "mots.md").read_text(encoding="utf-8") == optam("explain", "--words").out


def test_the_page_of_words_tells_ranks_types_and_roundings(optam: Optam) -> None:
    """`et` binds tighter than `ou`; comparisons do not chain; minus one and a half goes to minus one, or to the even minus two."""
    lines = optam("explain", "--words").out.splitlines()
    assert ["| 2 | `ou` | de gauche à droite |", "| 3 | `et` | de gauche à droite |"] == [
        line for line in lines if line[:4] in ("| 2 ", "| 3 ")
    ]
    assert any(line.startswith("| 5 | `=`, `!=`, `≠`") and line.endswith("| ne s'enchaîne pas |") for line in lines)
    assert "| `taux - taux` | `points` |" in lines
    assert "| `demi pair` | 1 | 2 | 2 | 2 | -1 | -2 | -2 | -2 |" in lines
    assert "| `partielle` | `partiel` | `partial` |  |" in lines
