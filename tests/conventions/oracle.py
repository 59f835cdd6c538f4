"""Plain Python that turns a complete dossier into the answers of the 2016 convention, written from the law and not from the packs.

It knows neither the language nor the engine: dictionaries in, booleans and fractions out. Absence is not its subject; `None` stands for
what does not exist (no sector yet, never installed, no group).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from fractions import Fraction
from typing import Any

Doctor = Mapping[str, Any]
Averages = Mapping[str, Mapping[tuple[str, ...], Fraction]]

YEARS = (2013, 2014, 2015)
FIRST_DAY, LAST_JOINING_DAY, LAST_DAY = dt.date(2016, 10, 24), dt.date(2024, 12, 31), dt.date(2025, 12, 31)
OPTIONS_OPEN, GROUP_RATES_OPEN = dt.date(2017, 1, 1), dt.date(2017, 7, 1)

NATIONAL = {
    "anatomo_cyto_pathologie",
    "geriatrie",
    "medecine_interne",
    "nephrologie",
    "radiotherapie",
    "medecine_nucleaire",
    "chirurgie_thoracique_cardiovasculaire",
    "chirurgie_infantile",
    "neurochirurgie",
}
CANNOT_TELL = {"ophtalmologie", "oto_rhino_laryngologie", "stomatologie"}  # they operate; no source ranks them


class NotTold(Exception):
    """Raised where the law, as far as it was read, does not tell."""


def may_join_optam(doctor: Doctor, on: dt.date) -> bool:
    """Answer article 40, one way in after the other."""
    sector, first_day = doctor["secteur"], doctor["date_premiere_installation"]
    if sector is None:
        settling_in = first_day is None or first_day >= on
        return settling_in and len(doctor["titres"]) > 0
    if sector == "secteur_1":
        return len(doctor["titres"]) > 0 and first_day is not None and first_day.year <= 2012
    return bool(sector != "non_conventionne")


def may_join_optam_co(doctor: Doctor, on: dt.date) -> bool:
    """Answer article 49; NotTold for a specialty that operates without surgery in its name."""
    if not may_join_optam(doctor, on) or doctor["actes_chirurgie_obstetrique"] < 50:
        return False
    specialty = doctor["specialite"]
    if specialty in CANNOT_TELL:
        raise NotTold(specialty)
    return specialty == "gynecologie_obstetrique" or "chirurgi" in specialty


def request_fits(doctor: Doctor, on: dt.date) -> bool | None:
    """Tell whether the option asked for is open to the doctor; `None` for who asks for nothing."""
    match doctor["option_demandee"]:
        case "aucune":
            return None
        case "optam":
            return may_join_optam(doctor, on)
        case "optam_co":
            return may_join_optam_co(doctor, on)
        case _:
            return False


def _mean(values: list[Fraction]) -> Fraction:
    return sum(values, Fraction(0)) / len(values)


def _specialty_average(doctor: Doctor, averages: Averages, regional: str, national: str) -> Fraction:
    specialty = doctor["specialite"]
    if specialty in NATIONAL:
        return averages[national][(specialty,)]
    return averages[regional][(specialty, doctor["region"])]


def _over_the_period(doctor: Doctor, measure: str, top: str, bottom: str) -> list[Fraction] | None:
    """Return the yearly ratios of the active years of the period, or `None` without activity in its last year."""
    by_year = {year["annee"]: year for year in doctor["exercices"]}
    ratios = []
    for year in YEARS:
        figures = by_year.get(year)
        if figures is not None and figures["honoraires_remboursables" + measure] > 0:
            ratios.append(Fraction(figures[top], figures[bottom]))
        elif year == YEARS[-1]:
            return None
    return ratios


def observed_rate(doctor: Doctor, averages: Averages) -> Fraction:
    """Return the mean of the yearly excess ratios (annexe 21, article 1)."""
    ratios = _over_the_period(doctor, "", "depassements", "honoraires_remboursables")
    if ratios is None:
        return _specialty_average(doctor, averages, "moyennes_regionales", "moyennes_nationales")
    return _mean(ratios)


def recalculated_rate(doctor: Doctor, averages: Averages) -> Fraction:
    """Return the rate on the tariffs of sector 1: the observed one for who was in the CAS (article 41.1; annexe 21, article 2)."""
    if doctor["adherent_cas"]:
        return observed_rate(doctor, averages)
    ratios = _over_the_period(doctor, "_recalcules", "depassements_recalcules", "honoraires_remboursables_recalcules")
    if ratios is None:
        return _specialty_average(doctor, averages, "moyennes_regionales", "moyennes_nationales")
    return _mean(ratios)


def observed_share(doctor: Doctor, averages: Averages, unit: str) -> Fraction:
    """Return the mean of the yearly shares without excess, counted in acts or in fees."""
    top = "nombre_actes_opposables" if unit == "actes" else "honoraires_opposables"
    bottom = "nombre_actes" if unit == "actes" else "honoraires_remboursables"
    ratios = _over_the_period(doctor, "", top, bottom)
    if ratios is None:
        return _specialty_average(doctor, averages, "parts_opposables_regionales", "parts_opposables_nationales")
    return _mean(ratios)


def recalculated_share(doctor: Doctor, averages: Averages, unit: str) -> Fraction:
    """Return the share without excess on the tariffs of sector 1; it is also the least share to reach."""
    if doctor["adherent_cas"]:
        return observed_share(doctor, averages, unit)
    top = "nombre_actes_opposables_recalcules" if unit == "actes" else "honoraires_opposables_recalcules"
    bottom = "nombre_actes" if unit == "actes" else "honoraires_remboursables_recalcules"
    ratios = _over_the_period(doctor, "_recalcules", top, bottom)
    if ratios is None:
        return _specialty_average(doctor, averages, "parts_opposables_regionales", "parts_opposables_nationales")
    return _mean(ratios)


def volunteers(group: Doctor) -> list[Doctor]:
    """Return the members who ask for the common rate."""
    return [member for member in group["membres"] if member["demande_taux_groupe"]]


def group_is_open(group: Doctor, on: dt.date) -> bool:
    """Tell whether the volunteers may have a common rate (CNAMTS, June 2017)."""
    asking = volunteers(group)
    one_specialty = len({member["specialite"] for member in asking}) == 1
    admitted = on > LAST_JOINING_DAY or all(may_join_optam(member, on) for member in asking)
    return len(asking) > 1 and one_specialty and admitted and group["meme_structure"] and group["pratique_tarifaire_commune"]


def common_rate(group: Doctor, averages: Averages) -> Fraction | None:
    """Return the simple mean of the volunteers' rates, `None` without volunteer."""
    rates = [recalculated_rate(member, averages) for member in volunteers(group)]
    return _mean(rates) if rates else None


def commitment(doctor: Doctor, on: dt.date, averages: Averages) -> Fraction:
    """Return the excess rate to respect: one's own or the group's, never above 100 %."""
    rate: Fraction | None = None
    group = doctor["groupe"]
    if on >= GROUP_RATES_OPEN and group is not None and doctor["demande_taux_groupe"] and group_is_open(group, on):
        rate = common_rate(group, averages)
    if rate is None:
        rate = recalculated_rate(doctor, averages)
    return rate if rate < 1 else Fraction(1)
