"""Draws complete dossiers of members of the 2016 options, in the oracle's form: events near one another, gaps near the tiers."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from fractions import Fraction
from typing import Any

from hypothesis import strategies as st

from tests.conventions.doctors import SECTORS, Doctor, Raw, record
from tests.conventions.oracle import FIRST_DAY, LAST_DAY
from tests.conventions.oracle_vie import months_later

SPECIALTIES = (
    "cardiologie",
    "dermatologie",
    "anatomo_cyto_pathologie",
    "anesthesie_reanimation",
    "endocrinologie",
    "chirurgie_orthopedique",
    "neurochirurgie",
    "gynecologie_obstetrique",
    "ophtalmologie",
    "gastro_enterologie",
    "medecine_generale",
)
QUESTIONS = {
    "unite_part_opposable": ("actes", "honoraires"),
    "decompte_des_delais": ("quantieme", "franc"),
    "effet_de_l_avenant": ("annee_de_la_signature", "annee_suivante"),
    "bornes_des_paliers": ("hautes_incluses", "basses_incluses"),
    "combinaison_des_ecarts": ("pire", "chacun"),
    "ecart_qui_resilie": ("tout_ecart", "plus_de_cinq_points"),
}
readings = st.fixed_dictionaries({name: st.sampled_from(values) for name, values in QUESTIONS.items()})
_GAPS = [Fraction(n, 10_000) for n in (-500, -1, 0, 1, 50, 100, 101, 150, 199, 200, 201, 300, 350, 400, 450, 499, 500, 501, 900)]


@st.composite
def _near(draw: st.DrawFn, day: dt.date) -> dt.date:
    """Draw a day around a day, or whole months after it, or the next year."""
    months = draw(st.sampled_from([0, 0, 1, 2, 11, 12, 13, 23]))
    return months_later(day, months) + dt.timedelta(days=draw(st.integers(-3, 3) | st.integers(0, 90)))


@st.composite
def contracts(draw: st.DrawFn) -> Doctor:
    """Draw a contract and its events."""
    joined = draw(
        st.sampled_from([dt.date(2017, 1, 1), dt.date(2017, 3, 1), dt.date(2017, 7, 31), dt.date(2020, 2, 29), dt.date(2019, 3, 30)])
        | st.dates(dt.date(2017, 1, 1), dt.date(2023, 12, 31))
    )
    never = st.none()
    start = draw(never | never | st.just(months_later(joined, draw(st.integers(-30, 30)))))
    base = start or joined
    sent = draw(never | _near(base))
    noticed = draw(never | _near(sent or base))
    contract: Doctor = {
        "option": draw(st.sampled_from(["optam"] * 8 + ["optam_co"] * 3 + ["cas", "optam_aco", "aucune"])),
        "date_adhesion": joined,
        "date_conversion_cas": start,
        "date_reception_non_reconduction": draw(never | never | _near(months_later(base, 11))),
        "date_reception_resiliation": draw(never | never | _near(base)),
        "date_envoi_avenant": sent,
        "date_signature_avenant": draw(never | _near(noticed or sent)) if sent else None,
        "date_envoi_avenant_groupe": None,
        "date_signature_avenant_groupe": None,
        "motif_procedure": draw(st.sampled_from(["engagements_non_respectes", "avenant_non_signe"])) if noticed else None,
        "date_reception_procedure": noticed,
        "date_cloture_procedure": draw(never | never | _near(noticed)) if noticed else None,
        "date_effet_notifiee": draw(never | never | _near(noticed)) if noticed else None,
        "taux_depassement_du_contrat": draw(st.sampled_from([Fraction(40, 100), Fraction(1), Fraction(105, 100), Fraction(0)])),
        "taux_opposable_du_contrat": draw(st.sampled_from([Fraction(30, 100), Fraction(1), Fraction(0)])),
        "taux_depassement_de_l_avenant": Fraction(36, 100),
        "taux_opposable_de_l_avenant": Fraction(33, 100),
    }
    return contract


def _share(draw: st.DrawFn, wanted: Fraction) -> Fraction:
    """Move a rate by a gap near the tiers, within 0 and 1."""
    return min(max(wanted + draw(st.sampled_from(_GAPS)), Fraction(0)), Fraction(1))


@st.composite
def _year(draw: st.DrawFn, year: int, rate: Fraction, share: Fraction) -> Doctor:
    fees = draw(st.sampled_from([0, 10_000, 10_000, 10_000]))
    return {
        "annee": year,
        "honoraires_remboursables": fees,
        "depassements": int(max(rate + draw(st.sampled_from(_GAPS)), Fraction(0)) * fees),
        "honoraires_opposables": int(_share(draw, 1 - share) * fees),
        "nombre_actes": 10_000,
        "nombre_actes_opposables": int(_share(draw, share - Fraction(draw(st.sampled_from([0, 4])), 100)) * 10_000),
    }


@st.composite
def lives(draw: st.DrawFn) -> Doctor:
    """Draw a doctor outside any group, with his contract, his figures and a care."""
    contract = draw(st.none() | contracts()) if draw(st.sampled_from([False] * 7 + [True])) else draw(contracts())
    rate = contract["taux_depassement_du_contrat"] if contract else Fraction(40, 100)
    share = contract["taux_opposable_du_contrat"] if contract else Fraction(30, 100)
    quarters = [
        {
            "identifiant": f"{year}-T{number}",
            "annee": year,
            "numero": number,
            "taux_depassement_observe": rate + draw(st.sampled_from([Fraction(0), Fraction(1, 100)])),
            "taux_opposable_observe": draw(st.sampled_from([share, share, max(share - Fraction(1, 100), Fraction(0))])),
        }
        for year, number in draw(st.sets(st.tuples(st.integers(2017, 2019), st.integers(1, 4)), min_size=6))
    ]
    care = draw(st.none() | st.fixed_dictionaries({name: st.booleans() for name in _CARE}) | st.just(dict.fromkeys(_CARE, False)))
    return {
        "identifiant": "A",
        "secteur": draw(st.sampled_from([*SECTORS, "secteur_2", "secteur_2"])),
        "specialite": draw(st.sampled_from(SPECIALTIES)),
        "groupe": None,
        "adhesion": contract,
        "trimestres": quarters,
        "soin": care,
        "exercices": [draw(_year(year, rate, share)) for year in range(2017, 2025)],
    }


_CARE = (
    "beneficiaire_css",
    "beneficiaire_acs",
    "personne_detenue",
    "urgence",
    "exigence_particuliere",
    "depassement_autorise",
    "accouchement",
    "au_tarif_opposable",
)


@st.composite
def lives_and_days(draw: st.DrawFn) -> tuple[Doctor, dt.date]:
    """Draw a life and a day of judgement, often one of its turning days."""
    doctor = draw(lives())
    contract: dict[str, Any] = doctor["adhesion"] or {}
    events = [day for day in contract.values() if isinstance(day, dt.date)]
    turning = [months_later(day, count) for day in events for count in (0, 1, 2, 12)] + [dt.date(2018, 4, 1), dt.date(2019, 7, 1)]
    near = st.sampled_from(turning).flatmap(lambda day: st.integers(-2, 2).map(lambda shift: day + dt.timedelta(days=shift)))
    day = draw(near | near | st.dates(dt.date(2017, 1, 1), LAST_DAY))
    return doctor, min(max(day, FIRST_DAY), LAST_DAY)


def written(doctor: Doctor) -> Raw:
    """Write a life as the record that a caller would send, its rates as percentages."""
    return _percentages(record(doctor))  # type: ignore[no-any-return]


def _percentages(value: Any) -> Any:
    match value:
        case Fraction():
            hundredth = value * 100
            return f"{Decimal(hundredth.numerator) / Decimal(hundredth.denominator)} %"
        case dict():
            return {name: _percentages(content) for name, content in value.items()}
        case list():
            return [_percentages(item) for item in value]
        case _:
            return value
