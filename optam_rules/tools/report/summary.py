"""Results, as they come, turned into what a page says of all of them: counts, what is missing most often, rates beside their cap."""

from __future__ import annotations

from collections import Counter
from fractions import Fraction
from typing import cast

import attrs

from optam_rules.base.numbers import Number
from optam_rules.core.ir import Apply, Constant, Expr, Literal, ParameterRead
from optam_rules.core.judgement import Status
from optam_rules.core.operators import Operator
from optam_rules.core.program import Program
from optam_rules.core.types import Scalar
from optam_rules.core.walk import subexpressions
from optam_rules.interop.judgements import Judged, Result


@attrs.define
class AnswerCounts:
    """What became of one answer over all records: how many of each status, of each standing where known, and its known rates."""

    statuses: Counter[Status] = attrs.field(factory=Counter)
    standings: Counter[str] = attrs.field(factory=Counter)
    rates: Counter[Number] = attrs.field(factory=Counter)


@attrs.define
class Summary:
    """What is said of all results; `missing` counts the records in which an answer waits for something, by what it waits for."""

    judged: int = 0
    refused: int = 0
    answers: dict[str, AnswerCounts] = attrs.field(factory=dict)
    missing: Counter[str] = attrs.field(factory=Counter)
    faults: Counter[str] = attrs.field(factory=Counter)

    def add(self, result: Result) -> None:
        """Count one result."""
        if not isinstance(result, Judged):
            self.refused += 1
            self.faults.update(sorted({fault.code for fault in result.diagnostics}))
            return
        self.judged += 1
        self.missing.update(sorted({need for answer in result.judgement.answers.values() for need in answer.needs}))
        for name, answer in result.judgement.answers.items():
            counts = self.answers.setdefault(name, AnswerCounts())
            counts.statuses[answer.status] += 1
            if answer.status is Status.KNOWN:
                counts.standings[answer.standing] += 1
                if answer.outcome.type is Scalar.RATE:
                    counts.rates[cast("Number", answer.outcome.value)] += 1


def caps(program: Program, path: str) -> tuple[Fraction, ...]:
    """Return the caps that the clauses of an answer name, over all dates, in order: constants, and values of parameters."""
    definition = program.answers_by_path[path]
    found: set[Fraction] = set()
    for expr in (part for whole in definition.expressions() for part in subexpressions(whole)):
        if isinstance(expr, Apply) and expr.operator is Operator.CAP and expr.type is Scalar.RATE:
            found.update(Fraction(cast("Number", value)) for value in _constants(program, expr.operands[1]))
    return tuple(sorted(found))


def _constants(program: Program, expr: Expr) -> list[Constant]:
    if isinstance(expr, Literal):
        return [expr.value]
    if isinstance(expr, ParameterRead):
        return [dated.value for dated in program.parameters[expr.name].values]
    return []
