"""Constants in messages are written as the language writes them."""

from __future__ import annotations

import datetime as dt
from fractions import Fraction

import pytest

from optam_rules.base.calendar import Duration
from optam_rules.core.ir import Constant
from optam_rules.core.types import EnumType, ListType, Scalar, SetType, Type
from optam_rules.elaborate.show import show


@pytest.mark.parametrize(
    ("value", "type_", "shown"),
    [
        (150_000, Scalar.MONEY, "1\u00a0500.00 €"),
        (-5, Scalar.MONEY, "-0.05 €"),
        (Fraction(1, 2), Scalar.MONEY, "0.005 €"),
        (Fraction(100, 3), Scalar.MONEY, "1/3 €"),
        (Fraction(1, 8), Scalar.RATE, "12.5 %"),
        (Fraction(1, 3), Scalar.RATE, "100/3 %"),
        (1, Scalar.RATE, "100 %"),
        (Fraction(1, 50), Scalar.POINTS, "2 points"),
        (Fraction(3, 200), Scalar.POINTS, "1.5 point"),
        (Fraction(-1, 50), Scalar.POINTS, "-2 points"),
        (dt.date(2020, 1, 2), Scalar.DATE, "2020-01-02"),
        (Duration(1, "jours"), Scalar.DAYS, "1 jour"),
        (Duration(14, "mois"), Scalar.MONTHS, "14 mois"),
        (True, Scalar.BOOLEAN, "vrai"),
        ("a", Scalar.TEXT, '"a"'),
        ("optam", EnumType("option"), "optam"),
        (frozenset({2, 1}), SetType(Scalar.INTEGER), "{ 1 ; 2 }"),
        ((2, 1), ListType(Scalar.INTEGER), "{ 2 ; 1 }"),
        ((), ListType(Scalar.INTEGER), "{ }"),
    ],
)
def test_constant_is_written_with_its_unit(value: Constant, type_: Type, shown: str) -> None:
    """Cents become euros, ratios percents or points."""
    assert shown == show(value, type_)
