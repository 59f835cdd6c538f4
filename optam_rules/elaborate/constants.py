"""From an expression of the core without any input to its value."""

from __future__ import annotations

from optam_rules.core.compute import Failure, compute
from optam_rules.core.ir import Apply, Collection, Constant, Expr, Literal, Scalarlike
from optam_rules.core.operators import ABSENCE, KLEENE
from optam_rules.core.types import SetType


def constant(expr: Expr) -> Constant | Failure | None:
    """Return the value of an expression made of literals and strict operators, `None` for any other, or why it has none."""
    match expr:
        case Literal(value):
            return value
        case Apply(operator, operands) if operator not in KLEENE and operator not in ABSENCE:
            values: list[Constant] = []
            for operand in operands:
                each = constant(operand)
                if each is None or isinstance(each, Failure):
                    return each
                values.append(each)
            return compute(operator, values, expr.month_end)
        case Collection(items, type_):
            parts: list[Scalarlike] = []
            for item in items:
                part = constant(item)
                if part is None or isinstance(part, Failure | tuple | frozenset):
                    return part
                parts.append(part)
            return frozenset(parts) if isinstance(type_, SetType) else tuple(parts)
    return None
