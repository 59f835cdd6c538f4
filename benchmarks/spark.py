"""Acts to years on Spark as the acts grow, beside DuckDB on the same files and cores: time, memory, bytes shuffled, and what 10^9 take.

Each run is a process of its own, in turn; answers are compared. `python -m benchmarks.spark --rows 1e5,1e6,1e7 --folder DIR`; `--page`
writes the tables of docs/how-to/spark.md again.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import re
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import duckdb

import optam_rules
from benchmarks.acts import LUMP_SUMS, ON, SETTLED, draw
from benchmarks.measure import load_of_machine, peak_mib
from optam_rules import spark

CORES = 2
RUNS = ("spark", "duckdb")
NATION = 10**9
_PAGE = Path(__file__).parent.parent / "docs" / "how-to" / "spark.md"
_PLACE = re.compile(r"(?<=<!-- mesures -->\n).*?(?=<!-- fin des mesures -->)", re.DOTALL)
_MEMORY = "4g"


def numbered(folder: Path, rows: int) -> Path:
    """Write the acts with an identifiant each, one in a thousand given twice, in a folder of files."""
    parts = folder / f"lignes-{rows}"
    if not parts.exists():
        begun = parts.with_suffix(".part")
        source = f"read_parquet('{draw(folder, rows)}', file_row_number = true)"
        each = "SELECT printf('L%012d', file_row_number) AS identifiant, * EXCLUDE (file_row_number)"
        with duckdb.connect() as run:
            run.execute(f"SET threads = {CORES}")
            run.execute(
                f"COPY ({each} FROM {source} UNION ALL {each} FROM {source} WHERE file_row_number % 1000 = 0)"
                f" TO '{begun}' (FORMAT parquet, PER_THREAD_OUTPUT, FILE_SIZE_BYTES '64MB')"
            )
        begun.rename(parts)
    return parts


def once(name: str, acts: Path, written: Path) -> dict[str, Any]:
    """Run one engine in this process; tell its time, its peak memory, what it shuffled, and a sum of its figures."""
    said: dict[str, Any] = {
        "on": ON,
        "pack": optam_rules.load("actes"),
        "practitioners": acts.parent / "medecins.parquet",
        "lump_sums": LUMP_SUMS,
        "assume": SETTLED,
        "doubts": "computed",
    }
    years, apart = written / "annees.parquet", written / "apart.parquet"
    if name == "duckdb":
        begun = time.perf_counter()
        optam_rules.exercices(acts, **said, output=years, anomalies=apart, threads=CORES)
        told: dict[str, Any] = {"seconds": time.perf_counter() - begun, "peak_mib": peak_mib()}
        return told | _figures(f"'{years}'", f"'{apart}'")
    starting = time.perf_counter()
    session = spark.session(f"local[{CORES}]", settings=_settings(written))
    session.sparkContext.setLogLevel("ERROR")
    begun = time.perf_counter()
    done = spark.exercices(session, str(acts), **said)
    done.years.write.parquet(str(years))
    done.set_aside.write.parquet(str(apart))
    told = {"seconds": time.perf_counter() - begun, "start_seconds": begun - starting, "peak_mib": _peak_of_java()}
    session.stop()
    return told | _tasks(written) | _figures(f"'{years}/*.parquet'", f"'{apart}/*.parquet'")


def _settings(written: Path) -> dict[str, str]:
    return {
        "spark.driver.memory": _MEMORY,
        "spark.eventLog.compress": "false",
        "spark.eventLog.dir": str(written),
        "spark.eventLog.enabled": "true",
        "spark.eventLog.rolling.enabled": "false",
        "spark.local.dir": str(written),
        "spark.sql.shuffle.partitions": "8",
        "spark.sql.warehouse.dir": str(written / "warehouse"),
    }


def _peak_of_java() -> int | None:
    """Return the most memory that the only Java below this process has held, in MiB."""
    children = Path(f"/proc/self/task/{os.getpid()}/children")
    for child in children.read_text().split() if children.exists() else []:
        found = re.search(r"^VmHWM:\s+(\d+) kB", Path(f"/proc/{child}/status").read_text(), re.MULTILINE)
        if found is not None:
            return int(found[1]) // 1024
    return None


def _tasks(written: Path) -> dict[str, float]:
    """Sum what tasks tell of themselves in Spark's log of events."""
    sums = {"shuffled_mib": 0.0, "spilled_mib": 0.0, "cpu_seconds": 0.0}
    for log in (file for file in written.glob("local-*") if file.is_file()):
        for line in log.read_text().splitlines():
            event = json.loads(line)
            if event["Event"] == "SparkListenerTaskEnd" and (metrics := event.get("Task Metrics")):
                sums["shuffled_mib"] += metrics["Shuffle Write Metrics"]["Shuffle Bytes Written"] / 2**20
                sums["spilled_mib"] += metrics["Disk Bytes Spilled"] / 2**20
                sums["cpu_seconds"] += metrics["Executor CPU Time"] / 1e9
    return sums


def _figures(years: str, apart: str) -> dict[str, Any]:
    with duckdb.connect() as run:
        sums = run.execute(
            f"SELECT count(*), sum(honoraires_remboursables), sum(depassements), sum(honoraires_opposables_recalcules),"
            f" sum(nombre_actes), (SELECT count(*) FROM {apart}) FROM {years}"
        ).fetchall()[0]
    return {"figures": [str(part) for part in sums]}


def growth(folder: Path, sizes: Sequence[int], repeats: int) -> dict[str, Any]:
    """Run both engines in turn on each size; refuse to report where answers differ."""
    points = []
    for rows in sizes:
        acts = numbered(folder, rows)
        found: dict[str, list[dict[str, Any]]] = {name: [] for name in RUNS}
        for _ in range(repeats):
            for name in RUNS:
                with TemporaryDirectory(dir=folder) as written:
                    call = [sys.executable, "-m", "benchmarks.spark", "--once", name, "--acts", str(acts), "--folder", written]
                    told = subprocess.run(call, check=True, capture_output=True, text=True).stdout
                found[name].append(json.loads(told))
        if len({tuple(run["figures"]) for runs in found.values() for run in runs}) > 1:
            raise SystemExit(f"the answers differ: {[run['figures'] for runs in found.values() for run in runs]}")
        best = {name: min(runs, key=lambda run: float(run["seconds"])) for name, runs in found.items()}
        size = sum(file.stat().st_size for file in acts.glob("**/*.parquet")) / 2**20
        points.append({"rows": rows, "input_mib": size, **best})
    versions = {"duckdb": duckdb.__version__, "pyspark": _pyspark()}
    return {"cores": CORES, "repeats": repeats, "load": load_of_machine(), "versions": versions, "points": points}


def _pyspark() -> str:
    from importlib.metadata import version

    return version("pyspark")


def exponent(points: Sequence[tuple[float, float]]) -> float:
    """Return the slope of least squares of a growth, both axes in logarithms."""
    xs, ys = [math.log(x) for x, _ in points], [math.log(y) for _, y in points]
    x, y = sum(xs) / len(xs), sum(ys) / len(ys)
    return sum((a - x) * (b - y) for a, b in zip(xs, ys, strict=True)) / sum((a - x) ** 2 for a in xs)


def tables(found: dict[str, Any]) -> str:
    """Write the measures, and what they give for a nation, as the page has them."""
    points = found["points"]
    lines = [
        f"PySpark {found['versions']['pyspark']} (`local[{CORES}]`, {_MEMORY} de tas Java) et DuckDB {found['versions']['duckdb']},"
        f" {CORES} cœurs, mêmes fichiers, le meilleur de {found['repeats']} ; charge de la machine : {found['load']['load_1_minute']:.1f}.",
        "",
        "| Actes | Entrée | Spark | Calcul, tous cœurs | DuckDB | Rapport | Mélangé | Déversé | Mémoire, Java | Mémoire, DuckDB |",
        "|---|---|---|---|---|---|---|---|---|---|",
    ]
    for point in points:
        ours, duck = point["spark"], point["duckdb"]
        lines.append(
            f"| {point['rows']:.0e} | {point['input_mib']:.1f} Mio | {ours['seconds']:.1f} s | {ours['cpu_seconds']:.1f} s |"
            f" {duck['seconds']:.2f} s | {ours['seconds'] / duck['seconds']:.1f} | {ours['shuffled_mib']:.1f} Mio |"
            f" {ours['spilled_mib']:.1f} Mio | {ours['peak_mib']} Mio | {duck['peak_mib']} Mio |"
        )
    lines += ["", *_nation(points), ""]
    return "\n".join(lines)


def _nation(points: Sequence[dict[str, Any]]) -> list[str]:
    """Extrapolate from the largest size with the slopes of the last sizes, never less than in proportion."""
    last, tail = points[-1], points[-2:]
    told = ["| Pour 10⁹ actes | Pente mesurée | Pente prise | Extrapolé |", "|---|---|---|---|"]
    for label, name, unit, scale in (
        ("calcul, somme des cœurs", "cpu_seconds", "heures de cœur", 1 / 3600),
        ("octets mélangés", "shuffled_mib", "Gio", 1 / 1024),
    ):
        slope = exponent([(point["rows"], point["spark"][name]) for point in tail])
        taken = max(1.0, slope)
        value = last["spark"][name] * (NATION / last["rows"]) ** taken * scale
        told.append(f"| {label} | {slope:.2f} | {taken:.2f} | {value:.1f} {unit} |")
    told.append(f"| entrée | 1 | 1 | {last['input_mib'] * NATION / last['rows'] / 1024:.1f} Gio |")
    return [*told, "", f"Pentes entre {tail[0]['rows']:.0e} et {last['rows']:.0e} actes ; de là à 10⁹, elles sont supposées tenir."]


def write_page(text: str) -> None:
    """Put the measures in their place of the page."""
    page = _PAGE.read_text(encoding="utf-8")
    _PAGE.write_text(_PLACE.sub(lambda _: text, page), encoding="utf-8")


def main(arguments: Sequence[str] | None = None) -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.spark", description=__doc__)
    parser.add_argument("--rows", type=lambda text: [int(float(part)) for part in text.split(",")], default=[10**5, 10**6])
    parser.add_argument("--repeats", type=int, default=1)
    parser.add_argument("--folder", type=Path, required=True, help="where the acts are written, and found again")
    parser.add_argument("--page", action="store_true", help="write docs/how-to/spark.md again")
    parser.add_argument("--once", choices=RUNS, help=argparse.SUPPRESS)
    parser.add_argument("--acts", type=Path, help=argparse.SUPPRESS)
    given = parser.parse_args(arguments)
    given.folder.mkdir(parents=True, exist_ok=True)
    if given.once:
        print(json.dumps(once(given.once, given.acts, given.folder)))
        return
    found = growth(given.folder, given.rows, given.repeats)
    print(json.dumps(found, indent=2))
    if given.page:
        write_page(tables(found))


if __name__ == "__main__":
    main()
