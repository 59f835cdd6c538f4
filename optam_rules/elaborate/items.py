"""From files to their items by kind, each with the unit of law it stands in and whether the pack itself wrote it."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from typing import Generic, TypeVar, assert_never

import attrs

from optam_rules.base.calendar import ALWAYS, Interval
from optam_rules.base.phrases import Phrase
from optam_rules.elaborate.faults import Faults
from optam_rules.syntax.abstract import (
    Amend,
    Clauses,
    Complete,
    ControlDecl,
    EntityDecl,
    EnumDecl,
    ExceptionDecl,
    FieldDecl,
    FileSyntax,
    Heading,
    HypothesisDecl,
    Item,
    LawText,
    ParameterDecl,
    PropertyDecl,
    ReferenceDecl,
    Repeal,
    RuleDecl,
    TableDecl,
    TestDecl,
    UndercutDecl,
)

T_co = TypeVar("T_co", covariant=True)


@attrs.frozen
class Unit:
    """A unit of law: its heading, the days it is in force, its own words."""

    heading: Heading
    interval: Interval
    text: LawText | None


@attrs.frozen
class Placed(Generic[T_co]):
    """An item, the unit it stands in and whether it belongs to the pack itself rather than to its parents."""

    item: T_co
    unit: Unit | None
    own: bool


@attrs.frozen
class EntityItem:
    """An entity with the data and the controls that follow it."""

    declaration: EntityDecl
    fields: list[FieldDecl]
    controls: list[ControlDecl]


Definer = RuleDecl | TableDecl


@attrs.define
class Items:
    """The items of all files, by kind, in the order of the text."""

    units: list[tuple[Unit, bool]] = attrs.field(factory=list)
    entities: list[Placed[EntityItem]] = attrs.field(factory=list)
    enumerations: list[Placed[EnumDecl]] = attrs.field(factory=list)
    parameters: list[Placed[ParameterDecl]] = attrs.field(factory=list)
    references: list[Placed[ReferenceDecl]] = attrs.field(factory=list)
    hypotheses: list[Placed[HypothesisDecl]] = attrs.field(factory=list)
    definers: list[Placed[Definer]] = attrs.field(factory=list)
    exceptions: list[Placed[ExceptionDecl]] = attrs.field(factory=list)
    undercuts: list[Placed[UndercutDecl]] = attrs.field(factory=list)
    tests: list[Placed[TestDecl]] = attrs.field(factory=list)
    properties: list[Placed[PropertyDecl]] = attrs.field(factory=list)
    broken: set[str] = attrs.field(factory=set)


def gather(files: Sequence[FileSyntax], items: Items, faults: Faults, *, own: Collection[int]) -> None:
    """Add the items of consolidated files; those written in a source of `own` (`id` of each) are the pack's, wherever they now stand."""
    for file in files:
        items.broken |= file.broken
        reader = _FileReader(items, faults, own, quiet=bool(file.broken))
        for heading, members in _groups(file.items):
            reader.group(heading, members)


def _groups(items: Sequence[Item]) -> Iterator[tuple[Heading | None, list[Item]]]:
    """Yield each heading with the items that it opens, first those before any heading."""
    heading: Heading | None = None
    members: list[Item] = []
    for item in items:
        if isinstance(item, Heading):
            yield heading, members
            heading, members = item, []
        else:
            members.append(item)
    yield heading, members


@attrs.define
class _FileReader:
    items: Items
    faults: Faults
    own: Collection[int]
    quiet: bool  # a piece of the file could not be read: what seems to be missing may stand there
    entity: EntityItem | None = None

    def group(self, heading: Heading | None, members: list[Item]) -> None:
        texts = [item for item in members if isinstance(item, LawText)]
        unit = None
        if heading is not None:
            unit = Unit(heading, self._interval(heading.clauses), texts[0] if texts else None)
            self.items.units.append((unit, self._own(heading)))
        self._texts(texts, unit)
        for item in members:
            self._item(item, unit)

    def _interval(self, clauses: Clauses) -> Interval:
        interval = clauses.interval or ALWAYS
        if interval.empty:
            self.faults.tell("E417", clauses.interval_position, interval=interval.phrase)
            return ALWAYS
        return interval

    def _texts(self, texts: list[LawText], unit: Unit | None) -> None:
        if self.quiet:
            return
        if unit is None:
            for text in texts:
                self.faults.tell("E209", text.position)
        for text in texts[1:] if unit is not None else []:
            self.faults.tell(
                "E215", text.position, number=unit_name(unit), related=[(texts[0].position, Phrase("premier texte", "first text"))]
            )

    def _own(self, item: Item) -> bool:
        return id(item.position.source) in self.own

    def _item(self, item: Item, unit: Unit | None) -> None:
        items, own = self.items, self._own(item)
        match item:
            case EntityDecl():
                self.entity = EntityItem(item, [], [])
                items.entities.append(Placed(self.entity, unit, own))
            case FieldDecl():
                if self.entity is not None:
                    self.entity.fields.append(item)
                elif not self.quiet:
                    self.faults.tell("E208", item.position, name=item.name)
            case ControlDecl():
                if self.entity is not None:
                    self.entity.controls.append(item)
                elif not self.quiet:
                    self.faults.tell("E208", item.position, name=item.title)
            case EnumDecl():
                items.enumerations.append(Placed(item, unit, own))
            case ParameterDecl():
                items.parameters.append(Placed(item, unit, own))
            case ReferenceDecl():
                items.references.append(Placed(item, unit, own))
            case HypothesisDecl():
                items.hypotheses.append(Placed(item, unit, own))
            case RuleDecl() | TableDecl():
                items.definers.append(Placed(item, unit, own))
            case ExceptionDecl():
                items.exceptions.append(Placed(item, unit, own))
            case UndercutDecl():
                items.undercuts.append(Placed(item, unit, own))
            case TestDecl():
                items.tests.append(Placed(item, unit, own))
            case PropertyDecl():
                items.properties.append(Placed(item, unit, own))
            case Amend() | Complete() | Repeal():
                pass  # refused by the parser outside of an amendment, and worked in by the consolidation
            case LawText() | Heading():
                pass  # taken with their unit
            case _:
                assert_never(item)


def unit_name(unit: Unit | None) -> Phrase:
    """Name a unit of law as messages do: `l'article 41.1`, `l'annexe 21`, `la clause part_versee`."""
    if unit is None:
        return Phrase("le fichier", "the file")
    kind, number = unit.heading.kind.value, unit.heading.number
    if kind == "annexe":
        return Phrase(f"l'{number}", number)
    return Phrase(f"la clause {number}" if kind == "clause" else f"l'article {number}", f"{kind} {number}")
