"""From an expression of the core, a record and a date to a value: one small method for each kind of node."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from fractions import Fraction
from typing import assert_never, cast

import attrs

from optam_rules.backends.interpreter.decide import decide_definition
from optam_rules.backends.interpreter.fold import fold
from optam_rules.backends.interpreter.probe import Probe
from optam_rules.backends.interpreter.trace import Event, Frame, Note, ParameterSeen, StepRead
from optam_rules.backends.interpreter.value import (
    NOT_APPLICABLE,
    Value,
    all_needs,
    join,
    kleene,
    known,
    negation,
    non_answer,
    unknown,
    weakest,
)
from optam_rules.base.codes import CATALOGUE
from optam_rules.base.numbers import round_to
from optam_rules.base.source import Position
from optam_rules.core.compute import Failure, compute
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
    Row,
    Table,
    UnknownLaw,
    Variable,
)
from optam_rules.core.judgement import Bound, Fault, InputRead, Status, Step
from optam_rules.core.operators import Operator
from optam_rules.core.program import Definition, Program
from optam_rules.core.record import Absent, Record
from optam_rules.core.regions import possible_rows
from optam_rules.core.standing import Standing
from optam_rules.core.types import ListType, SetType
from optam_rules.core.values import plain_text

MAX_STEPS = 1_000_000
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
    _paths: dict[int, str] = attrs.field(factory=dict, init=False)
    _frames: list[Frame] = attrs.field(factory=lambda: [Frame()], init=False)
    _depth: int = attrs.field(default=0, init=False)

    def __attrs_post_init__(self) -> None:
        if self.base is not None:
            self._paths = self.base._paths
        self._paths[id(self.record)] = ""

    # --- what the other modules of the interpreter use --------------------------------------------------------------------------

    def note(self, event: Event) -> None:
        """Add an event to the trace of the current definition."""
        if self.tracing:
            self._frames[-1].events.append(event)

    def fault(self, code: str, position: Position, **words: object) -> Value:
        """Return an error value with the catalogue's wording."""
        return Value(Status.ERROR, fault=Fault(code, CATALOGUE[code].message.format(**words), position))

    def guard(self, condition: Expr, environment: Environment) -> Value:
        """Evaluate a condition; one that is sans objet counts as false, and the trace says so."""
        value = self.evaluate(condition, environment)
        if value.status is Status.NOT_APPLICABLE:
            self.note(Note("une condition sans objet compte comme fausse"))
            return attrs.evolve(value, status=Status.KNOWN, content=False)
        return value

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
                return self._collection(expr, environment)
            case EvaluationDate():
                return known(self.day)
            case HypothesisRead():
                return self._hypothesis(expr)
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
        prefix = self._paths[id(record)]
        path = f"{prefix}.{expr.name}" if prefix else expr.name
        held = record.get(expr.name)
        if isinstance(held, Absent):
            status = Status.UNKNOWN if held is Absent.UNKNOWN else Status.NOT_APPLICABLE
            self.note(InputRead(path, status, None, expr.type))
            value = unknown(path) if held is Absent.UNKNOWN else NOT_APPLICABLE
        elif isinstance(held, Record):
            self._paths.setdefault(id(held), path)
            value = known(held)
        elif isinstance(held, tuple) and held and isinstance(held[0], Record):
            self._name_elements(path, held)
            value = known(held)
        else:
            constant = cast("Constant", held)
            self.note(InputRead(path, Status.KNOWN, constant, expr.type))
            value = known(constant)
        return value.resting_on(target.standing, target.hypotheses)

    def _name_elements(self, path: str, elements: tuple[Record, ...]) -> None:
        """Name the elements of a list by their first datum where it is known, else by their place."""
        for index, element in enumerate(elements):
            if id(element) not in self._paths:
                spec = next(iter(self.program.entities[element.entity].fields.values()))
                key = element.get(spec.name)
                label = str(index) if isinstance(key, Absent | Record) else f"{spec.name}={plain_text(cast('Constant', key), spec.type)}"
                self._paths[id(element)] = f"{path}[{label}]"

    def _parameter(self, expr: ParameterRead, environment: Environment) -> Value:
        parameter = self.program.parameters[expr.name]
        day = known(self.day) if expr.at is None else self.evaluate(expr.at, environment)
        if not day.known:
            return day
        read_on = cast("dt.date", day.content)
        constant = parameter.at(read_on)
        if constant is None:
            return self.fault("E605", expr.position, name=expr.name, day=day.content)
        self.note(ParameterSeen(expr.name, constant, expr.type))
        origin = parameter.origin_at(read_on)
        for remark in origin.remarks(read_on):
            self.note(Note(f"`{expr.name}` : {remark}"))
        hypotheses = frozenset({origin.hypothesis} if origin.hypothesis else ())
        return known(constant).resting_on(min(origin.standing, day.standing), hypotheses | day.hypotheses)

    def _hypothesis(self, expr: HypothesisRead) -> Value:
        reading = self.readings.get(expr.name)
        if reading is None:
            return unknown(f"hypothèse:{expr.name}")
        if expr.name in self.tentative:
            return known(reading)
        return known(reading).resting_on(Standing.HYPOTHESIS, frozenset({f"{expr.name}={reading}"}))

    def _lookup(self, expr: Lookup, environment: Environment) -> Value:
        table = self.program.references[expr.table]
        keys = [self.evaluate(key, environment) for key in expr.keys]
        rows = self.references.get(expr.table)
        absent = non_answer(keys)
        if absent is not None:
            if absent.status is Status.UNKNOWN and rows is None:
                return attrs.evolve(absent, needs=absent.needs | {f"référentiel:{expr.table}"})
            return absent
        standing, hypotheses = weakest(keys)
        key = tuple(cast("Constant", value.content) for value in keys)
        words = " ; ".join(plain_text(part, spec[1]) for part, spec in zip(key, table.keys, strict=True))
        path = f"{expr.table}[{words}]"
        constant = (rows or {}).get(key)
        if constant is None:
            self.note(InputRead(f"référentiel:{path}", Status.UNKNOWN, None, expr.type))
            return unknown(f"référentiel:{path}").resting_on(min(standing, table.provenance.standing), hypotheses)
        self.note(InputRead(path, Status.KNOWN, constant, expr.type))
        return known(constant).resting_on(min(standing, table.provenance.standing), hypotheses)

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
        absent = non_answer(values)
        if absent is not None:
            return absent
        contents = [cast("Constant", value.content) for value in values]
        result = compute(expr.operator, contents, expr.month_end)
        if isinstance(result, Failure):
            return self.fault(result.code, expr.position).resting_on(*weakest(values))
        if expr.operator in (Operator.CAP, Operator.FLOOR):
            bound = result != contents[0]
            self.note(Bound(expr.operator.value, contents[0], contents[1], result, bound, expr.type))
        return known(result).resting_on(*weakest(values))

    def _absence(self, expr: Apply, environment: Environment) -> Value:
        value = self.evaluate(expr.operands[0], environment)
        match expr.operator:
            case Operator.IS_KNOWN:
                self.note(Note("`est connu` : le résultat dépend de ce qui est déclaré, non des faits seuls"))
                return known(value.status is not Status.UNKNOWN).resting_on(value.standing, value.hypotheses)
            case Operator.DEFAULT:
                if value.status is not Status.UNKNOWN:
                    return value
                self.note(Note("`à défaut` : une valeur inconnue a été remplacée"))
                fallback = self.evaluate(expr.operands[1], environment)
                return attrs.evolve(fallback, needs=fallback.needs | value.needs) if fallback.status is Status.UNKNOWN else fallback
            case _:
                if value.status in (Status.KNOWN, Status.NOT_APPLICABLE):
                    return known(value.status is Status.NOT_APPLICABLE).resting_on(value.standing, value.hypotheses)
                return value

    def _round(self, expr: Round, environment: Environment) -> Value:
        value = self.evaluate(expr.operand, environment)
        if not value.known:
            return value
        before = cast("int | Fraction", value.content)
        after = round_to(before, expr.quantum, expr.mode)
        self.note(Bound("arrondi à", before, expr.quantum, after, after != before, expr.type))
        return attrs.evolve(value, content=after)

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
        return join(outcomes, all_needs(conditions)).resting_on(*weakest(conditions))

    def _table(self, expr: Table, environment: Environment) -> Value:
        columns = [self.evaluate(column, environment) for column in expr.columns]
        absent = non_answer(columns)
        if absent is not None and absent.status is not Status.UNKNOWN:
            return absent
        if any(not column.known and column.status is not Status.UNKNOWN for column in columns):
            return cast("Value", absent)  # unknown beside a non-answer: unknown first (S13)
        contents = [cast("Constant", column.content) if column.known else None for column in columns]
        indexes, otherwise = possible_rows(expr, contents)
        rows = [expr.rows[index] for index in indexes]
        if otherwise and expr.otherwise is not None:
            rows.append(expr.otherwise)
        outcomes = [self._row(row, environment) for row in rows]
        return join(outcomes, all_needs(columns)).resting_on(*weakest(columns))

    def _row(self, row: Row, environment: Environment) -> Value:
        value = self.evaluate(row.value, environment)
        if row.standing is None:
            return value
        hypotheses = frozenset({row.source} if row.standing is Standing.HYPOTHESIS and row.source else ())
        return value.resting_on(row.standing, hypotheses)

    def _collection(self, expr: Collection, environment: Environment) -> Value:
        values = [self.evaluate(item, environment) for item in expr.items]
        absent = non_answer(values)
        if absent is not None:
            return absent
        contents = [value.content for value in values]
        match expr.type:
            case SetType():
                held: object = frozenset(contents)
            case ListType():
                held = tuple(contents)
            case _:
                raise AssertionError(f"a collection of type {expr.type}")
        return known(cast("Constant", held)).resting_on(*weakest(values))

    def _answer(self, expr: Answer, environment: Environment) -> Value:
        target = self.evaluate(expr.target, environment)
        day = known(self.day) if expr.at is None else self.evaluate(expr.at, environment)
        definition = self.program.definitions[expr.entity, expr.name]
        absent = non_answer([target, day])
        if absent is not None:
            if target.known and day.status is Status.UNKNOWN:
                return attrs.evolve(absent, needs=absent.needs | self._needs_on_any_day(cast("Record", target.content), definition))
            return absent
        value = self.definition(cast("Record", target.content), definition, cast("dt.date", day.content))
        return value.resting_on(*weakest([target, day]))

    def _needs_on_any_day(self, record: Record, definition: Definition) -> frozenset[str]:
        """Return what any version of a definition waits for: where its date is unknown, each may be the one that is read."""
        days = (version.interval.start or version.interval.end or self.day for version in definition.versions)
        return all_needs(self.definition(record, definition, day) for day in days)

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
        prefix = self._paths[id(record)]
        key = f"{prefix}.{definition.name}" if prefix else definition.name
        if day != self.day:
            key += f" au {day}"
        self.note(StepRead(key))
        value = self._memo.get(memo)
        if value is None and self.base is not None and self.tentative.isdisjoint(self.program.questions[definition.key]):
            value = self._memo[memo] = self._of_base(self.base, record, definition, day)
        if value is None:
            value = self._memo[memo] = decide_definition(self, record, definition, day, key)
        return value


def _in_a_thread(work: Callable[[], Value]) -> Value:
    with ThreadPoolExecutor(max_workers=1) as executor:
        return executor.submit(work).result()
