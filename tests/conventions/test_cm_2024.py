"""The 2024 convention as shipped: its own tests, what answers wait for and rest on, and an independent reading of the law."""

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
from optam_rules import Answer, CallError, Pack
from optam_rules.testing import check_properties
from tests.conventions import oracle_cm_2024 as oracle
from tests.conventions.doctors import REGIONS, SPECIALTIES, Doctor, Raw, doctors, record, years
from tests.properties.dossiers import places, without

JUNE = dt.date(2025, 6, 2)
AVERAGES = {(s, r): Fraction(11 * i + 3 * j, 97) for i, s in enumerate(SPECIALTIES) for j, r in enumerate(REGIONS)}
RANKS = dict(zip(REGIONS, ("taux_les_plus_bas", "ni_bas_ni_haut", "taux_les_plus_hauts"), strict=True))
REFERENCES: Mapping[str, Any] = {"moyennes_regionales": AVERAGES, "rangs_des_regions": {(name,): rank for name, rank in RANKS.items()}}
MEANS = {"moyenne_des_rapports": True, "rapport_des_sommes": False}
slow = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
many = settings(slow, max_examples=500)


@cache
def pack() -> Pack:
    """Load the pack once."""
    return optam_rules.load("cm-2024")


def judged(raw: Raw, on: dt.date, **call: Any) -> Mapping[str, Answer]:
    """Judge a record."""
    return pack().evaluate(raw, on=on, trace=False, **call).answers


def answer(name: str, raw: Raw, on: dt.date = JUNE, **call: Any) -> Answer:
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
    found = list(check_properties(pack(), examples=25))
    assert {result.invariant.title: result.witness for result in found} == {result.invariant.title: None for result in found}
    assert [result.invariant.title for result in found if result.decided == 0] == []


def test_later_days_are_refused_unless_asked() -> None:
    """The renewed option announced for after February 2026 was not read: later days are judged on demand only."""
    with pytest.raises(CallError):
        judged({"secteur": "secteur_2"}, dt.date(2026, 3, 1))
    assert judged({"secteur": "secteur_2"}, dt.date(2026, 3, 1), after_verified="extend")["eligible_optam"].value is True


# --- what answers wait for, and rest on ----------------------------------------------------------------------------------------------


def test_titled_sector_one_waits_for_the_law() -> None:
    """Joining: no source tells the status of titled doctors of sector 1; nothing in the dossier could."""
    found = answer("eligible_optam", {"secteur": "secteur_1", "titres": ["medecin_des_armees"]})
    assert (found.status, found.needs) == ("unknown", frozenset({"inconnu:voie_secteur_1_titre"}))


@pytest.mark.parametrize(
    ("raw", "standing"),
    [
        ({"secteur": "secteur_2"}, "caisse"),
        ({"secteur": "droit_permanent"}, "doctrine"),
        ({"secteur": "sans_objet", "date_premiere_installation": "sans_objet", "titres": ["medecin_des_armees"]}, "hypothèse"),
    ],
)
def test_each_way_in_has_its_own_standing(raw: Raw, standing: str) -> None:
    """Joining: the fund names sector 2, a union the permanent right, and the first installation is ours."""
    found = answer("eligible_optam", raw)
    assert (found.value, found.standing) == (True, standing)


def test_specialty_is_asked_as_a_question_of_law_only_where_it_counts() -> None:
    """OPTAM-ACO: a cardiologist with fifty acts waits for the reading and sees both; a surgeon does not."""
    raw = {"secteur": "secteur_2", "actes_chirurgie_obstetrique": 50}
    cardiologist = answer("eligible_optam_aco", {**raw, "specialite": "cardiologie"} | {"actes_anesthesie": 0, "exercices": []})
    surgeon = answer("eligible_optam_aco", {**raw, "specialite": "chirurgie_generale"})
    assert cardiologist.needs == {"hypothèse:specialite_pour_l_optam_aco"}
    assert cardiologist.alternatives == {"exigee": False, "indifferente": True}
    assert (surgeon.status, surgeon.value) == ("known", True)


def _two_years(**more: Any) -> list[dict[str, Any]]:
    figures = zip((2022, 2023), (100_000, 60_000), (40_000, 30_000), strict=True)
    return [{"annee": y, "honoraires_remboursables_recalcules": h, "depassements_recalcules": d, **more} for y, h, d in figures]


def test_rate_shows_both_means() -> None:
    """2022 and 2023: (40 + 50) / 2 = 45 % as a mean of ratios, 70 / 160 = 43.75 % as a ratio of sums."""
    found = answer("taux_depassement_recalcule", {"exercices": _two_years()})
    assert found.needs == {"hypothèse:moyenne_des_annees"}
    assert found.alternatives == {"moyenne_des_rapports": Fraction(9, 20), "rapport_des_sommes": Fraction(7, 16)}


def test_commitment_says_that_it_waits_for_the_share_of_gains() -> None:
    """Share of gains: its formula is unknown, and the commitment that needs it names it."""
    found = answer("taux_engagement", {"exercices": _two_years()}, assume={"moyenne_des_annees": "moyenne_des_rapports"})
    assert "inconnu:correction_du_partage_des_gains" in found.needs


def test_share_to_reach_waits_for_the_law() -> None:
    """Share without excess: its rules are unknown, whatever the dossier."""
    assert answer("taux_opposable_engagement", {}).needs == {"inconnu:taux_opposable_engagement"}


def test_new_installation_waits_for_the_callers_tables() -> None:
    """New installation: the rank of the region is the caller's to give."""
    raw = {"specialite": "cardiologie", "region": "corse", "date_premiere_installation": "2025-03-03", "exercices": []}
    averages = {"moyennes_regionales": {("cardiologie", "corse"): "31 %"}}
    assert answer("taux_engagement", raw, references=averages).needs == {
        "référentiel:rangs_des_regions[corse]",
        "hypothèse:plafond_de_2024",
    }
    found = answer("taux_engagement", raw, references={**averages, "rangs_des_regions": {("corse",): "taux_les_plus_bas"}})
    assert (found.value, found.standing) == (Fraction(41, 100), "hypothèse")


def lille() -> Raw:
    """Write the published ophthalmologist: an avenant of 22 % and 60 %, signed in October 2025."""
    return {
        "adhesion": {
            "option": "optam",
            "date_adhesion": "2019-05-02",
            "date_signature_avenant": "2025-10-20",
            "taux_depassement_de_l_avenant": "22 %",
            "taux_opposable_de_l_avenant": "60 %",
        }
    }


def test_published_target_is_nearly_half_of_the_practice() -> None:
    """Egora, May and June 2025: from 39 % to 22 %, 22/39 = 0.564."""
    target = answer("taux_a_respecter", lille(), dt.date(2026, 1, 1))
    practice = [{"annee": year, "honoraires_remboursables": 100, "depassements": 39} for year in (2022, 2023)]
    observed = answer("taux_depassement_constate", {"exercices": practice})
    assert (target.value, observed.value) == (Fraction(22, 100), Fraction(39, 100))
    assert round(Fraction(22, 39), 3) == Fraction(564, 1000)


def test_year_2025_keeps_the_former_rates() -> None:
    """CNAM letter: throughout 2025 the former rates judge, which the dossier must give; a signature changes nothing before 2026."""
    needs = answer("taux_a_respecter", lille(), dt.date(2025, 12, 31)).needs
    assert needs == {"adhesion.taux_depassement_du_contrat", "inconnu:taux_du_contrat"}


def test_former_rates_rest_on_the_letter_for_who_did_not_sign() -> None:
    """CNAM letter: it speaks of who did not sign; for who signed the same is inferred."""
    unsigned = {"option": "optam", "date_adhesion": "2019-05-02", "taux_depassement_du_contrat": "25 %"}
    found = [
        answer("taux_a_respecter", {"adhesion": {**unsigned, **signature}}, dt.date(2025, 12, 31))
        for signature in ({"date_signature_avenant": "sans_objet"}, {"date_signature_avenant": "2025-10-20"})
    ]
    assert [(one.value, one.standing) for one in found] == [(Fraction(1, 4), "caisse"), (Fraction(1, 4), "hypothèse")]


@pytest.mark.parametrize(("excess", "coherent"), [("5 %", False), ("10 %", False), ("0 %", True)])
def test_published_incoherent_contracts(excess: str, coherent: bool) -> None:
    """CSMF, 26 May 2025: no excess at all is the only rate that stands with 100 % of activity without excess."""
    raw = {"adhesion": {"taux_depassement_de_l_avenant": excess, "taux_opposable_de_l_avenant": "100 %"}}
    assert answer("engagements_coherents", raw).value is coherent


def test_part_paid_waits_for_the_new_scale() -> None:
    """Remuneration: whoever misses a commitment waits for the new scale; the one of 2016 is not carried over."""
    missed = {
        "annee": 2025,
        "honoraires_remboursables": 100_000,
        "depassements": 26_500,
        "honoraires_opposables": 45_000,
    }
    contract = {
        "option": "optam",
        "date_adhesion": "2019-05-02",
        "taux_depassement_du_contrat": "25 %",
        "taux_opposable_du_contrat": "40 %",
    }
    raw = {"adhesion": contract, "exercices": [missed]}
    call: dict[str, Any] = {"assume": {"unite_part_opposable": "honoraires"}, "after_verified": "extend"}
    found = {name: answer(name, raw, dt.date(2026, 7, 1), **call) for name in ("ecart_depassement", "part_versee")}
    assert found["ecart_depassement"].value == Fraction(3, 200)
    assert found["part_versee"].needs == {"inconnu:part_versee"}


@pytest.mark.parametrize(("day", "present"), [("2024-12-31", False), ("2025-01-01", True), ("2026-02-28", True)])
def test_answers_in_force(day: str, present: bool) -> None:
    """The options of 2024 take effect on 1 January 2025."""
    dated = {"eligible_optam", "eligible_optam_aco", "taux_engagement", "etat_adhesion"}
    assert set(pack().answers(dt.date.fromisoformat(day))) & dated == (dated if present else set())


# --- the oracle ----------------------------------------------------------------------------------------------------------------------

TURNING_DAYS = [
    dt.date.fromisoformat(day)
    for day in (
        "2025-01-01",
        "2025-04-30",
        "2025-05-01",
        "2025-06-30",
        "2025-07-01",
        "2025-11-03",
        "2025-11-04",
        "2025-12-31",
        "2026-01-01",
        "2026-02-28",
    )
]
days = st.sampled_from(TURNING_DAYS) | st.dates(oracle.FIRST_DAY, oracle.LAST_READ)
rates = st.none() | st.sampled_from([Fraction(0), Fraction(1, 4), Fraction(1), Fraction(6, 5)])
shares = st.none() | st.sampled_from([Fraction(0), Fraction(2, 5), Fraction(1)])


@st.composite
def contracts(draw: st.DrawFn) -> Doctor:
    """Draw a membership with its letters, amendments and procedures, often as the campaign of 2025 had them."""
    joined = draw(st.sampled_from([dt.date(2019, 5, 2), dt.date(2024, 12, 31), *TURNING_DAYS]))
    letter = draw(st.none() | days)
    return {
        "option": draw(st.sampled_from(["optam", "optam_co", "optam_aco", "optam", "cas", "aucune"])),
        "date_adhesion": joined,
        "date_signature_avenant": draw(st.none() | days),
        "avenant_compte_sur_les_hausses": draw(st.booleans()),
        "taux_depassement_du_contrat": draw(rates),
        "taux_opposable_du_contrat": draw(shares),
        "taux_depassement_de_l_avenant": draw(rates),
        "taux_opposable_de_l_avenant": draw(shares),
        "date_reception_procedure": letter,
        "motif_procedure": None if letter is None else draw(st.sampled_from(["avenant_non_signe", "engagements_non_respectes"])),
        "date_cloture_procedure": None if letter is None else draw(st.none() | st.none() | days),
        "date_effet_notifiee": None if letter is None else draw(st.none() | st.none() | days),
        "date_reception_resiliation": draw(st.none() | st.none() | days),
        "date_reception_non_reconduction": draw(st.none() | st.none() | days),
    }


cares = st.none() | st.fixed_dictionaries(
    {name: st.booleans() for name in ("urgence", "beneficiaire_css", "personne_detenue", "exigence_particuliere", "depassement_autorise")}
)


@st.composite
def dossiers(draw: st.DrawFn) -> Doctor:
    """Draw a complete dossier: years around the reference period, counts around fifty acts, a membership and a care or none."""
    worked = draw(st.sets(st.sampled_from([2021, 2022, 2023, 2024])) | st.just({2022, 2023}) | st.just(set()))
    return {
        **draw(doctors()),
        "specialite": draw(st.sampled_from(SPECIALTIES) | st.just("anesthesie_reanimation")),
        "date_premiere_installation": draw(
            st.none() | st.sampled_from([dt.date(2005, 3, 1), dt.date(2023, 12, 31), dt.date(2024, 1, 1)]) | days
        ),
        "actes_chirurgie_obstetrique": draw(st.sampled_from([0, 20, 49, 50, 400])),
        "actes_anesthesie": draw(st.sampled_from([0, 29, 30, 49, 50])),
        "exercices": [draw(years(year)) for year in sorted(worked)],
        "adhesion": draw(st.none() | contracts()),
        "soin": draw(cares),
    }


def written(doctor: Doctor) -> Raw:
    """Write a complete dossier; the printed rates as decimals."""
    contract = doctor["adhesion"]
    if contract is not None:
        contract = {name: str(float(value)) if isinstance(value, Fraction) else value for name, value in contract.items()}
    return record({**doctor, "adhesion": contract})


@many
@given(dossiers(), days, st.sampled_from([("exigee", True), ("indifferente", False)]))
def test_joining_agrees_with_the_oracle(doctor: Doctor, on: dt.date, reading: tuple[str, bool]) -> None:
    """Who may join each option, and the modifier of anaesthetists, under each reading of the specialty."""
    optam, aco = told(oracle.may_join_optam, doctor, on), told(oracle.may_join_optam_aco, doctor, on, reading[1])
    expected = {
        "eligible_optam": optam,
        "eligible_optam_aco": aco,
        "demande_recevable": {"aucune": None, "optam": optam, "optam_aco": aco}.get(doctor["option_demandee"], False),
        "tarif_opposable_obligatoire": told(oracle.no_excess, doctor),
    }
    answers = judged(written(doctor), on, assume={"specialite_pour_l_optam_aco": reading[0]}, answers=list(expected))
    assert {name: value_of(answers, name) for name in expected} == expected


@many
@given(dossiers(), days, st.sampled_from([("exigee", True), ("indifferente", False)]))
def test_modifier_agrees_with_the_oracle(doctor: Doctor, on: dt.date, reading: tuple[str, bool]) -> None:
    """8 % or 12 %; where it is not told who may join, the modifier is not told either."""
    doctor["specialite"] = "anesthesie_reanimation"
    call: dict[str, Any] = {"assume": {"specialite_pour_l_optam_aco": reading[0]}, "answers": ["modificateur_anesthesie"]}
    answers = judged(written(doctor), on, **call)
    assert value_of(answers, "modificateur_anesthesie") == told(oracle.anaesthesia_modifier, doctor, on, reading[1])


@many
@given(
    dossiers(),
    days,
    st.sampled_from(sorted(MEANS)),
    st.sampled_from(["actes", "honoraires"]),
    st.sampled_from([("reconduit", True), ("abandonne", False)]),
)
def test_rates_agree_with_the_oracle(doctor: Doctor, on: dt.date, mean: str, unit: str, cap: tuple[str, bool]) -> None:
    """The rates of 2022 and 2023, the share, and the rate of new installations, under every reading."""
    assume = {"moyenne_des_annees": mean, "unite_part_opposable": unit, "plafond_de_2024": cap[0]}
    recalculated = oracle.recalculated_rate(doctor, MEANS[mean])
    bounded = min(recalculated, Fraction(1)) if cap[1] and recalculated is not None else recalculated
    expected = {
        "taux_depassement_constate": oracle.observed_rate(doctor, MEANS[mean]),
        "taux_depassement_recalcule": recalculated,
        "taux_avant_partage_des_gains": bounded,
        "taux_opposable_constate": oracle.observed_share(doctor, MEANS[mean], unit),
        "taux_engagement": told(oracle.commitment, doctor, AVERAGES, RANKS, cap[1]),
    }
    answers = judged(written(doctor), on, assume=assume, references=REFERENCES, answers=list(expected))
    assert {name: value_of(answers, name) for name in expected} == expected


@many
@given(dossiers(), days, st.sampled_from([("quantieme", False), ("franc", True)]))
def test_campaign_agrees_with_the_oracle(doctor: Doctor, on: dt.date, count: tuple[str, bool]) -> None:
    """What is to sign, which rates judge, and where the procedure stands, under each count of the two months."""
    contract = doctor["adhesion"]
    if contract is not None and contract["taux_depassement_du_contrat"] is None:
        contract["date_adhesion"] = dt.date(2019, 5, 2)
    if contract is not None and contract["taux_opposable_du_contrat"] is None:
        contract["date_adhesion"] = dt.date(2019, 5, 2)
    prints_new = contract is None or None not in (contract["taux_depassement_de_l_avenant"], contract["taux_opposable_de_l_avenant"])
    expected = {
        "concerne_par_la_campagne": told(oracle.has_to_sign, doctor),
        "avenant_de_2025_signe": oracle.has_signed(doctor, on),
        "etat_adhesion": told(oracle.state, doctor, on, count[1]),
    }
    if prints_new or on < oracle.NEW_RATES:
        former = ("taux_depassement_du_contrat", "taux_depassement_de_l_avenant")
        expected |= {
            "taux_a_respecter": told(oracle.rate_to_respect, doctor, on, *former),
            "part_a_atteindre": told(oracle.rate_to_respect, doctor, on, "taux_opposable_du_contrat", "taux_opposable_de_l_avenant"),
        }
    end = oracle.ended_on(doctor, on, count[1])
    expected["date_effet_resiliation"] = "unknown" if end is None and oracle.has_left(doctor, on) else end
    answers = judged(written(doctor), on, assume={"decompte_des_delais": count[0]}, answers=list(expected))
    assert {name: value_of(answers, name) for name in expected} == expected


@slow
@given(st.data(), dossiers(), days)
def test_more_knowledge_never_changes_a_known_answer(data: st.DataObject, doctor: Doctor, on: dt.date) -> None:
    """What is known from part of a dossier stays so with the whole of it."""
    raw = written(doctor)
    hidden = data.draw(st.sets(st.sampled_from(sorted(places(raw), key=str)), max_size=8), label="hidden")
    partial, whole = (judged(one, on, references=REFERENCES) for one in (without(raw, hidden), raw))
    settled = {name: found for name, found in partial.items() if found.status != "unknown"}
    assert {name: (found.status, found.value) for name, found in settled.items()} == {
        name: (whole[name].status, whole[name].value) for name in settled
    }
