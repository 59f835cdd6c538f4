"""The expressions of the core: a dozen frozen nodes, each with its type; nothing here computes."""

from __future__ import annotations

import datetime as dt
from enum import Enum

import attrs

from optam_rules.base.calendar import Duration, MonthEnd
from optam_rules.base.numbers import Number, Rounding
from optam_rules.base.source import Position
from optam_rules.core.operators import Operator
from optam_rules.core.standing import Standing
from optam_rules.core.types import Type

# What a literal, a parameter or a known field holds. Amounts are cents, rates and points ratios; values of enumerations are their names.
Scalarlike = bool | int | Number | dt.date | Duration | str
Constant = Scalarlike | tuple[Scalarlike, ...] | frozenset[Scalarlike]


def _position() -> Position:
    return attrs.field(eq=False, repr=False, kw_only=True)  # type: ignore[no-any-return]


@attrs.frozen
class Literal:
    """A constant written in the text."""

    value: Constant
    type: Type
    position: Position = _position()


@attrs.frozen
class UnknownLaw:
    """`inconnu`: what no source tells; `label` is what an answer then waits for (`inconnu:NAME`)."""

    label: str
    type: Type
    position: Position = _position()


@attrs.frozen
class NotApplicable:
    """`sans objet` as a value."""

    type: Type
    position: Position = _position()


@attrs.frozen
class EvaluationDate:
    """`date d'évaluation`."""

    type: Type
    position: Position = _position()


@attrs.frozen
class Variable:
    """The record that a definition is about (`SELF`) or the element that an aggregate runs over."""

    name: str
    type: Type
    position: Position = _position()


SELF = "soi"


@attrs.frozen
class Field:
    """A datum of an entity: `target.name`, of the declared type."""

    target: Expr
    name: str
    type: Type
    position: Position = _position()


@attrs.frozen
class Answer:
    """A definition read on an entity; `at` (tables only) chooses the version in force on another date."""

    target: Expr
    entity: str
    name: str
    at: Expr | None
    type: Type
    position: Position = _position()


@attrs.frozen
class ParameterRead:
    """A dated parameter, read at the evaluation date unless `at` says otherwise."""

    name: str
    at: Expr | None
    type: Type
    position: Position = _position()


@attrs.frozen
class HypothesisRead:
    """The reading chosen for a named open question."""

    name: str
    type: Type
    position: Position = _position()


@attrs.frozen
class Lookup:
    """A row of a reference table that the caller supplies; an absent row is unknown."""

    table: str
    keys: tuple[Expr, ...]
    type: Type
    position: Position = _position()


@attrs.frozen
class Apply:
    """An operator on its operands. AND and OR take any number, DATE three (year, month, day), the others one or two.

    `month_end` goes with date + months.
    """

    operator: Operator
    operands: tuple[Expr, ...]
    type: Type
    month_end: MonthEnd | None = None
    position: Position = _position()


@attrs.frozen
class Round:
    """`arrondi à quantum (mode)`."""

    operand: Expr
    quantum: Number
    mode: Rounding
    type: Type
    position: Position = _position()


@attrs.frozen
class Branch:
    """`value si condition`."""

    condition: Expr
    value: Expr


@attrs.frozen
class Conditional:
    """Branches in order; `otherwise` is what holds when none does.

    A definition shown total without `sinon` has its last branch as `otherwise`; a `partielle` one has NotApplicable.
    """

    branches: tuple[Branch, ...]
    otherwise: Expr
    type: Type
    position: Position = _position()


class Fold(Enum):
    """Bounded aggregates; the value is the French keyword."""

    SUM = "somme"
    MEAN = "moyenne"
    MINIMUM = "minimum"
    MAXIMUM = "maximum"
    COUNT = "nombre"
    ALL = "tous"
    EXISTS = "existe"


@attrs.frozen
class Aggregate:
    """`fold(body pour variable dans source tel que condition) si vide if_empty`; COUNT has no body."""

    fold: Fold
    variable: str
    source: Expr
    condition: Expr | None
    body: Expr | None
    if_empty: Expr | None
    type: Type
    position: Position = _position()


@attrs.frozen
class Collection:
    """`{a ; b}` whose items are not all constant; a ListType or SetType."""

    items: tuple[Expr, ...]
    type: Type
    position: Position = _position()


@attrs.frozen
class Any_:
    """`*`: any value of the column."""


@attrs.frozen
class OneOf:
    """One of some values (booleans, values of an enumeration, integers, dates, texts ...)."""

    values: frozenset[Scalarlike]


@attrs.frozen
class Range:
    """An interval of an ordered column; `None` is without limit."""

    low: Number | dt.date | Duration | None
    low_closed: bool
    high: Number | dt.date | Duration | None
    high_closed: bool


Cell = Any_ | OneOf | Range


@attrs.frozen
class Row:
    """A row of a table. `standing`, `source` and `hypothesis` are the row's own where it has them, else the table's apply."""

    cells: tuple[Cell, ...]
    value: Expr
    position: Position = attrs.field(eq=False, repr=False)
    standing: Standing | None = None
    source: str | None = None


@attrs.frozen(cache_hash=True)
class Table:
    """A decision table: strict in its columns; rows do not overlap and, with `otherwise` (the `sinon` row), leave no gap.

    `domains` lists, for each column of an enumeration or a hypothesis, its values; `()` for columns of other types.
    """

    columns: tuple[Expr, ...]
    rows: tuple[Row, ...]
    otherwise: Row | None
    type: Type
    domains: tuple[tuple[str, ...], ...] = ()
    position: Position = _position()


Expr = (
    Literal
    | UnknownLaw
    | NotApplicable
    | EvaluationDate
    | Variable
    | Field
    | Answer
    | ParameterRead
    | HypothesisRead
    | Lookup
    | Apply
    | Round
    | Conditional
    | Aggregate
    | Collection
    | Table
)
