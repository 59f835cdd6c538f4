"""What the functions of a record share: values computed once, paths, the readings tried, the steps spent."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, cast

from optam_rules.core.absence import Value, all_needs, known, non_answer, weakest
from optam_rules.core.asking import MAX_STEPS, Readings, References
from optam_rules.core.ir import Lookup
from optam_rules.core.judgement import Status
from optam_rules.core.meaning import of_field, of_lookup, of_reading
from optam_rules.core.paths import Paths
from optam_rules.core.program import Definition, Program
from optam_rules.core.record import Record

_NONE: Mapping[str, str] = {}
# Each definition takes a few Python frames, of which there are a thousand: a longer chain is begun again from what stands this deep.
MAX_CHAIN = 50
# Times that one answer is begun again; chains that are longer still are the reference's.
MAX_RESTARTS = 1_000
# The functions of a program: from a definition, the day that chooses its versions and the evaluation date to its function.
Library = Callable[[Definition, dt.date, dt.date], Callable[["State", Record], Value]]


class BeyondError(Exception):
    """Raised where an answer is left to the reference; the text is the reason."""


class TooDeepError(Exception):
    """Raised where frames would run out; what is read there is to be worked out first."""

    def __init__(self, record: Record, definition: Definition, day: dt.date | None) -> None:
        super().__init__(definition.name)
        self.read = record, definition, day


class State:
    """One record on one date."""

    def __init__(
        self, program: Program, library: Library, record: Record, day: dt.date, readings: Mapping[str, str], references: References
    ) -> None:
        self.program = program
        self.record = record
        self.day = known(day)
        self._day = day
        self._library = library
        self._readings = readings
        self._references = references
        self._paths = Paths(program, record)
        self._memo: dict[tuple[Any, ...], tuple[Value, int]] = {}  # with the steps that it took
        self._tried: Mapping[str, str] = _NONE
        self._questions = program.questions
        self._spent = 0
        self._depth = 0

    def finished(self, make: Callable[[], Value]) -> Value:
        """Return a value, working out first what stands too deep in it. Raises BeyondError where that never ends."""
        waiting = [make]
        for _ in range(MAX_RESTARTS):
            self._depth = 0
            try:
                value = waiting[-1]()
            except TooDeepError as error:
                record, definition, day = error.read
                waiting.append(partial(self.answer, record, definition, day))
                continue
            waiting.pop()
            if not waiting:
                return value
        raise BeyondError(f"enchaîne plus de {MAX_CHAIN * MAX_RESTARTS} définitions")

    def begin(self, tried: Readings) -> None:
        """Begin an answer under some readings that no caller chose."""
        self._tried = dict(tried)
        self._spent = 0

    def spend(self, steps: int) -> None:
        """Count steps, never fewer than the reference takes. Raises BeyondError where it may refuse the answer (E606)."""
        self._spent += steps
        if self._spent > MAX_STEPS:
            raise BeyondError(f"peut dépasser {MAX_STEPS} étapes")

    def field(self, record: Record, name: str) -> Value:
        """Return a datum of a record."""
        held = record.get(name)
        path = self._paths.of(record, name)
        if isinstance(held, Record):
            self._paths.meet(held, path)
        elif isinstance(held, tuple) and held and isinstance(held[0], Record):
            self._paths.meet_all(held, path)
        return of_field(held, path)

    def field_of(self, target: Value, name: str) -> Value:
        """Return a datum of what may be a record."""
        if not target.known:
            return target
        return self.field(cast("Record", target.content), name).resting_on(target.standing, target.hypotheses)

    def reading(self, name: str) -> Value:
        """Return the reading of an open question."""
        tried = self._tried.get(name)
        return of_reading(name, self._readings.get(name) if tried is None else tried, tentative=tried is not None)

    def lookup(self, expr: Lookup, keys: tuple[Value, ...]) -> Value:
        """Return a row of a reference table."""
        return of_lookup(expr, self.program.references[expr.table], self._references.get(expr.table), keys)

    def answer(self, record: Record, definition: Definition, day: dt.date | None = None) -> Value:
        """Return the value of a definition on a record, computed once for each choice of the readings that it may read."""
        named = definition.key
        tried: Readings = ()
        if self._tried and (questions := self._questions[named]):
            tried = tuple([(name, self._tried[name]) for name in self._tried if name in questions])
        key = (named, id(record), day, tried)
        found = self._memo.get(key)
        if found is not None:
            value, spent = found
            if tried:
                self.spend(spent)  # the reference evaluates it anew for each combination of readings
            return value
        self._depth += 1
        if self._depth > MAX_CHAIN:
            raise TooDeepError(record, definition, day)
        before = self._spent
        value = self._library(definition, self._day if day is None else day, self._day)(self, record)
        self._depth -= 1
        self._memo[key] = value, self._spent - before
        return value

    def answer_of(self, target: Value, definition: Definition) -> Value:
        """Return the value of a definition on what may be a record."""
        if not target.known:
            return target
        return self.answer(cast("Record", target.content), definition).resting_on(target.standing, target.hypotheses)

    def answer_at(self, target: Value, definition: Definition, day: Value) -> Value:
        """Return the value that the versions in force on another day give; where that day is unknown, what any version waits for too."""
        absent = non_answer([target, day])
        if absent is None:
            chosen = cast("dt.date", day.content)
            at = None if chosen == self._day else chosen
            return self.answer(cast("Record", target.content), definition, at).resting_on(*weakest([target, day]))
        if not target.known or day.status is not Status.UNKNOWN:
            return absent
        record = cast("Record", target.content)
        needs = all_needs(self.answer(record, definition, other) for other in definition.days_of_versions(self._day))
        return Value(Status.UNKNOWN, needs=absent.needs | needs, standing=absent.standing, hypotheses=absent.hypotheses)
