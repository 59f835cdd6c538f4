"""Runs every conformance case on every backend: programs and records are data, so that a new backend is one line here."""

from __future__ import annotations

import datetime as dt
import tomllib
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from optam_rules.backends.interpreter.judge import judge
from optam_rules.base.calendar import ALWAYS
from optam_rules.base.diagnostics import render_text
from optam_rules.core.judgement import Outcome
from optam_rules.core.program import Program
from optam_rules.core.schema import read_record, read_references
from optam_rules.core.values import to_json
from optam_rules.elaborate.pipeline import PackInfo, elaborate
from optam_rules.syntax.parse import parse
from optam_rules.syntax.source import read_source

BACKENDS = {"interpreter": judge}
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
    assert program is not None, "\n".join(render_text(d) for d in errors)
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
        case "alternatives":
            return {name: seen(other, "value") for name, other in outcome.alternatives}
    raise AssertionError(f"a case expects `{key}`, which no outcome has")


@pytest.mark.parametrize("backend", BACKENDS)
@pytest.mark.parametrize(("name", "index"), all_cases())
def test_case(backend: str, name: str, index: int) -> None:
    """Each answer of the case has the status, value, needs and standing that the case expects."""
    program, data = suite(name)
    case = data["cases"][index]
    record, faults = read_record(program, case["record"])
    assert record is not None, faults
    references, more = read_references(
        program, {table: {tuple(row[:-1]): row[-1] for row in rows} for table, rows in case.get("references", {}).items()}
    )
    assert not more
    outcomes = BACKENDS[backend](
        program,
        record,
        case.get("on", dt.date(2017, 1, 1)),
        answers=case["answers"],
        assume=case.get("assume", {}),
        references=references,
        trace=False,
    )
    for answer, expected in case["answers"].items():
        wanted = {key: sorted(value) if key == "needs" else value for key, value in expected.items()}
        assert wanted == {key: seen(outcomes[answer], key) for key in wanted}, answer
