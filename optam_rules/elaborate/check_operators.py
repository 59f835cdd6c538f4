"""From operators of the abstract syntax to those of the core: the table of dimensions (S2), dates (S7), comparisons and conditions."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from optam_rules.base.calendar import Duration, MonthEnd
from optam_rules.base.phrases import Phrase, write
from optam_rules.core.compute import Failure
from optam_rules.core.ir import Apply, Expr, Literal
from optam_rules.core.operators import COMPARISONS, Operator, allowed_right, arithmetic_type, comparable, negatable
from optam_rules.core.types import ListType, Scalar, SetType, Type
from optam_rules.elaborate.constants import constant
from optam_rules.elaborate.context import Context, difference_hint, goes_second, infer_pair, literal_hint, needs_hint
from optam_rules.elaborate.faults import snippet
from optam_rules.syntax.abstract import (
    AllOf,
    AnyOf,
    BinaryExpr,
    BinaryOperator,
    DateExpr,
    Expression,
    NotApplicableExpr,
    UnaryExpr,
    UnaryOperator,
    UnknownExpr,
)

_CORE: Mapping[BinaryOperator, Operator] = {
    BinaryOperator.ADD: Operator.ADD,
    BinaryOperator.SUBTRACT: Operator.SUBTRACT,
    BinaryOperator.MULTIPLY: Operator.MULTIPLY,
    BinaryOperator.DIVIDE: Operator.DIVIDE,
    BinaryOperator.EQUAL: Operator.EQUAL,
    BinaryOperator.NOT_EQUAL: Operator.NOT_EQUAL,
    BinaryOperator.LESS: Operator.LESS,
    BinaryOperator.AT_MOST: Operator.AT_MOST,
    BinaryOperator.GREATER: Operator.GREATER,
    BinaryOperator.AT_LEAST: Operator.AT_LEAST,
    BinaryOperator.AND: Operator.AND,
    BinaryOperator.OR: Operator.OR,
}


def binary(ctx: Context, expr: BinaryExpr, hint: Type | None) -> Expr | None:
    """Elaborate a binary operator."""
    if expr.month_end is not None and expr.operator not in (BinaryOperator.ADD, BinaryOperator.SUBTRACT):
        raise ValueError(f"the parser lets no month end follow {expr.operator.value}")
    match expr.operator:
        case BinaryOperator.AND | BinaryOperator.OR:
            return _conjunction(ctx, expr)
        case BinaryOperator.IMPLIES:
            left, right = ctx.expect(expr.left, Scalar.BOOLEAN), ctx.expect(expr.right, Scalar.BOOLEAN)
            return _apply(expr, Operator.IMPLIES, Scalar.BOOLEAN, left, right)
        case BinaryOperator.AMONG:
            return _among(ctx, expr, expr.left, expr.right)
        case BinaryOperator.CONTAINS:
            return _among(ctx, expr, expr.right, expr.left)
        case BinaryOperator.DEFAULT:
            return _default(ctx, expr, hint)
        case BinaryOperator.ADD | BinaryOperator.SUBTRACT | BinaryOperator.MULTIPLY | BinaryOperator.DIVIDE:
            return _arithmetic(ctx, expr)
        case _:
            return _comparison(ctx, expr)


def unary(ctx: Context, expr: UnaryExpr, hint: Type | None) -> Expr | None:
    """Elaborate an operator on one operand."""
    match expr.operator:
        case UnaryOperator.NOT:
            return _apply(expr, Operator.NOT, Scalar.BOOLEAN, ctx.expect(expr.operand, Scalar.BOOLEAN))
        case UnaryOperator.IS_KNOWN:
            return _apply(expr, Operator.IS_KNOWN, Scalar.BOOLEAN, ctx.infer(expr.operand))
        case UnaryOperator.DOES_NOT_APPLY:
            return _apply(expr, Operator.DOES_NOT_APPLY, Scalar.BOOLEAN, ctx.infer(expr.operand))
        case UnaryOperator.CALENDAR_YEAR:
            return _apply(expr, Operator.CALENDAR_YEAR, Scalar.INTEGER, ctx.expect(expr.operand, Scalar.DATE))
        case UnaryOperator.NEGATE:
            return _negate(ctx, expr, hint)


def conditions(ctx: Context, expr: AllOf | AnyOf) -> Expr | None:
    """Elaborate `toutes les conditions { … }` or `l'une des conditions { … }`."""
    operator = Operator.AND if isinstance(expr, AllOf) else Operator.OR
    return _apply(expr, operator, Scalar.BOOLEAN, *[ctx.expect(condition, Scalar.BOOLEAN) for condition in expr.conditions])


def _apply(expr: Expression, operator: Operator, type_: Type, *operands: Expr | None, month_end: MonthEnd | None = None) -> Expr | None:
    found = tuple(operand for operand in operands if operand is not None)
    return Apply(operator, found, type_, month_end, position=expr.position) if len(found) == len(operands) else None


def date_of(ctx: Context, expr: DateExpr) -> Expr | None:
    """Elaborate `date(year ; month ; day)`."""
    parts = [ctx.expect(part, Scalar.INTEGER) for part in (expr.year, expr.month, expr.day)]
    built = _apply(expr, Operator.DATE, Scalar.DATE, *parts)
    if built is not None and isinstance(constant(built), Failure):
        ctx.faults.tell("E314", expr.position, text=snippet(expr.position))
        return None
    return built


def _conjunction(ctx: Context, expr: BinaryExpr) -> Expr | None:
    """Elaborate a chain of `et` or of `ou` as one operator on all its operands."""
    operands: list[Expression] = []
    rest: Expression = expr
    while isinstance(rest, BinaryExpr) and rest.operator is expr.operator:
        operands.append(rest.right)
        rest = rest.left
    operands.append(rest)
    return _apply(expr, _CORE[expr.operator], Scalar.BOOLEAN, *[ctx.expect(operand, Scalar.BOOLEAN) for operand in reversed(operands)])


def _default(ctx: Context, expr: BinaryExpr, hint: Type | None) -> Expr | None:
    pair = infer_pair(ctx, expr.left, expr.right, hint)
    if pair is None:
        return None
    left, right = pair
    if left.type != right.type:
        wanted = literal_hint(expr.right, left.type)
        text = snippet(expr.right.position)
        ctx.faults.tell("E301", expr.right.position, text=text, found=right.type, wanted=left.type, hint=wanted)
        return None
    return _apply(expr, Operator.DEFAULT, left.type, left, right)


def _negate(ctx: Context, expr: UnaryExpr, hint: Type | None) -> Expr | None:
    operand = ctx.infer(expr.operand, hint)
    if operand is None:
        return None
    if not negatable(operand.type):
        ctx.faults.tell("E304", expr.position, operator="-", text=snippet(expr.operand.position), found=operand.type)
        return None
    match operand:
        case Literal(Duration(count, unit), type_):
            return Literal(Duration(-count, unit), type_, position=expr.position)
        case Literal(int() as number, type_):
            return Literal(-number, type_, position=expr.position)
        case Literal(value, type_) if not isinstance(value, bool | str | tuple | frozenset | dt.date | Duration):
            return Literal(-value, type_, position=expr.position)
    return _apply(expr, Operator.NEGATE, operand.type, operand)


# --- membership and comparison -------------------------------------------------------------------------------------------------


def _among(ctx: Context, expr: BinaryExpr, item: Expression, whole: Expression) -> Expr | None:
    """Elaborate `item parmi whole`, each operand giving its type to the other where that one needs it."""
    if goes_second(ctx, item, whole):
        held = ctx.infer(whole)
        if held is None or not _is_collection(ctx, held, whole):
            return None
        one = ctx.infer(item, held.type.item if isinstance(held.type, SetType | ListType) else None)
    else:
        one = ctx.infer(item)
        held = None
        if one is not None or not needs_hint(ctx, whole):
            held = ctx.infer(whole, SetType(one.type) if one is not None else None)
        if held is None or not _is_collection(ctx, held, whole):
            return None
    if one is None:
        return None
    inner = held.type.item if isinstance(held.type, SetType | ListType) else None
    if one.type != inner:
        _mismatch(ctx, expr, item, one.type, whole, held.type)
        return None
    return _apply(expr, Operator.AMONG, Scalar.BOOLEAN, one, held)


def _is_collection(ctx: Context, held: Expr, written: Expression) -> bool:
    if isinstance(held.type, SetType | ListType):
        return True
    hint = Phrase("pour une seule valeur, écrivez `=`", "for a single value, write `=`")
    ctx.faults.tell("E307", written.position, text=snippet(written.position), found=held.type, hint=hint)
    return False


def _comparison(ctx: Context, expr: BinaryExpr) -> Expr | None:
    for side, other in ((expr.left, expr.right), (expr.right, expr.left)):
        if isinstance(side, UnknownExpr | NotApplicableExpr):
            known = isinstance(side, UnknownExpr)
            test = "est connu" if known else "est sans objet"
            text = snippet(other.position)
            hint = write(f"non ({text} est connu)" if known else f"{text} est sans objet")
            ctx.faults.tell("E321", expr.position, word=snippet(side.position), test=test, hint=hint)
            return None
    pair = infer_pair(ctx, expr.left, expr.right)
    if pair is None:
        return None
    left, right = pair
    operator = _CORE[expr.operator]
    if comparable(operator, left.type, right.type):
        return _apply(expr, operator, Scalar.BOOLEAN, left, right)
    if left.type == right.type and operator in COMPARISONS:
        ctx.faults.tell("E304", expr.position, operator=operator.value, text=snippet(expr.left.position), found=left.type)
    else:
        _mismatch(ctx, expr, expr.left, left.type, expr.right, right.type)
    return None


def _mismatch(ctx: Context, expr: BinaryExpr, left: Expression, left_type: Type, right: Expression, right_type: Type) -> None:
    hint = literal_hint(right, left_type) or literal_hint(left, right_type) or difference_hint(right, left_type)
    inner = right_type.item if isinstance(right_type, SetType | ListType) else None
    if hint is None and {left_type, right_type} == {Scalar.RATE, Scalar.POINTS}:
        hint = Phrase(
            "des points mesurent l'écart de deux taux : comparez `taux - taux` à des points, ou un taux à un taux",
            "points measure the difference of two rates: compare `taux - taux` with points, or a rate with a rate",
        )
    elif hint is None and {left_type, right_type} == {Scalar.DAYS, Scalar.MONTHS}:
        hint = Phrase(
            "un mois n'a pas un nombre fixe de jours : comparez deux dates, comme `date + 6 mois`",
            "a month does not have a fixed number of days: compare two dates, like `date + 6 mois`",
        )
    elif hint is None and inner == left_type and expr.operator in (BinaryOperator.EQUAL, BinaryOperator.NOT_EQUAL):
        hint = write(f"{snippet(left.position)} parmi {snippet(right.position)}")
    ctx.faults.tell(
        "E303",
        expr.position,
        left=snippet(left.position),
        left_type=left_type,
        right=snippet(right.position),
        right_type=right_type,
        hint=hint,
    )


# --- arithmetic ----------------------------------------------------------------------------------------------------------------


def _arithmetic(ctx: Context, expr: BinaryExpr) -> Expr | None:
    left, right = ctx.infer(expr.left), ctx.infer(expr.right)
    if left is None or right is None:
        return None
    operator = _CORE[expr.operator]
    type_ = arithmetic_type(operator, left.type, right.type)
    if type_ is None:
        _no_dimension(ctx, expr, operator, left.type, right.type)
        return None
    if operator is Operator.DIVIDE and constant(right) == 0:
        ctx.faults.tell("E312", expr.right.position, text=snippet(expr.right.position))
        return None
    built = _apply(expr, operator, type_, left, right, month_end=expr.month_end)
    return built if _date_is_settled(ctx, expr, left, right, built) else None


def _no_dimension(ctx: Context, expr: BinaryExpr, operator: Operator, left: Type, right: Type) -> None:
    allowed = allowed_right(operator, left)
    hint = next((found for wanted in allowed if (found := literal_hint(expr.right, wanted))), None)
    if hint is None and isinstance(right, Scalar):
        hint = literal_hint(expr.left, right) if arithmetic_type(operator, right, right) else None
    if hint is None and left is right is Scalar.RATE and operator is Operator.ADD:
        hint = Phrase(
            "un taux s'augmente de points ; pour cumuler des taux, faites le rapport des totaux",
            "a rate is increased by points; to combine rates, take the ratio of the totals",
        )
    if hint is None and Scalar.RATE in (left, right) and Scalar.MONEY in (left, right):
        hint = Phrase("un taux s'applique à un montant par `*`", "a rate is applied to an amount with `*`")
    symbol = "*" if operator is Operator.MULTIPLY else operator.value
    ctx.faults.tell("E302", expr.position, operator=symbol, left=left, right=right, expected=map(str, allowed), hint=hint)


def _date_is_settled(ctx: Context, expr: BinaryExpr, left: Expr, right: Expr, built: Expr | None) -> bool:
    """Tell whether the day of a date sum is certain (S7): months first and once, and a rule for days that a month lacks."""
    if right.type is not Scalar.MONTHS or left.type is not Scalar.DATE:
        if expr.month_end is not None:
            ctx.faults.tell("E315", expr.position, text=snippet(expr.position))
            return False
        return _is_in_calendar(ctx, expr, built)
    if isinstance(left, Apply) and left.operator in (Operator.ADD, Operator.SUBTRACT):
        ctx.faults.tell("E316", expr.position, added=snippet(expr.right.position))
        return False
    day, length = constant(left), constant(right)
    if expr.month_end is not None or (isinstance(day, dt.date) and day.day <= 28):
        return _is_in_calendar(ctx, expr, built)
    form = f"`{snippet(expr.position)} (fin de mois inférieur)`"
    hint = Phrase(f"écrivez {form}, ou `(fin de mois supérieur)`", f"write {form}, or `(fin de mois supérieur)`")
    if not isinstance(day, dt.date) or not isinstance(length, Duration):
        ctx.faults.tell("E313", expr.position, text=snippet(expr.position), hint=hint)
        return False
    try:
        return _is_in_calendar(ctx, expr, built)
    except ValueError:
        ctx.faults.tell("E314", expr.position, text=snippet(expr.position), hint=hint)
        return False


def _is_in_calendar(ctx: Context, expr: BinaryExpr, built: Expr | None) -> bool:
    value = constant(built) if built is not None else None
    if isinstance(value, Failure) and value.code == "E602":
        ctx.faults.tell("E323", expr.position, text=snippet(expr.position))
        return False
    return True
