"""From a program, a record and a date to the outcome of each answer asked: the entry of the reference interpreter."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping

import attrs

from optam_rules.backends.interpreter.evaluate import Evaluation, StepLimitError
from optam_rules.backends.interpreter.probe import Probe
from optam_rules.core.absence import Value, fault, known
from optam_rules.core.asking import MAX_STEPS, Readings, References, asked_expression, freeze, label_of, readings_to_try, settled
from optam_rules.core.ir import SELF, Expr
from optam_rules.core.judgement import Outcome
from optam_rules.core.program import Definition, Program
from optam_rules.core.record import Record
from optam_rules.core.steps import steps_from

# Evaluations of one record by the readings they try, shared by its answers.
_Tried = dict[Readings, Evaluation]


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
    probe: Probe | None = None,
) -> Outcome:
    """Evaluate any expression on the record it is about, such as a property's condition; steps in the order in which they ended."""
    evaluation = Evaluation(program, record, on, assume, references, trace, probe=probe)
    value = _guarded(evaluation, expr)
    return freeze(value, expr.type, tuple(evaluation.steps.values()))


def _guarded(evaluation: Evaluation, expr: Expr) -> Value:
    """Evaluate, an answer at a time, within the budget of steps."""
    evaluation.budget = MAX_STEPS
    try:
        return evaluation.evaluate(expr, {SELF: known(evaluation.record)})
    except StepLimitError:
        evaluation.forget_unfinished()
        return fault("E606", expr.position, limit=MAX_STEPS)


def _outcome(evaluation: Evaluation, path: str, definition: Definition, tried: _Tried) -> Outcome:
    program = evaluation.program
    expr = asked_expression(program, path, definition)
    value = _guarded(evaluation, expr)
    outcome = freeze(value, expr.type, steps_from(path, evaluation.step))
    combinations = readings_to_try(program, value)
    if not combinations:
        return outcome
    alternatives = {label_of(chosen): _under(_trial(evaluation, chosen, tried), expr, path) for chosen in combinations}
    return settled(outcome, value.needs, alternatives)


def _trial(evaluation: Evaluation, chosen: Readings, tried: _Tried) -> Evaluation:
    """Return the evaluation of the same record under some readings."""
    if chosen not in tried:
        names = dict(chosen)
        tried[chosen] = attrs.evolve(
            evaluation, readings={**evaluation.readings, **names}, tentative=frozenset(names), steps={}, base=evaluation
        )
    return tried[chosen]


def _under(trial: Evaluation, expr: Expr, path: str) -> Outcome:
    value = _guarded(trial, expr)
    return freeze(value, expr.type, steps_from(path, trial.step))
