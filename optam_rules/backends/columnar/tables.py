"""Decision tables by column: each operand becomes the atom of its column, and rows with the same atoms are decided together."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import TYPE_CHECKING, cast

import numpy as np

from optam_rules.backends.columnar import ratio as ratios
from optam_rules.backends.columnar.content import CannotError, Codes, Content, Days, Flags, Spans
from optam_rules.backends.columnar.groups import distinct
from optam_rules.backends.columnar.ratio import Array, Ratio
from optam_rules.backends.columnar.vector import (
    CONFLICT,
    ERROR,
    KNOWN,
    NOT_APPLICABLE,
    RECOMPUTE,
    UNKNOWN,
    Join,
    Vec,
    all_needs,
    lowest,
    strict,
)
from optam_rules.core.ir import Row, Table
from optam_rules.core.regions import Column, columns_of, possible_rows

if TYPE_CHECKING:
    from optam_rules.backends.columnar.plan import Plan, Scope

_MAX_CASES = 2**40
_NOT_NAMED = object()  # a value that no cell of a column names


def table(plan: Plan, expr: Table, scope: Scope) -> Vec:
    """Return the values of a table on every row of a scope."""
    operands = [plan.evaluate(column, scope) for column in expr.columns]
    columns = columns_of(expr)
    whole = strict(operands, None)
    keys, limit = np.zeros(1, np.int64), 1
    for operand, column in zip(operands, columns, strict=True):
        size = len(column.hits) + 2
        keys = keys * size + _atoms(operand, column)
        limit *= size
    if limit > _MAX_CASES:
        raise CannotError("une table de plus de 2^40 cas")
    looked_up = np.ones(scope.size, bool)
    found = Join(scope.size)
    if whole.status is not None:
        for operand in operands:
            looked_up &= ~operand.among(NOT_APPLICABLE, ERROR, CONFLICT, RECOMPUTE)
        if not looked_up.all():
            found.add(~looked_up, whole)
    sizes = [len(column.hits) + 2 for column in columns]
    values: dict[int, Vec] = {}
    for key, rows in distinct(np.broadcast_to(keys, (scope.size,)), limit):
        here = rows & looked_up
        if here.any():
            for row in _selected(expr, columns, sizes, key):
                if id(row) not in values:
                    values[id(row)] = _row(plan, row, scope)
                found.add(here, values[id(row)])
    return found.result(all_needs(operands)).resting_on(lowest(operands))


def _selected(expr: Table, columns: Sequence[Column], sizes: Sequence[int], key: int) -> list[Row]:
    """Return the rows of the table that some completion of a case selects."""
    known: list[object | None] = []
    for column, size in zip(reversed(columns), reversed(sizes), strict=True):
        key, atom = divmod(key, size)
        known.append(None if atom == size - 1 else _NOT_NAMED if atom == size - 2 else column.representatives[atom])
    indexes, otherwise = possible_rows(expr, known[::-1])
    rows = [expr.rows[index] for index in indexes]
    return [*rows, expr.otherwise] if otherwise and expr.otherwise is not None else rows


def _row(plan: Plan, row: Row, scope: Scope) -> Vec:
    value = plan.evaluate(row.value, scope)
    return value if row.standing is None else value.resting_on(int(row.standing))


def _atoms(operand: Vec, column: Column) -> Array:
    """Return the atom of each value; after the atoms, one number for a value that no cell names and one for an unknown."""
    elsewhere = len(column.hits)
    if operand.content is None:
        return np.full(1, elsewhere + 1, np.int64)
    atoms = _known_atoms(operand.content, column, elsewhere)
    return atoms if operand.status is None else np.where(operand.status == KNOWN, atoms, elsewhere + (operand.status == UNKNOWN))


def _known_atoms(content: Content, column: Column, elsewhere: int) -> Array:
    match content:
        case Flags(values):
            return np.where(values, column.places.get(True, elsewhere), column.places.get(False, elsewhere))
        case Codes(codes, domain):
            return np.array([column.places.get(text, elsewhere) for text in domain], np.int64)[codes]
        case Ratio():
            passed = [
                ratios.compare(np.greater if side else np.greater_equal, content, ratios.constant(Fraction(place)))
                for place, side in column.cuts
            ]
        case Days(places) | Spans(places, _):
            passed = [places >= int(cast("int", cut)) for cut, _ in column.cuts]
        case _:
            raise CannotError("une table sur des ensembles ou des listes")
    found = np.zeros(1, np.int64)
    for mask in passed:
        found = found + mask
    return found
