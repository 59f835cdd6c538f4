"""Constants of the core turned into what a French reader expects: `46,5 %`, `1 234,56 €`, `oui`, labels of enumerations."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from fractions import Fraction
from typing import cast

from optam_rules.base.calendar import Duration
from optam_rules.base.numbers import Number, Rounding, finite_decimal, format_ratio, round_to
from optam_rules.core.ir import Constant
from optam_rules.core.program import EnumSpec
from optam_rules.core.types import EnumType, ListType, Scalar, SetType, Type

MAX_DECIMALS = 4  # of what is shown at once; more stands in brackets, exact


def show(value: Constant, type_: Type, enumerations: Mapping[str, EnumSpec]) -> str:
    """Return a value as people write it in French; where the decimals do not end, an approximation that says so, then the exact value."""
    match type_:
        case ListType(item):
            return _several((show(part, item, enumerations) for part in cast("tuple[Constant, ...]", value)), "liste vide")
        case SetType(item):
            return _several(sorted(show(part, item, enumerations) for part in cast("frozenset[Constant]", value)), "aucun")
        case EnumType(name):
            spec = enumerations.get(name)
            return (spec.values.get(cast("str", value)) if spec else None) or str(value)
        case Scalar.RATE:
            return _number(Fraction(cast("Number", value)) * 100, " %", f"{format_ratio(cast('Number', value))}")
        case Scalar.POINTS:
            points = Fraction(cast("Number", value)) * 100
            return _number(points, " points" if abs(points) >= 2 else " point", f"{format_ratio(points)} point")
        case Scalar.MONEY:
            return _money(Fraction(cast("Number", value)) / 100)
        case Scalar.BOOLEAN:
            return "oui" if value else "non"
        case Scalar.INTEGER:
            return _grouped(str(value))
        case Scalar.DATE:
            return cast("dt.date", value).isoformat()
        case Scalar.TEXT:
            return f"« {value} »"
        case Scalar.DAYS | Scalar.MONTHS:
            return str(cast("Duration", value))
        case _:
            return str(value)


def brief(value: Constant, type_: Type, enumerations: Mapping[str, EnumSpec]) -> str:
    """Return a value for the narrow cell of a table: `≈ 38,33 %` where it does not end, the head of a label."""
    whole, approximate, _ = show(value, type_, enumerations).partition(" environ (exactement ")
    if approximate:
        return f"≈ {whole}"
    return whole.partition(",")[0] if isinstance(type_, EnumType) else whole


def _several(parts: Iterable[str], empty: str) -> str:
    return " ; ".join(parts) or empty


def _number(number: Fraction, unit: str, exact: str) -> str:
    decimal = finite_decimal(number)
    if decimal is not None and len(decimal.partition(".")[2]) <= MAX_DECIMALS:
        return _grouped(decimal) + unit
    near = finite_decimal(round_to(number, Fraction(1, 100), Rounding.HALF_UP))
    return f"{_grouped(near or '')}{unit} environ (exactement {exact})"


def _money(amount: Fraction) -> str:
    if (amount * 100).denominator == 1:
        whole, _, cents = (finite_decimal(amount) or "").partition(".")
        return f"{_grouped(whole)},{cents.ljust(2, '0')} €"
    return _number(amount, " €", f"{format_ratio(amount)} €")


def _grouped(decimal: str) -> str:
    """Write a decimal with a comma, and its thousands apart from five digits on (so that years stay whole)."""
    sign, digits = ("-", decimal[1:]) if decimal.startswith("-") else ("", decimal)
    whole, _, decimals = digits.partition(".")
    apart = f"{int(whole):,}".replace(",", " ") if len(whole) > 4 else whole
    return sign + apart + (f",{decimals}" if decimals else "")
