"""Plain Python that turns a complete dossier into the answers of the 2024 convention, written from the law and not from the pack.

It knows neither the language nor the engine. `None` stands for what does not exist; readings of open questions are arguments;
`NotTold` is raised where the sources are silent.
"""

from __future__ import annotations

import calendar
import datetime as dt
from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import Any

Doctor = Mapping[str, Any]
Averages = Mapping[tuple[str, str], Fraction]
Ranks = Mapping[str, str]

FIRST_DAY, LAST_READ = dt.date(2025, 1, 1), dt.date(2026, 2, 28)
DEADLINE, NEW_RATES, POSTPONED, SENT = dt.date(2025, 11, 3), dt.date(2026, 1, 1), dt.date(2025, 7, 1), dt.date(2025, 5, 1)
NATIONAL_IN_2016 = {
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
CANNOT_TELL = {"ophtalmologie", "oto_rhino_laryngologie", "stomatologie"}


class NotTold(Exception):
    """Raised where the law, as far as it was read, does not tell."""


# --- joining ---------------------------------------------------------------------------------------------------------------------


def may_join_optam(doctor: Doctor, on: dt.date) -> bool:
    """Answer who may join: sector 2, permanent right, first installation with a title; titled sector 1 is not told."""
    sector, titled, installed = doctor["secteur"], bool(doctor["titres"]), doctor["date_premiere_installation"]
    if sector in ("secteur_2", "droit_permanent"):
        return True
    if sector == "secteur_1" and titled:
        raise NotTold("sector 1 with titles")
    return sector is None and titled and (installed is None or installed >= on)


def _operates(specialty: str) -> bool:
    if specialty in CANNOT_TELL:
        raise NotTold(specialty)
    return specialty in ("gynecologie_obstetrique", "anesthesie_reanimation") or "chirurgi" in specialty


def may_join_optam_aco(doctor: Doctor, on: dt.date, specialty_required: bool) -> bool:
    """Answer who may join OPTAM-ACO: fifty acts the year before, or a first activity in one of its specialties."""
    surgery, anaesthesia = doctor["actes_chirurgie_obstetrique"], doctor["actes_anesthesie"]
    worked = any(year["honoraires_remboursables"] > 0 for year in doctor["exercices"])
    enough = surgery + anaesthesia >= 50
    starting = surgery == anaesthesia == 0 and not worked
    person = _told(may_join_optam, doctor, on)
    route = _told(_route, doctor, enough, starting, specialty_required)
    if person is False or route is False:
        return False
    if person is None or route is None:
        raise NotTold("one condition of OPTAM-ACO")
    return True


def _told(rule: Callable[..., bool], *arguments: object) -> bool | None:
    try:
        return rule(*arguments)
    except NotTold:
        return None


def _route(doctor: Doctor, enough: bool, starting: bool, specialty_required: bool) -> bool:
    if enough and not specialty_required:
        return True
    return (enough or starting) and _operates(doctor["specialite"])


def anaesthesia_modifier(doctor: Doctor, on: dt.date, specialty_required: bool) -> Fraction | None:
    """Return 8 % or 12 % for an anaesthetist, `None` for the other specialties."""
    if doctor["specialite"] != "anesthesie_reanimation":
        return None
    if may_join_optam_aco(doctor, on, specialty_required):
        return Fraction(8, 100)
    care = doctor["soin"]
    privileged = care is not None and (care["beneficiaire_css"] or care["urgence"])
    match doctor["secteur"], privileged:
        case "secteur_1", False:
            return Fraction(12, 100)
        case (("non_conventionne" | "droit_permanent" | "secteur_2"), True):
            return Fraction(8, 100)
        case _:
            raise NotTold("which modifier")


# --- rates of 2022 and 2023 ----------------------------------------------------------------------------------------------------------


def _ratio(doctor: Doctor, top: str, bottom: str, activity: str, mean_of_ratios: bool) -> Fraction | None:
    """Return one figure over another across the active years of the period, `None` where there are none."""
    active = [year for year in doctor["exercices"] if 2022 <= year["annee"] <= 2023 and year[activity] > 0]
    if not active:
        return None
    if mean_of_ratios:
        return sum((Fraction(year[top], year[bottom]) for year in active), Fraction(0)) / len(active)
    return Fraction(sum(year[top] for year in active), sum(year[bottom] for year in active))


def observed_rate(doctor: Doctor, mean_of_ratios: bool) -> Fraction | None:
    """Return the observed excess rate under one reading."""
    return _ratio(doctor, "depassements", "honoraires_remboursables", "honoraires_remboursables", mean_of_ratios)


def recalculated_rate(doctor: Doctor, mean_of_ratios: bool) -> Fraction | None:
    """Return the excess rate on the tariffs of sector 1 under one reading."""
    base = "honoraires_remboursables_recalcules"
    return _ratio(doctor, "depassements_recalcules", base, base, mean_of_ratios)


def observed_share(doctor: Doctor, mean_of_ratios: bool, unit: str) -> Fraction | None:
    """Return the share without excess under one reading and unit."""
    if unit == "actes":
        return _ratio(doctor, "nombre_actes_opposables", "nombre_actes", "honoraires_remboursables", mean_of_ratios)
    return _ratio(doctor, "honoraires_opposables", "honoraires_remboursables", "honoraires_remboursables", mean_of_ratios)


def commitment(doctor: Doctor, averages: Averages, ranks: Ranks, capped: bool) -> Fraction:
    """Return the rate of a new installation: the region's, 10 points up or 5 points down; what others owe is not told."""
    installed = doctor["date_premiere_installation"]
    worked = observed_rate(doctor, True) is not None
    if worked or (installed is not None and installed.year < 2024):
        raise NotTold("the share of gains")
    if doctor["specialite"] in NATIONAL_IN_2016:
        raise NotTold("whether the average is national")
    steps = {"taux_les_plus_bas": Fraction(10, 100), "ni_bas_ni_haut": Fraction(0), "taux_les_plus_hauts": Fraction(-5, 100)}
    rate = max(Fraction(0), averages[doctor["specialite"], doctor["region"]] + steps[ranks[doctor["region"]]])
    return min(rate, Fraction(1)) if capped else rate


# --- the campaign of 2025 ----------------------------------------------------------------------------------------------------------


def _month_later(day: dt.date, months: int) -> dt.date:
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return dt.date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def is_member(doctor: Doctor) -> bool:
    """Tell whether the dossier holds an option of the family."""
    contract = doctor["adhesion"]
    return contract is not None and contract["option"] in ("optam", "optam_co", "optam_aco")


def has_to_sign(doctor: Doctor) -> bool:
    """Tell whether an amendment of 2025 was due: from who joined before 2025; not told for who joined by the deadline."""
    if not is_member(doctor):
        return False
    joined = doctor["adhesion"]["date_adhesion"]
    if FIRST_DAY <= joined <= DEADLINE:
        raise NotTold("who joined in 2025")
    return bool(joined < FIRST_DAY)


def has_signed(doctor: Doctor, on: dt.date) -> bool:
    """Tell whether an amendment of 2025 is signed and has not lapsed with the increases that were postponed."""
    contract = doctor["adhesion"]
    signed = None if contract is None else contract["date_signature_avenant"]
    if contract is None or signed is None or not SENT <= signed <= on:
        return False
    return not (contract["avenant_compte_sur_les_hausses"] and signed < POSTPONED <= on)


def rate_to_respect(doctor: Doctor, on: dt.date, former: str, new: str) -> Fraction | None:
    """Return the printed rate that judges a day: the contract's throughout 2025, the amendment's from 2026 on."""
    if not is_member(doctor):
        return None
    contract = doctor["adhesion"]
    if on >= NEW_RATES:
        if has_signed(doctor, on):
            return contract[new]  # type: ignore[no-any-return]
        if has_to_sign(doctor):
            raise NotTold("2026 without signature")
    if contract[former] is None:
        raise NotTold("a rate that the contract does not print")
    return contract[former]  # type: ignore[no-any-return]


def end_of_procedure(doctor: Doctor, clear_days: bool) -> dt.date:
    """Return the last of the two months that follow the letter."""
    return _month_later(doctor["adhesion"]["date_reception_procedure"], 2) + dt.timedelta(days=int(clear_days))


def ended_on(doctor: Doctor, on: dt.date, clear_days: bool) -> dt.date | None:
    """Return the first day without the option by the fund's decision, as known on a day."""
    contract = doctor["adhesion"]
    if not is_member(doctor) or contract["date_reception_procedure"] is None or contract["date_reception_procedure"] > on:
        return None
    if contract["date_effet_notifiee"] is not None:
        return contract["date_effet_notifiee"]  # type: ignore[no-any-return]
    closed = contract["date_cloture_procedure"] is not None and contract["date_cloture_procedure"] <= on
    end = end_of_procedure(doctor, clear_days)
    in_time = has_signed(doctor, on) and contract["date_signature_avenant"] <= end
    if contract["motif_procedure"] == "avenant_non_signe" and on > end and not in_time and not closed:
        return end + dt.timedelta(days=1)
    return None


def has_left(doctor: Doctor, on: dt.date) -> bool:
    """Tell whether the doctor wrote that he leaves or does not renew."""
    letters = ("date_reception_resiliation", "date_reception_non_reconduction")
    return is_member(doctor) and any(doctor["adhesion"][name] is not None and doctor["adhesion"][name] <= on for name in letters)


def state(doctor: Doctor, on: dt.date, clear_days: bool) -> str:
    """Return the state of the membership on a day; not told once the doctor has written that he leaves."""
    if not is_member(doctor):
        return "aucune_adhesion"
    contract = doctor["adhesion"]
    if contract["date_adhesion"] > on:
        return "a_venir"
    end = ended_on(doctor, on, clear_days)
    if end is not None and end <= on:
        return "resiliee"
    if has_left(doctor, on):
        raise NotTold("notice of a departure")
    opened = contract["date_reception_procedure"] is not None and contract["date_reception_procedure"] <= on
    closed = contract["date_cloture_procedure"] is not None and contract["date_cloture_procedure"] <= on
    cured = contract["motif_procedure"] == "avenant_non_signe" and has_signed(doctor, on)
    return "en_procedure" if opened and not closed and not cured else "en_cours"


def no_excess(doctor: Doctor) -> bool | None:
    """Tell whether the care must be billed without excess by law; urgent care is not told."""
    care = doctor["soin"]
    if care is None:
        return None
    if care["personne_detenue"]:
        return True
    if care["beneficiaire_css"] and not (care["exigence_particuliere"] or care["depassement_autorise"]):
        return True
    if care["urgence"]:
        raise NotTold("urgent care")
    return False
