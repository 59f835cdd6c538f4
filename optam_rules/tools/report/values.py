"""Constants of the core turned into what a reader expects: `46,5 %`, `12 345,60 €`, `oui`, labels of enumerations; `46.5%` in English."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from fractions import Fraction
from typing import cast

from optam_rules.base.calendar import Duration
from optam_rules.base.numbers import Number, Rounding, digits, finite_decimal, format_ratio, round_to
from optam_rules.core.ir import Constant
from optam_rules.core.program import EnumSpec
from optam_rules.core.types import EnumType, ListType, Scalar, SetType, Type
from optam_rules.tools.report.wording import Language, say

_PERCENT = {Language.FRENCH: " %", Language.ENGLISH: "%"}
_POINT = {Language.FRENCH: ",", Language.ENGLISH: "."}
_THOUSANDS = {Language.FRENCH: " ", Language.ENGLISH: ","}
_ABOUT = {
    Language.FRENCH: re.compile(r"(?P<near>.*) environ \(exactement .*\)"),
    Language.ENGLISH: re.compile(r"about (?P<near>.*) \(exactly .*\)"),
}
MAX_DECIMALS = 4  # of what is shown at once; more stands in brackets, exact


def show(value: Constant, type_: Type, enumerations: Mapping[str, EnumSpec], language: Language = Language.FRENCH) -> str:
    """Return a value as people write it; where the decimals do not end, an approximation that says so, then the exact value."""
    match type_:
        case ListType(item):
            parts = [show(part, item, enumerations, language) for part in cast("tuple[Constant, ...]", value)]
            return " ; ".join(parts) or say(language, "empty_list")
        case SetType(item):
            parts = sorted(show(part, item, enumerations, language) for part in cast("frozenset[Constant]", value))
            return " ; ".join(parts) or say(language, "none")
        case EnumType(name):
            spec = enumerations.get(name)
            return (spec.values.get(cast("str", value)) if spec else None) or str(value)
        case Scalar.RATE:
            return _number(Fraction(cast("Number", value)) * 100, _PERCENT[language], format_ratio(cast("Number", value)), language)
        case Scalar.POINTS:
            points = Fraction(cast("Number", value)) * 100
            return _number(points, say(language, "points" if abs(points) >= 2 else "point"), f"{format_ratio(points)} point", language)
        case Scalar.MONEY:
            return _money(Fraction(cast("Number", value)) / 100, language)
        case Scalar.BOOLEAN:
            return say(language, "yes" if value else "no")
        case Scalar.INTEGER:
            return _grouped(digits(cast("int", value)), language)
        case Scalar.DATE:
            return cast("dt.date", value).isoformat()
        case Scalar.TEXT:
            return f"« {value} »"
        case Scalar.DAYS | Scalar.MONTHS:
            return str(cast("Duration", value))
        case _:
            return str(value)


def brief(value: Constant, type_: Type, enumerations: Mapping[str, EnumSpec], language: Language = Language.FRENCH) -> str:
    """Return a value for the narrow cell of a table: `≈ 38,33 %` where it does not end, the head of a label."""
    whole = show(value, type_, enumerations, language)
    if approximate := _ABOUT[language].fullmatch(whole):
        return f"≈ {approximate['near']}"
    return whole.partition(",")[0] if isinstance(type_, EnumType) else whole


def _number(number: Fraction, unit: str, exact: str, language: Language) -> str:
    decimal = finite_decimal(number)
    if decimal is not None and len(decimal.partition(".")[2]) <= MAX_DECIMALS:
        return _grouped(decimal, language) + unit
    near = finite_decimal(round_to(number, Fraction(1, 100), Rounding.HALF_UP))
    return say(language, "about", near=_grouped(near or "", language) + unit, exact=exact)


def _money(amount: Fraction, language: Language) -> str:
    if (amount * 100).denominator == 1:
        whole, _, cents = (finite_decimal(amount) or "").partition(".")
        return f"{_grouped(whole, language)}{_POINT[language]}{cents.ljust(2, '0')} €"
    return _number(amount, " €", f"{format_ratio(amount)} €", language)


def _grouped(decimal: str, language: Language) -> str:
    """Write a decimal with the language's own marks, and its thousands apart from five digits on (so that years stay whole)."""
    sign, digits = ("-", decimal[1:]) if decimal.startswith("-") else ("", decimal)
    whole, _, decimals = digits.partition(".")
    apart = f"{int(whole):,}".replace(",", _THOUSANDS[language]) if len(whole) > 4 else whole
    return sign + apart + (f"{_POINT[language]}{decimals}" if decimals else "")
