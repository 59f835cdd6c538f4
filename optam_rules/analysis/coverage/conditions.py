"""From a boolean expression to its atomic conditions, and from their values to those that decide alone.

This is MC/DC in its masking form: a condition is shown to decide where changing it alone would change the outcome, the others as they
are, and that is seen with the condition true and with it false. Nothing is short-circuited: every condition has a value each time.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import assert_never

import attrs

from optam_rules.core.ir import Apply, Expr, Literal
from optam_rules.core.operators import KLEENE, Operator

Truth = bool | None  # `None`: unknown, or another non-answer


@attrs.frozen
class Atom:
    """A condition that no connective cuts, by its place among those of its decision."""

    place: int


@attrs.frozen
class Constant:
    """A condition written as a constant, which decides nothing."""

    value: Truth


@attrs.frozen
class Negation:
    """`non part`."""

    part: Tree


@attrs.frozen
class Gate:
    """`ou` (deciding = true) or `et` (deciding = false)."""

    deciding: bool
    parts: tuple[Tree, ...]


Tree = Atom | Constant | Negation | Gate


@attrs.frozen
class Decision:
    """A boolean expression that no connective is around, with its atomic conditions in the order of the text."""

    tree: Tree
    atoms: tuple[Expr, ...]


def decision(expr: Expr) -> Decision:
    """Cut an expression at its connectives."""
    atoms: list[Expr] = []
    return Decision(_cut(expr, atoms), tuple(atoms))


def _cut(expr: Expr, atoms: list[Expr]) -> Tree:
    match expr:
        case Apply(Operator.NOT, (part,)):
            return Negation(_cut(part, atoms))
        case Apply(Operator.AND | Operator.OR as operator, parts):
            return Gate(operator is Operator.OR, tuple(_cut(part, atoms) for part in parts))
        case Apply(Operator.IMPLIES, (first, second)):
            return Gate(True, (Negation(_cut(first, atoms)), _cut(second, atoms)))
        case Literal(bool() as value):
            return Constant(value)
    atoms.append(expr)
    return Atom(len(atoms) - 1)


def is_connective(expr: Expr) -> bool:
    """Tell whether an expression is made of other conditions."""
    return isinstance(expr, Apply) and expr.operator in KLEENE


def deciders(tree: Tree, values: Sequence[Truth]) -> Iterator[int]:
    """Yield the places of the conditions that decide alone: the outcome is known, and with that condition changed it is the other one."""
    outcome = _value(tree, values)
    if outcome is None:
        return
    for place, value in enumerate(values):
        if value is not None and _value(tree, [*values[:place], not value, *values[place + 1 :]]) is (not outcome):
            yield place


def _value(tree: Tree, values: Sequence[Truth]) -> Truth:
    match tree:
        case Atom(place):
            return values[place]
        case Constant(value):
            return value
        case Negation(part):
            value = _value(part, values)
            return None if value is None else not value
        case Gate(deciding, parts):
            found = [_value(part, values) for part in parts]
            if deciding in found:
                return deciding
            return None if None in found else not deciding
        case _:
            assert_never(tree)
