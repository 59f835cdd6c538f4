"""From expressions and definitions of the core to texts that are equal where the meaning is, and to their digests.

Two texts: the *form* keeps names and order, and tells whether a clause was written anew; the *meaning* puts in the place of each name
what it stands for, so that renaming or moving something changes nothing. Equal meanings are equal answers for every record; different
ones prove nothing. Neither says what a clause rests on, nor where it stands.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Callable, Iterable, Mapping
from enum import Enum
from fractions import Fraction
from functools import cached_property
from graphlib import TopologicalSorter
from typing import assert_never

import attrs

from optam_rules.base.calendar import ALWAYS, ONE_DAY, Duration, Interval
from optam_rules.core.ir import (
    Aggregate,
    Answer,
    Any_,
    Apply,
    Cell,
    Collection,
    Conditional,
    EvaluationDate,
    Expr,
    Field,
    HypothesisRead,
    Literal,
    Lookup,
    NotApplicable,
    OneOf,
    ParameterRead,
    Range,
    Round,
    Row,
    Table,
    UnknownLaw,
    Variable,
)
from optam_rules.core.operators import Operator
from optam_rules.core.program import Definition, ExceptionClause, Parameter, Program
from optam_rules.core.walk import subexpressions

# Operators whose operands may change places: exact numbers and Kleene's tables do not look at order.
_COMMUTATIVE = frozenset({Operator.AND, Operator.OR, Operator.ADD, Operator.MULTIPLY, Operator.EQUAL, Operator.NOT_EQUAL})
_Key = tuple[str, str]


def digest(text: str) -> str:
    """Return the digest of a text, short enough to nest in other texts."""
    return hashlib.sha256(text.encode()).hexdigest()


def form(expr: Expr) -> str:
    """Return the form of an expression: names, order and constants, without positions."""
    return _FORM.write(expr, ())


def cells_form(row: Row) -> str:
    """Return the form of the conditions of a row."""
    return " ".join(map(_cell, row.cells))


def value_text(value: object) -> str:
    """Return a constant as text, equal for equal constants of one type."""
    match value:
        case frozenset():
            return "{" + " ".join(sorted(map(value_text, value))) + "}"
        case tuple():
            return "[" + " ".join(map(value_text, value)) + "]"
        case Enum():
            return str(value.value)
        case Duration(count, unit):
            return f"{count} {unit}"
        case bool() | str():
            return repr(value)
        case int() | Fraction() | dt.date():
            return str(value)
        case _:
            return repr(value)


@attrs.frozen
class _Writer:
    """Writes expressions; what names stand for is told by functions, each given the words for the operands of the name."""

    answer: Callable[[Answer, str], str]
    parameter: Callable[[ParameterRead], str]
    hypothesis: Callable[[HypothesisRead], str]
    date: Callable[[], str]
    ordered: bool  # whether the order of what may change places counts
    unknown: Callable[[UnknownLaw], str]

    def write(self, expr: Expr, bound: tuple[str, ...]) -> str:
        """Write an expression; variables of aggregates are told by their depth in `bound`, so that their names do not count."""
        parts: list[Expr]
        match expr:
            case Literal():
                head, parts = f"literal {value_text(expr.value)}", []
            case UnknownLaw():
                head, parts = self.unknown(expr), []
            case NotApplicable():
                head, parts = "sans objet", []
            case EvaluationDate():
                head, parts = self.date(), []
            case Variable():
                head, parts = f"variable {bound.index(expr.name) if expr.name in bound else expr.name}", []
            case Field():
                head, parts = f"field {expr.name}", [expr.target]
            case Answer():
                at = f" at {self.write(expr.at, bound)}" if expr.at is not None else ""
                return f"({self.answer(expr, at)} {self.write(expr.target, bound)})"
            case ParameterRead():
                head, parts = self.parameter(expr), [] if expr.at is None else [expr.at]
            case HypothesisRead():
                head, parts = self.hypothesis(expr), []
            case Lookup():
                head, parts = f"lookup {expr.table}", list(expr.keys)
            case Apply():
                return self._apply(expr, bound)
            case Round():
                head, parts = f"round {value_text(expr.quantum)} {expr.mode.value}", [expr.operand]
            case Conditional():
                head = "conditional"
                parts = [*(part for branch in expr.branches for part in (branch.condition, branch.value)), expr.otherwise]
            case Aggregate():
                return self._aggregate(expr, bound)
            case Collection():
                head, parts = "collection", list(expr.items)
            case Table():
                return self._table(expr, bound)
            case _:
                assert_never(expr)
        return f"({head} : {expr.type} {' '.join(self.write(part, bound) for part in parts)})"

    def _apply(self, expr: Apply, bound: tuple[str, ...]) -> str:
        operands = [self.write(operand, bound) for operand in expr.operands]
        if not self.ordered and expr.operator in _COMMUTATIVE:
            operands.sort()
        month_end = f" {expr.month_end.value}" if expr.month_end else ""
        return f"({expr.operator.value}{month_end} : {expr.type} {' '.join(operands)})"

    def _aggregate(self, expr: Aggregate, bound: tuple[str, ...]) -> str:
        # An inner variable of an outer one's name hides it: its depth must be its own.
        inner = (*("" if name == expr.variable else name for name in bound), expr.variable)
        parts = [
            ("in", expr.source, bound),
            ("when", expr.condition, inner),
            ("body", expr.body, inner),
            ("empty", expr.if_empty, bound),
        ]
        words = [f"{name} {self.write(part, names)}" for name, part, names in parts if part is not None]
        return f"({expr.fold.value} : {expr.type} {' '.join(words)})"

    def _table(self, expr: Table, bound: tuple[str, ...]) -> str:
        columns = [self.write(column, bound) for column in expr.columns]
        rows = [f"({cells_form(row)} -> {self.write(row.value, bound)})" for row in expr.rows]
        if not self.ordered:
            rows.sort()  # rows do not overlap
        last = f" else {self.write(expr.otherwise.value, bound)}" if expr.otherwise else ""
        return f"(table : {expr.type} {' '.join(columns)} {expr.domains} {' '.join(rows)}{last})"


def _cell(cell: Cell) -> str:
    match cell:
        case Any_():
            return "*"
        case OneOf(values):
            return value_text(values)
        case Range(low, low_closed, high, high_closed):
            return f"{'[' if low_closed else ']'}{low};{high}{']' if high_closed else '['}"
        case _:
            assert_never(cell)


_FORM = _Writer(
    answer=lambda expr, at: f"answer {expr.entity}.{expr.name}{at}",
    parameter=lambda expr: f"parameter {expr.name}",
    hypothesis=lambda expr: f"hypothesis {expr.name}",
    date=lambda: "evaluation date",
    ordered=True,
    unknown=lambda expr: f"unknown {expr.label}",
)


@attrs.frozen(slots=False)
class Meanings:
    """The meaning of each definition of a program, on the days of a window or on one day, under some readings.

    On one day, only what is in force then counts. What is read at another date than that of the evaluation counts whole.
    """

    program: Program
    readings: Mapping[str, str] = attrs.field(factory=dict)
    window: Interval = ALWAYS
    day: dt.date | None = None

    @cached_property
    def of(self) -> Mapping[_Key, str]:
        """Digest of each definition."""
        found: dict[_Key, str] = {}
        writer = _Writer(
            answer=lambda expr, at: f"{self._whole.of[expr.entity, expr.name]}{at}" if at else found[expr.entity, expr.name],
            parameter=self._parameter,
            hypothesis=self._hypothesis,
            date=lambda: f"literal {self.day}" if self.day else "evaluation date",
            ordered=False,
            unknown=lambda expr: "unknown",
        )
        read = {
            key: {
                (part.entity, part.name) for expr in definition.expressions() for part in subexpressions(expr) if isinstance(part, Answer)
            }
            for key, definition in self.program.definitions.items()
        }
        for key in TopologicalSorter(read).static_order():
            definition = self.program.definitions.get(key)
            found[key] = digest(self._definition(definition, writer) if definition is not None else "not in force")
        return found

    @cached_property
    def _whole(self) -> Meanings:
        """The meanings on every day, for what is read at another date."""
        return self if self.day is None and self.window == ALWAYS else Meanings(self.program, self.readings)

    def _definition(self, definition: Definition, writer: _Writer) -> str:
        names = _exception_names(definition, writer)
        exceptions = [
            (clause.interval, f"exception {names[clause.parent]} {names[clause.name]} {_words(clause, writer)} {_over(clause, names)}")
            for clause in definition.exceptions
        ]
        undercuts = [
            (cut.interval, f"undercut {names.get(cut.target, cut.target)} {writer.write(cut.condition, ())}")
            for cut in definition.undercuts
        ]
        versions = [(version.interval, writer.write(version.body, ())) for version in definition.versions]
        clauses = " ".join(self._dated(part) for part in (versions, exceptions, undercuts))
        return f"{definition.type} {definition.cumulative} {clauses}"

    def _dated(self, parts: Iterable[tuple[Interval, str]]) -> str:
        """Write texts with the days that count on which each holds; one that goes on is one, however it is cut."""
        if self.day is not None:
            return "[" + " ; ".join(sorted(text for interval, text in parts if self.day in interval)) + "]"
        return _spans(parts, self.window)

    def _parameter(self, expr: ParameterRead) -> str:
        parameter = self.program.parameters[expr.name]
        if expr.at is not None:
            return f"parameter at {_values(parameter, ALWAYS)}"
        if self.day is not None:
            return f"literal {value_text(parameter.at(self.day))}"
        return f"parameter {_values(parameter, self.window)}"

    def _hypothesis(self, expr: HypothesisRead) -> str:
        chosen = self.readings.get(expr.name)
        return f"literal {value_text(chosen)}" if chosen else f"hypothesis {expr.name} {self.program.hypotheses[expr.name].readings}"


def _exception_names(definition: Definition, writer: _Writer) -> dict[str, str]:
    """Return what stands for the names of the exceptions of a definition: what each says and what it is an exception of."""
    said: dict[str, list[ExceptionClause]] = {}
    for clause in definition.exceptions:  # an amendment may cut one into several
        said.setdefault(clause.name, []).append(clause)
    names = {definition.name: "base"}
    parents = {name: {clause.parent for clause in clauses} - {definition.name} for name, clauses in said.items()}
    for name in TopologicalSorter(parents).static_order():  # elaboration refuses cycles
        words = [f"{clause.interval} {names[clause.parent]} {_words(clause, writer)}" for clause in said.get(name, ())]
        names.setdefault(name, digest(" ".join(sorted(words))))
    return names


def _words(clause: ExceptionClause, writer: _Writer) -> str:
    return f"{writer.write(clause.condition, ())} {writer.write(clause.body, ())}"


def _over(clause: ExceptionClause, names: Mapping[str, str]) -> list[str]:
    return sorted(names.get(name, name) for name in clause.overrides)


def definitions_read(definition: Definition) -> set[_Key]:
    """Return the definitions that one reads by itself, as (entity, name)."""
    parts = (part for expr in definition.expressions() for part in subexpressions(expr))
    return {(part.entity, part.name) for part in parts if isinstance(part, Answer)}


def _values(parameter: Parameter, window: Interval) -> str:
    return _spans(((dated.interval, value_text(dated.value)) for dated in parameter.values), window)


def _spans(parts: Iterable[tuple[Interval, str]], window: Interval) -> str:
    """Write texts with the days of a window on which each holds; neighbours of one text are one."""
    by_text: dict[str, list[Interval]] = {}
    for interval, text in parts:
        if not (days := interval.intersect(window)).empty:
            by_text.setdefault(text, []).append(days)
    spans = [f"{days} {text}" for text, held in by_text.items() for days in _merged(held)]
    return f"[{' ; '.join(sorted(spans))}]"


def _merged(intervals: Iterable[Interval]) -> list[Interval]:
    merged: list[Interval] = []
    for days in sorted(intervals, key=lambda days: days.start or dt.date.min):
        if merged and _follows(merged[-1], days):
            merged[-1] = Interval(merged[-1].start, days.end)
        else:
            merged.append(days)
    return merged


def _follows(before: Interval, after: Interval) -> bool:
    return before.end is not None and after.start is not None and after.start - before.end == ONE_DAY
