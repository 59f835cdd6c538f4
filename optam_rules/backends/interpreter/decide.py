"""From a definition and a record to its value: the version in force, the exceptions enabled, and every completion of those unknown (S4)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import TYPE_CHECKING, cast

from optam_rules.backends.interpreter.trace import Frame, Note, ParameterSeen, StepRead
from optam_rules.core.absence import Value, as_condition, known
from optam_rules.core.choice import Guarded, choose, enabled, neutralised_by, out_of_force, resting_on_clause
from optam_rules.core.ir import SELF, Constant
from optam_rules.core.judgement import Bound, GuardRead, InputRead, Status, Step
from optam_rules.core.program import Definition, ExceptionClause, Version
from optam_rules.core.record import Record
from optam_rules.core.steps import guard_read, told_by_text

if TYPE_CHECKING:
    from optam_rules.backends.interpreter.evaluate import Environment, Evaluation


def decide_definition(evaluation: Evaluation, record: Record, definition: Definition, day: dt.date, key: str) -> Value:
    """Return the value of a definition on a record with the versions in force on `day`; add its step to the trace."""
    frame = evaluation.begin()
    version = definition.version_at(day)
    if version is None:
        value = out_of_force(definition)
        guards, reads, taken = [], [], None
        evaluation.note(Note(f"`{definition.name}` n'est pas en vigueur au {day}"))
    else:
        environment = {SELF: known(record)}
        seen = [_guard(evaluation, definition, clause, environment, day) for clause in definition.exceptions if day in clause.interval]
        guards, reads = [guard for guard, _ in seen], [read for _, read in seen]
        value, taken = choose(definition, version, guards, lambda chosen: evaluation.evaluate(chosen.body, environment))
    evaluation.end()
    if evaluation.probe is not None:
        evaluation.probe.decided(definition, version, reads, taken)
    if frame is not None:
        evaluation.steps[key] = _step(frame, key, definition, version, guards, reads, value, taken, day)
    return value


def _guard(
    evaluation: Evaluation, definition: Definition, clause: ExceptionClause, environment: Environment, day: dt.date
) -> tuple[Guarded, GuardRead]:
    """Return whether an exception is enabled, and what was seen of its condition."""
    found = evaluation.evaluate(clause.condition, environment)
    condition = as_condition(found)
    undercuts = [
        resting_on_clause(evaluation.guard(undercut.condition, environment), undercut.provenance)
        for undercut in definition.undercuts_of(clause, day)
    ]
    neutralised = neutralised_by(undercuts)
    read = guard_read(clause, _truth(condition), _truth(neutralised), not_applicable=found.status is Status.NOT_APPLICABLE)
    return Guarded(clause, enabled(condition, neutralised, clause.provenance)), read


def _truth(value: Value) -> bool | None:
    return bool(value.content) if value.known else None


def _step(
    frame: Frame,
    key: str,
    definition: Definition,
    version: Version | None,
    guards: Sequence[Guarded],
    reads: Sequence[GuardRead],
    value: Value,
    taken: str | None,
    day: dt.date,
) -> Step:
    clause = next((guard.clause for guard in guards if guard.clause.name == taken), None)
    chosen = clause or version
    events = list(dict.fromkeys(frame.events))
    content = None if isinstance(value.content, Record) else cast("Constant | None", value.content)
    return Step(
        **told_by_text(definition, chosen),
        key=key,
        status=value.status,
        value=content,
        standing=value.standing,
        hypotheses=tuple(sorted(value.hypotheses)),
        guards=tuple(reads),
        bounds=tuple(event for event in events if isinstance(event, Bound)),
        inputs=tuple(event for event in events if isinstance(event, InputRead)),
        parameters=tuple((event.name, event.value, event.type) for event in events if isinstance(event, ParameterSeen)),
        reads=tuple(event.key for event in events if isinstance(event, StepRead)),
        notes=(*(chosen.provenance.remarks(day) if chosen else ()), *(event.text for event in events if isinstance(event, Note))),
        fault=value.fault,
        conflict=value.conflict,
        needs=value.needs,
    )
