"""The sanctions as shipped: what each answer rests on and waits for, and an independent reading of the articles."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from functools import cache
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import optam_rules
from optam_rules import Answer, Pack
from optam_rules.base.calendar import Duration
from optam_rules.testing import check_properties
from tests.conventions import oracle_sanctions as oracle

MARCH = dt.date(2023, 3, 1)
SANCTIONED = {"excede_tact_et_mesure": True, "poursuivi_par_la_convention": False}


@cache
def pack() -> Pack:
    """Load the pack once."""
    return optam_rules.load("sanctions")


def answer(name: str, record: dict[str, Any], on: dt.date = MARCH, **call: Any) -> Answer:
    """Judge one answer."""
    return pack().evaluate(record, on=on, answers=[name], **call).answers[name]


def test_no_property_is_broken() -> None:
    """No drawn practice breaks a property, and the draws decide each one."""
    results = list(check_properties(pack()))
    assert [result.invariant.title for result in results if result.witness is not None or not result.decided] == []


@pytest.mark.parametrize(
    ("name", "given", "standing"),
    [
        ("sanctionnable", {"excede_tact_et_mesure": True}, "texte"),
        ("penalite", SANCTIONED | {"depassements_factures": "10.00"}, "texte"),
        ("en_recidive", SANCTIONED | {"date_des_faits": "2023-03-01", "date_sanction_precedente": "2022-03-01"}, "hypothèse"),
        ("devoirs_de_l_honoraire_respectes", {"recu_refuse": True}, "doctrine"),
    ],
)
def test_answers_tell_what_they_rest_on(name: str, given: dict[str, Any], standing: str) -> None:
    """The articles were read; where the three years start is our reading; the duties of the fee come from the press."""
    assert answer(name, given).standing == standing


def test_six_years_of_suspension_are_a_reading() -> None:
    """R. 147-15: that six years hold for the suspension too is assumed, and its answer says so; the withdrawal's does not."""
    running = {"debut_sanction_de_recidive": "2022-06-01", "fin_sanction_de_recidive": "2025-05-31"}
    record = SANCTIONED | running | {"date_des_faits": "2023-03-01"}
    found = [answer(f"duree_maximale_{measure}", record) for measure in ("du_retrait", "de_la_suspension")]
    assert [(each.value, each.standing) for each in found] == [(Duration(72, "mois"), "texte"), (Duration(72, "mois"), "hypothèse")]


def test_last_day_shows_both_readings() -> None:
    """R. 147-15: three years to the day after the sanction, the answer waits for the question and shows it read both ways."""
    on = dt.date(2024, 3, 1)
    found = answer("en_recidive", SANCTIONED | {"date_des_faits": on.isoformat(), "date_sanction_precedente": "2021-03-01"}, on)
    assert (found.needs, found.alternatives) == ({"hypothèse:dernier_jour_de_la_recidive"}, {"compris": True, "exclu": False})


_truth = st.booleans()
_before = st.sampled_from([dt.date(2021, 3, 1), dt.date(2024, 2, 29)]) | st.dates(dt.date(2018, 1, 1), dt.date(2026, 1, 1))
_days = st.dates(dt.date(2020, 10, 5), dt.date(2026, 6, 1))


@st.composite
def practices(draw: st.DrawFn) -> dict[str, Any]:
    """Draw a practice whose facts are often near the ends of the periods that count."""
    before = draw(st.none() | _before)
    start = draw(st.none() | st.dates(dt.date(2020, 10, 5), dt.date(2026, 1, 1)))
    end = None if start is None else start + dt.timedelta(days=draw(st.integers(0, 1_095)))
    edges = [day for day in (before, before and oracle.three_years_on(before), start, end) if day is not None]
    near = [day + dt.timedelta(days=step) for day in edges for step in (-1, 0, 1)]
    judged = [day for day in near if dt.date(2020, 10, 5) <= day <= dt.date(2026, 11, 1)]
    facts = draw(st.sampled_from(judged) | _days if judged else _days)
    return {
        **{ground: draw(_truth) for ground in oracle.GROUNDS},
        "date_des_faits": facts,
        "depassements_factures": Decimal(draw(st.integers(0, 10_000_000))).scaleb(-2),
        "poursuivi_par_la_convention": draw(_truth),
        "date_sanction_precedente": before,
        "debut_sanction_de_recidive": start,
        "fin_sanction_de_recidive": end,
    }


@settings(deadline=None, max_examples=400)
@given(practices(), _truth)
def test_practices_agree_with_the_oracle(practice: dict[str, Any], last_day_counts: bool) -> None:
    """L. 162-1-14-1 and R. 147-15: grounds, penalty, repeats, and the longest measures."""
    written = {name: "sans_objet" if value is None else value for name, value in practice.items()}
    reading = "compris" if last_day_counts else "exclu"
    judged = pack().evaluate(written, on=practice["date_des_faits"], assume={"dernier_jour_de_la_recidive": reading}, trace=False).answers
    found = {name: each.value if each.status in ("known", "not_applicable") else str(each.status) for name, each in judged.items()}
    years = oracle.longest_withdrawal(practice, last_day_counts)
    longest = None if years is None else Duration(12 * years, "mois")
    expected = {
        "sanction_possible": oracle.open_to_sanction(practice),
        "penalite": oracle.penalty(practice),
        "en_recidive": oracle.repeated(practice, last_day_counts),
        "en_nouvelle_recidive": oracle.repeated_again(practice),
        "duree_maximale_du_retrait": longest,
        "duree_maximale_de_la_suspension": longest,
    }
    assert {name: found[name] for name in expected} == expected
