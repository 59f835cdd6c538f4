"""From aggregates of the abstract syntax to those of the core: what may be walked through or summed, and the type of the whole."""

from __future__ import annotations

import attrs

from optam_rules.base.phrases import Phrase
from optam_rules.core.ir import Aggregate, Expr, Fold, Variable
from optam_rules.core.types import NUMERIC, ORDERED, ListType, Scalar, SetType, Type
from optam_rules.elaborate.context import Context
from optam_rules.elaborate.faults import snippet
from optam_rules.elaborate.names import is_there
from optam_rules.syntax.abstract import Expression, FoldExpr

# The variable of `maximum({ a ; b })`, which the text does not name; no identifier of the language holds a space.
ELEMENT = "élément courant"

_WANTED = {
    Fold.SUM: Phrase("un nombre", "a number"),
    Fold.MEAN: Phrase("un nombre", "a number"),
    Fold.MINIMUM: Phrase("un nombre, une date ou une durée", "a number, a date or a duration"),
    Fold.MAXIMUM: Phrase("un nombre, une date ou une durée", "a number, a date or a duration"),
    Fold.ALL: Phrase("une condition", "a condition"),
    Fold.EXISTS: Phrase("une condition", "a condition"),
}


def fold(ctx: Context, expr: FoldExpr, hint: Type | None) -> Expr | None:
    """Elaborate an aggregate; `hint` types the items of a bare collection whose fold keeps their type."""
    kind = Fold(expr.fold.value)
    keeps = kind in (Fold.SUM, Fold.MINIMUM, Fold.MAXIMUM)
    source = ctx.infer(expr.source, ListType(hint) if hint is not None and keeps and expr.variable is None else None)
    item = _item(ctx, source, expr.source) if source is not None else None
    inner = _inside(ctx, expr, item)
    if inner is None:
        return None
    condition = inner.expect(expr.condition, Scalar.BOOLEAN) if expr.condition is not None else None
    body = _body(inner, expr, item)
    type_ = _type(ctx, kind, expr, body)
    if_empty = ctx.expect(expr.if_empty, type_) if expr.if_empty is not None else None
    missing = (expr.condition is not None and condition is None) or (expr.if_empty is not None and if_empty is None)
    if source is None or item is None or type_ is None or missing:
        return None
    counted = kind is Fold.COUNT
    variable = expr.variable or ELEMENT
    return Aggregate(kind, variable, source, condition, None if counted else body, if_empty, type_, position=expr.position)


def _item(ctx: Context, source: Expr, written: Expression) -> Type | None:
    if isinstance(source.type, ListType | SetType):
        return source.type.item
    ctx.faults.tell("E307", written.position, text=snippet(written.position), found=source.type)
    return None


def _inside(ctx: Context, expr: FoldExpr, item: Type | None) -> Context | None:
    """Return the context in which the variable is known."""
    if expr.variable is None:
        return ctx
    shadowed = ctx.thing(expr.variable)
    if shadowed is not None:
        related = [(shadowed.position, is_there(expr.variable, shadowed.kind))]
        ctx.faults.tell("E217", expr.position, name=expr.variable, related=related)
        return None
    if expr.variable in ctx.variables or ctx.names.is_value(item, expr.variable):
        ctx.faults.tell("E217", expr.position, name=expr.variable)
        return None
    return attrs.evolve(ctx, variables={**ctx.variables, expr.variable: item})


def _body(inner: Context, expr: FoldExpr, item: Type | None) -> Expr | None:
    if expr.body is not None:
        wants_condition = Fold(expr.fold.value) in (Fold.ALL, Fold.EXISTS)
        return inner.infer(expr.body, Scalar.BOOLEAN if wants_condition else None)
    return Variable(ELEMENT, item, position=expr.source.position) if item is not None and expr.variable is None else None


def _type(ctx: Context, kind: Fold, expr: FoldExpr, body: Expr | None) -> Type | None:
    """Return the type of the whole: of the body, but a mean of integers is a rate and a count an integer."""
    if kind is Fold.COUNT:
        return Scalar.INTEGER
    if body is None:
        return None
    match kind:
        case Fold.SUM | Fold.MEAN:
            fits = body.type in NUMERIC
        case Fold.MINIMUM | Fold.MAXIMUM:
            fits = body.type in ORDERED
        case _:
            fits = body.type is Scalar.BOOLEAN
    if not fits:
        written = expr.body or expr.source
        text = snippet(written.position)
        ctx.faults.tell("E308", written.position, fold=kind.value, wanted=_WANTED[kind], text=text, found=body.type)
        return None
    return Scalar.RATE if kind is Fold.MEAN and body.type is Scalar.INTEGER else body.type
