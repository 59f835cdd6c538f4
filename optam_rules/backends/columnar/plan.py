"""From expressions of the core and frames of records to columns of values: one small method for each kind of node."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from functools import partial
from typing import assert_never, cast

import attrs
import numpy as np

from optam_rules.backends.columnar import ratio as ratios
from optam_rules.backends.columnar.apply import apply
from optam_rules.backends.columnar.clauses import Decided, decide
from optam_rules.backends.columnar.content import CannotError, Days, Entity, Flags, Several, of_constant
from optam_rules.backends.columnar.fold import fold
from optam_rules.backends.columnar.frame import Frame
from optam_rules.backends.columnar.lookups import lookup, parameter
from optam_rules.backends.columnar.ratio import Array, Ratio
from optam_rules.backends.columnar.tables import table
from optam_rules.backends.columnar.vector import (
    CONFLICT,
    ERROR,
    KNOWN,
    NOT_APPLICABLE,
    NOTHING,
    RECOMPUTE,
    TEXT,
    UNKNOWN,
    Join,
    Low,
    Vec,
    all_rows,
    chosen,
    false_where_not_applicable,
    kleene,
    lower,
    lowest,
    negation,
    strict,
    united,
    within,
)
from optam_rules.core.asking import HYPOTHESIS_NEED, References
from optam_rules.core.ir import (
    SELF,
    Aggregate,
    Answer,
    Apply,
    Collection,
    Conditional,
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
from optam_rules.core.operators import Operator
from optam_rules.core.program import Definition, Program, Version
from optam_rules.core.standing import Standing
from optam_rules.core.types import SetType
from optam_rules.core.walk import children

# Python's frames are finite: a definition met deeper than this is worked out first, and what read it is begun again.
_DEEPEST_DEFINITION = 30
# Expressions nested deeper than this are left to the interpreter.
_MAX_DEPTH = 150
# Times that one answer is begun again.
_MAX_RESTARTS = 1_000


class TooDeepError(Exception):
    """Raised where frames would run out; `work` is to be done first."""

    def __init__(self, work: Callable[[], object]) -> None:
        super().__init__()
        self.work = work


@attrs.frozen(eq=False)
class Scope:
    """Rows that an expression is evaluated on. Inside an aggregate: the elements, each with its row of `outer` in `parents`."""

    size: int
    name: str
    value: Vec
    outer: Scope | None = None
    parents: Array | None = None

    @classmethod
    def of(cls, frame: Frame) -> Scope:
        """Return the scope of the definitions of an entity."""
        return cls(frame.size, SELF, Vec(Entity(frame)))


@attrs.define(eq=False)
class Plan:
    """One batch of records on one date: what was computed already. `readings` and `tentative` as in the interpreter.

    `reasons` tells, for each reason why rows were left to be recomputed, that there were some; what does not depend on tentative
    readings is read from `base`.
    """

    program: Program
    day: dt.date
    readings: Mapping[str, str]
    references: References
    tentative: frozenset[str] = frozenset()
    base: Plan | None = None
    reasons: dict[str, None] = attrs.field(factory=dict)
    _memo: dict[tuple[int, str, str, dt.date], Decided] = attrs.field(factory=dict, init=False)
    _frames: list[Frame] = attrs.field(factory=list, init=False)
    _free: dict[int, frozenset[str]] = attrs.field(factory=dict, init=False)
    _depth: int = attrs.field(default=0, init=False)

    def evaluate(self, expr: Expr, scope: Scope) -> Vec:
        """Return the values of an expression. Raises CannotError where it has no column."""
        if scope.outer is not None and scope.name not in self._variables(expr):
            return self.evaluate(expr, scope.outer).take(cast("Array", scope.parents))
        self._depth += 1
        try:
            if self._depth > _MAX_DEPTH:
                raise CannotError(f"des expressions imbriquées sur plus de {_MAX_DEPTH} niveaux")
            return self._evaluate(expr, scope)
        finally:
            self._depth -= 1

    def finished(self, expr: Expr, scope: Scope) -> Vec:
        """Return the values of an expression however long the chains of definitions that it reads. Raises CannotError."""
        waiting: list[Callable[[], object]] = []
        for _ in range(_MAX_RESTARTS):
            try:
                while waiting:
                    waiting[-1]()
                    waiting.pop()
                return self.evaluate(expr, scope)
            except TooDeepError as error:
                waiting.append(error.work)
        raise CannotError(f"plus de {_MAX_RESTARTS} chaînes de définitions")

    def guard(self, condition: Expr, scope: Scope) -> Vec:
        """Evaluate a condition; one that is sans objet counts as false."""
        return false_where_not_applicable(self.evaluate(condition, scope))

    def _variables(self, expr: Expr) -> frozenset[str]:
        """Return the variables that an expression reads, kept by the expression's identity: it lives as long as its program."""
        found = self._free.get(id(expr))
        if found is None:
            own = frozenset({expr.name}) if isinstance(expr, Variable) else frozenset[str]()
            found = own.union(*(self._variables(part) for part in children(expr)))
            self._free[id(expr)] = found
        return found

    def _evaluate(self, expr: Expr, scope: Scope) -> Vec:
        match expr:
            case Literal():
                return Vec(of_constant(expr.value, expr.type))
            case Field():
                return self._field(expr, scope)
            case Variable():
                return _variable(expr, scope)
            case Answer():
                return self._answer(expr, scope)
            case Apply():
                return self._apply(expr, scope)
            case Conditional():
                return self._conditional(expr, scope)
            case Aggregate():
                return fold(self, expr, scope)
            case ParameterRead():
                return parameter(self, expr, scope)
            case Table():
                return table(self, expr, scope)
            case Round():
                value = self.evaluate(expr.operand, scope)
                return attrs.evolve(value, content=_rounded(value, expr))
            case Collection():
                return self._collection(expr, scope)
            case EvaluationDate():
                return Vec(of_constant(self.day, expr.type))
            case HypothesisRead():
                return self._hypothesis(expr)
            case Lookup():
                return lookup(self, expr, scope)
            case NotApplicable():
                return all_rows(NOT_APPLICABLE)
            case UnknownLaw():
                return all_rows(UNKNOWN, TEXT, f"inconnu:{expr.label}")
            case _:
                assert_never(expr)

    def _field(self, expr: Field, scope: Scope) -> Vec:
        target = self.evaluate(expr.target, scope)
        return _through(target, lambda entity: entity.frame.field(expr.name))

    def _answer(self, expr: Answer, scope: Scope) -> Vec:
        target = self.evaluate(expr.target, scope)
        definition = self.program.definitions[expr.entity, expr.name]
        if expr.at is None:
            return _through(target, lambda entity: self.definition(entity.frame, definition, self.day).value)
        day = self.evaluate(expr.at, scope)
        return self._at_days(target, day, definition, scope)

    def _at_days(self, target: Vec, day: Vec, definition: Definition, scope: Scope) -> Vec:
        """Read a definition at the dates of a column: one evaluation for all the days on which the same clauses are in force."""
        if day.status is not None or not isinstance(day.content, Days):
            raise CannotError("une lecture à une date qui n'est pas connue partout")
        ordinals = np.broadcast_to(day.content.ordinals, (scope.size,))
        dated = (definition.versions, definition.exceptions, definition.undercuts)
        intervals = [clause.interval for clauses in dated for clause in cast("tuple[Version, ...]", clauses)]
        starts = {interval.start.toordinal() for interval in intervals if interval.start is not None}
        ends = {interval.end.toordinal() + 1 for interval in intervals if interval.end is not None}
        epochs = np.searchsorted(np.array(sorted(starts | ends), np.int64), ordinals, side="right")
        found = Join(scope.size)
        for epoch in np.unique(epochs).tolist():
            rows = epochs == epoch
            one = dt.date.fromordinal(int(ordinals[rows][0]))
            found.add(rows, _through(target, lambda entity, one=one: self.definition(entity.frame, definition, one).value))  # type: ignore[misc]
        return found.result(NOTHING).resting_on(lowest([target, day]))

    def definition(self, frame: Frame, definition: Definition, day: dt.date) -> Decided:
        """Return a definition on every record of a frame, computed once; `day` chooses the versions in force."""
        memo = (id(frame), definition.entity, definition.name, day)
        found = self._memo.get(memo)
        if found is None and self.base is not None and self.tentative.isdisjoint(self.program.questions[definition.key]):
            found = self._of_base(self.base, frame, definition, day)
        if found is None:
            if self._depth > _DEEPEST_DEFINITION:
                raise TooDeepError(partial(self.definition, frame, definition, day))
            self._frames.append(frame)  # kept, so that its identity stays its own
            try:
                found = decide(self, Scope.of(frame), definition, day)
            except CannotError as error:
                self.reasons[str(error)] = None
                found = Decided(all_rows(RECOMPUTE), None)
        self._memo[memo] = found
        return found

    def _of_base(self, base: Plan, frame: Frame, definition: Definition, day: dt.date) -> Decided:
        """Return what does not depend on the readings tried; the base goes on at this depth."""
        base._depth = self._depth
        try:
            return base.definition(frame, definition, day)
        finally:
            base._depth = 0

    def clauses(self, target: Vec, definition: Definition, size: int) -> Array:
        """Return the clause that gave a definition's value on each record of a column, -1 where there is none."""
        if not isinstance(target.content, Entity):
            return np.full(size, -1)
        found = self.definition(target.content.frame, definition, self.day).clauses
        clauses = np.broadcast_to(found if found is not None else np.full(1, -1), (size,))
        return clauses if target.status is None else np.where(target.status == KNOWN, clauses, -1)

    def _apply(self, expr: Apply, scope: Scope) -> Vec:
        operands = expr.operands
        match expr.operator:
            case Operator.AND | Operator.OR:
                return kleene([self.evaluate(operand, scope) for operand in operands], expr.operator is Operator.OR)
            case Operator.IMPLIES:
                return kleene([negation(self.evaluate(operands[0], scope)), self.evaluate(operands[1], scope)], True)
            case Operator.NOT:
                return negation(self.evaluate(operands[0], scope))
            case Operator.IS_KNOWN | Operator.DEFAULT | Operator.DOES_NOT_APPLY:
                return self._absence(expr, scope)
        values = [self.evaluate(operand, scope) for operand in operands]
        contents = [value.content for value in values if value.content is not None]
        if len(contents) < len(values):
            return strict(values, None)
        content, wrong = apply(expr.operator, contents, [operand.type for operand in operands], expr.month_end)
        result = strict(values, content)
        return result if wrong is None else failed(result, wrong)

    def _absence(self, expr: Apply, scope: Scope) -> Vec:
        value = self.evaluate(expr.operands[0], scope)
        unknown, lost = value.among(UNKNOWN), value.among(RECOMPUTE)
        match expr.operator:
            case Operator.IS_KNOWN:
                status = np.where(lost, np.int8(RECOMPUTE), np.int8(KNOWN)) if lost.any() else None
                return Vec(Flags(~unknown), status, value.standing)
            case Operator.DEFAULT:
                if not unknown.any():
                    return value
                fallback = self.evaluate(expr.operands[1], scope)
                result = chosen(unknown, fallback, value)
                waiting = within(value.needs, fallback.among(UNKNOWN))
                return attrs.evolve(result, needs=united([result.needs, waiting]))
            case _:
                absent = value.among(NOT_APPLICABLE)
                left = None if value.status is None else np.where(absent, np.int8(KNOWN), value.status)
                return attrs.evolve(value, content=Flags(absent), status=left)

    def _conditional(self, expr: Conditional, scope: Scope) -> Vec:
        active = np.ones(scope.size, bool)
        found = Join(scope.size)
        standing: Low = TEXT
        needs = NOTHING
        for branch in expr.branches:
            condition = self.guard(branch.condition, scope)
            standing = _lowered_where(active, standing, condition.standing)
            true = active & condition.is_truth(True)
            taken, broken = true, np.zeros(1, bool)
            if condition.status is not None:
                needs = united([needs, within(condition.needs, active)])
                taken = true | (active & (condition.status == UNKNOWN))
                broken = active & condition.among(ERROR, CONFLICT, RECOMPUTE)
            if taken.any():
                found.add(taken, self.evaluate(branch.value, scope))
            if broken.any():
                found.add(broken, attrs.evolve(condition, content=None))
            active = active & ~true & ~broken
            if not active.any():
                break
        else:
            found.add(active, self.evaluate(expr.otherwise, scope))
        return found.result(needs).resting_on(standing)

    def _collection(self, expr: Collection, scope: Scope) -> Vec:
        values = [self.evaluate(item, scope) for item in expr.items]
        contents = [value.content for value in values if value.content is not None]
        held = Several(tuple(contents), isinstance(expr.type, SetType)) if len(contents) == len(values) else None
        return strict(values, held)

    def _hypothesis(self, expr: HypothesisRead) -> Vec:
        reading = self.readings.get(expr.name)
        if reading is None:
            return all_rows(UNKNOWN, TEXT, HYPOTHESIS_NEED + expr.name)
        standing = TEXT if expr.name in self.tentative else int(Standing.HYPOTHESIS)
        return Vec(of_constant(reading, expr.type), None, standing)


def failed(result: Vec, wrong: Array) -> Vec:
    """Return the values with an error value where known operands have no answer."""
    status = result.status if result.status is not None else np.zeros(1, np.int8)
    return attrs.evolve(result, status=np.where(wrong & (status == KNOWN), np.int8(ERROR), status))


def _rounded(value: Vec, expr: Round) -> Ratio | None:
    return ratios.round_to(cast("Ratio", value.content), expr.quantum, expr.mode) if value.content is not None else None


def _variable(expr: Variable, scope: Scope) -> Vec:
    if expr.name != scope.name:
        raise CannotError(f"la variable `{expr.name}`, lue hors de sa liste")
    return scope.value


def _lowered_where(rows: Array, standing: Low, other: Low) -> Low:
    if isinstance(other, int) and other >= TEXT:
        return standing
    return np.where(rows, lower(standing, np.asarray(other, np.int8)), np.asarray(standing, np.int8))


def _through(target: Vec, read: Callable[[Entity], Vec]) -> Vec:
    """Return what is read from records, on the rows that have one; the others keep why there is none."""
    if not isinstance(target.content, Entity):
        return target
    held = read(target.content)
    if target.content.rows is not None:
        held = held.take(target.content.rows)
    if target.status is None:
        return held.resting_on(target.standing)
    there = target.status == KNOWN
    return chosen(there, held.resting_on(target.standing), attrs.evolve(target, content=None))
