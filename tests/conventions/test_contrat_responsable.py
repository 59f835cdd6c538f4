"""The responsible contract as shipped: its own tests, what each answer waits for and rests on, and an independent reading of the law."""

from __future__ import annotations

import datetime as dt
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
from tests.conventions import oracle_contrat_responsable as oracle

NOW = dt.date(2026, 1, 15)
CONDITIONS = {
    "ticket_moderateur_couvert",
    "couverture_sous_le_plafond",
    "majoration_hors_parcours_exclue",
    "depassement_autorise_exclu",
}
READINGS = ("tous_les_collectifs", "collectifs_anterieurs")


@cache
def pack() -> Pack:
    """Load the pack once."""
    return optam_rules.load("contrat-responsable")


def answer(name: str, record: dict[str, Any], on: dt.date = NOW, **call: Any) -> Answer:
    """Judge one answer."""
    return pack().evaluate(record, on=on, answers=[name], **call).answers[name]


GOOD: dict[str, Any] = {
    "collectif": False,
    "date_effet": "2020-01-01",
    "couvre_ticket_moderateur": True,
    "couverture_dptm": "150 %",
    "couverture_hors_dptm": "100 %",
    "couvre_majoration_hors_parcours": False,
    "couvre_depassement_autorise": False,
    "remplit_les_autres_conditions": True,
}


# --- the pack itself -----------------------------------------------------------------------------------------------------------


def test_no_property_is_broken() -> None:
    """No drawn contract breaks a property, and the draws decide each one."""
    results = list(check_properties(pack()))
    assert [result.invariant.title for result in results if result.witness is not None or not result.decided] == []


# --- what each answer waits for and rests on -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("missing", "needs"),
    [
        ("remplit_les_autres_conditions", {"remplit_les_autres_conditions"}),
        ("couverture_hors_dptm", {"couverture_hors_dptm"}),
        ("couverture_dptm", {"couverture_dptm"}),
        ("couvre_depassement_autorise", {"couvre_depassement_autorise"}),
        ("couvre_majoration_hors_parcours", {"couvre_majoration_hors_parcours"}),
        ("couvre_ticket_moderateur", {"couvre_ticket_moderateur"}),
    ],
)
def test_responsible_waits_for_the_one_condition_that_lacks(missing: str, needs: set[str]) -> None:
    """L. 871-1: all conditions but one are met, the answer waits for the datum of that one."""
    record = {name: value for name, value in GOOD.items() if name != missing}
    assert answer("responsable", record).needs == needs


@pytest.mark.parametrize(
    ("change", "broken"),
    [
        ({"couverture_hors_dptm": "100.1 %"}, "couverture_sous_le_plafond"),
        ({"couvre_depassement_autorise": True}, "depassement_autorise_exclu"),
        ({"couvre_majoration_hors_parcours": True}, "majoration_hors_parcours_exclue"),
        ({"couvre_ticket_moderateur": False}, "ticket_moderateur_couvert"),
    ],
)
def test_explanation_tells_why_not(change: dict[str, Any], broken: str) -> None:
    """R. 871-1 and R. 871-2: the condition that fails is false by itself, and stands in the explanation of the refusal."""
    judged = pack().evaluate(GOOD | change, on=NOW).answers
    assert judged["responsable"].value is False
    assert {name for name in CONDITIONS if judged[name].value is False} == {broken}
    assert broken in {step.definition for step in judged["responsable"].because}


def test_limit_rests_on_the_text_since_the_version_that_was_read() -> None:
    """R. 871-2, 2°: the text itself on 28 November 2025, the insurers the day before."""
    standings = [answer("plafond_hors_dptm", GOOD, dt.date(2025, 11, day)).standing for day in (27, 28)]
    assert standings == ["doctrine", "texte"]


def test_floor_is_a_hypothesis() -> None:
    """R. 871-2, 2°: that the limit stops at zero is deduced, and the answer says so; at 20 % the subtraction gives zero by itself."""
    found = [answer("plafond_hors_dptm", {"couverture_dptm": share}) for share in ("20 %", "19.9 %")]
    assert [(each.value, each.standing) for each in found] == [(0, "texte"), (0, "hypothèse")]


def test_renewal_is_a_hypothesis() -> None:
    """Décret of November 2014: that a renewal counts as a new contract is our reading."""
    record = GOOD | {"date_effet": "2012-01-01", "date_dernier_renouvellement": "2018-01-01"}
    found = answer("soumis_aux_limites", record)
    assert (found.value, found.standing, len(found.hypotheses)) == (True, "hypothèse", 1)


def test_older_conditions_were_not_read() -> None:
    """Décret of November 2014: of a contract that it does not bind nothing is said, not even no."""
    record = GOOD | {"date_effet": "2012-01-01", "date_dernier_renouvellement": "sans_objet", "couvre_ticket_moderateur": False}
    assert answer("responsable", record).needs == {"inconnu:responsable"}


def test_transition_shows_both_readings() -> None:
    """Décret of November 2014: a collective contract of 2016 waits for the question, which the answer shows read both ways."""
    record = GOOD | {"collectif": True, "date_effet": "2016-01-01"}
    found = answer("soumis_aux_limites", record, dt.date(2017, 6, 1))
    assert found.needs == {"hypothèse:contrats_en_transition"}
    assert found.alternatives == dict(zip(READINGS, (False, True), strict=True))


# --- the oracle ----------------------------------------------------------------------------------------------------------------

_days = st.sampled_from(
    [dt.date.fromisoformat(day) for day in ("2015-04-01", "2015-12-31", "2016-01-01", "2016-12-31", "2017-01-01", "2017-12-31")]
    + [dt.date.fromisoformat(day) for day in ("2018-01-01", "2025-11-27", "2025-11-28")]
) | st.dates(oracle.FIRST_DAY, dt.date(2026, 11, 22))
_starts = st.sampled_from([dt.date(2015, 3, 31), oracle.FIRST_DAY, dt.date(2016, 7, 1)]) | st.dates(dt.date(2005, 1, 1), NOW)
_near = st.sampled_from([0, 1, 9, 199, 200, 201, 1000, 1199, 1200, 1201, 1250, 1449, 1450, 1451]) | st.integers(0, 3000)
_shares = _near.map(lambda thousandths: Fraction(thousandths, 1000))


@st.composite
def contracts(draw: st.DrawFn) -> dict[str, Any]:
    """Draw a contract; half of the time the cover outside the schemes is close to the limit."""
    inside = draw(_shares)
    step = Fraction(draw(st.integers(-1, 1)), 1000)
    bound = st.sampled_from([inside - Fraction(1, 5), Fraction(1), Fraction(5, 4)]).map(lambda share: max(Fraction(0), share + step))
    return {
        "collectif": draw(st.booleans()),
        "date_effet": draw(_starts),
        "date_dernier_renouvellement": draw(st.none() | _starts),
        "couvre_ticket_moderateur": draw(st.booleans() | st.just(True)),
        "couverture_dptm": inside,
        "couverture_hors_dptm": draw(bound | _shares),
        "couvre_majoration_hors_parcours": draw(st.booleans() | st.just(False)),
        "couvre_depassement_autorise": draw(st.booleans() | st.just(False)),
        "remplit_les_autres_conditions": draw(st.booleans() | st.just(True)),
    }


def written(contract: dict[str, Any]) -> dict[str, Any]:
    """Write a contract as the record that a caller would send."""
    return {name: _json(value) for name, value in contract.items()}


def _json(value: object) -> object:
    match value:
        case None:
            return "sans_objet"
        case dt.date():
            return value.isoformat()
        case Fraction():
            return str(Decimal(int(value * 1000)).scaleb(-3))
        case _:
            return value


def told(rule: Any, *words: Any) -> object:
    """Return what the oracle says, `unknown` where the law does not tell."""
    try:
        return rule(*words)
    except oracle.NotTold:
        return "unknown"


@settings(deadline=None, max_examples=1_500)
@given(contracts(), _days, st.sampled_from(READINGS))
def test_contracts_agree_with_the_oracle(contract: dict[str, Any], on: dt.date, reading: str) -> None:
    """R. 871-1, R. 871-2 and their entry into force: limits, each condition, the contract as a whole and its tax."""
    answers = pack().evaluate(written(contract), on=on, assume={"contrats_en_transition": reading}, trace=False).answers
    found = {name: each.value if each.status == "known" else str(each.status) for name, each in answers.items()}
    everyone = reading == READINGS[0]
    broken = oracle.faults(contract, on)
    expected = {
        "plafond_hors_dptm": oracle.limit(contract, on),
        "plafond_affiche_hors_dptm": 1 + oracle.limit(contract, on),
        "soumis_aux_limites": oracle.bound(contract, on, everyone),
        "limites_respectees": not broken,
        "responsable": told(oracle.responsible, contract, on, everyone),
        "taux_de_la_taxe": told(oracle.insurance_tax, contract, on, everyone),
    } | {name: name not in broken for name in CONDITIONS}
    assert {name: found[name] for name in expected} == expected


@settings(deadline=None)
@given(contracts(), _days, st.sets(st.sampled_from(sorted(GOOD))))
def test_more_knowledge_never_changes_a_known_answer(contract: dict[str, Any], on: dt.date, hidden: set[str]) -> None:
    """What is known from part of a contract stays so with the whole of it."""
    whole = written(contract)
    partial = {name: value for name, value in whole.items() if name not in hidden}
    less, more = (pack().evaluate(record, on=on, trace=False).answers for record in (partial, whole))
    settled = {name: found.value for name, found in less.items() if found.status == "known"}
    assert {name: more[name].value for name in settled} == settled


@settings(deadline=None)
@given(contracts(), _days, st.integers(1, 500))
def test_a_wider_cover_inside_never_lowers_the_limit_outside(contract: dict[str, Any], on: dt.date, more: int) -> None:
    """R. 871-2, 2°: to cover more inside the schemes never leaves less room outside."""
    wider = contract | {"couverture_dptm": contract["couverture_dptm"] + Fraction(more, 1000)}
    low, high = (answer("plafond_hors_dptm", written(each), on).value for each in (contract, wider))
    assert low <= high  # type: ignore[operator]
