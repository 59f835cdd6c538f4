"""Amendments and publication seen from the command line: `law`, `law --consolidated`, `evaluate --known-on`, `check`."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.unit.tools.cli.conftest import Ran

Optam = Callable[..., Ran]

TEXTS = {
    "manifest.toml": 'id = "essai"\ntitle = "E"\nversion = "1"\nparent = "commun"\n',
    "texte.conv": """convention "E" version "1"
article 1 "Un" en vigueur du 2017-01-01
  paramètre plafond : taux = 80 % depuis 2017-01-01
  règle engagement : taux "Engagement" vaut plafond
""",
    "avenants/1.conv": """avenant "Avenant 1" modifie "E" en vigueur du 2018-01-01 publié le 2018-03-01
remplace paramètre plafond : taux = 70 % depuis 2018-01-01
complète article 1
  exception de_secteur_2 de engagement selon caisse "lettre" si secteur = secteur_2 vaut 50 %
insère article 2 "Deux"
  règle suivi : booléen vaut vrai
""",
}


@pytest.fixture
def essai(tmp_path: Path) -> str:
    """Write a pack with its amendment; return its path."""
    for name, text in TEXTS.items():
        (tmp_path / "essai" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "essai" / name).write_text(text, encoding="utf-8")
    (tmp_path / "a.json").write_text('{"identifiant": "A", "secteur": "secteur_1"}', encoding="utf-8")
    return "./essai"


def test_law_shows_what_comes_from_an_amendment(optam: Optam, essai: str) -> None:
    """An inserted article says so under its title, a clause added to an older article under its name, a value beside it."""
    assert [
        "Article 2 — Deux",
        "E, version 1",
        "en vigueur depuis le 2018-01-01",
        "Avenant « Avenant 1 », publié le 2018-03-01",
        "Fondement : le texte",
        "",
        "Ce que le pack en tire :",
        "  règle suivi — suivi",
    ] == optam("law", essai, "2").out.splitlines()
    drawn = optam("law", essai, "1").out.splitlines()[6:]
    assert [
        "  paramètre plafond = 80 % (en vigueur du 2017-01-01 au 2017-12-31) ; "
        "70 % (en vigueur depuis le 2018-01-01, avenant « Avenant 1 », publié le 2018-03-01)",
        "  règle engagement — Engagement",
        "  exception de_secteur_2 de engagement (en vigueur depuis le 2018-01-01)",
        "    Avenant « Avenant 1 », publié le 2018-03-01",
        "    Fondement : la caisse, « lettre »",
    ] == drawn


def test_the_consolidated_text_is_printed(optam: Optam, essai: str) -> None:
    """One text in the language, on its day; as it was known, without what was not published."""
    ran = optam("law", essai, "--consolidated", "--on", "2018-06-01")
    assert (0, 'convention "E" version "1"', "") == (ran.code, ran.out.splitlines()[0], ran.err)
    assert "exception de_secteur_2 de engagement" in ran.out
    assert "80 % depuis 2017-01-01 ; 70 % depuis 2018-01-01" not in ran.out
    assert "70 % depuis 2018-01-01" in ran.out
    known = optam("law", essai, "--consolidated", "--on", "2018-06-01", "--known-on", "2018-02-28")
    assert "exception" not in known.out
    assert "70 %" not in known.out


@pytest.mark.parametrize("words", [["--consolidated"], ["1", "--consolidated", "--on", "2018-06-01"]])
def test_the_consolidated_text_wants_a_day_and_no_article(optam: Optam, essai: str, words: list[str]) -> None:
    """Anything else is a wrong call."""
    ran = optam("law", essai, *words)
    assert (2, "optam law : `--consolidated` demande `--on DATE`, et pas d'article") == (ran.code, ran.err.splitlines()[0])


def test_evaluate_judges_with_what_was_known(optam: Optam, essai: str) -> None:
    """The day up to which publication counts is in the header; the trace says what was not known."""
    words = ("evaluate", "a.json", "--pack", essai, "--on", "2018-06-01", "--answers", "engagement", "--format", "json", "--explain")
    full, known = (json.loads(optam(*words, *more).out) for more in ((), ("--known-on", "2018-02-28")))
    assert (None, "2018-02-28") == (full.get("known_on"), known["known_on"])
    answers = [document["records"][0]["answers"]["engagement"] for document in (full, known)]
    assert ["0.7", "0.8"] == [answer["value"] for answer in answers]
    assert "`plafond` : « Avenant 1 », publié le 2018-03-01, n'était pas connu : l'état antérieur vaut" in answers[1]["because"][0]["notes"]


def test_explain_names_the_amendment(optam: Optam, essai: str) -> None:
    """Beside the article, in the sentence that tells the clause."""
    words = ("evaluate", "a.json", "--pack", essai, "--on", "2018-06-01", "--answers", "suivi", "--explain")
    assert "avenant « Avenant 1 »" in optam(*words).out
