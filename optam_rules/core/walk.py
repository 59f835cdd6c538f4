"""From an expression to the expressions it is made of."""

from __future__ import annotations

from collections.abc import Iterator
from typing import assert_never

from optam_rules.core.ir import (
    Aggregate,
    Answer,
    Apply,
    Collection,
    Conditional,
    EvaluationDate,
    Expr,
    Field,
    HypothesisRead,
    Literal,
    Lookup,
    NotApplicable,
    ParameterRead,
    Round,
    Table,
    UnknownLaw,
    Variable,
)


def children(expr: Expr) -> tuple[Expr, ...]:
    """Return the immediate parts of an expression, in the order of the text."""
    match expr:
        case Literal() | UnknownLaw() | NotApplicable() | EvaluationDate() | Variable() | HypothesisRead():
            return ()
        case Field():
            return (expr.target,)
        case Answer():
            return (expr.target, expr.at) if expr.at is not None else (expr.target,)
        case ParameterRead():
            return (expr.at,) if expr.at is not None else ()
        case Lookup():
            return expr.keys
        case Apply():
            return expr.operands
        case Round():
            return (expr.operand,)
        case Conditional():
            return (*(part for branch in expr.branches for part in (branch.condition, branch.value)), expr.otherwise)
        case Aggregate():
            return tuple(part for part in (expr.source, expr.condition, expr.body, expr.if_empty) if part is not None)
        case Collection():
            return expr.items
        case Table():
            rows = (*expr.rows, expr.otherwise) if expr.otherwise else expr.rows
            return (*expr.columns, *(row.value for row in rows))
        case _:
            assert_never(expr)


def subexpressions(expr: Expr) -> Iterator[Expr]:
    """Yield the expression and all that it is made of."""
    waiting = [expr]
    while waiting:
        current = waiting.pop()
        yield current
        waiting.extend(reversed(children(current)))
