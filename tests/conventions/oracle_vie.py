"""Plain Python that turns a complete dossier into the life of its membership of 2016, written from the law and not from the packs.

It knows neither the language nor the engine. `None` stands for what does not exist (an event that never happened, no activity, no care);
NotTold is raised where the law, as far as it was read, does not tell. `readings` holds the chosen reading of each open question.
"""

from __future__ import annotations

import calendar
import datetime as dt
from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import Any

from tests.conventions.oracle import CANNOT_TELL, NotTold

Doctor = Mapping[str, Any]
Readings = Mapping[str, str]

ONE_DAY = dt.timedelta(days=1)
RATES = {  # CSMF, undated page: tenths of a percent of the fees without excess
    "anatomo_cyto_pathologie": 47,
    "anesthesie_reanimation": 70,
    "cardiologie": 70,
    "dermatologie": 83,
    "endocrinologie": 88,
}
SURGEONS_RATE = 72
SCALE = ((1, 100), (2, 90), (3, 70), (4, 50), (5, 30))  # SYNMAD: up to so many points, so many percent; beyond, nothing


def months_later(day: dt.date, count: int) -> dt.date:
    """Move a day by whole months, to the last day of a month that is too short."""
    index = day.year * 12 + day.month - 1 + count
    year, month = divmod(index, 12)
    return dt.date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def slack(readings: Readings) -> dt.timedelta:
    """Return what a clear delay adds."""
    return ONE_DAY if readings["decompte_des_delais"] == "franc" else dt.timedelta()


def first_day(contract: Doctor) -> dt.date:
    """Return the first day of the option: the conversion's, for who came from the CAS."""
    return contract["date_conversion_cas"] or contract["date_adhesion"]  # type: ignore[no-any-return]


def next_anniversary(contract: Doctor, after: dt.date) -> dt.date:
    """Return the first anniversary after a day; 29 February comes back on 1 March."""
    start = first_day(contract)
    year = start.year + 1
    while True:
        leap = start.month == 2 and start.day == 29 and not calendar.isleap(year)
        anniversary = dt.date(year, 3, 1) if leap else start.replace(year=year)
        if anniversary > after:
            return anniversary
        year += 1


def last_day_to_refuse(anniversary: dt.date, readings: Readings) -> dt.date:
    """Return the last day on which a refusal may arrive: one month before the term, which is the eve of the anniversary."""
    return months_later(anniversary - ONE_DAY, -1) - slack(readings)


def happened(day: dt.date | None, on: dt.date) -> bool:
    """Tell whether an event took place on or before a day."""
    return day is not None and day <= on


def way_out_of_the_doctor(contract: Doctor, on: dt.date, readings: Readings) -> dt.date | None:
    """Return the first day without the option by the doctor's will (article 45.1)."""
    days = []
    refusal, leave = contract["date_reception_non_reconduction"], contract["date_reception_resiliation"]
    if happened(refusal, on):
        anniversary = next_anniversary(contract, refusal)
        if refusal > last_day_to_refuse(anniversary, readings):
            raise NotTold("a refusal that arrives too late")
        days.append(anniversary)
    if happened(leave, on):
        days.append(months_later(leave, 1) + slack(readings))
    return min(days, default=None)


def end_of_observations(contract: Doctor, readings: Readings) -> dt.date:
    """Return the last day of the two months that follow the letter of the caisse."""
    return months_later(contract["date_reception_procedure"], 2) + slack(readings)


def way_out_of_the_caisse(contract: Doctor, on: dt.date, readings: Readings) -> dt.date | None:
    """Return the first day without the option by the caisse's decision (article 45.2)."""
    if not happened(contract["date_reception_procedure"], on):
        return None
    if contract["date_effet_notifiee"] is not None:
        return contract["date_effet_notifiee"]  # type: ignore[no-any-return]
    end = end_of_observations(contract, readings)
    unsigned = contract["motif_procedure"] == "avenant_non_signe" and not happened(contract["date_signature_avenant"], end)
    if unsigned and on > end and not happened(contract["date_cloture_procedure"], on):
        return end + ONE_DAY
    return None


def way_out(contract: Doctor, on: dt.date, readings: Readings) -> dt.date | None:
    """Return the first day without the option, as far as events up to a day tell."""
    days = [way_out_of_the_doctor(contract, on, readings), way_out_of_the_caisse(contract, on, readings)]
    return min((day for day in days if day is not None), default=None)


def under_procedure(contract: Doctor, on: dt.date) -> bool:
    """Tell whether the caisse's procedure is open."""
    if not happened(contract["date_reception_procedure"], on) or happened(contract["date_cloture_procedure"], on):
        return False
    return not (contract["motif_procedure"] == "avenant_non_signe" and happened(contract["date_signature_avenant"], on))


def is_member_of_2016(doctor: Doctor) -> bool:
    """Tell whether the doctor signed one of the two options of 2016."""
    contract = doctor["adhesion"]
    return contract is not None and contract["option"] in ("optam", "optam_co")


def state(doctor: Doctor, on: dt.date, readings: Readings) -> str:
    """Return the state of the membership on a day."""
    if not is_member_of_2016(doctor):
        return "aucune_adhesion"
    contract = doctor["adhesion"]
    if first_day(contract) > on:
        return "a_venir"
    out = way_out(contract, on, readings)
    if out is not None and out <= on:
        return "resiliee"
    if under_procedure(contract, on):
        return "en_procedure"
    told = happened(contract["date_reception_non_reconduction"], on) or happened(contract["date_reception_resiliation"], on)
    return "preavis" if told else "en_cours"


def effect(doctor: Doctor, on: dt.date, readings: Readings) -> dt.date | None:
    """Return the first day without the option, `None` where nothing ends it."""
    return way_out(doctor["adhesion"], on, readings) if is_member_of_2016(doctor) else None


def next_deadline(doctor: Doctor, on: dt.date, readings: Readings) -> dt.date | None:
    """Return the nearest of the days that count: term, last day to refuse, to sign, to answer, day of leaving."""
    if not is_member_of_2016(doctor):
        return None
    contract = doctor["adhesion"]
    out = way_out(contract, on, readings)
    if out is not None and out <= on:
        return None
    anniversary = next_anniversary(contract, on)
    days = [anniversary - ONE_DAY]
    if not happened(contract["date_reception_non_reconduction"], on):
        days.append(last_day_to_refuse(anniversary, readings))
    if happened(contract["date_envoi_avenant"], on) and not happened(contract["date_signature_avenant"], on):
        days.append(months_later(contract["date_envoi_avenant"], 2) + slack(readings))
    if under_procedure(contract, on):
        days.append(end_of_observations(contract, readings))
    if out is not None:
        days.append(out)
    return min(day for day in days if day >= on)


# --- the civil year ------------------------------------------------------------------------------------------------------------------


def year_checked(on: dt.date) -> int | None:
    """Return the last civil year whose acts were settled by 31 March of the next; the first one is 2017."""
    year = on.year - 1 if on > dt.date(on.year, 3, 31) else on.year - 2
    return year if year >= 2017 else None


def amended(contract: Doctor, year: int, readings: Readings) -> bool:
    """Tell whether the amendment judges a year."""
    signed = contract["date_signature_avenant"]
    late = 0 if readings["effet_de_l_avenant"] == "annee_de_la_signature" else 1
    return signed is not None and signed.year + late <= year


def gaps(doctor: Doctor, on: dt.date, readings: Readings) -> tuple[Fraction, Fraction] | None:
    """Return both gaps of the year checked, in ratios, `None` without activity; the contract prints its rates."""
    year, contract = year_checked(on), doctor["adhesion"]
    figures = next((e for e in doctor["exercices"] if e["annee"] == year and e["honoraires_remboursables"] > 0), None)
    if year is None or figures is None:
        return None
    printed = "de_l_avenant" if amended(contract, year, readings) else "du_contrat"
    rate = min(contract[f"taux_depassement_{printed}"], Fraction(1))
    share = contract[f"taux_opposable_{printed}"]
    seen = Fraction(figures["depassements"], figures["honoraires_remboursables"])
    if readings["unite_part_opposable"] == "actes":
        seen_share = Fraction(figures["nombre_actes_opposables"], figures["nombre_actes"])
    else:
        seen_share = Fraction(figures["honoraires_opposables"], figures["honoraires_remboursables"])
    return max(seen - rate, Fraction(0)), max(share - seen_share, Fraction(0))


def part_left(gap: Fraction, readings: Readings) -> Fraction:
    """Return the part that a gap leaves; at two, three and four points, the reading tells the tier; one and five are told."""
    points = gap * 100
    for upper, percent in SCALE:
        shared = upper in (2, 3, 4) and readings["bornes_des_paliers"] == "basses_incluses"
        if points < upper or (points == upper and not shared):
            return Fraction(percent, 100)
    return Fraction(0)


def part_paid(doctor: Doctor, on: dt.date, readings: Readings) -> Fraction | None:
    """Return the part of the remuneration that both gaps leave."""
    found = gaps(doctor, on, readings)
    if found is None:
        return None
    if readings["combinaison_des_ecarts"] == "pire":
        return part_left(max(found), readings)
    return sum((part_left(gap, readings) for gap in found), Fraction(0)) / 2


def specialty_rate(doctor: Doctor) -> Fraction:
    """Return the rate of the specialty; NotTold after the cut of the table."""
    specialty = doctor["specialite"]
    if specialty in RATES:
        return Fraction(RATES[specialty], 1000)
    if "chirurgi" in specialty:
        return Fraction(SURGEONS_RATE, 1000)
    raise NotTold(specialty)


def bonus(doctor: Doctor, on: dt.date, readings: Readings) -> Decimal | None:
    """Return the remuneration of the year checked, rounded to the cent, `None` where none is due."""
    year, contract = year_checked(on), doctor["adhesion"]
    if year is None or contract is None or contract["option"] != "optam" or first_day(contract) > dt.date(year, 12, 31):
        return None
    out = way_out(contract, on, readings)
    if out is not None and out <= dt.date(year, 1, 1):
        return None
    if out is not None and out.year == year:
        raise NotTold("what is due for the year of an exit")
    part, rate = part_paid(doctor, on, readings), specialty_rate(doctor)
    if part is None:
        return None
    fees = sum(e["honoraires_opposables"] for e in doctor["exercices"] if e["annee"] == year)
    exact = fees * rate * part
    return (Decimal(exact.numerator) / Decimal(exact.denominator)).quantize(Decimal("0.01"), ROUND_HALF_UP)


# --- quarters ------------------------------------------------------------------------------------------------------------------------


def warning_due(doctor: Doctor, on: dt.date) -> bool | None:
    """Tell whether two quarters in a row, since the rates of the day hold, missed a commitment."""
    if not is_member_of_2016(doctor):
        return None
    contract = doctor["adhesion"]
    signed = happened(contract["date_signature_avenant"], on)
    since = contract["date_signature_avenant"] if signed else first_day(contract)
    printed = "de_l_avenant" if signed else "du_contrat"
    rate, share = min(contract[f"taux_depassement_{printed}"], Fraction(1)), contract[f"taux_opposable_{printed}"]
    missed = set()
    for quarter in doctor["trimestres"]:
        begins = dt.date(quarter["annee"], 1 + 3 * (quarter["numero"] - 1), 1)
        over = months_later(begins, 3) <= on
        if begins >= since and over and (quarter["taux_depassement_observe"] > rate or quarter["taux_opposable_observe"] < share):
            missed.add(quarter["annee"] * 4 + quarter["numero"])
    return any(rank + 1 in missed for rank in missed)


# --- care ----------------------------------------------------------------------------------------------------------------------------

AID_ENDS = dt.date(2019, 10, 31)
SECOND_DECISION = dt.date(2018, 12, 18)


def tariff_binds(doctor: Doctor, on: dt.date) -> bool | None:
    """Tell whether no excess may be charged for the care (L. 162-5-13; article 38.3)."""
    care = doctor["soin"]
    if care is None:
        return None
    if care["personne_detenue"]:
        return True
    if care["beneficiaire_css"] and not care["exigence_particuliere"] and not care["depassement_autorise"]:
        return True
    bound = doctor["secteur"] not in (None, "non_conventionne")
    return bound and (care["urgence"] or (care["beneficiaire_acs"] and on <= AID_ENDS))


def code(doctor: Doctor, on: dt.date, readings: Readings) -> str | None:
    """Return K or T, `None` for an act without the surcharge (UNCAM decisions of 2017 and 2018)."""
    care, specialty, sector = doctor["soin"], doctor["specialite"], doctor["secteur"]
    if care is None or sector in (None, "non_conventionne"):
        return None
    surgeon = "chirurgi" in specialty
    if not surgeon and not (specialty == "gynecologie_obstetrique" and care["accouchement"]):
        if specialty == "gynecologie_obstetrique" or specialty in CANNOT_TELL:
            raise NotTold(specialty)
        return None
    aided = care["beneficiaire_css"] or (care["beneficiaire_acs"] and on <= AID_ENDS)
    if care["au_tarif_opposable"] and (aided or (care["urgence"] and on < SECOND_DECISION)):
        return "modificateur_k"
    contract = doctor["adhesion"]
    option = contract["option"] if contract is not None else None
    if option == "cas":
        raise NotTold("still in the CAS")
    in_force = option if state(doctor, on, readings) in ("en_cours", "preavis", "en_procedure") else None
    if sector == "secteur_1" and in_force == "optam":
        raise NotTold("sector 1 with titles in plain OPTAM")
    if sector == "secteur_1" or in_force == "optam_co":
        return "modificateur_k"
    if care["au_tarif_opposable"] and care["urgence"]:
        raise NotTold("urgency since the second decision")
    return "modificateur_t"
