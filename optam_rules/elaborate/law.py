"""From the files of a convention to its units of law and declarations as an amendment finds them, and back to files."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import attrs

from optam_rules.base.calendar import ALWAYS, ONE_DAY, Interval
from optam_rules.elaborate.amendments import DATED, Target, target_of
from optam_rules.syntax.abstract import (
    AmendmentHeader,
    ConventionHeader,
    ExceptionDecl,
    FileSyntax,
    Heading,
    Item,
    LawText,
    ParameterDecl,
    PropertyDecl,
    RuleDecl,
    TableDecl,
    UndercutDecl,
)


@attrs.define
class Group:
    """A heading and what stands under it; no heading for what stands before the first one."""

    heading: Heading | None
    members: list[Item]


@attrs.define
class LawFile:
    """A file and its groups, which amendments change in place."""

    syntax: FileSyntax
    groups: list[Group]

    @classmethod
    def of(cls, file: FileSyntax) -> LawFile:
        """Cut a file at its headings; a file of amendments starts empty."""
        return cls(file, [Group(None, [])]) if isinstance(file.header, AmendmentHeader) else cls.of_consolidated(file)

    @classmethod
    def of_consolidated(cls, file: FileSyntax) -> LawFile:
        """Cut a file at its headings, what amendments wrote included."""
        groups = [Group(None, [])]
        for item in file.items:
            if isinstance(item, Heading):
                groups.append(Group(item, []))
            else:
                groups[-1].members.append(item)
        return cls(file, groups)

    @property
    def title(self) -> str | None:
        """The convention that the file is of, or amends."""
        match self.syntax.header:
            case ConventionHeader(title=title):
                return title
            case AmendmentHeader(amends=title):
                return title
        return None

    def rebuilt(self) -> FileSyntax:
        """Return the file as the amendments left it."""
        items = [item for group in self.groups for item in ([group.heading] if group.heading else []) + group.members]
        return attrs.evolve(self.syntax, items=tuple(items))


@attrs.frozen
class Place:
    """A declaration where it stands."""

    group: Group
    item: Item

    @property
    def whole(self) -> Interval:
        """The days of its unit of law."""
        return days_of(self.group.heading, ALWAYS)

    @property
    def days(self) -> Interval:
        """The days on which it is in force."""
        return days_of(self.item, self.whole)

    def put(self, item: Item) -> None:
        """Put another declaration in its place."""
        self.replace(None, item)

    def replace(self, *items: Item | None) -> None:
        """Put what is given in its place, `None` for nothing."""
        at = next(place for place, item in enumerate(self.group.members) if item is self.item)
        self.group.members[at : at + 1] = [item for item in items if item is not None]


@attrs.frozen
class Law:
    """The files of one convention and of its amendments; `mains` names the main entities, which a definition need not write.

    `ever` gathers the names of rules, tables and exceptions that stand or stood in it.
    """

    files: list[LawFile]
    mains: frozenset[str]
    ever: set[str] = attrs.field(factory=set)

    def units(self, target: Target) -> list[Group]:
        """Return the versions of a unit of law."""
        return [
            g for f in self.files for g in f.groups if g.heading is not None and target_of(g.heading) == attrs.evolve(target, entity=None)
        ]

    def members(self, target: Target) -> list[Place]:
        """Return the versions of a named declaration; a rule or table of any entity where the target says none and it is no main one's."""
        places = [place for place in self._all() for key in [target_of(place.item)] if key is not None and key.kind == target.kind]
        named = [place for place in places if self._key(place).name == target.name]
        wanted = None if target.entity in self.mains else target.entity
        exact = [place for place in named if self._key(place).entity == wanted]
        return exact or ([] if target.entity is not None else named)

    def named(self, name: str) -> list[Place]:
        """Return what an exception or a neutralisation may be of: rules, tables and exceptions of a name."""
        return [p for p in self._all() if isinstance(p.item, RuleDecl | TableDecl | ExceptionDecl) and p.item.name == name]

    def known(self, target: Target) -> list[str]:
        """Return the names of a kind, for a suggestion."""
        items = [g.heading for f in self.files for g in f.groups if g.heading] if target.is_unit else [p.item for p in self._all()]
        return [key.name for item in items for key in [target_of(item)] if key is not None and key.kind == target.kind]

    def cut(self, group: Group, last: dt.date) -> None:
        """End a unit of law on a day; what has no days of its own stays where the unit goes altogether."""
        headless = cut_group(group, last)
        if headless is not None:
            file = next(file for file in self.files if any(each is group for each in file.groups))
            file.groups = [each for each in file.groups if each is not group]
            file.groups[0].members += headless

    def replace_undated(self, new: Sequence[Item], old: Group) -> None:
        """Take out of the old text what the new one declares again and that has no days: open questions, reference tables."""
        again = {target_of(item) for item in new if not isinstance(item, DATED) and target_of(item) is not None}
        old.members = [item for item in old.members if isinstance(item, DATED) or target_of(item) not in again]

    def drop_orphans(self, since: dt.date) -> None:
        """End the exceptions and neutralisations of what is no longer in force from `since` on."""
        self.note_names()
        again = True
        while again:
            again = False
            for place in list(self._all()):
                if not isinstance(place.item, ExceptionDecl | UndercutDecl) or (place.days.end or dt.date.max) < since:
                    continue
                below = place.item.parent if isinstance(place.item, ExceptionDecl) else place.item.target
                above = [other.days for other in self.named(below) if other.item is not place.item]
                if below in self.ever and all((days.end or dt.date.max) < since for days in above):
                    place.replace(cut_item(place.item, place.whole, since - ONE_DAY))
                    again = True

    def note_names(self) -> None:
        """Note the names that stand, so that what was of them is known once they are gone."""
        self.ever.update(place.item.name for place in self._all() if isinstance(place.item, RuleDecl | TableDecl | ExceptionDecl))

    def _all(self) -> list[Place]:
        return [Place(group, item) for file in self.files for group in file.groups for item in group.members]

    def _key(self, place: Place) -> Target:
        key = target_of(place.item)
        if key is None:
            raise TypeError(f"{place.item!r} has no name")
        return attrs.evolve(key, entity=None) if key.entity in self.mains else key


def days_of(item: Item | None, whole: Interval) -> Interval:
    """Return the days of a heading or declaration inside its unit's; the unit's own where it says none."""
    if not isinstance(item, (*DATED, Heading)):
        return whole
    own = item.clauses.interval or whole
    if own.end is None:
        own = Interval(own.start, whole.end)
    if isinstance(item, ParameterDecl):
        own = own.intersect(Interval(min(value.since for value in item.values)))
    return own.intersect(whole)


def cut_item(item: Item, whole: Interval, last: dt.date) -> Item | None:
    """Return what is left of a declaration when it ends on `last` at the latest, `None` for nothing."""
    days = days_of(item, whole)
    if not isinstance(item, DATED) or _on_its_own(item) or (days.end is not None and days.end <= last):
        return item
    left = days.intersect(Interval(None, last))
    if left.empty:
        return None
    if isinstance(item, ParameterDecl):
        own = item.clauses.interval or whole
        values = tuple(value for value in item.values if value.since <= last)
        return attrs.evolve(item, values=values, clauses=attrs.evolve(item.clauses, interval=Interval(own.start, last)))
    return attrs.evolve(item, clauses=attrs.evolve(item.clauses, interval=left))


def _on_its_own(item: Item) -> bool:
    """Tell a property that says its days: they need not be those of the unit above it, and outlive it."""
    return isinstance(item, PropertyDecl) and item.clauses.interval is not None


def cut_group(group: Group, last: dt.date) -> list[Item] | None:
    """End a unit of law; where no day is left, return its members that have no days and are not its words."""
    heading = group.heading
    if heading is None:
        raise TypeError("a group without heading is no unit of law")
    whole = days_of(heading, ALWAYS)
    left = whole.intersect(Interval(None, last))
    if left.empty:
        return [item for item in group.members if _on_its_own(item) or not isinstance(item, (*DATED, LawText))]
    group.members = [kept for item in group.members for kept in [_inside(item, whole, last)] if kept is not None]
    group.heading = attrs.evolve(heading, clauses=attrs.evolve(heading.clauses, interval=left))
    return None


def _inside(item: Item, whole: Interval, last: dt.date) -> Item | None:
    """Cut what has days of its own; what has none, or no end, ends with its unit."""
    if not isinstance(item, DATED):
        return item
    if isinstance(item, ParameterDecl) or item.clauses.interval is not None:
        return cut_item(item, whole, last)
    return item
