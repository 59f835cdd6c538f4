"""From a program, a frame of records and a date to a column for each answer asked: the entry of the columnar backend."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import product
from typing import cast

import attrs
import numpy as np

from optam_rules.backends.columnar.content import CannotError
from optam_rules.backends.columnar.frame import Frame
from optam_rules.backends.columnar.plan import Plan, Scope
from optam_rules.backends.columnar.ratio import Array
from optam_rules.backends.columnar.vector import (
    RECOMPUTE,
    UNKNOWN,
    Low,
    Vec,
    all_rows,
    chosen,
    lower,
    same,
    united,
    within,
)
from optam_rules.core.asking import HYPOTHESIS_NEED, MAX_COMBINATIONS, Readings, References, asked_expression
from optam_rules.core.clauses import clause_codes
from optam_rules.core.ir import Answer
from optam_rules.core.program import Definition, Program
from optam_rules.core.types import Type


@attrs.frozen(eq=False)
class AnswerColumn:
    """An answer of every record: its values, and for each the clause that gave it (a place in `codes`, -1 where none did).

    Rows of status RECOMPUTE were not judged.
    """

    type: Type
    value: Vec
    clauses: Array
    codes: tuple[str, ...]


@attrs.frozen(eq=False)
class Columns:
    """The answers of a batch by path, why some rows were left to be judged one by one, and which rows a compiled loop judged, if any."""

    answers: Mapping[str, AnswerColumn]
    reasons: tuple[str, ...]
    fused: Array | None = None


def judge_frame(
    program: Program,
    frame: Frame,
    on: dt.date,
    *,
    answers: Iterable[str],
    assume: Mapping[str, str],
    references: References,
) -> Columns:
    """Judge the records of a frame: what the interpreter answers for each of them, or RECOMPUTE."""
    return judge_plan(Plan(program, on, assume, references), frame, answers)


def judge_plan(plan: Plan, frame: Frame, answers: Iterable[str]) -> Columns:
    """Judge the records of a frame by a plan, which keeps what it has worked out for that frame."""
    trials: dict[Readings, Plan] = {}
    definitions = plan.program.answers_by_path
    with np.errstate(all="ignore"):  # what is not known may divide by zero; its result is never read
        found = {path: _answer(plan, frame, path, definitions[path], trials) for path in answers}
    return Columns(found, tuple(plan.reasons))


def broken_controls(program: Program, frame: Frame) -> Array:
    """Tell which records may break a control of their entity: those of which a condition is known to be false."""
    plan = Plan(program, dt.date.min, {}, {})
    broken = np.zeros(frame.size, bool)
    for control in frame.spec.controls:
        try:
            broken |= plan.evaluate(control.condition, Scope.of(frame)).is_truth(False)
        except CannotError:
            return np.ones(frame.size, bool)
    return broken


def _answer(plan: Plan, frame: Frame, path: str, definition: Definition, trials: dict[Readings, Plan]) -> AnswerColumn:
    expr = cast("Answer", asked_expression(plan.program, path, definition))
    value, clauses = _evaluated(plan, frame, expr, definition)
    codes = clause_codes(definition, plan.day)
    for names, rows in _open(value):
        readings = [plan.program.hypotheses[name].readings for name in names]
        combinations = [tuple(zip(names, combination, strict=True)) for combination in product(*readings)]
        if len(combinations) <= MAX_COMBINATIONS:
            tried = [_evaluated(_trial(plan, combination, trials), frame, expr, definition) for combination in combinations]
            value, clauses = _by_readings(value, clauses, rows, tried)
    return AnswerColumn(definition.type, value, clauses, codes)


def _evaluated(plan: Plan, frame: Frame, expr: Answer, definition: Definition) -> tuple[Vec, Array]:
    """Return the values of an answer, one element a row, and the clause of each."""
    scope = Scope.of(frame)
    try:
        value = plan.finished(expr, scope)
    except CannotError as error:
        plan.reasons[str(error)] = None
        return all_rows(RECOMPUTE), np.full(frame.size, -1)
    target = plan.evaluate(expr.target, scope)
    clauses = plan.clauses(target, definition, frame.size)
    return value, clauses


def _trial(plan: Plan, combination: Readings, trials: dict[Readings, Plan]) -> Plan:
    if combination not in trials:
        names = dict(combination)
        trials[combination] = Plan(
            plan.program, plan.day, {**plan.readings, **names}, plan.references, frozenset(names), plan, plan.reasons
        )
    return trials[combination]


def _open(value: Vec) -> Iterator[tuple[tuple[str, ...], Array]]:
    """Yield each set of open questions that some unknown rows wait for, names sorted, and those rows."""
    if value.status is None:
        return
    waiting = {need.removeprefix(HYPOTHESIS_NEED): mask for need, mask in value.needs.items() if need.startswith(HYPOTHESIS_NEED)}
    names = sorted(waiting)
    unknown = value.status == UNKNOWN
    for held in product((True, False), repeat=len(names)):
        rows = unknown
        for name, wanted in zip(names, held, strict=True):
            rows = rows & (waiting[name] if wanted else ~waiting[name])
        if any(held) and rows.any():
            yield tuple(name for name, wanted in zip(names, held, strict=True) if wanted), rows


def _by_readings(value: Vec, clauses: Array, rows: Array, tried: Sequence[tuple[Vec, Array]]) -> tuple[Vec, Array]:
    """Settle the rows that wait for open questions: known where every reading gives one same answer (S11)."""
    first, first_clauses = tried[0]
    agree = rows & ~first.among(UNKNOWN, RECOMPUTE)
    standing: Low = first.standing
    lost = first.among(RECOMPUTE)
    for other, _ in tried[1:]:
        agree = agree & same(first, other)
        standing = lower(standing, other.standing)
        lost = lost | other.among(RECOMPUTE)
    settled = chosen(agree, attrs.evolve(first, standing=standing, needs={}), value)
    more = within(united([vec.needs for vec, _ in tried]), rows & ~agree)
    settled = attrs.evolve(settled, needs=united([settled.needs, more]))
    lost = rows & lost
    if lost.any() and settled.status is not None:
        settled = attrs.evolve(settled, status=np.where(lost, np.int8(RECOMPUTE), settled.status))
    return settled, np.where(agree, first_clauses, clauses)
