"""From a register that Spark holds to the answers on each record: `Pack.evaluate_table`, past one machine."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from optam_rules.api import AfterVerified, Pack, load
from optam_rules.base.diagnostics import diagnose
from optam_rules.base.errors import CallError
from optam_rules.spark.sessions import check_installed

if TYPE_CHECKING:
    from pyspark.sql import DataFrame

    from optam_rules.spark.judging import Naming


def evaluate_table(
    data: DataFrame,
    *,
    on: dt.date,
    pack: Pack | str | Path,
    assume: Mapping[str, str] | None = None,
    references: Mapping[str, Mapping[object, object]] | None = None,
    answers: Sequence[str] | None = None,
    ignore_unknown_fields: bool = False,
    after_verified: AfterVerified | str = AfterVerified.REFUSE,
    known_on: dt.date | None = None,
) -> DataFrame:
    """Judge a data frame of records on a date: one row a record, in no order, with the columns and values of `Pack.evaluate_table`.

    Values of enumerations are text. The records that name each other (members of a group, one identifiant twice) are brought together
    first: `data` is read twice for that, and the driver holds the names in groups, some hundred bytes each. What each answer needs of
    reference tables is sent to every executor.

    Raises MissingExtraError (E701), and CallError at once, as `Pack.evaluate_table`, or for what is no data frame (E816).
    """
    call = (pack if isinstance(pack, Pack) else load(pack)).prepare(
        on=on, assume=assume, references=references, answers=answers, after_verified=after_verified, known_on=known_on
    )
    check_installed()
    from pyspark.sql import DataFrame
    from pyspark.sql.pandas.types import from_arrow_schema, to_arrow_schema

    from optam_rules.interop.arrow_rows import ArrowRows
    from optam_rules.spark.judging import Judge, Naming

    if not isinstance(data, DataFrame):
        raise CallError([diagnose("E816", found=type(data).__name__)])
    ArrowRows.of(call.program, to_arrow_schema(data.schema), ignore_unknown_fields=ignore_unknown_fields)
    judge = Judge(call.program, call.on, call.answers, dict(call.assume), dict(call.references), call.digest, ignore_unknown_fields)
    together = _together(data, Naming(call.program, ignore_unknown_fields))
    return together.mapInArrow(judge, from_arrow_schema(judge.schema()))


def _together(data: DataFrame, naming: Naming) -> DataFrame:
    """Bring the rows that name each other into one partition, side by side; leave all of them where they are if none does."""
    from pyspark.sql import functions as f
    from pyspark.sql.pandas.types import from_arrow_schema
    from pyspark.sql.types import StringType, StructField, StructType

    from optam_rules.spark.judging import CLUSTER, LINKED, Clustering, roots

    own = next(iter(naming.program.main.fields))
    told = naming.columns(data.columns)
    if not told:
        return data
    column = f.col(_quoted(own))
    alone = told == [own] and not data.where(column.isNotNull()).groupBy(column).count().where("count > 1").limit(1).count()
    if alone:
        return data
    named = data.select([_quoted(name) for name in told]).mapInArrow(naming.linked, from_arrow_schema(LINKED)) if told != [own] else None
    linked = named.toArrow().column("noms").to_pylist() if named is not None else []
    schema = StructType([*data.schema.fields, StructField(CLUSTER, StringType())])
    marked = data.mapInArrow(Clustering(naming, roots(linked)), schema)
    return marked.repartition(CLUSTER).sortWithinPartitions(CLUSTER)


def _quoted(name: str) -> str:
    """Return a column name in which a dot is a dot."""
    return f"`{name.replace('`', '``')}`"
