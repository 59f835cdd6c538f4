"""Draws complete dossiers for the 2016 convention, in the oracle's form, and writes them as records.

Draws stay near the thresholds of the law: dates around 1 January 2013, counts around 50 acts, rates around 100 %.
"""

from __future__ import annotations

import datetime as dt
from fractions import Fraction
from typing import Any

from hypothesis import strategies as st

from tests.conventions.oracle import FIRST_DAY, LAST_DAY

Doctor = dict[str, Any]
Raw = dict[str, Any]

SECTORS = ("non_conventionne", "secteur_1", "droit_permanent", "secteur_2")
TITLES = (
    "ancien_chef_de_clinique",
    "ancien_assistant_des_hopitaux",
    "medecin_des_armees",
    "praticien_hospitalier",
    "praticien_hospitalier_temps_partiel",
)
SPECIALTIES = (
    "medecine_generale",
    "cardiologie",
    "gastro_enterologie",
    "gynecologie_obstetrique",
    "gynecologie_medicale",
    "chirurgie_orthopedique",
    "chirurgie_infantile",
    "neurochirurgie",
    "ophtalmologie",
    "anesthesie_reanimation",
    "nephrologie",
    "medecine_nucleaire",
)
REGIONS = ("bretagne", "corse", "la_reunion")
OPTIONS = ("aucune", "cas", "optam", "optam_co", "optam_aco")
TURNING_DAYS = (
    FIRST_DAY,
    dt.date(2016, 12, 31),
    dt.date(2017, 1, 1),
    dt.date(2017, 6, 8),
    dt.date(2017, 6, 30),
    dt.date(2017, 7, 1),
    dt.date(2017, 8, 1),
    dt.date(2024, 12, 31),
    dt.date(2025, 1, 1),
    LAST_DAY,
)

AVERAGES: dict[str, dict[tuple[str, ...], Fraction]] = {
    "moyennes_regionales": {(s, r): Fraction(10 * i + 3 * j, 97) for i, s in enumerate(SPECIALTIES) for j, r in enumerate(REGIONS)},
    "moyennes_nationales": {(s,): Fraction(20 + i, 89) for i, s in enumerate(SPECIALTIES)},
    "parts_opposables_regionales": {(s, r): Fraction(5 * i + 2 * j, 83) for i, s in enumerate(SPECIALTIES) for j, r in enumerate(REGIONS)},
    "parts_opposables_nationales": {(s,): Fraction(30 + i, 79) for i, s in enumerate(SPECIALTIES)},
}

days = st.sampled_from(TURNING_DAYS) | st.dates(FIRST_DAY, LAST_DAY)
_installation = st.none() | st.sampled_from(
    [dt.date.fromisoformat(day) for day in ("2005-03-01", "2012-12-31", "2013-01-01", "2017-06-30", "2017-07-01", "2025-12-31")]
)


@st.composite
def years(draw: st.DrawFn, year: int) -> Doctor:
    """Draw the figures of a civil year, in euros; a year without fees has nothing at all."""
    fees = draw(st.sampled_from([0, 1, 100, 30_000]) | st.integers(0, 200_000))
    recalculated = draw(st.integers(fees, 2 * fees)) if fees else 0
    acts = draw(st.integers(1, 5_000)) if fees else 0

    def excess(base: int) -> int:
        near = draw(st.sampled_from([0, base // 2, base, 2 * base]))
        return max(0, near + draw(st.integers(-1, 1))) if base else 0

    return {
        "annee": year,
        "honoraires_remboursables": fees,
        "depassements": excess(fees),
        "honoraires_opposables": draw(st.integers(0, fees)),
        "honoraires_remboursables_recalcules": recalculated,
        "depassements_recalcules": excess(recalculated),
        "honoraires_opposables_recalcules": draw(st.integers(0, recalculated)),
        "nombre_actes": acts,
        "nombre_actes_opposables": draw(st.integers(0, acts)),
        "nombre_actes_opposables_recalcules": draw(st.integers(0, acts)),
    }


@st.composite
def doctors(draw: st.DrawFn, name: str = "A", specialties: tuple[str, ...] = SPECIALTIES) -> Doctor:
    """Draw a doctor outside any group."""
    worked = draw(st.sets(st.sampled_from([2012, 2013, 2014, 2015, 2016])) | st.just({2013, 2014, 2015}))
    return {
        "identifiant": name,
        "secteur": draw(st.sampled_from(SECTORS) | st.none() | st.just("secteur_2")),
        "titres": draw(st.sets(st.sampled_from(TITLES), max_size=2)),
        "specialite": draw(st.sampled_from(specialties)),
        "region": draw(st.sampled_from(REGIONS)),
        "date_premiere_installation": draw(_installation),
        "adherent_cas": draw(st.booleans()),
        "actes_chirurgie_obstetrique": draw(st.sampled_from([0, 49, 50, 51, 400])),
        "option_demandee": draw(st.sampled_from(OPTIONS)),
        "demande_taux_groupe": draw(st.booleans()),
        "groupe": None,
        "exercices": [draw(years(year)) for year in sorted(worked)],
    }


@st.composite
def members(draw: st.DrawFn) -> Doctor:
    """Draw doctor A of a group of one to four, often open to a common rate."""
    alike = draw(st.booleans())
    pool = (draw(st.sampled_from(SPECIALTIES)),) if alike else SPECIALTIES[:4]
    group: Doctor = {
        "identifiant": "G",
        "meme_structure": draw(st.booleans() | st.just(True)),
        "pratique_tarifaire_commune": draw(st.booleans() | st.just(True)),
        "membres": [draw(doctors(name, pool)) for name in "ABCD"[: draw(st.integers(1, 4))]],
    }
    if draw(st.booleans()):
        for member in group["membres"]:
            member |= {"secteur": "secteur_2", "demande_taux_groupe": True}
    group["membres"][0]["groupe"] = group
    return group["membres"][0]  # type: ignore[no-any-return]


dossiers = doctors() | members()


def record(doctor: Doctor) -> Raw:
    """Write a complete dossier as the record that a caller would send; a member of the group that is the doctor himself is named."""
    return {name: _written(name, value, doctor["identifiant"]) for name, value in doctor.items()}


def _written(name: str, value: Any, judged: str) -> Any:
    match value:
        case None:
            return "sans_objet"
        case dt.date():
            return value.isoformat()
        case set():
            return sorted(value)
        case dict():
            return {field: _written(field, content, judged) for field, content in value.items()}
        case list() if name == "membres":
            return [judged if member["identifiant"] == judged else _lone(member, judged) for member in value]
        case list():
            return [_written(name, item, judged) for item in value]
        case _:
            return value


def _lone(member: Doctor, judged: str) -> Raw:
    return {field: _written(field, content, judged) for field, content in member.items() if field != "groupe"}
