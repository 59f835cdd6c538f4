"""From statements to a function over blocks of columns, compiled by Numba, and what it makes of the columns of a batch."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache, lru_cache
from math import floor
from threading import local
from typing import Any

import attrs
import numpy as np

from optam_rules.backends.columnar.frame import Unread
from optam_rules.backends.columnar.layouts import Layouts
from optam_rules.backends.columnar.ratio import Array
from optam_rules.base.numbers import ROUNDINGS

BLOCK = 8_192  # rows of all columns that stay in the cache
# From a column of a block to the next: at a power of two, the same row of every column would fall in one set of the cache.
_STRIDE = BLOCK + 40
# (inputs, outputs, rows): the columns of a block stand one after the other, at that distance.
Loop = Callable[[Array, Array, int], None]


@attrs.frozen(eq=False)
class Kernel:
    """A loop, and what its outputs are: `dtypes` of each, the first tells which rows are lost."""

    loop: Loop
    dtypes: tuple[np.dtype[np.generic], ...]
    _kept: local = attrs.field(factory=local, init=False)

    def run(self, columns: Sequence[Array | Unread], size: int, layouts: Layouts) -> list[Array]:
        """Return the outputs over `size` rows; a column of one element holds for every row.

        A column that was not read yet is `sound` afterwards, unless a number of it is not what it should be; outputs then mean nothing.

        They hold until the next call from the same thread, which writes over them: pages that the system gives anew for each batch would
        cost more than the loop.
        """
        given, made, found = self._memory(len(columns), size)
        inputs = [given[place * _STRIDE :][:BLOCK] for place in range(len(columns))]
        outputs = [made[place * _STRIDE :][:BLOCK] for place in range(len(self.dtypes))]
        long: list[tuple[Array, Array]] = []
        unread: list[tuple[Array, Unread]] = []
        for held, column in zip(inputs, columns, strict=True):
            if isinstance(column, Unread):
                column.sound = True
                unread.append((held, column))
            elif len(column) == 1:
                held[:] = column
            else:
                long.append((held, column))
        for start in range(0, size, BLOCK):
            count = min(BLOCK, size - start)
            for held, column in long:
                held[:count] = column[start : start + count]
            for held, raw in unread:
                least, most, wide = layouts.split(raw.halves[2 * start : 2 * (start + count)], held[:count])
                raw.sound &= raw.low <= least and most <= raw.high and not wide
            self.loop(given, made, count)
            for target, output in zip(found, outputs, strict=True):
                target[start : start + count] = output[:count]
        return found

    def _memory(self, count: int, size: int) -> tuple[Array, Array, list[Array]]:
        """Return blocks of so many inputs and of the outputs, and columns of outputs for at least `size` rows cut to it."""
        kept = self._kept
        if not hasattr(kept, "found") or len(kept.found[0]) < size:
            kept.given, kept.made = np.empty(max(count, 1) * _STRIDE, np.int64), np.empty(len(self.dtypes) * _STRIDE, np.int64)
            kept.found = [np.empty(size, dtype) for dtype in self.dtypes]
        return kept.given, kept.made, [column[:size] for column in kept.found]


def source(inputs: Sequence[str], statements: Sequence[str], outputs: Sequence[str]) -> str:
    """Return the text of a loop: the names of the inputs' columns (`x0!` for booleans), the statements, and what each output is."""
    reads = [f"{name.rstrip('!')} = a[i + {place * _STRIDE}]{' != 0' if name.endswith('!') else ''}" for place, name in enumerate(inputs)]
    writes = [f"o[i + {place * _STRIDE}] = {code}" for place, code in enumerate(outputs)]
    body = "\n        ".join([*reads, *statements, *writes])
    return f"def loop(a, o, n):\n    for i in range(n):\n        {body}\n"


@lru_cache(maxsize=64)
def compiled(text: str) -> Loop:
    """Compile a loop for this machine."""
    from numba import njit

    # No exception for a float divided by zero: divisors are positive, those of rows that are lost included.
    make = njit("void(int64[::1], int64[::1], int64)", nogil=True, error_model="numpy", boundscheck=False)
    loop: Loop = make(_defined(text, _roundings()))
    return loop


@lru_cache(maxsize=64)
def interpreted(text: str) -> Loop:
    """Run the same text as Python: what tests compare with, where every integer is as long as it has to be."""
    function = _defined(text, {mode.name: rule for mode, rule in ROUNDINGS.items()})

    def loop(given: Array, made: Array, count: int) -> None:
        found: dict[int, Any] = {}
        function(given.tolist(), found, count)
        for place, value in found.items():
            made[place] = (int(value) + 2**63) % 2**64 - 2**63  # as machine integers wrap

    return loop


@cache
def _roundings() -> dict[str, Any]:
    from numba import njit

    return {mode.name: njit(rule) for mode, rule in ROUNDINGS.items()}


def _defined(text: str, names: dict[str, Any]) -> Callable[..., None]:
    namespace: dict[str, Any] = {"floor": floor, **names}
    exec(compile(text, "<columns>", "exec"), namespace)  # holds names made here, digits and operators
    function: Callable[..., None] = namespace["loop"]
    return function
