"""How Arrow lays out numbers: decimals as two halves of 64 bits, low half first, and as texts; by NumPy, or by compiled functions."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

import attrs
import numpy as np

from optam_rules.backends.columnar.ratio import Array

_ZERO, _POINT, _MINUS = (np.uint8(ord(sign)) for sign in "0.-")


@attrs.frozen
class Layouts:
    """Three functions on arrays of int64.

    `split(halves, low)` fills the low halves, and gives the least and the greatest of them and of zero, and whether a number does not fit
    its low half; `join(low, halves)` fills both halves of numbers of 64 bits.

    `digits(numbers, places)` writes whole numbers with a point before their last `places` digits, without the zeros that end a decimal:
    where each text ends in the bytes, from a zero on, and the bytes. No number is larger than 2^62, there is one at least, and the texts
    of a batch take less than 2^31 bytes.
    """

    split: Callable[[Array, Array], tuple[int, int, bool]]
    join: Callable[[Array, Array], None]
    digits: Callable[[Array, int], tuple[Array, Array]]


def _split(halves: Array, low: Array) -> tuple[int, int, bool]:
    low[:] = halves[0::2]
    high = halves[1::2]
    least = int(low.min(initial=0))
    return least, int(low.max(initial=0)), bool(high.any()) if least >= 0 else bool((high != low >> 63).any())


def _join(low: Array, halves: Array) -> None:
    halves[0::2] = low
    halves[1::2] = low >> 63 if int(low.min(initial=0)) < 0 else 0


def _digits(numbers: Array, places: int) -> tuple[Array, Array]:
    """Lay digits out a row for each place, every number in a column; what a text leaves out is then passed over."""
    size, negative = len(numbers), numbers < 0
    rest = np.abs(numbers)
    most = int(rest.max())
    if most < 2**32:
        rest = rest.astype(np.uint32)  # divided in half the time
    width = max(len(str(most)), places + 1) + 2  # a sign and a point more
    digits, kept = np.empty((width, size), np.uint8), np.empty((width, size), bool)
    ten = rest.dtype.type(10)
    trailing = np.zeros(size, bool)
    row = width - 1
    for _ in range(places):
        quotient = rest // ten
        digit = (rest - quotient * ten).astype(np.uint8)
        trailing |= digit != 0
        digits[row], kept[row], rest = digit + _ZERO, trailing, quotient
        row -= 1
    digits[row], kept[row] = _POINT, trailing
    for place in range(row - 1, 0, -1):
        quotient = rest // ten
        digits[place] = (rest - quotient * ten).astype(np.uint8) + _ZERO
        kept[place] = (rest != 0) | (place == row - 1)
        rest = quotient
    digits[0], kept[0] = _MINUS, negative
    offsets = np.zeros(size + 1, np.int32)
    np.cumsum(kept.sum(axis=0), out=offsets[1:])
    return offsets, digits.T[kept.T]


BY_NUMPY = Layouts(_split, _join, _digits)


@cache
def compiled() -> Layouts:
    """Return the same functions compiled by Numba."""
    from numba import int32, int64, njit, types, uint8

    given = types.Array(int64, 1, "C", readonly=True)  # which takes arrays that may be written too

    @njit(types.UniTuple(int64, 3)(given, int64[::1]), nogil=True)  # type: ignore[no-untyped-call]
    def extremes(halves: Array, low: Array) -> tuple[int, int, int]:
        least, most, wide = 0, 0, 0
        for place in range(len(low)):
            number = halves[2 * place]
            low[place] = number
            wide |= halves[2 * place + 1] ^ (number >> 63)
            least, most = min(least, number), max(most, number)
        return least, most, wide

    @njit(types.void(given, int64[::1]), nogil=True)
    def both(low: Array, halves: Array) -> None:
        for place in range(len(low)):
            halves[2 * place] = low[place]
            halves[2 * place + 1] = low[place] >> 63

    @njit(types.void(given, int64, int32[::1], uint8[::1]), nogil=True)
    def write(numbers: Array, places: int, offsets: Array, held: Array) -> None:
        unit, end = 10**places, 0
        for place in range(len(numbers)):
            number = abs(numbers[place])
            if numbers[place] < 0:
                held[end] = 45
                end += 1
            whole, rest = number // unit, number % unit
            width, larger = 1, whole // 10
            while larger > 0:
                width, larger = width + 1, larger // 10
            for back in range(end + width - 1, end - 1, -1):
                held[back] = 48 + whole % 10
                whole //= 10
            end += width
            if rest:
                held[end] = 46
                last = 0
                for back in range(end + places, end, -1):
                    digit = rest % 10
                    held[back] = 48 + digit
                    if last == 0 and digit:
                        last = back
                    rest //= 10
                end = last + 1
            offsets[place + 1] = end

    def split(halves: Array, low: Array) -> tuple[int, int, bool]:
        least, most, wide = extremes(halves if halves.flags.aligned else halves.copy(), low)
        return least, most, wide != 0

    def join(low: Array, halves: Array) -> None:
        both(np.ascontiguousarray(low), halves)

    def digits(numbers: Array, places: int) -> tuple[Array, Array]:
        numbers = np.ascontiguousarray(numbers)
        longest = max(len(str(max(int(numbers.max()), -int(numbers.min())))), places + 1) + 2  # a sign and a point more
        offsets, held = np.zeros(len(numbers) + 1, np.int32), np.empty(longest * len(numbers), np.uint8)
        write(numbers, places, offsets, held)
        return offsets, held[: offsets[-1]].copy()

    return Layouts(split, join, digits)
