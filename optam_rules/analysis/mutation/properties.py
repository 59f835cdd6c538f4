"""From the properties of a program to cases drawn once, on which a faulty program is tried: where one breaks, its property kills."""

from __future__ import annotations

import datetime as dt
import importlib.util
from collections.abc import Callable, Iterator, Mapping

import attrs

from optam_rules.analysis.coverage.elements import plan
from optam_rules.analysis.coverage.observe import Observation
from optam_rules.analysis.obligations import Holds, broken
from optam_rules.backends.interpreter.judge import appraise
from optam_rules.core.asking import References
from optam_rules.core.case import Case
from optam_rules.core.program import Program, Property
from optam_rules.core.record import Record
from optam_rules.core.references import read_references
from optam_rules.core.schema import read_record

Sees = Callable[[frozenset[int], frozenset[tuple[str, str]]], bool]


@attrs.frozen
class _Drawn:
    """A case on which a property holds, and what was evaluated to tell."""

    invariant: Property
    record: Record
    on: dt.date
    readings: Mapping[str, str]
    references: References
    touched: frozenset[int]
    read: frozenset[tuple[str, str]]


@attrs.frozen
class Corpus:
    """Cases for each property of a program."""

    drawn: tuple[_Drawn, ...]

    def killer(self, program: Program, sees: Sees) -> str | None:
        """Return the title of the first property that a faulty program breaks; `sees` tells whether a case reaches the fault."""
        for case in self.drawn:
            if sees(case.touched, case.read):
                obligation = Holds(program, case.invariant)
                condition = case.invariant.condition
                outcome = appraise(program, case.record, case.on, condition, assume=case.readings, references=case.references)
                if broken(obligation, [outcome]):
                    return case.invariant.title
        return None


def draw_corpus(program: Program, *, examples: int) -> Corpus:
    """Draw cases for each property; without the extra that draws them there are none, and properties kill nothing."""
    if importlib.util.find_spec("hypothesis") is None:
        return Corpus(())
    return Corpus(tuple(_draw(program, examples)))


def _draw(program: Program, examples: int) -> Iterator[_Drawn]:
    # Imported here: hypothesis is an extra.
    from optam_rules.analysis.search import draw

    watched = plan(program)
    for invariant in program.properties:
        obligation = Holds(program, invariant)
        for case in draw(obligation, examples=examples):
            held = _hold(program, invariant, case, Observation(watched, case.on))
            if held is not None:
                yield held


def _hold(program: Program, invariant: Property, case: Case, probe: Observation) -> _Drawn | None:
    """Judge a case without any fault; `None` where it does not decide the property or breaks it already."""
    record, _ = read_record(program, case.record, entity=invariant.entity)
    references, faults = read_references(program, {name: dict(rows) for name, rows in case.references.items()})
    if record is None or faults:
        return None
    outcome = appraise(program, record, case.on, invariant.condition, assume=case.readings, references=references, probe=probe)
    if outcome.value is not True:
        return None
    return _Drawn(invariant, record, case.on, case.readings, references, frozenset(probe.touched), frozenset(probe.definitions))
