"""From the items of a program to its names: what each one means and which type it has, every clash and unknown type told.

One namespace holds entities, enumerations, parameters, reference tables and hypotheses; each entity has its own, of data and definitions;
exceptions have a third. Reads no expression.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from enum import Enum
from types import MappingProxyType

import attrs

from optam_rules.base.source import Position
from optam_rules.core.types import EntityType, EnumType, ListType, Scalar, SetType, Type
from optam_rules.elaborate.faults import Faults, listed
from optam_rules.elaborate.items import Definer, Items, Placed
from optam_rules.syntax.abstract import ListOf, SetOf, TableDecl, TypeExpr, TypeName


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


@attrs.frozen
class Meaning:
    """What a name stands for. `type` is `None` where its declaration is faulty: its uses are then silent."""

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
    shared: dict[str, Meaning] = attrs.field(factory=dict)
    members: dict[str, dict[str, Meaning]] = attrs.field(factory=dict)
    # Enumeration or hypothesis -> its values in order; value -> where it stands.
    domains: dict[str, tuple[str, ...]] = attrs.field(factory=dict)
    homes: dict[str, list[str]] = attrs.field(factory=dict)
    definers: dict[tuple[str, str], list[Placed[Definer]]] = attrs.field(factory=dict)
    owners: dict[str, list[str]] = attrs.field(factory=dict)
    keys: dict[str, tuple[tuple[str, Type | None], ...]] = attrs.field(factory=dict)
    # Values of enumerations as (enumeration, value), definitions as (entity, name), everything else as (kind, name).
    used: set[tuple[str, str]] = attrs.field(factory=set)

    def is_value(self, type_: Type | None, name: str) -> bool:
        """Tell whether `name` is a value of the enumeration or hypothesis `type_`."""
        return isinstance(type_, EnumType) and name in self.domains.get(type_.name, ())

    def use(self, meaning: Meaning, entity: str | None = None) -> None:
        """Note that something reads a name."""
        self.used.add((entity if entity is not None else meaning.kind.value, meaning.name))


def collect_names(items: Items, faults: Faults) -> Names:
    """Declare every name of the items."""
    names = Names(faults, set(items.broken))
    for enumeration in items.enumerations:
        declaration = enumeration.item
        if _declare(names, Kind.ENUMERATION, declaration.name, EnumType(declaration.name), declaration.position):
            _declare_values(names, declaration.name, [(value.name, value.position) for value in declaration.values])
    for entity in items.entities:
        head = entity.item.declaration
        if _declare(names, Kind.ENTITY, head.name, EntityType(head.name), head.position):
            names.members[head.name] = {}
        elif head.name not in names.members:
            names.broken.add(head.name)
    for hypothesis in items.hypotheses:
        question = hypothesis.item
        if _declare(names, Kind.HYPOTHESIS, question.name, EnumType(question.name), question.position):
            _declare_values(names, question.name, [(reading, question.position) for reading in question.readings])
    _declare_parameters(names, items)
    _declare_references(names, items)
    _find_main(names, items)
    _declare_data(names, items)
    _declare_definitions(names, items)
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
                names.faults.tell("E317", type_.position, type=f"ensemble de {inner}", place="un type : écrivez `liste de`")
                return None
            return SetType(inner) if inner is not None else None


_SCALARS = MappingProxyType({scalar.value: scalar for scalar in Scalar})


def _named_type(names: Names, written: TypeName) -> Type | None:
    if written.name in _SCALARS:
        return _SCALARS[written.name]
    meaning = names.shared.get(written.name)
    if meaning is not None and meaning.kind in (Kind.ENTITY, Kind.ENUMERATION):
        return meaning.type
    if meaning is None and written.name in names.broken:
        return None
    known = [*_SCALARS, *(m.name for m in names.shared.values() if m.kind in (Kind.ENTITY, Kind.ENUMERATION))]
    hint = names.faults.meant(written.name, known)
    names.faults.tell("E204", written.position, name=written.name, hint=hint)
    return None


# --- shared names --------------------------------------------------------------------------------------------------------------


def _declare(names: Names, kind: Kind, name: str, type_: Type | None, position: Position) -> bool:
    """Declare a shared name; of two declarations the first stands."""
    before = names.shared.get(name)
    if before is not None:
        _clash(names, name, before, position)
        return False
    names.shared[name] = Meaning(kind, name, type_, position)
    return True


def _clash(names: Names, name: str, before: Meaning, position: Position) -> None:
    related = [(before.position, f"`{name}` y est {before.kind.value}")]
    names.faults.tell("E202", position, name=name, related=related)


def _declare_values(names: Names, home: str, values: Sequence[tuple[str, Position]]) -> None:
    seen: dict[str, Position] = {}
    for value, position in values:
        if value in seen:
            names.faults.tell("E202", position, name=value, related=[(seen[value], f"première valeur `{value}` de `{home}`")])
            continue
        seen[value] = position
        names.homes.setdefault(value, []).append(home)
    names.domains[home] = tuple(seen)


def _declare_parameters(names: Names, items: Items) -> None:
    for placed in items.parameters:
        declaration = placed.item
        type_ = resolve_type(names, declaration.type)
        if _holds_entity(type_):
            names.faults.tell("E317", declaration.type.position, type=type_, place="un paramètre")
            type_ = None
        before = names.shared.get(declaration.name)
        if before is None:
            names.shared[declaration.name] = Meaning(Kind.PARAMETER, declaration.name, type_, declaration.position)
        elif before.kind is not Kind.PARAMETER:
            _clash(names, declaration.name, before, declaration.position)
        elif type_ is not None and before.type is not None and before.type != type_:
            related = [(before.position, f"ici de type `{before.type}`")]
            names.faults.tell("E222", declaration.position, name=declaration.name, type=type_, related=related)


def _declare_references(names: Names, items: Items) -> None:
    for placed in items.references:
        declaration = placed.item
        type_ = resolve_type(names, declaration.type)
        if _holds_entity(type_):
            names.faults.tell("E317", declaration.type.position, type=type_, place="un référentiel")
            type_ = None
        keys: list[tuple[str, Type | None]] = []
        for name, written in declaration.keys:
            key = resolve_type(names, written)
            if isinstance(key, EntityType | ListType | SetType):
                names.faults.tell("E317", written.position, type=key, place="une clé de référentiel")
                key = None
            if name in dict(keys):
                names.faults.tell("E202", written.position, name=name, related=[(declaration.position, "une autre clé a ce nom")])
            keys.append((name, key))
        if _declare(names, Kind.REFERENCE, declaration.name, type_, declaration.position):
            names.keys[declaration.name] = tuple(keys)


def _holds_entity(type_: Type | None) -> bool:
    return isinstance(type_, EntityType) or (isinstance(type_, ListType) and isinstance(type_.item, EntityType))


# --- entities: data and definitions --------------------------------------------------------------------------------------------


def _find_main(names: Names, items: Items) -> None:
    mains = [placed.item.declaration for placed in items.entities if placed.item.declaration.main]
    for other in mains[1:]:
        names.faults.tell("E210", other.position, name=other.name, related=[(mains[0].position, f"`{mains[0].name}` l'est déjà")])
    if mains:
        names.main = mains[0].name


def _declare_data(names: Names, items: Items) -> None:
    for placed in items.entities:
        entity = placed.item.declaration.name
        if entity not in names.members:
            continue  # the name belongs to something else, already told
        for field in placed.item.fields:
            _declare_member(names, entity, Meaning(Kind.DATUM, field.name, resolve_type(names, field.type), field.position))


def _declare_member(names: Names, entity: str, meaning: Meaning) -> bool:
    before = names.members[entity].get(meaning.name)
    shared = names.shared.get(meaning.name)
    if before is None and shared is not None and shared.kind in (Kind.PARAMETER, Kind.REFERENCE, Kind.HYPOTHESIS):
        before = shared
    if before is not None:
        _clash(names, meaning.name, before, meaning.position)
        return False
    names.members[entity][meaning.name] = meaning
    return True


def _declare_definitions(names: Names, items: Items) -> None:
    for placed in items.definers:
        declaration = placed.item
        entity = resolve_entity(names, declaration.entity, declaration.position)
        if entity is None:
            continue
        type_ = resolve_type(names, declaration.type)
        if _holds_entity(type_):
            names.faults.tell("E317", declaration.type.position, type=type_, place="une définition")
            type_ = None
        kind = Kind.TABLE if isinstance(declaration, TableDecl) else Kind.RULE
        before = names.members[entity].get(declaration.name)
        if before is not None and before.kind is not Kind.DATUM:
            if before.kind is not kind or (type_ is not None and before.type is not None and before.type != type_):
                related = [(before.position, f"ici {before.kind.value} de type `{before.type}`")]
                names.faults.tell("E222", declaration.position, name=declaration.name, type=type_, related=related)
                continue
        elif not _declare_member(names, entity, Meaning(kind, declaration.name, type_, declaration.position)):
            continue
        else:
            names.owners.setdefault(declaration.name, []).append(entity)
        names.definers.setdefault((entity, declaration.name), []).append(placed)


def resolve_entity(names: Names, written: str | None, position: Position) -> str | None:
    """Return the entity a definition or property is about: the main one when nothing is said, `None` where it is unknown."""
    if written is None:
        return names.main
    if written in names.members:
        return written
    if written not in names.broken:
        names.faults.tell("E216", position, name=written, hint=names.faults.meant(written, names.members))
    return None


def visible(names: Names, entity: str | None, variables: Mapping[str, object]) -> Iterator[str]:
    """Yield the names that an expression on `entity` may read."""
    yield from variables
    yield from names.members.get(entity or "", ())
    yield from (meaning.name for meaning in names.shared.values() if meaning.kind in (Kind.PARAMETER, Kind.HYPOTHESIS, Kind.REFERENCE))


def qualified(names: Names, value: str) -> str:
    """Return the full names of a value that stands in several enumerations, for a message."""
    return listed([f"{home}.{value}" for home in names.homes[value]], "ou")
