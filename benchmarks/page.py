"""From what was measured to docs/explanation/performance.md and its plots; performance.json beside it keeps the figures of each section.

A section measured by itself replaces its own figures there, and the page is written from all of them.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import matplotlib as mpl
from matplotlib.figure import Figure
from matplotlib.patches import Patch

ROOT = Path(__file__).parent.parent
PAGE = ROOT / "docs" / "explanation" / "performance.md"
FIGURES = PAGE.with_suffix(".json")
IMAGES = ROOT / "docs" / "images"
_COLOURS = {"limit": "#999999", "ours": "#0b6e4f", "peer": "#c06c2b"}
_WORDS = {"limit": "written by hand", "ours": "this package", "peer": "peer"}

_HOW = """\
Written by one command, `make bench BENCH_ARGS="--scale 1 --page"`, which takes a quarter of an hour or so on two quiet processors;
`--only rows,acts` measures some sections anew and leaves the others as they are. All figures are in `performance.json` beside this page.
Engines take turns, part by part; each is told by its best part, and by its ratio to code written by hand in the same run. Times of one
machine say little; ratios say more. Rows, of one thread, are timed by the processor, everything else by the clock."""
_WORKLOAD = """\
The workload is `optam-16`: sixteen rules over a practitioner's record, with rounding ties, zero bases and every threshold
(`benchmarks/optam16`). It is a workload, not the convention. Answers of every engine are compared with those written by hand: *wrong*
counts the records on which it differs, then says in which answers."""
_EXPONENTS = """\
The exponent is the slope on logarithmic axes: 1 is linear, 2 quadratic; between the ends, then between the last two points, where what is
paid once weighs least. Records are drawn, read and dropped a part at a time: one by one through `Call.judge` up to a million, as tables
through `Pack.evaluate_table` up to ten million. Rules each read the one before. One member's rate is quadratic in the size of the group,
for the pack compares the speciality of each who wants it with that of each other (`une_seule_specialite`); to judge every member judges
the group once for each of them."""
_CHECK = """\
`python -m benchmarks --check` compares ratios of its own run with `benchmarks/expected.toml`, and exits 1 where one is below what is
expected less the tolerance, or where an exponent is above. A ratio is that of the best parts of five rounds, in which engines took turns;
a section with a fault is measured a second time and the better figure is taken, so that one disturbance is no alarm. What fails twice has
slid back, or runs on a machine whose processors favour one engine: change what is expected together with what moved it, and say why. No
test has a time in it."""


def update(found: Mapping[str, Any]) -> None:
    """Put what was measured in the place of the same sections of performance.json, and write the page and its plots."""
    kept = json.loads(FIGURES.read_text(encoding="utf-8")) if FIGURES.exists() else {}
    held = {**kept, **found, "runs": {**kept.get("runs", {}), **found["runs"]}}
    FIGURES.write_text(json.dumps(held, indent=1) + "\n", encoding="utf-8")
    # As JSON holds it: a point measured now and one read again are then alike.
    write(json.loads(FIGURES.read_text(encoding="utf-8")))


def write(held: Mapping[str, Any]) -> None:
    """Write the page and its plots from the sections that were measured: ratios first, for a machine's speed drifts."""
    mpl.rcParams["svg.hashsalt"] = "optam"
    IMAGES.mkdir(parents=True, exist_ok=True)
    text = [
        "# Performance",
        "",
        _HOW,
        "",
        "| section | measured on | Python | processors | load before | scale | seconds it took |",
        "|---|---|---|---|---|---|---|",
        *(_run(section, held["runs"][section]) for section in _SECTIONS if section in held),
        "",
        _WORKLOAD,
        "",
    ]
    for section, written in _SECTIONS.items():
        if section in held:
            text += [*written(held[section]), ""]
    text += [
        "## What keeps it from sliding back",
        "",
        _CHECK,
    ]
    PAGE.write_text("\n".join(text) + "\n", encoding="utf-8")


def _run(section: str, run: Mapping[str, Any]) -> str:
    told = (run["date"], run["python"], run["processors"], run["load_1_minute"], run["scale"], f"{run['seconds']:,}")
    return f"| {section} | {' | '.join(map(str, told))} |"


def _rows(group: Mapping[str, Any]) -> list[str]:
    _bars("rows", group["engines"], "One record at a time")
    image = "![Records per second, one at a time](../images/performance-rows.svg)"
    return ["## One record at a time", "", *_table(group), "", image]


def _columns(group: Mapping[str, Any]) -> list[str]:
    _bars("columns", group["engines"], "By columns")
    return ["## Columns", "", *_table(group), "", "![Records per second, by columns](../images/performance-columns.svg)"]


def _loading(loading: Mapping[str, float]) -> list[str]:
    return [
        "## Loading",
        "",
        "Fresh processes in turn, with the bytecode of an installed package, the best of each; the ratio is to `import attrs`, which this",
        "package imports.",
        "",
        "| what | ms | ratio to `import attrs` |",
        "|---|---|---|",
        *(f"| {name} | {ms:.2f} | {ms / loading['import attrs']:.3f} |" for name, ms in loading.items()),
    ]


def _memory(memory: Mapping[str, Any]) -> list[str]:
    return [
        "## Memory",
        "",
        "| pack | memory as loaded, MiB | more once what judges it is compiled, MiB |",
        "|---|---|---|",
        *(f"| {name} | {held['loaded']:.2f} | {held['compiled']:.2f} |" for name, held in memory.items()),
    ]


def _table(group: Mapping[str, Any]) -> list[str]:
    lines = [
        f"| engine | version | best, records/s | median | ratio to {group['limit']} | wrong | remark |",
        "|---|---|---|---|---|---|---|",
    ]
    held = sorted(group["engines"].items(), key=lambda pair: -pair[1].get("best", 0))
    for name, engine in held:
        if "missing" in engine:
            lines.append(f"| {name} | | missing: {engine['missing']} | | | | {engine['remark']} |")
            continue
        wrong = ", ".join(f"{answer} {count:,}" for answer, count in engine["wrong"].items())
        told = f"{engine['wrong_records']:,} of {engine['compared']:,}{f': {wrong}' if wrong else ''}"
        lines.append(
            f"| {name} | {engine['version']} | {engine['best']:,.0f} | {engine['median']:,.0f} | {engine['ratio']:.4f} | {told} |"
            f" {engine['remark']} |"
        )
    return lines


def _growth(growth: Mapping[str, Any]) -> list[str]:
    _lines(growth)
    return [
        "## Growth",
        "",
        _EXPONENTS,
        "",
        "| what grows | what is timed | from | to | exponent | at the end |",
        "|---|---|---|---|---|---|",
        *(_curve(curve) for curve in growth.values()),
        "",
        "![Growth](../images/performance-growth.svg)",
    ]


def _curve(curve: Mapping[str, Any]) -> str:
    (first, fast), (last, slow) = curve["points"][0], curve["points"][-1]
    ends = f"{first:,}: {_duration(fast)} | {last:,}: {_duration(slow)}"
    return f"| {curve['grows']} | {curve['timed']} | {ends} | {curve['exponent']:.2f} | {curve['last']:.2f} |"


def _duration(seconds: float) -> str:
    for unit, factor in (("s", 1), ("ms", 1e3)):
        if seconds * factor >= 1:
            return f"{seconds * factor:.3g} {unit}"
    return f"{seconds * 1e6:.3g} µs"


def _acts(acts: Mapping[str, Any]) -> list[str]:
    return [
        "## Acts to years",
        "",
        f"{acts['rows']:,} lines of fees in Parquet become {acts['years']:,} years, {acts['set_aside']:,} lines set aside; DuckDB"
        f" {acts['versions']['duckdb']}. `kept` is the query by hand that also writes the lines set",
        "aside with their reasons, `sums` the one that drops them unseen. All figures are equal.",
        "",
        "| engine | lines per second, best | median | ratio to `kept` | peak memory, MiB |",
        "|---|---|---|---|---|",
        *(
            f"| {name} | {e['rows_per_second_best']:,.0f} | {e['rows_per_second_median']:,.0f} | {e['ratio_to_kept']:.2f}"
            f" | {e['peak_mib']} |"
            for name, e in acts["engines"].items()
        ),
        "",
        "The aim is 0.9 of `kept`, in its memory.",
    ]


_SECTIONS: Mapping[str, Callable[[Any], list[str]]] = {
    "rows": _rows,
    "loading": _loading,
    "memory": _memory,
    "columns": _columns,
    "growth": _growth,
    "acts": _acts,
}


def _bars(name: str, engines: Mapping[str, Any], title: str) -> None:
    held = sorted(((n, e) for n, e in engines.items() if "best" in e), key=lambda pair: pair[1]["best"])
    figure = Figure(figsize=(8, 0.4 * len(held) + 1.4), layout="constrained")
    axes = figure.subplots()
    bars = axes.barh([n for n, _ in held], [e["best"] for _, e in held], color=[_COLOURS[e["part"]] for _, e in held])
    axes.bar_label(bars, [_short(e["best"]) + (" (wrong)" if e["wrong"] else "") for _, e in held], padding=3)
    axes.set_xscale("log")
    axes.margins(x=0.15)
    axes.set_xlabel("records per second, best part, logarithmic")
    axes.set_title(title)
    parts = {e["part"] for _, e in held}
    axes.legend(handles=[Patch(color=colour, label=_WORDS[part]) for part, colour in _COLOURS.items() if part in parts], loc="lower right")
    axes.spines[["top", "right"]].set_visible(False)
    figure.savefig(IMAGES / f"performance-{name}.svg", metadata={"Date": None})


def _short(number: float) -> str:
    return f"{number / 1e6:.3g} M" if number >= 1e6 else f"{number / 1e3:.3g} k" if number >= 1e3 else f"{number:.3g}"


def _lines(growth: Mapping[str, Any]) -> None:
    figure = Figure(figsize=(11, 6.5), layout="constrained")
    for axes, curve in zip(figure.subplots(2, 3).flat, growth.values(), strict=True):
        sizes, seconds = zip(*curve["points"], strict=True)
        axes.loglog(sizes, seconds, marker="o", color=_COLOURS["ours"], label=f"measured, exponent {curve['exponent']:.2f}")
        linear = [seconds[-1] * size / sizes[-1] for size in sizes]
        axes.loglog(sizes, linear, linestyle="--", color=_COLOURS["limit"], label="linear, through the last point")
        axes.set_xlabel(curve["grows"])
        axes.set_ylabel("seconds")
        axes.set_title(curve["timed"], fontsize="medium")
        axes.grid(visible=True, alpha=0.3)
        axes.legend(fontsize="small")
    figure.savefig(IMAGES / "performance-growth.svg", metadata={"Date": None})
