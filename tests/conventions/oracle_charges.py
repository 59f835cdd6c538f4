"""Plain Python that turns a doctor's year into his insurance aid and his contribution, written from the law and not from the packs.

Amounts are euros as Decimal, rates Fractions.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import Any

Year = Mapping[str, Any]

THRESHOLD = 4_000


class NotTold(Exception):
    """Raised where the law, as far as it was read, does not tell."""


def cents(amount: Fraction) -> Decimal:
    """Round to the nearest cent, halves up."""
    return (Decimal(amount.numerator) / Decimal(amount.denominator)).quantize(Decimal("0.01"), ROUND_HALF_UP)


def strong(year: Year) -> bool:
    """D. 185-1: the specialties with the higher rates and no threshold."""
    return year["numero_de_specialite"] <= 12 or year["numero_de_specialite"] == 16


def rate(year: Year) -> Fraction:
    """D. 185-1: members are treated as sector 1; of the permanent right alone and of doctors outside the convention nothing was read."""
    if year["option"] == "aucune" and year["secteur"] not in ("secteur_1", "secteur_2"):
        raise NotTold
    outside = year["option"] == "aucune" and year["secteur"] == "secteur_2"
    if strong(year):
        return Fraction(55, 100) if outside else Fraction(2, 3)
    return Fraction(35, 100) if outside else Fraction(1, 2)


def ceiling(year: Year) -> int:
    """D. 185-1: the ceilings by activity, then by number."""
    by_activity = {"obstetrique": 25_200, "anesthesie": 9_800, "reanimation_medicale": 9_800}
    if year["activite_assuree"] in by_activity:
        return by_activity[year["activite_assuree"]]
    if 12 <= year["numero_de_specialite"] <= 14:
        raise NotTold
    return 21_000 if year["numero_de_specialite"] < 12 else 15_000


def aid(year: Year, whole_premium: bool, ceiling_on_premium: bool) -> Decimal:
    """D. 185-1 under one reading of each open question; a premium equal to the threshold is not told where the whole premium counts."""
    premium = Fraction(year["prime_d_assurance"])
    if not strong(year) and premium < THRESHOLD:
        return Decimal(0)
    counted = min(premium, Fraction(ceiling(year))) if ceiling_on_premium else premium
    if not strong(year):
        if not whole_premium:
            counted -= THRESHOLD
        elif premium == THRESHOLD:
            raise NotTold
    given = cents(counted * rate(year))
    return given if ceiling_on_premium else min(given, Decimal(ceiling(year)))


def contribution(year: Year, on: dt.date) -> Decimal:
    """L. 646-3: 3.25 % in 2025, whatever the option; the law of 2026 was not read."""
    if on.year > 2025:
        raise NotTold
    return cents(Fraction(year["assiette_de_la_contribution"]) * Fraction(325, 10_000))
