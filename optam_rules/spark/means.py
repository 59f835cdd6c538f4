"""From years that Spark holds to the means that packs read as reference tables: `optam_rules.moyennes`, past one machine."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path
from typing import TYPE_CHECKING

from optam_rules.api.means import Moyennes, of, read_call
from optam_rules.api.pack import Pack
from optam_rules.spark.sessions import check_installed

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession


def moyennes(
    session: SparkSession,
    exercices: str | Path | DataFrame,
    *,
    practitioners: str | Path | DataFrame,
    pack: Pack | str | Path,
    reference: str,
    rate: str,
    years: Collection[int],
    weights: str,
    rounding: str | None = None,
    doubts: str = "unknown",
) -> Moyennes:
    """Compute the means of a reference table of a pack, the same as `optam_rules.moyennes` does, with its arguments.

    Joins and sums are Spark's; the driver gets a row for each denominator of a group, and divides. Raises MissingExtraError (E701),
    CallError for a wrong argument or data (E502, E503, E536, E550, E552, E809, E816, E827).
    """
    asked = read_call(pack, reference, rate, years, weights, rounding, doubts)
    check_installed()
    from optam_rules.interop.means.spark import means

    return of(asked, *means(session, exercices, practitioners, asked))
