"""From a record to its outcomes and the steps that led there: by compiled rows, and by the interpreter what they leave to it.

Compiled rows are imported by the first record that they judge, which is not the first of a pack.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING

import attrs

from optam_rules.backends.interpreter import judge as interpreter
from optam_rules.core.asking import References
from optam_rules.core.ir import Expr
from optam_rules.core.judgement import Judged, Outcome, Step
from optam_rules.core.known import KnownJudged
from optam_rules.core.program import Program
from optam_rules.core.record import Record
from optam_rules.core.steps import TracedOutcomes

if TYPE_CHECKING:
    from optam_rules.backends.row.steps import Tracer

# Records of a program that the interpreter judges before anything is compiled for it: one alone does not pay for compiling.
COLD = 2
_MAX_PROGRAMS = 64


@attrs.define(eq=False)
class _Count:
    """How many records of a program were judged so, whatever was asked of them."""

    records: int = 0


@lru_cache(maxsize=_MAX_PROGRAMS)
def _judged_of(program: Program) -> _Count:
    return _Count()


def judge(
    program: Program, record: Record, on: dt.date, *, answers: Sequence[str], assume: Mapping[str, str], references: References
) -> Judged | KnownJudged:
    """Judge a record: every answer asked has its outcome, in that order; `beyond` tells which the interpreter gave, and why."""
    return prepare(program, on, answers=answers, assume=assume, references=references)(record)


def prepare(
    program: Program, on: dt.date, *, answers: Sequence[str], assume: Mapping[str, str], references: References
) -> Callable[[Record], Judged | KnownJudged]:
    """Return what judges the records of one call, as `judge` does."""
    count = _judged_of(program)
    by_row: Callable[[Record], Judged | KnownJudged] | None = None

    def judged(record: Record) -> Judged | KnownJudged:
        nonlocal by_row
        if by_row is None:
            if count.records >= COLD:
                from optam_rules.backends.row import judge as row

                by_row = row.prepare(program, on, answers=answers, assume=assume, references=references)
                return judged(record)
            count.records += 1
            return Judged(interpreter.judge(program, record, on, answers=answers, assume=assume, references=references, trace=False))
        found = by_row(record)
        if not found.beyond:
            return found
        left = interpreter.judge(program, record, on, answers=list(found.beyond), assume=assume, references=references, trace=False)
        outcomes = {**found.outcomes, **left}
        return Judged({path: outcomes[path] for path in answers}, found.beyond)

    return judged


def judge_with_trace(
    program: Program, record: Record, on: dt.date, *, answers: Sequence[str], assume: Mapping[str, str], references: References
) -> Judged:
    """Judge a record by the interpreter, with the steps that led to each answer."""
    return prepare_with_trace(program, on, answers=answers, assume=assume, references=references)(record)


def prepare_with_trace(
    program: Program, on: dt.date, *, answers: Sequence[str], assume: Mapping[str, str], references: References
) -> Callable[[Record], Judged]:
    """Return what judges the records of one call by the interpreter, with the steps that led to each answer."""

    def judged(record: Record) -> Judged:
        return Judged(interpreter.judge(program, record, on, answers=answers, assume=assume, references=references, trace=True))

    return judged


@attrs.frozen
class Told:
    """What was made of a record, and what gives the same with its steps; `with_steps` is `None` where the outcomes hold theirs."""

    outcomes: Mapping[str, Outcome]
    with_steps: StepsLater | None


@attrs.frozen
class Telling:
    """Judges the records of one call as `prepare` does; steps are worked out once they are looked at."""

    _tell: _Tell
    _judge: Callable[[Record], Judged | KnownJudged]
    _count: _Count

    def __call__(self, record: Record) -> Told:
        """Judge a record."""
        if self._count.records < COLD:
            self._count.records += 1
            return Told(self._tell.by_reference(record), None)
        return Told(self._judge(record).outcomes, self.later(record))

    def later(self, record: Record) -> StepsLater:
        """Return what works the steps of a record out when it is called."""
        return StepsLater(self._tell, record)


def prepare_telling(
    program: Program,
    on: dt.date,
    *,
    answers: Sequence[str],
    assume: Mapping[str, str],
    references: References,
    note: str | None = None,
) -> Telling:
    """Return what judges the records of one call and tells the steps; `note` is added to the first step of each answer."""
    asked = tuple(answers)
    trace = prepare_with_trace(program, on, answers=asked, assume=assume, references=references)
    tell = _Tell(program, on, asked, assume, trace, note)
    quick = prepare(program, on, answers=asked, assume=assume, references=references)
    return Telling(tell, quick, _judged_of(program))


@attrs.define(eq=False)
class StepsLater:
    """The outcomes of a record with their steps, worked out at the first look."""

    _tell: _Tell
    _record: Record
    _found: Mapping[str, Outcome] | None = None
    steps: Mapping[str, tuple[Step, ...]] | None = None  # once worked out

    def __call__(self) -> Mapping[str, Outcome]:
        """Return the outcomes."""
        found = self._found
        if found is None:
            found = self._found = self._tell(self._record)
        return found

    def worked_out(self) -> Mapping[str, tuple[Step, ...]]:
        """Return the steps that led to each answer, by path."""
        found = self()
        self.steps = found.steps if isinstance(found, TracedOutcomes) else _StepsOf(found)
        return self.steps


@attrs.frozen
class _StepsOf(Mapping[str, tuple[Step, ...]]):
    """The steps of outcomes."""

    _outcomes: Mapping[str, Outcome]

    def __getitem__(self, path: str) -> tuple[Step, ...]:
        return self._outcomes[path].steps

    def __iter__(self) -> Iterator[str]:
        return iter(self._outcomes)

    def __len__(self) -> int:
        return len(self._outcomes)


@attrs.frozen(slots=False)
class _Tell:
    """Gives the outcomes of a record with their steps: by compiled functions, and by the interpreter what they do not give."""

    _program: Program
    _on: dt.date
    answers: tuple[str, ...]
    _assume: Mapping[str, str]
    _trace: Callable[[Record], Judged]
    _note: str | None

    @cached_property
    def _compiled(self) -> Tracer:
        from optam_rules.backends.row.steps import prepare

        return prepare(self._program, self._on, answers=self.answers, assume=self._assume)

    def __call__(self, record: Record) -> Mapping[str, Outcome]:
        compiled = self._compiled(record)
        if compiled is not None and len(compiled) == len(self.answers):
            return self._noted(compiled)
        return self._noted(_OneByOne(self, record, compiled or {}))

    def alone(self, path: str, record: Record) -> Outcome | None:
        """Return one answer where a function of its own gives it."""
        return self._compiled.alone(path, record)

    def trace(self, record: Record) -> Mapping[str, Outcome]:
        """Return the interpreter's outcomes."""
        return self._trace(record).outcomes

    def by_reference(self, record: Record) -> Mapping[str, Outcome]:
        """Return the interpreter's outcomes, with the note."""
        return self._noted(self.trace(record))

    def _noted(self, outcomes: Mapping[str, Outcome]) -> Mapping[str, Outcome]:
        """Add the note to the first step of each answer."""
        note = self._note
        return outcomes if note is None else {path: _with_note(outcome, note) for path, outcome in outcomes.items()}


@attrs.define(eq=False)
class _OneByOne(Mapping[str, Outcome]):
    """The outcomes of a record, each as it can be when it is looked at: compiled with others, alone, or all by the interpreter."""

    _tell: _Tell
    _record: Record
    _compiled: Mapping[str, Outcome]
    _by_reference: Mapping[str, Outcome] | None = None

    def __getitem__(self, path: str) -> Outcome:
        if path in self._compiled:
            return self._compiled[path]
        if self._by_reference is None:
            alone = self._tell.alone(path, self._record)
            if alone is not None:
                return alone
            self._by_reference = self._tell.trace(self._record)
        return self._by_reference[path]

    def __iter__(self) -> Iterator[str]:
        return iter(self._tell.answers)

    def __len__(self) -> int:
        return len(self._tell.answers)


def _with_note(outcome: Outcome, note: str) -> Outcome:
    if not outcome.steps:  # of an entity that the record does not tell, nothing was worked out
        return outcome
    first, *others = outcome.steps
    return attrs.evolve(outcome, steps=(attrs.evolve(first, notes=(note, *first.notes)), *others))


def appraise(program: Program, record: Record, on: dt.date, expr: Expr, *, assume: Mapping[str, str], references: References) -> Outcome:
    """Evaluate any expression on the record it is about, such as a property's condition."""
    from optam_rules.backends.row import judge as row

    outcome = row.appraise(program, record, on, expr, assume=assume, references=references)
    if isinstance(outcome, Outcome):
        return outcome
    return interpreter.appraise(program, record, on, expr, assume=assume, references=references)
