"""From what was measured to docs/explanation/performance.md and its plots."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import matplotlib as mpl
from matplotlib.figure import Figure

ROOT = Path(__file__).parent.parent
PAGE = ROOT / "docs" / "explanation" / "performance.md"
IMAGES = ROOT / "docs" / "images"
_COLOURS = {"limit": "#999999", "ours": "#0b6e4f", "peer": "#c06c2b"}


def write(found: Mapping[str, Any]) -> None:
    """Write the page and its plots: ratios first, for the machine is shared and its speed drifts."""
    mpl.rcParams["svg.hashsalt"] = "optam"
    IMAGES.mkdir(parents=True, exist_ok=True)
    for name in ("rows", "columns"):
        _bars(name, found[name]["engines"], f"best records per second, {name}")
    _lines(found["growth"])
    machine, acts = found["machine"], found["acts"]
    text = [
        "# Performance",
        "",
        "Written by `python -m benchmarks --page` (`make bench`); acts may come from a run of their own (`--acts-json`), as their",
        "load shows. Engines take turns, part by part; each is told by its best",
        "part, and by its ratio to code written by hand in the same run. Times of a shared machine say little; ratios say more.",
        f"This run: {machine['processors']} processors, load {machine['load_1_minute']} as it ended, Python {machine['python']},"
        f" scale {machine['scale']}.",
        "",
        "The workload is `optam-16`: sixteen rules over a practitioner's record, with rounding ties, zero bases and every threshold",
        "(`benchmarks/optam16`). It is a workload, not the convention. Answers of every engine are compared with those written by hand.",
        "",
        "## One record at a time",
        "",
        *_table(found["rows"]),
        "",
        "![Records per second, one at a time](../images/performance-rows.svg)",
        "",
        "## Loading",
        "",
        "Fresh processes in turn, with the bytecode of an installed package, the best of each; the ratio is to `import attrs`, which this",
        "package imports.",
        "",
        "| what | ms | ratio to `import attrs` |",
        "|---|---|---|",
        *(f"| {name} | {ms:.2f} | {ms / found['loading']['import attrs']:.3f} |" for name, ms in found["loading"].items()),
        "",
        *_memory(found["memory"]),
        *_columns(found["columns"]),
        "## Growth",
        "",
        "The exponent is the slope between the ends on logarithmic axes: 1 is linear.",
        "",
        "| what grows | what is timed | from | to | exponent |",
        "|---|---|---|---|---|",
        *(_growth(curve) for curve in found["growth"].values()),
        "",
        "![Growth](../images/performance-growth.svg)",
        "",
        "## Acts to years",
        "",
        f"{acts['rows']:,} lines of fees in Parquet become {acts['years']:,} years, {acts['set_aside']:,} lines set aside; DuckDB"
        f" {acts['versions']['duckdb']}, load {acts['load']['load_1_minute']}. `kept` is the query by hand that also writes the lines set"
        " aside with their reasons, `sums` the one that drops them unseen. All figures are equal.",
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
        "",
        "## What keeps it from sliding back",
        "",
        "`python -m benchmarks --check` compares ratios of its own run with `benchmarks/expected.toml` and exits 1 where one fell below,",
        "less the tolerance written there. No test has a time in it.",
    ]
    PAGE.write_text("\n".join(text) + "\n", encoding="utf-8")


def write_columns(found: Mapping[str, Any]) -> None:
    """Write the section of columns, measured by itself, and leave the rest of the page as it is."""
    mpl.rcParams["svg.hashsalt"] = "optam"
    _bars("columns", found["engines"], "best records per second, columns")
    before, _, after = PAGE.read_text(encoding="utf-8").partition("## Columns\n")
    _, heading, rest = after.partition("\n## ")
    PAGE.write_text(before + "\n".join(_columns(found)) + heading + rest, encoding="utf-8")


def _memory(found: Mapping[str, Any]) -> list[str]:
    return [
        "| pack | memory as loaded, MiB | more once what judges it is compiled, MiB |",
        "|---|---|---|",
        *(f"| {name} | {held['loaded']:.2f} | {held['compiled']:.2f} |" for name, held in found.items()),
        "",
    ]


def _columns(group: Mapping[str, Any]) -> list[str]:
    return ["## Columns", "", *_table(group), "", "![Records per second, by columns](../images/performance-columns.svg)", ""]


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
        wrong = ", ".join(f"{answer} {count}" for answer, count in engine["wrong"].items())
        told = f"of {engine['compared']:,}: {wrong}" if wrong else f"0 of {engine['compared']:,}"
        lines.append(
            f"| {name} | {engine['version']} | {engine['best']:,.0f} | {engine['median']:,.0f} | {engine['ratio']:.4f} | {told} |"
            f" {engine['remark']} |"
        )
    return lines


def _growth(curve: Mapping[str, Any]) -> str:
    (first, fast), (last, slow) = curve["points"][0], curve["points"][-1]
    ends = f"{first:,}: {fast * 1000:.3g} ms | {last:,}: {slow * 1000:.3g} ms"
    return f"| {curve['grows']} | {curve['timed']} | {ends} | {curve['exponent']:.2f} |"


def _bars(name: str, engines: Mapping[str, Any], title: str) -> None:
    held = sorted(((n, e) for n, e in engines.items() if "best" in e), key=lambda pair: pair[1]["best"])
    figure = Figure(figsize=(7, 0.4 * len(held) + 1), layout="constrained")
    axes = figure.subplots()
    axes.barh([n for n, _ in held], [e["best"] for _, e in held], color=[_COLOURS[e["part"]] for _, e in held])
    axes.set_xscale("log")
    axes.set_title(title)
    figure.savefig(IMAGES / f"performance-{name}.svg", metadata={"Date": None})


def _lines(growth: Mapping[str, Any]) -> None:
    figure = Figure(figsize=(8, 6), layout="constrained")
    for axes, curve in zip(figure.subplots(2, 2).flat, growth.values(), strict=True):
        axes.loglog([x for x, _ in curve["points"]], [y for _, y in curve["points"]], marker="o", color=_COLOURS["ours"])
        axes.set_xlabel(curve["grows"])
        axes.set_ylabel("s")
        axes.set_title(curve["timed"])
    figure.savefig(IMAGES / "performance-growth.svg", metadata={"Date": None})
