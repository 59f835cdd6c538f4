"""The 2016 convention as shipped: its own tests, what each answer waits for, what it rests on."""

from __future__ import annotations

import datetime as dt
from fractions import Fraction
from functools import cache
from typing import Any

import pytest

import optam_rules
from optam_rules import Answer, Pack
from optam_rules.core.schema import read_record

JUNE = dt.date(2017, 6, 8)
AUGUST = dt.date(2017, 8, 1)
CAISSE_MEAN = "moyenne simple des taux recalculés des demandeurs, avant plafond ; la moyenne retenue par la caisse n'est pas connue"


@cache
def pack() -> Pack:
    """Load the pack once."""
    return optam_rules.load("cm-2016")


def answer(name: str, record: dict[str, Any], on: dt.date = JUNE, **call: Any) -> Answer:
    """Judge one answer."""
    return pack().evaluate(record, on=on, answers=[name], trace=False, **call).answers[name]


def years(fees: int = 100, excess: int = 25, **more: Any) -> list[dict[str, Any]]:
    """Write the three years of the period alike."""
    return [{"annee": year, "honoraires_remboursables": fees, "depassements": excess, **more} for year in (2013, 2014, 2015)]


def member(name: str, excess: int, **more: Any) -> dict[str, Any]:
    """Write a gastro-enterologist of sector 2 who was in the CAS and asks for the common rate."""
    return {
        "identifiant": name,
        "secteur": "secteur_2",
        "specialite": "gastro_enterologie",
        "adherent_cas": True,
        "demande_taux_groupe": True,
        "exercices": years(excess=excess),
        **more,
    }


def in_group(doctor: dict[str, Any], *others: dict[str, Any], **more: Any) -> dict[str, Any]:
    """Put a doctor in a group with others; `None` in `more` leaves a datum of the group out."""
    group = {"identifiant": "G", "meme_structure": True, "pratique_tarifaire_commune": True, "membres": [doctor["identifiant"], *others]}
    return {**doctor, "groupe": {name: value for name, value in (group | more).items() if value is not None}}


# --- article 40: what an open answer waits for ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("record", "needs"),
    [
        ({}, {"date_premiere_installation", "secteur", "titres"}),
        ({"secteur": "secteur_1"}, {"date_premiere_installation", "titres"}),
        ({"secteur": "secteur_1", "date_premiere_installation": "2012-12-31"}, {"titres"}),
        ({"secteur": "secteur_1", "titres": ["medecin_des_armees"]}, {"date_premiere_installation"}),
        ({"secteur": "sans_objet"}, {"date_premiere_installation", "titres"}),
        ({"titres": []}, {"secteur"}),
        ({"titres": ["medecin_des_armees"], "date_premiere_installation": "2005-01-01"}, {"secteur"}),
    ],
)
def test_eligible_optam_waits_for(record: dict[str, Any], needs: set[str]) -> None:
    """Article 40: an open answer names exactly the data that may still decide it."""
    found = answer("eligible_optam", record)
    assert (found.status, found.needs) == ("unknown", frozenset(needs))


def test_eligible_optam_co_waits_for() -> None:
    """Article 49: the conditions of article 40, specialty, acts, and the law itself for the specialties that it does not rank."""
    data = {"date_premiere_installation", "secteur", "titres", "specialite", "actes_chirurgie_obstetrique"}
    needs = data | {"inconnu:specialite_de_l_optam_co"}
    assert answer("eligible_optam_co", {}).needs == needs


def test_unranked_specialty_waits_for_the_law() -> None:
    """Article 49: no source ranks ophthalmology, so the answer waits for the law itself."""
    record = {"secteur": "secteur_2", "specialite": "ophtalmologie", "actes_chirurgie_obstetrique": 50}
    assert {need.partition(":")[0] for need in answer("eligible_optam_co", record).needs} == {"inconnu"}


@pytest.mark.parametrize(
    ("record", "value"),
    [
        ({"secteur": "secteur_2"}, True),
        ({"secteur": "droit_permanent"}, True),
        ({"secteur": "secteur_1", "titres": []}, False),
        ({"secteur": "non_conventionne"}, False),
    ],
)
def test_eligible_optam_known_from_little(record: dict[str, Any], value: bool) -> None:
    """Article 40: known as soon as what is known decides, on the word of the professional press."""
    found = answer("eligible_optam", record)
    assert (found.status, found.value, found.standing) == ("known", value, "doctrine")


# --- annexe 21 and article 41.1 ------------------------------------------------------------------------------------------------------


def test_mean_of_ratios() -> None:
    """Annexe 21, article 1: (40/100 + 30/60 + 10/40) / 3 = 23/60, on the text itself."""
    figures = zip((2013, 2014, 2015), (100_000, 60_000, 40_000), (40_000, 30_000, 10_000), strict=True)
    record = {"exercices": [{"annee": y, "honoraires_remboursables": h, "depassements": d} for y, h, d in figures]}
    found = answer("taux_depassement_constate", record)
    assert (found.value, found.standing) == (Fraction(23, 60), "texte")


def test_missing_excess_is_named() -> None:
    """Annexe 21, article 1: the one figure that lacks is what the rate waits for."""
    record: dict[str, Any] = {"exercices": years()}
    del record["exercices"][2]["depassements"]
    assert answer("taux_depassement_constate", record).needs == {"exercices[annee=2015].depassements"}


def test_absent_average_is_named() -> None:
    """Annexe 21, article 1: without activity in 2015 the caller must bring the average of the specialty in the region."""
    record = {"exercices": [], "specialite": "cardiologie", "region": "bretagne"}
    assert answer("taux_depassement_constate", record).needs == {"référentiel:moyennes_regionales[cardiologie ; bretagne]"}


def test_average_from_the_caller() -> None:
    """Annexe 21, article 1: the average that the caller brings is the rate, national for the nine specialties."""
    averages = {"moyennes_regionales": {("cardiologie", "bretagne"): "31 %"}, "moyennes_nationales": {("nephrologie",): "42 %"}}
    records: list[dict[str, Any]] = [{"exercices": [], "specialite": name, "region": "bretagne"} for name in ("cardiologie", "nephrologie")]
    found = [answer("taux_depassement_constate", record, references=averages).value for record in records]
    assert found == [Fraction(31, 100), Fraction(42, 100)]


def test_year_left_out_is_a_hypothesis() -> None:
    """Annexe 21: leaving out a year without activity is our reading, and the answer says so."""
    found = answer("taux_depassement_constate", {"exercices": years()[1:]})
    assert (found.value, found.standing, len(found.hypotheses)) == (Fraction(1, 4), "hypothèse", 1)


def test_recalculated_rate_waits_for_recalculated_figures() -> None:
    """Article 41.1: the observed figures do not stand in for the recalculated ones of who was not in the CAS."""
    needs = answer("taux_depassement_recalcule", {"adherent_cas": False, "exercices": years()}).needs
    fields = ("depassements_recalcules", "honoraires_remboursables_recalcules")
    assert {f"exercices[annee=2015].{field}" for field in fields} <= needs


def test_no_sector_is_asked_for_the_rate() -> None:
    """Article 41.1: the rate rests on the practice, whatever the sector; what it rests on waits for none to be told either.

    Sector 1 has a rule of its own that was not read: as long as that sector is possible, the common computation is a hypothesis.
    """
    record = {"adherent_cas": True, "exercices": years(), "demande_taux_groupe": False}
    sectors: list[dict[str, Any]] = [{}, {"secteur": "secteur_1"}, {"secteur": "secteur_2"}]
    found = [answer("taux_engagement", record | sector, AUGUST) for sector in sectors]
    assert [(each.value, each.standing, len(each.hypotheses)) for each in found] == [
        (Fraction(1, 4), "hypothèse", 1),
        (Fraction(1, 4), "hypothèse", 1),
        (Fraction(1, 4), "caisse", 0),
    ]


def test_commitment_rests_on_the_text_before_the_group_rates() -> None:
    """Article 41.1: before July 2017 no word of the caisse enters the commitment."""
    found = answer("taux_engagement", {"secteur": "secteur_2", "adherent_cas": True, "exercices": years()})
    assert (found.value, found.standing, found.hypotheses) == (Fraction(1, 4), "texte", ())


# --- the share without excess -----------------------------------------------------------------------------------------------------


def test_share_shows_both_units() -> None:
    """Article 41.1: acts or fees, no source tells; the answer waits for the choice and shows both."""
    record = {
        "adherent_cas": True,
        "exercices": years(1000, 0, honoraires_opposables=300, nombre_actes=10, nombre_actes_opposables=4),
    }
    found = answer("taux_opposable_engagement", record)
    assert found.status == "unknown"
    assert found.needs == {"hypothèse:unite_part_opposable"}
    assert found.alternatives == {"actes": Fraction(2, 5), "honoraires": Fraction(3, 10)}


def test_share_under_a_chosen_unit() -> None:
    """Article 41.1: the unit chosen is named among the hypotheses of the answer."""
    record = {"adherent_cas": True, "exercices": years(1000, 0, honoraires_opposables=300)}
    found = answer("taux_opposable_engagement", record, assume={"unite_part_opposable": "honoraires"})
    assert (found.value, found.standing) == (Fraction(3, 10), "hypothèse")
    assert "unite_part_opposable=honoraires" in found.hypotheses


def test_share_without_activity_rests_on_the_annex() -> None:
    """Annexe 21, article 1: the average share is the text's; that no floor of its own adds to it is ours."""
    record = {"adherent_cas": False, "exercices": [], "specialite": "dermatologie", "region": "corse"}
    averages = {"parts_opposables_regionales": {("dermatologie", "corse"): "35 %"}}
    seen, due = (answer(name, record, references=averages) for name in ("taux_opposable_constate", "taux_opposable_engagement"))
    assert (seen.value, due.value) == (Fraction(7, 20), Fraction(7, 20))
    assert (due.standing, ["plancher" in text for text in due.hypotheses]) == ("hypothèse", [True])


# --- the group ---------------------------------------------------------------------------------------------------------------------


def test_group_rate_says_its_hypotheses() -> None:
    """Source 003 gives no kind of mean: the simple one is ours, and the commitment that takes it says so."""
    found = answer("taux_engagement", in_group(member("A", 60), member("B", 80)), AUGUST)
    assert (found.value, found.standing, CAISSE_MEAN in found.hypotheses) == (Fraction(7, 10), "hypothèse", True)


def test_different_specialties_close_the_group_on_the_word_of_the_caisse() -> None:
    """One deciding condition is enough, and the answer rests on it alone."""
    found = answer("groupe.ouvert_au_taux_commun", in_group(member("A", 60), member("B", 80, specialite="cardiologie")), AUGUST)
    assert (found.value, found.standing) == (False, "caisse")


def test_unknown_specialty_of_a_volunteer_is_named() -> None:
    """One volunteer's unknown specialty leaves the group open, waiting for it alone."""
    other = member("B", 80)
    del other["specialite"]
    found = answer("groupe.ouvert_au_taux_commun", in_group(member("A", 60), other), AUGUST)
    assert found.status == "unknown"
    assert found.needs == {"groupe.membres[identifiant=B].specialite"}


def test_known_while_the_group_is_not_when_nothing_is_asked() -> None:
    """The group's data may lack where the doctor does not ask for its rate."""
    found = answer("taux_engagement", {**member("A", 25), "demande_taux_groupe": False}, AUGUST)
    assert (found.status, found.value) == ("known", Fraction(1, 4))


def test_known_where_base_and_group_agree() -> None:
    """Base and group both at 25 %: the condition that lacks changes nothing."""
    record = in_group(member("A", 25), member("B", 25), meme_structure=None)
    assert answer("groupe.ouvert_au_taux_commun", record, AUGUST).status == "unknown"
    assert answer("taux_engagement", record, AUGUST).value == Fraction(1, 4)


def test_open_group_condition_is_named() -> None:
    """Base and group apart: the commitment waits for the condition that lacks, and for nothing else."""
    record = in_group(member("A", 60), member("B", 80), meme_structure=None)
    assert answer("taux_engagement", record, AUGUST).needs == {"groupe.meme_structure"}


# --- time ----------------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("day", "present"),
    [
        ("2016-12-31", {"eligible_optam", "taux_engagement"}),
        ("2017-01-01", {"eligible_optam", "taux_engagement", "demande_recevable"}),
        ("2017-06-30", {"eligible_optam", "taux_engagement", "demande_recevable", "avenant_de_groupe_a_venir"}),
        ("2017-07-01", {"eligible_optam", "taux_engagement", "demande_recevable"}),
        ("2025-01-01", {"taux_engagement"}),
        ("2026-01-01", set()),
    ],
)
def test_answers_in_force(day: str, present: set[str]) -> None:
    """Each answer stands on its own days only."""
    dated = {"eligible_optam", "taux_engagement", "demande_recevable", "avenant_de_groupe_a_venir"}
    assert set(pack().answers(dt.date.fromisoformat(day))) & dated == present


# --- years without acts, and without fees ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("year", "refused"),
    [
        ({"honoraires_remboursables": "0.01", "nombre_actes": 0}, True),
        ({"honoraires_remboursables_recalcules": "0.01", "nombre_actes": 0}, True),
        ({"honoraires_remboursables": "0.01", "nombre_actes": 1}, False),
        ({"honoraires_remboursables": "0", "honoraires_remboursables_recalcules": "0", "nombre_actes": 0}, False),
        ({"honoraires_remboursables": "0.01"}, False),
        ({"nombre_actes": 0}, False),
    ],
)
def test_fees_suppose_acts(year: dict[str, Any], refused: bool) -> None:
    """Fees are prices of acts, lump sums being left out (annexe 21, article 1): fees and no act are a slip, an untold count is none."""
    _, faults = read_record(pack().program, {"identifiant": "A", "exercices": [{"annee": 2015, **year}]})
    assert (["E524"] if refused else []) == [fault.code for fault in faults]


@pytest.mark.parametrize("unit", ["actes", "honoraires"])
def test_a_year_without_activity_has_no_share(unit: str) -> None:
    """2014 saw no act: of the two other years, half and a quarter at the opposable tariff, the mean is (1/2 + 1/4)/2 = 3/8."""
    shares = {2013: (100, 50), 2014: (0, 0), 2015: (200, 50)}
    activity = [
        {
            "annee": year,
            "honoraires_remboursables": fees,
            "honoraires_opposables": held,
            "nombre_actes": fees,
            "nombre_actes_opposables": held,
        }
        for year, (fees, held) in shares.items()
    ]
    found = answer("taux_opposable_constate", {"identifiant": "A", "exercices": activity}, assume={"unite_part_opposable": unit})
    assert Fraction(3, 8) == found.value
