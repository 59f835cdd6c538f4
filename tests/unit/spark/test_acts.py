"""From lines of fees to years on Spark: the rows, the reasons and the account that DuckDB gives on the same files, however they are cut."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import optam_rules
from optam_rules.spark import SparkExercices, exercices
from tests.support.acts import KNOWN, ON, Line, lines
from tests.unit.interop.test_acts import table

pytestmark = pytest.mark.xdist_group("spark")

SETTLED = {"reglement_du_dernier_jour": "compris", "acte_sous_la_base": "base_entiere"}


def skewed(given: list[Line]) -> list[Line]:
    """Give half of the lines to one doctor."""
    return [line | {"praticien": "DR-1"} if place % 2 and line["praticien"] in KNOWN else line for place, line in enumerate(given)]


def rows(table: pa.Table) -> list[str]:
    """Return the rows, in an order of their own."""
    return sorted(map(repr, table.to_pylist()))


def same(done: SparkExercices, wanted: optam_rules.Exercices) -> None:
    """Hold the years, their order and types, the lines set aside and the account to those of DuckDB."""
    assert wanted.years is not None
    assert wanted.set_aside is not None
    years = done.years.toArrow()
    assert wanted.years.schema.types == years.schema.types
    assert wanted.years.to_pylist() == years.to_pylist()
    assert rows(wanted.set_aside) == rows(done.set_aside.toArrow())
    assert wanted.report == done.report


def odd() -> list[Line]:
    """Make lines whose prices, then names, stand as few write them: three prices can be read, the third below both bases, and one name."""
    (line,) = lines(1, 1, faulty=0)
    line |= {"praticien": "DR-2", "code_acte": "CS", "tarif_propre": "23", "tarif_secteur_1": "23"}
    line |= {"date_acte": "2016-05-02", "date_reglement": "2016-05-09"}
    cells = ("25.00", "\u00a025.00", "2\u3000 ", "25.00\n", "\t25.00", "25.0.0", "", " ", "+25", "1e2", "9999999999999", "99999999999999")
    names = ("\u200bDR-2", "D\ufeffR-2", "DR-2\t", "DR\u00a0-2", "\u3000DR-2", " ")
    prices = [line | {"identifiant": f"L'{place}\\", "honoraires": cell} for place, cell in enumerate(cells)]
    return prices + [line | {"identifiant": f"N{place}", "praticien": name} for place, name in enumerate(names)]


def test_partitioned_lines_give_the_rows_of_duckdb(spark: Any, tmp_path: Path) -> None:
    """Text columns in two folders, then a data frame in seven parts, one doctor with half of the lines, faults of all kinds: DuckDB's rows.

    The caller's views stay his.
    """
    given = skewed(lines(7, 900)) + odd()
    for place in range(5):
        folder = tmp_path / f"lot={place % 2}"
        folder.mkdir(exist_ok=True)
        pq.write_table(table(given[place::5]), folder / f"{place}.parquet")
    arguments: Mapping[str, Any] = {
        "on": ON,
        "practitioners": KNOWN[:-3],
        "lump_sums": ["FMT", "l'\\autre"],
        "assume": SETTLED,
        "doubts": "computed",
    }
    wanted = optam_rules.exercices(tmp_path, **arguments)
    assert {"doublon", "doublon_contradictoire", "praticien_inconnu", "reglement_tardif"} < wanted.report.reasons.keys()
    spark.range(1).createOrReplaceTempView("annees")
    same(exercices(spark, spark.read.parquet(str(tmp_path)).repartition(7), **arguments), wanted)
    assert spark.table("annees").columns == ["id"]


@pytest.mark.parametrize(("acts", "code"), [("absent.parquet", "E809"), ("actes.csv", "E809"), (["DR-1"], "E816")])
def test_what_spark_cannot_read_is_refused(spark: Any, acts: Any, code: str) -> None:
    """No such file, a CSV, a list: one diagnostic each, before any work."""
    with pytest.raises(optam_rules.CallError) as caught:
        exercices(spark, acts, on=ON)
    assert [code] == [fault.code for fault in caught.value.diagnostics]
