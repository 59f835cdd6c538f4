"""Plain Python that turns a complete dossier into the answers on the contrat d'accès aux soins, written from the law and not from the pack.

It knows neither the language nor the engine. `None` stands for what does not exist: no sector yet, never installed, no letter sent.
Readings of open questions are arguments; `NotTold` is raised where the sources are silent.
"""

from __future__ import annotations

import calendar
import datetime as dt
from collections.abc import Mapping
from fractions import Fraction
from typing import Any

Doctor = Mapping[str, Any]

FIRST_DAY, LAST_JOINING_DAY, LAST_DAY = dt.date(2012, 10, 25), dt.date(2016, 12, 31), dt.date(2019, 12, 30)
STARTS = {
    "premier_decembre_2013": dt.date(2013, 12, 1),
    "deux_decembre_2013": dt.date(2013, 12, 2),
    "premier_janvier_2013": dt.date(2013, 1, 1),
    "premier_janvier_2014": dt.date(2014, 1, 1),
}


class NotTold(Exception):
    """Raised where the law, as far as it was read, does not tell."""


# --- joining ---------------------------------------------------------------------------------------------------------------------


def may_join(doctor: Doctor) -> bool:
    """Answer who could join: sector 2, permanent right, or titled sector 1 installed before 2013."""
    match doctor["secteur"]:
        case "secteur_2" | "droit_permanent":
            return True
        case "secteur_1":
            installed = doctor["date_premiere_installation"]
            return installed is not None and installed.year < 2013 and bool(doctor["titres"])
        case _:
            return False


# --- commitments -----------------------------------------------------------------------------------------------------------------


def _year_2012(doctor: Doctor) -> Doctor | None:
    for year in doctor["exercices"]:
        if year["annee"] == 2012 and year["honoraires_remboursables"] > 0:
            return year  # type: ignore[no-any-return]
    return None


def observed_rate(doctor: Doctor) -> Fraction | None:
    """Return the excess ratio of 2012, `None` without activity."""
    year = _year_2012(doctor)
    return None if year is None else Fraction(year["depassements"], year["honoraires_remboursables"])


def recalculated_rate(doctor: Doctor) -> Fraction | None:
    """Return the same on the tariffs of sector 1, which are those that a doctor of sector 1 bills on."""
    year = _year_2012(doctor)
    if year is None or doctor["secteur"] == "secteur_1":
        return observed_rate(doctor)
    return Fraction(year["depassements_recalcules"], year["honoraires_remboursables_recalcules"])


def commitment(doctor: Doctor) -> Fraction:
    """Return the rate to respect: the recalculated one, at most 100 %."""
    rate = recalculated_rate(doctor)
    if rate is None:
        raise NotTold("no source gives the rate of who had no activity in 2012")
    return Fraction(1) if rate > 1 else rate


def observed_share(doctor: Doctor, unit: str) -> Fraction | None:
    """Return the share of 2012 without excess, in acts or in fees."""
    year = _year_2012(doctor)
    if year is None:
        return None
    if unit == "actes":
        return Fraction(year["nombre_actes_opposables"], year["nombre_actes"])
    return Fraction(year["honoraires_opposables"], year["honoraires_remboursables"])


def share_to_reach(doctor: Doctor, unit: str, floor_for_all: bool, floor_replaces: bool) -> Fraction:
    """Return the share to reach: the earlier one, with 30 % for whom the floor is said to bind."""
    floor, share = Fraction(30, 100), observed_share(doctor, unit)
    titled = doctor["secteur"] == "secteur_1"
    installed = doctor["date_premiere_installation"]
    newly = installed is not None and installed > dt.date(2012, 12, 31)
    bound = titled or newly or floor_for_all
    if share is None:
        if not bound:
            raise NotTold("no earlier share, and no floor")
        return floor
    if titled and floor_replaces:
        return floor
    return max(share, floor) if bound else share


# --- the contract ------------------------------------------------------------------------------------------------------------------


def years_later(day: dt.date, years: int) -> dt.date:
    """Return the anniversary; that of a 29 February is 1 March in other years."""
    if (day.month, day.day) == (2, 29) and not calendar.isleap(day.year + years):
        return dt.date(day.year + years, 3, 1)
    return dt.date(day.year + years, day.month, day.day)


def last_day(signed: dt.date) -> dt.date:
    """Return the last day of the three years."""
    return years_later(signed, 3) - dt.timedelta(days=1)


def leaves_on(doctor: Doctor, on: dt.date) -> dt.date | None:
    """Return the first day outside by the doctor's own letter, once received: the next anniversary."""
    contract = doctor["adhesion"]
    letter = None if contract is None else contract["date_reception_resiliation"]
    if contract is None or letter is None or letter > on:
        return None
    anniversaries = [years_later(contract["date_adhesion"], n) for n in (1, 2, 3)]
    return next((day for day in anniversaries if letter <= day), None)


def state(doctor: Doctor, on: dt.date, start: dt.date) -> str:
    """Return the state of the membership on a day, for a dossier whose only option was the contract."""
    contract = doctor["adhesion"]
    if contract is None:
        return "aucune_adhesion"
    signed, converted = contract["date_adhesion"], contract["date_conversion_cas"]
    if converted is not None and converted <= on:
        return "convertie"
    if signed > on or signed.year > 2016:
        return "aucune_adhesion"
    leaving = leaves_on(doctor, on)
    if leaving is not None and leaving <= on:
        return "resiliee"
    if on > last_day(signed):
        if last_day(signed) < LAST_JOINING_DAY:
            raise NotTold("whether a contract could be renewed before 2017")
        return "echue"
    if on < start:
        return "a_venir"
    letter = contract["date_reception_resiliation"]
    return "preavis" if letter is not None and letter <= on else "en_cours"


def no_excess(doctor: Doctor, on: dt.date, start: dt.date) -> bool | None:
    """Tell whether the care must be billed without excess, by law or by contract; `None` without care."""
    care = doctor["soin"]
    if care is None:
        return None
    reserved = care["exigence_particuliere"] or care["depassement_autorise"]
    if care["personne_detenue"] or (care["beneficiaire_css"] and not reserved):
        return True
    aided = care["beneficiaire_acs"] and on < dt.date(2019, 11, 1)
    if not (care["urgence"] or aided or care["beneficiaire_css"]):
        return False
    if state(doctor, on, start) not in ("en_cours", "preavis"):
        return False
    if care["urgence"] or aided:
        return True
    raise NotTold("whether a patient's own demand lifts the contract's rule")
