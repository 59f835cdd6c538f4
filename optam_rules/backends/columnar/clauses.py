"""From a definition and a frame to its values: the version in force, the exceptions enabled, and every completion of those unknown (S4).

Rows with one pattern of enabled and unknown exceptions are decided together, as the interpreter decides one record.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from itertools import product
from typing import TYPE_CHECKING

import attrs
import numpy as np

from optam_rules.backends.columnar.content import CannotError
from optam_rules.backends.columnar.groups import distinct
from optam_rules.backends.columnar.ratio import Array
from optam_rules.backends.columnar.vector import (
    CONFLICT,
    ERROR,
    NOT_APPLICABLE,
    NOTHING,
    RECOMPUTE,
    UNKNOWN,
    Join,
    Vec,
    all_needs,
    all_rows,
    kleene,
    lowest,
    negation,
)
from optam_rules.core.choice import MAX_COMPLETED, undefeated
from optam_rules.core.program import Definition, ExceptionClause, Version

if TYPE_CHECKING:
    from optam_rules.backends.columnar.plan import Plan, Scope

_OFF, _ON, _DOUBTFUL, _BROKEN = range(4)


@attrs.frozen(eq=False)
class Decided:
    """The values of a definition and, for each record, the clause that gave its value: 0 is the version, `i` its exception `i - 1`.

    `clauses` is `None` where no version is in force.
    """

    value: Vec
    clauses: Array | None


def decide(plan: Plan, scope: Scope, definition: Definition, day: dt.date) -> Decided:
    """Return the values of a definition on every row of a scope with the versions in force on `day`."""
    version = definition.version_at(day)
    if version is None:
        return Decided(all_rows(NOT_APPLICABLE, int(min(other.provenance.standing for other in definition.versions))), None)
    clauses = [clause for clause in definition.exceptions if day in clause.interval]
    if not clauses:
        return Decided(_body(plan, scope, version), np.zeros(1, np.int64))
    enabled = [_enabled(plan, scope, definition, clause, day) for clause in clauses]
    return _Choice(plan, scope, definition, version, clauses, enabled).made()


def _body(plan: Plan, scope: Scope, chosen: ExceptionClause | Version) -> Vec:
    return plan.evaluate(chosen.body, scope).resting_on(int(chosen.provenance.standing))


def _enabled(plan: Plan, scope: Scope, definition: Definition, clause: ExceptionClause, day: dt.date) -> Vec:
    condition = plan.guard(clause.condition, scope)
    undercuts = [
        plan.guard(undercut.condition, scope).resting_on(int(undercut.provenance.standing))
        for undercut in definition.undercuts
        if undercut.target == clause.name and day in undercut.interval
    ]
    if undercuts:
        condition = kleene([condition, negation(kleene(undercuts, deciding=True))], deciding=False)
    return condition.resting_on(int(clause.provenance.standing))


@attrs.define(eq=False)
class _Choice:
    """A choice among the version and the exceptions in force, with bodies evaluated once."""

    plan: Plan
    scope: Scope
    definition: Definition
    version: Version
    clauses: Sequence[ExceptionClause]
    enabled: Sequence[Vec]
    _bodies: dict[str, Vec] = attrs.field(factory=dict, init=False)

    def made(self) -> Decided:
        """Decide every row."""
        size = self.scope.size
        states = [self._states(vec) for vec in self.enabled]
        if len(states) > 30:
            raise CannotError("plus de trente exceptions d'une même règle")
        patterns = np.zeros(1, np.int64)
        for state in states:
            patterns = patterns * 4 + state
        found, clauses = Join(size), np.zeros(size, np.int64)
        for pattern, rows in distinct(np.broadcast_to(patterns, (size,)), 4 ** len(states)):
            digits = [pattern // 4 ** (len(states) - 1 - place) % 4 for place in range(len(states))]
            clauses[rows] = self._decided(digits, rows, found)
        value = found.result(NOTHING).resting_on(lowest(self.enabled))
        return Decided(value, clauses)

    @staticmethod
    def _states(vec: Vec) -> Array:
        states = np.where(vec.is_truth(True), _ON, _OFF)
        if vec.status is not None:
            states = np.where(vec.among(UNKNOWN), _DOUBTFUL, np.where(vec.among(ERROR, CONFLICT, RECOMPUTE), _BROKEN, states))
        return states

    def _decided(self, states: Sequence[int], rows: Array, found: Join) -> int:
        """Add the outcomes of the rows of one pattern, and return the clause that gave their value for sure (0: the version)."""
        if _BROKEN in states:
            found.add(rows, self._broken())
            return 0
        sure = [clause for clause, state in zip(self.clauses, states, strict=True) if state == _ON]
        doubtful = [clause for clause, state in zip(self.clauses, states, strict=True) if state == _DOUBTFUL]
        if len(doubtful) > MAX_COMPLETED:
            self.plan.reasons["plus de douze exceptions inconnues d'une même règle"] = None
            found.add(rows, all_rows(RECOMPUTE))
            return 0
        outcomes: dict[tuple[str, ...], Vec] = {}
        for completion in product((True, False), repeat=len(doubtful)):
            held = [*sure, *(clause for clause, holds in zip(doubtful, completion, strict=True) if holds)]
            left = undefeated(self.definition, held)
            names = tuple(clause.name for clause in left)
            if names not in outcomes:
                outcomes[names] = self._outcome(left) if left else self._body(self.version)
        agreed = Join(self.scope.size)
        for outcome in outcomes.values():
            agreed.add(rows, outcome)
        found.add(rows, agreed.result(all_needs(self.enabled) if doubtful else NOTHING))
        only = next(iter(outcomes)) if len(outcomes) == 1 else ()
        return 1 + [clause.name for clause in self.definition.exceptions].index(only[0]) if len(only) == 1 else 0

    def _broken(self) -> Vec:
        """Return what conditions that are errors or conflicts give: a conflict before an error."""
        status = np.zeros(1, np.int8)
        for vec in self.enabled:
            if vec.status is not None:
                broken = vec.among(ERROR, CONFLICT, RECOMPUTE)
                status = np.maximum(status, np.where(broken, vec.status, np.int8(0)))
        return Vec(None, status, lowest(self.enabled))

    def _body(self, chosen: ExceptionClause | Version) -> Vec:
        name = chosen.name if isinstance(chosen, ExceptionClause) else ""
        if name not in self._bodies:
            self._bodies[name] = _body(self.plan, self.scope, chosen)
        return self._bodies[name]

    def _outcome(self, left: Sequence[ExceptionClause]) -> Vec:
        """Return what the exceptions that stand give: one its value, several a conflict unless they are `cumulable` and agree."""
        if len(left) == 1:
            return self._body(left[0])
        conflict = all_rows(CONFLICT, int(min(clause.provenance.standing for clause in left)))
        if not self.definition.cumulative:
            return conflict
        values = [self._body(clause) for clause in left]
        everywhere = np.ones(self.scope.size, bool)
        agreed = Join(self.scope.size)
        for value in values:
            agreed.add(everywhere, value)
        joined = agreed.result(NOTHING)
        waiting = np.zeros(1, bool)
        for value in values:
            waiting = waiting | value.among(UNKNOWN)
        result = Join(self.scope.size)
        differ = everywhere & joined.among(UNKNOWN) & ~waiting
        result.add(differ, conflict)
        result.add(~differ, joined)
        return result.result(NOTHING)
