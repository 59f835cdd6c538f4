"""What must hold, as data: each obligation is the questions it puts to a program, or to two, and which answers break it.

Nothing here draws records or proves anything: `prove.discharge` does.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from typing import assert_never, cast

import attrs

from optam_rules.base.calendar import ALWAYS, Interval
from optam_rules.base.numbers import Number
from optam_rules.base.phrases import Phrase
from optam_rules.core.compute import order_key
from optam_rules.core.ir import SELF, Answer, Apply, Constant, Expr, Field, NotApplicable, Variable
from optam_rules.core.judgement import Outcome, Status
from optam_rules.core.operators import Operator
from optam_rules.core.program import Definition, Program, Property
from optam_rules.core.reach import reachable
from optam_rules.core.types import EntityType

# What an unknown may wait for besides data of the record.
_OUTSIDE = ("hypothèse:", "référentiel:", "inconnu:")
# The days looked at where neither the obligation nor its programs bound them.
_FIRST, _LAST = dt.date(1970, 1, 1), dt.date(2030, 12, 31)


@attrs.frozen
class Side:
    """One side of a comparison: a program, readings that it fixes, and a day that it fixes (`None`: each day of the interval)."""

    program: Program
    readings: Mapping[str, str] = attrs.field(factory=dict)
    day: dt.date | None = None


@attrs.frozen
class Holds:
    """A property of a program is never false, and never a conflict or an error."""

    program: Program
    invariant: Property


@attrs.frozen
class NeverConflicts:
    """A definition never answers a conflict. `path` is that of an answer, or `entity.definition`."""

    program: Program
    path: str


@attrs.frozen
class NeverErrs:
    """A definition never answers an error value."""

    program: Program
    path: str


@attrs.frozen
class Total:
    """On a record that gives every datum, a definition in force has a value, or waits for the law or the caller's tables alone."""

    program: Program
    path: str


@attrs.frozen
class SameAnswer:
    """Two sides give the same status and the same value. Paths as in NeverConflicts."""

    old: Side
    new: Side
    old_path: str
    new_path: str
    interval: Interval = ALWAYS


@attrs.frozen
class NeverHigher:
    """Where both sides have a value, the new one is at most the old one."""

    old: Side
    new: Side
    old_path: str
    new_path: str
    interval: Interval = ALWAYS


@attrs.frozen
class NeverLower:
    """Where both sides have a value, the new one is at least the old one."""

    old: Side
    new: Side
    old_path: str
    new_path: str
    interval: Interval = ALWAYS


Comparison = SameAnswer | NeverHigher | NeverLower
Standing = NeverConflicts | NeverErrs | Total
Obligation = Holds | Standing | Comparison


@attrs.frozen
class Question:
    """An expression put to one side; the record it is about is of `entity`."""

    side: Side
    entity: str
    expr: Expr


def questions(obligation: Obligation) -> tuple[Question, ...]:
    """Return the questions of an obligation, the old side's first. Raises KeyError for a path that its program does not have."""
    match obligation:
        case Holds(program, invariant):
            return (Question(Side(program), invariant.entity, invariant.condition),)
        case NeverConflicts(program, path) | NeverErrs(program, path) | Total(program, path):
            return (_ask(Side(program), path),)
        case SameAnswer() | NeverHigher() | NeverLower():
            return _ask(obligation.old, obligation.old_path), _ask(obligation.new, obligation.new_path)
        case _:
            assert_never(obligation)


def broken(obligation: Obligation, outcomes: Sequence[Outcome]) -> bool:
    """Tell whether the answers to its questions break an obligation."""
    first, last = outcomes[0], outcomes[-1]
    match obligation:
        case Holds():
            return first.status in (Status.CONFLICT, Status.ERROR) or first.value is False
        case NeverConflicts():
            return first.status is Status.CONFLICT
        case NeverErrs():
            return first.status is Status.ERROR
        case Total():
            waits = first.status is Status.UNKNOWN and any(not need.startswith(_OUTSIDE) for need in first.needs)
            return waits or first.status is Status.NOT_APPLICABLE
        case SameAnswer():
            return (first.status, first.value) != (last.status, last.value)
        case NeverHigher():
            return _both_known(outcomes) and _order(last) > _order(first)
        case NeverLower():
            return _both_known(outcomes) and _order(last) < _order(first)
        case _:
            assert_never(obligation)


def decided(obligation: Obligation, outcomes: Sequence[Outcome]) -> bool:
    """Tell whether answers say anything about an obligation: on unknowns alone, its holding would mean nothing."""
    if isinstance(obligation, Holds):
        return outcomes[0].status is Status.KNOWN
    if isinstance(obligation, SameAnswer):
        return any(outcome.status is not Status.UNKNOWN for outcome in outcomes)
    return all(outcome.status is not Status.UNKNOWN for outcome in outcomes)


def needs_everything(obligation: Obligation) -> bool:
    """Tell whether an obligation speaks of records that give every datum only."""
    return isinstance(obligation, Total)


def survives_more_knowledge(obligation: Obligation) -> bool:
    """Tell whether what breaks an obligation on a partial record breaks it on every completion of that record (S3).

    Then a proof over complete records covers the partial ones. Not so where two answers are compared as unknown too, nor where
    something that is read looks at what is declared rather than at the facts.
    """
    if isinstance(obligation, SameAnswer):
        return False
    parts = (part for question in questions(obligation) for part in reachable(question.side.program, question.expr))
    return not any(isinstance(part, Apply) and part.operator in (Operator.IS_KNOWN, Operator.DEFAULT) for part in parts)


def window(obligation: Obligation) -> Interval:
    """Return the days that an obligation is about: always bounded, and never past the day up to which a pack was checked."""
    asked = questions(obligation)
    interval = obligation.invariant.interval if isinstance(obligation, Holds) else getattr(obligation, "interval", ALWAYS)
    for question in asked:
        program = question.side.program
        interval = interval.intersect(program.interval)
        if question.side.day is None and isinstance(obligation, NeverConflicts | NeverErrs | Total):
            interval = interval.intersect(_in_force(definition_at(program, obligation.path)))
    lasts = [day for question in asked if (day := question.side.program.verified) is not None]
    start = interval.start or _FIRST
    end = min([day for day in (interval.end, *lasts) if day is not None], default=_LAST)
    return Interval(start, end)


def title(obligation: Obligation) -> Phrase:
    """Say an obligation in a few words; a property by its own title."""
    match obligation:
        case Holds():
            return Phrase(obligation.invariant.title, obligation.invariant.title)
        case NeverConflicts():
            return Phrase(f"`{obligation.path}` n'est jamais en conflit", f"`{obligation.path}` is never in conflict")
        case NeverErrs():
            return Phrase(f"`{obligation.path}` n'est jamais une erreur", f"`{obligation.path}` is never an error")
        case Total():
            return Phrase(
                f"`{obligation.path}` a une valeur quand tout est donné", f"`{obligation.path}` has a value when everything is given"
            )
        case SameAnswer():
            return Phrase(f"`{obligation.old_path}` ne change pas", f"`{obligation.old_path}` does not change")
        case NeverHigher():
            return Phrase(f"`{obligation.new_path}` n'augmente jamais", f"`{obligation.new_path}` never rises")
        case NeverLower():
            return Phrase(f"`{obligation.new_path}` ne baisse jamais", f"`{obligation.new_path}` never falls")
        case _:
            assert_never(obligation)


def standing_obligations(program: Program) -> Iterator[Standing]:
    """Yield what every pack owes for each of its definitions: no conflict within reach, no error value, a value where it is total.

    A definition that says `sans objet` itself, or reads one that does, owes no value.
    """
    paths = {definition.key: path for path, definition in reversed(list(program.answers()))}
    for key in program.definitions:
        path = paths.get(key, ".".join(key))
        read = list(reachable(program, _ask(Side(program), path).expr))
        keys = {(part.entity, part.name) for part in read if isinstance(part, Answer)}
        if any(len(program.definitions[other].exceptions) > 1 for other in keys):
            yield NeverConflicts(program, path)
        yield NeverErrs(program, path)
        if not any(isinstance(part, NotApplicable) for part in read):
            yield Total(program, path)


def definition_at(program: Program, path: str) -> Definition:
    """Return the definition that a path names: an answer's, or `entity.definition`. Raises KeyError."""
    found = program.answers_by_path.get(path)
    if found is not None:
        return found
    entity, _, name = path.partition(".")
    return program.definitions[entity, name]


def _ask(side: Side, path: str) -> Question:
    program = side.program
    definition = definition_at(program, path)
    position = definition.versions[0].provenance.position
    main = program.main.name
    target: Expr
    if path not in program.answers_by_path:
        entity, target = definition.entity, Variable(SELF, EntityType(definition.entity), position=position)
    else:
        entity, target = main, Variable(SELF, EntityType(main), position=position)
        field, _, rest = path.partition(".")
        if rest:
            target = Field(target, field, EntityType(definition.entity), position=position)
    return Question(side, entity, Answer(target, definition.entity, definition.name, None, definition.type, position=position))


def _in_force(definition: Definition) -> Interval:
    """Return the days from the first to the last on which a definition is in force."""
    starts, ends = [v.interval.start for v in definition.versions], [v.interval.end for v in definition.versions]
    return Interval(
        None if None in starts else min(cast("list[dt.date]", starts)),
        None if None in ends else max(cast("list[dt.date]", ends)),
    )


def _both_known(outcomes: Sequence[Outcome]) -> bool:
    return all(outcome.status is Status.KNOWN for outcome in outcomes)


def _order(outcome: Outcome) -> Number:
    return cast("Number", order_key(cast("Constant", outcome.value)))
