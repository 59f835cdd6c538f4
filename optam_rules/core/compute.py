"""What each strict operator gives on known operands: exact, total, an error code where the law of numbers has no answer."""

from __future__ import annotations

import datetime as dt
from calendar import monthrange
from collections.abc import Sequence
from fractions import Fraction
from typing import cast

import attrs

from optam_rules.base.calendar import DateOverflowError, Duration, MonthEnd, add, days_between
from optam_rules.base.numbers import Number, divide, simplify
from optam_rules.core.ir import Constant
from optam_rules.core.operators import Operator

# Beyond this size a number is refused: repeated products would otherwise double its digits at each step.
MAX_BITS = 1 << 20


@attrs.frozen
class Failure:
    """An operator without answer: the code of the error value."""

    code: str


def compute(operator: Operator, operands: Sequence[Constant], month_end: MonthEnd | None = None) -> Constant | Failure:
    """Apply a strict operator to known operands of fitting types (S1, S2, S7).

    Failures: E601 division by zero, E602 a date out of the years 1 to 9999 or without a day, E603 a number too large.
    """
    left, right = operands[0], operands[-1]
    match operator:
        case Operator.EQUAL:
            return left == right
        case Operator.NOT_EQUAL:
            return left != right
        case Operator.AMONG:
            return left in cast("frozenset[Constant]", right)
        case Operator.LESS | Operator.AT_MOST | Operator.GREATER | Operator.AT_LEAST:
            return compare(operator, left, right)
        case Operator.CAP:
            return right if compare(Operator.GREATER, left, right) else left
        case Operator.FLOOR:
            return right if compare(Operator.LESS, left, right) else left
        case Operator.NEGATE:
            return Duration(-left.count, left.unit) if isinstance(left, Duration) else -cast("Number", left)
        case Operator.CALENDAR_YEAR:
            return cast("dt.date", left).year
        case Operator.DATE:
            return _date(*cast("Sequence[int]", operands))
        case Operator.ADD | Operator.SUBTRACT if isinstance(left, dt.date):
            return _shift(operator, left, cast("Duration | dt.date", right), month_end)
        case Operator.ADD | Operator.SUBTRACT | Operator.MULTIPLY | Operator.DIVIDE:
            return _arithmetic(operator, cast("Number", left), cast("Number", right))
        case _:
            raise AssertionError(f"{operator} is not a strict operator")


def order_key(value: Constant) -> Number | dt.date:
    """Return what orders a value of an ordered type."""
    return value.count if isinstance(value, Duration) else cast("Number | dt.date", value)


def compare(operator: Operator, left: Constant, right: Constant) -> bool:
    """Compare two values of one ordered type."""
    first, second = cast("Number", order_key(left)), cast("Number", order_key(right))
    match operator:
        case Operator.LESS:
            return first < second
        case Operator.AT_MOST:
            return first <= second
        case Operator.GREATER:
            return first > second
        case Operator.AT_LEAST:
            return first >= second
        case _:
            raise AssertionError(f"{operator} is not a comparison")


def _date(year: int, month: int, day: int) -> Constant | Failure:
    """Return a date, or a failure where that day does not exist; integers of any size are given, C's own are finite."""
    if not (1 <= year <= 9999 and 1 <= month <= 12 and 1 <= day <= monthrange(year, month)[1]):
        return Failure("E602")
    return dt.date(year, month, day)


def _shift(operator: Operator, day: dt.date, other: Duration | dt.date, month_end: MonthEnd | None) -> Constant | Failure:
    if isinstance(other, dt.date):
        return days_between(day, other)
    duration = other if operator is Operator.ADD else Duration(-other.count, other.unit)
    try:
        return add(day, duration, month_end)
    except DateOverflowError:
        return Failure("E602")


def _arithmetic(operator: Operator, left: Number, right: Number) -> Constant | Failure:
    match operator:
        case Operator.ADD:
            result: Number = left + right
        case Operator.SUBTRACT:
            result = left - right
        case Operator.MULTIPLY:
            result = left * right
        case _:
            if right == 0:
                return Failure("E601")
            result = divide(left, right)
    return checked(result)


def checked(number: Number) -> Number | Failure:
    """Return the number in its simplest form, or a failure where it is too large to go on with."""
    if number.numerator.bit_length() > MAX_BITS or number.denominator.bit_length() > MAX_BITS:
        return Failure("E603")
    return simplify(number)


def total(numbers: list[Number]) -> Number | Failure:
    """Return the exact sum; integers alone stay integers."""
    return checked(sum(numbers, start=0))


def mean(numbers: list[Number]) -> Number | Failure:
    """Return the exact mean of a non-empty list."""
    whole = total(numbers)
    return whole if isinstance(whole, Failure) else checked(Fraction(whole) / len(numbers))
