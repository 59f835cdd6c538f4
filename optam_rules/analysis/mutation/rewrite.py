"""From an expression and one of its parts changed to the whole with that part changed."""

from __future__ import annotations

from typing import Any, TypeVar, assert_never

import attrs

from optam_rules.core.ir import (
    Aggregate,
    Answer,
    Apply,
    Branch,
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

T = TypeVar("T")


def with_child(expr: Expr, index: int, new: Expr) -> Expr:
    """Return the expression with its part at a place, in the order of `walk.children`, replaced."""
    match expr:
        case Literal() | UnknownLaw() | NotApplicable() | EvaluationDate() | Variable() | HypothesisRead():
            raise IndexError(f"{expr} has no parts")
        case Field():
            return attrs.evolve(expr, target=new)
        case Answer():
            return attrs.evolve(expr, at=new) if index else attrs.evolve(expr, target=new)
        case ParameterRead():
            return attrs.evolve(expr, at=new)
        case Lookup(_, keys):
            return attrs.evolve(expr, keys=replaced(keys, index, new))
        case Apply(_, operands):
            return attrs.evolve(expr, operands=replaced(operands, index, new))
        case Round():
            return attrs.evolve(expr, operand=new)
        case Conditional():
            return _conditional(expr, index, new)
        case Aggregate():
            names = [name for name in ("source", "condition", "body", "if_empty") if getattr(expr, name) is not None]
            changed: dict[str, Any] = {names[index]: new}
            return attrs.evolve(expr, **changed)
        case Collection(items):
            return attrs.evolve(expr, items=replaced(items, index, new))
        case Table():
            return _table(expr, index, new)
        case _:
            assert_never(expr)


def replaced(items: tuple[T, ...], index: int, new: T) -> tuple[T, ...]:
    """Return a tuple with one item replaced."""
    return (*items[:index], new, *items[index + 1 :])


def without(items: tuple[T, ...], index: int) -> tuple[T, ...]:
    """Return a tuple with one item left out."""
    return items[:index] + items[index + 1 :]


def _conditional(expr: Conditional, index: int, new: Expr) -> Conditional:
    if index == 2 * len(expr.branches):
        return attrs.evolve(expr, otherwise=new)
    place, is_value = divmod(index, 2)
    branch = expr.branches[place]
    changed = Branch(branch.condition, new) if is_value else Branch(new, branch.value)
    return attrs.evolve(expr, branches=replaced(expr.branches, place, changed))


def _table(expr: Table, index: int, new: Expr) -> Table:
    if index < len(expr.columns):
        return attrs.evolve(expr, columns=replaced(expr.columns, index, new))
    place = index - len(expr.columns)
    if place == len(expr.rows) and expr.otherwise is not None:
        return attrs.evolve(expr, otherwise=attrs.evolve(expr.otherwise, value=new))
    return attrs.evolve(expr, rows=replaced(expr.rows, place, attrs.evolve(expr.rows[place], value=new)))
