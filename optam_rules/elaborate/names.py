"""From the items of a program to its names: what each one means and which type it has, every clash and unknown type told.

One namespace holds entities, enumerations, parameters, reference tables and hypotheses; each entity has its own, of data and definitions;
exceptions have a third. Reads no expression.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from enum import Enum
from itertools import chain
from types import MappingProxyType

import attrs

from optam_rules.base.phrases import Phrase, Word, filled, write
from optam_rules.base.source import Position
from optam_rules.core.types import EntityType, EnumType, ListType, Scalar, SetType, Type
from optam_rules.elaborate.faults import OR, Faults, holds, listed, word_at
from optam_rules.elaborate.items import Definer, Items, Placed
from optam_rules.syntax.abstract import EntityDecl, ListOf, ParameterDecl, SetOf, TableDecl, TypeExpr, TypeName


class Kind(Enum):
    """What a name stands for; the value is how messages call it."""

    ENTITY = "une entité"
    ENUMERATION = "une énumération"
    PARAMETER = "un paramètre"
    REFERENCE = "un référentiel"
    HYPOTHESIS = "une hypothèse"
    DATUM = "une donnée"
    RULE = "une règle"
    TABLE = "une table"

    @property
    def phrase(self) -> Phrase:
        """What messages call it, in both languages."""
        return Phrase(self.value, _ENGLISH[self.value])


_ENGLISH = {
    "une entité": "an entity",
    "une énumération": "an enumeration",
    "un paramètre": "a parameter",
    "un référentiel": "a reference table",
    "une hypothèse": "an assumption",
    "une donnée": "an input",
    "une règle": "a rule",
    "une table": "a table",
}


def is_there(name: str, kind: Kind) -> Phrase:
    """Say what a name is at a place already met."""
    return filled("`{name}` y est {kind}", "`{name}` is {kind} there", name=name, kind=kind.phrase)


def _is(name: str, kind: Kind) -> Phrase:
    return filled("`{name}` est {kind}", "`{name}` is {kind}", name=name, kind=kind.phrase)


OTHER_VERSION = Phrase("l'autre version", "the other version")


@attrs.frozen
class Meaning:
    """What a name stands for. `type` is `None` where its declaration is faulty or disputed: its uses are then silent."""

    kind: Kind
    name: str
    type: Type | None
    position: Position


@attrs.define
class Names:
    """Every name of a program, and which of them were used."""

    faults: Faults
    broken: set[str]  # names whose declaration is faulty in a way that leaves nothing to check their uses against
    main: str | None = None
    # What an inherited definition that names no entity is about: the main entity of its own pack, else the vocabulary's.
    mains: dict[str, str] = attrs.field(factory=dict)
    inherited_main: str | None = None
    shared: dict[str, Meaning] = attrs.field(factory=dict)
    members: dict[str, dict[str, Meaning]] = attrs.field(factory=dict)
    # Enumeration or hypothesis -> its values in order; value -> where it stands.
    domains: dict[str, tuple[str, ...]] = attrs.field(factory=dict)
    homes: dict[str, list[str]] = attrs.field(factory=dict)
    # Declarations that stand, those of one name being versions of one thing.
    parameters: dict[str, list[Placed[ParameterDecl]]] = attrs.field(factory=dict)
    definers: dict[tuple[str, str], list[Placed[Definer]]] = attrs.field(factory=dict)
    owners: dict[str, list[str]] = attrs.field(factory=dict)
    keys: dict[str, tuple[tuple[str, Type | None], ...]] = attrs.field(factory=dict)
    # Values of enumerations as (enumeration, value), definitions as (entity, name), everything else as (kind, name).
    used: set[tuple[str, str]] = attrs.field(factory=set)
    # Unknown names already told, with the definition that reads them: once in each is enough.
    told: set[tuple[str, str]] = attrs.field(factory=set)

    def is_value(self, type_: Type | None, name: str) -> bool:
        """Tell whether `name` is a value of the enumeration or hypothesis `type_`."""
        return isinstance(type_, EnumType) and type_.name in self.homes.get(name, ())

    def use(self, meaning: Meaning, entity: str | None = None) -> None:
        """Note that something reads a name."""
        self.used.add((entity if entity is not None else meaning.kind.value, meaning.name))

    def stands(self, kind: Kind, name: str, position: Position) -> bool:
        """Tell whether it is the declaration at a position that gives a shared name its meaning."""
        meaning = self.shared.get(name)
        return meaning is not None and meaning.kind is kind and holds(position, meaning.position)


def collect_names(items: Items, faults: Faults, folders: Mapping[str, str] = MappingProxyType({})) -> Names:
    """Declare every name of the items; `folders` maps the folder of an amending pack to that of the pack it amends."""
    names = Names(faults, set(items.broken))
    _declare_kinds(names, items)
    _find_main(names, items)
    for amending, amended in folders.items():
        if amended in names.mains:
            names.mains.setdefault(amending, names.mains[amended])
    _declare_parameters(names, items)
    _declare_references(names, items)
    _declare_data(names, items)
    _declare_definitions(names, items)
    _tell_own_values(names)
    return names


def resolve_type(names: Names, type_: TypeExpr) -> Type | None:
    """Return the type that is written, or `None` with a diagnostic where a name in it is none."""
    match type_:
        case TypeName():
            return _named_type(names, type_)
        case ListOf(item):
            inner = _named_type(names, item)
            return ListType(inner) if inner is not None else None
        case SetOf(item):
            inner = _named_type(names, item)
            if isinstance(inner, EntityType):
                names.faults.tell("E317", type_.position, type=inner, place=Phrase("un ensemble", "a set"), hint=write(f"liste de {inner}"))
                return None
            return SetType(inner) if inner is not None else None


_SCALARS = MappingProxyType({scalar.value: scalar for scalar in Scalar})


def _named_type(names: Names, written: TypeName) -> Type | None:
    if written.name in _SCALARS:
        return _SCALARS[written.name]
    meaning = names.shared.get(written.name)
    if meaning is not None and meaning.kind in (Kind.ENTITY, Kind.ENUMERATION):
        return meaning.type
    if written.name in names.broken:
        return None
    known = chain(_SCALARS, (m.name for m in names.shared.values() if m.kind in (Kind.ENTITY, Kind.ENUMERATION)))
    hint = _is(written.name, meaning.kind) if meaning is not None else names.faults.meant(written.name, known)
    names.faults.tell("E204", written.position, name=written.name, hint=hint)
    return None


# --- shared names --------------------------------------------------------------------------------------------------------------


def _declare_kinds(names: Names, items: Items) -> None:
    """Declare the names that need no type: entities, enumerations, hypotheses; parameters and tables keep their places among them."""
    waiting: list[tuple[bool, Kind, str, Position, list[tuple[str, Position]]]] = []
    for entity in items.entities:
        head = entity.item.declaration
        waiting.append((entity.own, Kind.ENTITY, head.name, head.position, []))
    for enumeration in items.enumerations:
        declared = enumeration.item
        values = [(value.name, value.position) for value in declared.values]
        waiting.append((enumeration.own, Kind.ENUMERATION, declared.name, declared.position, values))
    for hypothesis in items.hypotheses:
        question = hypothesis.item
        readings = [(reading, word_at(question.position, reading)) for reading in question.readings]
        waiting.append((hypothesis.own, Kind.HYPOTHESIS, question.name, question.position, readings))
    for parameter in items.parameters:
        waiting.append((parameter.own, Kind.PARAMETER, parameter.item.name, parameter.item.position, []))
    for reference in items.references:
        waiting.append((reference.own, Kind.REFERENCE, reference.item.name, reference.item.position, []))
    for _, kind, name, position, values in sorted(waiting, key=lambda each: (each[0], each[3].file, each[3].start)):
        _declare(names, kind, name, position, values)


def _declare(names: Names, kind: Kind, name: str, position: Position, values: Sequence[tuple[str, Position]]) -> None:
    """Declare a shared name; of two declarations the first stands, but nothing is checked against it."""
    place = word_at(position, name)
    before = names.shared.get(name)
    if before is not None:
        if kind is not Kind.PARAMETER or before.kind is not Kind.PARAMETER:
            _clash(names, name, before, place)
            names.broken.update(value for value, _ in values)
            if before.kind is not Kind.ENTITY or kind is not Kind.ENTITY:
                names.shared[name] = attrs.evolve(before, type=None)
                names.broken.add(name)
        return
    type_: Type | None = None
    if kind is Kind.ENTITY:
        type_ = EntityType(name)
        names.members[name] = {}
    elif kind in (Kind.ENUMERATION, Kind.HYPOTHESIS):
        type_ = EnumType(name)
        _declare_values(names, name, values)
    names.shared[name] = Meaning(kind, name, type_, place)


def _clash(names: Names, name: str, before: Meaning, position: Position) -> None:
    related = [(before.position, is_there(name, before.kind))]
    names.faults.tell("E202", position, name=name, related=related)


def _declare_values(names: Names, home: str, values: Sequence[tuple[str, Position]]) -> None:
    seen: dict[str, Position] = {}
    for value, position in values:
        if value in seen:
            there = Phrase(f"première valeur `{value}` de `{home}`", f"first value `{value}` of `{home}`")
            names.faults.tell("E202", position, name=value, related=[(seen[value], there)])
            continue
        seen[value] = position
        names.homes.setdefault(value, []).append(home)
    names.domains[home] = tuple(seen)


def _declare_parameters(names: Names, items: Items) -> None:
    for placed in items.parameters:
        declaration = placed.item
        type_ = resolve_type(names, declaration.type)
        if _holds_entity(type_):
            names.faults.tell("E317", declaration.type.position, type=type_, place=Phrase("un paramètre", "a parameter"))
            type_ = None
        meaning = names.shared[declaration.name]
        if meaning.kind is not Kind.PARAMETER:
            continue
        versions = names.parameters.setdefault(declaration.name, [])
        if not versions and declaration.name not in names.broken:
            names.shared[declaration.name] = attrs.evolve(meaning, type=type_)
        elif versions and type_ is not None and meaning.type is not None and meaning.type != type_:
            found, other = (Phrase(f"de type `{each}`", f"of type `{each}`") for each in (type_, meaning.type))
            related = [(meaning.position, OTHER_VERSION)]
            names.faults.tell("E222", declaration.type.position, name=declaration.name, found=found, other=other, related=related)
            names.shared[declaration.name] = attrs.evolve(meaning, type=None)
            continue
        versions.append(placed)


def _declare_references(names: Names, items: Items) -> None:
    for placed in items.references:
        declaration = placed.item
        type_ = resolve_type(names, declaration.type)
        if _holds_entity(type_):
            names.faults.tell("E317", declaration.type.position, type=type_, place=Phrase("un référentiel", "a reference table"))
            type_ = None
        keys: dict[str, Type | None] = {}
        for name, written in declaration.keys:
            key = resolve_type(names, written)
            if isinstance(key, EntityType | ListType | SetType):
                names.faults.tell("E317", written.position, type=key, place=Phrase("une clé de référentiel", "a key of a reference table"))
                key = None
            if name in keys:
                place, same = word_at(declaration.position, name), Phrase("une autre clé a ce nom", "another key has this name")
                names.faults.tell("E202", written.position, name=name, related=[(place, same)])
            keys[name] = key
        if names.stands(Kind.REFERENCE, declaration.name, declaration.position):
            names.shared[declaration.name] = attrs.evolve(names.shared[declaration.name], type=type_)
            names.keys[declaration.name] = tuple(keys.items())


def _holds_entity(type_: Type | None) -> bool:
    return isinstance(type_, EntityType) or (isinstance(type_, ListType) and isinstance(type_.item, EntityType))


# --- entities: data and definitions --------------------------------------------------------------------------------------------


def _find_main(names: Names, items: Items) -> None:
    """Find the main entity of each pack that declares one; the pack's own, else its nearest ancestor's, is what a record describes."""
    first: dict[str, EntityDecl] = {}
    for placed in sorted(items.entities, key=lambda each: each.own):
        head = placed.item.declaration
        if not head.main:
            continue
        before = first.setdefault(_pack_of(head.position, own=placed.own), head)
        if before is not head:
            related = [(word_at(before.position, before.name), Phrase(f"`{before.name}` l'est déjà", f"`{before.name}` already is"))]
            names.faults.tell("E210", word_at(head.position, head.name), name=head.name, related=related)
    for pack, head in first.items():
        if head.name in names.members:
            names.main = names.mains[pack] = head.name
            names.inherited_main = names.inherited_main or names.main


def _pack_of(position: Position, *, own: bool) -> str:
    """Tell packs apart by the folder that opens the names of their files; the pack's own files need none."""
    return "" if own else position.file.partition("/")[0]


def _declare_data(names: Names, items: Items) -> None:
    for placed in items.entities:
        entity = placed.item.declaration.name
        for field in placed.item.fields:
            type_ = resolve_type(names, field.type)
            if entity in names.members:
                _declare_member(names, entity, Meaning(Kind.DATUM, field.name, type_, word_at(field.position, field.name)))


def _declare_member(names: Names, entity: str, meaning: Meaning) -> bool:
    """Declare a datum or definition; of two the first stands, but nothing is checked against it."""
    members = names.members[entity]
    before = members.get(meaning.name)
    shared = names.shared.get(meaning.name)
    if before is not None:
        members[meaning.name] = attrs.evolve(before, type=None)
    elif shared is not None and shared.kind in (Kind.PARAMETER, Kind.REFERENCE, Kind.HYPOTHESIS):
        before = shared
        members[meaning.name] = attrs.evolve(meaning, type=None)
    if before is not None:
        _clash(names, meaning.name, before, meaning.position)
        return False
    members[meaning.name] = meaning
    return True


def _declare_definitions(names: Names, items: Items) -> None:
    for placed in items.definers:
        declaration = placed.item
        entity = resolve_entity(names, declaration.entity, declaration.position, own=placed.own)
        type_ = resolve_type(names, declaration.type)
        if _holds_entity(type_):
            names.faults.tell("E317", declaration.type.position, type=type_, place=Phrase("une définition", "a definition"))
            type_ = None
        if entity is None:
            continue
        kind = Kind.TABLE if isinstance(declaration, TableDecl) else Kind.RULE
        meaning = Meaning(kind, declaration.name, type_, word_at(declaration.position, declaration.name))
        before = names.members[entity].get(declaration.name)
        if before is None or (entity, declaration.name) not in names.definers:
            if not _declare_member(names, entity, meaning):
                continue
            names.owners.setdefault(declaration.name, []).append(entity)
        elif before.kind is not kind or (type_ is not None and before.type is not None and before.type != type_):
            found, other = (_form(each) for each in (meaning, before))
            related = [(before.position, OTHER_VERSION)]
            names.faults.tell("E222", meaning.position, name=declaration.name, found=found, other=other, related=related)
            names.members[entity][declaration.name] = attrs.evolve(before, type=None)
            continue
        names.definers.setdefault((entity, declaration.name), []).append(placed)


def _form(meaning: Meaning) -> Phrase:
    kind = meaning.kind.phrase
    return kind if meaning.type is None else filled("{kind} de type `{type}`", "{kind} of type `{type}`", kind=kind, type=str(meaning.type))


def _tell_own_values(names: Names) -> None:
    """Tell a name that is also one of the values that it may take: nobody could say which one is read."""
    for table in (names.shared, *names.members.values()):
        for name, meaning in table.items():
            if meaning.kind not in (Kind.ENTITY, Kind.ENUMERATION, Kind.REFERENCE) and names.is_value(meaning.type, name):
                homes = filled(
                    "une valeur de `{type}`, ou {kind} de ce type",
                    "a value of `{type}`, or {kind} of that type",
                    type=str(meaning.type),
                    kind=meaning.kind.phrase,
                )
                names.faults.tell("E203", meaning.position, name=name, homes=homes)


def resolve_entity(names: Names, written: str | None, position: Position, *, own: bool) -> str | None:
    """Return the entity a definition or property is about: the main one when nothing is said, `None` where it is unknown."""
    if written is None:
        return names.main if own else names.mains.get(_pack_of(position, own=own), names.inherited_main)
    if written in names.members:
        return written
    if written not in names.broken:
        meaning = names.shared.get(written)
        hint = _is(written, meaning.kind) if meaning is not None else names.faults.meant(written, names.members)
        names.faults.tell("E216", word_at(position, written), name=written, hint=hint)
    return None


def visible(names: Names, entity: str | None, variables: Mapping[str, object]) -> Iterator[str]:
    """Yield the names that an expression on `entity` may read."""
    yield from variables
    yield from names.members.get(entity or "", ())
    yield from (meaning.name for meaning in names.shared.values() if meaning.kind in (Kind.PARAMETER, Kind.HYPOTHESIS, Kind.REFERENCE))


def qualified(names: Names, value: str) -> Word:
    """Return the full names of a value that stands in several enumerations, for a message."""
    return listed([f"{home}.{value}" for home in names.homes[value][:9]], OR)
