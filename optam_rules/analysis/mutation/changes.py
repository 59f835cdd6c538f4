"""From an expression to the small faults that a hand could make in it: each is the expression with one thing changed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from enum import Enum
from fractions import Fraction
from typing import cast

import attrs

from optam_rules.analysis.mutation.rewrite import replaced, with_child, without
from optam_rules.base.calendar import ONE_DAY, Duration, MonthEnd
from optam_rules.base.numbers import Number, Rounding, simplify
from optam_rules.base.phrases import Phrase, Word
from optam_rules.core.ir import (
    Aggregate,
    Apply,
    Cell,
    Conditional,
    Constant,
    Expr,
    Fold,
    Literal,
    OneOf,
    Range,
    Round,
    Scalarlike,
    Table,
)
from optam_rules.core.operators import Operator, arithmetic_type
from optam_rules.core.program import Program
from optam_rules.core.regions import coverage, is_empty
from optam_rules.core.types import ORDERED, EnumType, ListType, Scalar, SetType, Type
from optam_rules.core.walk import children
from optam_rules.elaborate.faults import snippet
from optam_rules.elaborate.show import show


class Kind(Enum):
    """What a fault does; the value says it."""

    BOUND = Phrase("borne déplacée", "bound moved")
    CLOSED = Phrase("borne ouverte ou fermée", "bound opened or closed")
    COMPARISON = Phrase("comparaison changée", "comparison changed")
    CONSTANT = Phrase("constante changée", "constant changed")
    NEGATED = Phrase("condition niée", "condition negated")
    DROPPED = Phrase("condition retirée", "condition dropped")
    CONNECTIVE = Phrase("et, ou échangés", "and, or swapped")
    CAP = Phrase("plafond ou plancher retiré", "cap or floor dropped")
    ROUNDING = Phrase("arrondi changé", "rounding changed")
    BRANCH = Phrase("branche retirée", "branch dropped")
    ROWS = Phrase("valeurs de deux lignes échangées", "values of two rows swapped")
    FOLD = Phrase("agrégat changé", "aggregate changed")
    ARITHMETIC = Phrase("opération changée", "operation changed")
    DEFAULT = Phrase("valeur à défaut retirée", "default value dropped")
    MONTH_END = Phrase("fin de mois changée", "end of month changed")
    EXCEPTION = Phrase("exception retirée", "exception dropped")
    UNDERCUT = Phrase("neutralisation retirée", "disapplication dropped")
    PRIORITY = Phrase("priorité retirée", "priority dropped")
    CUMULATIVE = Phrase("cumul changé", "accumulation changed")
    DATE = Phrase("date déplacée", "date moved")
    PARAMETER = Phrase("paramètre changé", "parameter changed")


@attrs.frozen
class Change:
    """A fault: the whole expression with it, what it does in words, and the node, by identity, where it was made."""

    kind: Kind
    words: Word
    expr: Expr
    at: Expr = attrs.field(eq=False, repr=False)


# One step: one unit, one cent, a tenth of a point, a day, a month.
_STEPS: Mapping[Type, Number] = {Scalar.RATE: Fraction(1, 1000), Scalar.POINTS: Fraction(1, 1000), Scalar.MONEY: 1, Scalar.INTEGER: 1}
_COMPARED: Mapping[Operator, tuple[Operator, ...]] = {
    Operator.LESS: (Operator.AT_MOST, Operator.AT_LEAST),
    Operator.AT_MOST: (Operator.LESS, Operator.GREATER),
    Operator.GREATER: (Operator.AT_LEAST, Operator.AT_MOST),
    Operator.AT_LEAST: (Operator.GREATER, Operator.LESS),
    Operator.EQUAL: (Operator.NOT_EQUAL,),
    Operator.NOT_EQUAL: (Operator.EQUAL,),
}
_FOLDS: Mapping[Fold, Fold] = {
    Fold.SUM: Fold.MEAN,
    Fold.MEAN: Fold.SUM,
    Fold.MINIMUM: Fold.MAXIMUM,
    Fold.MAXIMUM: Fold.MINIMUM,
    Fold.ALL: Fold.EXISTS,
    Fold.EXISTS: Fold.ALL,
}


def changes(program: Program, expr: Expr, *, guard: bool = False) -> Iterator[Change]:
    """Yield the expression with each fault, its own first, then those of its parts. A `guard` may be negated whatever its form."""
    for kind, words, new in _own(program, expr, guard):
        yield Change(kind, words, new, expr)
    guards = _guards(expr)
    for index, part in enumerate(children(expr)):
        for change in changes(program, part, guard=index in guards):
            yield attrs.evolve(change, expr=with_child(expr, index, change.expr))


def shifted(value: Constant, type_: Type, steps: int) -> Constant | None:
    """Return a value some steps further, or `None` where its type has no steps."""
    match value:
        case bool() | str() | tuple() | frozenset():
            return None
        case dt.date():
            return value + steps * ONE_DAY
        case Duration():
            return Duration(value.count + steps, value.unit)
    return simplify(value + steps * Fraction(_STEPS.get(type_, 1)))


def other_values(program: Program, value: Constant, type_: Type) -> Iterator[Constant]:
    """Yield what could have been written instead of a constant: a step less or more, the other truth, the next value, an item less."""
    match type_, value:
        case SetType() | ListType(), frozenset() | tuple():
            for item in sorted(value, key=str):
                yield value - {item} if isinstance(value, frozenset) else tuple(other for other in value if other != item)
        case Scalar.BOOLEAN, bool():
            yield not value
        case EnumType(name), str():
            values = [*program.enumerations[name].values] if name in program.enumerations else [*program.hypotheses[name].readings]
            if len(values) > 1:
                yield values[(values.index(value) + 1) % len(values)]
        case _:
            for steps in (1, -1):
                moved = shifted(value, type_, steps)
                if moved is not None:
                    yield moved


# --- one node -------------------------------------------------------------------------------------------------------------------


def _guards(expr: Expr) -> frozenset[int]:
    """Return the places of the parts that are conditions, where any boolean may stand."""
    match expr:
        case Conditional(branches):
            return frozenset(2 * place for place in range(len(branches)))
        case Aggregate(condition=condition) if condition is not None:
            return frozenset({1})
        case Apply(Operator.AND | Operator.OR | Operator.IMPLIES, operands):
            return frozenset(range(len(operands)))
        case _:
            return frozenset()


_Fault = tuple[Kind, Word, Expr]


def _own(program: Program, expr: Expr, guard: bool) -> Iterator[_Fault]:
    """Yield the faults of one node."""
    connective = isinstance(expr, Apply) and expr.operator in (Operator.AND, Operator.OR, Operator.NOT, *_COMPARED)
    if guard and not connective and not isinstance(expr, Literal):
        negated = Apply(Operator.NOT, (expr,), Scalar.BOOLEAN, position=expr.position)
        yield Kind.NEGATED, Phrase(f"`{snippet(expr.position)}` nié", f"`{snippet(expr.position)}` negated"), negated
    match expr:
        case Literal(value, type_):
            for other in other_values(program, value, type_):
                yield Kind.CONSTANT, f"{show(value, type_)} → {show(other, type_)}", attrs.evolve(expr, value=other)
        case Apply():
            yield from _applied(expr)
        case Round():
            yield Kind.ROUNDING, Phrase("arrondi retiré", "rounding dropped"), expr.operand
            for mode in Rounding:
                if mode is not expr.mode:
                    yield (
                        Kind.ROUNDING,
                        Phrase(f"arrondi {expr.mode.value} → {mode.value}", f"rounding {expr.mode.value} → {mode.value}"),
                        attrs.evolve(expr, mode=mode),
                    )
        case Conditional():
            yield from _conditional(expr)
        case Aggregate():
            yield from _aggregate(expr)
        case Table():
            yield from _rows(expr)
            yield from _cuts(program, expr)


def _applied(expr: Apply) -> Iterator[_Fault]:
    operator, operands = expr.operator, expr.operands
    for other in _COMPARED.get(operator, ()):
        yield Kind.COMPARISON, f"{operator.value} → {other.value}", attrs.evolve(expr, operator=other)
    match operator:
        case Operator.AND | Operator.OR:
            other = Operator.OR if operator is Operator.AND else Operator.AND
            yield Kind.CONNECTIVE, f"{operator.value} → {other.value}", attrs.evolve(expr, operator=other)
            for place, part in enumerate(operands):
                left = without(operands, place)
                kept = left[0] if len(left) == 1 else attrs.evolve(expr, operands=left)
                yield Kind.DROPPED, _dropped(f"`{snippet(part.position)}`"), kept
        case Operator.NOT:
            yield Kind.NEGATED, _dropped("`non`"), operands[0]
        case Operator.IMPLIES:
            yield (
                Kind.DROPPED,
                _dropped(f"`{snippet(operands[0].position)}`"),
                operands[1],
            )
        case Operator.CAP | Operator.FLOOR:
            yield (
                Kind.CAP,
                Phrase(
                    f"{operator.value} {snippet(operands[1].position)} : retiré",
                    f"{operator.value} {snippet(operands[1].position)}: dropped",
                ),
                operands[0],
            )
        case Operator.DEFAULT:
            yield (
                Kind.DEFAULT,
                Phrase(f"à défaut {snippet(operands[1].position)} : retiré", f"`à défaut` {snippet(operands[1].position)}: dropped"),
                operands[0],
            )
        case Operator.ADD | Operator.SUBTRACT:
            other = Operator.SUBTRACT if operator is Operator.ADD else Operator.ADD
            if arithmetic_type(other, operands[0].type, operands[1].type) == expr.type:
                yield Kind.ARITHMETIC, f"{operator.value} → {other.value}", attrs.evolve(expr, operator=other)
            if expr.month_end is not None:
                end = MonthEnd.UPPER if expr.month_end is MonthEnd.LOWER else MonthEnd.LOWER
                yield (
                    Kind.MONTH_END,
                    Phrase(f"fin de mois {expr.month_end.value} → {end.value}", f"end of month {expr.month_end.value} → {end.value}"),
                    attrs.evolve(expr, month_end=end),
                )


def _conditional(expr: Conditional) -> Iterator[_Fault]:
    for place, branch in enumerate(expr.branches):
        left = without(expr.branches, place)
        kept = attrs.evolve(expr, branches=left) if left else expr.otherwise
        yield (
            Kind.BRANCH,
            Phrase(
                f"branche `{snippet(branch.value.position)} si {snippet(branch.condition.position)}` retirée",
                f"branch `{snippet(branch.value.position)} si {snippet(branch.condition.position)}` dropped",
            ),
            kept,
        )


def _aggregate(expr: Aggregate) -> Iterator[_Fault]:
    if expr.fold in _FOLDS:
        other = _FOLDS[expr.fold]
        yield Kind.FOLD, f"{expr.fold.value} → {other.value}", attrs.evolve(expr, fold=other)
    if expr.condition is not None:
        yield (
            Kind.DROPPED,
            Phrase(f"tel que `{snippet(expr.condition.position)}` retiré", f"`tel que {snippet(expr.condition.position)}` dropped"),
            attrs.evolve(expr, condition=None),
        )
    if expr.if_empty is not None:
        yield Kind.DEFAULT, _dropped("`si vide`"), attrs.evolve(expr, if_empty=None)


# --- tables ---------------------------------------------------------------------------------------------------------------------


def _rows(table: Table) -> Iterator[_Fault]:
    """Exchange the values of neighbouring rows where they differ."""
    for place, (first, second) in enumerate(zip(table.rows, table.rows[1:], strict=False)):
        if first.value != second.value:
            rows = replaced(table.rows, place, attrs.evolve(first, value=second.value))
            rows = replaced(rows, place + 1, attrs.evolve(second, value=first.value))
            words = Phrase(
                f"`{snippet(first.value.position)}` et `{snippet(second.value.position)}` échangées",
                f"`{snippet(first.value.position)}` and `{snippet(second.value.position)}` swapped",
            )
            yield Kind.ROWS, words, attrs.evolve(table, rows=rows)


def _cuts(program: Program, table: Table) -> Iterator[_Fault]:
    """Move each bound of each column, in all the rows that name it, so that rows still neither overlap nor leave a gap."""
    for column, expr in enumerate(table.columns):
        cells = [row.cells[column] for row in table.rows]
        if expr.type in ORDERED:
            for bound in dict.fromkeys(value for cell in cells for value in _bounds(cell)):
                for steps in (1, -1):
                    moved = cast("Scalarlike", shifted(bound, expr.type, steps))
                    words: Word = f"{show(bound, expr.type)} → {show(moved, expr.type)}"
                    yield from _recut(table, column, [_moved(cell, bound, moved) for cell in cells], Kind.BOUND, words)
                if not any(isinstance(cell, OneOf) and bound in cell.values for cell in cells):
                    words = Phrase(f"{show(bound, expr.type)} passe de l'autre côté", f"{show(bound, expr.type)} goes to the other side")
                    yield from _recut(table, column, [_flipped(cell, bound) for cell in cells], Kind.CLOSED, words)
        else:
            for value in dict.fromkeys(value for cell in cells if isinstance(cell, OneOf) for value in sorted(cell.values, key=str)):
                for other in other_values(program, value, expr.type):
                    swapped = [_swapped(cell, value, cast("Scalarlike", other)) for cell in cells]
                    words = f"{show(value, expr.type)} ↔ {show(other, expr.type)}"
                    yield from _recut(table, column, swapped, Kind.BOUND, words)


def _dropped(what: str) -> Phrase:
    return Phrase(f"{what} retiré", f"{what} dropped")


def _recut(table: Table, column: int, cells: list[Cell], kind: Kind, words: Word) -> Iterator[_Fault]:
    type_ = table.columns[column].type
    if type_ in ORDERED and any(is_empty(cell, type_) for cell in cells):
        return
    rows = tuple(attrs.evolve(row, cells=replaced(row.cells, column, cell)) for row, cell in zip(table.rows, cells, strict=True))
    changed = attrs.evolve(table, rows=rows)
    if rows == table.rows:
        return
    found = coverage(changed)
    if found.overlap is None and (found.gap is None or table.otherwise is not None):
        yield kind, words, changed


def _bounds(cell: Cell) -> list[Scalarlike]:
    match cell:
        case Range(low, _, high, _):
            return [bound for bound in (low, high) if bound is not None]
        case OneOf(values):
            return sorted(values, key=str)
        case _:
            return []


def _moved(cell: Cell, bound: Scalarlike, moved: Scalarlike) -> Cell:
    match cell:
        case Range(low, low_closed, high, high_closed):
            ends = [moved if end == bound else end for end in (low, high)]
            return Range(cast("Number", ends[0]), low_closed, cast("Number", ends[1]), high_closed)
        case OneOf(values) if bound in values:
            return OneOf(values - {bound} | {moved})
        case _:
            return cell


def _flipped(cell: Cell, bound: Scalarlike) -> Cell:
    match cell:
        case Range(low, low_closed, high, high_closed):
            return Range(low, low_closed is not (low == bound), high, high_closed is not (high == bound))
        case _:
            return cell


def _swapped(cell: Cell, one: Scalarlike, other: Scalarlike) -> Cell:
    if not isinstance(cell, OneOf):
        return cell
    return OneOf(frozenset(other if value == one else one if value == other else value for value in cell.values))
