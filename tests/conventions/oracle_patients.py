"""Plain Python that turns a complete act into what the patient owes and gets back, written from the law and not from the packs.

Euros are fractions. `None` stands for what no source tells, and passes through every sum; open questions are read as `readings` says.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

Act = Mapping[str, Any]
Readings = Mapping[str, str]
Euros = Fraction | None

FIRST_DAY = dt.date(2013, 1, 1)
PSYCHIATRIC = {"psychiatrie", "psychiatrie_de_l_enfant", "neuropsychiatrie"}
GYNAECOLOGY = {"gynecologie_medicale", "gynecologie_obstetrique"}


def _day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


def _euros(text: str) -> Fraction:
    return Fraction(text)


# --- published tariffs: (first day, last day, sector 1, outside the options) ------------------------------------------------------

GENERALIST = [
    ("2018-01-01", "2023-10-31", "25", "23"),
    ("2023-11-01", "2024-12-21", "26.50", None),
    ("2024-12-22", "9999-12-31", "30", None),
]
SPECIALIST = [
    ("2013-01-01", "2016-12-31", "28", "23"),
    ("2017-01-01", "2017-06-30", "2017", "23"),
    ("2017-07-01", "2023-10-31", "30", "23"),
    ("2023-11-01", "9999-12-31", "31.50", "23"),
]
OWN_TARIFFS = {  # since 22 December 2024, then since 1 January 2026: over 25 for psychiatry and neurology
    "gynecologie": ("37", "40"),
    "geriatrie": ("32", "42"),
    "endocrinologie": ("60", "62"),
    "over_25": ("55", "57"),
    "psychiatry_under_25": ("67", "75"),
}


def _published(table: Sequence[tuple[str, str, str, str | None]], on: dt.date, column: int, readings: Readings) -> Euros:
    for row in table:
        if _day(row[0]) <= on <= _day(row[1]):
            found = row[column]
            if found == "2017":
                found = {"vingt_huit_euros": "28", "vingt_six_euros": "26"}[readings["tarif_du_premier_semestre_2017"]]
            return None if found is None else _euros(found)
    return None


def _own_tariff(act: Act, on: dt.date) -> str | None:
    specialty, age = act["specialite"], act["age_patient"]
    name = "gynecologie" if specialty in GYNAECOLOGY else specialty
    if specialty in ("psychiatrie", "neurologie") and age > 25:
        name = "over_25"
    elif specialty == "psychiatrie" and age < 25:
        name = "psychiatry_under_25"
    pair = OWN_TARIFFS.get(name)
    return None if pair is None else pair[on >= dt.date(2026, 1, 1)]


def consultation(act: Act, on: dt.date, readings: Readings) -> tuple[Euros, Euros]:
    """Return the tariff of a consultation in sector 1, and outside the options."""
    specialty = act["specialite"]
    if specialty == "medecine_generale":
        return _published(GENERALIST, on, 2, readings), _published(GENERALIST, on, 3, readings)
    apart = specialty in PSYCHIATRIC or specialty == "neurologie"
    if on >= dt.date(2024, 12, 22) and (apart or specialty in GYNAECOLOGY or specialty in ("geriatrie", "endocrinologie")):
        own = _own_tariff(act, on)
        return (None if own is None else _euros(own)), None
    if apart:
        return None, None
    return _published(SPECIALIST, on, 2, readings), _published(SPECIALIST, on, 3, readings)


def one_off_opinion(act: Act, on: dt.date, readings: Readings) -> Euros:
    """Return the base of the avis ponctuel de consultant, one for all sectors."""
    psychiatric = act["specialite"] in PSYCHIATRIC
    if on.year == 2023 and on.month < 11:
        return None if psychiatric else _euros("55")
    if on < dt.date(2023, 11, 1):
        return None
    before_rise = on < dt.date(2024, 12, 22)
    if psychiatric:
        return _euros("64") if before_rise and act["specialite"] == "psychiatrie" else None
    if readings["tarif_de_l_avis_ponctuel"] == "montant_du_sncp":
        return _euros("51.50")
    return _euros("56.50" if before_rise else "60")


def _other_kind(kind: str, on: dt.date) -> Euros:
    autumn_2023 = dt.date(2023, 11, 1) <= on <= dt.date(2024, 12, 21)
    if kind == "consultation_de_cardiologie":
        return _euros("54") if autumn_2023 else None
    if kind == "consultation_complexe":
        return _euros("47.50") if autumn_2023 else None
    if on < dt.date(2024, 12, 22):
        return None
    return _euros("60" if on.year >= 2026 else "54")


def base(act: Act, on: dt.date, readings: Readings) -> Euros:
    """Return the amount on which the health insurance reckons."""
    kind, generalist = act["nature"], act["specialite"] == "medecine_generale"
    if kind == "autre_acte":
        return act["base_fournie"]  # type: ignore[no-any-return]
    if act["secteur"] == "non_conventionne":
        return None
    first, outside = consultation(act, on, readings)
    if act["secteur"] == "secteur_1" or act["option"] != "aucune":
        if not act["parcours_coordonne"] and not (kind == "consultation" and generalist):
            return None
        if kind == "consultation":
            return first
        return one_off_opinion(act, on, readings) if kind == "avis_ponctuel" else _other_kind(kind, on)
    if kind == "avis_ponctuel":
        return one_off_opinion(act, on, readings)
    if kind != "consultation" or outside is None:
        return None
    fee = act["honoraires"]
    if act["majorations_de_coordination"] and not generalist and fee > outside:
        if first is None:
            return None
        if fee <= first:  # opposable act: 23 + 2 + 5 is published from July 2017 to October 2023
            return first if dt.date(2017, 7, 1) <= on <= dt.date(2023, 10, 31) else None
    return outside


# --- what may be charged ------------------------------------------------------------------------------------------------------


def allowed_excess(act: Act) -> bool | None:
    """Tell whether L. 162-5, 18° lets the doctor exceed the tariff; `None`: its list of specialties was not read."""
    if act["age_patient"] < 16 or act["prescription_du_medecin_traitant"] or act["protocole_de_soins"]:
        return False
    return False if act["specialite"] == "medecine_generale" else None


def billed_as_allowed(act: Act) -> bool | None:
    """Tell whether the act is rightly billed under L. 162-5, 18°."""
    return allowed_excess(act) if act["facture_en_depassement_autorise"] else False


def forbidden(act: Act, on: dt.date) -> bool | None:
    """Tell whether an excess is forbidden: one sure ground is enough, all must be surely absent."""
    allowed = billed_as_allowed(act)
    grounds: list[bool | None] = [act["personne_detenue"]]
    if act["beneficiaire_css"] and not act["exigence_particuliere"]:
        grounds.append(None if allowed is None else not allowed)
    helped = act["beneficiaire_acs"] and on < dt.date(2019, 11, 1)
    if (act["urgence"] or helped) and act["secteur"] != "non_conventionne":
        binding = act["option"] != "aucune" or dt.date(2016, 10, 24) <= on <= dt.date(2024, 12, 31)
        grounds.append(True if binding else None)
    if act["secteur"] == "secteur_1" and act["option"] == "aucune":
        grounds.append(_forbidden_in_sector_1(act, allowed))
    if True in grounds:
        return True
    return None if None in grounds else False


def _forbidden_in_sector_1(act: Act, allowed: bool | None) -> bool | None:
    if allowed is False:
        return None if act["exigence_particuliere"] else True
    return None


# --- who pays what ------------------------------------------------------------------------------------------------------------


def rounded(amount: Fraction, readings: Readings) -> Fraction:
    """Round to a cent, the nearest or the one below."""
    cents = amount * 100
    nearest = readings["arrondi_des_prestations"] == "au_centime_le_plus_proche"
    return Fraction(math.floor(cents + Fraction(1, 2)) if nearest else math.floor(cents), 100)


def participation(act: Act, on: dt.date, readings: Readings) -> Fraction:
    """Return the flat participation that is left to the patient."""
    if act["dispense_de_participation"]:
        return Fraction(0)
    if on.year == 2024:
        return Fraction(1 if readings["participation_en_2024"] == "un_euro" else 2)
    return Fraction(1 if on.year < 2024 else 2)


def settle(act: Act, on: dt.date, readings: Readings) -> dict[str, Euros]:
    """Return every amount of an act, `None` for those that cannot be told."""
    fee, reckoned = act["honoraires"], base(act, on, readings)
    excess = None if reckoned is None else max(Fraction(0), fee - reckoned)
    undue = _undue(act, on, excess)
    due = None if excess is None or undue is None else excess - undue
    by_insurance = due if act["victime_de_terrorisme"] else Fraction(0)
    left = None if due is None or by_insurance is None else due - by_insurance
    told: dict[str, Euros] = {
        "base_de_remboursement": reckoned,
        "depassement": excess,
        "depassement_indu": undue,
        "honoraires_dus": None if undue is None else fee - undue,
        "depassement_pris_en_charge": by_insurance,
        **_statutory_part(act, on, readings, reckoned),
    }
    told["part_complementaire"] = _contract_part(act, readings, reckoned, told["ticket_moderateur"], left)
    paid = [told["part_remboursee"], by_insurance, told["part_complementaire"]]
    known = [part for part in paid if part is not None]
    total = sum(known, Fraction(0)) if len(known) == len(paid) else None
    return told | {"total_rembourse": total, "reste_a_payer": None if total is None or undue is None else fee - undue - total}


def _undue(act: Act, on: dt.date, excess: Euros) -> Euros:
    """An excess is owed unless surely or possibly forbidden; no excess, nothing to forbid."""
    verdict = forbidden(act, on)
    if verdict is False or excess == 0:
        return Fraction(0)
    return None if verdict is None else excess


def _statutory_part(act: Act, on: dt.date, readings: Readings, reckoned: Euros) -> dict[str, Euros]:
    if not act["parcours_coordonne"] or reckoned is None:
        return {"ticket_moderateur": None, "part_remboursee": None}
    payable = min(act["honoraires"], reckoned)
    rate = act["taux_fourni"] if act["nature"] == "autre_acte" else Fraction(7, 10)
    paid = rounded(payable * (1 if act["exonere_du_ticket_moderateur"] else rate), readings)
    return {"ticket_moderateur": payable - paid, "part_remboursee": max(Fraction(0), paid - participation(act, on, readings))}


def _contract_part(act: Act, readings: Readings, reckoned: Euros, ticket: Euros, left: Euros) -> Euros:
    contract = act["contrat"]
    if act["beneficiaire_css"]:
        return None
    if contract is None:
        return Fraction(0)
    share = ticket if contract["couvre_ticket_moderateur"] else Fraction(0)
    if share is None or reckoned is None or left is None:
        return None
    if not left:
        return share
    inside = act["option"] != "aucune"
    covered = rounded(reckoned * contract["couverture_dptm" if inside else "couverture_hors_dptm"], readings)
    if billed_as_allowed(act) is None:
        # Ordinary or allowed, which is not told; of the allowed one, only that a contract pays nothing on clinical acts can be known.
        nothing = act["nature"] != "autre_acte" and not contract["couvre_depassement_autorise"]
        return share if nothing and not covered else None
    return share + min(covered, left)
