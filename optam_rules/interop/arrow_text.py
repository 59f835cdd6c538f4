"""From a column of ratios to the text of each, as `base.numbers.format_ratio` writes one: `0.25`, or `23/60` where no decimal is exact."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from optam_rules.backends.columnar.layouts import BY_NUMPY, Layouts
from optam_rules.backends.columnar.ratio import Array, Ratio, lowest_terms
from optam_rules.base.numbers import format_terms

_LARGEST = 2**62
_MOST_PLACES = 18


def ratio_texts(ratio: Ratio, size: int, absent: Array | None = None, layouts: Layouts = BY_NUMPY) -> pa.Array | None:
    """Return the texts of a column of ratios, those of `absent` rows any or null; `None` where a decimal needs larger integers."""
    count = _common_places(ratio)
    if count is not None and size:
        offsets, digits = layouts.digits(np.broadcast_to(_times(ratio, 10**count // int(ratio.den[0])), (size,)), count)
        return pa.Array.from_buffers(pa.string(), size, [None, pa.py_buffer(offsets), pa.py_buffer(digits)])
    small = lowest_terms(ratio)
    if small.num.dtype == object or small.den.dtype == object:
        passed = np.zeros(size, bool) if absent is None else absent
        columns = (np.broadcast_to(column, (size,)).tolist() for column in (small.num, small.den, passed))
        return pa.array([None if skip else format_terms(num, den) for num, den, skip in zip(*columns, strict=True)], pa.string())
    nums, dens = np.broadcast_to(small.num, (size,)), np.broadcast_to(small.den, (size,))
    places = _places(dens)
    pieces: list[pa.Array] = []
    rows: list[Array] = []
    for count in np.unique(places).tolist():
        here = np.nonzero(places == count)[0]
        if count < 0:
            texts = pc.binary_join_element_wise(_text(nums[here]), _text(dens[here]), "/")
        elif count == 0:
            texts = _text(nums[here])
        else:
            scale = 10**count
            if scale > _LARGEST or (np.abs(nums[here]) > _LARGEST // scale).any():
                return None
            texts = _decimals(nums[here] * (scale // dens[here]), count)
        pieces.append(texts)
        rows.append(here)
    if not rows:
        return pa.array([], pa.string())
    order = np.argsort(np.concatenate(rows), kind="stable")
    return pa.concat_arrays(pieces).take(pa.array(order))


def _common_places(ratio: Ratio) -> int | None:
    """Return how many decimals write every ratio of a column; `None` where its rows have denominators of their own, or none suffices."""
    if len(ratio.den) != 1 or ratio.num.dtype == object or ratio.den.dtype == object:
        return None
    count = int(_places(ratio.den)[0])
    return count if 0 <= count <= _MOST_PLACES and ratio.top * (10**count // int(ratio.den[0])) <= _LARGEST else None


def decimals(ratio: Ratio, places: int) -> Array | None:
    """Return the ratios of a column times ten to the power of `places`; `None` where not all are int64 for sure."""
    if len(ratio.den) != 1 or ratio.num.dtype == object or ratio.den.dtype == object:
        return None
    factor, rest = divmod(10**places, int(ratio.den[0]))
    return _times(ratio, factor) if not rest and ratio.top * factor <= _LARGEST else None


def _times(ratio: Ratio, factor: int) -> Array:
    return ratio.num if factor == 1 else ratio.num * np.int64(factor)


def _places(dens: Array) -> Array:
    """Return how many decimals each denominator takes, -1 where none suffices."""
    distinct, back = np.unique(dens, return_inverse=True)
    rest = distinct
    twos, fives = np.zeros(len(distinct), np.int64), np.zeros(len(distinct), np.int64)
    for prime, counts in ((2, twos), (5, fives)):
        while (whole := rest % prime == 0).any():
            rest = np.where(whole, rest // prime, rest)
            counts += whole
    return np.where(rest == 1, np.maximum(twos, fives), -1)[back]


def _text(numbers: Array) -> pa.Array:
    return pa.array(numbers, pa.int64()).cast(pa.string())


def _decimals(numbers: Array, places: int) -> pa.Array:
    """Return whole numbers with a point before their last `places` digits."""
    digits = pc.utf8_lpad(_text(np.abs(numbers)), places + 1, "0")
    head, tail = pc.utf8_slice_codeunits(digits, 0, -places), pc.utf8_slice_codeunits(digits, -places)
    unsigned = pc.binary_join_element_wise(head, tail, ".")
    negative = pa.array(numbers < 0)
    return pc.if_else(negative, pc.binary_join_element_wise(pa.scalar("-"), unsigned, ""), unsigned)
