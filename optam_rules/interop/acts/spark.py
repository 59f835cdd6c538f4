"""From acts that Spark holds (Parquet, a data frame) to years and lines set aside, by the queries of the plan, on one machine or many.

Works in a session of its own, with exact arithmetic that fails where it overflows (ANSI) and names that meet none of the caller's. Each
relation is computed once and cut from what it came from, for plans that stack queries grow with every use.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import attrs
import pyarrow as pa
from pyspark.errors import AnalysisException
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import types as kinds
from pyspark.sql.functions import broadcast

from optam_rules.backends.sql.dialect import SPARK
from optam_rules.base.arguments import names_fault
from optam_rules.base.diagnostics import diagnose
from optam_rules.base.errors import CallError
from optam_rules.base.phrases import Phrase
from optam_rules.interop.acts.lines import Kind
from optam_rules.interop.acts.plan import LINE, Plan, Rules, known_practitioners
from optam_rules.interop.acts.years import Request, Years, looked_through

# What the words of the dialect count on, whatever the caller's session says.
_SETTINGS = {
    "spark.sql.ansi.enabled": "true",
    "spark.sql.parser.escapedStringLiterals": "false",
    "spark.sql.variable.substitute": "false",
    "spark.sql.caseSensitive": "false",
    "spark.sql.constraintPropagation.enabled": "false",
}
_MOST_SENT = 1_000_000  # keys that every executor is sent whole: some 100 MB; beyond, both sides of a lookup are shuffled
_WIDEST = 18  # digits of the decimals that fit 64 bits


@attrs.frozen
class SparkEngine:
    """Relations in a session of Spark."""

    session: SparkSession

    def hold(self, name: str, query: str) -> int:
        """Compute a relation; return the number of its rows."""
        return self._held(name, query, keys=False)

    def hold_keys(self, name: str, query: str) -> int:
        """Compute a relation of keys; where they are few, every executor is sent them, so that the lines stay where they are."""
        return self._held(name, query, keys=True)

    def set_apart(self, name: str, query: str) -> None:
        """Compute a relation of lines as they came, which is on the executors like any other."""
        self._held(name, query, keys=False)

    def view(self, name: str, query: str) -> None:
        """Name a query."""
        self.session.sql(query).createOrReplaceTempView(name)

    def untidy(self, columns: Sequence[str]) -> Sequence[bool]:
        """Tell it of all columns in one reading of them."""
        looks = (f"COALESCE(max({SPARK.untidy(SPARK.identifier(column))}), FALSE)" for column in columns)
        return [bool(found) for found in self.rows(f"SELECT {', '.join(looks)} FROM actes")[0]]

    def rows(self, query: str) -> Sequence[Sequence[Any]]:
        """Run a query of few rows."""
        found: Sequence[Sequence[Any]] = self.session.sql(query).collect()
        return found

    def _held(self, name: str, query: str, *, keys: bool) -> int:
        frame = self.session.sql(query)
        # In the checkpoint directory, where the application has set one, a relation outlives the executor that computed it.
        held = frame.checkpoint() if self.session.sparkContext.getCheckpointDir() else frame.localCheckpoint()
        rows = held.count()
        (broadcast(held) if keys and rows <= _MOST_SENT else held).createOrReplaceTempView(name)
        return rows


def computed(session: SparkSession, acts: object, rules: Rules, request: Request) -> tuple[Years, SparkEngine]:
    """Compute the years of acts; return them with the engine that holds them.

    Raises CallError for what the file lacks (E502, E503, E536, E809), or for a rule that SQL cannot hold (E702).
    """
    own = apart(session)
    held = relate(own, "actes", acts)
    engine = SparkEngine(own)
    if request.practitioners is not None:
        _known(engine, request.practitioners)
    columns = {field.name: kind_of(field.dataType) for field in held.schema.fields}
    key = tuple(request.key) if request.key is not None else tuple(c for c in [request.columns.get(LINE, LINE)] if c in columns)
    plan = Plan(rules, SPARK, columns, request.columns, key, frozenset(request.lump_sums), request.practitioners is not None)
    plan.check()
    years = Years(engine, looked_through(engine, plan), request)
    years.compute()
    return years, engine


def apart(session: SparkSession) -> SparkSession:
    """Return a session on the same cluster, with the caller's settings and our own."""
    own = session.newSession()
    for name, value in {**session.conf.getAll, **_SETTINGS}.items():
        if name.startswith("spark.sql.") and own.conf.isModifiable(name):
            own.conf.set(name, value)
    return own


def relate(session: SparkSession, name: str, data: object) -> DataFrame:
    """Make a relation of Parquet files or of a data frame, which may be another session's."""
    if isinstance(data, str | Path):
        if Path(data).suffix.lower() in (".csv", ".txt"):
            reason = Phrase(
                "Spark lit ici du Parquet ou un DataFrame ; un CSV se lit sans Spark, ou se convertit d'abord",
                "here Spark reads Parquet or a DataFrame; a CSV is read without Spark, or converted first",
            )
            raise CallError([diagnose("E809", file=str(data), reason=reason)])
        try:
            frame = session.read.parquet(str(data))
        except AnalysisException as error:
            raise CallError([diagnose("E809", file=str(data), reason=str(error).splitlines()[0])]) from error
    elif isinstance(data, DataFrame):
        passing = f"optam_{uuid.uuid4().hex}"
        data.createGlobalTempView(passing)
        frame = session.table(f"global_temp.{passing}")
        session.catalog.dropGlobalTempView(passing)
    else:
        raise CallError([diagnose("E816", found=type(data).__name__)])
    frame.createOrReplaceTempView(name)
    return frame


def _known(engine: SparkEngine, practitioners: object) -> None:
    if isinstance(practitioners, str | Path | DataFrame):
        if LINE not in relate(engine.session, "medecins", practitioners).columns:
            path = None if isinstance(practitioners, DataFrame) else str(practitioners)
            raise CallError([diagnose("E536", path=path, name=LINE)])
        engine.hold_keys("connus", known_practitioners(SPARK))
        return
    wanted = Phrase("un fichier, un DataFrame, ou une liste d'identifiants", "a file, a DataFrame, or a list of identifiants")
    if faults := list(names_fault("practitioners", practitioners, wanted)):
        raise CallError(faults)
    names = pa.table({LINE: pa.array(sorted(set(practitioners)), pa.string())})  # type: ignore[call-overload]
    engine.session.createDataFrame(names).createOrReplaceTempView("medecins")
    engine.hold_keys("connus", known_practitioners(SPARK))


def kind_of(type_: kinds.DataType) -> Kind:
    """Return what a column of a type of Spark holds."""
    match type_:
        case kinds.DecimalType(precision=width, scale=scale):
            return Kind.CENTS if scale == 2 and width <= _WIDEST else Kind.DECIMAL
        case kinds.StringType():
            return Kind.TEXT
        case kinds.ByteType() | kinds.ShortType() | kinds.IntegerType() | kinds.LongType():
            return Kind.INTEGER
        case kinds.FloatType() | kinds.DoubleType():
            return Kind.FLOAT
        case kinds.DateType():
            return Kind.DATE
        case kinds.BooleanType():
            return Kind.BOOLEAN
        case kinds.TimestampType() | kinds.TimestampNTZType():
            return Kind.MOMENT
        case kinds.NullType():
            return Kind.NOTHING
        case _:
            return Kind.OTHER
