"""From the rules of a definition to how many decimals write all of its values, where the rules alone prove that some number does.

A rate that its rule rounds to 0.0001 % has six; the quotient of two amounts has none that always suffices.
"""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction

from optam_rules.base.numbers import Number, finite_decimal
from optam_rules.core.ir import (
    Aggregate,
    Answer,
    Apply,
    Conditional,
    Expr,
    Fold,
    Literal,
    NotApplicable,
    ParameterRead,
    Round,
    Table,
    UnknownLaw,
)
from optam_rules.core.operators import Operator
from optam_rules.core.program import Definition, Program
from optam_rules.core.types import Scalar

_GREATEST_OF = frozenset({Operator.ADD, Operator.SUBTRACT, Operator.NEGATE, Operator.CAP, Operator.FLOOR, Operator.DEFAULT})


def decimal_places(program: Program, definition: Definition) -> int | None:
    """Return how many decimals write every value of a definition, on any day; `None` where its rules do not prove it."""
    return _of_definition(program, definition, {})


def _of_definition(program: Program, definition: Definition, known: dict[tuple[str, str], int | None]) -> int | None:
    """Read a definition once; definitions do not read each other in a circle, so that this ends."""
    if definition.key not in known:
        bodies = [*(version.body for version in definition.versions), *(clause.body for clause in definition.exceptions)]
        known[definition.key] = _most(_places(program, body, known) for body in bodies)
    return known[definition.key]


def _places(program: Program, expr: Expr, known: dict[tuple[str, str], int | None]) -> int | None:
    match expr:
        case Literal(value=value) if isinstance(value, int | Fraction):
            return _of_number(value)
        case Round(quantum=quantum):
            return _of_number(quantum)
        case NotApplicable() | UnknownLaw():
            return 0
        case ParameterRead(name=name):
            values = [dated.value for dated in program.parameters[name].values]
            return _most(_of_number(value) if isinstance(value, int | Fraction) else None for value in values)
        case Answer():
            return _of_definition(program, program.definitions[expr.entity, expr.name], known)
        case Conditional():
            return _most(_places(program, part, known) for part in (*(branch.value for branch in expr.branches), expr.otherwise))
        case Table():
            rows = (*expr.rows, *([expr.otherwise] if expr.otherwise is not None else []))
            return _most(_places(program, row.value, known) for row in rows)
        case Aggregate(fold=Fold.SUM | Fold.MINIMUM | Fold.MAXIMUM, body=body) if body is not None:
            return _most(_places(program, part, known) for part in (body, expr.if_empty) if part is not None)
        case Apply() if expr.operator in _GREATEST_OF:
            return _most(_places(program, part, known) for part in expr.operands)
        case _:
            return 0 if expr.type is Scalar.INTEGER else None


def _of_number(number: Number) -> int | None:
    text = finite_decimal(number)
    return None if text is None else len(text.partition(".")[2])


def _most(several: Iterable[int | None]) -> int | None:
    """Return the most of some numbers of decimals, `None` where one is not known."""
    found = list(several)
    return None if None in found else max((count for count in found if count is not None), default=None)
