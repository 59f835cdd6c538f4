"""One command for all that is measured: engines side by side, loading, growth, acts; ratios checked, and a page with plots written.

python -m benchmarks                      a quick run, told on the terminal
python -m benchmarks --scale 1 --page     the whole ranges, written to docs/explanation/performance.md with its plots
python -m benchmarks --only acts --page   one section measured anew, the page keeping the others as performance.json tells them
python -m benchmarks --check              exit 1 where a ratio to hand-written code has slid below benchmarks/expected.toml
"""

from __future__ import annotations

import argparse
import datetime as dt
import gc
import json
import platform
import sys
import time
import tomllib
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from benchmarks.acts import side_by_side
from benchmarks.contest.columns import COLUMNS
from benchmarks.contest.entry import Contestant, Part, Workload, expected, mismatches, wrong_records
from benchmarks.contest.rows import ROWS
from benchmarks.growth import curves
from benchmarks.measure import best, interleaved, load_of_machine, median, timed
from benchmarks.rows import loading, memory

_EXPECTED = Path(__file__).parent / "expected.toml"
SECTIONS = ("rows", "loading", "memory", "columns", "growth", "acts")
_ROUNDS = 5
_PART_SECONDS = 0.2  # how long a part of a run should take, so that parts of engines far apart in speed weigh alike

_LEAST_COLUMNS = 1 << 18  # below, what engines of columns do once a call or once a batch weighs most
_ACTS, _LEAST_ACTS = 10**8, 200_000


def contest(contestants: Sequence[Contestant], limit: str, compared: int, timed_records: int) -> dict[str, Any]:
    """Run engines side by side, in turn: rates, ratios to the limit written by hand, mismatches; one that is missing is told so."""
    small = Workload.of(compared)
    wanted = expected(small.records)
    # Engines of rows keep to one thread: the processor's time of this process leaves out what others do on a shared machine.
    clock = time.process_time if contestants is ROWS else time.perf_counter
    told: dict[str, dict[str, Any]] = {}
    runs = {}
    for each in contestants:
        try:
            ready = each.prepare(small)
        except ImportError as error:
            told[each.name] = {"part": each.part, "missing": str(error.name or error), "remark": each.remark}
            continue
        got = ready.rows(ready.run())
        told[each.name] = {
            "part": each.part,
            "version": each.version(),
            "remark": each.remark,
            "wrong": mismatches(got, wanted, each.asked),
            "wrong_records": wrong_records(got, wanted, each.asked),
            "compared": compared,
        }
        rate = timed(ready.run, compared, clock).rate
        least = 16 if contestants is ROWS else _LEAST_COLUMNS
        count = min(timed_records, max(least, int(rate * _PART_SECONDS)))
        runs[each.name] = (each.prepare(Workload.of(count, rows=contestants is ROWS)).run, count)
    gc.collect()
    gc.freeze()  # the records of all engines are not looked through again and again while one of them runs
    samples = interleaved(runs, _ROUNDS, clock)
    gc.unfreeze()
    floor = best(samples[limit])
    for name, held in samples.items():
        told[name] |= {"best": best(held), "median": median(held), "records": runs[name][1], "ratio": best(held) / floor}
    return {"limit": limit, "engines": told}


def measures(scale: float, acts_folder: Path | None, rows_of_acts: int) -> Mapping[str, Callable[[], dict[str, Any]]]:
    """Return what measures each section."""

    def growth() -> dict[str, Any]:
        told = {}
        for curve in curves(scale):
            _say(f"growth: {curve.timed}, exponent {curve.exponent:.2f}")
            kept = {"grows": curve.grows, "timed": curve.timed, "points": curve.points}
            told[curve.name] = {**kept, "exponent": curve.exponent, "last": curve.last}
        return told

    def acts() -> dict[str, Any]:
        if acts_folder is not None:
            acts_folder.mkdir(parents=True, exist_ok=True)
            return side_by_side(acts_folder, rows_of_acts, 2)
        with TemporaryDirectory() as folder:
            return side_by_side(Path(folder), rows_of_acts, 2)

    return {
        "rows": lambda: contest(ROWS, "python-by-hand", 200, 100_000),
        "loading": loading,
        "memory": memory,
        "columns": lambda: contest(COLUMNS, "c-loop", 65_536, max(_LEAST_COLUMNS, int(10_000_000 * scale))),
        "growth": growth,
        "acts": acts,
    }


def measured(wanted: Sequence[str], how: Mapping[str, Callable[[], dict[str, Any]]], scale: float) -> dict[str, Any]:
    """Measure some sections; `runs` tells of each when, on what, and how busy the machine was before."""
    found: dict[str, Any] = {"runs": {}}
    for section in wanted:
        _say(f"{section} …")
        machine, begun = load_of_machine(), time.perf_counter()
        found[section] = how[section]()
        took = round(time.perf_counter() - begun)
        told = {"date": dt.date.today().isoformat(), "python": platform.python_version(), "scale": scale, "seconds": took}
        found["runs"][section] = {**told, **machine}
        _say(f"{section}: {took} s")
    return found


def slid(found: Mapping[str, Any]) -> list[str]:
    """Tell what fell below what is expected, less the tolerance, in the sections measured: ratios of one run, never times."""
    rules = tomllib.loads(_EXPECTED.read_text(encoding="utf-8"))
    kept = 1 - rules["tolerance"]
    faults = []
    for group, ratios in rules["ratio"].items():
        if group not in found:
            continue
        engines = found[group]["engines"]
        for name, least in ratios.items():
            ratio = _ratio(engines[name])
            if ratio is None:
                faults.append(f"{group}.{name}: not measured ({engines[name].get('missing')})")
            elif ratio < least * kept:
                faults.append(f"{group}.{name}: {ratio:.4f}, expected {least} less {rules['tolerance']:.0%}")
    for name, most in rules["exponent"].items() if "growth" in found else ():
        if found["growth"][name]["exponent"] > most:
            faults.append(f"growth.{name}: exponent {found['growth'][name]['exponent']:.2f}, expected at most {most}")
    wrong = [
        f"{group}.{name}: its answers are not those written by hand"
        for group in ("rows", "columns")
        for name, engine in found.get(group, {"engines": {}})["engines"].items()
        if engine["part"] == Part.OURS and engine.get("wrong")
    ]
    return faults + wrong


def _ratio(engine: Mapping[str, Any]) -> float | None:
    ratio: float | None = engine.get("ratio", engine.get("ratio_to_kept"))
    return ratio


def better(first: Mapping[str, Any], second: Mapping[str, Any]) -> dict[str, Any]:
    """Return a section measured twice: of each engine or curve the better one, wrong answers kept from either."""
    if "engines" not in first:
        return {name: min(curve, second[name], key=lambda each: each["exponent"]) for name, curve in first.items()}
    engines = {}
    for name, engine in first["engines"].items():
        both = [engine, second["engines"][name]]
        engines[name] = max(both, key=lambda each: _ratio(each) or 0) | {"wrong": both[0].get("wrong") or both[1].get("wrong")}
    return {**first, "engines": engines}


def checked(found: dict[str, Any], how: Mapping[str, Callable[[], dict[str, Any]]]) -> list[str]:
    """Tell what slid back, sections with a fault measured a second time: another program's work seldom falls on both."""
    for section in dict.fromkeys(fault.partition(".")[0] for fault in slid(found)):
        _say(f"{section} again …")
        found[section] = better(found[section], how[section]())
    return slid(found)


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def _sections(text: str) -> list[str]:
    names = [name.strip() for name in text.split(",") if name.strip()]
    if not names or (unknown := [name for name in names if name not in SECTIONS]):
        raise argparse.ArgumentTypeError(f"{unknown[0] if names else text!r} is not among {', '.join(SECTIONS)}")
    return names


def main(arguments: Sequence[str] | None = None) -> int:
    """Run from the command line; exit 1 where `--check` finds that something slid back."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--scale", type=float, default=0.001, help="part of the whole ranges (1); 0.001 by default")
    parser.add_argument("--only", type=_sections, default=SECTIONS, metavar="SECTION,…", help=f"of {', '.join(SECTIONS)}; all by default")
    parser.add_argument("--acts", type=float, help="lines of fees; by default 100,000,000 times the scale, 200,000 at least")
    parser.add_argument("--acts-folder", type=Path, help="where the lines of fees are kept between runs: 860 MB for 100,000,000")
    parser.add_argument("--check", action="store_true", help="compare ratios with benchmarks/expected.toml")
    parser.add_argument("--page", action="store_true", help="write docs/explanation/performance.md, its plots and performance.json")
    parser.add_argument("--json", type=Path, help="write all that was measured")
    given = parser.parse_args(arguments)
    rows_of_acts = int(given.acts if given.acts is not None else max(_LEAST_ACTS, _ACTS * given.scale))
    how = measures(given.scale, given.acts_folder, rows_of_acts)
    found = measured(given.only, how, given.scale)
    faults = checked(found, how) if given.check else []
    if given.json is not None:
        given.json.write_text(json.dumps(found, indent=2) + "\n", encoding="utf-8")
    if given.page:
        # Imported here: plots need matplotlib, a run on the terminal does not.
        from benchmarks.page import update

        update(found)
    print(json.dumps(found, indent=2))
    for fault in faults:
        print(fault, file=sys.stderr)
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
