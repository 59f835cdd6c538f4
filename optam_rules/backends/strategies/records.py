"""From programs to strategies of raw records and cases: as a user would write them, so that a witness reads like one.

Records go through the same reader as a user's. Elements of lists and members of groups are whole records; a group's members hold the
practitioner whom the record is about.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice, product
from typing import Any, cast

import attrs
from hypothesis import strategies as st

from optam_rules.backends.strategies.agree import agree
from optam_rules.backends.strategies.harvest import Harvest, harvest, harvest_read
from optam_rules.backends.strategies.scalars import FIRST_DAY, LAST_DAY, Scalars, settle
from optam_rules.base.calendar import Interval
from optam_rules.base.numbers import Number
from optam_rules.core.case import Case
from optam_rules.core.ir import Expr, HypothesisRead, Lookup
from optam_rules.core.program import EntitySpec, FieldSpec, Program, ReferenceTable
from optam_rules.core.reach import fields_read, reachable
from optam_rules.core.types import EntityType, EnumType, ListType, Scalar, SetType, Type
from optam_rules.core.values import to_json
from optam_rules.core.words import Words, words_of

Raw = dict[str, Any]
_MAX_ELEMENTS = 3
_MAX_ROWS = 6  # rows drawn of a reference table


@attrs.frozen
class Asked:
    """What cases are drawn for: an expression of a program."""

    program: Program
    expr: Expr


def days(programs: Sequence[Program], interval: Interval, constants: Harvest | None = None) -> st.SearchStrategy[dt.date]:
    """Draw evaluation dates of an interval: the dates that the programs name and the days beside them, then any."""
    verified = (program.verified for program in programs)
    low, high = interval.start or FIRST_DAY, min(day for day in (interval.end, *verified, LAST_DAY) if day is not None)
    return Scalars({}, harvest(programs) if constants is None else constants).day(low, max(low, high))


def records(program: Program, *, partial: bool = True, entity: str | None = None, name: str = "A") -> st.SearchStrategy[Raw]:
    """Draw raw records of an entity (the main one unless said), within declared bounds, with the data that the rules read.

    With `partial`, any of them may be absent (unknown) and optional ones known not to exist; otherwise each is given, but for what a
    control of the vocabulary would refuse and zero does not mend. `name` is the identifiant, where the entity has one, and the beginning
    of those of the records inside.
    """
    spec = program.entities[entity] if entity else program.main
    builder = _Builder.of([program], fields_read(program, *program.expressions()), harvest([program]), partial=partial)
    drawn = st.tuples(builder.entity(spec, name, frozenset()), days([program], program.interval), builder.scalars.pools())
    return drawn.map(lambda parts: agree(builder.words, spec.name, cast("Raw", settle(*parts))))


def cases(
    asked: Sequence[Asked],
    entity: str,
    interval: Interval,
    *,
    day: dt.date | None = None,
    partial: bool = True,
    constants: Harvest | None = None,
) -> st.SearchStrategy[Case]:
    """Draw cases for questions about records of one entity, with the data that they read, by themselves or through definitions.

    Each has a day of the interval (or `day`), a reading of every open question, and rows of the reference tables for what the record
    holds. `constants` are drawn around instead of those of the programs.
    """
    programs = [question.program for question in asked]
    read = frozenset[tuple[str, str]]().union(*(fields_read(question.program, question.expr) for question in asked))
    found = harvest_read((question.program, question.expr) for question in asked) if constants is None else constants
    parts = [part for question in asked for part in reachable(question.program, question.expr)]
    builder = _Builder.of(programs, read, found, partial=partial).only(parts)
    raws = builder.entity(builder.words.entities[entity], "A", frozenset())
    on = st.just(day) if day is not None else days(programs, interval, found)
    readings = st.fixed_dictionaries({name: st.sampled_from(held) for name, held in builder.words.readings.items()})
    pools = builder.scalars.pools()

    @st.composite
    def one(draw: st.DrawFn) -> Case:
        chosen = draw(on)
        raw = agree(builder.words, entity, settle(draw(raws), chosen, draw(pools)))
        return Case(raw, chosen, draw(readings), builder.tables(draw, entity, raw))

    return one()


@attrs.frozen
class _Builder:
    words: Words
    scalars: Scalars
    read: frozenset[tuple[str, str]]
    partial: bool

    @classmethod
    def of(cls, programs: Sequence[Program], read: frozenset[tuple[str, str]], constants: Harvest, *, partial: bool) -> _Builder:
        words = words_of(programs)
        return cls(words, Scalars(words.enumerations, constants), read, partial)

    def only(self, parts: Iterable[Expr]) -> _Builder:
        """Keep the reference tables and the open questions that some expressions read."""
        held = list(parts)
        tables, asked = {part.table for part in held if isinstance(part, Lookup)}, {p.name for p in held if isinstance(p, HypothesisRead)}
        words = attrs.evolve(
            self.words,
            references={name: table for name, table in self.words.references.items() if name in tables},
            readings={name: readings for name, readings in self.words.readings.items() if name in asked},
        )
        return attrs.evolve(self, words=words)

    def entity(self, spec: EntitySpec, name: str, without: frozenset[str]) -> st.SearchStrategy[Raw]:
        """Draw a record; `without` names entities that are not entered again, so that dossiers stay finite."""
        fields = {
            field.name: self._absence(field, self._field(spec, field, name, without))
            for index, field in enumerate(spec.fields.values())
            if index == 0 or ((spec.name, field.name) in self.read and not _enters(field.type, without))
        }
        first = next(iter(spec.fields.values()))
        if first.type is Scalar.TEXT:
            fields[first.name] = st.just(name)
        return st.fixed_dictionaries(fields).map(lambda raw: {key: value for key, value in raw.items() if value is not None})

    def tables(self, draw: st.DrawFn, entity: str, raw: Raw) -> dict[str, dict[tuple[Any, ...], Any]]:
        """Draw rows of every reference table, for the keys that a record's own values make."""
        held: dict[Type, dict[Any, None]] = {}
        for type_, value in self._values(entity, raw):
            held.setdefault(type_, {})[value] = None
        return {name: self._rows(draw, table, held) for name, table in self.words.references.items()}

    def _rows(self, draw: st.DrawFn, table: ReferenceTable, held: Mapping[Type, dict[Any, None]]) -> dict[tuple[Any, ...], Any]:
        keys = islice(product(*(held.get(type_, ()) for _, type_ in table.keys)), _MAX_ROWS)
        values = self._given(table)
        rows = {key: draw(values) for key in keys}
        return {key: value for key, value in rows.items() if value is not None}

    def _given(self, table: ReferenceTable) -> st.SearchStrategy[Any]:
        field = FieldSpec(table.name, table.type, table.label, low=table.low, high=table.high)
        if table.low is None and table.type in (Scalar.RATE, Scalar.MONEY):
            field = attrs.evolve(field, low=0)
        value = self.scalars.key(field)
        return st.one_of(value, value, value, st.none()) if self.partial else value

    def _values(self, entity: str, raw: Raw) -> Iterator[tuple[Type, Any]]:
        """Yield the scalar values of a raw record and of those inside it, with their types."""
        for field in self.words.entities[entity].fields.values():
            value = raw.get(field.name)
            match field.type:
                case EntityType(other) if isinstance(value, dict):
                    yield from self._values(other, value)
                case ListType(EntityType(other)) if isinstance(value, list):
                    for item in value:
                        if isinstance(item, dict):
                            yield from self._values(other, item)
                case Scalar() | EnumType() if value not in (None, "sans_objet"):
                    yield field.type, value

    def _absence(self, field: FieldSpec, values: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
        if not self.partial:
            return values
        choices = [values, values, values, st.none()]
        return st.one_of(*choices, st.just("sans_objet")) if field.optional else st.one_of(*choices)

    def _field(self, owner: EntitySpec, field: FieldSpec, name: str, without: frozenset[str]) -> st.SearchStrategy[Any]:
        entities = self.words.entities
        match field.type:
            case EntityType(entity):
                inside = self.entity(entities[entity], f"{name}-{field.name}", without | {owner.name})
                return inside.map(lambda raw: _among_its_own(entities[entity], raw, owner, name))
            case ListType(EntityType(entity)):
                return self._elements(entities[entity], name, without | {owner.name})
            case ListType(item):
                return st.lists(self.scalars.value(item, field), max_size=_MAX_ELEMENTS)
            case SetType(item):
                return st.lists(self.scalars.key(attrs.evolve(field, type=item)), max_size=_MAX_ELEMENTS, unique=True)
            case _:
                return self.scalars.of_field(owner.name, field)

    def _elements(self, spec: EntitySpec, name: str, without: frozenset[str]) -> st.SearchStrategy[list[Raw]]:
        first = next(iter(spec.fields.values()))
        if first.type is Scalar.TEXT:
            counts = st.integers(0, _MAX_ELEMENTS - 1)
            return counts.flatmap(lambda n: st.tuples(*(self.entity(spec, f"{name}{i}", without) for i in range(n)))).map(list)
        keys: st.SearchStrategy[list[Any]] = st.lists(self.scalars.key(first), max_size=_MAX_ELEMENTS, unique=True)
        constants = self.scalars.constants
        sets = (numbers for numbers in constants.sets.get(first.type, ()) if _name_elements(first, numbers))
        named = [[to_json(number, first.type) for number in numbers] for numbers in sets]
        recent = [list(range(day.year - 2, day.year + 1)) for day in constants.dates] if _counts_years(first) else []
        keys = st.one_of(*(st.sampled_from(whole) for whole in (named, recent) if whole), keys)
        element = self.entity(spec, name, without)

        def keyed(key: object) -> st.SearchStrategy[Raw]:
            return element.map(lambda raw: {**raw, first.name: key})

        return keys.flatmap(lambda drawn: st.tuples(*(keyed(key) for key in drawn))).map(list)


def _name_elements(first: FieldSpec, numbers: Sequence[Number]) -> bool:
    """Tell whether numbers of the text can name the elements of a list: within bounds, none twice."""
    low, high = cast("Number | None", first.low), cast("Number | None", first.high)
    return len(set(numbers)) == len(numbers) and all((low is None or low <= n) and (high is None or n <= high) for n in numbers)


def _enters(type_: Type, without: frozenset[str]) -> bool:
    return isinstance(type_, EntityType) and type_.name in without


def _among_its_own(spec: EntitySpec, raw: Raw, owner: EntitySpec, name: str) -> Raw:
    """Put the record that a group belongs to among the group's members, as a dossier must."""
    for field in spec.fields.values():
        if field.type == ListType(EntityType(owner.name)) and isinstance(raw.get(field.name), list):
            return {**raw, field.name: [name, *raw[field.name]]}
    return raw


def _counts_years(field: FieldSpec) -> bool:
    """Tell whether a datum is a civil year, from its bounds: then the years that the rules name are worth drawing."""
    return field.type is Scalar.INTEGER and field.low is not None and field.high is not None and 1900 <= cast("int", field.low) < 2300
