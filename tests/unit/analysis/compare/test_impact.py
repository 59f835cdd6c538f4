"""Whom a change touches, by how much, exactly; every record of the file is compared or refused."""

from __future__ import annotations

import datetime as dt
from fractions import Fraction
from typing import Any

from optam_rules.analysis.compare.diff import compare
from optam_rules.analysis.compare.impact import Impact, impact, read_twice
from optam_rules.analysis.obligations import Side
from optam_rules.analysis.verdict import Budget
from tests.support.prime import TEXT, amended
from tests.support.programs import compiled

DAY = dt.date(2018, 1, 1)


def effect(records: list[dict[str, Any]], *changes: tuple[str, str]) -> Impact:
    """Measure the effect of an amended text on records."""
    old, new = compiled(TEXT), compiled(amended(*changes))
    comparison = compare(Side(old, day=DAY), Side(new, day=DAY), budget=Budget(seconds=0, examples=0))
    return impact(comparison, read_twice(old, new, records), ({}, {}))


def doctor(name: str, honoraires: str | None, secteur: str = "secteur_2") -> dict[str, Any]:
    """Return a record; fees may be unknown."""
    return {"identifiant": name, "secteur": secteur} | ({"honoraires": honoraires} if honoraires else {})


def test_the_distribution_of_an_amount_is_exact() -> None:
    """From 5 % to 4 %: 10,000, 20,000 and 40,000 € of fees lose 100, 200 and 400 €; 90,000 € stay at the cap."""
    records = [doctor("A", "10000.00"), doctor("B", "20000.00"), doctor("C", "40000.00"), doctor("D", "90000.00"), doctor("E", None)]
    found = effect(records, ("| secteur_2 -> 5 %", "| secteur_2 -> 4 %"))
    prime = next(each for each in found.answers if each.path == "prime")
    assert prime.changed == 3
    assert prime.spread is not None
    assert (prime.spread.minimum, prime.spread.median, prime.spread.maximum) == (-40_000, -20_000, -10_000)
    assert (prime.spread.lower, prime.spread.higher) == (3, 0)
    rate = next(each for each in found.answers if each.path == "taux_de_prime")
    assert rate.changed == 5
    assert rate.spread is not None
    assert rate.spread.median == Fraction(-1, 100)


def test_the_median_of_an_even_number_is_the_mean_of_the_two_in_the_middle() -> None:
    """100.00 € and 100.01 € lost: 100.005 € exactly, which no rounding may hide; the fees are 10,000 and 10,001 €."""
    found = effect([doctor("A", "10000.00"), doctor("B", "10001.00")], ("| secteur_2 -> 5 %", "| secteur_2 -> 4 %"))
    prime = next(each for each in found.answers if each.path == "prime")
    assert prime.spread is not None
    assert prime.spread.median == Fraction(-20_001, 2)


def test_who_changes_is_counted_by_sector_and_listed() -> None:
    """Only sector 1 changes rate: two of three records, and the group says so."""
    records = [doctor("A", None, "secteur_1"), doctor("B", None, "secteur_2"), doctor("C", None, "secteur_1")]
    found = effect(records, ("| secteur_1 -> 2 %", "| secteur_1 -> 1 %"))
    assert [each.identifiant for each in found.touched] == ["A", "C"]
    assert found.groups == {"secteur": {"secteur_1": 2}}
    assert found.totals == {"secteur": {"secteur_1": 2, "secteur_2": 1}}


def test_answers_that_become_known_are_counted_apart_from_amounts() -> None:
    """A right that was yes becomes no: a shift, not a distance."""
    record = {"identifiant": "A", "secteur": "secteur_1", "date_installation": "2017-06-30"}
    found = effect([record], ("2017-07-01", "2017-06-30"))
    eligible = next(each for each in found.answers if each.path == "eligible")
    assert eligible.shifts == {("vrai", "faux"): 1}
    assert eligible.spread is None


def test_a_record_that_one_side_refuses_is_counted_and_kept() -> None:
    """Fees of 1,500,000 € are within the new bounds only."""
    found = effect([doctor("A", "1500000.00"), doctor("B", "1.00")], ("1_000_000 €", "2_000_000 €"))
    assert found.compared == 1
    assert [(each.identifiant, bool(each.old_faults), bool(each.new_faults)) for each in found.refused] == [("A", True, False)]


def test_records_without_a_datum_are_counted_as_such() -> None:
    """No sector: the group is `inconnu`; the rate waits for it on both sides and does not change."""
    found = effect([{"identifiant": "A"}], ("| secteur_1 -> 2 %", "| secteur_1 -> 1 %"))
    assert found.totals == {"secteur": {"inconnu": 1}}
    assert found.touched == ()
