"""From a program to Hypothesis strategies of raw records, drawn around the constants that its rules name.

A record is what a user would write (JSON-like), so that a witness reads like one and goes through the same reader.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from fractions import Fraction
from typing import Any, cast

import attrs
from hypothesis import strategies as st

from optam_rules.base.calendar import Duration, Interval
from optam_rules.base.numbers import Number
from optam_rules.core.ir import Answer, Constant, Expr, Field, Literal, OneOf, Range, Table
from optam_rules.core.program import EntitySpec, FieldSpec, Program
from optam_rules.core.types import EntityType, EnumType, ListType, Scalar, SetType, Type
from optam_rules.core.values import to_json
from optam_rules.core.walk import subexpressions

Raw = dict[str, Any]
_MAX_ELEMENTS = 3
# One step either side of a constant: one unit, one cent, a tenth of a point, a day.
_STEP: Mapping[Type, Number] = {Scalar.INTEGER: 1, Scalar.MONEY: 1, Scalar.RATE: Fraction(1, 1000), Scalar.POINTS: Fraction(1, 1000)}
# Where a datum has no bounds of its own.
_DEFAULTS: Mapping[Type, tuple[Number, Number]] = {
    Scalar.INTEGER: (-1000, 1000),
    Scalar.MONEY: (0, 10_000_000),
    Scalar.RATE: (0, 3),
    Scalar.POINTS: (-1, 1),
}
# Round amounts come first, so that a shrunk witness shows them.
_ROUND: Mapping[Type, tuple[Number, ...]] = {
    Scalar.INTEGER: (0, 1, 2, 10),
    Scalar.MONEY: (0, 10_000, 1_000_000, 5_000_000, 10_000_000),
    Scalar.RATE: (0, Fraction(1, 4), Fraction(1, 2), 1, Fraction(5, 4)),
    Scalar.POINTS: (0, Fraction(1, 100)),
}
_FIRST, _LAST = dt.date(1970, 1, 1), dt.date(2030, 12, 31)


@attrs.frozen
class Harvest:
    """The constants that the rules of a program name, by type; `sets` are whole sets of numbers, such as the years of reference."""

    numbers: Mapping[Type, tuple[Number, ...]]
    dates: tuple[dt.date, ...]
    sets: Mapping[Type, tuple[tuple[Number, ...], ...]]


def harvest(program: Program) -> Harvest:
    """Return the constants of a program's rules, parameters, tables and dates of validity."""
    numbers: dict[Type, set[Number]] = {}
    dates: set[dt.date] = set()
    sets: dict[Type, set[tuple[Number, ...]]] = {}

    def add(value: object, type_: Type) -> None:
        match type_:
            case SetType(item) | ListType(item):
                if item in _STEP:
                    sets.setdefault(item, set()).add(tuple(sorted(cast("frozenset[Number]", value))))
                for part in cast("frozenset[object]", value):
                    add(part, item)
            case Scalar.DATE:
                dates.add(cast("dt.date", value))
            case _ if type_ in _STEP:
                numbers.setdefault(type_, set()).add(cast("Number", value))

    for expr in program.expressions():
        for part in subexpressions(expr):
            if isinstance(part, Literal):
                add(part.value, part.type)
            elif isinstance(part, Table):
                for row in part.rows:
                    for cell, column in zip(row.cells, part.columns, strict=True):
                        for value in _cell_values(cell):
                            add(value, column.type)
    for parameter in program.parameters.values():
        for dated in parameter.values:
            add(dated.value, parameter.type)
            _add_interval(dates, dated.interval)
    for definition in program.definitions.values():
        for interval in (*(v.interval for v in definition.versions), *(e.interval for e in definition.exceptions)):
            _add_interval(dates, interval)
    return Harvest(
        {type_: tuple(sorted(found)) for type_, found in numbers.items()},
        tuple(sorted(dates)),
        {t: tuple(sorted(s)) for t, s in sets.items()},
    )


def _cell_values(cell: object) -> list[object]:
    match cell:
        case OneOf(values):
            return [value for value in values if not isinstance(value, Duration)]
        case Range(low, _, high, _):
            return [bound for bound in (low, high) if bound is not None and not isinstance(bound, Duration)]
    return []


def _add_interval(dates: set[dt.date], interval: Interval) -> None:
    if interval.start is not None:
        dates.add(interval.start)
    if interval.end is not None and interval.end < dt.date.max:
        dates.add(interval.end)


def days(program: Program, interval: Interval) -> st.SearchStrategy[dt.date]:
    """Draw evaluation dates of an interval: the dates that the program names and the days beside them, then any."""
    low, high = interval.start or _FIRST, min(day for day in (interval.end, program.verified, _LAST) if day is not None)
    return _dates(harvest(program).dates, max(low, dt.date.min), max(low, high))


def records(
    program: Program, *, partial: bool = True, entity: str | None = None, read_by: Iterable[Expr] | None = None
) -> st.SearchStrategy[Raw]:
    """Draw raw records of an entity (the main one unless said), within declared bounds, with the data that the rules read.

    `read_by` narrows those to what some expressions read, by themselves or through definitions: a record is only as large as it must
    be. With `partial`, any of them may be absent (unknown) and optional ones known not to exist; otherwise each is given.
    """
    spec = program.entities[entity] if entity else program.main
    read = fields_read(program, program.expressions() if read_by is None else read_by)
    return _Builder(program, harvest(program), read, partial).entity(spec, "A", frozenset())


def fields_read(program: Program, roots: Iterable[Expr]) -> frozenset[tuple[str, str]]:
    """Return the data, as (entity, field), that expressions read, by themselves or through the definitions that they read."""
    read: set[tuple[str, str]] = set()
    seen: set[tuple[str, str]] = set()
    waiting = list(roots)
    while waiting:
        for part in subexpressions(waiting.pop()):
            if isinstance(part, Field) and isinstance(part.target.type, EntityType):
                read.add((part.target.type.name, part.name))
            elif isinstance(part, Answer) and (part.entity, part.name) not in seen:
                seen.add((part.entity, part.name))
                waiting.extend(program.definitions[part.entity, part.name].expressions())
    return frozenset(read)


@attrs.frozen
class _Builder:
    program: Program
    found: Harvest
    read: frozenset[tuple[str, str]]
    partial: bool

    def entity(self, spec: EntitySpec, name: str, without: frozenset[str]) -> st.SearchStrategy[Raw]:
        """Draw a record; `without` names entities that are not entered again, so that dossiers stay finite."""
        fields = {
            field.name: self._absence(field, self._field(spec, field, name, without))
            for index, field in enumerate(spec.fields.values())
            if index == 0 or ((spec.name, field.name) in self.read and not self._enters(field.type, without))
        }
        first = next(iter(spec.fields.values()))
        if first.type is Scalar.TEXT:
            fields[first.name] = st.just(name)
        return st.fixed_dictionaries(fields).map(lambda raw: {key: value for key, value in raw.items() if value is not None})

    @staticmethod
    def _enters(type_: Type, without: frozenset[str]) -> bool:
        return isinstance(type_, EntityType) and type_.name in without

    def _absence(self, field: FieldSpec, values: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
        if not self.partial:
            return values
        choices = [values, values, values, st.none()]
        return st.one_of(*choices, st.just("sans_objet")) if field.optional else st.one_of(*choices)

    def _field(self, owner: EntitySpec, field: FieldSpec, name: str, without: frozenset[str]) -> st.SearchStrategy[Any]:
        match field.type:
            case EntityType(entity):
                return self.entity(self.program.entities[entity], f"{name}-{field.name}", without | {owner.name}).flatmap(
                    lambda raw: self._among_its_own(self.program.entities[entity], raw, owner, name)
                )
            case ListType(EntityType(entity)):
                return self._elements(self.program.entities[entity], name, without | {owner.name})
            case ListType(item):
                return st.lists(self._scalar(item, field), max_size=_MAX_ELEMENTS)
            case SetType(item):
                return st.lists(self._scalar(item, field), max_size=_MAX_ELEMENTS, unique=True)
            case _:
                return self._scalar(field.type, field)

    def _elements(self, spec: EntitySpec, name: str, without: frozenset[str]) -> st.SearchStrategy[list[Raw]]:
        first = next(iter(spec.fields.values()))
        if first.type is Scalar.TEXT:
            counts = st.integers(0, _MAX_ELEMENTS - 1)
            return counts.flatmap(lambda n: st.tuples(*(self.entity(spec, f"{name}{i}", without) for i in range(n)))).map(list)
        keys: st.SearchStrategy[list[Any]] = st.lists(self._scalar(first.type, first), max_size=_MAX_ELEMENTS, unique=True)
        named = [[to_json(number, first.type) for number in numbers] for numbers in self.found.sets.get(first.type, ())]
        recent = [list(range(day.year - 2, day.year + 1)) for day in self.found.dates] if _counts_years(first) else []
        keys = st.one_of(*(st.sampled_from(whole) for whole in (named, recent) if whole), keys)
        return keys.flatmap(lambda drawn: st.tuples(*(self._keyed(spec, name, without, key) for key in drawn))).map(list)

    def _keyed(self, spec: EntitySpec, name: str, without: frozenset[str], key: object) -> st.SearchStrategy[Raw]:
        first = next(iter(spec.fields))
        return self.entity(spec, name, without).map(lambda raw: {**raw, first: key})

    def _among_its_own(self, spec: EntitySpec, raw: Raw, owner: EntitySpec, name: str) -> st.SearchStrategy[Raw]:
        """Put the record that a group belongs to among the group's members, as a dossier must."""
        for field in spec.fields.values():
            if field.type == ListType(EntityType(owner.name)) and isinstance(raw.get(field.name), list):
                return st.just({**raw, field.name: [name, *raw[field.name]]})
        return st.just(raw)

    def _scalar(self, type_: Type, field: FieldSpec) -> st.SearchStrategy[Any]:
        match type_:
            case EnumType(name):
                return st.sampled_from(list(self.program.enumerations[name].values))
            case Scalar.BOOLEAN:
                return st.booleans()
            case Scalar.TEXT:
                return st.sampled_from(["x", "y"])
            case Scalar.DATE:
                low, high = cast("dt.date | None", field.low), cast("dt.date | None", field.high)
                return _dates(self.found.dates, low or _FIRST, high or _LAST).map(dt.date.isoformat)
            case _ if type_ in _STEP:
                return self._number(type_, field).map(_as_raw(type_))
            case _:
                raise NotImplementedError(f"no strategy for a datum of type {type_}")

    def _number(self, type_: Type, field: FieldSpec) -> st.SearchStrategy[Number]:
        default_low, default_high = _DEFAULTS[type_]
        low = default_low if field.low is None else cast("Number", field.low)
        high = default_high if field.high is None else cast("Number", field.high)
        step = _STEP[type_]
        near = [value + delta for value in self.found.numbers.get(type_, ()) for delta in (0, step, -step)]
        choices = [value for value in dict.fromkeys([*_ROUND[type_], *near]) if low <= value <= high]
        steps = st.integers(0, int((min(high, max(default_high, low)) - low) / step)).map(lambda count: low + count * step)
        return st.one_of(st.sampled_from(choices), steps) if choices else steps


def _counts_years(field: FieldSpec) -> bool:
    """Tell whether a datum is a civil year, from its bounds: then the years that the rules name are worth drawing."""
    return field.type is Scalar.INTEGER and field.low is not None and field.high is not None and 1900 <= cast("int", field.low) < 2300


def _as_raw(type_: Type) -> Callable[[Number], Any]:
    return lambda value: to_json(cast("Constant", value), type_)


def _dates(found: tuple[dt.date, ...], low: dt.date, high: dt.date) -> st.SearchStrategy[dt.date]:
    near = [day + dt.timedelta(days=delta) for day in found for delta in (0, -1, 1) if dt.date.min < day < dt.date.max]
    choices = [day for day in dict.fromkeys(near) if low <= day <= high]
    anywhere = st.dates(low, high)
    return st.one_of(st.sampled_from(choices), anywhere) if choices else anywhere
