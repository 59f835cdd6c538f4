"""A record whose data are variables, made as they are read, and the raw record that a model of them shows.

A record's text identifiant is a constant of its own, so that no two are one. Lists are bounded: their elements stand in order, each
there only where the one before is. A practitioner is a member of the group that he names; a group is that of each of its members.
"""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Callable, Collection, Mapping
from typing import Any, cast

import attrs
import z3

from optam_rules.backends.smt.dates import FIRST, LAST
from optam_rules.backends.smt.terms import Bool, Terms, UnencodableError
from optam_rules.backends.smt.value import Many, Sym, Values
from optam_rules.base.calendar import Duration
from optam_rules.base.numbers import Number, simplify
from optam_rules.core.ir import Constant
from optam_rules.core.program import Definition, EntitySpec, FieldSpec
from optam_rules.core.types import EntityType, EnumType, ListType, Scalar, SetType, Type
from optam_rules.core.values import to_json
from optam_rules.core.vocabulary import Link
from optam_rules.core.words import Words

_INTEGERS = frozenset({Scalar.INTEGER, Scalar.MONEY, Scalar.DATE, Scalar.TEXT, Scalar.DAYS, Scalar.MONTHS})


@attrs.define(eq=False)
class Thing:
    """A record: its entity, its identifiant, and the data read so far."""

    spec: EntitySpec
    name: str
    values: dict[str, Sym] = attrs.field(factory=dict)


@attrs.define(eq=False)
class World:
    """The records of one proof. `years` and `members` bound lists, `partial` lets data be unknown, `optional` lets them be sans objet."""

    values: Values
    words: Words
    links: Mapping[str, Link]
    years: int
    members: int
    partial: bool
    optional: bool
    plain: list[tuple[Type, Any]] = attrs.field(factory=list)  # numbers that a witness should show round
    lists: list[Many] = attrs.field(factory=list)
    things: list[Thing] = attrs.field(factory=list)
    _free: dict[tuple[int, str, str, int], Sym] = attrs.field(factory=dict)

    @property
    def terms(self) -> Terms:
        """The terms of the proof."""
        return self.values.terms

    def thing(self, entity: str, name: str) -> Thing:
        """Return a new record."""
        made = Thing(self.words.entities[entity], name)
        self.things.append(made)
        return made

    def field(self, thing: Thing, name: str) -> Sym:
        """Return a datum; one that the two programs do not share the type of is never given."""
        if name not in thing.values:
            spec = thing.spec.fields.get(name)
            thing.values[name] = self.values.always(unknown=True) if spec is None else self._new(thing, spec)
        return thing.values[name]

    def free(self, thing: Thing, definition: Definition, day: Any, never: Collection[str]) -> Sym | None:
        """Return any value that a definition may have on a record, the same whoever asks; `None` where its type has no variable.

        `never` names the statuses that it is known not to have.
        """
        type_ = definition.type
        if not isinstance(type_, Scalar | EnumType) or (isinstance(type_, EnumType) and type_.name not in self.words.enumerations):
            return None
        key = (id(thing), *definition.key, self.terms.key(day))
        if key not in self._free:
            path = f"{thing.name}.{definition.name}"
            content = self.scalar(type_, FieldSpec(definition.name, type_, ""), path, dated=False)
            self._free[key] = Sym(*self._statuses(path, never), content)
        return self._free[key]

    def _statuses(self, path: str, never: Collection[str]) -> tuple[Bool, Bool, Bool, Bool]:
        """Return whether a value is unknown, a conflict, an error or sans objet: one of them at most, and none that `never` names."""
        unknown, conflict, error, absent = (
            self.terms.boolean(False) if name in never else self.terms.new_boolean(f"{path}:{name}")
            for name in ("unknown", "conflict", "error", "absent")
        )
        self.terms.require(z3.AtMost(unknown, conflict, error, absent, 1))
        return unknown, conflict, error, absent

    # --- making data ------------------------------------------------------------------------------------------------------------

    def _new(self, thing: Thing, spec: FieldSpec) -> Sym:
        terms = self.terms
        path = f"{thing.name}.{spec.name}"
        identifying = spec is next(iter(thing.spec.fields.values())) and spec.type is Scalar.TEXT
        if identifying:
            return self.values.known(terms.constant(thing.name))
        unknown = terms.new_boolean(f"{path}?") if self.partial else terms.boolean(False)
        absent = terms.new_boolean(f"{path} sans objet") if spec.optional and self.optional else terms.boolean(False)
        if not terms.is_false(unknown) and not terms.is_false(absent):
            terms.require(z3.Not(z3.And(unknown, absent)))
        no = terms.boolean(False)
        return Sym(unknown, no, no, absent, self._content(thing, spec, path))

    def _content(self, thing: Thing, spec: FieldSpec, path: str) -> Any:
        match spec.type:
            case EntityType(entity):
                return self._single(thing, spec, entity)
            case ListType(EntityType(entity)):
                return self._elements(thing, spec, entity)
            case ListType(item):
                return self._bounded(self.years, lambda index: self.scalar(item, spec, f"{path}[{index}]"))
            case SetType(EnumType(name)):
                held = [(terms_value, self.terms.new_boolean(f"{path}:{terms_value}")) for terms_value in self.words.enumerations[name]]
                return Many(tuple((there, self.terms.constant(value)) for value, there in held))
            case SetType(item):
                many = self._bounded(self.years, lambda index: self.scalar(item, spec, f"{path}[{index}]"))
                self._distinct([there for there, _ in many.items], [item for _, item in many.items])
                return many
            case _:
                return self.scalar(spec.type, spec, path)

    def _single(self, thing: Thing, spec: FieldSpec, entity: str) -> Thing:
        child = self.thing(entity, f"{thing.name}-{spec.name}")
        link = self.links.get(thing.spec.name)
        if link is not None and link.field == spec.name:
            others = self._members(thing.spec.name, child, link, self.members - 1)
            child.values[link.items] = self._several(child, link.items, Many(((self.terms.boolean(True), thing), *others.items)))
        return child

    def _elements(self, thing: Thing, spec: FieldSpec, entity: str) -> Many:
        link = self.links.get(entity)
        if link is not None and (link.whole, link.items) == (thing.spec.name, spec.name):
            return self._members(entity, thing, link, self.members)
        first = next(iter(self.words.entities[entity].fields.values()))
        named = first.type is Scalar.TEXT
        many = self._bounded(self.members if named else self.years, lambda index: self.thing(entity, f"{thing.name}{index}"))
        if not named:
            keys = [self.field(item, first.name) for _, item in many.items]
            there = [self.terms.every([there, self.values.is_known(key)]) for (there, _), key in zip(many.items, keys, strict=True)]
            self._distinct(there, [key.content for key in keys])
        return many

    def _members(self, entity: str, whole: Thing, link: Link, count: int) -> Many:
        def member(index: int) -> Thing:
            made = self.thing(entity, f"{whole.name}{index}")
            made.values[link.field] = self.values.known(whole)
            return made

        return self._bounded(count, member)

    def _several(self, owner: Thing, name: str, many: Many) -> Sym:
        """Return a list that is known unless data may be unknown."""
        terms = self.terms
        no = terms.boolean(False)
        unknown = terms.new_boolean(f"{owner.name}.{name}?") if self.partial else no
        return Sym(unknown, no, no, no, many)

    def _bounded(self, count: int, make: Callable[[int], Any]) -> Many:
        terms = self.terms
        there = [terms.new_boolean(f"élément {index}") for index in range(count)]
        for before, after in itertools.pairwise(there):
            terms.require(z3.Implies(after, before))
        many = Many(tuple((condition, make(index)) for index, condition in enumerate(there)))
        self.lists.append(many)
        return many

    def _distinct(self, there: list[Bool], keys: list[Any]) -> None:
        for index, key in enumerate(keys):
            for other in range(index):
                self.terms.require(z3.Implies(z3.And(there[index], there[other]), key != keys[other]))

    def scalar(self, type_: Type, spec: FieldSpec, path: str, *, dated: bool = True) -> Any:
        """Return a variable of a scalar type within the bounds of its datum; a date within the years encoded where `dated`."""
        terms = self.terms
        if type_ is Scalar.BOOLEAN:
            return terms.new_boolean(path)
        if isinstance(type_, EnumType):
            return self.one_of(self.words.enumerations[type_.name], path)
        if type_ not in _INTEGERS and type_ not in (Scalar.RATE, Scalar.POINTS):
            raise UnencodableError(f"une donnée de type {type_}", f"a datum of type {type_}")
        variable = terms.new_integer(path) if type_ in _INTEGERS else terms.new_real(path)
        low, high = (FIRST, LAST) if type_ is Scalar.DATE and dated else (0, None) if type_ is Scalar.TEXT else (None, None)
        for bound, side in ((low, 0), (high, 1), (spec.low, 0), (spec.high, 1)):
            if bound is not None:
                limit = terms.constant(cast("Any", bound))
                terms.require(variable >= limit if side == 0 else variable <= limit)
        self.plain.append((type_, variable))
        return variable

    def one_of(self, values: tuple[str, ...], path: str) -> Any:
        """Return a variable that is one of some words."""
        terms = self.terms
        numbers = [terms.word(value) for value in values]
        variable = terms.new_integer(path)
        if numbers == list(range(numbers[0], numbers[0] + len(numbers))):
            terms.require(z3.And(variable >= numbers[0], variable <= numbers[-1]))
        else:
            terms.require(z3.Or(*(variable == number for number in numbers)))
        return variable


@attrs.define(eq=False)
class Reader:
    """Reads a model back into raw values. `exact` is false once a number could only be approached."""

    terms: Terms
    model: Any
    words: Words
    exact: bool = True
    _written: set[int] = attrs.field(factory=set)

    def record(self, thing: Thing, enclosing: Thing | None = None) -> dict[str, Any]:
        """Return the raw form of a record: the data that were read, and its identifiant."""
        self._written.add(id(thing))
        first = next(iter(thing.spec.fields.values()))
        raw: dict[str, Any] = {first.name: thing.name} if first.type is Scalar.TEXT else {}
        for name, value in thing.values.items():
            spec = thing.spec.fields.get(name)
            if spec is None or (first.name == name and first.type is Scalar.TEXT) or value.content is enclosing or self.true(value.unknown):
                continue
            raw[name] = "sans_objet" if self.true(value.absent) else self._form(thing, spec, value.content)
        return raw

    def true(self, condition: Bool) -> bool:
        """Tell whether the model makes a condition true."""
        return self.terms.is_true(self.model.eval(condition, model_completion=True))

    def number(self, term: Any) -> Number:
        """Return the number that the model gives to a term."""
        found = self.model.eval(term, model_completion=True)
        value = self.terms.value_of(found)
        if value is None:
            self.exact = False
            value = simplify(found.approx(20).as_fraction()) if z3.is_algebraic_value(found) else 0
        return value

    def form(self, type_: Type, term: Any) -> Any:
        """Return the raw form of a scalar."""
        match type_:
            case Scalar.BOOLEAN:
                return self.true(term)
            case Scalar.TEXT | EnumType():
                return self.terms.text(int(self.number(term)))
            case _:
                return to_json(self.constant(type_, term), type_)

    def constant(self, type_: Type, term: Any) -> Constant:
        """Return the number of a scalar as a constant of its type."""
        number = self.number(term)
        match type_:
            case Scalar.DATE:
                return dt.date.fromordinal(int(number))
            case Scalar.DAYS | Scalar.MONTHS:
                return Duration(int(number), "jours" if type_ is Scalar.DAYS else "mois")
            case _:
                return number

    def _form(self, owner: Thing, spec: FieldSpec, content: Any) -> Any:
        match spec.type:
            case EntityType():
                return self._once(content, None)
            case ListType(EntityType()):
                return [self._once(item, owner) for there, item in content.items if self.true(there)]
            case ListType(item) | SetType(item):
                return [self.form(item, term) for there, term in content.items if self.true(there)]
            case _:
                return self.form(spec.type, content)

    def _once(self, thing: Thing, enclosing: Thing | None) -> Any:
        return thing.name if id(thing) in self._written else self.record(thing, enclosing)
