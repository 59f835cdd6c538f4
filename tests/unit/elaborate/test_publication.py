"""What was not published by a day is left out of the law, and the earlier state holds."""

from __future__ import annotations

import datetime as dt

import pytest

from optam_rules.core.program import Program
from optam_rules.elaborate.pipeline import elaborate
from tests.unit.elaborate.texts import HEADER, VOCABULARY, codes, info, parsed

ARTICLES = """article 1 "Un" en vigueur du 2020-01-01 au 2020-12-31
règle r : entier vaut 1
règle courte : entier en vigueur du 2020-01-01 au 2020-06-30 vaut 1
article 1 "Un, deuxième version" en vigueur du 2021-01-01 au 2021-12-31 publié le 2020-11-01
règle r : entier vaut 2
article 1 "Un, troisième version" en vigueur du 2022-01-01 publié le 2021-11-01
règle r : entier vaut 3
"""
VALUES = """article 1 "Un" en vigueur du 2020-01-01
paramètre p : entier = 1 depuis 2020-01-01 ; 2 depuis 2021-01-01 ; 3 depuis 2021-01-01 publié le 2021-03-01
  ; 4 depuis 2022-01-01 publié le 2021-06-01
règle r : entier vaut p
"""


def program(text: str, known_on: str | None, amendment: str = "") -> Program:
    """Return the law as it could be read on a day."""
    own = [parsed(HEADER + text)] + ([parsed(amendment, "avenants/1.conv")] if amendment else [])
    day = dt.date.fromisoformat(known_on) if known_on else None
    found, diagnostics = elaborate(info(), own, [parsed(VOCABULARY, "voc.conv")], known_on=day)
    assert [] == [d for d in diagnostics if d.severity == "error"]
    assert found is not None
    return found


def rule(text: str, known_on: str | None, name: str = "r") -> list[tuple[str, object]]:
    """Return the days and the value of each version of a rule."""
    return [(str(v.interval), getattr(v.body, "value", None)) for v in program(text, known_on).definitions["medecin", name].versions]


@pytest.mark.parametrize(
    ("known_on", "expected"),
    [
        (None, [("du 2020-01-01 au 2020-12-31", 1), ("du 2021-01-01 au 2021-12-31", 2), ("depuis le 2022-01-01", 3)]),
        ("2021-11-01", [("du 2020-01-01 au 2020-12-31", 1), ("du 2021-01-01 au 2021-12-31", 2), ("depuis le 2022-01-01", 3)]),
        ("2021-10-31", [("du 2020-01-01 au 2020-12-31", 1), ("depuis le 2021-01-01", 2)]),
        ("2020-10-31", [("depuis le 2020-01-01", 1)]),
    ],
)
def test_a_version_takes_back_the_days_of_those_not_published(known_on: str | None, expected: list[tuple[str, object]]) -> None:
    """An article whose next version could not be read went on, as far as one could know."""
    assert expected == rule(ARTICLES, known_on)
    assert [("du 2020-01-01 au 2020-06-30", 1)] == rule(ARTICLES, known_on, "courte")


@pytest.mark.parametrize(
    ("known_on", "expected"),
    [
        (None, ["1 du 2020-01-01 au 2020-12-31", "3 du 2021-01-01 au 2021-12-31", "4 depuis le 2022-01-01"]),
        ("2021-05-31", ["1 du 2020-01-01 au 2020-12-31", "3 depuis le 2021-01-01"]),
        ("2021-02-28", ["1 du 2020-01-01 au 2020-12-31", "2 depuis le 2021-01-01"]),
    ],
)
def test_the_value_before_holds_until_the_next_is_published(known_on: str | None, expected: list[str]) -> None:
    """Of two values of one day the last published one holds, once it is published."""
    assert expected == [f"{each.value} {each.interval}" for each in program(VALUES, known_on).parameters["p"].values]


def test_what_was_not_known_is_told_from_its_day_of_effect() -> None:
    """On the version that holds in its place, with the day of publication; before that day of effect nothing is told."""
    clause = program(ARTICLES, "2021-10-31").definitions["medecin", "r"].versions[1].provenance
    assert ("« article 1 », publié le 2021-11-01, n'était pas connu : l'état antérieur vaut",) == clause.remarks(dt.date(2022, 1, 1))
    assert () == clause.remarks(dt.date(2021, 12, 31))
    value = program(VALUES, "2021-02-28").parameters["p"].origin_at(dt.date(2021, 1, 1))
    assert ("« paramètre p », publié le 2021-03-01, n'était pas connu : l'état antérieur vaut",) == value.remarks(dt.date(2021, 1, 1))


def test_two_values_of_one_day_need_an_order() -> None:
    """Published on the same day, or never told when, they clash."""
    opening = 'article 1 "Un" en vigueur du 2020-01-01\n'
    assert "E414" in codes(f"{opening}paramètre p : entier = 1 depuis 2020-01-01 ; 2 depuis 2020-01-01\nrègle r : entier vaut p")
    both = "1 depuis 2020-01-01 publié le 2020-02-01 ; 2 depuis 2020-01-01 publié le 2020-02-01"
    assert "E414" in codes(f"{opening}paramètre p : entier = {both}\nrègle r : entier vaut p")


def test_an_article_of_an_amendment_may_be_published_apart() -> None:
    """Its own day of publication goes before the amendment's."""
    amendment = """avenant "A" modifie "Essai" en vigueur du 2020-06-01 publié le 2020-05-01
insère article 2 "Deux" publié le 2020-07-01
règle tardive : entier vaut 1
insère article 3 "Trois"
règle connue : entier vaut 1
"""
    names = {name for _, name in program(ARTICLES, "2020-06-30", amendment).definitions}
    assert {"r", "courte", "connue"} == names


def test_what_has_no_days_is_replaced_for_all_of_them() -> None:
    """An open question or a reference table takes the place of the old one, alone or with its article."""
    text = """article 1 "Un" en vigueur du 2020-01-01
hypothèse question = oui | non_merci "une question ?"
table t : entier selon question | oui -> 1 | non_merci -> 2
article 2 "Deux" en vigueur du 2020-01-01
référentiel moyennes (secteur) : taux
énumération avis { bon ; mauvais }
"""
    amendment = """avenant "A" modifie "Essai" en vigueur du 2021-01-01
remplace article 1 "Un"
hypothèse question = oui | non_merci "une autre question ?"
table t : entier selon question | oui -> 3 | non_merci -> 4
remplace référentiel moyennes (titre) : taux
remplace énumération avis { bon ; moyen ; mauvais }
"""
    found = program(text, None, amendment)
    assert "une autre question ?" == found.hypotheses["question"].text
    assert ["titre"] == [key for key, _ in found.references["moyennes"].keys]
    assert ["bon", "moyen", "mauvais"] == list(found.enumerations["avis"].values)
    assert ["du 2020-01-01 au 2020-12-31", "depuis le 2021-01-01"] == [str(v.interval) for v in found.definitions["medecin", "t"].versions]


def test_a_table_is_replaced() -> None:
    """The rows of each version are its own."""
    text = 'article 1 "Un" en vigueur du 2020-01-01\ntable t : entier selon volontaire | vrai -> 1 | faux -> 2\n'
    amendment = 'avenant "A" modifie "Essai"\nremplace table t : entier en vigueur du 2021-01-01 selon anciennete | <= 3 -> 1 | > 3 -> 5\n'
    versions = program(text, None, amendment).definitions["medecin", "t"].versions
    assert [("du 2020-01-01 au 2020-12-31", None), ("depuis le 2021-01-01", "A")] == [
        (str(v.interval), v.provenance.amendment) for v in versions
    ]
    assert versions[0].body != versions[1].body
