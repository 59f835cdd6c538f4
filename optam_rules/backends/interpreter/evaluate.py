"""From an expression of the core, a record and a date to a value: one small method for each kind of node."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from typing import assert_never, cast

import attrs

from optam_rules.backends.interpreter.decide import decide_definition
from optam_rules.backends.interpreter.fold import fold
from optam_rules.backends.interpreter.probe import Probe
from optam_rules.backends.interpreter.trace import Event, Frame, Note, ParameterSeen, StepRead
from optam_rules.core.absence import NOT_APPLICABLE, Value, all_needs, as_condition, kleene, known, negation, non_answer, unknown, weakest
from optam_rules.core.asking import MAX_STEPS
from optam_rules.core.ir import (
    Aggregate,
    Answer,
    Apply,
    Collection,
    Conditional,
    Constant,
    EvaluationDate,
    Expr,
    Field,
    HypothesisRead,
    Literal,
    Lookup,
    NotApplicable,
    ParameterRead,
    Round,
    Table,
    UnknownLaw,
    Variable,
)
from optam_rules.core.judgement import Bound, InputRead, Status, Step
from optam_rules.core.meaning import (
    does_not_apply,
    instead_of,
    is_known,
    of_branches,
    of_collection,
    of_field,
    of_lookup,
    of_operator,
    of_parameter,
    of_reading,
    of_rounding,
    of_table,
    row_path,
)
from optam_rules.core.operators import Operator
from optam_rules.core.paths import Paths
from optam_rules.core.program import Definition, Program
from optam_rules.core.record import Record
from optam_rules.core.steps import DECLARED, ROUNDED

# Python frames are finite and belong to a thread: past this depth of expressions the work goes on in a fresh one.
_DEPTH_OF_A_THREAD = 60

Environment = Mapping[str, Value]


class StepLimitError(Exception):
    """Raised inside an evaluation that takes more than MAX_STEPS steps; becomes the error value E606."""


@attrs.define(eq=False)
class Evaluation:
    """One record on one date: what was computed already, and the trace where one is asked.

    `readings` gives the chosen reading of hypotheses, `tentative` those that no caller chose: they leave no mark on an answer, and what
    does not depend on them is read from `base`, the evaluation without them.
    """

    program: Program
    record: Record
    day: dt.date
    readings: Mapping[str, str]
    references: Mapping[str, Mapping[tuple[Constant, ...], Constant]]
    tracing: bool = False
    tentative: frozenset[str] = frozenset()
    base: Evaluation | None = None
    steps: dict[str, Step] = attrs.field(factory=dict)
    budget: int = MAX_STEPS
    probe: Probe | None = None
    _memo: dict[tuple[int, str, str, dt.date], Value] = attrs.field(factory=dict, init=False)
    _paths: Paths = attrs.field(init=False)
    _frames: list[Frame] = attrs.field(factory=lambda: [Frame()], init=False)
    _depth: int = attrs.field(default=0, init=False)

    def __attrs_post_init__(self) -> None:
        self._paths = Paths(self.program, self.record) if self.base is None else self.base._paths

    # --- what the other modules of the interpreter use --------------------------------------------------------------------------

    def note(self, event: Event) -> None:
        """Add an event to the trace of the current definition."""
        if self.tracing:
            self._frames[-1].events.append(event)

    def guard(self, condition: Expr, environment: Environment) -> Value:
        """Evaluate a condition; one that is sans objet counts as false, and the trace says so."""
        value = self.evaluate(condition, environment)
        if value.status is Status.NOT_APPLICABLE:
            self.note(Note("une condition sans objet compte comme fausse"))
        return as_condition(value)

    def decide(self, operands: Sequence[Callable[[], Value]], deciding: bool) -> Value:
        """Evaluate all operands of `et` (deciding = false) or `ou` (true) and keep the trace of those that decide."""
        values: list[Value] = []
        starts: list[int] = []
        for operand in operands:
            starts.append(self._frames[-1].mark() if self.tracing else 0)
            values.append(operand())
        value, kept = kleene(values, deciding)
        if self.tracing and starts:
            self._frames[-1].keep(starts, kept)
        return value

    def begin(self) -> Frame | None:
        """Open the frame of a definition where a trace is asked."""
        if not self.tracing:
            return None
        self._frames.append(Frame())
        return self._frames[-1]

    def end(self) -> None:
        """Close the frame of a definition."""
        if self.tracing:
            self._frames.pop()

    def step(self, key: str) -> Step | None:
        """Return a step of the trace, its own or its base's."""
        return self.steps.get(key) or (self.base.step(key) if self.base else None)

    def forget_unfinished(self) -> None:
        """Drop the frames of definitions that a lack of steps left open."""
        del self._frames[1:]
        if self.base is not None:
            self.base.forget_unfinished()

    # --- expressions ------------------------------------------------------------------------------------------------------------

    def evaluate(self, expr: Expr, environment: Environment) -> Value:
        """Return the value of an expression. Raises StepLimitError past the budget of steps."""
        self.budget -= 1
        if self.budget < 0:
            raise StepLimitError
        self._depth += 1
        try:
            if self._depth % _DEPTH_OF_A_THREAD == 0:
                value = _in_a_thread(lambda: self._evaluate(expr, environment))
            else:
                value = self._evaluate(expr, environment)
        finally:
            self._depth -= 1
        if self.probe is not None:
            self.probe.evaluated(expr, value)
        return value

    def _evaluate(self, expr: Expr, environment: Environment) -> Value:
        match expr:
            case Literal():
                return known(expr.value)
            case Field():
                return self._field(expr, environment)
            case Variable():
                return environment[expr.name]
            case Answer():
                return self._answer(expr, environment)
            case Apply():
                return self._apply(expr, environment)
            case Conditional():
                return self._conditional(expr, environment)
            case Aggregate():
                return fold(self, expr, environment)
            case ParameterRead():
                return self._parameter(expr, environment)
            case Table():
                return self._table(expr, environment)
            case Round():
                return self._round(expr, environment)
            case Collection():
                return of_collection(expr, [self.evaluate(item, environment) for item in expr.items])
            case EvaluationDate():
                return known(self.day)
            case HypothesisRead():
                return of_reading(expr.name, self.readings.get(expr.name), tentative=expr.name in self.tentative)
            case Lookup():
                return self._lookup(expr, environment)
            case NotApplicable():
                return NOT_APPLICABLE
            case UnknownLaw():
                return unknown(f"inconnu:{expr.label}")
            case _:
                assert_never(expr)

    def _field(self, expr: Field, environment: Environment) -> Value:
        target = self.evaluate(expr.target, environment)
        if not target.known:
            return target
        record = cast("Record", target.content)
        path = self._paths.of(record, expr.name)
        held = record.get(expr.name)
        value = of_field(held, path)
        if isinstance(held, Record):
            self._paths.meet(held, path)
        elif isinstance(held, tuple) and held and isinstance(held[0], Record):
            self._paths.meet_all(held, path)
        elif self.tracing:
            self.note(InputRead(path, value.status, cast("Constant | None", value.content), expr.type))
        return value.resting_on(target.standing, target.hypotheses)

    def _parameter(self, expr: ParameterRead, environment: Environment) -> Value:
        parameter = self.program.parameters[expr.name]
        day = known(self.day) if expr.at is None else self.evaluate(expr.at, environment)
        value = of_parameter(expr, parameter, day)
        if value.known and self.tracing:
            self.note(ParameterSeen(expr.name, cast("Constant", value.content), expr.type))
            read_on = cast("dt.date", day.content)
            for remark in parameter.remarks(read_on):
                self.note(Note(remark))
        return value

    def _lookup(self, expr: Lookup, environment: Environment) -> Value:
        table = self.program.references[expr.table]
        keys = [self.evaluate(key, environment) for key in expr.keys]
        value = of_lookup(expr, table, self.references.get(expr.table), keys)
        if all(key.known for key in keys):
            path = row_path(expr, table, keys)
            shown = path if value.known else f"référentiel:{path}"
            self.note(InputRead(shown, value.status, cast("Constant | None", value.content), expr.type))
        return value

    def _apply(self, expr: Apply, environment: Environment) -> Value:
        operands = expr.operands
        match expr.operator:
            case Operator.AND | Operator.OR:
                thunks = [lambda operand=operand: self.evaluate(operand, environment) for operand in operands]
                return self.decide(cast("list[Callable[[], Value]]", thunks), expr.operator is Operator.OR)
            case Operator.IMPLIES:
                return self.decide(
                    [lambda: negation(self.evaluate(operands[0], environment)), lambda: self.evaluate(operands[1], environment)], True
                )
            case Operator.NOT:
                return negation(self.evaluate(operands[0], environment))
            case Operator.IS_KNOWN | Operator.DEFAULT | Operator.DOES_NOT_APPLY:
                return self._absence(expr, environment)
        values = [self.evaluate(operand, environment) for operand in operands]
        value = of_operator(expr, values)
        if value.known and expr.operator in (Operator.CAP, Operator.FLOOR):
            before, limit = (cast("Constant", part.content) for part in values)
            after = cast("Constant", value.content)
            self.note(Bound(expr.operator.value, before, limit, after, after != before, expr.type))
        return value

    def _absence(self, expr: Apply, environment: Environment) -> Value:
        value = self.evaluate(expr.operands[0], environment)
        match expr.operator:
            case Operator.IS_KNOWN:
                self.note(Note(DECLARED))
                return is_known(value)
            case Operator.DEFAULT:
                if value.status is not Status.UNKNOWN:
                    return value
                self.note(Note("`à défaut` : une valeur inconnue a été remplacée"))
                return instead_of(value, self.evaluate(expr.operands[1], environment))
            case _:
                return does_not_apply(value)

    def _round(self, expr: Round, environment: Environment) -> Value:
        value = self.evaluate(expr.operand, environment)
        rounded = of_rounding(expr, value)
        if value.known:
            before, after = cast("Constant", value.content), cast("Constant", rounded.content)
            self.note(Bound(ROUNDED, before, expr.quantum, after, after != before, expr.type))
        return rounded

    def _conditional(self, expr: Conditional, environment: Environment) -> Value:
        outcomes: list[Value] = []
        conditions: list[Value] = []
        for branch in expr.branches:
            condition = self.guard(branch.condition, environment)
            conditions.append(condition)
            if condition.status is Status.UNKNOWN:
                outcomes.append(self.evaluate(branch.value, environment))
            elif not condition.known:
                outcomes.append(condition)
                break
            elif condition.content:
                outcomes.append(self.evaluate(branch.value, environment))
                break
        else:
            outcomes.append(self.evaluate(expr.otherwise, environment))
        return of_branches(conditions, outcomes)

    def _table(self, expr: Table, environment: Environment) -> Value:
        columns = [self.evaluate(column, environment) for column in expr.columns]
        return of_table(expr, columns, lambda row: self.evaluate(row.value, environment))

    def _answer(self, expr: Answer, environment: Environment) -> Value:
        target = self.evaluate(expr.target, environment)
        day = known(self.day) if expr.at is None else self.evaluate(expr.at, environment)
        definition = self.program.definitions[expr.entity, expr.name]
        absent = non_answer([target, day])
        if absent is not None:
            if target.known and day.status is Status.UNKNOWN:
                return absent.waiting_for(self._needs_on_any_day(cast("Record", target.content), definition))
            return absent
        value = self.definition(cast("Record", target.content), definition, cast("dt.date", day.content))
        return value.resting_on(*weakest([target, day]))

    def _needs_on_any_day(self, record: Record, definition: Definition) -> frozenset[str]:
        """Return what any version of a definition waits for: where its date is unknown, each may be the one that is read."""
        return all_needs(self.definition(record, definition, day) for day in definition.days_of_versions(self.day))

    # --- definitions ------------------------------------------------------------------------------------------------------------

    def _of_base(self, base: Evaluation, record: Record, definition: Definition, day: dt.date) -> Value:
        """Return what does not depend on the readings tried; the base goes on at this depth and with these steps left."""
        base._depth, base.budget = self._depth, self.budget
        try:
            return base.definition(record, definition, day)
        finally:
            self.budget = base.budget
            base._depth = 0

    def definition(self, record: Record, definition: Definition, day: dt.date) -> Value:
        """Return the value of a definition on a record, computed once; `day` chooses the versions in force."""
        memo = (id(record), definition.entity, definition.name, day)
        key = self._paths.of(record, definition.name)
        if day != self.day:
            key += f" au {day}"
        if self.tracing:
            self.note(StepRead(key))
        value = self._memo.get(memo)
        if value is None and self.base is not None and self.tentative.isdisjoint(self.program.questions[definition.key]):
            value = self._memo[memo] = self._of_base(self.base, record, definition, day)
        if value is None:
            value = self._memo[memo] = decide_definition(self, record, definition, day, key)
        return value


def _in_a_thread(work: Callable[[], Value]) -> Value:
    from concurrent.futures import ThreadPoolExecutor  # for chains that one stack cannot hold, which few packs have

    with ThreadPoolExecutor(max_workers=1) as executor:
        return executor.submit(work).result()
