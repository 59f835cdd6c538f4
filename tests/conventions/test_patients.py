"""What a patient pays and gets back, as shipped: own tests, what each answer waits for, and an independent reading of the sources."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from functools import cache
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import optam_rules
from optam_rules import Answer, Pack
from optam_rules.testing import check_properties
from tests.conventions import oracle_patients as oracle

NOW = dt.date(2026, 1, 15)
FEBRUARY_2019 = dt.date(2019, 2, 1)
QUESTIONS = {
    "tarif_du_premier_semestre_2017": ("vingt_huit_euros", "vingt_six_euros"),
    "tarif_de_l_avis_ponctuel": ("montants_dates", "montant_du_sncp"),
    "arrondi_des_prestations": ("au_centime_le_plus_proche", "au_centime_inferieur"),
    "participation_en_2024": ("un_euro", "deux_euros"),
}
AMOUNTS = (
    "base_de_remboursement",
    "depassement",
    "depassement_indu",
    "honoraires_dus",
    "ticket_moderateur",
    "part_remboursee",
    "depassement_pris_en_charge",
    "part_complementaire",
    "total_rembourse",
    "reste_a_payer",
)
VERDICTS = ("depassement_interdit", "depassement_autorise_possible", "information_ecrite_due")
slow = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])


@cache
def pack() -> Pack:
    """Load the pack once."""
    return optam_rules.load("patients")


def answer(name: str, record: dict[str, Any], on: dt.date = NOW, **call: Any) -> Answer:
    """Judge one answer."""
    return pack().evaluate(record, on=on, answers=[name], **call).answers[name]


ORDINARY: dict[str, Any] = {
    "nature": "consultation",
    "honoraires": "100",
    "secteur": "secteur_2",
    "option": "optam",
    "specialite": "medecine_generale",
    "parcours_coordonne": True,
    "urgence": False,
    "exigence_particuliere": False,
    "facture_en_depassement_autorise": False,
    "beneficiaire_css": False,
    "beneficiaire_acs": False,
    "personne_detenue": False,
    "victime_de_terrorisme": False,
    "exonere_du_ticket_moderateur": False,
    "dispense_de_participation": False,
    "contrat": {"identifiant": "K", "couvre_ticket_moderateur": True, "couverture_dptm": "150 %", "couverture_hors_dptm": "100 %"},
}


# --- the pack itself -----------------------------------------------------------------------------------------------------------


def test_no_property_is_broken() -> None:
    """No drawn act breaks a property."""
    assert [result.invariant.title for result in check_properties(pack(), examples=100) if result.witness is not None] == []


# --- published examples --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("day", "option", "rate"),
    [("2014-06-02", "aucune", Fraction(12, 23)), ("2014-06-02", "cas", Fraction(1, 4)), ("2017-07-01", "optam", Fraction(1, 6))],
)
def test_one_price_three_rates(day: str, option: str, rate: Fraction) -> None:
    """FMF, first and second examples: 35 € are 12/23 over 23 €, 7/28 over 28 €, 5/30 over 30 €."""
    record = ORDINARY | {"honoraires": "35", "option": option, "specialite": "rhumatologie"}
    found = answer("taux_de_depassement", record | {"majorations_de_coordination": False}, dt.date.fromisoformat(day))
    assert (found.value, found.standing) == (rate, "doctrine")


@pytest.mark.parametrize(("option", "total"), [("optam", "61.50"), ("aucune", "45.00")])
def test_published_contract(option: str, total: str) -> None:
    """LCI, February 2019: 250 % of 25 € less 1 € with an OPTAM doctor, 200 % of 23 € less 1 € outside."""
    found = answer("total_rembourse", ORDINARY | {"option": option}, FEBRUARY_2019)
    assert (found.value, found.standing) == (Decimal(total), "doctrine")


# --- what each answer waits for and rests on -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "missing",
    [
        "beneficiaire_css",
        "contrat",
        "dispense_de_participation",
        "exonere_du_ticket_moderateur",
        "honoraires",
        "parcours_coordonne",
        "urgence",
        "victime_de_terrorisme",
    ],
)
def test_what_remains_waits_for_the_datum_that_lacks(missing: str) -> None:
    """All known but one datum: what remains to pay waits for that one alone, and for what the law would not tell were it otherwise."""
    record = {name: value for name, value in ORDINARY.items() if name != missing}
    needs = answer("reste_a_payer", record, FEBRUARY_2019).needs
    assert {need for need in needs if not need.startswith(("hypothèse:", "inconnu:"))} == {missing}


def test_excess_data_do_not_matter_without_excess() -> None:
    """An act at its tariff: whether an excess would be forbidden is not asked."""
    kept = {"nature", "secteur", "option", "specialite", "parcours_coordonne", "dispense_de_participation", "exonere_du_ticket_moderateur"}
    record = {name: ORDINARY[name] for name in kept} | {"honoraires": "25", "beneficiaire_css": False, "contrat": "sans_objet"}
    record |= {"victime_de_terrorisme": False}
    assert answer("reste_a_payer", record, FEBRUARY_2019).value == Decimal("8.50")


def test_rate_outside_the_pathway_waits_for_the_law() -> None:
    """Outside the pathway the rate falls; its figure was not read."""
    found = answer("part_remboursee", ORDINARY | {"parcours_coordonne": False}, FEBRUARY_2019)
    assert "inconnu:taux_de_remboursement" in found.needs


def test_rounding_matters_only_where_readings_differ() -> None:
    """Published tariffs give whole cents: known without a choice; 70 % of 25.25 € shows both readings."""
    other = {"nature": "autre_acte", "base_fournie": "25.25", "taux_fourni": "70 %", "honoraires": "25.25", "parcours_coordonne": True}
    found = answer("remboursement_brut", other | {"exonere_du_ticket_moderateur": False})
    assert answer("remboursement_brut", ORDINARY, FEBRUARY_2019).value == Decimal("17.50")
    assert found.alternatives == dict(zip(QUESTIONS["arrondi_des_prestations"], (Decimal("17.68"), Decimal("17.67")), strict=True))


@pytest.mark.parametrize(
    ("name", "record", "day", "readings"),
    [
        ("base_de_remboursement", {"specialite": "cardiologie"}, "2017-06-30", {"vingt_huit_euros": "28.00", "vingt_six_euros": "26.00"}),
        ("base_de_remboursement", {"nature": "avis_ponctuel"}, "2024-12-22", {"montants_dates": "60.00", "montant_du_sncp": "51.50"}),
        ("participation_forfaitaire", {}, "2024-06-01", {"un_euro": "1.00", "deux_euros": "2.00"}),
    ],
)
def test_conflicts_between_sources_stay_visible(name: str, record: dict[str, Any], day: str, readings: dict[str, str]) -> None:
    """Sources that disagree leave the answer open, with what each of them gives."""
    found = answer(name, ORDINARY | record, dt.date.fromisoformat(day))
    assert (found.status, found.alternatives) == ("unknown", {reading: Decimal(value) for reading, value in readings.items()})


@pytest.mark.parametrize(
    ("record", "standing"),
    [
        ({"personne_detenue": True}, "texte"),
        ({"beneficiaire_css": True, "exigence_particuliere": False, "facture_en_depassement_autorise": False}, "texte"),
        ({"urgence": True, "secteur": "secteur_2", "option": "optam"}, "doctrine"),
    ],
)
def test_what_a_prohibition_rests_on(record: dict[str, Any], standing: str) -> None:
    """L. 162-5-13 for prisoners and CSS, the press for emergencies."""
    found = answer("depassement_interdit", record)
    assert (found.value, found.standing) == (True, standing)


def test_the_double_limit_is_that_of_the_contract_pack() -> None:
    """R. 871-2: the answers of the contract come with those of the act."""
    contract = ORDINARY["contrat"] | {"couverture_dptm": "110 %"}
    found = pack().evaluate(ORDINARY | {"contrat": contract, "option": "aucune", "specialite": "cardiologie"}, on=NOW).answers
    assert (found["contrat.plafond_hors_dptm"].value, found["contrat.couverture_sous_le_plafond"].value) == (Fraction(9, 10), False)


def test_duty_to_display_the_option_is_unknown() -> None:
    """One page says that OPTAM is displayed, the order as read does not: the answer waits for the law."""
    found = answer("affichage.affichage_de_l_option_du", {"affichage": {"identifiant": "L"}})
    assert found.needs == {"inconnu:affichage_de_l_option_du"}


# --- the oracle ----------------------------------------------------------------------------------------------------------------

_TURNING = "2013-01-01 2015-03-31 2015-04-01 2016-10-23 2016-10-24 2016-12-31 2017-01-01 2017-06-30 2017-07-01 2017-12-31 2018-01-01"
_TURNING += " 2019-10-31 2019-11-01 2022-12-31 2023-01-01 2023-10-31 2023-11-01 2023-12-31 2024-01-01 2024-12-21 2024-12-22 2024-12-31"
_TURNING += " 2025-01-01 2025-12-31 2026-01-01"
_days = st.sampled_from([dt.date.fromisoformat(day) for day in _TURNING.split()]) | st.dates(oracle.FIRST_DAY, dt.date(2026, 11, 22))
_SPECIALTIES = (
    "medecine_generale",
    "rhumatologie",
    "cardiologie",
    "gynecologie_medicale",
    "gynecologie_obstetrique",
    "geriatrie",
    "endocrinologie",
    "dermatologie",
    "psychiatrie",
    "psychiatrie_de_l_enfant",
    "neuropsychiatrie",
    "neurologie",
)
_KINDS = ("consultation_de_cardiologie", "consultation_complexe", "depistage_du_melanome", "avis_ponctuel", "autre_acte")
_fees = st.sampled_from(["0", "15", "22.99", "23", "23.01", "25", "26.50", "28", "30", "31.50", "60", "69.99", "70", "250.25"])
_RARE = (
    "exigence_particuliere",
    "beneficiaire_css",
    "beneficiaire_acs",
    "personne_detenue",
    "victime_de_terrorisme",
    "urgence",
    "exonere_du_ticket_moderateur",
    "dispense_de_participation",
    "facture_en_depassement_autorise",
)
_EVEN = ("majorations_de_coordination", "prescription_du_medecin_traitant", "protocole_de_soins")
_rarely = st.sampled_from([False] * 7 + [True])
_shares = st.sampled_from([Fraction(share, 1000) for share in (0, 100, 200, 333, 500, 1000, 1500, 3000)])


@st.composite
def acts(draw: st.DrawFn) -> dict[str, Any]:
    """Draw a complete act; most patients are ordinary and most acts are consultations."""
    contract: dict[str, Any] = {"identifiant": "K", "couvre_depassement_autorise": draw(st.booleans())}
    contract |= {"couvre_ticket_moderateur": draw(st.booleans()), "couverture_dptm": draw(_shares), "couverture_hors_dptm": draw(_shares)}
    return {
        "nature": draw(st.just("consultation") | st.sampled_from(_KINDS)),
        "honoraires": Fraction(draw(_fees)),
        "base_fournie": Fraction(draw(st.integers(1, 30_000)), 100),
        "taux_fourni": draw(st.sampled_from([Fraction(7, 10), Fraction(4, 5), Fraction(1)])),
        "secteur": draw(st.sampled_from(["secteur_1", "secteur_2", "secteur_2", "droit_permanent", "non_conventionne"])),
        "option": draw(st.sampled_from(["aucune", "aucune", "cas", "optam", "optam_co", "optam_aco"])),
        "specialite": draw(st.sampled_from(_SPECIALTIES)),
        "age_patient": draw(st.sampled_from([3, 15, 16, 24, 25, 26, 80])),
        "parcours_coordonne": not draw(_rarely),
        "contrat": draw(st.none() | st.just(contract)),
        **{name: draw(_rarely) for name in _RARE},
        **{name: draw(st.booleans()) for name in _EVEN},
    }


_readings = st.fixed_dictionaries({name: st.sampled_from(readings) for name, readings in QUESTIONS.items()})


def written(value: Any) -> Any:
    """Write an act as the record that a caller would send."""
    match value:
        case None:
            return "sans_objet"
        case Fraction():
            return f"{Decimal(int(value * 1000)).scaleb(-3).normalize():f}"
        case dict():
            return {name: written(content) for name, content in value.items()}
        case _:
            return value


def judged(act: dict[str, Any], on: dt.date, readings: Mapping[str, str] | None = None) -> dict[str, object]:
    """Judge an act: known values, euros as fractions, and `None` for what is not known."""
    names = [*AMOUNTS, *VERDICTS]
    answers = pack().evaluate(written(act), on=on, assume=readings, answers=names, trace=False).answers
    assert {str(found.status) for found in answers.values()} <= {"known", "unknown"}
    return {name: Fraction(found.value) if isinstance(found.value, Decimal) else found.value for name, found in answers.items()}


@settings(slow, max_examples=800)
@given(acts(), _days, _readings)
def test_acts_agree_with_the_oracle(act: dict[str, Any], on: dt.date, readings: dict[str, str]) -> None:
    """Every amount and every verdict, or the fact that no source tells it."""
    expected: dict[str, object] = dict(oracle.settle(act, on, readings))
    expected["depassement_interdit"] = oracle.forbidden(act, on)
    expected["depassement_autorise_possible"] = oracle.allowed_excess(act)
    expected["information_ecrite_due"] = act["honoraires"] >= 70
    assert judged(act, on, readings) == expected


@settings(slow, max_examples=50)
@given(acts(), _days, st.data())
def test_more_knowledge_never_changes_a_known_answer(act: dict[str, Any], on: dt.date, data: st.DataObject) -> None:
    """What is known from part of an act stays so with the whole of it, questions left open."""
    hidden = data.draw(st.sets(st.sampled_from(sorted(act)), max_size=8))
    part = judged({name: value for name, value in act.items() if name not in hidden}, on)
    settled = {name: value for name, value in part.items() if value is not None}
    whole = judged(act, on)
    assert {name: whole[name] for name in settled} == settled


@settings(slow, max_examples=100)
@given(acts(), _days, _readings, st.integers(1, 5_000))
def test_a_higher_fee_never_costs_less(act: dict[str, Any], on: dt.date, readings: dict[str, str], cents: int) -> None:
    """One cent more charged never lowers what remains to pay, save where a majoration leaves the price (the base itself changes)."""
    act["majorations_de_coordination"] = False
    dearer = act | {"honoraires": act["honoraires"] + Fraction(cents, 100)}
    low, high = (judged(each, on, readings)["reste_a_payer"] for each in (act, dearer))
    assert low is None or high is None or low <= high  # type: ignore[operator]
