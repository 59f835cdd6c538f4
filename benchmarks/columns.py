"""Measure a nation of practitioners judged from a file in bounded memory; engines of columns side by side are in `python -m benchmarks`.

python -m benchmarks.columns --nation 10e6         practitioners of three years each, drawn into Parquet, judged into Parquet, then deleted
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

import optam_rules
from benchmarks.measure import load_of_machine, peak_mib
from benchmarks.optam16.records import SEED
from benchmarks.optam16.tables import cents

_GROUP = 1 << 17  # practitioners of a row group
_YEARS = (2013, 2014, 2015)
_ON = dt.date(2017, 6, 8)
_ANSWERS = ("eligible_optam", "taux_engagement")


def nation(count: int) -> dict[str, Any]:
    """Draw practitioners into a Parquet file and judge them in a process of its own, whose peak memory is told."""
    with TemporaryDirectory() as folder:
        source = Path(folder) / "praticiens.parquet"
        begun = time.perf_counter()
        _draw(source, count)
        drawn = time.perf_counter() - begun
        command = [sys.executable, "-m", "benchmarks.columns", "--judge", str(source)]
        told: dict[str, Any] = json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout)
        return {"practitioners": count, "drawn_in_s": round(drawn, 1), "source_mib": source.stat().st_size >> 20, **told}


def judge(source: Path) -> dict[str, Any]:
    """Judge a file into another beside it, and tell the counts, the time and the most memory that this process held."""
    output = source.with_name("reponses.parquet")
    pack = optam_rules.load("cm-2016")
    begun = time.perf_counter()
    counts = pack.write_table(source, output, on=_ON, answers=_ANSWERS)
    seconds = time.perf_counter() - begun
    return {
        "judged": counts.judged,
        "refused": counts.refused,
        "recomputed": counts.recomputed,
        "rows_written": pq.read_metadata(output).num_rows,
        "seconds": round(seconds, 1),
        "records_per_second": round(counts.records / seconds),
        "peak_mib": peak_mib(),
        **load_of_machine(),
    }


def _draw(path: Path, count: int) -> None:
    """Write seeded practitioners a row group at a time: one in 25 does not say the sector, one in 100,000 says one that is none."""
    year = pa.struct([("annee", pa.int32()), ("depassements", cents([]).type), ("honoraires_remboursables", cents([]).type)])
    sectors = pa.array(["secteur_1", "secteur_2", "droit_permanent", "secteur_9"])
    writer: pq.ParquetWriter | None = None
    for start in range(0, count, _GROUP):
        size = min(_GROUP, count - start)
        rng = np.random.default_rng([SEED, start])
        base = rng.integers(1_000_000, 60_000_000, size * len(_YEARS))
        held = [
            pa.array(np.tile(np.array(_YEARS, np.int32), size)),
            cents((base * rng.beta(1.5, 2.5, len(base))).astype(np.int64)),
            cents(base),
        ]
        years = pa.StructArray.from_arrays(held, fields=list(year))
        offsets = pa.array(np.arange(size + 1, dtype=np.int32) * len(_YEARS))
        numbers = np.arange(start, start + size)
        sector = np.where(numbers % 100_000 == 99_999, 3, rng.choice(3, size, p=[0.65, 0.33, 0.02]))
        table = pa.table(
            {
                "identifiant": pa.array([f"P{number}" for number in numbers.tolist()]),
                "secteur": pa.DictionaryArray.from_arrays(pa.array(sector.astype(np.int32), mask=numbers % 25 == 0), sectors),
                "adherent_cas": pa.array(rng.random(size) < 0.5),
                "demande_taux_groupe": pa.array(np.zeros(size, bool)),
                "exercices": pa.ListArray.from_arrays(offsets, years),
            }
        )
        writer = writer or pq.ParquetWriter(path, table.schema)
        writer.write_table(table)
    if writer is not None:
        writer.close()


def main(arguments: Sequence[str] | None = None) -> int:
    """Run from the command line."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.columns", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--nation", type=float, default=1e6, help="how many practitioners; a million by default")
    parser.add_argument("--judge", type=Path, help=argparse.SUPPRESS)
    given = parser.parse_args(arguments)
    print(json.dumps(judge(given.judge)) if given.judge is not None else json.dumps(nation(int(given.nation)), indent=2))
    return 0


if __name__ == "__main__":
    sys.exit(main())
