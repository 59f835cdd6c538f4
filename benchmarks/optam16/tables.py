"""Records of `optam-16` as an Arrow table, as a user holds them: euros and rates in decimals, names of values, booleans."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
from numpy.typing import ArrayLike

from benchmarks.optam16.records import BOOLEANS, FIELDS, MONEY, RATES, TITLES, Columns


def table(drawn: Columns) -> pa.Table:
    """Return columns of integers as a table."""
    columns = {}
    for name in FIELDS:
        column = drawn[name]
        if name in MONEY:
            columns[name] = cents(column)
        elif name in RATES:
            columns[name] = _decimals(column, 6)
        elif name in BOOLEANS:
            columns[name] = pa.array(column.astype(bool))
        elif name == "titre_du_praticien":
            columns[name] = pa.DictionaryArray.from_arrays(pa.array(column.astype(np.int32)), pa.array(TITLES))
        else:
            columns[name] = pa.array(column)
    return pa.table(columns)


def cents(numbers: ArrayLike) -> pa.Array:
    """Return cents as euros."""
    return _decimals(numbers, 2)


def _decimals(numbers: ArrayLike, places: int) -> pa.Array:
    """Lay out both halves of a decimal128: none of these numbers is negative."""
    low = np.asarray(numbers, np.int64)
    halves = np.zeros((len(low), 2), np.int64)
    halves[:, 0] = low
    return pa.Array.from_buffers(pa.decimal128(18, places), len(low), [None, pa.py_buffer(halves)])
