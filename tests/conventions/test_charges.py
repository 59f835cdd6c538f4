"""Insurance aid and contribution as shipped: what answers rest on and wait for, and an independent reading of both articles."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from functools import cache
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import optam_rules
from optam_rules import Answer, Pack
from optam_rules.testing import check_properties
from tests.conventions import oracle_charges as oracle

JUNE = dt.date(2025, 6, 2)
PREMIUMS = (
    "0.00",
    "3999.99",
    "4000.00",
    "4000.01",
    "9800.00",
    "9800.01",
    "15000.00",
    "21000.00",
    "25200.00",
    "25200.01",
    "37800.00",
    "60000.00",
)


@cache
def pack() -> Pack:
    """Load the pack once."""
    return optam_rules.load("charges-du-medecin")


def answer(name: str, record: dict[str, Any], on: dt.date = JUNE, **call: Any) -> Answer:
    """Judge one answer."""
    return pack().evaluate(record, on=on, answers=[name], **call).answers[name]


def test_no_property_is_broken() -> None:
    """No drawn year breaks a property, and the draws decide each one."""
    results = list(check_properties(pack()))
    assert [result.invariant.title for result in results if result.witness is not None or not result.decided] == []


@pytest.mark.parametrize(
    ("name", "record", "standing"),
    [
        ("taux_de_l_aide", {"numero_de_specialite": 3, "secteur": "secteur_1"}, "texte"),
        ("plafond_de_la_specialite", {"activite_assuree": "obstetrique"}, "texte"),
        ("taux_de_la_contribution", {}, "texte"),
        ("contribution", {"assiette_de_la_contribution": "100.00"}, "hypothèse"),
    ],
)
def test_answers_tell_what_they_rest_on(name: str, record: dict[str, Any], standing: str) -> None:
    """The articles were read; the rounding of an amount is ours."""
    assert answer(name, record).standing == standing


def test_a_third_stays_exact() -> None:
    """D. 185-1: two thirds are two thirds."""
    assert answer("taux_de_l_aide", {"numero_de_specialite": 3, "option": "optam"}).value == Fraction(2, 3)


def test_both_open_questions_are_waited_for() -> None:
    """D. 185-1: above both threshold and ceiling, the aid waits for the two readings that nobody has found."""
    record = {
        "secteur": "secteur_1",
        "option": "aucune",
        "numero_de_specialite": 17,
        "activite_assuree": "autre_activite",
        "prime_d_assurance": "20000.00",
    }
    assert answer("aide_a_l_assurance", record).needs == {"hypothèse:part_aidee", "hypothèse:objet_du_plafond"}


years = st.fixed_dictionaries(
    {
        "secteur": st.sampled_from(["secteur_1", "secteur_2", "droit_permanent", "non_conventionne"]),
        "option": st.sampled_from(["aucune", "aucune", "cas", "optam", "optam_co", "optam_aco"]),
        "numero_de_specialite": st.sampled_from([1, 11, 12, 13, 14, 15, 16, 17, 21]) | st.integers(1, 21),
        "activite_assuree": st.sampled_from(["autre_activite", "autre_activite", "obstetrique", "anesthesie", "reanimation_medicale"]),
        "prime_d_assurance": st.sampled_from(PREMIUMS).map(Decimal)
        | st.integers(0, 6_000_000).map(lambda cents: Decimal(cents).scaleb(-2)),
        "assiette_de_la_contribution": st.integers(0, 50_000_000).map(lambda cents: Decimal(cents).scaleb(-2)),
    }
)


def told(rule: Callable[..., object], *arguments: object) -> object:
    """Return what the oracle says, `unknown` where the law does not tell."""
    try:
        return rule(*arguments)
    except oracle.NotTold:
        return "unknown"


@settings(deadline=None, max_examples=600)
@given(years, st.sampled_from([dt.date(2025, 1, 1), JUNE, dt.date(2025, 12, 31), dt.date(2026, 1, 1)]), st.booleans(), st.booleans())
def test_years_agree_with_the_oracle(year: dict[str, Any], on: dt.date, whole_premium: bool, ceiling_on_premium: bool) -> None:
    """D. 185-1 and L. 646-3: rate, ceiling, aid under each pair of readings, contribution."""
    readings = {
        "part_aidee": "prime_entiere" if whole_premium else "prime_au_dela_du_seuil",
        "objet_du_plafond": "plafond_de_la_prime" if ceiling_on_premium else "plafond_de_l_aide",
    }
    judged = pack().evaluate(year, on=on, assume=readings, trace=False).answers
    found = {name: each.value if each.status == "known" else str(each.status) for name, each in judged.items()}
    expected = {
        "taux_de_l_aide": told(oracle.rate, year),
        "plafond_de_la_specialite": told(oracle.ceiling, year),
        "aide_a_l_assurance": told(oracle.aid, year, whole_premium, ceiling_on_premium),
        "contribution": told(oracle.contribution, year, on),
    }
    assert {name: found[name] for name in expected} == expected
