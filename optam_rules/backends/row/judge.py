"""From a program, a record and a date to the outcome of each answer asked, by compiled functions and without trace."""

from __future__ import annotations

import datetime as dt
from bisect import bisect_right
from collections.abc import Iterable, Mapping
from functools import lru_cache

import attrs

from optam_rules.backends.row.partial import Function, compile_definition, compile_expression
from optam_rules.backends.row.state import BeyondError, State
from optam_rules.base.calendar import ONE_DAY, Interval
from optam_rules.core.absence import Value
from optam_rules.core.asking import Readings, References, freeze, label_of, readings_to_try, settled
from optam_rules.core.ir import Expr, ParameterRead
from optam_rules.core.judgement import Judged, Outcome
from optam_rules.core.program import Definition, Program
from optam_rules.core.record import Record
from optam_rules.core.walk import subexpressions

# Programs whose compiled functions are kept.
_MAX_PROGRAMS = 32
_MAX_EXPRESSIONS = 256
_NONE: Readings = ()


def judge(
    program: Program, record: Record, on: dt.date, *, answers: Iterable[str], assume: Mapping[str, str], references: References
) -> Judged:
    """Judge a record: one outcome for each path of `answers`, the interpreter's but for its steps."""
    state = State(program, _library(program).function, record, on, assume, references)
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
        return freeze(library.expression(expr, record.entity, on)(state, record), expr.type)
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
        return state.answer(state.record, definition)
    return state.answer_of(state.field(state.record, field), definition)


@attrs.define(eq=False)
class _Library:
    """The functions of a program, compiled when they are first read, one for each period on which what they read does not change."""

    program: Program
    _functions: dict[tuple[tuple[str, str], int, int], Function] = attrs.field(factory=dict)
    _expressions: dict[tuple[int, int], tuple[Expr, Function]] = attrs.field(factory=dict)
    _versions: dict[tuple[str, str], list[dt.date]] = attrs.field(factory=dict)
    _parameters: dict[tuple[str, str], list[dt.date]] = attrs.field(factory=dict)

    def function(self, definition: Definition, versions: dt.date, day: dt.date) -> Function:
        """Return the function of a definition for a day of its versions and an evaluation date."""
        key = definition.key
        if key not in self._parameters:
            self._versions[key] = _changes(definition.intervals())
            self._parameters[key] = _changes(_parameters_read(self.program, definition.expressions()))
        place = (key, bisect_right(self._versions[key], versions), bisect_right(self._parameters[key], day))
        function = self._functions.get(place)
        if function is None:
            function = self._functions[place] = compile_definition(self.program, definition, versions, day)
        return function

    def expression(self, expr: Expr, entity: str, day: dt.date) -> Function:
        """Return the function of an expression that the program holds, such as a property's condition."""
        place = (id(expr), bisect_right(_changes(_parameters_read(self.program, [expr])), day))
        if place not in self._expressions:
            if len(self._expressions) >= _MAX_EXPRESSIONS:
                self._expressions.clear()
            self._expressions[place] = expr, compile_expression(self.program, expr, entity, day)
        return self._expressions[place][1]


@lru_cache(maxsize=_MAX_PROGRAMS)
def _library(program: Program) -> _Library:
    return _Library(program)


def _parameters_read(program: Program, roots: Iterable[Expr]) -> Iterable[Interval]:
    for root in roots:
        for part in subexpressions(root):
            if isinstance(part, ParameterRead) and part.at is None:
                yield from (dated.interval for dated in program.parameters[part.name].values)


def _changes(intervals: Iterable[Interval]) -> list[dt.date]:
    """Return the days on which some interval begins, or has just ended."""
    days: set[dt.date] = set()
    for interval in intervals:
        if interval.start is not None:
            days.add(interval.start)
        if interval.end is not None and interval.end < dt.date.max:
            days.add(interval.end + ONE_DAY)
    return sorted(days)
