"""From a program, a record and a date to the outcome of each answer asked, by compiled functions and without trace."""

from __future__ import annotations

import datetime as dt
from bisect import bisect_right
from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache

import attrs

from optam_rules.backends.row.partial import Function, compile_definition, compile_expression
from optam_rules.backends.row.periods import changes, days_of_rules
from optam_rules.backends.row.state import BeyondError, State
from optam_rules.base.calendar import Interval
from optam_rules.core.absence import Value
from optam_rules.core.asking import Readings, References, freeze, label_of, readings_to_try, settled
from optam_rules.core.ir import Expr, ParameterRead
from optam_rules.core.judgement import Judged, Outcome
from optam_rules.core.known import KnownJudged, Layout, PartialError
from optam_rules.core.paths import one_way_to_each
from optam_rules.core.program import Definition, Program
from optam_rules.core.record import Record
from optam_rules.core.walk import subexpressions

# Programs whose compiled functions are kept.
_MAX_PROGRAMS = 32
_MAX_EXPRESSIONS = 256
_MAX_PLANS = 64
# Records of one plan judged before a function of whole records is compiled for it.
WARM = 20
_NONE: Readings = ()


def judge(
    program: Program, record: Record, on: dt.date, *, answers: Iterable[str], assume: Mapping[str, str], references: References
) -> Judged | KnownJudged:
    """Judge a record: one outcome for each path of `answers`, the interpreter's but for its steps."""
    return prepare(program, on, answers=answers, assume=assume, references=references)(record)


def prepare(
    program: Program, on: dt.date, *, answers: Iterable[str], assume: Mapping[str, str], references: References, warm: int = WARM
) -> Callable[[Record], Judged | KnownJudged]:
    """Return what judges records of one call; after `warm` of them, those that tell all that is read by one function."""
    plan = _library(program).plan(tuple(answers), on, assume, warm)

    def judged(record: Record) -> Judged | KnownJudged:
        layout = plan.layout if plan.settled else plan.warmed(on, assume)
        if layout is None:
            return _partial(plan, plan.answers, on, assume, references, record)
        try:
            items = layout.function(record, on)
        except PartialError:
            return _partial(plan, plan.answers, on, assume, references, record)
        return _completed(plan, KnownJudged(layout, items), on, assume, references, record) if plan.left else KnownJudged(layout, items)

    return judged


def _completed(plan: _Plan, known: KnownJudged, on: dt.date, assume: Mapping[str, str], references: References, record: Record) -> Judged:
    """Add the answers that the function of whole records does not give, in the order asked."""
    left = _partial(plan, plan.left, on, assume, references, record)
    found = {**left.outcomes, **known.outcomes}
    return Judged({path: found[path] for path in plan.answers if path in found}, left.beyond)


def _partial(plan: _Plan, answers: Iterable[str], on: dt.date, assume: Mapping[str, str], references: References, record: Record) -> Judged:
    """Judge a record that may not tell all, or answers that are worked out one by one."""
    program = plan.library.program
    state = State(program, plan.library.function, record, on, assume, references)
    outcomes: dict[str, Outcome] = {}
    beyond: dict[str, str] = {}
    for path in answers:
        try:
            outcomes[path] = _outcome(state, path, program.answers_by_path[path])
        except BeyondError as error:
            beyond[path] = str(error)
    return Judged(outcomes, beyond)


def appraise(
    program: Program, record: Record, on: dt.date, expr: Expr, *, assume: Mapping[str, str], references: References
) -> Outcome | str:
    """Evaluate any expression on the record it is about, such as a property's condition, or tell why it is left to the reference."""
    library = _library(program)
    state = State(program, library.function, record, on, assume, references)
    state.begin(_NONE)
    try:
        function = library.expression(expr, record.entity, on)
        return freeze(state.finished(lambda: function(state, record)), expr.type)
    except BeyondError as error:
        return str(error)


def _outcome(state: State, path: str, definition: Definition) -> Outcome:
    value = _under(state, path, definition, _NONE)
    outcome = freeze(value, definition.type)
    combinations = readings_to_try(state.program, value)
    if not combinations:
        return outcome
    alternatives = {label_of(chosen): freeze(_under(state, path, definition, chosen), definition.type) for chosen in combinations}
    return settled(outcome, value.needs, alternatives)


def _under(state: State, path: str, definition: Definition, tried: Readings) -> Value:
    state.begin(tried)
    field, _, rest = path.partition(".")
    if not rest:
        return state.finished(lambda: state.answer(state.record, definition))
    target = state.field(state.record, field)
    return state.finished(lambda: state.answer_of(target, definition))


@attrs.define(eq=False)
class _Library:
    """The functions of a program, compiled when they are first read, one for each period on which what they read does not change."""

    program: Program
    _functions: dict[tuple[tuple[str, str], int, int], Function] = attrs.field(factory=dict)
    _expressions: dict[tuple[int, int], tuple[Expr, Function]] = attrs.field(factory=dict)
    _versions: dict[tuple[str, str], list[dt.date]] = attrs.field(factory=dict)
    _parameters: dict[tuple[str, str], list[dt.date]] = attrs.field(factory=dict)
    _plans: dict[tuple[tuple[str, ...], int, tuple[tuple[str, str], ...], int], _Plan] = attrs.field(factory=dict)

    def function(self, definition: Definition, versions: dt.date, day: dt.date) -> Function:
        """Return the function of a definition for a day of its versions and an evaluation date."""
        key = definition.key
        if key not in self._parameters:
            self._versions[key] = changes(definition.intervals())
            self._parameters[key] = changes(_parameters_read(self.program, definition.expressions()))
        place = (key, bisect_right(self._versions[key], versions), bisect_right(self._parameters[key], day))
        function = self._functions.get(place)
        if function is None:
            function = self._functions[place] = compile_definition(self.program, definition, versions, day)
        return function

    def expression(self, expr: Expr, entity: str, day: dt.date) -> Function:
        """Return the function of an expression that the program holds, such as a property's condition."""
        place = (id(expr), bisect_right(changes(_parameters_read(self.program, [expr])), day))
        if place not in self._expressions:
            if len(self._expressions) >= _MAX_EXPRESSIONS:
                self._expressions.clear()
            self._expressions[place] = expr, compile_expression(self.program, expr, entity, day)
        return self._expressions[place][1]

    def plan(self, answers: tuple[str, ...], on: dt.date, assume: Mapping[str, str], warm: int) -> _Plan:
        """Return how to judge some answers; one plan serves a whole period, and the readings chosen."""
        place = (answers, bisect_right(days_of_rules(self.program), on), tuple(sorted(assume.items())), warm)
        plan = self._plans.get(place)
        if plan is None:
            if len(self._plans) >= _MAX_PLANS:
                self._plans.clear()
            plan = self._plans[place] = _Plan(self, answers, warm)
        return plan


@attrs.define(eq=False)
class _Plan:
    """How to judge some answers: record by record at first, by one function of whole records once enough of them came to pay for it."""

    library: _Library
    answers: tuple[str, ...]
    warm: int  # records judged before
    layout: Layout | None = None
    left: tuple[str, ...] = ()  # answers that the function does not give
    settled: bool = False  # whether the function was compiled, or cannot be
    _seen: int = 0

    def warmed(self, on: dt.date, assume: Mapping[str, str]) -> Layout | None:
        """Count a record, and compile the function once enough of them came."""
        self._seen += 1
        if self._seen <= self.warm:
            return None
        self._settle(on, assume)
        self.settled = True
        return self.layout

    def _settle(self, on: dt.date, assume: Mapping[str, str]) -> None:
        from optam_rules.backends.row.whole import compile_whole  # what a few records do without

        program = self.library.program
        layout = compile_whole(program, self.answers, on, assume)
        if layout is None:
            return
        left = tuple(path for path in self.answers if path not in layout.answers)
        if left and not one_way_to_each(program):
            return
        self.left = left
        self.layout = layout


@lru_cache(maxsize=_MAX_PROGRAMS)
def _library(program: Program) -> _Library:
    return _Library(program)


def _parameters_read(program: Program, roots: Iterable[Expr]) -> Iterable[Interval]:
    for root in roots:
        for part in subexpressions(root):
            if isinstance(part, ParameterRead) and part.at is None:
                yield from (dated.interval for dated in program.parameters[part.name].values)
