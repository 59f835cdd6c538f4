"""From the evaluation of one test to the goals that it reaches and the nodes that it touches."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import assert_never, cast

import attrs

from optam_rules.analysis.coverage.conditions import Atom, Truth, deciders
from optam_rules.analysis.coverage.elements import ASIDE, NEUTRALISED, TAKEN, Body, Branches, Conditions, DatedValues, Plan, Rows, Watch
from optam_rules.base.calendar import Duration
from optam_rules.base.numbers import Number
from optam_rules.base.phrases import Phrase
from optam_rules.core.absence import Value
from optam_rules.core.ir import Expr
from optam_rules.core.judgement import GuardRead, Status
from optam_rules.core.program import Definition, Version
from optam_rules.core.regions import possible_rows
from optam_rules.core.types import Scalar, Type

# One step either side of a bound: one unit, one cent, a tenth of a point, a day, a month.
_STEPS: Mapping[Type, Number] = {Scalar.RATE: Fraction(1, 1000), Scalar.POINTS: Fraction(1, 1000)}
_BELOW, _ON, _ABOVE = 0, 1, 2


@attrs.define(eq=False)
class Observation:
    """A probe of the interpreter: `goals` reached, as (element, goal), and the identities of the nodes `touched`."""

    plan: Plan
    day: dt.date
    goals: set[tuple[int, int]] = attrs.field(factory=set)
    touched: set[int] = attrs.field(factory=set)
    definitions: set[tuple[str, str]] = attrs.field(factory=set)
    # INVARIANT: no definition reads itself, so the last values of a node's parts are those that its own value was made of.
    _last: dict[int, Value] = attrs.field(factory=dict, init=False)

    def evaluated(self, expr: Expr, value: Value) -> None:
        """Note an expression."""
        node = id(expr)
        self.touched.add(node)
        self._last[node] = value
        for watch in self.plan.watches.get(node, ()):
            self._look(watch, value)

    def decided(self, definition: Definition, version: Version | None, guards: Sequence[GuardRead], taken: str | None) -> None:
        """Note a definition, and its exceptions."""
        self.definitions.add(definition.key)
        place = self.plan.definitions.get(definition.key)
        if place is not None and version is not None:
            self.goals.add((place, 0))
        for guard in guards:
            element = self.plan.exceptions.get((definition.key, guard.name))
            if element is not None:
                goals = self.plan.elements[element].goals
                word = TAKEN if taken == guard.name else _fate(guard)
                if word in goals:
                    self.goals.add((element, goals.index(word)))

    def _look(self, watch: Watch, value: Value) -> None:
        match watch:
            case Body(element):
                self.goals.add((element, 0))
            case Branches():
                self._branches(watch)
            case Rows():
                self._rows(watch)
            case Conditions():
                self._conditions(watch)
            case DatedValues():
                self._dated(watch, value)
            case _:
                assert_never(watch)

    def _branches(self, watch: Branches) -> None:
        for branch, element in zip(watch.expr.branches, watch.elements, strict=False):
            truth = _truth(self._last[id(branch.condition)], guard=True)
            if truth is not False:
                if truth is True:
                    self.goals.add((element, 0))
                return
        self.goals.add((watch.elements[-1], 0))

    def _rows(self, watch: Rows) -> None:
        values = [self._last[id(column)] for column in watch.expr.columns]
        for column, bound, element in watch.bounds:
            if values[column].known:
                side = _side(values[column].content, bound, watch.expr.columns[column].type)
                if side is not None:
                    self.goals.add((element, side))
        if all(value.known for value in values):
            rows, _ = possible_rows(watch.expr, [value.content for value in values])
            self.goals.add((watch.rows[rows[0] if rows else -1], 0))

    def _conditions(self, watch: Conditions) -> None:
        alone = watch.guard and isinstance(watch.decision.tree, Atom)
        values = [_truth(self._last[id(atom)], guard=alone) for atom in watch.decision.atoms]
        for place in deciders(watch.decision.tree, values):
            self.goals.add((watch.elements[place], 0 if values[place] else 1))

    def _dated(self, watch: DatedValues, value: Value) -> None:
        if not value.known:
            return
        day = self.day if watch.expr.at is None else cast("dt.date", self._last[id(watch.expr.at)].content)
        for dated, element in zip(watch.parameter.values, watch.elements, strict=True):
            if element is not None and day in dated.interval:
                self.goals.add((element, 0))


def _fate(guard: GuardRead) -> Phrase | None:
    """Say what became of an exception that did not give the value; `None` where that is not sure, or where another one overrides it."""
    if guard.held and guard.neutralised:
        return NEUTRALISED
    return ASIDE if guard.held is False else None


def _truth(value: Value, *, guard: bool) -> Truth:
    if value.known:
        return bool(value.content)
    return False if guard and value.status is Status.NOT_APPLICABLE else None


def _side(found: object, bound: Number | dt.date | Duration, type_: Type) -> int | None:
    """Tell on which side of a bound a value is, where it is on the bound or one step from it at most."""
    distance: Number = _place(found) - _place(bound)
    if distance == 0:
        return _ON
    step: Number = _STEPS.get(type_, 1)
    if not -step <= distance <= step:
        return None
    return _BELOW if distance < 0 else _ABOVE


def _place(value: object) -> Number:
    match value:
        case dt.date():
            return value.toordinal()
        case Duration():
            return value.count
        case int() | Fraction():
            return value
    raise TypeError(f"{value!r} is not on a line")
