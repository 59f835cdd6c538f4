"""From a record to its outcomes: by compiled rows, and by the interpreter where a trace is asked and for what they leave to it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence

from optam_rules.backends.interpreter import judge as interpreter
from optam_rules.backends.row import judge as row
from optam_rules.core.asking import References
from optam_rules.core.ir import Expr
from optam_rules.core.judgement import Judged, Outcome
from optam_rules.core.program import Program
from optam_rules.core.record import Record


def judge(
    program: Program, record: Record, on: dt.date, *, answers: Sequence[str], assume: Mapping[str, str], references: References
) -> Judged:
    """Judge a record: every answer asked has its outcome, in that order; `beyond` tells which the interpreter gave, and why."""
    judged = row.judge(program, record, on, answers=answers, assume=assume, references=references)
    if not judged.beyond:
        return judged
    left = interpreter.judge(program, record, on, answers=list(judged.beyond), assume=assume, references=references, trace=False)
    found = {**judged.outcomes, **left}
    return Judged({path: found[path] for path in answers}, judged.beyond)


def judge_with_trace(
    program: Program, record: Record, on: dt.date, *, answers: Sequence[str], assume: Mapping[str, str], references: References
) -> Judged:
    """Judge a record by the interpreter, with the steps that led to each answer."""
    return Judged(interpreter.judge(program, record, on, answers=answers, assume=assume, references=references, trace=True))


def appraise(program: Program, record: Record, on: dt.date, expr: Expr, *, assume: Mapping[str, str], references: References) -> Outcome:
    """Evaluate any expression on the record it is about, such as a property's condition."""
    outcome = row.appraise(program, record, on, expr, assume=assume, references=references)
    if isinstance(outcome, Outcome):
        return outcome
    return interpreter.appraise(program, record, on, expr, assume=assume, references=references)
