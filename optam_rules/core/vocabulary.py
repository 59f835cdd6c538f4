"""From a program to what its records may look like: which datum identifies an entity, and which two entities point at each other.

Nothing here reads a record; the names of entities and data come from the program alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

import attrs

from optam_rules.core.program import EntitySpec, FieldSpec, Program
from optam_rules.core.types import EntityType, ListType, Scalar, Type


@attrs.frozen
class Link:
    """Two entities that point at each other: `whole.items` lists the members, `member.field` names the whole.

    `groupe.membres` and `medecin.groupe` are one link.
    """

    member: str
    field: str
    whole: str
    items: str


@attrs.frozen
class Vocabulary:
    """The entities of a program as records use them."""

    program: Program
    identifying: Mapping[str, FieldSpec]  # entity -> its first datum
    by_member: Mapping[str, Link]
    by_items: Mapping[tuple[str, str], Link]
    leading: Mapping[str, tuple[str, ...]]  # entity -> its data through which another record can be named by its identifiant

    @classmethod
    @lru_cache(maxsize=64)
    def of(cls, program: Program) -> Vocabulary:
        """Work out the identifying data and the links of a program, once.

        Two entities are linked where the first has exactly one field of the second and the second exactly one list of the first.
        """
        links = [link for spec in program.entities.values() for link in _links(program, spec)]
        return cls(
            program,
            {name: next(iter(spec.fields.values())) for name, spec in program.entities.items() if spec.fields},
            {link.member: link for link in links},
            {(link.whole, link.items): link for link in links},
            _leading(program),
        )

    def entity(self, name: str | None = None) -> EntitySpec:
        """Return an entity, the main one by default."""
        return self.program.main if name is None else self.program.entities[name]

    def identified_by_text(self, entity: str) -> bool:
        """Tell whether a record of `entity` may be named by its identifiant alone."""
        field = self.identifying.get(entity)
        return field is not None and field.type is Scalar.TEXT


def _leading(program: Program) -> dict[str, tuple[str, ...]]:
    reached = {name for name, spec in program.entities.items() if spec.fields and next(iter(spec.fields.values())).type is Scalar.TEXT}
    holding = {
        name: [(field.name, entity) for field in spec.fields.values() if (entity := entity_of(field.type)) is not None]
        for name, spec in program.entities.items()
    }
    while True:
        leading = {name: tuple(field for field, entity in held if entity in reached) for name, held in holding.items()}
        more = {name for name, fields in leading.items() if fields} - reached
        if not more:
            return leading
        reached |= more


def entity_of(type_: Type) -> str | None:
    """Return the entity that a datum holds, alone or in a list."""
    match type_:
        case EntityType(name) | ListType(EntityType(name)):
            return name
        case _:
            return None


def _links(program: Program, member: EntitySpec) -> list[Link]:
    singles = [(field.name, field.type.name) for field in member.fields.values() if isinstance(field.type, EntityType)]
    links = []
    listed = ListType(EntityType(member.name))
    for name, whole in singles:
        lists = [field.name for field in program.entities[whole].fields.values() if field.type == listed]
        if len(lists) == 1 and sum(other == whole for _, other in singles) == 1:
            links.append(Link(member.name, name, whole, lists[0]))
    # INVARIANT: a member has one whole at most; with two linked entities neither can be inherited without doubt.
    return links if len(links) == 1 else []
