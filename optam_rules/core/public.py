"""From constants in the core's units to values in public ones: euros as Decimal, rates and points as Fraction."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from typing import Any, cast

from optam_rules.base.calendar import Duration
from optam_rules.base.numbers import Number, euros, fraction, ratio
from optam_rules.core.ir import Constant
from optam_rules.core.types import ListType, Scalar, SetType, Type

PublicValue = bool | int | Fraction | Decimal | dt.date | Duration | str | tuple["PublicValue", ...] | frozenset["PublicValue"]


def public_value(value: Constant, type_: Type) -> PublicValue:
    """Return a constant in public units."""
    match type_:
        case Scalar.MONEY:
            return euros(cast("Number", value))
        case Scalar.RATE | Scalar.POINTS:
            return value if isinstance(value, Fraction) else Fraction(cast("Number", value))
        case ListType(item):
            return tuple(public_value(part, item) for part in cast("tuple[Constant, ...]", value))
        case SetType(item):
            return frozenset(public_value(part, item) for part in cast("frozenset[Constant]", value))
        case _:
            return cast("PublicValue", value)


def converter(type_: Type, below: int | None) -> Callable[[Any], PublicValue] | None:
    """Return what turns values of a type into public units, `None` where they are; numbers are integers over `below` where it is given."""
    if below is None:
        return None if _same(type_) else lambda value: public_value(value, type_)
    match type_:
        case Scalar.RATE | Scalar.POINTS:
            return lambda integer: fraction(integer, below)
        case Scalar.MONEY if below == 1:
            return euros
        case _:
            return None if below == 1 else lambda integer: public_value(decoded(integer, below), type_)


def decoded(integer: int, below: int) -> Number:
    """Return the number that an integer over a constant stands for."""
    return integer if below == 1 else ratio(integer, below)


def _same(type_: Type) -> bool:
    """Tell whether values of a type are public as they are."""
    return not isinstance(type_, ListType | SetType) and type_ not in (Scalar.MONEY, Scalar.RATE, Scalar.POINTS)
