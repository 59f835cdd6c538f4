"""`optam exercices --engine spark`: the years and the account that DuckDB gives, folders of Parquet written."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from optam_rules.tools.cli.main import main
from tests.support.acts import lines
from tests.unit.interop.test_acts import typed

pytestmark = pytest.mark.xdist_group("spark")


def test_both_engines_print_and_write_the_same(
    spark: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The same words but for the engine: the same years, the same account, the same lines set aside."""
    monkeypatch.chdir(tmp_path)
    pq.write_table(typed(lines(2, 60, faulty=0)), "actes.parquet")
    words = ["exercices", "actes.parquet", "--on", "2018-06-01", "--assume", "reglement_du_dernier_jour=compris"]
    words += ["--assume", "acte_sous_la_base=base_entiere"]
    ran = []
    for engine in ("duckdb", "spark"):
        code = main([*words, "--engine", engine, "--anomalies", f"{engine}.parquet"])
        printed = capsys.readouterr()
        apart = pq.read_table(f"{engine}.parquet").to_pylist()
        ran.append((code, printed.out, printed.err, sorted(map(repr, apart))))
    assert ran[0] == ran[1]
    assert ran[0][0] == 1
    assert main([*words, "--engine", "spark", "--output", "spark.parquet"]) == 2
    assert "`spark.parquet` existe" in capsys.readouterr().err
