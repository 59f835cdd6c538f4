"""Means of reference tables on Spark: the fractions and the account of the embedded engine, however the years are cut."""

from __future__ import annotations

from typing import Any

import pyarrow as pa
import pytest

import optam_rules
from optam_rules.spark import moyennes
from tests.unit.interop.test_means import ASKED, drawn, year

pytestmark = pytest.mark.xdist_group("spark")


@pytest.mark.parametrize("weights", ["medecins", "montants"])
def test_partitioned_years_give_the_fractions_of_the_embedded_engine(spark: Any, weights: str) -> None:
    """Forty doctors of three regions, in five parts, a doctor without a region and an unknown figure among them."""
    doctors, years = drawn(8, 40)
    for doctor in doctors[:5]:
        doctor["region"] = None
    years = [each | {"depassements": None} if place % 11 == 3 else each for place, each in enumerate(years)]
    asked = ASKED | {"weights": weights, "doubts": "computed"}
    wanted = optam_rules.moyennes(years, practitioners=doctors, **asked)
    assert 3 == wanted.report.means
    assert wanted.report.without_keys
    assert wanted.report.unknown_years
    types = pa.schema(
        [("identifiant", pa.string()), ("annee", pa.int64())]
        + [(name, pa.decimal128(38, 2)) for name in ("depassements", "honoraires_remboursables")]
    )
    frame = spark.createDataFrame(pa.Table.from_pylist(years, schema=types)).repartition(5)
    assert wanted == moyennes(spark, frame, practitioners=spark.createDataFrame(pa.Table.from_pylist(doctors)), **asked)


def test_a_wrong_call_is_refused_before_any_work(spark: Any) -> None:
    """A list is no data frame; columns that are missing are told."""
    doctors = spark.createDataFrame(pa.table({"identifiant": ["A"], "specialite": ["radiologie"], "region": ["corse"]}))
    codes = []
    for years in ([year("A", 2013, "1", "10")], spark.createDataFrame(pa.table({"identifiant": ["A"]}))):
        with pytest.raises(optam_rules.CallError) as caught:
            moyennes(spark, years, practitioners=doctors, **(ASKED | {"weights": "annees"}))
        codes.append([fault.code for fault in caught.value.diagnostics])
    assert [["E816"], ["E536"] * 3] == codes
