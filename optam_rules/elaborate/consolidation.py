"""From conventions and their amendments to one law: what is replaced holds until the day before, the new from its day on (S9).

Works on abstract syntax, before anything is elaborated: every later pass sees plain declarations, each with the place it was written at.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Sequence
from typing import TypeVar

import attrs

from optam_rules.base.calendar import ALWAYS, ONE_DAY, Interval
from optam_rules.base.phrases import Phrase, joined
from optam_rules.elaborate.amendments import DATED, Act, Amendment, Dated, Statement, Target, amended, read_amendment, target_of
from optam_rules.elaborate.faults import Faults, word_at
from optam_rules.elaborate.law import Group, Law, LawFile, Place, cut_item, days_of
from optam_rules.elaborate.publication import as_known, waiting
from optam_rules.syntax.abstract import (
    AmendmentHeader,
    Clauses,
    Complete,
    ConventionHeader,
    EntityDecl,
    ExceptionDecl,
    FileSyntax,
    Heading,
    History,
    Item,
    ParameterDecl,
    Pending,
    UndercutDecl,
)

D = TypeVar("D", bound=Heading | Dated)


_ALREADY_SO = Phrase("ce qu'il écrit est déjà écrit ainsi", "what it writes is already written so")


@attrs.frozen
class Consolidated:
    """The files with their amendments worked in.

    `unsure` names the amendments that only replace: whether they change anything is seen once they are elaborated.
    `folders` maps the folder of an amending pack to that of the pack it amends.
    """

    own: tuple[FileSyntax, ...]
    inherited: tuple[FileSyntax, ...]
    unsure: tuple[AmendmentHeader, ...]
    folders: dict[str, str]


@attrs.frozen
class Stage:
    """The law when an amendment has just been applied, or just before where `applied` is false: what comes later may hide its effect."""

    header: AmendmentHeader
    applied: bool

    def of(self, ordered: Sequence[Statement]) -> list[Statement]:
        """Return the statements that the law is then made of."""
        last = max((place for place, statement in enumerate(ordered) if statement.header is self.header), default=-1)
        return [each for each in ordered[: last + 1] if self.applied or each.header is not self.header]


def consolidate(
    own: Sequence[FileSyntax],
    inherited: Sequence[FileSyntax],
    faults: Faults,
    *,
    known_on: dt.date | None = None,
    stage: Stage | None = None,
) -> Consolidated:
    """Apply every amendment to its convention, in the order of days of effect, then of publication.

    What was published after `known_on` is left out; so is what a stage leaves out.
    """
    known = as_known([*inherited, *own], known_on)
    files = [LawFile.of(file) for file in known]
    conventions = [file.header for file in known if isinstance(file.header, ConventionHeader)]
    mains = frozenset(item.name for file in known for item in file.items if isinstance(item, EntityDecl) and item.main)
    amendments = [
        read_amendment(file.syntax, file.syntax.header, faults) for file in files if isinstance(file.syntax.header, AmendmentHeader)
    ]
    broken = frozenset(name for file in known for name in file.broken)
    folders: dict[str, str] = {}
    laws = {c.title: Law([f for f in files if f.title == c.title], mains) for c in conventions}
    for law in laws.values():
        law.note_names()
    work = _Work(laws, broken, faults)
    waiting_: list[Statement] = []
    statements: list[Statement] = []
    for amendment in amendments:
        if not amended(amendment.header, conventions, faults):
            continue
        _note_folder(folders, amendment, conventions)
        target_file = next(file for file in files if file.syntax is amendment.file)
        target_file.groups = [Group(None, list(amendment.loose))]
        for statement in amendment.statements:
            late = known_on is not None and statement.published is not None and statement.published > known_on
            (waiting_ if late else statements).append(statement)
    ordered = sorted(statements, key=_order)
    work.run(
        stage.of(ordered) if stage is not None else ordered,
        {id(amendment.header): file for amendment in amendments for file in files if file.syntax is amendment.file},
    )
    for statement in waiting_:
        work.hold(statement)
    unsure = work.judge_effects(amendments) if stage is None else ()
    rebuilt = [file.rebuilt() for file in files]
    return Consolidated(tuple(rebuilt[len(inherited) :]), tuple(rebuilt[: len(inherited)]), unsure, folders)


def _note_folder(folders: dict[str, str], amendment: Amendment, conventions: Sequence[ConventionHeader]) -> None:
    convention = next(c for c in conventions if c.title == amendment.header.amends)
    here, there = (position.file.partition("/")[0] for position in (amendment.header.position, convention.position))
    if here != there:
        folders[here] = there


@attrs.define
class _Work:
    """The laws being amended, what was touched on which day, and what each amendment did."""

    laws: dict[str, Law]
    broken: frozenset[str]
    faults: Faults
    touched: dict[tuple[str, Target], list[Statement]] = attrs.field(factory=dict)
    # Header -> whether each of its statements that was applied changed something: `None` where that is still to be seen.
    effects: dict[int, list[bool | None]] = attrs.field(factory=dict)
    files: dict[int, LawFile] = attrs.field(factory=dict)

    def run(self, ordered: Sequence[Statement], files: dict[int, LawFile]) -> None:
        """Apply statements, oldest day of effect first; of one day and one publication, in an order that carries no meaning."""
        self.files = files
        for place, statement in enumerate(ordered):
            law = self.laws[statement.header.amends]
            before = len(self.faults.found)
            changed = self._apply(law, statement)
            if len(self.faults.found) == before:
                self.effects.setdefault(id(statement.header), []).append(changed)
            else:
                self.effects.setdefault(id(statement.header), []).append(True)
            following = ordered[place + 1] if place + 1 < len(ordered) else None
            if statement.since is not None and (following is None or following.since != statement.since):
                law.drop_orphans(statement.since)

    def judge_effects(self, amendments: Sequence[Amendment]) -> tuple[AmendmentHeader, ...]:
        """Tell the amendments that write again what is written; return those of which only their meaning can tell."""
        unsure: list[AmendmentHeader] = []
        for amendment in amendments:
            effects = self.effects.get(id(amendment.header), [])
            if not effects or any(effects):
                continue
            if None in effects:
                unsure.append(amendment.header)
            else:
                self.faults.tell("E233", amendment.header.position, reason=_ALREADY_SO)
        return tuple(unsure)

    def hold(self, statement: Statement) -> None:
        """Note on what a statement will change that it was not published yet."""
        target, since, published = statement.target, statement.since, statement.published
        if since is None or published is None:
            return
        law = self.laws[statement.header.amends]
        pending = (Pending(since, published, statement.header.title),)
        said = statement.declaration
        if isinstance(said, ExceptionDecl):
            places = law.named(said.parent)
        elif isinstance(said, UndercutDecl):
            places = law.named(said.target)
        elif target is not None and target.is_unit:
            for group in law.units(target):
                if since in days_of(group.heading, ALWAYS) and group.heading is not None:
                    group.heading = attrs.evolve(group.heading, clauses=waiting(group.heading.clauses, pending))
                    group.members = [_waiting(item, pending) for item in group.members]
            return
        else:
            places = law.members(target) if target is not None else []
        for place in places:
            if since in place.days:
                place.put(_waiting(place.item, pending))

    def _apply(self, law: Law, statement: Statement) -> bool | None:
        """Apply one statement; `False` where it changes nothing, `None` where that is still to be seen."""
        match statement.act:
            case Act.REPLACE:
                return self._replace_unit(law, statement) if _is_unit(statement) else self._replace(law, statement)
            case Act.REPEAL:
                self._repeal(law, statement)
            case Act.COMPLETE:
                self._complete(law, statement)
            case Act.INSERT:
                self._insert_unit(law, statement) if _is_unit(statement) else self._insert(law, statement)
        return True

    # --- units of law ----------------------------------------------------------------------------------------------------------

    def _replace_unit(self, law: Law, statement: Statement) -> bool | None:
        found = self._unit_in_force(law, statement)
        heading = statement.declaration
        if found is None or not isinstance(heading, Heading) or statement.since is None:
            return True
        if not self._touch(statement, *_keys(found), *_keys(Group(heading, list(statement.members)))):
            return True
        interval = heading.clauses.interval or Interval(statement.since)
        whole = days_of(found.heading, ALWAYS)
        interval = Interval(interval.start, interval.end or whole.end)
        new = Group(_marked_heading(heading, interval, statement), [_marked(item, statement) for item in statement.members])
        same = _bare_group(found) == _bare_group(new)
        law.replace_undated(new.members, found)
        law.cut(found, statement.since - ONE_DAY)
        self.files[id(statement.header)].groups.append(new)
        return False if same else None

    def _insert_unit(self, law: Law, statement: Statement) -> None:
        heading, target = statement.declaration, statement.target
        if not isinstance(heading, Heading) or target is None or statement.since is None:
            return
        interval = heading.clauses.interval or Interval(statement.since)
        if any(not days_of(group.heading, ALWAYS).intersect(interval).empty for group in law.units(target)):
            self._tell_existing(statement, target)
            return
        group = Group(heading, list(statement.members))
        if not self._touch(statement, *_keys(group)) or not self._all_new(law, statement, statement.members, interval):
            return
        self.files[id(statement.header)].groups.append(
            Group(_marked_heading(heading, interval, statement), [_marked(item, statement) for item in statement.members])
        )

    def _complete(self, law: Law, statement: Statement) -> None:
        found = self._unit_in_force(law, statement)
        said = statement.declaration
        if found is None or not isinstance(said, Complete) or statement.since is None:
            return
        interval = Interval(statement.since, said.interval.end if said.interval is not None else None)
        if not statement.members:
            self.faults.tell("E233", statement.position, reason=Phrase("rien ne suit `complète`", "nothing follows `complète`"))
            return
        keys = [key for item in statement.members for key in [target_of(item)] if key is not None]
        if not self._touch(statement, *keys) or not self._all_new(law, statement, statement.members, interval):
            return
        whole = days_of(found.heading, ALWAYS)
        for item in statement.members:
            own = item
            if isinstance(item, DATED) and not isinstance(item, ParameterDecl) and item.clauses.interval is None:
                own = _dated(item, Interval(interval.start, interval.end or whole.end))
            found.members.append(_marked(own, statement))

    def _unit_in_force(self, law: Law, statement: Statement) -> Group | None:
        target, since = statement.target, statement.since
        if target is None or since is None:
            return None
        units = law.units(target)
        active = next((group for group in units if since in days_of(group.heading, ALWAYS)), None)
        if active is None:
            self._tell_absent(law, statement, target, [days_of(group.heading, ALWAYS) for group in units])
        return active

    # --- named declarations ----------------------------------------------------------------------------------------------------

    def _replace(self, law: Law, statement: Statement) -> bool | None:
        place = self._place(law, statement)
        new = statement.declaration
        if place is None or new is None or isinstance(new, Complete):
            return True
        same = _bare(place.item) == _bare(new)
        if statement.since is None or not isinstance(new, DATED):
            place.put(_marked(new, statement))
            return False if same else None
        end = days_of(place.item, place.whole).end if _ends_itself(place.item) else None
        if isinstance(new, ParameterDecl):
            dated: Item = new if end is None or new.clauses.interval is not None else _dated(new, Interval(statement.since, end))
        else:
            own = new.clauses.interval or Interval(statement.since)
            dated = _dated(new, Interval(own.start, own.end or end))
        place.replace(cut_item(place.item, place.whole, statement.since - ONE_DAY), _marked(dated, statement))
        return False if same else None

    def _repeal(self, law: Law, statement: Statement) -> None:
        target, since = statement.target, statement.since
        if target is None or since is None:
            return
        if target.is_unit:
            found = self._unit_in_force(law, statement)
            if found is not None and self._touch(statement, *_keys(found)):
                law.cut(found, since - ONE_DAY)
            return
        place = self._place(law, statement)
        if place is not None:
            place.replace(cut_item(place.item, place.whole, since - ONE_DAY), None)

    def _insert(self, law: Law, statement: Statement) -> None:
        item, since = statement.declaration, statement.since
        if item is None or isinstance(item, Complete):
            return
        interval = Interval(since)
        if statement.target is not None and not self._touch(statement, statement.target):
            return
        if not self._all_new(law, statement, [item], interval):
            return
        if since is not None and isinstance(item, DATED) and not isinstance(item, ParameterDecl) and item.clauses.interval is None:
            item = _dated(item, interval)
        home = None
        if isinstance(item, ExceptionDecl | UndercutDecl) and since is not None:
            below = item.parent if isinstance(item, ExceptionDecl) else item.target
            home = next((place.group for place in law.named(below) if since in place.days), None)
        if home is None:
            groups = self.files[id(statement.header)].groups
            home = next(group for group in groups if group.heading is None)
        home.members.append(_marked(item, statement))

    def _place(self, law: Law, statement: Statement) -> Place | None:
        """Return the declaration that a statement aims at, in force on its day."""
        target, since = statement.target, statement.since
        if target is None:
            return None
        places = law.members(target)
        active = [place for place in places if since is None or not isinstance(place.item, DATED) or since in place.days]
        if not active:
            self._tell_absent(law, statement, target, [place.days for place in places])
            return None
        owners = {getattr(place.item, "entity", None) or "" for place in active}
        if len(owners) > 1:
            self.faults.tell("E242", word_at(statement.position, target.name), target=target.phrase, verb=statement.act.value)
            return None
        key = target_of(active[0].item)
        return active[0] if self._touch(statement, *([key] if key else [])) else None

    # --- what is wrong ---------------------------------------------------------------------------------------------------------

    def _all_new(self, law: Law, statement: Statement, items: Sequence[Item], interval: Interval) -> bool:
        """Tell what is inserted and exists already, on one of its days."""
        found = True
        for item in items:
            key = target_of(item)
            for place in law.members(key) if key is not None else []:
                dated = isinstance(item, DATED) and isinstance(place.item, DATED)
                mine = days_of(item, interval) if dated else ALWAYS
                if not dated or not mine.intersect(place.days).empty:
                    if key is not None:
                        self._tell_existing(statement, key, item)
                    found = False
                    break
        return found

    def _touch(self, statement: Statement, *keys: Target) -> bool:
        """Note what a statement changes; another one of the same day and publication that does so too is told."""
        for key in keys:
            for other in self.touched.get(self._named(statement, key), []):
                same = (other.since, other.published) == (statement.since, statement.published)
                if same and other is not statement and not (other.act is statement.act is Act.COMPLETE and key.is_unit):
                    self._tell_twice(statement, other, key)
                    return False
        for key in keys:
            self.touched.setdefault(self._named(statement, key), []).append(statement)
        return True

    def _named(self, statement: Statement, key: Target) -> tuple[str, Target]:
        """Return how what is touched is known: a definition of the main entity says none."""
        title = statement.header.amends
        return title, attrs.evolve(key, entity=None) if key.entity in self.laws[title].mains else key

    def _tell_twice(self, statement: Statement, other: Statement, target: Target) -> None:
        there = Phrase(f"`{other.act.value}`, dans « {other.header.title} »", f"`{other.act.value}`, in « {other.header.title} »")
        related = [(word_at(other.position, target.name), there)]
        self.faults.tell("E241", word_at(statement.position, target.name), target=target.phrase, day=statement.since, related=related)

    def _tell_existing(self, statement: Statement, target: Target, item: Item | None = None) -> None:
        self.faults.tell("E237", word_at(item.position if item is not None else statement.position, target.name), target=target.phrase)

    def _tell_absent(self, law: Law, statement: Statement, target: Target, days: Sequence[Interval]) -> None:
        """Tell what does not exist, or not on the day of effect."""
        if target.name in self.broken:
            return
        place = word_at(statement.position, target.name)
        repealed = self._repealed(statement, target)
        if repealed is not None and (repealed.since, repealed.published) == (statement.since, statement.published):
            self._tell_twice(statement, repealed, target)
            return
        if not days and not repealed:
            hint = self.faults.meant(target.name, law.known(target))
            self.faults.tell("E235", place, verb=statement.act.value, target=target.phrase, hint=hint)
            return
        why = joined(Phrase(" ; ", "; "), (interval.phrase for interval in days))
        related = []
        if repealed:
            why = Phrase(f"abrogation au {repealed.since}", f"repealed on {repealed.since}")
            related = [(repealed.position, Phrase("abrogé ici", "repealed here"))]
        self.faults.tell("E240", place, verb=statement.act.value, target=target.phrase, day=statement.since, why=why, related=related)

    def _repealed(self, statement: Statement, target: Target) -> Statement | None:
        done = self.touched.get(self._named(statement, target), [])
        repeals = [other for other in done if other.act is Act.REPEAL and other is not statement]
        return repeals[-1] if repeals else None


def _order(statement: Statement) -> tuple[dt.date, dt.date, bool, str, int]:
    attached = isinstance(statement.declaration, ExceptionDecl | UndercutDecl) and statement.act is Act.INSERT
    first = dt.date.min
    return statement.since or first, statement.published or first, attached, statement.position.file, statement.position.start


def _is_unit(statement: Statement) -> bool:
    return statement.target is not None and statement.target.is_unit


def _keys(group: Group) -> Iterator[Target]:
    seen = [target_of(item) for item in ([group.heading] if group.heading else []) + group.members]
    yield from dict.fromkeys(key for key in seen if key is not None)


def _ends_itself(item: Item) -> bool:
    return isinstance(item, DATED) and item.clauses.interval is not None and item.clauses.interval.end is not None


def _with_clauses(item: Item, change: Callable[[Clauses], Clauses]) -> Item:
    if isinstance(item, (*DATED, Heading)):
        return attrs.evolve(item, clauses=change(item.clauses))
    return item


def _dated(item: D, interval: Interval) -> D:
    return attrs.evolve(item, clauses=attrs.evolve(item.clauses, interval=interval))


def _marked(item: Item, statement: Statement) -> Item:
    """Note on a declaration the amendment that wrote it."""

    def mark(clauses: Clauses) -> Clauses:
        history = clauses.history or History()
        return attrs.evolve(clauses, history=attrs.evolve(history, amendment=statement.header.title, published=statement.published))

    return _with_clauses(item, mark)


def _marked_heading(heading: Heading, interval: Interval, statement: Statement) -> Heading:
    marked = _marked(_dated(heading, interval), statement)
    if not isinstance(marked, Heading):
        raise TypeError(f"{marked!r} is no heading")
    return marked


def _waiting(item: Item, pending: tuple[Pending, ...]) -> Item:
    return _with_clauses(item, lambda clauses: waiting(clauses, pending))


def _bare(item: Item) -> Item:
    """Return a declaration without its days, to compare what it says."""
    bare = _with_clauses(item, lambda clauses: attrs.evolve(clauses, interval=None, published=None))
    if isinstance(bare, ParameterDecl) and len(bare.values) == 1:
        value = attrs.evolve(bare.values[0], since=dt.date.min, published=None)
        return attrs.evolve(bare, values=(value,))
    return bare


def _bare_group(group: Group) -> list[Item]:
    return [_bare(item) for item in ([group.heading] if group.heading else []) + group.members]
