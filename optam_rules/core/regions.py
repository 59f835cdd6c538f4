"""From the cells of a decision table to the atoms of its columns, and from those to the rows that a completion of unknowns selects.

The cells of a column cut the domain of its type into finitely many atoms: parts that no cell splits, each with a representative value.
Bounds declared on data are not looked at; a column of an enumeration has one atom a value, an ordered column one atom between two cuts
(integers, dates and durations are counted one by one, so `<= 1` and `>= 2` leave no gap; rates, points and amounts are dense).
"""

from __future__ import annotations

import datetime as dt
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from functools import lru_cache, reduce
from itertools import chain, count
from operator import or_
from typing import assert_never

import attrs

from optam_rules.base.calendar import Duration
from optam_rules.base.numbers import Number, simplify
from optam_rules.core.ir import Any_, Cell, OneOf, Range, Scalarlike, Table
from optam_rules.core.types import Scalar, Type

# Combinations of atoms looked at before a table is declared too large to be shown complete.
MAX_CELLS = 200_000

# A place where an ordered domain is cut: (v, 0) just before v, (v, 1) just after it; on counted domains always (v, 0).
Cut = tuple[Number, int]

_COUNTED = frozenset({Scalar.INTEGER, Scalar.DATE, Scalar.DAYS, Scalar.MONTHS})
_DENSE = frozenset({Scalar.RATE, Scalar.POINTS, Scalar.MONEY})
# How far from the outermost cut the representative of an unlimited atom is taken: 1 %, 1 point, 1 €.
_STEP: dict[Type, Number] = {Scalar.RATE: Fraction(1, 100), Scalar.POINTS: Fraction(1, 100), Scalar.MONEY: 100}
_FIRST_DAY, _LAST_DAY = dt.date.min.toordinal(), dt.date.max.toordinal()


class TooManyCellsError(Exception):
    """Raised when more than MAX_CELLS combinations of atoms would have to be looked at."""


@attrs.frozen
class Column:
    """A column cut into atoms: bit `r` of `hits[a]` tells whether the cell of row `r` holds atom `a`."""

    representatives: tuple[Scalarlike, ...]
    hits: tuple[int, ...]
    type: Type
    reach: int  # union of `hits`
    options: tuple[tuple[int, int], ...]  # distinct hits, each with its first atom
    cuts: tuple[Cut, ...]  # of an ordered type: the places where atoms meet, in order
    places: Mapping[object, int]  # of any other type: the atom of each value named
    _elsewhere: int  # hits of a value that no cell names

    def rows_at(self, value: object) -> int:
        """Return the bits of the rows whose cell holds `value`."""
        if self.type in _COUNTED or self.type in _DENSE:
            return self.hits[bisect_right(self.cuts, (_place(value), 0))]
        place = self.places.get(value)
        return self._elsewhere if place is None else self.hits[place]


@attrs.frozen
class Coverage:
    """What a table leaves open: one value a column that no row holds, and two rows (with such values) that share a case."""

    gap: tuple[Scalarlike, ...] | None
    overlap: tuple[int, int, tuple[Scalarlike, ...]] | None
    cells: int  # combinations looked at


def possible_rows(table: Table, known: Sequence[object | None]) -> tuple[list[int], bool]:
    """Return the rows that some completion of the unknown columns (`None`) selects, and whether the `sinon` row is one of them.

    Exact where the rows do not overlap, which elaboration has shown. With every column known, at most one row or `sinon` comes out.
    """
    columns = columns_of(table)
    everything = (1 << len(table.rows)) - 1
    choices = [column.options if value is None else ((column.rows_at(value), 0),) for column, value in zip(columns, known, strict=True)]
    possible = everything
    for column, value in zip(columns, known, strict=True):
        possible &= column.reach if value is None else column.rows_at(value)
    otherwise = table.otherwise is not None and any(mask == 0 for mask, _ in _Walk(MAX_CELLS).cases(everything, choices))
    return list(_bits(possible)), otherwise


def coverage(table: Table, limit: int = MAX_CELLS) -> Coverage:
    """Find a gap and an overlap among the rows, the `sinon` row left aside.

    Raises TooManyCellsError where that takes more than `limit` combinations of atoms.
    """
    columns = columns_of(table)
    everything = (1 << len(table.rows)) - 1
    gap: tuple[Scalarlike, ...] | None = None
    shared: tuple[int, int, tuple[Scalarlike, ...]] | None = None
    walk = _Walk(limit)
    for mask, trail in walk.cases(everything, [column.options for column in columns]):
        if gap is None and mask == 0:
            gap = _witness(columns, trail)
        elif shared is None and mask & (mask - 1):
            first, second = list(_bits(mask))[:2]
            shared = (first, second, _witness(columns, trail))
    return Coverage(gap, shared, walk.spent)


@lru_cache(maxsize=4096)
def columns_of(table: Table) -> tuple[Column, ...]:
    """Return the columns of a table, cut into atoms."""
    domains = table.domains or ((),) * len(table.columns)
    return tuple(
        cut_column([row.cells[index] for row in table.rows], column.type, domains[index]) for index, column in enumerate(table.columns)
    )


def cut_column(cells: Sequence[Cell], type_: Type, domain: Sequence[str] = ()) -> Column:
    """Cut the domain of `type_` by cells, one a row; `domain` lists the values of an enumeration."""
    if type_ in _COUNTED or type_ in _DENSE:
        return _cut_line(cells, type_)
    return _cut_values(cells, type_, domain)


def is_empty(cell: Cell, type_: Type) -> bool:
    """Tell whether a cell of an ordered column holds no value at all (`]2 ; 1]`, or `]1 ; 2[` among integers)."""
    return not isinstance(cell, Any_) and not list(_spans(cell, type_))


# --- columns of values ---------------------------------------------------------------------------------------------------------


def _cut_values(cells: Sequence[Cell], type_: Type, domain: Sequence[str]) -> Column:
    named = {value: None for cell in cells if isinstance(cell, OneOf) for value in sorted(cell.values, key=str)}
    values: list[Scalarlike] = [True, False] if type_ is Scalar.BOOLEAN else list(domain) or [*named, _other_text(named)]
    anywhere = sum(1 << row for row, cell in enumerate(cells) if isinstance(cell, Any_))
    hits = dict.fromkeys(values, anywhere)
    for row, cell in enumerate(cells):
        if isinstance(cell, OneOf):
            for value in cell.values:
                hits[value] = hits.get(value, anywhere) | 1 << row
    return _column(tuple(values), tuple(hits[value] for value in values), type_, (), anywhere)


def _other_text(named: Iterable[Scalarlike]) -> str:
    """Return a value that no cell names."""
    taken = set(named)
    return next(text for text in chain(["autre"], (f"autre{index}" for index in count(2))) if text not in taken)


# --- ordered columns -----------------------------------------------------------------------------------------------------------


def _cut_line(cells: Sequence[Cell], type_: Type) -> Column:
    rows = [list(_spans(cell, type_)) for cell in cells]
    cuts = sorted({cut for spans in rows for span in spans for cut in span if cut is not None})
    places = {cut: index + 1 for index, cut in enumerate(cuts)}
    # INVARIANT: the spans of one cell are disjoint, so a bit flips once where a span starts and once just after it ends.
    flips = [0] * (len(cuts) + 2)
    for row, spans in enumerate(rows):
        for start, stop in spans:
            flips[0 if start is None else places[start]] ^= 1 << row
            flips[-1 if stop is None else places[stop]] ^= 1 << row
    hits: list[int] = []
    mask = 0
    for flip in flips[:-1]:
        mask ^= flip
        hits.append(mask)
    bounds = list(zip([None, *cuts], [*cuts, None], strict=True))
    return _column(tuple(_representative(low, high, type_) for low, high in bounds), tuple(hits), type_, tuple(cuts), 0)


def _spans(cell: Cell, type_: Type) -> Iterator[tuple[Cut | None, Cut | None]]:
    """Yield the non-empty stretches that a cell covers, from cut to cut; `None` is without limit."""
    for start, stop in _stretches(cell, type_):
        if type_ is Scalar.DATE:  # the calendar itself ends somewhere
            if (start is not None and start[0] > _LAST_DAY) or (stop is not None and stop[0] <= _FIRST_DAY):
                continue
            start = None if start is not None and start[0] <= _FIRST_DAY else start
            stop = None if stop is not None and stop[0] > _LAST_DAY else stop
        if start is None or stop is None or start < stop:
            yield start, stop


def _stretches(cell: Cell, type_: Type) -> Iterator[tuple[Cut | None, Cut | None]]:
    match cell:
        case Any_():
            yield None, None
        case OneOf(values):
            for place in sorted(_place(value) for value in values):
                yield (place, 0), _after(place, type_)
        case Range(low, low_closed, high, high_closed):
            start = None if low is None else (_place(low), 0) if low_closed else _after(_place(low), type_)
            stop = None if high is None else _after(_place(high), type_) if high_closed else (_place(high), 0)
            yield start, stop
        case _:
            assert_never(cell)


def _after(place: Number, type_: Type) -> Cut:
    return (place + 1, 0) if type_ in _COUNTED else (place, 1)


def _place(value: object) -> Number:
    """Return where a value stands on its line: itself, the number of a day, or the count of a duration."""
    match value:
        case dt.date():
            return value.toordinal()
        case Duration():
            return value.count
        case int() | Fraction():
            return value
    raise TypeError(f"{value!r} has no place on a line")


def _representative(low: Cut | None, high: Cut | None, type_: Type) -> Scalarlike:
    """Return a value between two cuts, a plain one where there is a choice."""
    step = _STEP.get(type_, 1)
    match low, high:
        case None, None:
            place: Number = dt.date(2000, 1, 1).toordinal() if type_ is Scalar.DATE else 0
        case None, (number, side):
            place = number if side else number - step
        case (number, side), None:
            place = number + step if side else number
        case (number, side), (top, top_side):
            place = number if side == 0 else top if top_side else simplify(Fraction(number + top) / 2)
    match type_:
        case Scalar.DATE:
            return dt.date.fromordinal(int(place))
        case Scalar.DAYS:
            return Duration(int(place), "jours")
        case Scalar.MONTHS:
            return Duration(int(place), "mois")
    return place


# --- search --------------------------------------------------------------------------------------------------------------------


def _column(representatives: tuple[Scalarlike, ...], hits: tuple[int, ...], type_: Type, cuts: tuple[Cut, ...], elsewhere: int) -> Column:
    options: dict[int, int] = {}
    for atom, mask in enumerate(hits):
        options.setdefault(mask, atom)
    places: dict[object, int] = {} if cuts else {value: atom for atom, value in enumerate(representatives)}
    return Column(representatives, hits, type_, reduce(or_, hits, 0), tuple(options.items()), cuts, places, elsewhere)


_Trail = tuple["_Trail", int] | None


@attrs.define
class _Walk:
    """A walk through the columns of a table, and how many combinations of atoms it looked at."""

    limit: int
    spent: int = 0

    def cases(self, everything: int, choices: Sequence[Sequence[tuple[int, int]]]) -> Iterator[tuple[int, _Trail]]:
        """Yield each set of rows (as bits) that some case selects, with the atoms that led there, last column first.

        An empty set is yielded as soon as it is met, its trail then shorter than the columns: any atoms complete it.
        """
        front: dict[int, _Trail] = {everything: None}
        for options in choices:
            self.spent += len(front) * len(options)
            if self.spent > self.limit:
                raise TooManyCellsError
            following: dict[int, _Trail] = {}
            for mask, trail in front.items():
                for hits, atom in options:
                    if (rows := mask & hits) not in following:
                        following[rows] = (trail, atom)
            if 0 in following:
                yield 0, following.pop(0)
            front = following
        yield from front.items()


def _witness(columns: Sequence[Column], trail: _Trail) -> tuple[Scalarlike, ...]:
    atoms: list[int] = []
    while trail is not None:
        trail, atom = trail
        atoms.append(atom)
    atoms.reverse()
    atoms += [0] * (len(columns) - len(atoms))
    return tuple(column.representatives[atom] for column, atom in zip(columns, atoms, strict=True))


def _bits(mask: int) -> Iterator[int]:
    while mask:
        low = mask & -mask
        yield low.bit_length() - 1
        mask ^= low


__all__ = [
    "MAX_CELLS",
    "Column",
    "Coverage",
    "TooManyCellsError",
    "columns_of",
    "coverage",
    "cut_column",
    "is_empty",
    "possible_rows",
]
