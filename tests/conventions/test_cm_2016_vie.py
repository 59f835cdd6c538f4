"""The life of a 2016 membership: an independent reading of the law, related dossiers, what answers wait for and rest on."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from fractions import Fraction

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from optam_rules import Answer
from tests.conventions import oracle_vie as oracle
from tests.conventions.doctors import Doctor, Raw
from tests.conventions.lives import QUESTIONS, contracts, lives, lives_and_days, readings, written
from tests.conventions.oracle import NotTold
from tests.conventions.test_cm_2016 import pack
from tests.properties.dossiers import places, without

slow = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
Readings = Mapping[str, str]
LIFE = ("etat_adhesion", "date_effet_resiliation", "prochaine_echeance")
SOME = {name: values[0] for name, values in QUESTIONS.items()}


def judged(raw: Raw, on: dt.date, names: tuple[str, ...], assume: Readings | None = None) -> Mapping[str, Answer]:
    """Judge some answers of a record."""
    return pack().evaluate(raw, on=on, answers=names, trace=False, assume=assume or {}).answers


def value_of(answers: Mapping[str, Answer], name: str) -> object:
    """Return a known value, `None` where it does not apply, and the status of anything else."""
    found = answers[name]
    return {"known": found.value, "not_applicable": None}.get(found.status, found.status)


def told(rule: Callable[..., object], *arguments: object) -> object:
    """Return what the oracle says, `unknown` where the law does not tell."""
    try:
        return rule(*arguments)
    except NotTold:
        return "unknown"


def member(**events: object) -> Raw:
    """Write a cardiologist of sector 2 in OPTAM since 1 January 2017, whose year 2017 keeps both commitments, and change some events."""
    nothing = dict.fromkeys(
        (
            "date_conversion_cas",
            "date_reception_non_reconduction",
            "date_reception_resiliation",
            "date_envoi_avenant",
            "date_signature_avenant",
            "date_envoi_avenant_groupe",
            "date_signature_avenant_groupe",
            "motif_procedure",
            "date_reception_procedure",
            "date_cloture_procedure",
            "date_effet_notifiee",
        ),
        "sans_objet",
    )
    rates = {"taux_depassement_du_contrat": "40 %", "taux_opposable_du_contrat": "30 %"}
    contract = {"option": "optam", "date_adhesion": "2017-01-01", **nothing, **rates, **events}
    year = {"annee": 2017, "honoraires_remboursables": 1000, "depassements": 400, "honoraires_opposables": 500}
    acts = {"nombre_actes": 1000, "nombre_actes_opposables": 300}
    return {
        "secteur": "secteur_2",
        "specialite": "cardiologie",
        "adhesion": {name: value for name, value in contract.items() if value is not None},
        "exercices": [year | acts],
    }


# --- the oracle -------------------------------------------------------------------------------------------------------------------


def of_the_state(doctor: Doctor, on: dt.date, chosen: Readings) -> dict[str, object]:
    """Articles 42, 45.1 and 45.2: state, first day without the option, next deadline."""
    rules = (oracle.state, oracle.effect, oracle.next_deadline)
    return dict(zip(LIFE, (told(rule, doctor, on, chosen) for rule in rules), strict=True))


def of_the_remuneration(doctor: Doctor, on: dt.date, chosen: Readings) -> dict[str, object]:
    """Articles 43 and 44: both gaps of the year checked, the part paid, the remuneration."""
    expected: dict[str, object] = {"annee_controlee": oracle.year_checked(on), "prime": told(oracle.bonus, doctor, on, chosen)}
    if doctor["adhesion"] is not None:
        found = oracle.gaps(doctor, on, chosen)
        excess, share = found or (None, None)
        expected |= {"ecart_depassement": excess, "ecart_opposable": share}
        expected |= {"ecart_aux_engagements": max(found) if found else None, "part_versee": oracle.part_paid(doctor, on, chosen)}
    return expected


def of_quarters_and_care(doctor: Doctor, on: dt.date, chosen: Readings) -> dict[str, object]:
    """Article 44, L. 162-5-13, article 38.3 and the UNCAM decisions: warning letter, care without excess, K or T."""
    expected: dict[str, object] = {
        "lettre_d_avertissement": oracle.warning_due(doctor, on),
        "tarif_opposable_obligatoire": oracle.tariff_binds(doctor, on),
    }
    if dt.date(2017, 2, 23) <= on <= dt.date(2024, 12, 31) and told(oracle.state, doctor, on, chosen) != "unknown":
        expected["modificateur"] = told(oracle.code, doctor, on, chosen)
    return expected


@settings(slow, max_examples=400)
@given(lives_and_days(), readings)
def test_lives_agree_with_the_oracle(life: tuple[Doctor, dt.date], chosen: Readings) -> None:
    """One life is judged on all that the oracle tells of it: drawing lives costs more than judging them."""
    doctor, on = life
    expected = of_the_state(doctor, on, chosen) | of_the_remuneration(doctor, on, chosen) | of_quarters_and_care(doctor, on, chosen)
    answers = judged(written(doctor), on, tuple(expected), chosen)
    assert {name: value_of(answers, name) for name in expected} == expected


# --- related dossiers -----------------------------------------------------------------------------------------------------------------


@settings(slow, max_examples=100)
@given(st.data(), lives_and_days())
def test_more_knowledge_never_changes_a_known_state(data: st.DataObject, life: tuple[Doctor, dt.date]) -> None:
    """What is known from part of a life, no reading chosen, stays so with the whole of it and under any reading."""
    doctor, on = life
    raw = written(doctor)
    hidden = data.draw(st.sets(st.sampled_from(sorted(places(raw), key=str)), max_size=8), label="hidden")
    names = (*LIFE, "ecart_aux_engagements", "prime", "tarif_opposable_obligatoire")
    partial, whole = judged(without(raw, hidden), on, names), judged(raw, on, names, data.draw(readings))
    settled = {name: found for name, found in partial.items() if found.status != "unknown"}
    assert {name: (found.status, found.value) for name, found in settled.items()} == {
        name: (whole[name].status, whole[name].value) for name in settled
    }


@settings(slow, max_examples=150)
@given(contracts(), st.dates(dt.date(2017, 1, 1), dt.date(2025, 12, 30)), readings)
def test_an_ended_membership_stays_ended(contract: Doctor, on: dt.date, chosen: Readings) -> None:
    """Once its effect has come, an exit of the doctor is not undone by the passing of a day."""
    quiet = contract | {"motif_procedure": None, "date_reception_procedure": None, "option": "optam"}
    raw = written({"identifiant": "A", "adhesion": quiet})
    today, next_day = (judged(raw, day, LIFE, chosen) for day in (on, on + dt.timedelta(days=1)))
    if value_of(today, "etat_adhesion") == "resiliee" and value_of(next_day, "etat_adhesion") != "unknown":
        assert value_of(next_day, "etat_adhesion") == "resiliee"
        assert value_of(next_day, "date_effet_resiliation") <= value_of(today, "date_effet_resiliation")  # type: ignore[operator]


@settings(slow, max_examples=100)
@given(lives(), readings, st.integers(1, 900))
def test_a_larger_gap_never_pays_more(doctor: Doctor, chosen: Readings, more: int) -> None:
    """Article 43: one more euro of excess never raises the part paid."""
    if doctor["adhesion"] is None or not doctor["exercices"][0]["honoraires_remboursables"]:
        return  # an excess supposes fees
    on = dt.date(2018, 4, 1)
    before = judged(written(doctor), on, ("part_versee",), chosen)
    doctor["exercices"][0]["depassements"] += more
    after = judged(written(doctor), on, ("part_versee",), chosen)
    if before["part_versee"].status == "known":
        assert after["part_versee"].value <= before["part_versee"].value  # type: ignore[operator]


# --- what answers wait for ---------------------------------------------------------------------------------------------------------------


def test_nothing_known_of_the_membership() -> None:
    """A dossier without membership waits for it."""
    found = judged({}, dt.date(2018, 6, 8), ("etat_adhesion",))["etat_adhesion"]
    assert (found.status, found.needs) == ("unknown", frozenset({"adhesion"}))


@pytest.mark.parametrize(
    "event", ["date_reception_non_reconduction", "date_reception_resiliation", "date_reception_procedure", "date_conversion_cas"]
)
def test_the_unknown_event_is_named(event: str) -> None:
    """An event of which nothing is known leaves the state unknown, waiting for it."""
    found = judged(member(**{event: None}), dt.date(2018, 6, 8), ("etat_adhesion",), SOME)["etat_adhesion"]
    assert found.status == "unknown"
    assert f"adhesion.{event}" in found.needs


def test_a_quiet_membership_is_known_on_the_press() -> None:
    """Article 42: nothing happened, the option runs; that it renews rests on what the press says."""
    found = judged(member(), dt.date(2018, 6, 8), ("etat_adhesion",))["etat_adhesion"]
    assert (found.value, found.standing, found.hypotheses) == ("en_cours", "doctrine", ())


def test_contracts_of_2016_in_2025_are_a_hypothesis() -> None:
    """In 2025 the rules on length and exit are held to stand, and the answer says so."""
    found = judged(member(), dt.date(2025, 6, 8), ("etat_adhesion",))["etat_adhesion"]
    assert (found.value, found.standing, len(found.hypotheses)) == ("en_cours", "hypothèse", 1)


def test_the_effect_shows_both_counts_of_the_month() -> None:
    """Article 45.1: a letter received on 10 May takes effect on 10 or 11 June; the state is known on every other day."""
    raw = member(date_reception_resiliation="2018-05-10")
    found = judged(raw, dt.date(2018, 6, 9), LIFE)
    effect = found["date_effet_resiliation"]
    assert effect.needs == {"hypothèse:decompte_des_delais"}
    assert effect.alternatives == {"quantieme": dt.date(2018, 6, 10), "franc": dt.date(2018, 6, 11)}
    states = [value_of(judged(raw, dt.date(2018, 6, day), LIFE), "etat_adhesion") for day in (9, 10, 11)]
    assert states == ["preavis", "unknown", "resiliee"]


def test_a_refusal_too_late_waits_for_the_law() -> None:
    """Article 45.1: no source tells what becomes of a refusal that arrives too late."""
    found = judged(member(date_reception_non_reconduction="2017-12-20"), dt.date(2018, 6, 8), LIFE, SOME)
    assert found["date_effet_resiliation"].needs == {"inconnu:effet_du_refus"}


# --- what the remuneration rests on ------------------------------------------------------------------------------------------------


def _gap(points: int, **more: object) -> Raw:
    raw = member(**more)
    raw["exercices"][0]["depassements"] = 400 + 10 * points
    return raw


def test_the_part_shows_the_readings_of_a_bound() -> None:
    """Article 43: at two points, the tier that ends and the tier that begins both claim the gap."""
    chosen = {name: SOME[name] for name in ("unite_part_opposable", "combinaison_des_ecarts")}
    found = judged(_gap(2), dt.date(2018, 6, 8), ("part_versee",), chosen)["part_versee"]
    assert found.needs == {"hypothèse:bornes_des_paliers"}
    assert found.alternatives == {"hautes_incluses": Fraction(9, 10), "basses_incluses": Fraction(7, 10)}


def test_the_combination_matters_with_one_gap_alone() -> None:
    """Article 43: four and a half points of excess and a share kept: 30 % under the worst gap, 65 % under each its half."""
    raw = _gap(4)
    raw["exercices"][0]["depassements"] += 5
    found = judged(raw, dt.date(2018, 6, 8), ("part_versee",), {"unite_part_opposable": "actes"})["part_versee"]
    assert {value for value in found.alternatives.values() if isinstance(value, Fraction)} == {Fraction(3, 10), Fraction(13, 20)}


def test_commitments_kept_need_no_reading() -> None:
    """Articles 43 and 44: both commitments kept in acts and in fees, every reading pays all of it."""
    found = judged(member(), dt.date(2018, 7, 1), ("part_versee",))["part_versee"]
    assert (found.value, found.standing) == (Fraction(1), "doctrine")


def test_the_remuneration_says_its_rounding() -> None:
    """Article 43: 500 € x 7 % = 35 €; no source gives a rounding, and the answer says that it is ours."""
    found = judged(member(), dt.date(2018, 7, 1), ("prime",))["prime"]
    assert (str(found.value), found.standing, ["arrondi" in text for text in found.hypotheses]) == ("35.00", "hypothèse", [True])


def test_the_table_held_after_2017_is_a_hypothesis() -> None:
    """Article 43: the published table has no date; after 2017 the answer says that it is taken as it was."""
    raw = member()
    raw["exercices"][0]["annee"] = 2018
    found = judged(raw, dt.date(2019, 7, 1), ("prime",))["prime"]
    assert (str(found.value), any("mise à jour" in text for text in found.hypotheses)) == ("35.00", True)


def test_the_first_point_is_a_hypothesis() -> None:
    """Article 43: the published scale begins at one point; below, that all is paid is ours."""
    raw = _gap(1)
    found = judged(raw, dt.date(2018, 6, 8), ("part_versee",))["part_versee"]
    assert (found.value, found.standing) == (Fraction(1), "hypothèse")


def test_other_specialties_wait_for_the_law() -> None:
    """Article 43: the table is cut after endocrinology."""
    raw = {**member(), "specialite": "gastro_enterologie"}
    found = judged(raw, dt.date(2018, 7, 1), ("prime",), SOME)["prime"]
    assert found.needs == {"inconnu:taux_publie_de_la_specialite"}


# --- what care rests on -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("care", "standing"),
    [({"personne_detenue": True}, "texte"), ({"urgence": True, "personne_detenue": False, "beneficiaire_css": False}, "doctrine")],
)
def test_care_without_excess_rests_on_the_law_or_on_the_press(care: dict[str, bool], standing: str) -> None:
    """L. 162-5-13 is the code's; urgency comes from what a union says of article 38.3."""
    raw = {"secteur": "secteur_2", "soin": care}
    found = judged(raw, dt.date(2018, 6, 8), ("tarif_opposable_obligatoire",))["tarif_opposable_obligatoire"]
    assert (found.value, found.standing) == (True, standing)


def test_the_value_of_k_waits_for_the_law() -> None:
    """The decisions give the codes, no source the value of K in OPTAM-CO."""
    raw = {**member(option="optam_co"), "specialite": "neurochirurgie", "soin": dict.fromkeys(("au_tarif_opposable", "urgence"), False)}
    found = judged(raw, dt.date(2018, 6, 8), ("modificateur", "taux_du_modificateur"))
    assert value_of(found, "modificateur") == "modificateur_k"
    assert found["taux_du_modificateur"].needs == {"inconnu:taux_du_modificateur"}
