"""From a constant of the core to how the language writes it, for messages (`12.5 %`, `2 points`, `1 500.00 €`)."""

from __future__ import annotations

import datetime as dt
from typing import cast

from optam_rules.base.calendar import Duration
from optam_rules.base.numbers import Number, divide, finite_decimal, format_ratio
from optam_rules.core.ir import Constant
from optam_rules.core.types import ListType, Scalar, SetType, Type

# No-break, so that what a message shows can be copied into a file.
_THOUSANDS = "\N{NO-BREAK SPACE}"


def show(value: Constant, type_: Type) -> str:
    """Write a constant in the language."""
    match type_:
        case ListType(item) | SetType(item):
            parts = [show(part, item) for part in cast("tuple[Constant, ...]", value)]
            return f"{{ {' ; '.join(parts if isinstance(type_, ListType) else sorted(parts))} }}" if parts else "{ }"
        case Scalar.BOOLEAN:
            return "vrai" if value else "faux"
        case Scalar.MONEY:
            return f"{_euros(cast('Number', value))} €"
        case Scalar.RATE:
            return f"{format_ratio(cast('Number', value) * 100)} %"
        case Scalar.POINTS:
            number: Number = cast("Number", value) * 100
            return f"{format_ratio(number)} {'point' if -2 < number < 2 else 'points'}"
        case Scalar.DATE:
            return cast("dt.date", value).isoformat()
        case Scalar.DAYS | Scalar.MONTHS:
            return str(cast("Duration", value))
        case Scalar.TEXT:
            return f'"{value}"'
        case _:
            return str(value)


def _euros(cents: Number) -> str:
    amount = divide(cents, 100)
    decimal = finite_decimal(amount)
    if decimal is None:
        return format_ratio(amount)
    sign = "-" if amount < 0 else ""
    whole, _, decimals = decimal.removeprefix("-").partition(".")
    grouped = f"{int(whole):,}".replace(",", _THOUSANDS)
    return f"{sign}{grouped}.{decimals:0<2}"
