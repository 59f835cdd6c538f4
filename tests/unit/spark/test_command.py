"""`optam exercices --engine spark`: the years and the account that DuckDB gives, folders of Parquet written."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from optam_rules.tools.cli.main import main
from tests.support.acts import KNOWN, lines
from tests.unit.interop.test_acts import typed

pytestmark = pytest.mark.xdist_group("spark")


def test_both_engines_print_and_write_the_same(
    spark: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Typed columns, names of known doctors padded, the closing day left open: the same years, account and lines set aside."""
    monkeypatch.chdir(tmp_path)
    pq.write_table(typed(lines(2, 200, faulty=0)), "actes.parquet")
    pq.write_table(pa.table({"identifiant": [f"\u00a0{name} " for name in KNOWN]}), "medecins.parquet")
    words = ["exercices", "actes.parquet", "--practitioners", "medecins.parquet", "--on", "2018-06-01"]
    words += ["--assume", "acte_sous_la_base=base_entiere"]
    ran = []
    for engine in ("duckdb", "spark"):
        code = main([*words, "--engine", engine, "--anomalies", f"{engine}.parquet"])
        printed = capsys.readouterr()
        apart = pq.read_table(f"{engine}.parquet").to_pylist()
        ran.append((code, printed.out, printed.err, sorted(map(repr, apart))))
    assert ran[0] == ran[1]
    assert ran[0][0] == 1
    years = re.search(r"dont ([0-9]+) qu'une ligne fautive laisse en doute et ([0-9]+) à trancher", ran[0][2])
    assert years is not None
    assert all(int(count) for count in years.groups())
    assert main([*words, "--engine", "spark", "--output", "spark.parquet"]) == 2
    assert "`spark.parquet` existe" in capsys.readouterr().err
