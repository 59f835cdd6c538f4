"""The benchmark command: engines of the contest agree with the answers by hand, and what slides back is told. No time is asserted."""

from __future__ import annotations

import json
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

from benchmarks.__main__ import checked, contest, slid
from benchmarks.acts import RUNS, draw, once
from benchmarks.contest.columns import COLUMNS
from benchmarks.contest.entry import Contestant, Part, Ready, Workload, expected, mismatches
from benchmarks.contest.rows import ROWS
from benchmarks.growth import Curve

WORK = Workload.of(300)


@pytest.mark.parametrize("contestant", [each for each in (*ROWS, *COLUMNS) if each.part is not Part.OURS], ids=lambda each: each.name)
def test_limits_and_peers_answer_as_by_hand(contestant: Contestant) -> None:
    """Every engine that is installed gives the sixteen answers of the seeded records; one whose numbers hold 24 bits misses rates."""
    try:
        ready = contestant.prepare(WORK)
    except ImportError as error:
        pytest.skip(f"not installed: {error.name}")
    found = mismatches(ready.rows(ready.run()), expected(WORK.records))
    assert {} == found if contestant.exact else found["taux_de_reference"] > 0


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


def whole(**engines: dict[str, object]) -> dict[str, Any]:
    """Return a run in which every engine of this package goes ten times as fast as by hand and all grows in line, some rows aside."""
    rows: dict[str, dict[str, object]] = {each.name: {"part": "ours", "ratio": 10.0} for each in ROWS if each.part is Part.OURS}
    columns = {each.name: {"part": "ours", "ratio": 10.0} for each in COLUMNS if each.part is Part.OURS}
    return {
        "rows": {"engines": {**rows, **engines}},
        "columns": {"engines": columns},
        "acts": {"engines": {"optam": {"ratio_to_kept": 1.0}}},
        "growth": {name: {"exponent": 1.0} for name in ("rules", "records", "tables", "group", "text", "cache")},
    }


def test_what_slid_back_is_told() -> None:
    """A ratio below the one expected, less the tolerance, an exponent above, and wrong answers are three faults; no run, no fault."""
    found = whole(optam={"part": "ours", "ratio": 1e-9, "wrong": {"palier": 1}})
    found["growth"]["group"]["exponent"] = 3.0
    assert ["rows.optam", "growth.group", "rows.optam"] == [fault.split(":")[0] for fault in slid(found)]
    assert [] == slid(whole())
    assert [] == slid({"runs": {}})


def test_a_section_with_a_fault_is_measured_again() -> None:
    """What is slow once and fast the second time has not slid back, what is slow twice has; wrong answers stay wrong."""
    slow: dict[str, object] = {"part": "ours", "ratio": 1e-9}
    asked: list[str] = []

    def again(**engines: dict[str, object]) -> Callable[[], dict[str, Any]]:
        return lambda: asked.append("rows") or whole(**engines)["rows"]  # type: ignore[func-returns-value]

    assert [] == checked(whole(optam=slow), {"rows": again()})
    told = checked(whole(optam=slow), {"rows": again(**{"optam": slow, "optam-trace": slow})})
    assert ["rows.optam"] == [fault.split(":")[0] for fault in told]
    wrong: dict[str, object] = {"part": "ours", "ratio": 10.0, "wrong": {"palier": 1}}
    assert ["rows.optam: its answers are not those written by hand"] == checked(whole(optam=wrong), {"rows": again()})
    assert ["rows"] * 3 == asked


def test_a_section_measured_alone_leaves_the_others_of_the_page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Figures of loading are replaced, those of a run before kept, and the page has both."""
    page = pytest.importorskip("benchmarks.page", reason="matplotlib is not installed")
    for name, value in {"PAGE": tmp_path / "page.md", "FIGURES": tmp_path / "page.json", "IMAGES": tmp_path}.items():
        monkeypatch.setattr(page, name, value)
    run = {"date": "2026-11-27", "python": "3.11", "processors": 2, "load_1_minute": 0.1, "scale": 1.0, "seconds": 3}
    engine = {"rows_per_second_best": 2e6, "rows_per_second_median": 1e6, "ratio_to_kept": 0.75, "peak_mib": 150}
    acts = {"rows": 10**8, "years": 3, "set_aside": 4, "versions": {"duckdb": "2"}, "engines": {"optam": engine}}
    page.update({"runs": {"acts": run, "loading": run}, "acts": acts, "loading": {"import attrs": 10.0, "import optam_rules": 20.0}})
    page.update({"runs": {"loading": {**run, "date": "2026-11-28"}}, "loading": {"import attrs": 10.0, "import optam_rules": 5.0}})
    text = (tmp_path / "page.md").read_text(encoding="utf-8")
    assert "| optam | 2,000,000 | 1,000,000 | 0.75 | 150 |" in text
    assert "| import optam_rules | 5.00 | 0.500 |" in text
    assert "| acts | 2026-11-27 |" in text
    assert "| loading | 2026-11-28 |" in text


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
