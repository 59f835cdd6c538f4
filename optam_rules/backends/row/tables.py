"""From a table to the blocks of its rows, in a function of whole records."""

from __future__ import annotations

from typing import cast

import attrs

from optam_rules.backends.row import numbers
from optam_rules.backends.row.blocks import Choice, Piece
from optam_rules.backends.row.emitting import Emitter, Scope
from optam_rules.backends.row.numbers import NotWholeError, Ratio
from optam_rules.base.numbers import Number
from optam_rules.core.absence import known
from optam_rules.core.ir import Any_, Cell, OneOf, Range, Row, Table
from optam_rules.core.meaning import resting_on_row
from optam_rules.core.operators import PYTHON_SIGNS, Operator
from optam_rules.core.types import Scalar, Type


def table(emitter: Emitter, expr: Table, scope: Scope) -> Piece:
    """Emit a table: its columns once, then a block a row."""
    columns = [emitter.blocks.kept(emitter.expression(column, scope)) for column in expr.columns]
    choices = []
    for row in expr.rows:
        tests = [_cell(emitter, cell, column, part.type) for cell, column, part in zip(row.cells, columns, expr.columns, strict=True)]
        condition = " and ".join(test for test in tests if test) or "True"
        choices.append(Choice(condition, columns, lambda row=row: _row(emitter, row, scope)))  # type: ignore[misc]
    otherwise = expr.otherwise
    choices.append(Choice("", columns, lambda: _row(emitter, otherwise, scope) if otherwise is not None else emitter.blocks.give_up()))
    return emitter.blocks.one_of(choices)


def _row(emitter: Emitter, row: Row, scope: Scope) -> Piece:
    piece = emitter.expression(row.value, scope)
    value = resting_on_row(row, known(None))
    return attrs.evolve(piece, rest=emitter.blocks.rest([piece.rest, (value.standing, value.hypotheses)]))


def _cell(emitter: Emitter, cell: Cell, column: Piece, type_: Type) -> str:
    match cell:
        case Any_():
            return ""
        case OneOf(values):
            if not isinstance(column.code, Ratio):
                return f"{column.code} == {emitter.shared(*values)}" if len(values) == 1 else f"{column.code} in {emitter.shared(values)}"
            parts = [numbers.compared(Operator.EQUAL, column.code, numbers.constant(cast("Number", value))) for value in values]
            return f"({' or '.join(parts)})"
        case Range(low, low_closed, high, high_closed):
            bounds = [
                (Operator.AT_LEAST if low_closed else Operator.GREATER, low),
                (Operator.AT_MOST if high_closed else Operator.LESS, high),
            ]
            return " and ".join(_beyond(emitter, operator, column, bound, type_) for operator, bound in bounds if bound is not None)


def _beyond(emitter: Emitter, operator: Operator, column: Piece, bound: object, type_: Type) -> str:
    if isinstance(column.code, Ratio):
        return numbers.compared(operator, column.code, numbers.constant(cast("Number", bound)))
    if type_ is not Scalar.DATE:
        raise NotWholeError
    return f"{column.code} {PYTHON_SIGNS[operator]} {emitter.writer.constant(bound)}"
