"""From a program, a record and a date to the outcome of each answer asked: the entry of the reference interpreter."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from itertools import product
from typing import cast

import attrs

from optam_rules.backends.interpreter.evaluate import MAX_STEPS, Evaluation, StepLimitError
from optam_rules.backends.interpreter.probe import Probe
from optam_rules.backends.interpreter.value import Value, known
from optam_rules.base.codes import CATALOGUE
from optam_rules.core.ir import SELF, Answer, Constant, Expr, Field, Variable
from optam_rules.core.judgement import Fault, Outcome, Status, Step
from optam_rules.core.program import Definition, Program
from optam_rules.core.record import Record
from optam_rules.core.types import EntityType

References = Mapping[str, Mapping[tuple[Constant, ...], Constant]]
# An open answer is evaluated under each combination of the readings it waits for, up to this number.
MAX_COMBINATIONS = 64
_HYPOTHESIS = "hypothèse:"

# Evaluations of one record by the readings they try, shared by its answers.
_Tried = dict[tuple[tuple[str, str], ...], Evaluation]
_Trial = tuple[str, Evaluation]


def judge(
    program: Program,
    record: Record,
    on: dt.date,
    *,
    answers: Iterable[str],
    assume: Mapping[str, str],
    references: References,
    trace: bool,
    probe: Probe | None = None,
) -> dict[str, Outcome]:
    """Judge a record: one outcome for each path of `answers` (as Program.answers lists them).

    `assume` gives the reading of named hypotheses; an answer that waits for one not given carries its alternatives. `probe` is told what
    is evaluated, each thing once, under the readings that are tried as well.
    """
    definitions = program.answers_by_path
    evaluation = Evaluation(program, record, on, assume, references, trace, probe=probe)
    tried: _Tried = {}
    return {path: _outcome(evaluation, path, definitions[path], tried) for path in answers}


def appraise(
    program: Program,
    record: Record,
    on: dt.date,
    expr: Expr,
    *,
    assume: Mapping[str, str],
    references: References,
    trace: bool = False,
) -> Outcome:
    """Evaluate any expression on the record it is about, such as a property's condition; steps in the order in which they ended."""
    evaluation = Evaluation(program, record, on, assume, references, trace)
    value = _guarded(evaluation, expr)
    return _freeze(value, expr, tuple(evaluation.steps.values()))


def _expression(program: Program, path: str, definition: Definition) -> Expr:
    position = definition.versions[0].provenance.position
    target: Expr = Variable(SELF, EntityType(program.main.name), position=position)
    field, _, rest = path.partition(".")
    if rest:
        target = Field(target, field, EntityType(definition.entity), position=position)
    return Answer(target, definition.entity, definition.name, None, definition.type, position=position)


def _guarded(evaluation: Evaluation, expr: Expr) -> Value:
    """Evaluate, an answer at a time, within the budget of steps."""
    evaluation.budget = MAX_STEPS
    try:
        return evaluation.evaluate(expr, {SELF: known(evaluation.record)})
    except StepLimitError:
        evaluation.forget_unfinished()
        return Value(Status.ERROR, fault=Fault("E606", CATALOGUE["E606"].message.format(limit=MAX_STEPS), expr.position))


def _outcome(evaluation: Evaluation, path: str, definition: Definition, tried: _Tried) -> Outcome:
    expr = _expression(evaluation.program, path, definition)
    value = _guarded(evaluation, expr)
    open_names = sorted(need.removeprefix(_HYPOTHESIS) for need in value.needs if need.startswith(_HYPOTHESIS))
    readings = [evaluation.program.hypotheses[name].readings for name in open_names]
    combinations = list(product(*readings)) if open_names else []
    if value.status is not Status.UNKNOWN or not 0 < len(combinations) <= MAX_COMBINATIONS:
        return _freeze(value, expr, _steps(evaluation, path))
    trials = [_trial(evaluation, tuple(zip(open_names, combination, strict=True)), tried) for combination in combinations]
    return _by_readings(evaluation, expr, path, value, trials)


def _trial(evaluation: Evaluation, chosen: tuple[tuple[str, str], ...], tried: _Tried) -> _Trial:
    """Return the evaluation of the same record under some readings, and the label of its alternative."""
    if chosen not in tried:
        names = dict(chosen)
        tried[chosen] = attrs.evolve(
            evaluation, readings={**evaluation.readings, **names}, tentative=frozenset(names), steps={}, base=evaluation
        )
    label = chosen[0][1] if len(chosen) == 1 else " ; ".join(f"{name}={reading}" for name, reading in chosen)
    return label, tried[chosen]


def _by_readings(evaluation: Evaluation, expr: Expr, path: str, value: Value, trials: list[_Trial]) -> Outcome:
    """Evaluate under each combination of readings: what all agree on is known, otherwise each reading's value is shown (S11)."""
    alternatives: dict[str, Outcome] = {}
    for label, trial in trials:
        tried_value = _guarded(trial, expr)
        alternatives[label] = _freeze(tried_value, expr, _steps(trial, path))
    first, *others = alternatives.values()
    if first.status is not Status.UNKNOWN and all((o.status, o.value) == (first.status, first.value) for o in others):
        return attrs.evolve(
            first,
            standing=min(outcome.standing for outcome in alternatives.values()),
            hypotheses=tuple(sorted({text for outcome in alternatives.values() for text in outcome.hypotheses})),
        )
    needs = value.needs.union(*(outcome.needs for outcome in alternatives.values()))
    shown = tuple((label, attrs.evolve(outcome, steps=())) for label, outcome in alternatives.items())
    return attrs.evolve(_freeze(value, expr, _steps(evaluation, path)), needs=needs, alternatives=shown)


def _freeze(value: Value, expr: Expr, steps: tuple[Step, ...]) -> Outcome:
    return Outcome(
        status=value.status,
        type=expr.type,
        value=cast("Constant | None", value.content) if value.known else None,
        needs=value.needs if value.status is Status.UNKNOWN else frozenset(),
        standing=value.standing,
        hypotheses=tuple(sorted(value.hypotheses)),
        fault=value.fault,
        conflict=value.conflict,
        steps=steps,
    )


def _steps(evaluation: Evaluation, path: str) -> tuple[Step, ...]:
    """Return the steps that led to an answer, its own first, each before those it read."""
    ordered: dict[str, Step] = {}
    waiting = [path]
    while waiting:
        key = waiting.pop()
        step = evaluation.step(key)
        if step is not None and key not in ordered:
            ordered[key] = step
            waiting.extend(reversed(ordered[key].reads))
    return tuple(ordered.values())
