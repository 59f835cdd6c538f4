"""The 2016 convention against an independent reading of the law, and against itself on related dossiers."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from optam_rules import Answer
from tests.conventions import oracle
from tests.conventions.doctors import AVERAGES, SPECIALTIES, Doctor, Raw, days, doctors, dossiers, members, record
from tests.conventions.test_cm_2016 import pack
from tests.properties.dossiers import places, without

UNITS = ("actes", "honoraires")
COMMITMENTS = {
    "eligible_optam",
    "eligible_optam_co",
    "demande_recevable",
    "taux_depassement_constate",
    "taux_depassement_recalcule",
    "taux_engagement",
    "taux_opposable_constate",
    "taux_opposable_recalcule",
    "taux_opposable_engagement",
    "avenant_de_groupe_a_venir",
    "groupe.ouvert_au_taux_commun",
    "groupe.moyenne_des_demandeurs",
    "groupe.taux_commun",
}
slow = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])


def judged(raw: Raw, on: dt.date, **call: Any) -> Mapping[str, Answer]:
    """Judge who may join and at what rates, with the averages of the tests; a membership's life has its own tests."""
    names = [name for name in pack().answers(on) if name in COMMITMENTS]
    return pack().evaluate(raw, on=on, references=AVERAGES, answers=names, trace=False, **call).answers  # type: ignore[arg-type]


def value_of(answers: Mapping[str, Answer], name: str) -> object:
    """Return a known value, `None` where it does not apply, and the status of anything else."""
    found = answers[name]
    return {"known": found.value, "not_applicable": None}.get(found.status, found.status)


def told(rule: Any, doctor: Doctor, on: dt.date) -> object:
    """Return what the oracle says, `unknown` where the law does not tell."""
    try:
        return rule(doctor, on)
    except oracle.NotTold:
        return "unknown"


# --- the oracle ------------------------------------------------------------------------------------------------------------------


@slow
@given(dossiers, days)
def test_eligibility_agrees_with_the_oracle(doctor: Doctor, on: dt.date) -> None:
    """Articles 40 and 49 and the choice of the option, up to the last day of joining."""
    answers = judged(record(doctor), on)
    if on > oracle.LAST_JOINING_DAY:
        assert not {"eligible_optam", "eligible_optam_co", "demande_recevable"} & answers.keys()
        return
    assert value_of(answers, "eligible_optam") == oracle.may_join_optam(doctor, on)
    assert value_of(answers, "eligible_optam_co") == told(oracle.may_join_optam_co, doctor, on)
    if on >= oracle.OPTIONS_OPEN:
        assert value_of(answers, "demande_recevable") == told(oracle.request_fits, doctor, on)


@slow
@given(dossiers, days)
def test_rates_agree_with_the_oracle(doctor: Doctor, on: dt.date) -> None:
    """Annexe 21 and article 41.1: observed rate, recalculated rate, capped commitment."""
    answers = judged(record(doctor), on)
    expected = {
        "taux_depassement_constate": oracle.observed_rate(doctor, AVERAGES),
        "taux_depassement_recalcule": oracle.recalculated_rate(doctor, AVERAGES),
        "taux_engagement": oracle.commitment(doctor, on, AVERAGES),
    }
    assert {name: value_of(answers, name) for name in expected} == expected


@slow
@given(dossiers, days, st.sampled_from(UNITS))
def test_shares_agree_with_the_oracle(doctor: Doctor, on: dt.date, unit: str) -> None:
    """Annexe 21 and article 41.1: the share without excess under either unit."""
    answers = judged(record(doctor), on, assume={"unite_part_opposable": unit})
    expected = {
        "taux_opposable_constate": oracle.observed_share(doctor, AVERAGES, unit),
        "taux_opposable_recalcule": oracle.recalculated_share(doctor, AVERAGES, unit),
        "taux_opposable_engagement": oracle.recalculated_share(doctor, AVERAGES, unit),
    }
    assert {name: value_of(answers, name) for name in expected} == expected


@slow
@given(members(), days)
def test_groups_agree_with_the_oracle(doctor: Doctor, on: dt.date) -> None:
    """The CNAMTS message of June 2017: who opens the group, and at what rate."""
    answers = judged(record(doctor), on)
    is_open, mean = oracle.group_is_open(doctor["groupe"], on), oracle.common_rate(doctor["groupe"], AVERAGES)
    assert value_of(answers, "groupe.ouvert_au_taux_commun") == is_open
    assert value_of(answers, "groupe.moyenne_des_demandeurs") == mean
    assert value_of(answers, "groupe.taux_commun") == (min(mean, 1) if is_open and mean is not None else None)


# --- related dossiers --------------------------------------------------------------------------------------------------------------


@slow
@given(st.data(), dossiers, days)
def test_more_knowledge_never_changes_a_known_answer(data: st.DataObject, doctor: Doctor, on: dt.date) -> None:
    """What is known from part of a dossier stays so with the whole of it."""
    raw = record(doctor)
    hidden = data.draw(st.sets(st.sampled_from(sorted(places(raw), key=str)), max_size=8), label="hidden")
    partial, whole = judged(without(raw, hidden), on), judged(raw, on)
    settled = {name: found for name, found in partial.items() if found.status != "unknown"}
    assert {name: (found.status, found.value) for name, found in settled.items()} == {
        name: (whole[name].status, whole[name].value) for name in settled
    }


def _member(doctor: Doctor) -> Raw:
    """Write a doctor as a member of another's group."""
    return {name: value for name, value in record(doctor).items() if name != "groupe"}


@slow
@given(st.data(), members(), days)
def test_volunteers_do_not_depend_on_the_others(data: st.DataObject, doctor: Doctor, on: dt.date) -> None:
    """A member who keeps his own rate may be anyone, or unknown: the answers of who asks do not move."""
    raw = {**record(doctor), "demande_taux_groupe": True}
    others = data.draw(st.lists(st.sampled_from("XYZ"), unique=True, max_size=3), label="who keeps his own rate")
    strangers = [
        {**data.draw(st.just({"identifiant": name}) | doctors(name).map(_member)), "demande_taux_groupe": False} for name in others
    ]
    kept = [m for m in raw["groupe"]["membres"] if isinstance(m, str) or m["demande_taux_groupe"]]
    alone = {**raw, "groupe": {**raw["groupe"], "membres": kept}}
    among = {**raw, "groupe": {**raw["groupe"], "membres": [*strangers, *raw["groupe"]["membres"]]}}
    names = ("taux_engagement", "groupe.taux_commun", "groupe.ouvert_au_taux_commun")
    first, second = judged(alone, on), judged(among, on)
    assert {name: value_of(first, name) for name in names} == {name: value_of(second, name) for name in names}


@slow
@given(st.data(), doctors(), days)
def test_a_higher_excess_never_lowers_the_observed_rate(data: st.DataObject, doctor: Doctor, on: dt.date) -> None:
    """Annexe 21: one euro more of excess, in whatever year, lowers neither the observed rate nor the commitment of a CAS member."""
    active = [year for year in doctor["exercices"] if year["honoraires_remboursables"]]  # an excess supposes fees
    if not active:
        return
    doctor["adherent_cas"] = True
    before = judged(record(doctor), on)
    raised = data.draw(st.sampled_from(active))
    raised["depassements"] += data.draw(st.integers(1, 10_000))
    after = judged(record(doctor), on)
    for name in ("taux_depassement_constate", "taux_engagement"):
        assert before[name].value <= after[name].value  # type: ignore[operator]


@slow
@given(st.data(), members(), days)
def test_order_carries_no_meaning(data: st.DataObject, doctor: Doctor, on: dt.date) -> None:
    """Years and members may come in any order."""
    raw = record(doctor)
    shuffled = {
        **raw,
        "exercices": data.draw(st.permutations(raw["exercices"])),
        "groupe": {**raw["groupe"], "membres": data.draw(st.permutations(raw["groupe"]["membres"]))},
    }
    first, second = judged(raw, on), judged(shuffled, on)
    assert {name: value_of(first, name) for name in first} == {name: value_of(second, name) for name in second}


@slow
@given(members(), st.sampled_from(SPECIALTIES), days)
def test_the_common_rate_is_one_for_all_volunteers(doctor: Doctor, specialty: str, on: dt.date) -> None:
    """Whoever of the volunteers is judged, the group answers the same."""
    group = doctor["groupe"]
    for one in group["membres"]:
        one |= {"specialite": specialty, "secteur": "secteur_2", "demande_taux_groupe": True, "groupe": group}
    found = {str(value_of(judged(record(one), on), "groupe.taux_commun")) for one in group["membres"]}
    assert len(found) == 1
