"""From a column of ratios to the text of each, as `base.numbers.format_ratio` writes one: `0.25`, or `23/60` where no decimal is exact."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from optam_rules.backends.columnar.ratio import Array, Ratio, lowest_terms

_LARGEST = 2**62


def ratio_texts(ratio: Ratio, size: int) -> pa.Array | None:
    """Return the texts of a column of int64 ratios; `None` where a ratio needs larger integers."""
    small = lowest_terms(ratio)
    if small.num.dtype == object or small.den.dtype == object:
        return None
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
