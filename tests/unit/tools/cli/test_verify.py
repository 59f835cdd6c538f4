"""`optam verify`."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree

import pytest

import optam_rules
from optam_rules.analysis.verdict import Budget, Open, Proved
from tests.unit.tools.cli.conftest import Ran

Optam = Callable[..., Ran]

TEXT = """convention "Essai" version "1"
entité principale dossier "Dossier"
  donnée nom : chaîne "Nom"
  donnée demande : taux entre 0 % et 300 % "Taux demandé"
  donnée base : montant entre 0 € et 1_000 € "Base"
règle engagement : taux "Taux d'engagement" vaut demande plafonné à 100 %
table part : taux selon engagement
  | <= 50 % -> 1 %
  | > 50 % -> 2 %
propriété "le plafond tient" engagement <= 100 %
"""
WRONG = (
    'règle part_de_la_base : taux vaut 1 € / base\nrègle double : taux vaut part_de_la_base * 2\npropriété "trop bas" engagement <= 90 %\n'
)


@pytest.fixture
def pack(tmp_path: Path) -> Callable[[str], str]:
    """Write a pack in the working folder and return its path."""

    def write(text: str) -> str:
        (tmp_path / "essai").mkdir()
        (tmp_path / "essai" / "manifest.toml").write_text('id = "essai"\ntitle = "Essai"\nversion = "1"\n', encoding="utf-8")
        (tmp_path / "essai" / "essai.conv").write_text(text, encoding="utf-8")
        return "./essai"

    return write


def test_what_holds_is_proved_with_its_scope(optam: Optam, pack: Callable[[str], str]) -> None:
    """The property, the table, and for each of two definitions no error and a value: six proofs, exit 0."""
    pytest.importorskip("z3")
    ran = optam("verify", pack(TEXT))
    assert ran.code == 0
    assert ran.out.splitlines() == [
        "prouvé : « le plafond tient »",
        "  pour tout dossier, complet ou non, chaque jour du 1970-01-01 au 2030-12-31",
        "essai : 6 prouvées, 0 réfutée, 0 ouverte sur 6 obligations",
    ]


def test_a_refutation_prints_the_word_the_record_and_why(optam: Optam, pack: Callable[[str], str]) -> None:
    """Exit 1; the zero divisor is explained once, and what reads it says that it fails with it."""
    ran = optam("verify", pack(TEXT + WRONG), "--examples", "200")
    assert ran.code == 1
    lines = ran.out.splitlines()
    assert "essai.conv:13:1 : réfuté : « trop bas »" in ran.out
    assert "lu : demande = " in ran.out
    assert '    "base": "0.00",' in lines
    assert any(
        line.endswith("réfuté : `double` n'est jamais une erreur, de même que `part_de_la_base` n'est jamais une erreur") for line in lines
    )
    assert ", 3 réfutées, " in lines[-1]


def test_verdicts_are_told_in_english(optam: Optam, pack: Callable[[str], str]) -> None:
    """Scopes, refutations with the explanation of each, and counts; titles of JSON and JUnit are names, the same in both languages."""
    pytest.importorskip("z3")
    path = pack(TEXT + WRONG)
    ran = optam("--messages", "en", "verify", path, "--examples", "200", "--junit", "verdicts.xml")
    assert "proved: « le plafond tient »\n  for any record, complete or not, each day from 1970-01-01 to 2030-12-31\n" in ran.out
    assert "essai.conv:13:1: refuted: « trop bas »\n  false on " in ran.out
    assert "read: demande = " in ran.out
    assert "refuted: `double` is never an error, just as `part_de_la_base` is never an error\n" in ran.out
    assert ", 3 refuted, " in ran.out.splitlines()[-1]
    names = [case.attrib["name"] for case in ElementTree.parse("verdicts.xml").getroot()]
    assert "`double` n'est jamais une erreur" in names
    held = json.loads(optam("--messages", "en", "verify", path, "--format", "json", "--examples", "0").out)["obligations"]
    assert names == [one["title"] for one in held]
    assert "any value of the columns" in {one.get("scope") for one in held}


def test_json_holds_a_record_that_can_be_judged_again(optam: Optam, pack: Callable[[str], str]) -> None:
    """Stable keys; the record of the refuted property gives a rate above 90 %."""
    path = pack(TEXT + WRONG)
    ran = optam("verify", path, "--format", "json", "--junit", "verdicts.xml")
    held = {one["title"]: one for one in json.loads(ran.out)["obligations"]}
    assert ("propriété", "refuted") == (held["trop bas"]["kind"], held["trop bas"]["verdict"])
    witness = held["trop bas"]["witness"]
    assert witness["replays"][0]["value"] is False
    day = optam_rules.load(path).evaluate(witness["record"], on=dt.date.fromisoformat(witness["replays"][0]["on"]))
    assert day.answers["engagement"].value > 0.9  # type: ignore[operator]
    suite = ElementTree.parse("verdicts.xml").getroot()
    assert "3" == suite.attrib["failures"]


def test_without_the_solver_open_counts_only_when_strict(optam: Optam, pack: Callable[[str], str], monkeypatch: pytest.MonkeyPatch) -> None:
    """A search proves nothing: everything but the table is open, which fails with `--strict` alone."""
    monkeypatch.setattr("optam_rules.analysis.prove.available", lambda: False)
    path = pack(TEXT)
    ran = optam("verify", path, "--examples", "5")
    assert (ran.code, ran.out.splitlines()[-1]) == (0, "essai : 1 prouvée, 0 réfutée, 5 ouvertes sur 6 obligations")
    assert 'pip install "optam-rules[prove]"' in ran.out
    assert 1 == optam("verify", path, "--examples", "5", "--strict").code
    told = optam("--messages", "en", "verify", path, "--examples", "5").out
    assert 'open: « le plafond tient »\n  no proof without the extra prove: pip install "optam-rules[prove]"; ' in told
    assert "essai: 1 proved, 0 refuted, 5 open of 6 obligations" == told.splitlines()[-1]


def test_no_such_pack_is_a_wrong_call(optam: Optam) -> None:
    """Neither a pack nor a folder."""
    ran = optam("verify", "rien")
    assert (ran.code, ran.out) == (2, "")


def test_a_shipped_pack_is_verified_within_a_small_budget() -> None:
    """The property of the responsible contract's cap is proved; with no time at all, everything but the tables is open."""
    pytest.importorskip("z3")
    pack = optam_rules.load("contrat-responsable")
    first = next(one for one in pack.verify(seconds=20, budget=Budget(examples=0)) if one.title.startswith("la limite est entre"))
    assert isinstance(first.verdict, Proved)
    kinds = {type(one.verdict) for one in pack.verify(seconds=0) if "table" not in one.title}
    assert kinds == {Open}
