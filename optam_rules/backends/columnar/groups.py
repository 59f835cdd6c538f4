"""Rows with one key, all keys in turn: small keys are counted, others sorted."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from optam_rules.backends.columnar.ratio import Array

_COUNTED = 1 << 16


def distinct(keys: Array, limit: int) -> Iterator[tuple[int, Array]]:
    """Yield each key that occurs (all in 0 to `limit` - 1) and the rows that have it."""
    met = (np.nonzero(np.bincount(keys, minlength=1))[0] if limit <= _COUNTED else np.unique(keys)).tolist()
    if len(met) == 1:
        yield met[0], np.ones(len(keys), bool)
        return
    for key in met:
        yield key, keys == key
