"""The operators of the core in one table: symbol, strictness, and the result type of each combination of operand types (S2)."""

from __future__ import annotations

from enum import Enum

from optam_rules.core.types import NUMERIC, ORDERED, Scalar, Type

_I, _R, _P, _M = Scalar.INTEGER, Scalar.RATE, Scalar.POINTS, Scalar.MONEY
_D, _DAYS, _MONTHS = Scalar.DATE, Scalar.DAYS, Scalar.MONTHS


class Operator(Enum):
    """An operator; the value is its French spelling."""

    ADD = "+"
    SUBTRACT = "-"
    MULTIPLY = "x"
    DIVIDE = "/"
    NEGATE = "moins"
    EQUAL = "="
    NOT_EQUAL = "≠"
    LESS = "<"
    AT_MOST = "<="
    GREATER = ">"
    AT_LEAST = ">="
    AMONG = "parmi"
    AND = "et"
    OR = "ou"
    NOT = "non"
    IMPLIES = "implique"
    CALENDAR_YEAR = "année civile de"
    DATE = "date"
    CAP = "plafonné à"
    FLOOR = "au moins"
    IS_KNOWN = "est connu"
    DEFAULT = "à défaut"
    DOES_NOT_APPLY = "est sans objet"


KLEENE = frozenset({Operator.AND, Operator.OR, Operator.NOT, Operator.IMPLIES})
# The only operators that look at absence itself; S3 marks the first two as breaking monotony.
ABSENCE = frozenset({Operator.IS_KNOWN, Operator.DEFAULT, Operator.DOES_NOT_APPLY})
COMPARISONS = frozenset({Operator.LESS, Operator.AT_MOST, Operator.GREATER, Operator.AT_LEAST})
EQUALITIES = frozenset({Operator.EQUAL, Operator.NOT_EQUAL})
# Both as Python writes them, for the backends that write it.
PYTHON_SIGNS = {
    Operator.EQUAL: "==",
    Operator.NOT_EQUAL: "!=",
    Operator.LESS: "<",
    Operator.AT_MOST: "<=",
    Operator.GREATER: ">",
    Operator.AT_LEAST: ">=",
}

_ARITHMETIC: dict[tuple[Operator, Scalar, Scalar], Scalar] = {
    (Operator.ADD, _M, _M): _M,
    (Operator.SUBTRACT, _M, _M): _M,
    (Operator.MULTIPLY, _M, _R): _M,
    (Operator.MULTIPLY, _R, _M): _M,
    (Operator.MULTIPLY, _M, _I): _M,
    (Operator.MULTIPLY, _I, _M): _M,
    (Operator.DIVIDE, _M, _M): _R,
    (Operator.DIVIDE, _M, _I): _M,
    (Operator.SUBTRACT, _R, _R): _P,
    (Operator.ADD, _R, _P): _R,
    (Operator.ADD, _P, _R): _R,
    (Operator.SUBTRACT, _R, _P): _R,
    (Operator.MULTIPLY, _R, _R): _R,
    (Operator.MULTIPLY, _R, _I): _R,
    (Operator.MULTIPLY, _I, _R): _R,
    (Operator.DIVIDE, _R, _I): _R,
    (Operator.ADD, _P, _P): _P,
    (Operator.SUBTRACT, _P, _P): _P,
    (Operator.ADD, _I, _I): _I,
    (Operator.SUBTRACT, _I, _I): _I,
    (Operator.MULTIPLY, _I, _I): _I,
    (Operator.DIVIDE, _I, _I): _R,
    (Operator.ADD, _D, _DAYS): _D,
    (Operator.ADD, _D, _MONTHS): _D,
    (Operator.SUBTRACT, _D, _DAYS): _D,
    (Operator.SUBTRACT, _D, _MONTHS): _D,
    (Operator.SUBTRACT, _D, _D): _DAYS,
}


def arithmetic_type(operator: Operator, left: Type, right: Type) -> Type | None:
    """Return the type of `left operator right`, or `None` where the dimensions do not fit."""
    if isinstance(left, Scalar) and isinstance(right, Scalar):
        return _ARITHMETIC.get((operator, left, right))
    return None


def combinations() -> list[tuple[Operator, Scalar, Scalar, Scalar]]:
    """List the operations that have a type: operator, left, right, result; the tables of the language show them."""
    return [(operator, left, right, result) for (operator, left, right), result in _ARITHMETIC.items()]


def allowed_right(operator: Operator, left: Type) -> list[Scalar]:
    """Return the right operand types that fit `left`, for messages."""
    return [right for (op, first, right) in _ARITHMETIC if op is operator and first is left]


def comparable(operator: Operator, left: Type, right: Type) -> bool:
    """Tell whether two operands may be compared: one same type, ordered for `<` and its kin."""
    return left == right and (operator in EQUALITIES or left in ORDERED)


def negatable(operand: Type) -> bool:
    """Tell whether unary minus applies."""
    return operand in NUMERIC or operand in (_DAYS, _MONTHS)
