"""From the body of a definition, or a table, to one expression of the core that is total, of the declared type and in whole cents."""

from __future__ import annotations

import datetime as dt
from typing import assert_never

from optam_rules.base.calendar import Duration
from optam_rules.base.numbers import Number
from optam_rules.base.phrases import Phrase, counted
from optam_rules.core.ir import (
    Any_,
    Apply,
    Branch,
    Cell,
    Conditional,
    Expr,
    Literal,
    NotApplicable,
    OneOf,
    Range,
    Round,
    Row,
    Scalarlike,
    Table,
)
from optam_rules.core.operators import Operator
from optam_rules.core.regions import is_empty
from optam_rules.core.standing import Standing
from optam_rules.core.types import NUMERIC, ORDERED, EntityType, EnumType, ListType, Scalar, SetType, Type
from optam_rules.elaborate.cents import between_cents
from optam_rules.elaborate.check import constant_context
from optam_rules.elaborate.completeness import Completeness
from optam_rules.elaborate.context import Context
from optam_rules.elaborate.faults import snippet
from optam_rules.syntax.abstract import (
    Adjustment,
    AdjustmentKind,
    AnyCell,
    Body,
    CellExpr,
    LiteralExpr,
    RangeCell,
    RowDecl,
    StandingClause,
    StandingWord,
    TableDecl,
    ValueCell,
)

_STANDINGS = {
    StandingWord.CAISSE: Standing.CAISSE,
    StandingWord.DOCTRINE: Standing.DOCTRINE,
    StandingWord.HYPOTHESIS: Standing.HYPOTHESIS,
}


def standing_of(clause: StandingClause | None) -> Standing:
    """Return what a clause rests on; nothing written is the text itself."""
    return _STANDINGS[clause.word] if clause is not None else Standing.TEXT


# --- bodies --------------------------------------------------------------------------------------------------------------------


def lower_body(ctx: Context, search: Completeness, body: Body, type_: Type | None, *, partial: bool) -> Expr | None:
    """Elaborate `vaut …`: branches, then adjustments from left to right; amounts are shown to be whole cents."""
    value = _branches(ctx, search, body, type_, partial)
    for adjustment in body.adjustments:
        value = _adjust(ctx, adjustment, value, type_)
    return whole_cents(ctx, value)


def whole_cents(ctx: Context, value: Expr | None) -> Expr | None:
    """Refuse an amount that may fall between two cents."""
    place = between_cents(value) if value is not None else None
    if place is None:
        return value
    ctx.faults.tell("E310", place, name=ctx.label, text=snippet(place))
    return None


def _branches(ctx: Context, search: Completeness, body: Body, type_: Type | None, partial: bool) -> Expr | None:
    branches = [(ctx.expect(branch.condition, Scalar.BOOLEAN), ctx.expect(branch.value, type_)) for branch in body.branches]
    otherwise = ctx.expect(body.otherwise, type_) if body.otherwise is not None else None
    if partial and body.otherwise is not None:
        ctx.faults.tell("W404", body.position)
    built = tuple(Branch(condition, value) for condition, value in branches if condition is not None and value is not None)
    if len(built) < len(branches) or (body.otherwise is not None and otherwise is None) or type_ is None:
        return None
    if not built:
        return otherwise
    search.warn_of_dead_branches(built, otherwise)
    if otherwise is not None:
        return Conditional(built, otherwise, type_, position=body.position)
    if partial:
        return Conditional(built, NotApplicable(type_, position=body.position), type_, position=body.position)
    if not search.are_total(built, body.position):
        return None
    if search.may_not_apply(built):
        # A condition that is sans objet counts as false: none of them may hold, however total they are over values.
        return Conditional(built, NotApplicable(type_, position=body.position), type_, position=body.position)
    *first, last = built
    return Conditional(tuple(first), last.value, type_, position=body.position) if first else last.value


def _adjust(ctx: Context, adjustment: Adjustment, value: Expr | None, type_: Type | None) -> Expr | None:
    position = adjustment.position
    limit = ctx.expect(adjustment.operand, type_)
    if limit is None or type_ is None:
        return None
    rounds = adjustment.kind is AdjustmentKind.ROUND
    if type_ not in (NUMERIC if rounds else ORDERED):
        ctx.faults.tell("E304", position, operator=adjustment.kind.value, text=ctx.label, found=type_)
        return None
    if not rounds:
        operator = Operator.CAP if adjustment.kind is AdjustmentKind.CAP else Operator.FLOOR
        return Apply(operator, (value, limit), type_, position=position) if value is not None else None
    quantum = limit.value if isinstance(limit, Literal) and isinstance(limit.value, Number) else 0
    if quantum <= 0 or adjustment.mode is None:
        ctx.faults.tell("E311", position, text=snippet(adjustment.operand.position))
        return None
    return Round(value, quantum, adjustment.mode, type_, position=position) if value is not None else None


# --- tables --------------------------------------------------------------------------------------------------------------------


def lower_table(ctx: Context, search: Completeness, table: TableDecl, type_: Type | None) -> Expr | None:
    """Elaborate a table: its columns, its cells against their columns, its values, and what its rows leave open."""
    found = [ctx.infer(column) for column in table.columns]
    for column in found:
        if column is not None and isinstance(column.type, SetType | ListType | EntityType):
            ctx.faults.tell("E317", column.position, type=column.type, place=Phrase("une colonne", "a column"))
    columns = tuple(column for column in found if column is not None and not isinstance(column.type, SetType | ListType | EntityType))
    complete = len(columns) == len(found)
    rows = [_row(ctx, row, found, type_) for row in table.rows if row.cells is not None]
    last = _last_row(ctx, table, type_)
    present = tuple(row for row in rows if row is not None)
    faulty = not complete or len(present) < len(rows) or (last is None and any(row.cells is None for row in table.rows))
    if faulty or type_ is None:
        return None
    domains = tuple(ctx.names.domains.get(c.type.name, ()) if isinstance(c.type, EnumType) else () for c in columns)
    built = Table(columns, present, last, type_, domains, position=table.position)
    return whole_cents(ctx, built) if search.check_table(built) else None


def _row(ctx: Context, row: RowDecl, columns: list[Expr | None], type_: Type | None) -> Row | None:
    cells = row.cells or ()
    value = ctx.expect(row.value, type_)
    if len(cells) != len(columns):
        found = counted(len(cells), Phrase("cellule", "cell"))
        ctx.faults.tell("E420", row.position, found=found, wanted=counted(len(columns), Phrase("colonne", "column")))
        return None
    lowered = [_cell(ctx, cell, column) for cell, column in zip(cells, columns, strict=True)]
    built = tuple(cell for cell in lowered if cell is not None)
    return _with_standing(row, built, value) if value is not None and len(built) == len(lowered) else None


def _last_row(ctx: Context, table: TableDecl, type_: Type | None) -> Row | None:
    """Elaborate the `sinon` row, of which there is one at most, in the last place."""
    places = [place for place, row in enumerate(table.rows) if row.cells is None]
    if not places:
        return None
    if places != [len(table.rows) - 1]:
        ctx.faults.tell("E421", table.rows[places[0]].position)
        return None
    row = table.rows[-1]
    value = ctx.expect(row.value, type_)
    return _with_standing(row, (), value) if value is not None else None


def _with_standing(row: RowDecl, cells: tuple[Cell, ...], value: Expr) -> Row:
    own = row.standing
    return Row(cells, value, row.position, standing_of(own) if own is not None else None, own.text if own is not None else None)


def _cell(ctx: Context, cell: CellExpr, column: Expr | None) -> Cell | None:
    match cell:
        case AnyCell():
            return Any_()
        case ValueCell():
            return _values(ctx, cell, column)
        case RangeCell():
            return _range(ctx, cell, column)
        case _:
            assert_never(cell)


def _values(ctx: Context, cell: ValueCell, column: Expr | None) -> Cell | None:
    """Read the values of a cell; they are constants of the column's type."""
    if column is None:
        return None
    constants = constant_context(ctx.names)
    found = [constants.expect(value, column.type) for value in cell.values]
    values: list[Scalarlike] = []
    for each in found:
        if not isinstance(each, Literal) or isinstance(each.value, tuple | frozenset):
            return None
        values.append(each.value)
    return OneOf(frozenset(values))


def _range(ctx: Context, cell: RangeCell, column: Expr | None) -> Cell | None:
    if column is None:
        return None
    if column.type not in ORDERED:
        ctx.faults.tell("E304", cell.position, operator=snippet(cell.position), text=snippet(column.position), found=column.type)
        return None
    low, high = _bound(ctx, cell.low, column.type), _bound(ctx, cell.high, column.type)
    if (cell.low is not None and low is None) or (cell.high is not None and high is None):
        return None
    built = Range(low, cell.low_closed, high, cell.high_closed)
    if is_empty(built, column.type):
        ctx.faults.tell("E410", cell.position, text=snippet(cell.position), type=column.type)
        return None
    return built


def _bound(ctx: Context, written: LiteralExpr | None, type_: Type) -> Number | dt.date | Duration | None:
    if written is None:
        return None
    found = ctx.expect(written, type_)
    value = found.value if isinstance(found, Literal) else None
    return None if isinstance(value, bool | str | tuple | frozenset) else value
