"""From a definition and a record to its value: the version in force, the exceptions enabled, and every completion of those unknown (S4)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from itertools import product
from typing import TYPE_CHECKING, cast

import attrs

from optam_rules.backends.interpreter.trace import Frame, Note, ParameterSeen, StepRead
from optam_rules.backends.interpreter.value import (
    FALSE,
    NOT_APPLICABLE,
    Value,
    all_needs,
    join,
    kleene,
    known,
    negation,
    weakest,
)
from optam_rules.base.calendar import Interval
from optam_rules.core.ir import SELF, Constant
from optam_rules.core.judgement import Bound, GuardRead, InputRead, Status, Step
from optam_rules.core.program import Definition, ExceptionClause, Provenance, Version
from optam_rules.core.record import Record

if TYPE_CHECKING:
    from optam_rules.backends.interpreter.evaluate import Environment, Evaluation

# More unknown exceptions of one definition than this are not completed one by one: the answer is then unknown.
MAX_COMPLETED = 12


@attrs.frozen
class _Guard:
    """An exception in force, whether it is enabled (a boolean value), and what was seen of its condition."""

    clause: ExceptionClause
    enabled: Value
    read: GuardRead


def decide_definition(evaluation: Evaluation, record: Record, definition: Definition, day: dt.date, key: str) -> Value:
    """Return the value of a definition on a record with the versions in force on `day`; add its step to the trace."""
    frame = evaluation.begin()
    version = definition.version_at(day)
    if version is None:
        origins = [version.provenance for version in definition.versions]
        value = NOT_APPLICABLE.resting_on(min(origin.standing for origin in origins), frozenset())
        guards, taken = [], None
        evaluation.note(Note(f"`{definition.name}` n'est pas en vigueur au {day}"))
    else:
        environment = {SELF: known(record)}
        guards = [_guard(evaluation, definition, clause, environment, day) for clause in definition.exceptions if day in clause.interval]
        value, taken = _choose(evaluation, definition, version, guards, environment)
    evaluation.end()
    if evaluation.probe is not None:
        evaluation.probe.decided(definition, version, [guard.read for guard in guards], taken)
    if frame is not None:
        evaluation.steps[key] = _step(frame, key, definition, version, guards, value, taken, day)
    return value


def _guard(evaluation: Evaluation, definition: Definition, clause: ExceptionClause, environment: Environment, day: dt.date) -> _Guard:
    condition = evaluation.evaluate(clause.condition, environment)
    not_applicable = condition.status is Status.NOT_APPLICABLE
    if not_applicable:
        condition = attrs.evolve(condition, status=Status.KNOWN, content=False)
    undercuts = [
        evaluation.guard(undercut.condition, environment).resting_on(undercut.provenance.standing, own_hypothesis(undercut.provenance))
        for undercut in definition.undercuts
        if undercut.target == clause.name and day in undercut.interval
    ]
    neutralised = kleene(undercuts, deciding=True)[0] if undercuts else FALSE
    enabled = kleene([condition, negation(neutralised)], deciding=False)[0]
    origin = clause.provenance
    read = GuardRead(
        clause.name, origin.article, origin.position, _truth(condition), _truth(neutralised), origin.standing, origin.source, not_applicable
    )
    return _Guard(clause, enabled.resting_on(origin.standing, own_hypothesis(origin)), read)


def _truth(value: Value) -> bool | None:
    return bool(value.content) if value.known else None


def own_hypothesis(origin: Provenance) -> frozenset[str]:
    """Return the reason of a clause that is an unnamed hypothesis of ours."""
    return frozenset({origin.hypothesis} if origin.hypothesis else ())


def _choose(
    evaluation: Evaluation, definition: Definition, version: Version, guards: Sequence[_Guard], environment: Environment
) -> tuple[Value, str | None]:
    """Return the value, and the name of the exception that gave it where one did for sure."""
    bodies: dict[str, Value] = {}

    def body(chosen: ExceptionClause | Version) -> Value:
        name = chosen.name if isinstance(chosen, ExceptionClause) else ""
        if name not in bodies:
            value = evaluation.evaluate(chosen.body, environment)
            bodies[name] = value.resting_on(chosen.provenance.standing, own_hypothesis(chosen.provenance))
        return bodies[name]

    enabled = [guard.enabled for guard in guards]
    broken = [value for value in enabled if value.status in (Status.CONFLICT, Status.ERROR)]
    if broken:
        worst = next((value for value in broken if value.status is Status.CONFLICT), broken[0])
        return worst.resting_on(*weakest(enabled)), None
    sure = [guard.clause for guard in guards if guard.enabled.content]
    doubtful = [guard.clause for guard in guards if guard.enabled.status is Status.UNKNOWN]
    needs = all_needs(enabled)
    if len(doubtful) > MAX_COMPLETED:
        everything: list[ExceptionClause | Version] = [version, *sure, *doubtful]
        return Value(Status.UNKNOWN, needs=needs | all_needs(body(chosen) for chosen in everything)), None
    outcomes: dict[tuple[str, ...], Value] = {}
    for completion in product((True, False), repeat=len(doubtful)):
        held = [*sure, *(clause for clause, holds in zip(doubtful, completion, strict=True) if holds)]
        left = _undefeated(definition, held)
        names = tuple(clause.name for clause in left)
        if names not in outcomes:
            outcomes[names] = _outcome(definition, left, body) if left else body(version)
    value = join(list(outcomes.values()), needs).resting_on(*weakest(enabled))
    only = next(iter(outcomes)) if len(outcomes) == 1 else ()
    return value, only[0] if len(only) == 1 else None


def _undefeated(definition: Definition, held: Sequence[ExceptionClause]) -> list[ExceptionClause]:
    """Drop what an enabled exception overrides and the ancestors of enabled ones; where nothing is left, all of them stand."""
    parents = {clause.name: clause.parent for clause in definition.exceptions}
    defeated: set[str] = set()
    for clause in held:
        defeated |= clause.overrides
        ancestor = clause.parent
        while ancestor in parents:
            defeated.add(ancestor)
            ancestor = parents[ancestor]
    left = [clause for clause in held if clause.name not in defeated]
    return left or list(held)


def _outcome(definition: Definition, left: Sequence[ExceptionClause], body: Callable[[ExceptionClause], Value]) -> Value:
    """Return what the exceptions that stand give: one gives its value, several a conflict unless the rule is `cumulable` and they agree."""
    if len(left) == 1:
        return body(left[0])
    if definition.cumulative:
        values = [body(clause) for clause in left]
        agreed = join(values, frozenset())
        if agreed.status is not Status.UNKNOWN or any(value.status is Status.UNKNOWN for value in values):
            return agreed
    standing = min(clause.provenance.standing for clause in left)
    return Value(Status.CONFLICT, standing=standing, conflict=tuple(clause.provenance.position for clause in left))


def _step(
    frame: Frame,
    key: str,
    definition: Definition,
    version: Version | None,
    guards: Sequence[_Guard],
    value: Value,
    taken: str | None,
    day: dt.date,
) -> Step:
    clause = next((guard.clause for guard in guards if guard.clause.name == taken), None)
    origin = clause.provenance if clause else version.provenance if version else None
    interval = clause.interval if clause else version.interval if version else Interval()
    events = list(dict.fromkeys(frame.events))
    content = None if isinstance(value.content, Record) else cast("Constant | None", value.content)
    return Step(
        key=key,
        definition=definition.name,
        label=definition.label,
        article=origin.article if origin else None,
        reference=origin.reference if origin else None,
        position=origin.position if origin else None,
        status=value.status,
        value=content,
        type=definition.type,
        standing=value.standing,
        source=origin.source if origin else None,
        hypotheses=tuple(sorted(value.hypotheses)),
        taken=taken,
        guards=tuple(guard.read for guard in guards),
        bounds=tuple(event for event in events if isinstance(event, Bound)),
        inputs=tuple(event for event in events if isinstance(event, InputRead)),
        parameters=tuple((event.name, event.value, event.type) for event in events if isinstance(event, ParameterSeen)),
        reads=tuple(event.key for event in events if isinstance(event, StepRead)),
        notes=(*(origin.remarks(day) if origin else ()), *(event.text for event in events if isinstance(event, Note))),
        fault=value.fault,
        conflict=value.conflict,
        needs=value.needs,
        interval=(interval.start, interval.end),
        amendment=origin.amendment if origin else None,
    )
