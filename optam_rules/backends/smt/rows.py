"""A decision table in formulas: the row that its columns select, or what the rows agree on that unknown columns may select (S5)."""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce
from itertools import product
from math import prod
from operator import and_
from typing import TYPE_CHECKING, assert_never

import attrs

from optam_rules.backends.smt.terms import Bool, Terms, UnencodableError
from optam_rules.backends.smt.value import Content, Sym
from optam_rules.core.ir import Any_, Cell, OneOf, Range, Table
from optam_rules.core.regions import columns_of, is_empty

if TYPE_CHECKING:
    from optam_rules.backends.smt.encode import Encoder, Scope

# Combinations of atoms looked at to tell whether the `sinon` row is possible where columns are unknown.
MAX_COMBINATIONS = 2_000


def table(encoder: Encoder, expr: Table, scope: Scope) -> Sym:
    """Return the value of a table."""
    values, terms = encoder.values, encoder.terms
    columns = [encoder.encode(column, scope) for column in expr.columns]
    statuses = values.strict(columns, lambda: None)
    if any(column.content is None and not _never_known_but_unknown(terms, column) for column in columns):
        return statuses
    unknowns = [column.unknown for column in columns]
    selected = [_selected(encoder, expr, row.cells, columns) for row in expr.rows]
    outcomes = [(case, encoder.encode(row.value, scope)) for case, row in zip(selected, expr.rows, strict=True)]
    if expr.otherwise is not None:
        outcomes.append((_otherwise(encoder, expr, selected, columns), encoder.encode(expr.otherwise.value, scope)))
    doubtful = any(not terms.is_false(unknown) for unknown in unknowns)
    found = values.always(unknown=True)  # INVARIANT: never taken, a table leaves no gap
    before = terms.boolean(False)
    for case, value in outcomes:
        joined = values.either(before, values.join(found, value), value) if doubtful else value
        found = values.either(case, joined, found)
        before = terms.some([before, case])
    others = terms.some(condition for column in columns for condition in (column.conflict, column.error, column.absent))
    return values.either(others, attrs.evolve(statuses, content=None), found)


def _never_known_but_unknown(terms: Terms, column: Sym) -> bool:
    return terms.is_true(column.unknown)


def _selected(encoder: Encoder, expr: Table, cells: Sequence[Cell], columns: Sequence[Sym]) -> Bool:
    """Return whether a row is selected, or may be where columns are unknown."""
    terms = encoder.terms
    conditions = []
    for cell, column, source in zip(cells, columns, expr.columns, strict=True):
        possible = terms.boolean(isinstance(cell, OneOf | Any_) or not is_empty(cell, source.type))
        if column.content is None:
            conditions.append(possible)
        else:
            conditions.append(terms.either(column.unknown, possible, holds(terms, cell, column.content)))
    return terms.every(conditions)


def _otherwise(encoder: Encoder, expr: Table, selected: Sequence[Bool], columns: Sequence[Sym]) -> Bool:
    """Return whether `sinon` is selected, or may be: some completion of the unknown columns selects no row."""
    terms = encoder.terms
    if all(terms.is_false(column.unknown) for column in columns):
        return terms.no(terms.some(selected))
    cuts = [column.options for column in columns_of(expr)]
    if prod(map(len, cuts)) > MAX_COMBINATIONS:
        raise UnencodableError(
            "une table trop grande dont une colonne peut être inconnue", "a table too large of which a column may be unknown"
        )
    cases = []
    for chosen in product(*([hits for hits, _ in options] for options in cuts)):
        if reduce(and_, chosen):
            continue
        same = [
            terms.some([column.unknown, _hits(terms, expr, index, chosen[index], column.content)]) for index, column in enumerate(columns)
        ]
        cases.append(terms.every(same))
    return terms.some(cases)


def _hits(terms: Terms, expr: Table, index: int, hits: int, content: Content) -> Bool:
    """Return whether the rows whose cell holds a column's value are just those of some bits."""
    if content is None:
        return terms.boolean(False)
    cells = [holds(terms, row.cells[index], content) for row in expr.rows]
    return terms.every(inside if hits >> row & 1 else terms.no(inside) for row, inside in enumerate(cells))


def holds(terms: Terms, cell: Cell, content: Content) -> Bool:
    """Return whether a cell holds a value."""
    match cell:
        case Any_():
            return terms.boolean(True)
        case OneOf(values):
            return terms.some(terms.same(content, terms.constant(value)) for value in sorted(values, key=str))
        case Range(low, low_closed, high, high_closed):
            bounds = []
            if low is not None:
                limit = terms.constant(low)
                bounds.append(terms.folded(content >= limit if low_closed else content > limit))
            if high is not None:
                limit = terms.constant(high)
                bounds.append(terms.folded(content <= limit if high_closed else content < limit))
            return terms.every(bounds)
        case _:
            assert_never(cell)
