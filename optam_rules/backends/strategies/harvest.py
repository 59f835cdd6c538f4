"""From programs to the constants that their rules name: what decides is rarely far from them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from fractions import Fraction
from typing import cast

import attrs

from optam_rules.base.calendar import Duration, Interval
from optam_rules.base.numbers import Number
from optam_rules.core.ir import Answer, Apply, Expr, Field, Literal, OneOf, ParameterRead, Range, Table
from optam_rules.core.operators import COMPARISONS, EQUALITIES
from optam_rules.core.program import Definition, Parameter, Program
from optam_rules.core.reach import reachable
from optam_rules.core.types import EntityType, EnumType, ListType, Scalar, SetType, Type
from optam_rules.core.walk import subexpressions

# One step either side of a constant: one unit, one cent, a tenth of a point.
STEP: Mapping[Type, Number] = {Scalar.INTEGER: 1, Scalar.MONEY: 1, Scalar.RATE: Fraction(1, 1000), Scalar.POINTS: Fraction(1, 1000)}


@attrs.frozen
class Harvest:
    """The constants that rules name, by type; `sets` are whole sets of numbers, such as the years of reference.

    `fields` holds, for a datum (entity, name), the dates and numbers that a rule compares it with itself.
    """

    numbers: Mapping[Type, tuple[Number, ...]] = attrs.field(factory=dict)
    dates: tuple[dt.date, ...] = ()
    durations: tuple[Duration, ...] = ()
    words: Mapping[Type, tuple[str, ...]] = attrs.field(factory=dict)
    sets: Mapping[Type, tuple[tuple[Number, ...], ...]] = attrs.field(factory=dict)
    fields: Mapping[tuple[str, str], tuple[Number | dt.date, ...]] = attrs.field(factory=dict)


@attrs.define
class _Basket:
    numbers: dict[Type, set[Number]] = attrs.field(factory=dict)
    dates: set[dt.date] = attrs.field(factory=set)
    durations: set[Duration] = attrs.field(factory=set)
    words: dict[Type, set[str]] = attrs.field(factory=dict)
    sets: dict[Type, set[tuple[Number, ...]]] = attrs.field(factory=dict)
    fields: dict[tuple[str, str], dict[Number | dt.date, None]] = attrs.field(factory=dict)

    def add(self, value: object, type_: Type) -> None:
        match type_:
            case SetType(item) | ListType(item):
                if item in STEP:
                    self.sets.setdefault(item, set()).add(tuple(sorted(cast("frozenset[Number]", value))))
                for part in cast("frozenset[object]", value):
                    self.add(part, item)
            case Scalar.DATE:
                self.dates.add(cast("dt.date", value))
            case Scalar.DAYS | Scalar.MONTHS:
                self.durations.add(cast("Duration", value))
            case Scalar.TEXT | EnumType():
                self.words.setdefault(type_, set()).add(cast("str", value))
            case _ if type_ in STEP:
                self.numbers.setdefault(type_, set()).add(cast("Number", value))

    def harvest(self) -> Harvest:
        return Harvest(
            {type_: tuple(sorted(found)) for type_, found in self.numbers.items()},
            tuple(sorted(self.dates)),
            tuple(sorted(self.durations, key=lambda duration: (duration.unit, duration.count))),
            {type_: tuple(sorted(found)) for type_, found in self.words.items()},
            {type_: tuple(sorted(found)) for type_, found in self.sets.items()},
            {field: tuple(found) for field, found in self.fields.items()},
        )

    def add_interval(self, interval: Interval) -> None:
        if interval.start is not None:
            self.dates.add(interval.start)
        if interval.end is not None and interval.end < dt.date.max:
            self.dates.add(interval.end)


def harvest(programs: Iterable[Program]) -> Harvest:
    """Return the constants of the rules, parameters, tables and days in force of some programs, together."""
    basket = _Basket()
    for program in programs:
        _gather(program, program.expressions(), program.definitions.values(), program.parameters.values(), basket)
    return basket.harvest()


def harvest_read(asked: Iterable[tuple[Program, Expr]]) -> Harvest:
    """Return the constants that deciding some expressions may meet: those of the definitions and parameters that they read."""
    basket = _Basket()
    for program, expr in asked:
        parts = list(reachable(program, expr))
        definitions = {(part.entity, part.name): None for part in parts if isinstance(part, Answer)}
        parameters = {part.name: None for part in parts if isinstance(part, ParameterRead)}
        bodies = [body for key in definitions for body in program.definitions[key].expressions()]
        read = [program.definitions[key] for key in definitions]
        _gather(program, [expr, *bodies], read, [program.parameters[name] for name in parameters], basket)
    return basket.harvest()


def _gather(
    program: Program, exprs: Iterable[Expr], definitions: Iterable[Definition], parameters: Iterable[Parameter], basket: _Basket
) -> None:
    for expr in exprs:
        for value, type_ in _constants(expr):
            basket.add(value, type_)
        for field, value in _compared(program, expr):
            basket.fields.setdefault(field, {})[value] = None
    for parameter in parameters:
        for dated in parameter.values:
            basket.add(dated.value, parameter.type)
            basket.add_interval(dated.interval)
    for definition in definitions:
        for intervals in (
            (version.interval for version in definition.versions),
            (clause.interval for clause in definition.exceptions),
            (undercut.interval for undercut in definition.undercuts),
        ):
            for interval in intervals:
                basket.add_interval(interval)
    basket.add_interval(program.interval)


def _compared(program: Program, expr: Expr) -> Iterator[tuple[tuple[str, str], Number | dt.date]]:
    """Yield each datum that is compared with a constant or a parameter, and what it is compared with."""
    for part in subexpressions(expr):
        if not isinstance(part, Apply) or part.operator not in COMPARISONS | EQUALITIES:
            continue
        for one, other in (part.operands, part.operands[::-1]):
            if isinstance(one, Field) and isinstance(one.target.type, EntityType):
                values = [other.value] if isinstance(other, Literal) else []
                if isinstance(other, ParameterRead):
                    values = [dated.value for dated in program.parameters[other.name].values]
                numbers = (value for value in values if isinstance(value, int | Fraction | dt.date) and not isinstance(value, bool))
                yield from (((one.target.type.name, one.name), value) for value in numbers)


def _constants(expr: Expr) -> Iterator[tuple[object, Type]]:
    for part in subexpressions(expr):
        if isinstance(part, Literal):
            yield part.value, part.type
        elif isinstance(part, Table):
            for row in part.rows:
                for cell, column in zip(row.cells, part.columns, strict=True):
                    match cell:
                        case OneOf(values):
                            yield from ((value, column.type) for value in values)
                        case Range(low, _, high, _):
                            yield from ((bound, column.type) for bound in (low, high) if bound is not None)
