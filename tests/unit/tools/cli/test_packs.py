"""`optam catalogue`, `law`, `test` and `schema`."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree

import pytest
from jsonschema import Draft202012Validator

from tests.support.english import french_left
from tests.unit.tools.cli.conftest import Ran

Optam = Callable[..., Ran]

MANIFEST = 'id = "essai"\ntitle = "E"\nversion = "1"\nparent = "commun"\n'
PACK = """convention "E" version "1"
article 1 "Un" en vigueur du 2017-01-01 réf LEGIARTI000000000001
  texte « Le plafond est de 80 %. »
  paramètre plafond : taux = 80 % depuis 2017-01-01
  règle engagement : taux "Engagement" vaut plafond
  exception de_secteur_2 de engagement en vigueur du 2018-01-01 selon caisse "lettre" si secteur = secteur_2 vaut 50 %
test "le plafond" au 2017-06-08 sachant secteur = secteur_1 attendu engagement = 80 %
propriété "jamais plus" en vigueur du 2017-01-01 engagement <= 80 %
"""


@pytest.fixture
def essai(tmp_path: Path) -> Callable[..., str]:
    """Write a small pack, with a replacement in its text; return its path."""

    def write(old: str = "", new: str = "") -> str:
        folder = tmp_path / "essai"
        folder.mkdir()
        (folder / "manifest.toml").write_text(MANIFEST, encoding="utf-8")
        (folder / "articles.conv").write_text(PACK.replace(old, new) if old else PACK, encoding="utf-8")
        return "./essai"

    return write


def test_the_catalogue_lists_the_packs_in_force(optam: Optam) -> None:
    """The 2016 convention holds from 24 October 2016."""
    ids = [
        [entry["id"] for entry in json.loads(optam("catalogue", "--format", "json", "--on", day).out)]
        for day in ("2016-10-23", "2016-10-24")
    ]
    assert ["cm-2016" in some for some in ids] == [False, True]


def test_the_catalogue_is_a_table(optam: Optam) -> None:
    """One line a pack, under headings."""
    lines = optam("catalogue").out.splitlines()
    assert lines[0].split() == ["pack", "titre", "version", "en", "vigueur", "vérifié", "au"]
    assert [line.split()[0] for line in lines[2:]] == sorted(line.split()[0] for line in lines[2:])


def test_the_law_is_shown_in_english(optam: Optam, essai: Callable[..., str]) -> None:
    """Headings, days, grounds and what is drawn; the words of the law stay as they are."""
    assert optam("--messages", "en", "catalogue").out.splitlines()[0].split() == [
        "pack",
        "title",
        "version",
        "in",
        "force",
        "verified",
        "on",
    ]
    assert "no pack in force on that date\n" == optam("--messages", "en", "catalogue", "--on", "1950-01-01").out
    pack = essai()
    assert (
        "Article 1 — Un\n"
        "E, version 1\n"
        "in force since 2017-01-01\n"
        "LEGIARTI000000000001\n"
        "Rests on: the text\n"
        "\n"
        "  Le plafond est de 80 %.\n"
        "\n"
        "What the pack draws from it:\n"
        "  parameter plafond = 80%\n"
        "  rule engagement — Engagement\n"
        "  exception de_secteur_2 of engagement (in force since 2018-01-01)\n"
        "    Rests on: the fund (caisse), « lettre »\n"
    ) == optam("--messages", "en", "law", pack, "1").out
    listed = optam("--messages", "en", "law", pack).out
    assert ["article  title  in force", "answer      type  label"] == [
        line for line in listed.splitlines() if "title" in line or "label" in line
    ]
    assert "Nothing is unsettled in this pack." in optam("--messages", "en", "law", pack, "--unknown").out
    unsettled = optam("--messages", "en", "law", "cm-2016", "--unknown").out
    assert [] == [words for words in ("What no source read tells:", "Open questions, with several readings:") if words not in unsettled]
    assert "\n  answers that depend on it: " in unsettled


def test_the_catalogue_says_when_nothing_is_in_force(optam: Optam) -> None:
    """No pack holds in 1950."""
    assert optam("catalogue", "--on", "1950-01-01").out == "aucun pack en vigueur à cette date\n"


def test_law_shows_an_article_with_what_the_pack_draws_from_it(optam: Optam, essai: Callable[..., str]) -> None:
    """Title, days, reference, standing, own words, then each definition; the exception's standing is its own."""
    assert optam("law", essai(), "1").out.splitlines() == [
        "Article 1 — Un",
        "E, version 1",
        "en vigueur depuis le 2017-01-01",
        "LEGIARTI000000000001",
        "Fondement : le texte",
        "",
        "  Le plafond est de 80 %.",
        "",
        "Ce que le pack en tire :",
        "  paramètre plafond = 80 %",
        "  règle engagement — Engagement",
        "  exception de_secteur_2 de engagement (en vigueur depuis le 2018-01-01)",
        "    Fondement : la caisse, « lettre »",
    ]


def test_law_without_an_article_lists_articles_and_answers(optam: Optam, essai: Callable[..., str]) -> None:
    """What can be asked for."""
    out = optam("law", essai()).out
    assert "1        Un     depuis le 2017-01-01" in out.splitlines()
    assert "engagement  taux  Engagement" in out.splitlines()


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (["cm-2016", "41.11"], "le pack `cm-2016` n'a pas d'article `41.11` ; vouliez-vous écrire `41.1` ?"),
        (["cm-2016", "40", "--on", "2016-10-23"], "`40` n'est pas en vigueur au 2016-10-23"),
    ],
)
def test_law_of_no_article_is_a_wrong_call(optam: Optam, words: list[str], expected: str) -> None:
    """With the nearest number, or the day that no version covers."""
    ran = optam("law", *words)
    assert (ran.code, ran.out, ran.err.splitlines()[0]) == (2, "", f"optam law : {expected}")


@pytest.mark.parametrize("words", [["annexe", "21"], ["21"]])
def test_law_finds_an_annexe_by_its_number(optam: Optam, words: list[str]) -> None:
    """The word `annexe` may be left out."""
    assert optam("law", "cm-2016", *words).out.splitlines()[0] == "Annexe 21 — Calcul des engagements"


@pytest.mark.parametrize(
    "line",
    [
        "  paramètre annees_reference = 2013 ; 2014 ; 2015",
        "  référentiel à fournir moyennes_nationales[specialite] — Taux de dépassement moyen de la spécialité",
        "  règle part_opposable de exercice — Part opposable de l'année",
        "  exception constate_sans_activite de taux_depassement_constate",
    ],
)
def test_law_shows_every_kind_of_definition(optam: Optam, line: str) -> None:
    """Parameters with their values, tables to supply, decision tables with their entity, exceptions with their rule."""
    assert line in optam("law", "cm-2016", "annexe", "21").out.splitlines()


def test_a_pack_that_keeps_its_promises_passes(optam: Optam, essai: Callable[..., str]) -> None:
    """A test and a property."""
    ran = optam("test", essai(), "--examples", "20")
    assert (ran.code, ran.out) == (0, "essai : 2 conformes, 0 échec\n")


def test_a_failed_test_exits_one(optam: Optam, essai: Callable[..., str], tmp_path: Path) -> None:
    """What was expected and what came out; the same as JUnit."""
    ran = optam("test", essai("attendu engagement = 80 %", "attendu engagement = 70 %"), "--examples", "0", "--junit", "resultats.xml")
    assert ran.code == 1
    assert "essai/articles.conv:7:1 : échec : « le plafond (au 2017-06-08) »" in ran.out
    assert "engagement : attendu 0.7, obtenu 0.8" in ran.out
    suite = ElementTree.parse(tmp_path / "resultats.xml").getroot()
    assert (suite.attrib["tests"], suite.attrib["failures"], suite.attrib["skipped"]) == ("2", "1", "1")


def test_results_are_told_in_english(optam: Optam, essai: Callable[..., str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Failures, counts and reasons, on screen and in JUnit, where the names of tests are the same in both languages."""
    pack = essai("attendu engagement = 80 %", "attendu engagement = 70 %")
    text = tmp_path / "essai" / "articles.conv"
    text.write_text(text.read_text(encoding="utf-8").replace("vaut 50 %", "vaut 90 %"), encoding="utf-8")
    ran = optam("--messages", "en", "test", pack, "--examples", "0", "--junit", "results.xml", "--fail-under", "100")
    assert (
        "essai/articles.conv:7:1: failure: « le plafond (au 2017-06-08) »\n"
        "  essai/articles.conv:7:69: engagement: expected 0.7, got 0.8\n"
        "essai: 0 passed, 1 failed, 1 property skipped (no record asked for)\n"
        "0 of 1 articles covered: less than 100%\n"
    ) == ran.out
    (case, skip) = ElementTree.parse(tmp_path / "results.xml").getroot()
    assert ("le plafond (au 2017-06-08)", "essai/articles.conv:7:69: engagement: expected 0.7, got 0.8") == (
        case.attrib["name"],
        case[0].attrib["message"],
    )
    assert "no record asked for" == skip[0].attrib["message"]
    refuted = optam("--messages", "en", "test", pack, "--examples", "200").out
    assert "failure: « jamais plus »\n  false on " in refuted
    assert " for this record:\n" in refuted
    assert [] == french_left(re.sub(r'"secteur": .*', "", refuted))
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    assert '1 property skipped (pip install "optam-rules[testing]")\n' in optam("--messages", "en", "test", pack).out


def test_a_refuted_property_exits_one_with_a_record(optam: Optam, essai: Callable[..., str]) -> None:
    """Raised by an exception to 90 %, the engagement passes the cap for a doctor of sector 2."""
    ran = optam("test", essai("vaut 50 %", "vaut 90 %"), "--examples", "200")
    assert ran.code == 1
    assert "échec : « jamais plus »" in ran.out
    assert '"secteur": "secteur_2"' in ran.out


def test_properties_are_said_to_be_skipped_without_their_library(
    optam: Optam, essai: Callable[..., str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A property that was not looked at never passes in silence."""
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    ran = optam("test", essai())
    assert (ran.code, ran.out) == (0, 'essai : 1 conforme, 0 échec, 1 propriété sautée (pip install "optam-rules[testing]")\n')


def test_a_pack_with_errors_cannot_be_tested(optam: Optam, essai: Callable[..., str]) -> None:
    """Its errors are told; exit 2."""
    ran = optam("test", essai("vaut plafond", "vaut plafon"))
    assert (ran.code, ran.out, "plafon" in ran.err) == (2, "", True)


@pytest.mark.parametrize("words", [["records", "--pack", "cm-2016"], ["judgements"]])
def test_schemas_are_valid(optam: Optam, words: list[str]) -> None:
    """What is printed is a JSON Schema."""
    Draft202012Validator.check_schema(json.loads(optam("schema", *words).out))


def test_the_schema_of_records_needs_a_pack(optam: Optam) -> None:
    """The vocabulary comes from it."""
    ran = optam("schema", "records")
    assert (ran.code, ran.err.splitlines()[0]) == (2, "optam schema : il manque l'option `--pack`")
