"""A program: one compiled pack, with its vocabulary, its dated definitions and where each comes from."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from graphlib import TopologicalSorter

import attrs

from optam_rules.base.calendar import ALWAYS, Interval
from optam_rules.base.numbers import Number
from optam_rules.base.source import Position
from optam_rules.core.ir import Answer, Constant, Expr, HypothesisRead
from optam_rules.core.standing import Standing
from optam_rules.core.types import EntityType, EnumType, Type
from optam_rules.core.walk import subexpressions


@attrs.frozen
class Pending:
    """A change that takes effect on `since` and was published only on `published`; `by` names what makes it."""

    since: dt.date
    published: dt.date
    by: str


@attrs.frozen
class Provenance:
    """Where a clause comes from and what it rests on.

    `article` is what citations print (`41.1`, `R. 871-2`, `annexe 21`, or a clause's name); `reference` the Légifrance identifier or
    address; `source` the document of the caisse or doctrine; `hypothesis` our reason, where the clause is an unnamed hypothesis.
    `amendment` is the title of the amendment that wrote it, `published` the day since which it could be known, `pending` what would
    change it and was not published yet on the day up to which the law is read.
    """

    article: str | None
    position: Position = attrs.field(eq=False, repr=False)
    standing: Standing = Standing.TEXT
    source: str | None = None
    hypothesis: str | None = None
    reference: str | None = None
    cites: tuple[str, ...] = ()
    amendment: str | None = attrs.field(default=None, eq=False)
    published: dt.date | None = attrs.field(default=None, eq=False)
    pending: tuple[Pending, ...] = attrs.field(default=(), eq=False)

    def remarks(self, day: dt.date) -> tuple[str, ...]:
        """Say what the order of publication changes on a day: a text published after it, a change that was not known yet."""
        late = self.published is not None and self.published > day
        known = (f"publié le {self.published}, après le jour jugé",) if late else ()
        return known + tuple(
            f"« {later.by} », publié le {later.published}, n'était pas connu : l'état antérieur vaut"
            for later in self.pending
            if later.since <= day
        )


@attrs.frozen
class FieldSpec:
    """A datum of an entity, with bounds in the type's own unit; the first datum of an entity identifies its records."""

    name: str
    type: Type
    label: str
    low: Number | dt.date | None = None
    high: Number | dt.date | None = None
    optional: bool = False
    position: Position | None = attrs.field(default=None, eq=False, repr=False)


@attrs.frozen
class Control:
    """What the data of one record must agree on; `text` is the condition as written, `fields` the data that it reads."""

    title: str
    condition: Expr
    fields: tuple[str, ...]
    text: str
    position: Position = attrs.field(eq=False, repr=False)


@attrs.frozen
class EntitySpec:
    """An entity of the vocabulary; exactly one of a program is the main one."""

    name: str
    label: str
    main: bool
    fields: Mapping[str, FieldSpec]
    controls: tuple[Control, ...] = ()


@attrs.frozen
class EnumSpec:
    """An enumeration: value -> label, in the order of the text."""

    name: str
    values: Mapping[str, str]


@attrs.frozen
class DatedValue:
    """A value of a parameter, the closed interval on which it holds, and where it comes from where that is told apart."""

    interval: Interval
    value: Constant
    provenance: Provenance | None = None


@attrs.frozen
class Parameter:
    """A dated value, one type throughout."""

    name: str
    type: Type
    values: tuple[DatedValue, ...]
    provenance: Provenance
    label: str = ""

    def at(self, day: dt.date) -> Constant | None:
        """Return the value that holds on `day`, or `None`."""
        return next((dated.value for dated in self.values if day in dated.interval), None)

    def origin_at(self, day: dt.date) -> Provenance:
        """Return where the value that holds on `day` comes from."""
        return next((dated.provenance for dated in self.values if day in dated.interval and dated.provenance), self.provenance)

    def remarks(self, day: dt.date) -> tuple[str, ...]:
        """Say what the order of publication changes to the value read on a day."""
        return tuple(f"`{self.name}` : {remark}" for remark in self.origin_at(day).remarks(day))

    def origin_of(self, dated: DatedValue) -> Provenance:
        """Return where one of the values comes from."""
        return dated.provenance or self.provenance


@attrs.frozen
class ReferenceTable:
    """A table that the caller supplies: keys (name, type), the type of its values and their bounds in that type's own unit."""

    name: str
    keys: tuple[tuple[str, Type], ...]
    type: Type
    provenance: Provenance
    label: str = ""
    low: Number | dt.date | None = None
    high: Number | dt.date | None = None


@attrs.frozen
class Hypothesis:
    """A named open question and its readings."""

    name: str
    readings: tuple[str, ...]
    text: str
    provenance: Provenance


@attrs.frozen
class Version:
    """The base of a definition on an interval of days."""

    interval: Interval
    body: Expr
    provenance: Provenance


@attrs.frozen
class ExceptionClause:
    """A rebutting exception; `parent` is the rule's or another exception's name."""

    name: str
    parent: str
    interval: Interval
    condition: Expr
    body: Expr
    overrides: frozenset[str]
    provenance: Provenance


@attrs.frozen
class Undercut:
    """`neutralise target si condition`."""

    target: str
    interval: Interval
    condition: Expr
    provenance: Provenance


@attrs.frozen
class Definition:
    """A rule or a table of an entity, with its exceptions."""

    name: str
    entity: str
    type: Type
    label: str
    versions: tuple[Version, ...]
    exceptions: tuple[ExceptionClause, ...] = ()
    undercuts: tuple[Undercut, ...] = ()
    cumulative: bool = False
    is_table: bool = False

    def expressions(self) -> Iterator[Expr]:
        """Yield the bodies of its versions, the conditions and bodies of its exceptions, the conditions that neutralise them."""
        yield from (version.body for version in self.versions)
        for clause in self.exceptions:
            yield from (clause.condition, clause.body)
        yield from (undercut.condition for undercut in self.undercuts)

    @property
    def key(self) -> tuple[str, str]:
        """(entity, name)."""
        return self.entity, self.name

    def intervals(self) -> Iterator[Interval]:
        """Yield the intervals of its versions, of its exceptions and of what neutralises them."""
        yield from (version.interval for version in self.versions)
        yield from (clause.interval for clause in self.exceptions)
        yield from (undercut.interval for undercut in self.undercuts)

    def version_at(self, day: dt.date) -> Version | None:
        """Return the version in force on `day`; intervals of versions do not overlap."""
        return next((version for version in self.versions if day in version.interval), None)

    def undercuts_of(self, clause: ExceptionClause, day: dt.date) -> tuple[Undercut, ...]:
        """Return what may neutralise an exception on `day`."""
        return tuple(undercut for undercut in self.undercuts if undercut.target == clause.name and day in undercut.interval)

    def days_of_versions(self, day: dt.date) -> tuple[dt.date, ...]:
        """Return a day of each version; `day` for one without limits."""
        return tuple(version.interval.start or version.interval.end or day for version in self.versions)


@attrs.frozen
class ArticleText:
    """A unit of law as written: its heading, our own words and what they rest on. Several of one number have disjoint intervals."""

    number: str
    kind: str  # "article", "annexe" or "clause"
    title: str
    interval: Interval
    text: str | None
    provenance: Provenance


@attrs.frozen
class Expectation:
    """`attendu path = value`; `value` is raw as in a record, or a status where `status` is not `known`."""

    path: str
    status: str
    value: object
    position: Position = attrs.field(eq=False, repr=False)


@attrs.frozen
class TestCase:
    """A test of the pack: a raw record, a date, chosen readings and the answers expected."""

    title: str
    on: dt.date
    assume: Mapping[str, str]
    record: Mapping[str, object]
    references: Mapping[str, Mapping[object, object]]
    expected: tuple[Expectation, ...]
    provenance: Provenance
    known_on: dt.date | None = None

    __test__ = False  # not a pytest class, whatever its name


@attrs.frozen
class Property:
    """An invariant over every record of `entity`, on every day of `interval`."""

    title: str
    entity: str
    condition: Expr
    interval: Interval
    provenance: Provenance


@attrs.frozen(eq=False)
class Program:
    """All that a backend needs; `verified` is the last day up to which the pack was checked against the law."""

    id: str
    title: str
    version: str
    digest: str
    entities: Mapping[str, EntitySpec]
    enumerations: Mapping[str, EnumSpec]
    parameters: Mapping[str, Parameter]
    references: Mapping[str, ReferenceTable]
    hypotheses: Mapping[str, Hypothesis]
    definitions: Mapping[tuple[str, str], Definition]
    articles: Sequence[ArticleText] = ()
    tests: Sequence[TestCase] = ()
    properties: Sequence[Property] = ()
    verified: dt.date | None = None
    interval: Interval = ALWAYS

    def domain(self, type_: EnumType) -> tuple[str, ...]:
        """Return the values of an enumeration, or the readings of an open question, in the order of the text."""
        found = self.enumerations.get(type_.name)
        return tuple(found.values) if found is not None else self.hypotheses[type_.name].readings

    @property
    def main(self) -> EntitySpec:
        """The entity that records are about."""
        return next(entity for entity in self.entities.values() if entity.main)

    def expressions(self) -> Iterator[Expr]:
        """Yield the bodies and conditions of every definition and property."""
        for definition in self.definitions.values():
            yield from definition.expressions()
        yield from (invariant.condition for invariant in self.properties)

    @cached_property
    def questions(self) -> Mapping[tuple[str, str], frozenset[str]]:
        """The named hypotheses that each definition may read, by itself or through others."""
        found: dict[tuple[str, str], frozenset[str]] = {}
        read: dict[tuple[str, str], set[tuple[str, str]]] = {}
        for key, definition in self.definitions.items():
            parts = [part for expr in definition.expressions() for part in subexpressions(expr)]
            found[key] = frozenset(part.name for part in parts if isinstance(part, HypothesisRead))
            read[key] = {(part.entity, part.name) for part in parts if isinstance(part, Answer)}
        for key in TopologicalSorter(read).static_order():  # elaboration refuses cycles
            found[key] = found[key].union(*(found[other] for other in read[key]))
        return found

    @cached_property
    def answers_by_path(self) -> Mapping[str, Definition]:
        """The answers as `answers` lists them, by path."""
        return dict(self.answers())

    def answers(self) -> Iterator[tuple[str, Definition]]:
        """Yield (path, definition) of all answers: the main entity's, then those of the entities it names, as `groupe.taux_commun`."""
        main = self.main
        for definition in self.definitions.values():
            if definition.entity == main.name:
                yield definition.name, definition
        for spec in main.fields.values():
            if isinstance(spec.type, EntityType) and spec.type.name != main.name:
                for definition in self.definitions.values():
                    if definition.entity == spec.type.name:
                        yield f"{spec.name}.{definition.name}", definition
