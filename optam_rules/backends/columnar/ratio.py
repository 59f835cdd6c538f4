"""Exact columns of ratios: int64 while the extremes of a column prove that it fits, Python's own integers beyond.

A column has one element a row, or a single one that holds for every row. No float is ever a result: floats only tell apart what is far
apart (`compare`) or guess a quotient that integers then correct (`_floor_division`).
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from math import lcm
from typing import Any

import attrs
import numpy as np
from numpy.typing import NDArray

from optam_rules.base.numbers import ROUNDINGS, Number, Rounding

Array = NDArray[Any]
Comparison = Callable[[Array, Array], Array]

_LARGEST = 2**63 - 1
_EXACT_FLOAT = 2**53
_FLOAT_RANGE = 2**1000
# Two conversions and a division each err by 2**-53 at most; rows closer than this many times as much are compared exactly.
_NEAR = 2.0**-48
_ONE = np.ones(1, np.int64)


@attrs.frozen(eq=False)
class Ratio:
    """`num / den`, `den` > 0; no element of `num` is larger than `top` in size, none of `den` larger than `bottom`."""

    num: Array
    den: Array
    top: int
    bottom: int

    @property
    def whole(self) -> bool:
        """Tell whether every denominator is 1."""
        return self.bottom == 1


def constant(value: Number) -> Ratio:
    """Return a number that holds for every row."""
    return Ratio(_array([value.numerator]), _array([value.denominator]), abs(value.numerator), value.denominator)


def integers(num: Array) -> Ratio:
    """Return a column of whole numbers (int64, or objects that are `int`)."""
    return Ratio(num, _ONE, _size(num), 1)


def fractions(num: Array, den: Array) -> Ratio:
    """Return a column of ratios; every denominator is positive."""
    bottom = _size(den) or 1
    return Ratio(num, _ONE if bottom == 1 else den, _size(num), bottom)


def within(num: Array, den: Array, top: int) -> Ratio:
    """Return a column of ratios over one positive denominator, no element of `num` larger than `top` in size."""
    bottom = int(den[0])
    return Ratio(num, _ONE if bottom == 1 else den, top, bottom)


def of_numbers(values: list[Number]) -> Ratio:
    """Return a column of Python's exact numbers."""
    num = _array([value.numerator for value in values])
    if all(value.denominator == 1 for value in values):
        return integers(num)
    return fractions(num, _array([value.denominator for value in values]))


def to_numbers(ratio: Ratio, rows: Array) -> list[Number]:
    """Return the exact numbers of some rows, in their simplest form."""
    nums, dens = at(ratio.num, rows).tolist(), at(ratio.den, rows).tolist()
    if ratio.whole:
        return [int(num) for num in nums]
    found = [Fraction(num, den) for num, den in zip(nums, _lengthened(dens, len(nums)), strict=True)]
    return [number.numerator if number.denominator == 1 else number for number in found]


def at(column: Array, rows: Array) -> Array:
    """Return the elements of some rows; a single element holds for all of them."""
    return np.broadcast_to(column, rows.shape) if len(column) == 1 else column[rows]


def take(ratio: Ratio, rows: Array) -> Ratio:
    """Return the rows at some places."""
    return Ratio(_gathered(ratio.num, rows), _gathered(ratio.den, rows), ratio.top, ratio.bottom)


def select(mask: Array, first: Ratio, second: Ratio) -> Ratio:
    """Return `first` where the mask holds, else `second`."""
    first, second = _over_one_denominator(first, second)
    if first.den is second.den:
        num = np.where(mask, *_alike(first.num, second.num))
        return Ratio(num, first.den, max(first.top, second.top), first.bottom)
    top, bottom = max(first.top, second.top), max(first.bottom, second.bottom)
    den = _ONE if bottom == 1 else np.where(mask, *_alike(first.den, second.den))
    return Ratio(np.where(mask, *_alike(first.num, second.num)), den, top, bottom)


def add(left: Ratio, right: Ratio) -> Ratio:
    """Return `left + right`."""
    left, right = _over_one_denominator(left, right)
    if (left.whole and right.whole) or left.den is right.den:
        top = left.top + right.top
        return Ratio(_wide(left.num, top) + _wide(right.num, top), left.den, top, left.bottom)
    top = left.top * right.bottom + right.top * left.bottom
    num = _product(left.num, right.den, top) + _product(right.num, left.den, top)
    bottom = left.bottom * right.bottom
    return _reduced(Ratio(num, _product(left.den, right.den, bottom), top, bottom))


def negate(ratio: Ratio) -> Ratio:
    """Return `-ratio`."""
    return Ratio(-ratio.num, ratio.den, ratio.top, ratio.bottom)


def multiply(left: Ratio, right: Ratio) -> Ratio:
    """Return `left x right`."""
    top, bottom = left.top * right.top, left.bottom * right.bottom
    den = _ONE if bottom == 1 else _product(left.den, right.den, bottom)
    return _reduced(Ratio(_product(left.num, right.num, top), den, top, bottom))


def divide(left: Ratio, right: Ratio) -> tuple[Ratio, Array]:
    """Return `left / right`, and where the divisor is zero (the quotient is then 0)."""
    top, bottom = left.top * right.bottom, max(1, left.bottom * right.top)
    num, den = _product(left.num, right.den, top), _product(left.den, right.num, bottom)
    zero = den == 0
    if zero.any():
        num, den = np.where(zero, 0, num), np.where(zero, 1, den)
    if (den < 0).any():
        num, den = np.where(den < 0, -num, num), np.abs(den)
    return _reduced(Ratio(num, den, top, bottom)), zero


def compare(comparison: Comparison, left: Ratio, right: Ratio) -> Array:
    """Return `comparison` (a NumPy ufunc) of the two sides, exactly."""
    left, right = _over_one_denominator(left, right)
    if left.den is right.den or (left.whole and right.whole):
        return np.asarray(comparison(left.num, right.num), bool)
    tops = left.top * right.bottom, right.top * left.bottom
    if max(tops) <= _LARGEST or max(left.top, left.bottom, right.top, right.bottom) >= _FLOAT_RANGE:
        return np.asarray(comparison(_product(left.num, right.den, tops[0]), _product(right.num, left.den, tops[1])), bool)
    first, second = _floats(left), _floats(right)
    held = np.asarray(comparison(first, second), bool)
    near = np.nonzero(np.abs(first - second) <= _NEAR * np.maximum(np.abs(first), np.abs(second)))[0]
    if len(near):
        sides = (_exact(left.num, near) * _exact(right.den, near), _exact(right.num, near) * _exact(left.den, near))
        held[near] = comparison(*sides).astype(bool)
    return held


def round_to(ratio: Ratio, quantum: Number, mode: Rounding) -> Ratio:
    """Round to a multiple of `quantum`, as `base.numbers.round_to` does one number."""
    top, bottom = ratio.top * quantum.denominator, ratio.bottom * quantum.numerator
    limit = max(top, 2 * bottom)
    num = _product(ratio.num, _array([quantum.denominator]), limit)
    den = _product(ratio.den, _array([quantum.numerator]), limit)
    floor, rest = _floor_division(num, den, limit)
    steps = ROUNDINGS[mode](floor, rest, den)
    most = _size(steps)
    scaled = _product(steps, _array([quantum.numerator]), most * quantum.numerator)
    if scaled.dtype == object and most * quantum.numerator <= _LARGEST:
        scaled = scaled.astype(np.int64)
    return Ratio(scaled, _array([quantum.denominator]), most * quantum.numerator, quantum.denominator)


def segment_sums(whole: Ratio, parents: Array, lengths: Array) -> Array:
    """Return the sum of the whole numbers of each segment; `parents` is the segment of each number, in order."""
    longest = int(lengths.max()) if len(lengths) else 0
    nums = np.broadcast_to(_wide(whole.num, whole.top * max(longest, 1)), parents.shape)
    # A running total may wrap around: the difference of two of them is right all the same where the sum itself fits.
    running = np.concatenate([np.zeros(1, nums.dtype), np.cumsum(nums)])
    ends = np.cumsum(lengths)
    return np.asarray(running[ends] - running[ends - lengths])


def spread(ratio: Ratio, size: int) -> Ratio:
    """Return the same column with one element a row."""
    num = np.broadcast_to(ratio.num, (size,))
    return Ratio(num, ratio.den if ratio.whole else np.broadcast_to(ratio.den, (size,)), ratio.top, ratio.bottom)


def put(ratio: Ratio, rows: Array, other: Ratio) -> Ratio:
    """Return the column with some rows replaced, in order, by those of `other`."""
    size = len(ratio.num)
    first, num = _alike(ratio.num, np.broadcast_to(other.num, rows.shape))
    num_held = first.copy()
    num_held[rows] = num
    second, den = _alike(np.broadcast_to(ratio.den, (size,)), np.broadcast_to(other.den, rows.shape))
    den_held = second.copy()
    den_held[rows] = den
    return Ratio(num_held, den_held, max(ratio.top, other.top), max(ratio.bottom, other.bottom))


def lowest_terms(ratio: Ratio) -> Ratio:
    """Return the same ratios in lowest terms."""
    if ratio.whole:
        return ratio
    num, den = _alike(ratio.num, ratio.den)
    common = np.gcd(num, den)
    return Ratio(num // common, den // common, ratio.top, ratio.bottom)


# --- arrays --------------------------------------------------------------------------------------------------------------------


def _array(values: list[int]) -> Array:
    fits = all(-_LARGEST <= value <= _LARGEST for value in values)
    return np.array(values, np.int64 if fits else object)


def _size(column: Array) -> int:
    """Return the largest size of an element, as an integer of any length."""
    return max(abs(int(column.max())), abs(int(column.min()))) if len(column) else 0


def _wide(column: Array, bound: int) -> Array:
    return column if bound <= _LARGEST else column.astype(object)


def _alike(left: Array, right: Array) -> tuple[Array, Array]:
    """Return two columns of one kind: a mix of int64 and objects would pass through floats."""
    if left.dtype == right.dtype:
        return left, right
    return left.astype(object), right.astype(object)


def _over_one_denominator(first: Ratio, second: Ratio) -> tuple[Ratio, Ratio]:
    """Return two columns, each of one denominator for every row, over the least that both have; unchanged where it would not fit."""
    if first.den is second.den or len(first.den) != 1 or len(second.den) != 1:
        return first, second
    left, right = int(first.den[0]), int(second.den[0])
    common = lcm(left, right)
    if max(common, first.top * (common // left), second.top * (common // right)) > _LARGEST:
        return first, second
    den = first.den if common == left else second.den if common == right else _array([common])
    return _scaled(first, common // left, den, common), _scaled(second, common // right, den, common)


def _scaled(ratio: Ratio, factor: int, den: Array, common: int) -> Ratio:
    num = ratio.num if factor == 1 else _narrow(ratio.num) * np.int64(factor)
    return Ratio(num, den, ratio.top * factor, common)


def _narrow(column: Array) -> Array:
    return column.astype(np.int64) if column.dtype == object else column


def _gathered(column: Array, rows: Array) -> Array:
    return column if len(column) == 1 else column[rows]


def _product(left: Array, right: Array, bound: int) -> Array:
    """Return the product; `bound` is the largest size that it, or what it goes into, can have."""
    if right is _ONE:
        return _wide(left, bound)
    if left is _ONE:
        return _wide(right, bound)
    return _wide(left, bound) * _wide(right, bound)


def _reduced(ratio: Ratio) -> Ratio:
    """Bring large ratios to lowest terms, and back to int64 where they then fit."""
    if ratio.num.dtype != object and ratio.den.dtype != object:
        return ratio
    small = lowest_terms(ratio)
    top, bottom = _size(small.num), _size(small.den) or 1
    if max(top, bottom) > _LARGEST:
        return Ratio(small.num, small.den, top, bottom)
    return Ratio(small.num.astype(np.int64), small.den.astype(np.int64), top, bottom)


def _floats(ratio: Ratio) -> Array:
    return np.asarray(ratio.num.astype(np.float64) / ratio.den.astype(np.float64))


def _exact(column: Array, rows: Array) -> Array:
    return at(column, rows).astype(object)


def _floor_division(num: Array, den: Array, limit: int) -> tuple[Array, Array]:
    """Return quotient and remainder, the quotient towards minus infinity; a float guesses it where integers can correct the guess."""
    if limit >= _EXACT_FLOAT or num.dtype == object or den.dtype == object:
        floor = num // den
        return floor, num - floor * den
    floor = np.floor(num.astype(np.float64) / den.astype(np.float64)).astype(np.int64)
    rest = num - floor * den
    # SOURCE: both are below 2**53, so the guess is one off at most.
    low, high = rest < 0, rest >= den
    floor = floor - low + high
    return floor, num - floor * den


def _lengthened(values: list[int], length: int) -> list[int]:
    return values * length if len(values) == 1 and length != 1 else values
