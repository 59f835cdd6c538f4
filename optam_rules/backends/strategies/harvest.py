"""From programs to the constants that their rules name: what decides is rarely far from them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from fractions import Fraction
from typing import cast

import attrs

from optam_rules.base.calendar import Duration, Interval
from optam_rules.base.numbers import Number
from optam_rules.core.ir import Expr, Literal, OneOf, Range, Table
from optam_rules.core.program import Program
from optam_rules.core.types import EnumType, ListType, Scalar, SetType, Type
from optam_rules.core.walk import subexpressions

# One step either side of a constant: one unit, one cent, a tenth of a point.
STEP: Mapping[Type, Number] = {Scalar.INTEGER: 1, Scalar.MONEY: 1, Scalar.RATE: Fraction(1, 1000), Scalar.POINTS: Fraction(1, 1000)}


@attrs.frozen
class Harvest:
    """The constants that rules name, by type; `sets` are whole sets of numbers, such as the years of reference."""

    numbers: Mapping[Type, tuple[Number, ...]] = attrs.field(factory=dict)
    dates: tuple[dt.date, ...] = ()
    durations: tuple[Duration, ...] = ()
    words: Mapping[Type, tuple[str, ...]] = attrs.field(factory=dict)
    sets: Mapping[Type, tuple[tuple[Number, ...], ...]] = attrs.field(factory=dict)


@attrs.define
class _Basket:
    numbers: dict[Type, set[Number]] = attrs.field(factory=dict)
    dates: set[dt.date] = attrs.field(factory=set)
    durations: set[Duration] = attrs.field(factory=set)
    words: dict[Type, set[str]] = attrs.field(factory=dict)
    sets: dict[Type, set[tuple[Number, ...]]] = attrs.field(factory=dict)

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

    def add_interval(self, interval: Interval) -> None:
        if interval.start is not None:
            self.dates.add(interval.start)
        if interval.end is not None and interval.end < dt.date.max:
            self.dates.add(interval.end)


def harvest(programs: Iterable[Program]) -> Harvest:
    """Return the constants of the rules, parameters, tables and days in force of some programs, together."""
    basket = _Basket()
    for program in programs:
        _gather(program, basket)
    return Harvest(
        {type_: tuple(sorted(found)) for type_, found in basket.numbers.items()},
        tuple(sorted(basket.dates)),
        tuple(sorted(basket.durations, key=lambda duration: (duration.unit, duration.count))),
        {type_: tuple(sorted(found)) for type_, found in basket.words.items()},
        {type_: tuple(sorted(found)) for type_, found in basket.sets.items()},
    )


def _gather(program: Program, basket: _Basket) -> None:
    for expr in program.expressions():
        for value, type_ in _constants(expr):
            basket.add(value, type_)
    for parameter in program.parameters.values():
        for dated in parameter.values:
            basket.add(dated.value, parameter.type)
            basket.add_interval(dated.interval)
    for definition in program.definitions.values():
        for intervals in (
            (version.interval for version in definition.versions),
            (clause.interval for clause in definition.exceptions),
            (undercut.interval for undercut in definition.undercuts),
        ):
            for interval in intervals:
                basket.add_interval(interval)


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
