"""From lines of fees that Spark holds to yearly figures: `optam_rules.exercices`, past one machine."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import attrs

from optam_rules.api.calls import AfterVerified
from optam_rules.api.pack import Pack
from optam_rules.api.years import Doubts, require_arguments, rules_of_lines
from optam_rules.interop.acts.report import Report
from optam_rules.interop.acts.years import Request
from optam_rules.spark.sessions import check_installed

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession


@attrs.frozen
class SparkExercices:
    """The years that lines of fees add up to, the lines set aside, and the account of all lines: `optam_rules.Exercices` as data frames.

    `years` is in order of practitioner and year; `set_aside` in none. Both were computed, and stand in the memory and on the disks of
    the executors for as long as this object lives.
    """

    years: DataFrame
    set_aside: DataFrame
    report: Report


def exercices(
    session: SparkSession,
    acts: str | Path | DataFrame,
    *,
    on: dt.date,
    pack: Pack | str | Path = "actes",
    practitioners: str | Path | DataFrame | Collection[str] | None = None,
    assume: Mapping[str, str] | None = None,
    key: Sequence[str] | None = None,
    columns: Mapping[str, str] | None = None,
    lump_sums: Collection[str] = (),
    doubts: str = "unknown",
    after_verified: AfterVerified | str = AfterVerified.REFUSE,
) -> SparkExercices:
    """Turn lines of fees into yearly figures, the same as `optam_rules.exercices` does, with its arguments.

    `acts` is a path that Spark reads as Parquet (a file, a folder of partitions, an address of its file systems) or a data frame;
    `practitioners` one or the other, or a list of names. Works in a session of its own beside `session`, with its settings. An
    application that sets a checkpoint directory keeps there what is computed once; otherwise the loss of an executor ends the work.

    Raises MissingExtraError (E701), CallError for a wrong argument or file (E501, E502, E503, E536, E702, E805, E807, E809, E810,
    E816, E818, E827).
    """
    require_arguments(key, columns, lump_sums, doubts, assume, after_verified)
    rules = rules_of_lines(pack, on, assume, after_verified)
    check_installed()
    from optam_rules.interop.acts.spark import computed

    request = Request(practitioners, key, dict(columns or {}), lump_sums, Doubts(doubts) is Doubts.UNKNOWN)
    years, engine = computed(session, acts, rules, request)
    return SparkExercices(engine.session.sql(years.years_query), engine.session.sql(years.set_aside_query), years.report())
