"""Values as a French reader expects them."""

from __future__ import annotations

import datetime as dt
from fractions import Fraction

import pytest

from optam_rules.base.calendar import Duration
from optam_rules.core.program import EnumSpec
from optam_rules.core.types import EnumType, ListType, Scalar, SetType
from optam_rules.tools.report.values import brief, show

SECTORS = {"secteur": EnumSpec("secteur", {"secteur_1": "Secteur 1", "secteur_2": "Secteur 2"})}


@pytest.mark.parametrize(
    ("value", "type_", "expected"),
    [
        (Fraction(93, 200), Scalar.RATE, "46,5 %"),
        (1, Scalar.RATE, "100 %"),
        (0, Scalar.RATE, "0 %"),
        (Fraction(23, 60), Scalar.RATE, "38,33 % environ (exactement 23/60)"),
        (Fraction(123456789, 10**9), Scalar.RATE, "12,35 % environ (exactement 0.123456789)"),
        (Fraction(-1, 40), Scalar.POINTS, "-2,5 points"),
        (Fraction(1, 20), Scalar.POINTS, "5 points"),
        (Fraction(3, 200), Scalar.POINTS, "1,5 point"),
        (123456, Scalar.MONEY, "1234,56 €"),
        (1234567890, Scalar.MONEY, "12 345 678,90 €"),
        (0, Scalar.MONEY, "0,00 €"),
        (-5, Scalar.MONEY, "-0,05 €"),
        (Fraction(1000, 3), Scalar.MONEY, "3,33 € environ (exactement 10/3 €)"),
        (2013, Scalar.INTEGER, "2013"),
        (150000, Scalar.INTEGER, "150 000"),
        (True, Scalar.BOOLEAN, "oui"),
        (False, Scalar.BOOLEAN, "non"),
        (dt.date(2017, 6, 8), Scalar.DATE, "2017-06-08"),
        ("Lyon", Scalar.TEXT, "« Lyon »"),
        (Duration(3, "mois"), Scalar.MONTHS, "3 mois"),
        ("secteur_2", EnumType("secteur"), "Secteur 2"),
        ("hautes_incluses", EnumType("bornes"), "hautes_incluses"),
        (frozenset({"secteur_2", "secteur_1"}), SetType(EnumType("secteur")), "Secteur 1 ; Secteur 2"),
        (frozenset(), SetType(EnumType("secteur")), "aucun"),
        ((2013, 2014), ListType(Scalar.INTEGER), "2013 ; 2014"),
        ((), ListType(Scalar.INTEGER), "liste vide"),
    ],
)
def test_values_are_written_as_in_french(value: object, type_: object, expected: str) -> None:
    """Rates in per cent with a comma, amounts in euros, ISO dates, labels for values of enumerations; never a silent rounding."""
    assert show(value, type_, SECTORS) == expected  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("value", "type_", "expected"),
    [
        (Fraction(23, 60), Scalar.RATE, "≈ 38,33 %"),
        (Fraction(1, 2), Scalar.RATE, "50 %"),
        ("secteur_1", EnumType("secteur"), "Secteur 1"),
        (True, Scalar.BOOLEAN, "oui"),
    ],
)
def test_values_are_brief_in_tables(value: object, type_: object, expected: str) -> None:
    """A value that was rounded says so by one sign; a label stops at its first comma."""
    long_labels = {"secteur": EnumSpec("secteur", {"secteur_1": "Secteur 1, honoraires opposables"})}
    assert brief(value, type_, long_labels) == expected  # type: ignore[arg-type]
