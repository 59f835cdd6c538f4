"""From a file of acts (Parquet, CSV, anything Arrow) to years and lines set aside, by DuckDB, where the data lie and in bounded memory."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import attrs
import duckdb
import pyarrow as pa

from optam_rules.backends.sql.dialect import DUCKDB
from optam_rules.base.diagnostics import diagnose
from optam_rules.base.errors import CallError
from optam_rules.interop.acts.lines import Kind
from optam_rules.interop.acts.plan import LINE, LUMP_SUM, Plan, Rules
from optam_rules.interop.acts.report import Report

UNREADABLE_LINE = "ligne_illisible"
_CSV = "header=true, all_varchar=true, auto_detect=true, ignore_errors=true, store_rejects=true, rejects_limit=0, strict_mode=true"
_WIDEST = 18  # digits of the decimals that fit 64 bits


@attrs.frozen
class Request:
    """What a call says beside the acts and the pack: see `optam_rules.exercices`."""

    practitioners: str | Path | Collection[str] | None = None
    key: Sequence[str] | None = None
    columns: Mapping[str, str] = attrs.field(factory=dict)
    lump_sums: Collection[str] = ()
    doubts_unknown: bool = True
    memory_limit: str | None = None
    threads: int | None = None


class Years:
    """The years and the lines set aside, in an engine that is open: `opened` gives it."""

    def __init__(self, connection: Any, plan: Plan, request: Request, path: Path | None) -> None:
        self._run, self._plan, self._request, self._csv = connection, plan, request, path is not None and _is_csv(path)

    def compute(self) -> None:
        """Run the queries: `annees` and `ecartees` stand when it returns."""
        run, plan = self._run, self._plan
        repeated = bool(plan.key) and self._table("suspectes", plan.suspects()) > 0
        if repeated:
            self._table("en_double", plan.repeated())
        run.execute(f"CREATE TEMP VIEW lignes AS {plan.lines(repeated=repeated)}")
        self._table("totaux", plan.totals())
        strangers = plan.known_practitioners and self._table("inconnus", plan.strangers()) > 0
        self._table("ecartees", plan.set_aside(strangers=strangers, repeated=repeated))
        self._table("annees", plan.years(strangers=strangers, doubts_unknown=self._request.doubts_unknown))
        if self._csv:
            run.execute(
                f"INSERT INTO ecartees BY NAME SELECT concat('{UNREADABLE_LINE}:', line) AS motifs, FALSE AS doute FROM"
                " (SELECT line, min(error_message) FROM reject_errors GROUP BY line)"
            )

    def _table(self, name: str, query: str) -> int:
        self._run.execute(f"CREATE TEMP TABLE {name} AS {query}")
        return int(self._run.execute(f"SELECT count(*) FROM {name}").fetchall()[0][0])

    @property
    def years_query(self) -> str:
        """The years as records of `exercice`, with `identifiant`."""
        rules = self._plan.rules
        return f"SELECT identifiant, {rules.year}, {', '.join(rules.sums)} FROM annees ORDER BY identifiant, {rules.year}"

    @property
    def set_aside_query(self) -> str:
        """The lines set aside: the columns of the file, and `motifs`."""
        return f"SELECT {', '.join(DUCKDB.identifier(name) for name in self._plan.kinds)}, motifs FROM ecartees"

    def taken(self, query: str, path: str | Path | None) -> pa.Table | None:
        """Return the rows of a query, or write them where a path is given: Parquet or CSV, as its name says."""
        if path is None:
            return self._run.sql(query).to_arrow_table()
        form = "(FORMAT parquet)" if str(path).endswith(".parquet") else "(FORMAT csv, HEADER)"
        self._run.execute(f"COPY ({query}) TO {DUCKDB.text(str(path))} {form}")
        return None

    def report(self, read_from: str) -> Report:
        """Count what became of the lines; `read_from` names the relation of the file."""
        rules, run = self._plan.rules, self._run
        program = rules.program
        notices = "".join(f", COALESCE(sum({name}), 0)" for name in rules.notices)
        unsettled = " OR ".join(f"({name} IS NULL AND NOT doute)" for name in rules.sums)
        years, doubtful, apart, counted, held, *noticed = run.execute(
            f"SELECT count(*), count(*) FILTER (WHERE doute), count(*) FILTER (WHERE {unsettled}),"
            f" COALESCE(sum(lignes_comptees), 0), COALESCE(sum(lignes_lues), 0){notices} FROM annees"
        ).fetchall()[0]
        left = run.execute("SELECT count(*), count(*) FILTER (WHERE doute AND le_praticien IS NULL) FROM ecartees").fetchall()[0]
        rejected = run.execute(f"SELECT count(*) FROM ecartees WHERE motifs LIKE '{UNREADABLE_LINE}:%'").fetchall()[0][0]
        read = run.execute(f"SELECT count(*) FROM {read_from}").fetchall()[0][0] + rejected
        reasons = run.execute(
            f"SELECT CASE WHEN motif LIKE '{UNREADABLE_LINE}:%' THEN '{UNREADABLE_LINE}' ELSE motif END AS m, count(*)"
            " FROM (SELECT unnest(string_split(motifs, '|')) AS motif FROM ecartees) GROUP BY m ORDER BY m"
        ).fetchall()
        names = [rules.year, *rules.sums, *rules.aside]
        given = sorted(self._request.lump_sums)
        column = self._plan.columns.get(LUMP_SUM, LUMP_SUM)
        return Report(
            program.id,
            program.version,
            program.digest,
            rules.on,
            int(read),
            int(counted),
            int(read) - int(held),
            int(held) - int(counted),
            dict(reasons),
            {name.removeprefix("signalee_"): int(count) for name, count in zip(rules.notices, noticed, strict=True)},
            int(years),
            int(doubtful),
            int(apart),
            int(left[1]),
            dict(rules.assume),
            {name: program.hypotheses[name].text for name in rules.questions(names)},
            _hypotheses(rules, names),
            self._plan.key,
            self._count_known(),
            f"colonne {column}" if not self._plan.from_codes else ", ".join(given) if given else "aucun code donné",
        )

    def _count_known(self) -> int | None:
        known = self._plan.known_practitioners
        return int(self._run.execute("SELECT count(*) FROM connus").fetchall()[0][0]) if known else None


def _hypotheses(rules: Rules, names: Sequence[str]) -> tuple[str, ...]:
    versions = [rules.program.definitions[rules.program.main.name, name].version_at(rules.on) for name in names]
    return tuple(dict.fromkeys(v.provenance.hypothesis for v in versions if v is not None and v.provenance.hypothesis))


@contextmanager
def opened(acts: object, rules: Rules, request: Request) -> Iterator[tuple[Years, str]]:
    """Open an engine on acts and compute their years; yield them with the name of the relation that holds the acts.

    Raises CallError for what the file lacks (E502, E503, E536, E809), or for a rule that SQL cannot hold (E702).
    """
    with TemporaryDirectory(prefix="optam-") as spill, duckdb.connect() as run:
        run.execute(f"SET temp_directory = {DUCKDB.text(spill)}")
        run.execute("SET preserve_insertion_order = false")
        if request.memory_limit is not None:
            run.execute(f"SET memory_limit = {DUCKDB.text(request.memory_limit)}")
        if request.threads is not None:
            run.execute(f"SET threads = {int(request.threads)}")
        path = _relate(run, "actes", acts)
        if request.practitioners is not None:
            _known(run, request.practitioners)
        kinds = {name: _kind(type_) for name, type_, *_ in run.execute("DESCRIBE actes").fetchall()}
        key = tuple(request.key) if request.key is not None else tuple(c for c in [request.columns.get(LINE, LINE)] if c in kinds)
        plan = Plan(rules, DUCKDB, kinds, request.columns, key, frozenset(request.lump_sums), request.practitioners is not None)
        plan.check()
        years = Years(run, plan, request, path)
        years.compute()
        yield years, "actes"


def _relate(run: Any, name: str, data: object) -> Path | None:
    """Make a relation of a file, of a folder of Parquet files, or of what speaks Arrow."""
    if not isinstance(data, str | Path):
        # Through Arrow once: a stream could be read one time only, and the plan reads the lines more than once.
        run.register(f"{name}_arrow", data if isinstance(data, pa.Table) else pa.table(data))
        run.execute(f"CREATE TEMP VIEW {name} AS SELECT * FROM {name}_arrow")
        return None
    path = Path(data)
    source = str(path / "**" / "*.parquet") if path.is_dir() else str(path)
    read = f"read_csv({DUCKDB.text(source)}, {_CSV})" if _is_csv(path) else f"read_parquet({DUCKDB.text(source)})"
    try:
        run.execute(f"CREATE TEMP VIEW {name} AS SELECT * FROM {read}")
    except duckdb.Error as error:
        raise CallError([diagnose("E809", file=source, reason=str(error).splitlines()[0])]) from error
    return path


def _known(run: Any, practitioners: str | Path | Collection[str]) -> None:
    if isinstance(practitioners, str | Path):
        _relate(run, "medecins", practitioners)
        columns = [row[0] for row in run.execute("DESCRIBE medecins").fetchall()]
        if LINE not in columns:
            raise CallError([diagnose("E536", path=str(practitioners), name=LINE)])
        names = "SELECT DISTINCT NULLIF(TRIM(CAST(identifiant AS VARCHAR)), '') AS praticien FROM medecins"
        run.execute(f"CREATE TEMP TABLE connus AS SELECT * FROM ({names}) WHERE praticien IS NOT NULL")
        return
    run.execute("CREATE TEMP TABLE connus AS SELECT DISTINCT unnest(?::VARCHAR[]) AS praticien", [sorted(practitioners)])


def _is_csv(path: Path) -> bool:
    return path.suffix.lower() in (".csv", ".txt")


def _kind(type_: str) -> Kind:
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
        case _:
            return Kind.OTHER
