"""Between 64-bit integers and the 128-bit ones of decimal columns, low half first: by NumPy, or in one pass by compiled functions."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

import attrs
import numpy as np

from optam_rules.backends.columnar.ratio import Array


@attrs.frozen
class Halves:
    """Two functions on arrays of int64, one of which holds two halves a number.

    `split(halves, low)` fills the low halves, and gives the least and the greatest of them and of zero, and whether a number does not fit
    its low half; `join(low, halves)` fills both halves of numbers of 64 bits.
    """

    split: Callable[[Array, Array], tuple[int, int, bool]]
    join: Callable[[Array, Array], None]


def _split(halves: Array, low: Array) -> tuple[int, int, bool]:
    low[:] = halves[0::2]
    high = halves[1::2]
    least = int(low.min(initial=0))
    return least, int(low.max(initial=0)), bool(high.any()) if least >= 0 else bool((high != low >> 63).any())


def _join(low: Array, halves: Array) -> None:
    halves[0::2] = low
    halves[1::2] = low >> 63 if int(low.min(initial=0)) < 0 else 0


BY_NUMPY = Halves(_split, _join)


@cache
def compiled() -> Halves:
    """Return the same functions compiled by Numba."""
    from numba import int64, njit, types

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

    def split(halves: Array, low: Array) -> tuple[int, int, bool]:
        least, most, wide = extremes(halves if halves.flags.aligned else halves.copy(), low)
        return least, most, wide != 0

    def join(low: Array, halves: Array) -> None:
        both(np.ascontiguousarray(low), halves)

    return Halves(split, join)
