"""From records that tell all that is read to outcomes with the steps that led to them, by compiled functions."""

from __future__ import annotations

import datetime as dt
from bisect import bisect_right
from collections.abc import Callable, Mapping
from functools import lru_cache

import attrs

from optam_rules.backends.row.judge import WARM
from optam_rules.backends.row.periods import days_of_traces
from optam_rules.core.judgement import Outcome, Step
from optam_rules.core.known import PartialError
from optam_rules.core.program import Program
from optam_rules.core.record import Record
from optam_rules.core.steps import TracedOutcomes

_MAX_PLANS = 256  # of some answers together, and of answers alone


@attrs.define(eq=False)
class Tracer:
    """Gives the outcomes of records with their steps, by functions that are compiled once `warm` records came that want them."""

    _plan: _Plan
    _on: dt.date
    _warm: int

    def __call__(self, record: Record) -> TracedOutcomes | None:
        """Return the outcomes of all answers that one function gives; `None` where the record does not tell all that it reads."""
        return self._plan.outcomes(record, self._on, self._warm)

    def alone(self, path: str, record: Record) -> Outcome | None:
        """Return the outcome of an answer of a record that does not tell all that others read; `None` where it is not compiled."""
        if self._plan.refused <= self._warm:
            return None
        found = self._plan.alone(path).outcomes(record, self._on, 0)
        return None if found is None else found[path]


def prepare(program: Program, on: dt.date, *, answers: tuple[str, ...], assume: Mapping[str, str], warm: int = WARM) -> Tracer:
    """Return what gives the steps of the records of one call."""
    period = bisect_right(days_of_traces(program), on)
    return Tracer(_plan(program, answers, period, tuple(sorted(assume.items()))), on, warm)


@attrs.define(eq=False)
class _Plan:
    """How to give the steps of some answers, on the days of one period."""

    program: Program
    answers: tuple[str, ...]
    period: int
    assume: tuple[tuple[str, str], ...]
    seen: int = 0
    refused: int = 0  # records that the function gave up
    settled: bool = False  # whether the function was compiled, or cannot be
    function: Callable[[Record, dt.date], dict[str, tuple[Step, ...]]] | None = None

    def outcomes(self, record: Record, on: dt.date, warm: int) -> TracedOutcomes | None:
        """Return what the function gives of a record."""
        if not self.settled:
            self.seen += 1
            if self.seen <= warm:
                return None
            self._settle(on)
        if self.function is not None:
            try:
                return TracedOutcomes(self.function(record, on))
            except PartialError:
                pass
        self.refused += 1
        return None

    def alone(self, path: str) -> _Plan:
        """Return how to give the steps of one of the answers."""
        return _plan(self.program, (path,), self.period, self.assume)

    def _settle(self, on: dt.date) -> None:
        from optam_rules.backends.row.traced import compile_traced  # what a few records do without

        self.settled = True
        self.function = compile_traced(self.program, self.answers, on, dict(self.assume))


@lru_cache(maxsize=_MAX_PLANS)
def _plan(program: Program, answers: tuple[str, ...], period: int, assume: tuple[tuple[str, str], ...]) -> _Plan:
    return _Plan(program, answers, period, assume)
