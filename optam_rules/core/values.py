"""Constants as every output writes them: the JSON contract's form, and the same as plain words."""

from __future__ import annotations

import datetime as dt
from typing import Any, cast

from optam_rules.base.calendar import Duration
from optam_rules.base.numbers import Number, digits, divide, euros, format_ratio
from optam_rules.core.ir import Constant
from optam_rules.core.types import ListType, Scalar, SetType, Type


def to_json(value: Constant, type_: Type) -> Any:
    """Return the JSON form: rates and points as exact ratios in text, amounts as euros with two decimals in text, ISO dates, sorted sets.

    An amount between cents (inside a trace; an answer never is) is written as an exact fraction of euros.
    """
    match type_:
        case ListType(item):
            return [to_json(part, item) for part in cast("tuple[Constant, ...]", value)]
        case SetType(item):
            return sorted((to_json(part, item) for part in cast("frozenset[Constant]", value)), key=lambda form: (str(type(form)), form))
        case Scalar.RATE | Scalar.POINTS:
            return format_ratio(cast("Number", value))
        case Scalar.MONEY:
            cents = cast("Number", value)
            return str(euros(cents)) if cents.denominator == 1 else format_ratio(divide(cents, 100))
        case Scalar.DATE:
            return cast("dt.date", value).isoformat()
        case Scalar.DAYS | Scalar.MONTHS:
            return str(cast("Duration", value))
        case _:
            return value


def with_unit(value: Constant, type_: Type) -> str:
    """Return a value as the language writes it: `46.5 %`, `5 points`, `100.00 €`."""
    match type_:
        case Scalar.RATE | Scalar.POINTS:
            return f"{format_ratio(cast('Number', value) * 100)} {'%' if type_ is Scalar.RATE else 'points'}"
        case _:
            return plain_text(value, type_) + (" €" if type_ is Scalar.MONEY else "")


def plain_text(value: Constant, type_: Type) -> str:
    """Return the JSON form as plain words, for paths and labels (`annee=2015`)."""
    form = to_json(value, type_)
    if isinstance(form, bool):
        return "vrai" if form else "faux"
    return " | ".join(map(_word, form)) if isinstance(form, list) else _word(form)


def _word(form: object) -> str:
    return digits(form) if isinstance(form, int) else str(form)
