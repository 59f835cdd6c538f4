"""From a program to its mutants: programs with one small fault each, in the clauses that the pack itself wrote."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import attrs

from optam_rules.analysis.coverage.elements import is_own
from optam_rules.analysis.mutation.changes import Kind, changes, other_values
from optam_rules.analysis.mutation.rewrite import replaced, without
from optam_rules.base.calendar import ONE_DAY, Interval
from optam_rules.base.phrases import Phrase, Word
from optam_rules.base.source import Position
from optam_rules.core.ir import Expr, Literal
from optam_rules.core.program import DatedValue, Definition, ExceptionClause, Parameter, Program, Provenance, Undercut, Version
from optam_rules.core.types import Scalar
from optam_rules.elaborate.show import show


@attrs.frozen(eq=False)
class Mutant:
    """A fault: one place of the text written otherwise, and the definitions or the parameter that this changes.

    `node` is the expression where it was made: only who evaluates that can see it. The date of an article changes all that it dates.
    """

    kind: Kind
    words: Word
    name: str  # of the definition, the parameter or the article
    changed: tuple[Definition, ...] | Parameter
    article: str | None
    position: Position
    node: Expr | None = None

    def apply(self, program: Program) -> Program:
        """Return the program with the fault in it."""
        if isinstance(self.changed, Parameter):
            return attrs.evolve(program, parameters={**program.parameters, self.changed.name: self.changed})
        return attrs.evolve(program, definitions={**program.definitions, **{changed.key: changed for changed in self.changed}})


def mutants(program: Program) -> Iterator[Mutant]:
    """Yield every mutant: parameters, then definition by definition, then the dates of articles.

    Two faults that give the same text are one: exchanging two rows is done from either of them.
    """
    seen: set[object] = set()
    for mutant in _mutants(program):
        if mutant.changed not in seen:
            seen.add(mutant.changed)
            yield mutant


def _mutants(program: Program) -> Iterator[Mutant]:
    for parameter in program.parameters.values():
        if is_own(program, parameter.provenance.position):
            yield from _of_parameter(program, parameter)
    for definition in program.definitions.values():
        yield from _of_definition(program, definition)
    yield from _of_dates(program)


# --- definitions ----------------------------------------------------------------------------------------------------------------


def _of_definition(program: Program, definition: Definition) -> Iterator[Mutant]:
    for place, version in enumerate(definition.versions):
        if is_own(program, version.provenance.position):
            yield from _of_version(program, definition, place, version)
    for place, clause in enumerate(definition.exceptions):
        if is_own(program, clause.provenance.position):
            yield from _of_exception(program, definition, place, clause)
    for place, undercut in enumerate(definition.undercuts):
        origin = undercut.provenance
        if is_own(program, origin.position):
            cut = attrs.evolve(definition, undercuts=without(definition.undercuts, place))
            words = Phrase(f"`neutralise {undercut.target}` retiré", f"`neutralise {undercut.target}` dropped")
            yield _in(cut, Kind.UNDERCUT, words, origin, origin.position, undercut.condition)
            for change in changes(program, undercut.condition, guard=True):
                changed = replaced(definition.undercuts, place, attrs.evolve(undercut, condition=change.expr))
                made = attrs.evolve(definition, undercuts=changed)
                yield _in(made, change.kind, change.words, origin, change.at.position, change.at)
    if len(definition.exceptions) > 1 and is_own(program, definition.versions[0].provenance.position):
        origin = definition.versions[0].provenance
        flipped = attrs.evolve(definition, cumulative=not definition.cumulative)
        yield _in(
            flipped,
            Kind.CUMULATIVE,
            Phrase(f"cumulable : {show(flipped.cumulative, Scalar.BOOLEAN)}", f"`cumulable`: {show(flipped.cumulative, Scalar.BOOLEAN)}"),
            origin,
            origin.position,
        )


def _of_version(program: Program, definition: Definition, place: int, version: Version) -> Iterator[Mutant]:
    origin = version.provenance
    for change in changes(program, version.body):
        versions = replaced(definition.versions, place, attrs.evolve(version, body=change.expr))
        made = attrs.evolve(definition, versions=versions)
        yield _in(made, change.kind, change.words, origin, change.at.position, change.at)


def _in(made: Definition, kind: Kind, words: Word, origin: Provenance, position: Position, node: Expr | None = None) -> Mutant:
    return Mutant(kind, words, made.name, (made,), origin.article, position, node)


def _of_exception(program: Program, definition: Definition, place: int, clause: ExceptionClause) -> Iterator[Mutant]:
    origin = clause.provenance

    def evolved(**changed: Any) -> Definition:
        return attrs.evolve(definition, exceptions=replaced(definition.exceptions, place, attrs.evolve(clause, **changed)))

    children = [other.name for other in definition.exceptions if other.parent == clause.name]
    if not children:
        left = attrs.evolve(
            definition,
            exceptions=without(definition.exceptions, place),
            undercuts=tuple(undercut for undercut in definition.undercuts if undercut.target != clause.name),
        )
        yield _in(
            left,
            Kind.EXCEPTION,
            Phrase(f"exception `{clause.name}` retirée", f"exception `{clause.name}` dropped"),
            origin,
            origin.position,
            clause.condition,
        )
    always = Literal(True, Scalar.BOOLEAN, position=clause.condition.position)
    if clause.condition != always:
        words = Phrase(f"condition de `{clause.name}` retirée", f"condition of `{clause.name}` dropped")
        yield _in(evolved(condition=always), Kind.DROPPED, words, origin, origin.position, clause.condition)
    for overridden in sorted(clause.overrides):
        words = Phrase(f"`l'emporte sur {overridden}` retiré", f"`l'emporte sur {overridden}` dropped")
        made = evolved(overrides=clause.overrides - {overridden})
        yield _in(made, Kind.PRIORITY, words, origin, origin.position, clause.condition)
    for change in changes(program, clause.condition, guard=True):
        yield _in(evolved(condition=change.expr), change.kind, change.words, origin, change.at.position, change.at)
    for change in changes(program, clause.body):
        yield _in(evolved(body=change.expr), change.kind, change.words, origin, change.at.position, change.at)


# --- parameters and dates -------------------------------------------------------------------------------------------------------


def _of_parameter(program: Program, parameter: Parameter) -> Iterator[Mutant]:
    """Write each value otherwise, and move each day on which one gives way to the next."""
    origin = parameter.provenance
    for place, dated in enumerate(parameter.values):
        for other in other_values(program, dated.value, parameter.type):
            changed = replaced(parameter.values, place, attrs.evolve(dated, value=other))
            words = f"{show(dated.value, parameter.type)} → {show(other, parameter.type)}"
            yield _with_values(parameter, changed, Kind.PARAMETER, words)
    for place, (first, second) in enumerate(pairwise(parameter.values)):
        start = second.interval.start
        if start is not None and first.interval.end == start - ONE_DAY and is_own(program, origin.position):
            for day in (start + ONE_DAY, start - ONE_DAY):
                before = attrs.evolve(first, interval=Interval(first.interval.start, day - ONE_DAY))
                after = attrs.evolve(second, interval=Interval(day, second.interval.end))
                changed = replaced(replaced(parameter.values, place, before), place + 1, after)
                yield _with_values(parameter, changed, Kind.DATE, f"depuis {start} → depuis {day}")


def _with_values(parameter: Parameter, values: tuple[DatedValue, ...], kind: Kind, words: Word) -> Mutant:
    origin = parameter.provenance
    return Mutant(kind, words, parameter.name, attrs.evolve(parameter, values=values), origin.article, origin.position)


_Clause = Version | ExceptionClause | Undercut


@attrs.frozen
class _Date:
    """A first or last day that an article, or a clause in it, gives to definitions."""

    article: str | None
    first: bool
    day: dt.date


def _of_dates(program: Program) -> Iterator[Mutant]:
    """Move each first day and each last day that the pack writes, in all that one article dates by it.

    Where one version gives way to the next, the last day of the one follows the first day of the other. No day is moved out of those on
    which the pack is in force, where nothing is judged.
    """
    dated: dict[_Date, dict[tuple[str, str], Provenance]] = {}
    for definition in program.definitions.values():
        followed = {version.interval.start for version in definition.versions}
        clauses: list[_Clause] = [*definition.versions, *definition.exceptions, *definition.undercuts]
        for clause in clauses:
            origin, interval = clause.provenance, clause.interval
            if is_own(program, origin.position):
                if interval.start is not None:
                    dated.setdefault(_Date(origin.article, True, interval.start), {}).setdefault(definition.key, origin)
                ends = interval.end is not None and not (isinstance(clause, Version) and _after(interval.end) in followed)
                if ends and interval.end is not None:
                    dated.setdefault(_Date(origin.article, False, interval.end), {}).setdefault(definition.key, origin)
    headings = {(unit.number, unit.interval.start): unit.provenance.position for unit in program.articles}
    for date, held in dated.items():
        origin = next(iter(held.values()))
        position = headings.get((date.article or "", date.day), origin.position)
        for day in (date.day + ONE_DAY, date.day - ONE_DAY):
            if day in program.interval:
                changed = tuple(_moved(program, program.definitions[key], date, day) for key in held)
                word = "depuis" if date.first else "jusqu'au"
                name = date.article if date.article is not None else changed[0].name
                yield Mutant(Kind.DATE, f"{word} {date.day} → {word} {day}", name, changed, date.article, position)


def _moved(program: Program, definition: Definition, date: _Date, day: dt.date) -> Definition:
    """Return a definition with one of its days moved; what is left without a day is left out."""

    def interval(clause: _Clause) -> Interval:
        held = clause.interval
        own = clause.provenance.article == date.article and is_own(program, clause.provenance.position)
        if date.first and own and held.start == date.day:
            return Interval(day, held.end)
        if date.first and isinstance(clause, Version) and held.end == date.day - ONE_DAY:
            return Interval(held.start, day - ONE_DAY)
        return Interval(held.start, day) if not date.first and own and held.end == date.day else held

    versions = tuple(attrs.evolve(v, interval=interval(v)) for v in definition.versions)
    exceptions = tuple(attrs.evolve(e, interval=interval(e)) for e in definition.exceptions)
    undercuts = tuple(attrs.evolve(u, interval=interval(u)) for u in definition.undercuts)
    return attrs.evolve(definition, versions=versions, exceptions=exceptions, undercuts=undercuts)


def _after(day: dt.date) -> dt.date | None:
    return day + ONE_DAY if day < dt.date.max else None
