"""Runs every conformance case on every backend, and each backend beside the reference on conventions and records drawn by chance.

Programs, records and expected answers are data (`cases`), and so are the backends (`backends`). To add one, write a function from
`Asked` to one `Judged` a record, and a line in BACKENDS; what it leaves to the reference it says in `Judged.beyond`, with a reason that
GAPS repeats where a case of the suite meets it.
"""

from __future__ import annotations

import datetime as dt
import tomllib
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings

from optam_rules.base.calendar import ALWAYS
from optam_rules.base.diagnostics import render_text
from optam_rules.base.source import Position
from optam_rules.core.judgement import Outcome
from optam_rules.core.program import Program
from optam_rules.core.schema import read_references
from optam_rules.core.values import to_json
from optam_rules.elaborate.pipeline import PackInfo, elaborate
from optam_rules.syntax.parse import parse
from optam_rules.syntax.source import read_source
from tests.conformance.backends import BACKENDS, GAPS, REFERENCE, TOLD, Asked
from tests.conformance.generated import Drawn, calls

CASES = Path(__file__).parent / "cases"


@cache
def suite(name: str) -> tuple[Program, dict[str, Any]]:
    """Return the program of a suite and its cases."""
    data = tomllib.loads((CASES / name).read_text(encoding="utf-8"), parse_float=Decimal)
    source, faults = read_source(name, data["program"].encode())
    assert source is not None
    tree, found = parse(source)
    info = PackInfo("conformite", "Conformité", "1", "sha256:", None, ALWAYS)
    program, more = elaborate(info, [tree])
    errors = [d for d in [*faults, *found, *more] if d.severity == "error"]
    assert not errors, "\n".join(render_text(d) for d in errors)
    assert program is not None
    return program, data


def all_cases() -> list[Any]:
    """List (suite, index) of every case, named by its sentence."""
    return [
        pytest.param(path.name, index, id=f"{path.stem}: {case['name']}")
        for path in sorted(CASES.glob("*.toml"))
        for index, case in enumerate(tomllib.loads(path.read_text(encoding="utf-8"))["cases"])
    ]


def seen(outcome: Outcome, key: str) -> object:
    """Return what the outcome shows under a key of a case."""
    match key:
        case "status":
            return str(outcome.status)
        case "value":
            return None if outcome.value is None else to_json(outcome.value, outcome.type)
        case "needs":
            return sorted(outcome.needs)
        case "standing":
            return str(outcome.standing)
        case "hypotheses":
            return list(outcome.hypotheses)
        case "fault":
            return outcome.fault.code if outcome.fault else None
        case "fault_on":
            return None if outcome.fault is None else _words(outcome.fault.position)
        case "conflict":
            return [_words(position) for position in outcome.conflict]
        case "alternatives":
            return {name: seen(other, "value") for name, other in outcome.alternatives}
    raise AssertionError(f"a case expects `{key}`, which no outcome has")


def _words(position: Position) -> str:
    """Return what stands in the text where an error or a clause stands."""
    return position.source.text[position.start : position.end]


@pytest.mark.parametrize("backend", BACKENDS)
@pytest.mark.parametrize(("name", "index"), all_cases())
def test_case(backend: str, name: str, index: int) -> None:
    """Each answer of the case has the status, value, needs and standing that the case expects."""
    program, data = suite(name)
    case = data["cases"][index]
    references, more = read_references(
        program, {table: {tuple(row[:-1]): row[-1] for row in rows} for table, rows in case.get("references", {}).items()}
    )
    assert not more
    on = case.get("on", dt.date(2017, 1, 1))
    asked = Asked(program, [case["record"]], on, list(case["answers"]), case.get("assume", {}), references)
    (judged,) = BACKENDS[backend](asked)
    assert set(judged.beyond.values()) <= {GAPS.get((backend, name, case["name"]))}
    for answer, expected in case["answers"].items():
        if answer not in judged.beyond:
            told = TOLD.get(backend, expected.keys())
            wanted = {key: sorted(value) if key == "needs" else value for key, value in expected.items() if key in told}
            assert wanted == {key: seen(judged.outcomes[answer], key) for key in wanted}, answer


def whole(outcome: Outcome, backend: str) -> object:
    """Return all that a backend must agree on with the reference; positions are left out of the equality of outcomes."""
    if backend in TOLD:
        return {key: seen(outcome, key) for key in TOLD[backend]}
    fault = outcome.fault
    alternatives = [(label, whole(other, backend)) for label, other in outcome.alternatives]
    return outcome, fault and (fault.code, fault.position), alternatives


@pytest.mark.parametrize("backend", [name for name, backend in BACKENDS.items() if backend is not REFERENCE])
@settings(max_examples=30, deadline=None, derandomize=True, database=None, phases=[Phase.generate], suppress_health_check=list(HealthCheck))
@given(call=calls())
def test_drawn_conventions(backend: str, call: Drawn) -> None:
    """A backend answers as the reference does, needs, standing, faults and their places included, or leaves the answer with a reason."""
    program = call.program
    references, faults = read_references(program, call.references)
    assert not faults
    asked = Asked(program, call.raws, call.on, [path for path, _ in program.answers()], call.readings, references)
    for expected, judged in zip(REFERENCE(asked), BACKENDS[backend](asked), strict=True):
        assert all(judged.beyond.values())
        assert set(expected.outcomes) == {*judged.outcomes, *judged.beyond}
        for path, outcome in judged.outcomes.items():
            assert whole(expected.outcomes[path], backend) == whole(outcome, backend), path
