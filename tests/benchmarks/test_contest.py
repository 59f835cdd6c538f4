"""The benchmark command: engines of the contest agree with the answers by hand, and what slides back is told. No time is asserted."""

from __future__ import annotations

import json
from importlib.util import find_spec
from pathlib import Path

import pytest

from benchmarks.__main__ import contest, slid
from benchmarks.acts import RUNS, draw, once
from benchmarks.contest.columns import COLUMNS
from benchmarks.contest.entry import Contestant, Part, Ready, Workload, expected, mismatches
from benchmarks.contest.rows import ROWS
from benchmarks.growth import Curve

WORK = Workload.of(300)


@pytest.mark.parametrize("contestant", [each for each in (*ROWS, *COLUMNS) if each.part is not Part.OURS], ids=lambda each: each.name)
def test_limits_and_peers_answer_as_by_hand(contestant: Contestant) -> None:
    """Every engine that is installed gives the sixteen answers of the seeded records."""
    try:
        ready = contestant.prepare(WORK)
    except ImportError as error:
        pytest.skip(f"not installed: {error.name}")
    assert {} == mismatches(ready.rows(ready.run()), expected(WORK.records))


@pytest.mark.parametrize("contestant", [each for each in ROWS if each.part is Part.OURS], ids=lambda each: each.name)
def test_this_package_answers_as_by_hand(contestant: Contestant) -> None:
    """With and without trace, from raw records, and asked for one answer."""
    ready = contestant.prepare(Workload.of(20))
    assert {} == mismatches(ready.rows(ready.run()), expected(WORK.records[:20]), contestant.asked)


def test_a_wrong_engine_and_a_missing_one_are_told() -> None:
    """An engine that always says 0 is counted wrong on every record where 0 is not the answer; one not installed is named."""

    def zero(work: Workload) -> Ready:
        return Ready(lambda: None, lambda _: [(0,) * 16 for _ in work.records])

    def missing(work: Workload) -> Ready:
        raise ImportError("no such engine", name="engine")

    told = contest([Contestant("zero", Part.LIMIT, zero), Contestant("missing", Part.PEER, missing)], "zero", 300, 300)["engines"]
    assert sum(row[5] != 0 for row in expected(WORK.records)) == told["zero"]["wrong"]["base_de_reference"]
    assert "engine" == told["missing"]["missing"]


def test_what_slid_back_is_told() -> None:
    """A ratio below the one expected, less the tolerance, an exponent above, and wrong answers are three faults."""
    engines: dict[str, dict[str, object]] = {each.name: {"part": "ours", "ratio": 1.0} for each in ROWS if each.part is Part.OURS}
    engines["optam"] = {"part": "ours", "ratio": 1e-9, "wrong": {"palier": 1}}
    columns = [each.name for each in COLUMNS if each.part is Part.OURS]
    growth = {name: {"exponent": 1.0} for name in ("rules", "records", "group", "text")} | {"group": {"exponent": 2.0}}
    found = {
        "rows": {"engines": engines},
        "columns": {"engines": {name: {"part": "ours", "ratio": 1.0} for name in columns}},
        "acts": {"engines": {"optam": {"ratio_to_kept": 1.0}}},
        "growth": growth,
    }
    assert ["rows.optam", "growth.group", "optam"] == [fault.split(":")[0] for fault in slid(found)]


def test_the_exponent_is_the_slope() -> None:
    """A hundred times the size in ten thousand times the time is quadratic."""
    assert 2 == pytest.approx(Curve("", "", "", ((10, 0.001), (100, 0.05), (1000, 10.0))).exponent)


@pytest.mark.skipif(find_spec("duckdb") is None, reason="duckdb is not installed")
def test_acts_counted_by_hand_are_those_of_the_package(tmp_path: Path) -> None:
    """The query by hand and the package give the same figures, and set as many lines aside."""
    acts = draw(tmp_path, 20_000)
    told = {}
    for name in RUNS:
        written = tmp_path / name
        written.mkdir()
        told[name] = once(name, acts, written)
    assert 1 == len({json.dumps(each["figures"]) for each in told.values()})
    assert told["kept"]["apart"] == told["optam"]["apart"] > 100
