"""What every check of an expression shares: the names in scope, and the comparison of a type found with the type wanted."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import attrs

from optam_rules.base.numbers import Number, format_ratio
from optam_rules.base.phrases import Phrase, write
from optam_rules.base.source import Position
from optam_rules.core.ir import SELF, Expr, Variable
from optam_rules.core.types import ORDERED, EntityType, EnumType, ListType, Scalar, SetType, Type
from optam_rules.elaborate.faults import Faults, snippet
from optam_rules.elaborate.names import Kind, Meaning, Names
from optam_rules.syntax.abstract import (
    BinaryExpr,
    BinaryOperator,
    CollectionExpr,
    Expression,
    LiteralExpr,
    LiteralKind,
    NameExpr,
    NotApplicableExpr,
    UnknownExpr,
)
from optam_rules.syntax.written_dates import written_date

_NOT_READ_BARE = frozenset({Kind.ENTITY, Kind.ENUMERATION, Kind.REFERENCE})


@attrs.frozen
class Context:
    """Where an expression stands.

    `entity` is the entity it is about, `None` where only constants may stand; `label` names the definition for `inconnu`;
    `check` is the one function that elaborates expressions, given here so that its parts need not import it.
    """

    names: Names
    entity: str | None
    label: str
    check: Callable[[Context, Expression, Type | None], Expr | None]
    variables: Mapping[str, Type | None] = attrs.field(factory=dict)

    @property
    def faults(self) -> Faults:
        """Where diagnostics go."""
        return self.names.faults

    def infer(self, expr: Expression, hint: Type | None = None) -> Expr | None:
        """Elaborate an expression; `None` when it is faulty, which has then been told. `hint` settles values, `{ }` and `inconnu`."""
        return self.check(self, expr, hint)

    def expect(self, expr: Expression, wanted: Type | None) -> Expr | None:
        """Elaborate an expression that must have a type; any type will do where the wanted one is itself faulty."""
        found = self.infer(expr, wanted)
        if found is None or wanted is None or found.type == wanted:
            return found
        hint = literal_hint(expr, wanted) or _unit_hint(expr, found.type, wanted)
        self.faults.tell("E301", expr.position, found=found.type, wanted=wanted, text=snippet(expr.position), hint=hint)
        return None

    def self_variable(self, position: Position) -> Variable | None:
        """Return the record that the expression is about."""
        return Variable(SELF, EntityType(self.entity), position=position) if self.entity is not None else None

    def thing(self, name: str) -> Meaning | None:
        """Return what a bare name reads, values of enumerations aside: a datum, definition, parameter or hypothesis."""
        if self.entity is None:
            return None
        meaning = self.names.members.get(self.entity, {}).get(name) or self.names.shared.get(name)
        return meaning if meaning is not None and meaning.kind not in _NOT_READ_BARE else None


def needs_hint(ctx: Context, expr: Expression) -> bool:
    """Tell whether only its place gives the expression a type."""
    match expr:
        case UnknownExpr() | NotApplicableExpr():
            return True
        case NameExpr(name):
            meaning = ctx.thing(name)
            return name not in ctx.variables and (meaning is None or meaning.type is None)
        case CollectionExpr(items):
            return all(needs_hint(ctx, item) for item in items)
    return False


def goes_second(ctx: Context, expr: Expression, other: Expression) -> bool:
    """Tell whether `other` should be elaborated first, to give `expr` its type; a name that means nothing at all is told first."""
    if not needs_hint(ctx, expr):
        return False
    return not needs_hint(ctx, other) or (_means_nothing(ctx, other) and not _means_nothing(ctx, expr))


def _means_nothing(ctx: Context, expr: Expression) -> bool:
    """Tell whether a name that only its place could settle is not even a value of something."""
    return isinstance(expr, NameExpr) and expr.name not in ctx.names.homes


def infer_pair(ctx: Context, left: Expression, right: Expression, hint: Type | None = None) -> tuple[Expr, Expr] | None:
    """Elaborate two operands that should share a type, each giving its type to the other where that one needs it."""
    if goes_second(ctx, left, right):
        second = ctx.infer(right, hint)
        first = ctx.infer(left, second.type) if second is not None else None
    else:
        first = ctx.infer(left, hint)
        second = None
        if first is not None or not needs_hint(ctx, right):
            second = ctx.infer(right, first.type if first is not None else hint)
    return (first, second) if first is not None and second is not None else None


_UNITS: Mapping[Scalar, str] = {
    Scalar.MONEY: "€",
    Scalar.RATE: "%",
    Scalar.POINTS: "points",
    Scalar.DAYS: "jours",
    Scalar.MONTHS: "mois",
}


def literal_hint(expr: Expression, wanted: Type) -> Phrase | None:
    """Return how a number should be written to have the type wanted (`0 €` for `0`)."""
    match expr:
        case LiteralExpr(LiteralKind.INTEGER, int() as number) if isinstance(wanted, Scalar) and wanted in _UNITS:
            return write(f"{number} {_UNITS[wanted]}")
        case LiteralExpr(LiteralKind.RATE | LiteralKind.POINTS as kind, value) if wanted in (Scalar.RATE, Scalar.POINTS):
            shown = format_ratio(_number(value) * 100)
            return None if kind.value == str(wanted) else write(f"{shown} {'%' if wanted is Scalar.RATE else 'points'}")
        case LiteralExpr(LiteralKind.TEXT, str() as text) if isinstance(wanted, EnumType) and text.isidentifier():
            return Phrase(f"une valeur s'écrit sans guillemets : `{text}`", f"a value is written without quotation marks: `{text}`")
        case LiteralExpr(LiteralKind.TEXT, str() as text) if wanted is Scalar.DATE and (date := written_date(text, 0)) is not None:
            return Phrase(f"une date s'écrit sans guillemets : `{date.iso}`", f"a date is written without quotation marks: `{date.iso}`")
    return None


def difference_hint(expr: Expression, wanted: Type) -> Phrase | None:
    """Return how a date read as a difference or a quotient of integers (`01-01-2025`) should be written."""
    text = snippet(expr.position)
    date = written_date(text, 0) if wanted is Scalar.DATE and isinstance(expr, BinaryExpr) else None
    return write(date.iso) if date is not None and date.end == len(text) else None


def _number(value: object) -> Number:
    if not isinstance(value, Number):
        raise TypeError(f"{value!r} is not a number")
    return value


def _unit_hint(expr: Expression, found: Type, wanted: Type) -> Phrase | None:
    match found, wanted:
        case Scalar.POINTS, Scalar.RATE:
            return Phrase(
                "un écart entre deux taux est en points ; un taux plus ou moins des points redonne un taux",
                "a difference between two rates is in points; a rate plus or minus points gives a rate again",
            )
        case Scalar.RATE, Scalar.POINTS:
            return Phrase("seule la différence de deux taux est en points", "only the difference of two rates is in points")
        case Scalar.RATE, Scalar.INTEGER if isinstance(expr, BinaryExpr) and expr.operator is BinaryOperator.DIVIDE:
            return Phrase("le quotient de deux entiers est un taux", "the quotient of two integers is a rate")
        case EnumType(), Scalar.BOOLEAN:
            form = f"`… = {snippet(expr.position)}`"
            return Phrase(
                f"une valeur n'est pas une condition : écrivez {form}, ou `… parmi {{ a ; b }}` pour plusieurs",
                f"a value is not a condition: write {form}, or `… parmi {{ a ; b }}` for several",
            )
        case SetType() | ListType(), Scalar.BOOLEAN:
            form = f"`{snippet(expr.position)} contient valeur`"
            return Phrase(f"un ensemble n'est pas une condition : écrivez {form}", f"a set is not a condition: write {form}")
        case Scalar(), Scalar.BOOLEAN if found in ORDERED:
            return Phrase(
                "une grandeur n'est pas une condition : comparez-la par `=`, `<`, `<=`, `>` ou `>=`",
                "a quantity is not a condition: compare it with `=`, `<`, `<=`, `>` or `>=`",
            )
    return None
