"""Compares the steps that compiled functions give with the interpreter's, field by field, wherever a record is whole for them.

Conventions and records are the suite's cases, drawn ones, and records drawn for shipped packs. What is not compiled is the interpreter's
anyway; that enough is compiled for the comparison to mean something is asserted too.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

import optam_rules
from optam_rules.api.calls import answers_on
from optam_rules.backends.interpreter import judge as interpreter
from optam_rules.backends.row import steps
from optam_rules.backends.strategies.records import records
from optam_rules.core.asking import References
from optam_rules.core.judgement import Step
from optam_rules.core.program import Program
from optam_rules.core.record import Record
from optam_rules.core.schema import read_record, read_references
from tests.conformance.generated import calls
from tests.conformance.test_backends import CASES, suite

QUIET: dict[str, Any] = {
    "deadline": None,
    "derandomize": True,
    "database": None,
    "phases": [Phase.generate],
    "suppress_health_check": list(HealthCheck),
}
# Shipped packs whose records are drawn, each with a day of its own, and how many of its answers are compiled for some record, at least.
PACKS = {
    "actes": (dt.date(2017, 6, 8), 10),
    "cas-2011": (dt.date(2017, 6, 8), 6),
    "cm-2016": (dt.date(2020, 6, 8), 40),
    "contrat-responsable": (dt.date(2020, 6, 8), 10),
    "patients": (dt.date(2020, 6, 8), 25),
    "sanctions": (dt.date(2025, 6, 8), 10),
}


def fields(step: Step) -> object:
    """Return all that a step tells, places in the text and the very kinds of numbers included."""
    return step, repr(step), step.position, [guard.position for guard in step.guards]


def compared(
    program: Program, record: Record, on: dt.date, asked: Sequence[str], readings: Mapping[str, str], given: References
) -> set[str]:
    """Compare each answer that is compiled, with others or alone, with the interpreter's; return which were."""
    wanted = interpreter.judge(program, record, on, answers=asked, assume=readings, references=given, trace=True)
    tracer = steps.prepare(program, on, answers=tuple(asked), assume=readings, warm=0)
    together = tracer(record) or {}
    found = {path: together.get(path) or tracer.alone(path, record) for path in asked}
    compiled = {path: outcome for path, outcome in found.items() if outcome is not None}
    for path, outcome in compiled.items():
        assert [fields(step) for step in wanted[path].steps] == [fields(step) for step in outcome.steps], path
        assert wanted[path] == outcome, path
    return set(compiled)


def test_steps_of_the_cases() -> None:
    """Every case of the suite, asked as it asks: more than a hundred answers are compiled."""
    count = 0
    for name in sorted(path.name for path in CASES.glob("*.toml")):
        program, data = suite(name)
        for case in data["cases"]:
            record, _ = read_record(program, case["record"])
            tables = {table: {tuple(row[:-1]): row[-1] for row in rows} for table, rows in case.get("references", {}).items()}
            on = case.get("on", dt.date(2017, 1, 1))
            assert record is not None
            count += len(compared(program, record, on, list(case["answers"]), case.get("assume", {}), read_references(program, tables)[0]))
    assert count > 100


def test_steps_of_drawn_conventions() -> None:
    """Conventions drawn by chance, on a partial and on a complete record."""
    count = 0

    @settings(max_examples=40, **QUIET)
    @given(call=calls(), data=st.data())
    def drawn(call: Any, data: Any) -> None:
        nonlocal count
        for raw in (call.raws[0], data.draw(records(call.program, partial=False))):
            record, _ = read_record(call.program, raw)
            assert record is not None
            paths = [path for path, _ in call.program.answers()]
            count += len(compared(call.program, record, call.on, paths, call.readings, read_references(call.program, call.references)[0]))

    drawn()
    assert count > 30


@pytest.mark.parametrize("name", PACKS)
def test_steps_of_a_pack(name: str) -> None:
    """Records drawn for a shipped pack, none of their data unknown."""
    program = optam_rules.load(name).program
    on, least = PACKS[name]
    asked, seen = answers_on(program, on), set[str]()

    @settings(max_examples=6, **QUIET)
    @given(raw=records(program, partial=False))
    def drawn(raw: Mapping[str, Any]) -> None:
        record, _ = read_record(program, raw)
        assert record is not None
        seen.update(compared(program, record, on, asked, {}, {}))

    drawn()
    assert len(seen) >= least
