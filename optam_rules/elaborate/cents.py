"""From an amount's expression to the place where it may fall between two cents (S1): such a definition must say how it rounds.

Data, parameters, reference tables and other definitions hold whole cents; sums, differences and products by an integer keep them, a rate,
a division or a mean does not.
"""

from __future__ import annotations

from optam_rules.base.source import Position
from optam_rules.core.compute import Failure
from optam_rules.core.ir import Aggregate, Apply, Collection, Conditional, Expr, Fold, Round, Table
from optam_rules.core.operators import Operator
from optam_rules.core.types import ListType, Scalar, SetType, Type
from optam_rules.elaborate.constants import constant


def between_cents(expr: Expr) -> Position | None:
    """Return where an amount (or a collection of amounts) may cease to be whole cents, or `None` where it cannot."""
    waiting = [expr]
    while waiting:
        current = waiting.pop()
        if not _is_amount(current.type):
            continue
        value = constant(current)
        if value is not None:
            if not _whole(value):
                return current.position
            continue
        match current:
            case Apply(Operator.DIVIDE):
                return current.position
            case Apply(Operator.MULTIPLY, operands):
                if any(operand.type is Scalar.RATE and not _whole(constant(operand)) for operand in operands):
                    return current.position
                waiting.extend(operands)
            case Apply(_, operands):
                waiting.extend(reversed(operands))
            case Round(_, quantum):
                if quantum.denominator != 1:
                    return current.position
            case Aggregate(Fold.MEAN):
                return current.position
            case Aggregate(_, _, source, _, body, if_empty):
                waiting.extend(part for part in (source, body, if_empty) if part is not None)
            case Conditional(branches, otherwise):
                waiting.extend([otherwise, *(branch.value for branch in reversed(branches))])
            case Table(_, rows, last):
                waiting.extend(row.value for row in reversed((*rows, last) if last else rows))
            case Collection(items):
                waiting.extend(reversed(items))
    return None


def _is_amount(type_: Type) -> bool:
    return type_ is Scalar.MONEY or (isinstance(type_, ListType | SetType) and type_.item is Scalar.MONEY)


def _whole(value: object) -> bool:
    """Tell whether a constant is whole: a rate of 100 %, an amount in cents, or all of several."""
    if isinstance(value, tuple | frozenset):
        return all(_whole(part) for part in value)
    if value is None or isinstance(value, Failure):
        return False
    return getattr(value, "denominator", 0) == 1
