"""Exact numbers: reading decimal digits, rounding and printing ratios; the one implementation of each.

A number is an `int` or a `Fraction`, never a float. Amounts are counted in cents; rates and points are ratios (25 % is 1/4, 5 points 1/20).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from decimal import MAX_EMAX, MAX_PREC, MIN_EMIN, Context, Decimal, Inexact
from enum import Enum
from fractions import Fraction
from math import gcd
from types import MappingProxyType
from typing import Any

Number = int | Fraction

MAX_DIGITS = 40
_new = object.__new__
_PRINTED_BITS = 14_000  # under 4300 digits
# Arithmetic on Decimal rounds to the 28 digits of the usual context; in this one what is not exact is refused.
_EXACT, _CENT = Context(prec=MAX_PREC, Emax=MAX_EMAX, Emin=MIN_EMIN, traps=[Inexact]), Decimal("0.01")
_DECIMAL = re.compile(r"([+-]?)([0-9]+)(?:\.([0-9]+))?")


class Rounding(Enum):
    """What becomes of a number between two multiples of the quantum; halves only for the first two."""

    HALF_UP = "demi supérieur"
    HALF_EVEN = "demi pair"
    DOWN = "inférieur"
    UP = "supérieur"


# --- the four modes, each from the floor of a quotient, what it leaves and the divisor (> 0) to a whole number ------------------------
# Written without branches: what holds for one integer holds for an array of them, and for machine integers once compiled.


def _down(floor: Any, rest: Any, divisor: Any) -> Any:
    return floor


def _up(floor: Any, rest: Any, divisor: Any) -> Any:
    return floor + (rest > 0)


def _half_up(floor: Any, rest: Any, divisor: Any) -> Any:
    return floor + (2 * rest >= divisor)


def _half_even(floor: Any, rest: Any, divisor: Any) -> Any:
    return floor + ((2 * rest > divisor) | ((2 * rest == divisor) & (floor % 2 == 1)))


ROUNDINGS: Mapping[Rounding, Callable[[Any, Any, Any], Any]] = MappingProxyType(
    {Rounding.DOWN: _down, Rounding.UP: _up, Rounding.HALF_UP: _half_up, Rounding.HALF_EVEN: _half_even}
)


def parse_decimal(text: str) -> Number | None:
    """Read plain decimal digits exactly (`"-12.50"`), or return `None` for any other form or for over 40 digits."""
    match = _DECIMAL.fullmatch(text)
    if match is None or len(text) > MAX_DIGITS + 2:
        return None
    sign, whole, decimals = match.groups()
    number = simplify(Fraction(int(whole + (decimals or "")), 10 ** len(decimals or "")))
    return -number if sign == "-" else number


def simplify(number: Number) -> Number:
    """Return an `int` where the number is whole: integers are several times faster than fractions."""
    return number.numerator if number.denominator == 1 else number


def ratio(above: int, below: int) -> Number:
    """Return `above / below`, `below` > 0, in its simplest form: in a third of the time that `Fraction` and its checks of types take."""
    common = gcd(above, below)
    if common == below:
        return above // below
    made = _new(Fraction)
    made._numerator, made._denominator = (above, below) if common == 1 else (above // common, below // common)  # type: ignore[attr-defined]
    return made


def fraction(above: int, below: int) -> Fraction:
    """Return `above / below`, `below` > 0, as a Fraction even where it is whole."""
    number = ratio(above, below)
    return number if isinstance(number, Fraction) else Fraction(number)


def divide(numerator: Number, denominator: Number) -> Number:
    """Return the exact quotient; the caller has excluded a zero denominator."""
    return simplify(Fraction(numerator) / Fraction(denominator))


def round_to(number: Number, quantum: Number, mode: Rounding) -> Number:
    """Round to a multiple of `quantum` (> 0). `DOWN` and `UP` go towards minus and plus infinity; `HALF_UP` sends halves up."""
    quotient = Fraction(number) / Fraction(quantum)
    floor, rest = divmod(quotient.numerator, quotient.denominator)
    return simplify(ROUNDINGS[mode](floor, rest, quotient.denominator) * Fraction(quantum))


def format_ratio(number: Number) -> str:
    """Print exactly: a finite decimal (`0.25`), else a fraction (`23/60`)."""
    decimal = finite_decimal(number)
    return decimal if decimal is not None else f"{digits(number.numerator)}/{digits(number.denominator)}"


def digits(number: int) -> str:
    """Print an integer. Python refuses beyond 4300 digits, which the exact mean of a few hundred rates may have; a Decimal does not."""
    return str(number) if number.bit_length() <= _PRINTED_BITS else str(Decimal(number))


def format_terms(num: int, den: int) -> str:
    """Print `num / den`, in lowest terms and `den` > 0, as `format_ratio` does."""
    rest = den
    while rest % 2 == 0:
        rest //= 2
    while rest % 5 == 0:
        rest //= 5
    return f"{digits(num)}/{digits(den)}" if rest != 1 else format_ratio(Fraction(num, den))


def finite_decimal(number: Number) -> str | None:
    """Print the decimal expansion where it is finite, else return `None`."""
    rest, twos, fives = number.denominator, 0, 0
    while rest % 2 == 0:
        rest, twos = rest // 2, twos + 1
    while rest % 5 == 0:
        rest, fives = rest // 5, fives + 1
    if rest != 1:
        return None
    places = max(twos, fives)
    figures = digits(abs(number.numerator) * 10**places // number.denominator).rjust(places + 1, "0")
    sign = "-" if number < 0 else ""
    return f"{sign}{figures[:-places]}.{figures[-places:]}" if places else sign + figures


def euros(cents: Number) -> Decimal:
    """Return whole cents as euros with two decimals."""
    if cents.denominator != 1:
        raise ValueError(f"{cents} is not a whole number of cents")
    return _EXACT.multiply(cents.numerator, _CENT)
