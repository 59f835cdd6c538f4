"""From a property of a pack to a record that breaks it, sought by drawing records around the constants of the rules.

Not finding one is no proof: the result says how many records were drawn and how many of them decided the property.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

import attrs
from hypothesis import HealthCheck, Phase, find, settings
from hypothesis import strategies as st
from hypothesis.errors import NoSuchExample

from optam_rules.backends.interpreter.judge import holds
from optam_rules.backends.strategies import days, records
from optam_rules.core.judgement import Outcome, Status
from optam_rules.core.program import Program, Property
from optam_rules.core.schema import read_record


@attrs.frozen
class Witness:
    """A record and a date on which a property does not hold, as the interpreter replayed it; `outcome` is false, a conflict or an error."""

    record: Mapping[str, Any]
    on: dt.date
    readings: Mapping[str, str]
    outcome: Outcome


@attrs.frozen
class PropertyResult:
    """What a search for a counterexample gave."""

    invariant: Property
    drawn: int
    decided: int
    witness: Witness | None

    @property
    def passed(self) -> bool:
        """Tell whether the property was decided at least once and never refuted."""
        return self.witness is None and self.decided > 0


@attrs.define
class _Count:
    drawn: int = 0
    decided: int = 0


def search(program: Program, invariant: Property, *, examples: int = 200) -> PropertyResult:
    """Look for the simplest record that breaks a property; the same program gives the same search.

    Half of the records are complete, half leave data out; the readings of hypotheses are drawn too.
    """
    count = _Count()

    def broken(case: tuple[dict[str, Any], dt.date, dict[str, str]]) -> bool:
        witness = _replay(program, invariant, *case)
        count.drawn += 1
        count.decided += witness.outcome.status is Status.KNOWN
        return witness.outcome.status in (Status.CONFLICT, Status.ERROR) or witness.outcome.value is False

    readings = st.fixed_dictionaries({name: st.sampled_from(spec.readings) for name, spec in program.hypotheses.items()})
    read_by = [invariant.condition]
    dossiers = st.one_of(*(records(program, partial=partial, entity=invariant.entity, read_by=read_by) for partial in (False, True)))
    configuration = settings(
        max_examples=examples,
        database=None,
        derandomize=True,
        deadline=None,
        phases=[Phase.generate, Phase.shrink],
        suppress_health_check=list(HealthCheck),
    )
    try:
        found = find(st.tuples(dossiers, days(program, invariant.interval), readings), broken, settings=configuration)
    except NoSuchExample:
        return PropertyResult(invariant, count.drawn, count.decided, None)
    return PropertyResult(invariant, count.drawn, count.decided, _replay(program, invariant, *found))


def _replay(program: Program, invariant: Property, raw: dict[str, Any], on: dt.date, readings: dict[str, str]) -> Witness:
    record, faults = read_record(program, raw, entity=invariant.entity)
    if record is None:
        raise AssertionError(f"a drawn record does not fit the vocabulary: {faults}")
    return Witness(raw, on, readings, holds(program, record, on, invariant.condition, assume=readings, references={}))
