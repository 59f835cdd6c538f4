"""Columns of values, absence included: what the interpreter does with one value, done with a column of them (S3, S11, S13).

A row that cannot be computed here has the status RECOMPUTE: it spreads like an unknown, and only to what depends on it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import attrs
import numpy as np

from optam_rules.backends.columnar.content import Content, Flags, equal, select, take
from optam_rules.backends.columnar.ratio import Array
from optam_rules.core.standing import Standing

# Of several operands of a strict operator the largest status wins (S13).
KNOWN, NOT_APPLICABLE, ERROR, CONFLICT, UNKNOWN, RECOMPUTE = range(6)

TEXT = int(Standing.TEXT)
Low = Array | int  # standing: one for every row, or one each
Needs = Mapping[str, Array]  # what is waited for -> the rows that do
NOTHING: Needs = {}


@attrs.frozen(eq=False)
class Vec:
    """One value a row. `status` is `None` where all are known, `content` is `None` where none is; `needs` only of unknown rows."""

    content: Content | None
    status: Array | None = None
    standing: Low = TEXT
    needs: Needs = NOTHING

    def among(self, *statuses: int) -> Array:
        """Tell which rows have one of some statuses."""
        if self.status is None:
            return np.array([KNOWN in statuses])
        found = self.status == statuses[0]
        for status in statuses[1:]:
            found = found | (self.status == status)
        return np.asarray(found, bool)

    def is_truth(self, value: bool) -> Array:
        """Tell which rows are known to be a boolean."""
        if not isinstance(self.content, Flags):
            return np.zeros(1, bool)
        held = self.content.values if value else ~self.content.values
        return held if self.status is None else held & (self.status == KNOWN)

    def resting_on(self, standing: Low) -> Vec:
        """Return the values lowered to what else was read to decide them."""
        if isinstance(standing, int) and standing >= TEXT:
            return self
        return attrs.evolve(self, standing=lower(self.standing, standing))

    def take(self, rows: Array) -> Vec:
        """Return the rows at some places."""
        return Vec(
            take(self.content, rows) if self.content is not None else None,
            _gather(self.status, rows) if self.status is not None else None,
            self.standing if isinstance(self.standing, int) else _gather(self.standing, rows),
            {need: _gather(mask, rows) for need, mask in self.needs.items()},
        )


def all_rows(status: int, standing: int = TEXT, *needs: str) -> Vec:
    """Return a non-answer that holds for every row."""
    return Vec(None, np.array([status], np.int8), standing, {need: np.ones(1, bool) for need in needs})


def lower(first: Low, second: Low) -> Low:
    """Return the weaker standing."""
    if isinstance(first, int) and isinstance(second, int):
        return min(first, second)
    return np.asarray(np.minimum(first, second), np.int8)


def lowest(vecs: Iterable[Vec]) -> Low:
    """Return the weakest standing of some values."""
    found: Low = TEXT
    for vec in vecs:
        found = lower(found, vec.standing)
    return found


def all_needs(vecs: Iterable[Vec]) -> Needs:
    """Return what any of the values waits for."""
    return united(vec.needs for vec in vecs)


def united(several: Iterable[Needs]) -> Needs:
    """Return the union of what is waited for, row by row."""
    found: dict[str, Array] = {}
    for needs in several:
        for need, mask in needs.items():
            found[need] = found[need] | mask if need in found else mask
    return found


def within(needs: Needs, rows: Array) -> Needs:
    """Return what some rows wait for; a need of no row is left out."""
    found = {need: mask & rows for need, mask in needs.items()}
    return {need: mask for need, mask in found.items() if mask.any()}


def worst(vecs: Sequence[Vec]) -> Array | None:
    """Return the status of a strict operator on these operands; `None` where all are known."""
    found: Array | None = None
    for vec in vecs:
        if vec.status is not None:
            found = vec.status if found is None else np.maximum(found, vec.status)
    return found


def strict(vecs: Sequence[Vec], content: Content | None) -> Vec:
    """Return what a strict operator gives: `content` where every operand is known, else the first non-answer in S13's order."""
    return Vec(content, worst(vecs), lowest(vecs), all_needs(vecs))


def kleene(vecs: Sequence[Vec], deciding: bool) -> Vec:
    """Return `ou` (deciding = true) or `et` (deciding = false) of any number of operands."""
    whole = lowest(vecs)
    uniform = isinstance(whole, int) and whole >= TEXT
    decided, best = np.zeros(1, bool), np.full(1, -1, np.int8)
    for vec in vecs:
        decides = vec.is_truth(deciding)
        decided = decided | decides
        if not uniform:
            best = np.maximum(best, np.where(decides, np.asarray(vec.standing, np.int8), np.int8(-1)))
    standing: Low = whole if uniform else np.where(decided, best, np.asarray(whole, np.int8))
    values = Flags(decided if deciding else ~decided)
    status = worst(vecs)
    if status is None:
        return Vec(values, None, standing)
    status = np.where(decided & (status != RECOMPUTE), np.int8(KNOWN), status)
    return Vec(values, status, standing, within(all_needs(vecs), status == UNKNOWN))


def negation(vec: Vec) -> Vec:
    """Return `non vec`."""
    return attrs.evolve(vec, content=Flags(~vec.content.values)) if isinstance(vec.content, Flags) else vec


def false_where_not_applicable(vec: Vec) -> Vec:
    """Return a condition in which `sans objet` counts as false."""
    if vec.status is None:
        return vec
    absent = vec.status == NOT_APPLICABLE
    if not absent.any():
        return vec
    values = vec.content.values if isinstance(vec.content, Flags) else np.zeros(1, bool)
    return attrs.evolve(vec, content=Flags(values & ~absent), status=np.where(absent, np.int8(KNOWN), vec.status))


def chosen(mask: Array, first: Vec, second: Vec) -> Vec:
    """Return the values of `first` where the mask holds, else those of `second`."""
    if first.content is None or second.content is None:
        content = first.content if second.content is None else second.content
    else:
        content = select(mask, first.content, second.content)
    status: Array | None = None
    if first.status is not None or second.status is not None:
        status = np.where(mask, _status(first), _status(second))
    standing: Low = first.standing
    if not (isinstance(first.standing, int) and isinstance(second.standing, int) and first.standing == second.standing):
        standing = np.where(mask, np.asarray(first.standing, np.int8), np.asarray(second.standing, np.int8))
    waiting = united([within(first.needs, mask), within(second.needs, ~mask)]) if first.needs or second.needs else NOTHING
    return Vec(content, status, standing, waiting)


@attrs.define(eq=False)
class Join:
    """What all completions of unknown conditions agree on, row by row, else an unknown (S3). Each row takes the outcomes that it meets."""

    size: int
    _first: Vec | None = None
    _met: Array = attrs.field(init=False)
    _same: Array | None = None
    _recompute: Array | None = None
    _standing: Low = TEXT
    _needs: Needs = NOTHING

    def __attrs_post_init__(self) -> None:
        self._met = np.zeros(self.size, bool)

    def add(self, rows: Array, outcome: Vec) -> None:
        """Add an outcome of some rows."""
        again = rows & self._met
        if self._first is not None and again.any():
            alike = self._same if self._same is not None else np.ones(self.size, bool)
            self._same = alike & (~again | same(outcome, self._first))
        if outcome.status is not None:
            broken = rows & (outcome.status == RECOMPUTE)
            self._recompute = broken if self._recompute is None else self._recompute | broken
        if self._first is None:
            self._first, self._standing = outcome, outcome.standing
        else:
            fresh = rows & ~self._met
            uniform = isinstance(self._standing, int) and isinstance(outcome.standing, int) and self._standing == outcome.standing
            if not uniform:
                held = np.broadcast_to(np.asarray(self._standing, np.int8), (self.size,))
                added = np.asarray(outcome.standing, np.int8)
                self._standing = np.where(fresh, added, np.where(rows, np.minimum(held, added), held))
            self._first = chosen(fresh, attrs.evolve(outcome, needs=NOTHING), attrs.evolve(self._first, needs=NOTHING))
        self._needs = united([self._needs, within(outcome.needs, rows)])
        self._met = self._met | rows

    def result(self, needs: Needs) -> Vec:
        """Return the joined values; `needs` are the conditions'."""
        if self._first is None:
            return all_rows(RECOMPUTE)
        status = self._first.status
        if self._same is not None:
            status = np.where(self._same, _status(self._first), np.int8(UNKNOWN))
        if self._recompute is not None and status is not None:
            status = np.where(self._recompute, np.int8(RECOMPUTE), status)
        if status is not None and not status.any():
            status = None  # what was not known stood in rows that took another outcome
        waiting = within(united([self._needs, needs]), status == UNKNOWN) if status is not None else NOTHING
        return Vec(self._first.content, status, self._standing, waiting)


def same(first: Vec, second: Vec) -> Array:
    """Tell row by row whether two outcomes have one status and, where known, one content."""
    statuses = _status(first) == _status(second)
    if first.content is None or second.content is None:
        return np.asarray(statuses, bool)
    return np.asarray(statuses & ((_status(first) != KNOWN) | equal(first.content, second.content)), bool)


def _status(vec: Vec) -> Array:
    return vec.status if vec.status is not None else np.zeros(1, np.int8)


def _gather(column: Array, rows: Array) -> Array:
    return column if len(column) == 1 else column[rows]
