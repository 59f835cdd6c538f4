"""The contrat d'accès aux soins as shipped: its own tests, what answers wait for and rest on, and an independent reading of the law."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from fractions import Fraction
from functools import cache
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import optam_rules
from optam_rules import Answer, Pack
from optam_rules.testing import check_properties
from tests.conventions import oracle_cas_2011 as oracle
from tests.conventions.doctors import Doctor, Raw, doctors, record, years
from tests.properties.dossiers import places, without

MARCH = dt.date(2014, 3, 3)
slow = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
many = settings(slow, max_examples=500)


@cache
def pack() -> Pack:
    """Load the pack once."""
    return optam_rules.load("cas-2011")


def judged(raw: Raw, on: dt.date, **call: Any) -> Mapping[str, Answer]:
    """Judge a record."""
    return pack().evaluate(raw, on=on, trace=False, **call).answers


def answer(name: str, raw: Raw, on: dt.date = MARCH, **call: Any) -> Answer:
    """Judge one answer."""
    return judged(raw, on, answers=[name], **call)[name]


def value_of(answers: Mapping[str, Answer], name: str) -> object:
    """Return a known value, `None` where it does not apply, and the status of anything else."""
    found = answers[name]
    return {"known": found.value, "not_applicable": None}.get(found.status, found.status)


def told(rule: Callable[..., object], *arguments: object) -> object:
    """Return what the oracle says, `unknown` where the law does not tell."""
    try:
        return rule(*arguments)
    except oracle.NotTold:
        return "unknown"


# --- the pack itself ---------------------------------------------------------------------------------------------------------------


def test_properties_hold() -> None:
    """No drawn record breaks a property, and each is decided by some."""
    found = list(check_properties(pack(), examples=60))
    assert {result.invariant.title: result.witness for result in found} == {result.invariant.title: None for result in found}
    assert [result.invariant.title for result in found if result.decided == 0] == []


# --- what answers wait for, and rest on ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("raw", "needs"),
    [
        ({}, {"date_premiere_installation", "secteur", "titres"}),
        ({"secteur": "secteur_1"}, {"date_premiere_installation", "titres"}),
        ({"secteur": "secteur_1", "date_premiere_installation": "2012-12-31"}, {"titres"}),
        ({"titres": []}, {"secteur"}),
        ({"date_premiere_installation": "2013-01-01"}, {"secteur"}),
    ],
)
def test_eligible_cas_waits_for(raw: Raw, needs: set[str]) -> None:
    """Joining: an open answer names exactly the data that may still decide it."""
    found = answer("eligible_cas", raw)
    assert (found.status, found.needs) == ("unknown", frozenset(needs))


def test_sector_two_is_enough_on_the_word_of_the_press() -> None:
    """Joining: known from the sector alone; the text was not read, and the answer says so."""
    found = answer("eligible_cas", {"secteur": "secteur_2"})
    assert (found.value, found.standing) == (True, "doctrine")


def test_permanent_right_is_recalculated_on_a_hypothesis() -> None:
    """Rate: sources speak of sector 2; that the permanent right is recalculated too is ours."""
    year = {"annee": 2012, "honoraires_remboursables_recalcules": 100, "depassements_recalcules": 30}
    found = {sector: answer("taux_engagement", {"secteur": sector, "exercices": [year]}) for sector in ("secteur_2", "droit_permanent")}
    assert {sector: (one.value, one.standing) for sector, one in found.items()} == {
        "secteur_2": (Fraction(3, 10), "doctrine"),
        "droit_permanent": (Fraction(3, 10), "hypothèse"),
    }


def test_no_rate_without_2012_waits_for_the_law() -> None:
    """Rate: without activity in 2012 no source gives a rate, and nothing in the dossier could."""
    found = answer("taux_engagement", {"secteur": "secteur_2", "exercices": []})
    assert {need.partition(":")[0] for need in found.needs} == {"inconnu"}


def test_floor_shows_both_perimeters() -> None:
    """Share of 29 %: the floor of 30 % binds under one reading of its perimeter and not under the other."""
    year = {"annee": 2012, "honoraires_remboursables": 100, "honoraires_opposables": 29, "nombre_actes": 100, "nombre_actes_opposables": 29}
    raw = {"secteur": "secteur_2", "date_premiere_installation": "2001-09-03", "exercices": [year]}
    found = answer("taux_opposable_engagement", raw, assume={"unite_part_opposable": "actes"})
    assert found.status == "unknown"
    assert found.alternatives == {
        "nouveaux_installes_et_secteur_1_titres": Fraction(29, 100),
        "tous_les_adherents": Fraction(3, 10),
    }


def test_floor_is_no_question_from_thirty_percent_on() -> None:
    """Share of 30 %: known under every reading, and no choice is named."""
    year = {"annee": 2012, "honoraires_remboursables": 100, "honoraires_opposables": 30, "nombre_actes": 10, "nombre_actes_opposables": 3}
    found = answer("taux_opposable_engagement", {"secteur": "secteur_2", "date_premiere_installation": "2001-09-03", "exercices": [year]})
    assert (found.value, found.alternatives) == (Fraction(3, 10), {})


def contract(**more: Any) -> Raw:
    """Write a contract signed in May 2013, neither left nor converted."""
    return {
        "adhesion": {
            "option": "cas",
            "date_adhesion": "2013-05-15",
            "date_reception_resiliation": "sans_objet",
            "date_conversion_cas": "sans_objet",
            **more,
        }
    }


def test_start_shows_every_printed_day() -> None:
    """Entry into force: in June 2013 the answer waits for a choice and shows what each printed day gives."""
    found = answer("etat_adhesion", contract(), dt.date(2013, 6, 15))
    assert (found.status, found.needs) == ("unknown", frozenset({"hypothèse:entree_en_vigueur_du_contrat"}))
    assert found.alternatives == {
        "premier_decembre_2013": "a_venir",
        "deux_decembre_2013": "a_venir",
        "premier_janvier_2013": "en_cours",
        "premier_janvier_2014": "a_venir",
    }


def test_start_is_no_question_from_2014_on() -> None:
    """Entry into force: all printed days are past, the contract runs."""
    found = answer("etat_adhesion", contract(), dt.date(2014, 1, 1))
    assert (found.status, found.value) == ("known", "en_cours")


def test_unknown_conversion_is_named() -> None:
    """State: from 2017 on, a conversion that nobody tells of leaves the state open, waiting for it alone."""
    raw = contract(date_adhesion="2015-06-01")
    del raw["adhesion"]["date_conversion_cas"]
    assert answer("etat_adhesion", raw, dt.date(2018, 1, 1)).needs == {"adhesion.date_conversion_cas"}


@pytest.mark.parametrize(
    ("day", "present"),
    [
        ("2012-10-24", set()),
        ("2012-10-25", {"eligible_cas", "taux_engagement", "etat_adhesion"}),
        ("2016-12-31", {"eligible_cas", "taux_engagement", "etat_adhesion"}),
        ("2017-01-01", {"taux_engagement", "etat_adhesion"}),
        ("2019-12-30", {"taux_engagement", "etat_adhesion"}),
        ("2019-12-31", set()),
    ],
)
def test_answers_in_force(day: str, present: set[str]) -> None:
    """Each answer stands on its own days only; running contracts outlive the last joining day by three years."""
    dated = {"eligible_cas", "taux_engagement", "etat_adhesion"}
    assert set(pack().answers(dt.date.fromisoformat(day))) & dated == present


# --- the oracle ----------------------------------------------------------------------------------------------------------------------

TURNING_DAYS = [
    dt.date.fromisoformat(day)
    for day in (
        "2012-10-25",
        "2012-12-31",
        "2013-01-01",
        "2013-11-30",
        "2013-12-01",
        "2013-12-02",
        "2014-01-01",
        "2016-02-29",
        "2016-12-30",
        "2016-12-31",
        "2017-01-01",
        "2019-10-31",
        "2019-11-01",
        "2019-12-30",
    )
]
days = st.sampled_from(TURNING_DAYS) | st.dates(oracle.FIRST_DAY, oracle.LAST_DAY)
joining_days = st.dates(oracle.FIRST_DAY, oracle.LAST_JOINING_DAY) | st.sampled_from(TURNING_DAYS[:11])


@st.composite
def contracts(draw: st.DrawFn) -> Doctor:
    """Draw a contract; letters come near its anniversaries, conversions from 2017 on."""
    signed = draw(joining_days)
    near = oracle.years_later(signed, draw(st.integers(1, 3))) + dt.timedelta(days=draw(st.integers(-2, 2)))
    return {
        "option": "cas",
        "date_adhesion": signed,
        "date_reception_resiliation": draw(st.none() | st.just(near) | st.dates(signed, signed + dt.timedelta(days=1200))),
        "date_conversion_cas": draw(st.none() | st.dates(dt.date(2017, 1, 1), oracle.LAST_DAY)),
    }


cares = st.none() | st.fixed_dictionaries(
    {
        name: st.booleans()
        for name in (
            "urgence",
            "beneficiaire_css",
            "beneficiaire_acs",
            "personne_detenue",
            "exigence_particuliere",
            "depassement_autorise",
        )
    }
)


@st.composite
def dossiers(draw: st.DrawFn) -> Doctor:
    """Draw a complete dossier: often active in 2012, with or without a contract and a care."""
    doctor = draw(doctors())
    if draw(st.booleans()):
        doctor["exercices"] = [draw(years(2012)), *(year for year in doctor["exercices"] if year["annee"] != 2012)]
    return {**doctor, "adhesion": draw(st.none() | contracts()), "soin": draw(cares)}


@many
@given(dossiers(), days)
def test_joining_agrees_with_the_oracle(doctor: Doctor, on: dt.date) -> None:
    """Who could join, up to the last day of 2016."""
    answers = judged(record(doctor), on)
    if on > oracle.LAST_JOINING_DAY:
        assert not {"eligible_cas", "demande_recevable"} & answers.keys()
        return
    asked = doctor["option_demandee"]
    assert value_of(answers, "eligible_cas") == oracle.may_join(doctor)
    fits = None if asked == "aucune" else asked == "cas" and oracle.may_join(doctor)
    assert value_of(answers, "demande_recevable") == fits


@many
@given(dossiers(), days)
def test_rates_agree_with_the_oracle(doctor: Doctor, on: dt.date) -> None:
    """The observed and recalculated rates of 2012 and the capped commitment."""
    expected = {
        "taux_depassement_constate": oracle.observed_rate(doctor),
        "taux_depassement_recalcule": oracle.recalculated_rate(doctor),
        "taux_engagement": told(oracle.commitment, doctor),
    }
    answers = judged(record(doctor), on, answers=list(expected))
    assert {name: value_of(answers, name) for name in expected} == expected


@many
@given(
    dossiers(),
    days,
    st.sampled_from(["actes", "honoraires"]),
    st.sampled_from([("nouveaux_installes_et_secteur_1_titres", False), ("tous_les_adherents", True)]),
    st.sampled_from([("s_ajoute_a_la_part_anterieure", False), ("remplace_la_part_anterieure", True)]),
)
def test_shares_agree_with_the_oracle(
    doctor: Doctor, on: dt.date, unit: str, perimeter: tuple[str, bool], titled: tuple[str, bool]
) -> None:
    """The share to reach under every reading of its unit and of its floor."""
    assume = {"unite_part_opposable": unit, "perimetre_du_plancher": perimeter[0], "plancher_du_secteur_1_titre": titled[0]}
    answers = judged(record(doctor), on, assume=assume, answers=["taux_opposable_constate", "taux_opposable_engagement"])
    assert value_of(answers, "taux_opposable_constate") == oracle.observed_share(doctor, unit)
    assert value_of(answers, "taux_opposable_engagement") == told(oracle.share_to_reach, doctor, unit, perimeter[1], titled[1])


@many
@given(dossiers(), days, st.sampled_from(sorted(oracle.STARTS)))
def test_contracts_agree_with_the_oracle(doctor: Doctor, on: dt.date, reading: str) -> None:
    """The state of the contract, its end, and what it obliges to, under each printed day of entry into force."""
    start = oracle.STARTS[reading]
    signed = None if doctor["adhesion"] is None else doctor["adhesion"]["date_adhesion"]
    expected = {
        "terme_du_contrat": None if signed is None else oracle.last_day(signed),
        "date_effet_resiliation": oracle.leaves_on(doctor, on),
        "etat_adhesion": told(oracle.state, doctor, on, start),
        "tarif_opposable_obligatoire": told(oracle.no_excess, doctor, on, start),
    }
    answers = judged(record(doctor), on, assume={"entree_en_vigueur_du_contrat": reading}, answers=list(expected))
    assert {name: value_of(answers, name) for name in expected} == expected


@many
@given(dossiers(), days)
def test_open_questions_hide_only_where_they_matter(doctor: Doctor, on: dt.date) -> None:
    """Without a choice of the day of entry, the state is known exactly where all printed days agree."""
    readings = {told(oracle.state, doctor, on, start) for start in oracle.STARTS.values()}
    found = value_of(judged(record(doctor), on, answers=["etat_adhesion"]), "etat_adhesion")
    assert found == (readings.pop() if len(readings) == 1 else "unknown")


@slow
@given(st.data(), dossiers(), days)
def test_more_knowledge_never_changes_a_known_answer(data: st.DataObject, doctor: Doctor, on: dt.date) -> None:
    """What is known from part of a dossier stays so with the whole of it."""
    raw = record(doctor)
    hidden = data.draw(st.sets(st.sampled_from(sorted(places(raw), key=str)), max_size=8), label="hidden")
    partial, whole = judged(without(raw, hidden), on), judged(raw, on)
    settled = {name: found for name, found in partial.items() if found.status != "unknown"}
    assert {name: (found.status, found.value) for name, found in settled.items()} == {
        name: (whole[name].status, whole[name].value) for name in settled
    }
