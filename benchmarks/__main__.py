"""One command for all that is measured: engines side by side, growth, acts; ratios checked, and a page with plots written.

python -m benchmarks                      a quick run, told on the terminal
python -m benchmarks --scale 1 --page     the whole ranges, written to docs/explanation/performance.md with its plots
python -m benchmarks --check              exit 1 where a ratio to hand-written code has slid below benchmarks/expected.toml
"""

from __future__ import annotations

import argparse
import json
import platform
import sys
import tomllib
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from benchmarks.acts import side_by_side
from benchmarks.contest.columns import COLUMNS
from benchmarks.contest.entry import Contestant, Part, Workload, expected, mismatches
from benchmarks.contest.rows import ROWS
from benchmarks.growth import curves
from benchmarks.measure import best, interleaved, load_of_machine, median, timed
from benchmarks.rows import loading, memory

_EXPECTED = Path(__file__).parent / "expected.toml"
_ROUNDS = 5
_PART_SECONDS = 0.2  # how long a part of a run should take, so that parts of engines far apart in speed weigh alike

_LEAST_COLUMNS = 1 << 18  # below, what engines of columns do once a call or once a batch weighs most


def contest(contestants: Sequence[Contestant], limit: str, compared: int, timed_records: int) -> dict[str, Any]:
    """Run engines side by side, in turn: rates, ratios to the limit written by hand, mismatches; one that is missing is told so."""
    small = Workload.of(compared)
    wanted = expected(small.records)
    told: dict[str, dict[str, Any]] = {}
    runs = {}
    for each in contestants:
        try:
            ready = each.prepare(small)
        except ImportError as error:
            told[each.name] = {"part": each.part, "missing": str(error.name or error), "remark": each.remark}
            continue
        result = ready.run()
        wrong = mismatches(ready.rows(result), wanted, each.asked)
        told[each.name] = {"part": each.part, "version": each.version(), "remark": each.remark, "wrong": wrong, "compared": compared}
        rate = timed(ready.run, compared).rate
        least = 16 if contestants is ROWS else _LEAST_COLUMNS
        count = min(timed_records, max(least, int(rate * _PART_SECONDS)))
        runs[each.name] = (each.prepare(Workload.of(count, rows=contestants is ROWS)).run, count)
    samples = interleaved(runs, _ROUNDS)
    floor = best(samples[limit])
    for name, held in samples.items():
        told[name] |= {"best": best(held), "median": median(held), "records": runs[name][1], "ratio": best(held) / floor}
    return {"limit": limit, "engines": told}


def measured(scale: float, acts_folder: Path | None, rows_of_acts: int, acts: dict[str, Any] | None) -> dict[str, Any]:
    """Measure everything, acts but where they were measured by themselves."""
    found: dict[str, Any] = {
        "machine": load_of_machine() | {"python": platform.python_version(), "scale": scale},
        "rows": contest(ROWS, "python-by-hand", 200, 100_000),
        "loading": loading(),
        "memory": memory(),
        "columns": contest(COLUMNS, "c-loop", 65_536, max(50_000, int(10_000_000 * scale))),
        "growth": {
            curve.name: {"grows": curve.grows, "timed": curve.timed, "points": curve.points, "exponent": curve.exponent}
            for curve in curves(scale)
        },
    }
    if acts is not None:
        found["acts"] = acts
    elif acts_folder is not None:
        found["acts"] = side_by_side(acts_folder, rows_of_acts, 3)
    else:
        with TemporaryDirectory() as folder:
            found["acts"] = side_by_side(Path(folder), rows_of_acts, 2)
    return found


def slid(found: dict[str, Any]) -> list[str]:
    """Tell what fell below what is expected, less the tolerance: ratios of one run, never times."""
    rules = tomllib.loads(_EXPECTED.read_text(encoding="utf-8"))
    kept = 1 - rules["tolerance"]
    faults = []
    for group, ratios in rules["ratio"].items():
        engines = found[group]["engines"]
        for name, least in ratios.items():
            ratio = engines[name].get("ratio", engines[name].get("ratio_to_kept"))
            if ratio is None:
                faults.append(f"{group}.{name}: not measured ({engines[name].get('missing')})")
            elif ratio < least * kept:
                faults.append(f"{group}.{name}: {ratio:.4f}, expected {least} less {rules['tolerance']:.0%}")
    for name, most in rules["exponent"].items():
        if found["growth"][name]["exponent"] > most:
            faults.append(f"growth.{name}: exponent {found['growth'][name]['exponent']:.2f}, expected at most {most}")
    wrong = [
        name for group in ("rows", "columns") for name, e in found[group]["engines"].items() if e["part"] == Part.OURS and e.get("wrong")
    ]
    return faults + [f"{name}: its answers are not those written by hand" for name in wrong]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run from the command line; exit 1 where `--check` finds that something slid back."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--scale", type=float, default=0.001, help="part of the whole ranges (1); 0.001 by default")
    parser.add_argument("--acts", type=float, default=200_000, help="lines of fees; 200,000 by default")
    parser.add_argument("--acts-folder", type=Path, help="where the lines of fees are kept between runs")
    parser.add_argument("--acts-json", type=Path, help="what `python -m benchmarks.acts` printed, in place of a run of acts")
    parser.add_argument("--check", action="store_true", help="compare ratios with benchmarks/expected.toml")
    parser.add_argument("--page", action="store_true", help="write docs/explanation/performance.md and its plots")
    parser.add_argument("--json", type=Path, help="write all that was measured")
    given = parser.parse_args(arguments)
    ran = json.loads(given.acts_json.read_text(encoding="utf-8")) if given.acts_json is not None else None
    found = measured(given.scale, given.acts_folder, int(given.acts), ran)
    if given.json is not None:
        given.json.write_text(json.dumps(found, indent=2), encoding="utf-8")
    if given.page:
        # Imported here: plots need matplotlib, a run on the terminal does not.
        from benchmarks.page import write

        write(found)
    print(json.dumps(found, indent=2))
    faults = slid(found) if given.check else []
    for fault in faults:
        print(fault, file=sys.stderr)
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
