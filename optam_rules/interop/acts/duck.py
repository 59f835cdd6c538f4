"""From a file of acts (Parquet, CSV, anything Arrow) to years and lines set aside, by DuckDB, where the data lie and in bounded memory."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import attrs
import duckdb

from optam_rules.backends.sql.dialect import DUCKDB
from optam_rules.base.diagnostics import diagnose
from optam_rules.base.errors import CallError
from optam_rules.base.phrases import Phrase
from optam_rules.interop.acts.lines import Kind
from optam_rules.interop.acts.plan import APART_DOUBT, LINE, REASONS, Plan, Rules, known_practitioners
from optam_rules.interop.acts.relations import check_any_column, is_csv, readable, relate
from optam_rules.interop.acts.years import UNREADABLE_LINE, Request, Years, looked_through
from optam_rules.interop.writers import FORMULA_STARTS

if TYPE_CHECKING:
    import pyarrow as pa

_STARTS = ", ".join(f"chr({ord(start)})" for start in FORMULA_STARTS)
_STARTS_A_FORMULA = f"left({{0}}, 1) IN ({_STARTS}) AND NOT regexp_full_match({{0}}, '-[0-9]+([.][0-9]+)?')"
_ROW_GROUP = 20_480  # lines, which each thread holds until they are all there
_MOST_THREADS = 256  # more are no use, and DuckDB makes them all at once
_WIDEST = 18  # digits of the decimals that fit 64 bits


@attrs.frozen
class DuckEngine:
    """Relations in a connection of DuckDB; `folder` takes those of many lines, none where the lines are in memory as it is."""

    connection: Any
    folder: Path | None = None

    def hold(self, name: str, query: str) -> int:
        """Make a table of a query; return the number of its rows."""
        self.connection.execute(f"CREATE OR REPLACE TEMP TABLE {name} AS {query}")
        return int(self.rows(f"SELECT count(*) FROM {name}")[0][0])

    hold_keys = hold

    def set_apart(self, name: str, query: str) -> None:
        """Keep the rows of a query on disk: a table would hold in memory a share of the lines, however many they are."""
        if self.folder is None:
            self.hold(name, query)
            return
        path = DUCKDB.text(str(self._file(name)))
        self.connection.execute(f"COPY ({query}) TO {path} (FORMAT parquet, ROW_GROUP_SIZE {_ROW_GROUP})")
        self.view(name, f"SELECT * FROM read_parquet({path})")

    def add_apart(self, name: str, query: str) -> None:
        """Add the rows of a query to a relation on disk; the columns that it lacks are NULL."""
        self.view(name, f"SELECT * FROM read_parquet({DUCKDB.text(str(self._file(name)))}) UNION ALL BY NAME {query}")

    def _file(self, name: str) -> Path:
        assert self.folder is not None, "relations on disk have a folder"
        return self.folder / f"{name}.parquet"

    def view(self, name: str, query: str) -> None:
        """Name a query."""
        self.connection.execute(f"CREATE OR REPLACE TEMP VIEW {name} AS {query}")

    def untidy(self, columns: Sequence[str]) -> Sequence[bool]:
        """Tell it from the texts of each column, each once: Parquet gives them from its dictionaries."""
        found = []
        for column in map(DUCKDB.identifier, columns):
            self.hold("textes", f"SELECT DISTINCT {column} FROM actes")
            found.append(bool(self.rows(f"SELECT EXISTS(SELECT 1 FROM textes WHERE {DUCKDB.untidy(column)})")[0][0]))
        return found

    def rows(self, query: str) -> Sequence[Sequence[Any]]:
        """Run a query of few rows."""
        found: Sequence[Sequence[Any]] = self.connection.execute(query).fetchall()
        return found

    def taken(self, query: str, path: str | Path | None) -> pa.Table | None:
        """Return the rows of a query, or write them where a path is given: Parquet or CSV, as its name says."""
        if path is None:
            return self.connection.sql(query).to_arrow_table()
        whole = str(path).endswith(".parquet")
        form = f"(FORMAT parquet, ROW_GROUP_SIZE {_ROW_GROUP})" if whole else "(FORMAT csv, HEADER)"
        try:
            self.connection.execute(f"COPY ({query if whole else self._inert(query)}) TO {DUCKDB.text(str(path))} {form}")
        except duckdb.IOException as error:
            raise CallError([diagnose("E820", file=str(path), reason=str(error).splitlines()[0])]) from error
        return None

    def _inert(self, query: str) -> str:
        """Return a query whose texts no spreadsheet takes for formulas, as `writers.inert` makes them; a negative number is a number."""
        cells = []
        for name, type_, *_ in self.connection.execute(f"DESCRIBE {query}").fetchall():
            column = DUCKDB.identifier(name)
            inert = f"CASE WHEN {_STARTS_A_FORMULA.format(column)} THEN concat(chr(39), {column}) ELSE {column} END AS {column}"
            cells.append(inert if type_ == "VARCHAR" else column)
        return f"SELECT {', '.join(cells)} FROM ({query})"


@contextmanager
def opened(acts: object, rules: Rules, request: Request) -> Iterator[tuple[Years, DuckEngine]]:
    """Open an engine on acts and compute their years; yield them with the engine that holds them.

    Raises CallError for what the file lacks (E501, E502, E503, E536, E809, E816, E819), for a rule that SQL cannot hold (E702), for too
    little memory (E827), or for what cannot be written while the engine is open (E820).
    """
    files = readable(acts, request.practitioners)
    with TemporaryDirectory(prefix="optam-") as spill, duckdb.connect() as run, files, _enough(request.memory_limit):
        run.execute(f"SET temp_directory = {DUCKDB.text(spill)}")
        run.execute("SET preserve_insertion_order = false")
        run.execute("SET enable_progress_bar = false")  # it would draw over the report of the command, and in the pages of a service
        if request.memory_limit is not None:
            run.execute(f"SET memory_limit = {DUCKDB.text(request.memory_limit)}")
        if request.threads is not None:
            run.execute(f"SET threads = {min(request.threads, _MOST_THREADS)}")
        path = relate(run, "actes", acts)
        if request.practitioners is not None:
            _known(run, request.practitioners)
        engine = DuckEngine(run, Path(spill) if path is not None else None)
        kinds = {name: kind_of(type_) for name, type_, *_ in run.execute("DESCRIBE actes").fetchall()}
        if path is not None:
            check_any_column(path, rules, kinds, request.columns)
        key = tuple(request.key) if request.key is not None else tuple(c for c in [request.columns.get(LINE, LINE)] if c in kinds)
        plan = Plan(rules, DUCKDB, kinds, request.columns, key, frozenset(request.lump_sums), request.practitioners is not None)
        plan.check()
        in_text = path is not None and is_csv(path)
        # A file of text would be read whole once more.
        years = Years(engine, plan if in_text else looked_through(engine, plan), request)
        years.compute()
        if in_text:
            rejected = f"SELECT concat('{UNREADABLE_LINE}:', line) AS {REASONS}, FALSE AS {APART_DOUBT} FROM reject_errors GROUP BY line"
            engine.add_apart("ecartees", rejected)
        yield years, engine


@contextmanager
def _enough(memory_limit: str | None) -> Iterator[None]:
    """Tell that DuckDB has not the memory that it needs, where the caller has set how much."""
    try:
        yield
    except duckdb.OutOfMemoryException as error:
        if memory_limit is None:
            raise
        wanted = Phrase("davantage : DuckDB en manque, même en écrivant sur le disque", "more: DuckDB runs short of it, even with the disk")
        raise CallError([diagnose("E827", name="memory_limit", found=f"`{memory_limit}`", wanted=wanted)]) from error


def _known(run: Any, practitioners: str | Path | Collection[str]) -> None:
    if isinstance(practitioners, str | Path):
        relate(run, "medecins", practitioners)
        columns = [row[0] for row in run.execute("DESCRIBE medecins").fetchall()]
        if LINE not in columns:
            raise CallError([diagnose("E536", path=str(practitioners), name=LINE)])
    else:
        run.execute(f"CREATE TEMP TABLE medecins AS SELECT unnest(?::VARCHAR[]) AS {LINE}", [sorted(practitioners)])
    run.execute(f"CREATE TEMP TABLE connus AS {known_practitioners(DUCKDB)}")


def kind_of(type_: str) -> Kind:
    """Return what a column of a type of DuckDB holds."""
    if type_.startswith("DECIMAL("):
        width, scale = (int(part) for part in type_[len("DECIMAL(") : -1].split(","))
        return Kind.CENTS if scale == 2 and width <= _WIDEST else Kind.DECIMAL
    match type_:
        case "VARCHAR":
            return Kind.TEXT
        case "TINYINT" | "SMALLINT" | "INTEGER" | "BIGINT" | "UTINYINT" | "USMALLINT" | "UINTEGER" | "UBIGINT" | "HUGEINT":
            return Kind.INTEGER
        case "FLOAT" | "DOUBLE":
            return Kind.FLOAT
        case "DATE":
            return Kind.DATE
        case "BOOLEAN":
            return Kind.BOOLEAN
        case '"NULL"':
            return Kind.NOTHING
        case _ if type_.startswith("TIMESTAMP"):
            return Kind.MOMENT
        case _:
            return Kind.OTHER
