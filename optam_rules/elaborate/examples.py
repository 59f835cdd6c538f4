"""From the tests of a pack to raw records as users write them, and to the answers expected of them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from typing import cast

import attrs

from optam_rules.base.calendar import Duration
from optam_rules.base.numbers import Number
from optam_rules.base.phrases import Phrase, joined, write
from optam_rules.base.source import Position
from optam_rules.core.ir import Constant
from optam_rules.core.program import EntitySpec, Expectation, FieldSpec, TestCase
from optam_rules.core.types import EntityType, ListType, Scalar, Type
from optam_rules.core.values import to_json
from optam_rules.elaborate.bodies import whole_cents
from optam_rules.elaborate.check import constant_context, lookup_keys
from optam_rules.elaborate.context import Context
from optam_rules.elaborate.faults import AND, snippet, word_at
from optam_rules.elaborate.items import Items, Placed
from optam_rules.elaborate.lower import constant_value, provenance
from optam_rules.elaborate.names import Kind, Meaning, Names, resolve_entity
from optam_rules.elaborate.show import show
from optam_rules.syntax.abstract import (
    Assignment,
    CollectionExpr,
    ExpectedExpr,
    ExpectedKind,
    Expression,
    LiteralExpr,
    LiteralKind,
    NotApplicableExpr,
    RecordExpr,
    TestDecl,
    UnknownExpr,
)

NOT_APPLICABLE = "sans_objet"

_STATUSES = {
    ExpectedKind.VALUE: "known",
    ExpectedKind.UNKNOWN: "unknown",
    ExpectedKind.NOT_APPLICABLE: "not_applicable",
    ExpectedKind.CONFLICT: "conflict",
    ExpectedKind.ERROR: "error",
}


@attrs.frozen
class _Raw:
    """A raw value; a faulty one is `None` instead."""

    value: object


def lower_tests(names: Names, items: Items, entities: Mapping[str, EntitySpec]) -> tuple[TestCase, ...]:
    """Return the tests, but for those that a parent wrote about a main entity of its own; without one there is nothing to test."""
    if names.main is None:
        return ()
    writer = _Writer(names, entities, constant_context(names), names.main)
    return tuple(
        writer.test(placed) for placed in items.tests if resolve_entity(names, None, placed.item.position, own=placed.own) == names.main
    )


@attrs.frozen
class _Writer:
    names: Names
    entities: Mapping[str, EntitySpec]
    constants: Context
    main: str

    def test(self, placed: Placed[TestDecl]) -> TestCase:
        item = placed.item
        return TestCase(
            item.title,
            item.on,
            self._assume(item),
            self._record(self.main, item.given),
            self._references(item),
            tuple(found for each in item.expected if (found := self._expectation(each)) is not None),
            provenance(item.clauses, placed.unit, item.position, self.names.faults),
            item.known_on,
        )

    def _assume(self, item: TestDecl) -> dict[str, str]:
        chosen: dict[str, str] = {}
        for name, reading, position in item.assume:
            meaning = self.names.shared.get(name)
            if meaning is None or meaning.kind is not Kind.HYPOTHESIS:
                if name not in self.names.broken:
                    known = (m.name for m in self.names.shared.values() if m.kind is Kind.HYPOTHESIS)
                    self.names.faults.tell("E224", word_at(position, name), name=name, hint=self.names.faults.meant(name, known))
                continue
            self.names.use(meaning)
            self.names.used.add((name, reading))
            readings = self.names.domains[name]
            if reading not in readings:
                hint = self.names.faults.meant(reading, readings)
                self.names.faults.tell(
                    "E206", word_at(position, reading), name=reading, enumeration=name, hint=hint, expected=readings[:12]
                )
            self._once(chosen, name, reading, position)
        return chosen

    def _once(self, given: dict[str, str], name: str, value: str, position: Position) -> None:
        if name in given:
            self.names.faults.tell("E230", word_at(position, name), name=name)
        given[name] = value

    # --- records ----------------------------------------------------------------------------------------------------------------

    def _record(self, entity: str, given: tuple[Assignment, ...]) -> dict[str, object]:
        """Return the raw record of an entity; a dotted name fills the record that a datum holds."""
        record: dict[str, object] = {}
        for assignment in given:
            owner, inside = entity, record
            *path, last = assignment.name.split(".")
            for part in path:
                field = self._field(owner, part, assignment.position)
                if field is None:
                    break
                if not isinstance(field.type, EntityType):
                    self.names.faults.tell("E305", word_at(assignment.position, part), name=last, text=part, found=field.type)
                    break
                held = inside.setdefault(part, {})
                if not isinstance(held, dict):
                    self.names.faults.tell("E230", word_at(assignment.position, part), name=part)
                    break
                owner, inside = field.type.name, held
            else:
                self._assign(owner, last, assignment, inside)
        return record

    def _assign(self, owner: str, name: str, assignment: Assignment, inside: dict[str, object]) -> None:
        field = self._field(owner, name, assignment.position)
        if field is None:
            return
        raw = self._value(assignment.value, field.type, field)
        if name in inside:
            self.names.faults.tell("E230", word_at(assignment.position, assignment.name), name=assignment.name)
        elif raw is not None:
            inside[name] = raw.value

    def _field(self, entity: str, name: str, position: Position) -> FieldSpec | None:
        spec = self.entities.get(entity)
        if spec is not None and name in spec.fields:
            return spec.fields[name]
        meaning = self.names.members.get(entity, {}).get(name)
        if meaning is not None and meaning.kind is not Kind.DATUM:
            self.names.faults.tell("E225", word_at(position, name), name=name, kind=meaning.kind.phrase)
        elif meaning is None and name not in self.names.broken:
            hint = self.names.faults.meant(name, spec.fields if spec is not None else ())
            self.names.faults.tell("E226", word_at(position, name), entity=entity, name=name, hint=hint)
        return None

    def _value(self, written: Expression, type_: Type, field: FieldSpec | None) -> _Raw | None:
        """Return a raw value; `field` is the datum it is given to, `None` for the elements of a list."""
        match written, type_:
            case UnknownExpr(), _ if field is not None:
                return _Raw(None)
            case NotApplicableExpr(), _ if field is not None:
                if field.optional:
                    return _Raw(NOT_APPLICABLE)
                self.names.faults.tell("E324", written.position, name=field.name)
                return None
            case RecordExpr(entity, given), EntityType(name) if entity == name:
                return _Raw(self._record(entity, given))
            case LiteralExpr(LiteralKind.TEXT, str() as identifier), EntityType(name) if self._is_identified(name):
                return _Raw(identifier)
            case CollectionExpr(parts), ListType(EntityType() as item):
                found = [self._value(part, item, None) for part in parts]
                return _Raw([raw.value for raw in found if raw is not None]) if None not in found else None
            case _, EntityType() | ListType(EntityType()):
                one = f"{type_.item}(…)" if isinstance(type_, ListType) else f"{type_}(…)"
                hint = write(f"{{ {one} ; … }}" if isinstance(type_, ListType) else one)
                self.names.faults.tell("E232", written.position, text=snippet(written.position), wanted=type_, hint=hint)
                return None
        value = self._constant(written, type_)
        if value is None or (field is not None and not self._within(field, value, written)):
            return None
        return _Raw(to_json(value, type_))

    def _is_identified(self, entity: str) -> bool:
        """Tell whether records of an entity may be given by their identifiant."""
        spec = self.entities.get(entity)
        first = next(iter(spec.fields.values()), None) if spec is not None else None
        return first is not None and first.type is Scalar.TEXT

    def _constant(self, written: Expression, type_: Type) -> Constant | None:
        expr = self.constants.expect(written, type_)
        value = constant_value(self.names, expr, written)
        return value if value is not None and whole_cents(self.constants, expr) is not None else None

    def _within(self, field: FieldSpec, value: Constant, written: Expression) -> bool:
        if isinstance(value, bool | str | tuple | frozenset | Duration):
            return True
        low, high = field.low, field.high
        if (low is None or _at_most(low, value)) and (high is None or _at_most(value, high)):
            return True
        bounds = joined(AND, (show(bound, field.type) for bound in (low, high) if bound is not None))
        self.names.faults.tell("E325", written.position, name=field.name, value=show(value, field.type), bounds=bounds)
        return False

    # --- reference tables and expectations --------------------------------------------------------------------------------------

    def _references(self, item: TestDecl) -> dict[str, dict[object, object]]:
        tables: dict[str, dict[object, object]] = {}
        for lookup, written in item.lookups:
            meaning = self.names.shared.get(lookup.name)
            if meaning is None or meaning.kind is not Kind.REFERENCE:
                if lookup.name not in self.names.broken:
                    hint = self.names.faults.meant(lookup.name, self.names.keys)
                    self.names.faults.tell("E207", lookup.position, name=lookup.name, hint=hint)
                continue
            self.names.use(meaning)
            keys = lookup_keys(self.constants, lookup)
            values = [constant_value(self.names, key, part) for key, part in zip(keys or (), lookup.keys, strict=False)]
            value = None if isinstance(written, UnknownExpr) or meaning.type is None else self._constant(written, meaning.type)
            if keys is None or None in values:
                continue
            raw = tuple(to_json(cast("Constant", part), key.type) for part, key in zip(values, keys, strict=True))
            rows = tables.setdefault(lookup.name, {})
            if raw in rows:
                self.names.faults.tell("E230", lookup.position, name=snippet(lookup.position))
            if value is not None and meaning.type is not None:
                rows[raw] = to_json(value, meaning.type)
        return tables

    def _expectation(self, expected: ExpectedExpr) -> Expectation | None:
        meaning = self._answer(expected)
        if meaning is None or meaning.type is None:
            return None
        value: Constant | None = None
        if expected.kind is ExpectedKind.VALUE and expected.value is not None:
            value = self._constant(expected.value, meaning.type)
            if value is None:
                return None
        raw = to_json(value, meaning.type) if value is not None else None
        return Expectation(expected.path, _STATUSES[expected.kind], raw, expected.position)

    def _answer(self, expected: ExpectedExpr) -> Meaning | None:
        """Return the definition that a path names: of the main entity, or of an entity that one of its data is."""
        first, _, rest = expected.path.partition(".")
        entity, name = self.main, first
        held = self.names.members[self.main].get(first)
        if rest and held is not None and held.kind is Kind.DATUM:
            if held.type is None:
                return None
            if isinstance(held.type, EntityType) and held.type.name != self.main:
                entity, name = held.type.name, rest
        meaning = self.names.members[entity].get(name)
        if meaning is not None and meaning.kind is not Kind.DATUM and "." not in rest and (entity != self.main or not rest):
            self.names.used.add((entity, name))
            return meaning
        if not {first, name} & self.names.broken:
            given = Phrase(f"`{name}` est une donnée : donnez-la après `sachant`", f"`{name}` is an input: give it after `sachant`")
            hint = given if meaning is not None else self._near(expected.path)
            self.names.faults.tell("E231", word_at(expected.position, expected.path), answer=expected.path, hint=hint)
        return None

    def _near(self, path: str) -> Phrase | None:
        return self.names.faults.meant(path, self._answers())

    def _answers(self) -> Iterator[str]:
        """Yield the paths of all answers."""
        yield from (name for entity, name in self.names.definers if entity == self.main)
        for held in self.names.members[self.main].values():
            if held.kind is Kind.DATUM and isinstance(held.type, EntityType):
                yield from (f"{held.name}.{name}" for entity, name in self.names.definers if entity == held.type.name)


def _at_most(low: Number | dt.date, high: Number | dt.date) -> bool:
    if isinstance(low, dt.date) or isinstance(high, dt.date):
        return isinstance(low, dt.date) and isinstance(high, dt.date) and low <= high
    return low <= high
