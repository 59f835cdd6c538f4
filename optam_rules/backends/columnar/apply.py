"""Strict operators on columns of known values; the rows that an operator has no answer for come beside the result.

What is rare or intricate (months, dates made of parts) is done by `core.compute` on the distinct operands: one implementation.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from functools import reduce
from typing import cast

import numpy as np

from optam_rules.backends.columnar import ratio as ratios
from optam_rules.backends.columnar.content import (
    Bits,
    CannotError,
    Codes,
    Content,
    Days,
    Fixed,
    Flags,
    Several,
    Spans,
    equal,
    of_constant,
    select,
)
from optam_rules.backends.columnar.ratio import Array, Comparison, Ratio
from optam_rules.base.calendar import Duration, MonthEnd
from optam_rules.core.compute import MAX_BITS, Failure, compute
from optam_rules.core.ir import Constant, Scalarlike
from optam_rules.core.operators import COMPARISONS, Operator
from optam_rules.core.types import ListType, SetType, Type

Result = tuple[Content, Array | None]  # the column, and the rows whose operands are known and give an error value

_MAX_COMPARED = 64  # constants of a set that a column of numbers is compared with one by one
_LAST_DAY = dt.date.max.toordinal()
_UFUNCS: dict[Operator, Comparison] = {
    Operator.LESS: np.less,
    Operator.AT_MOST: np.less_equal,
    Operator.GREATER: np.greater,
    Operator.AT_LEAST: np.greater_equal,
}


def apply(operator: Operator, operands: Sequence[Content], types: Sequence[Type], month_end: MonthEnd | None) -> Result:
    """Apply a strict operator to columns of fitting types."""
    left, right = operands[0], operands[-1]
    match operator:
        case Operator.EQUAL:
            return Flags(equal(left, right)), None
        case Operator.NOT_EQUAL:
            return Flags(~equal(left, right)), None
        case Operator.AMONG:
            return Flags(among(left, right, types[-1])), None
        case Operator.CAP:
            return select(compare(Operator.GREATER, left, right), right, left), None
        case Operator.FLOOR:
            return select(compare(Operator.LESS, left, right), right, left), None
        case Operator.CALENDAR_YEAR:
            return ratios.integers(_years(cast("Days", left).ordinals)), None
        case Operator.DATE:
            return _dates(cast("Sequence[Ratio]", operands))
        case _ if operator in COMPARISONS:
            return Flags(compare(operator, left, right)), None
    match left, right:
        case Ratio(), Ratio():
            return _arithmetic(operator, left, right)
        case Spans(counts, unit), _ if operator is Operator.NEGATE:
            return Spans(-counts, unit), None
        case Days(later), Days(earlier):
            return Spans(later - earlier, "jours"), None
        case Days(), Spans():
            return _shifted(left, right, -1 if operator is Operator.SUBTRACT else 1, month_end)
    raise CannotError(f"l'opérateur `{operator.value}` sur de tels opérandes")


def compare(operator: Operator, left: Content, right: Content) -> Array:
    """Compare two columns of one ordered type."""
    match left, right:
        case Ratio(), Ratio():
            return ratios.compare(_UFUNCS[operator], left, right)
        case (Days(first), Days(second)) | (Spans(first, _), Spans(second, _)):
            return np.asarray(_UFUNCS[operator](first, second), bool)
    raise CannotError("une comparaison de tels opérandes")


def among(left: Content, right: Content, type_: Type) -> Array:
    """Tell which rows of `left` belong to the set or list of the same row of `right`, of type `type_`."""
    match left, right:
        case Codes(codes, domain), Bits(masks, values):
            places = {value: place for place, value in enumerate(values)}
            bit = np.array([places.get(text, 0) for text in domain], np.int64)
            held = np.array([text in places for text in domain], bool)
            return np.asarray(held[codes] & ((masks >> bit[codes]) & 1 == 1), bool)
        case Codes(codes, domain), Fixed(value):
            members = cast("frozenset[Constant]", value)
            return np.asarray(np.array([text in members for text in domain], bool)[codes], bool)
        case _, Fixed(value) if isinstance(type_, SetType | ListType) and len(cast("frozenset[Scalarlike]", value)) <= _MAX_COMPARED:
            return _any(equal(left, of_constant(item, type_.item)) for item in cast("frozenset[Scalarlike]", value))
        case _, Several(items, _):
            return _any(equal(left, item) for item in items)
    raise CannotError("l'appartenance à un tel ensemble")


def _any(masks: object) -> Array:
    return reduce(np.logical_or, cast("Sequence[Array]", list(cast("Sequence[Array]", masks))), np.zeros(1, bool))


def bounded(numbers: Ratio) -> Ratio:
    """Return numbers that are surely within the size that is kept; those that may be refused (E603) are left, column and all."""
    if max(numbers.top, numbers.bottom).bit_length() > MAX_BITS:
        raise CannotError("des nombres qui peuvent dépasser un million de bits")
    return numbers


def _arithmetic(operator: Operator, left: Ratio, right: Ratio) -> Result:
    match operator:
        case Operator.ADD:
            return bounded(ratios.add(left, right)), None
        case Operator.SUBTRACT:
            return bounded(ratios.add(left, ratios.negate(right))), None
        case Operator.MULTIPLY:
            return bounded(ratios.multiply(left, right)), None
        case Operator.NEGATE:
            return ratios.negate(left), None
        case Operator.DIVIDE:
            quotient, zero = ratios.divide(left, right)
            return bounded(quotient), zero if zero.any() else None
    raise CannotError(f"l'opérateur `{operator.value}` sur des nombres")


# --- dates ---------------------------------------------------------------------------------------------------------------------


def _years(ordinals: Array) -> Array:
    days = (ordinals - dt.date(1970, 1, 1).toordinal()).astype("datetime64[D]")
    return np.asarray(days.astype("datetime64[Y]").astype(np.int64) + 1970)


def _shifted(days: Days, span: Spans, sign: int, month_end: MonthEnd | None) -> Result:
    counts = span.counts * sign
    if span.unit == "jours":
        moved = days.ordinals + counts
        wrong = (moved < 1) | (moved > _LAST_DAY)
        return Days(np.where(wrong, 1, moved)), wrong if wrong.any() else None
    ordinals, months = np.broadcast_arrays(days.ordinals, counts)
    # Beyond these many months every date leaves the calendar; the cut keeps both operands in one int64.
    months = np.clip(months, -(10**6), 10**6)

    def moved_by(pair: int) -> Constant | Failure:
        ordinal, count = divmod(pair, 2**22)
        return compute(Operator.ADD, (dt.date.fromordinal(ordinal), Duration(count - 2**21, "mois")), month_end)

    return _by_distinct(ordinals * 2**22 + (months + 2**21), moved_by)


def _dates(parts: Sequence[Ratio]) -> Result:
    years, months, days = np.broadcast_arrays(*(part.num for part in parts))
    outside = (years < 1) | (years > 9999) | (months < 1) | (months > 12) | (days < 1) | (days > 31)
    keys = np.where(outside, 0, (years * 16 + months) * 32 + days).astype(np.int64)

    def made_of(key: int) -> Constant | Failure:
        return compute(Operator.DATE, (key // 512, key // 32 % 16, key % 32))

    return _by_distinct(keys, made_of)


def _by_distinct(keys: Array, result: Callable[[int], Constant | Failure]) -> Result:
    """Return dates computed once for each distinct key."""
    distinct, places = np.unique(keys, return_inverse=True)
    found = [result(key) for key in distinct.tolist()]
    ordinals = np.array([1 if isinstance(day, Failure) else cast("dt.date", day).toordinal() for day in found], np.int64)
    wrong = np.array([isinstance(day, Failure) for day in found], bool)
    return Days(ordinals[places]), wrong[places] if wrong.any() else None
