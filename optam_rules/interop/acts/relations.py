"""From what a caller has, a file, a folder or data in memory, to a relation of DuckDB."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb

from optam_rules.backends.sql.dialect import DUCKDB
from optam_rules.base.diagnostics import Diagnostic, diagnose
from optam_rules.base.errors import CallError
from optam_rules.base.phrases import Phrase
from optam_rules.core.scalars import shown
from optam_rules.interop.acts.plan import Rules

if TYPE_CHECKING:
    import pyarrow as pa

_CSV = "header=true, all_varchar=true, auto_detect=true, ignore_errors=true, store_rejects=true, rejects_limit=0, strict_mode=true"


def relate(run: Any, name: str, data: object) -> Path | None:
    """Make a relation of a file, of a folder of Parquet files, of what speaks Arrow, or of a list of lines; return the path of a file.

    Raises CallError for a file that cannot be read (E809), for what is no table (E816) and for columns that DuckDB does not take (E819).
    """
    if not isinstance(data, str | Path):
        # Through Arrow once: a stream could be read one time only, and the plan reads the lines more than once.
        table = _in_memory(data)
        try:
            run.register(f"{name}_arrow", table)
            run.execute(f"CREATE TEMP VIEW {name} AS SELECT * FROM {name}_arrow")
        except duckdb.Error:
            if faults := list(_not_taken(run, table)):
                raise CallError(faults) from None
            raise
        return None
    path = Path(data)
    source = str(path / "**" / "*.parquet") if path.is_dir() else str(path)
    read = f"read_csv({DUCKDB.text(source)}, {_CSV})" if is_csv(path) else f"read_parquet({DUCKDB.text(source)})"
    try:
        run.execute(f"CREATE TEMP VIEW {name} AS SELECT * FROM {read}")
    except duckdb.Error as error:
        raise CallError([diagnose("E809", file=source, reason=str(error).splitlines()[0])]) from error
    return path


@contextmanager
def readable(*files: object) -> Iterator[None]:
    """Tell what stops DuckDB in the midst of a file: bytes that are not what they should be (E809, of the file that it names)."""
    try:
        yield
    except (duckdb.InvalidInputException, duckdb.IOException) as error:
        paths = [str(file) for file in files if isinstance(file, str | Path)]
        if not paths:
            raise
        reason = str(error).splitlines()[0]
        raise CallError([diagnose("E809", file=next((path for path in paths if path in reason), paths[0]), reason=reason)]) from error


def is_csv(path: Path) -> bool:
    """Tell whether a path is read as text."""
    return path.suffix.lower() in (".csv", ".txt")


def check_any_column(path: Path, rules: Rules, found: Collection[str], columns: Mapping[str, str]) -> None:
    """Refuse a file of which no column is a datum of a line: it is another file, and what it lacks one by one tells nothing (E809)."""
    main = rules.program.main
    if not {columns.get(name, name) for name in main.fields}.isdisjoint(found):
        return
    if path.is_file() and not path.stat().st_size:
        reason = Phrase("il est vide", "it is empty")
    else:
        there, wanted = (", ".join(f"`{shown(name)}`" for name in list(names)[:12]) for names in (found, main.fields))
        reason = Phrase(
            f"aucune de ses colonnes ({there}) n'est une donnée de `{main.name}` ({wanted})",
            f"none of its columns ({there}) is a datum of `{main.name}` ({wanted})",
        )
    raise CallError([diagnose("E809", file=str(path), reason=reason)])


def _in_memory(data: object) -> pa.Table:
    import pyarrow as pa  # a quarter of a second, which files do without

    if isinstance(data, Sequence) and not isinstance(data, str | bytes) and all(isinstance(line, Mapping) for line in data):
        table = _listed(data)
    else:
        try:
            table = data if isinstance(data, pa.Table) else pa.table(data)
        except (TypeError, ValueError) as error:
            raise CallError([diagnose("E816", found=type(data).__name__)]) from error
    if not table.column_names:
        raise CallError([diagnose("E816", found=type(data).__name__)])
    faults = []
    for name, column in zip(table.column_names, table.columns, strict=True):
        try:
            column.validate(full=True)
        except pa.ArrowInvalid as error:
            faults.append(diagnose("E819", name=name, kind=str(column.type), reason=str(error).splitlines()[0]))
    if faults:
        raise CallError(faults)
    return table


def _listed(lines: Sequence[Mapping[str, object]]) -> pa.Table:
    """Return lines given one by one, each column of the type that holds all its cells."""
    import pyarrow as pa

    columns, faults = {}, []
    for name in dict.fromkeys(str(key) for line in lines for key in line):
        try:
            columns[name] = pa.array([line.get(name) for line in lines])
        except (pa.ArrowInvalid, pa.ArrowTypeError, pa.ArrowNotImplementedError, OverflowError) as error:
            faults.append(diagnose("E819", name=name, kind="list", reason=str(error).splitlines()[0]))
    if faults:
        raise CallError(faults)
    return pa.table(columns)


def _not_taken(run: Any, table: pa.Table) -> Iterator[Diagnostic]:
    for place, name in enumerate(table.column_names):
        try:
            run.from_arrow(table.select([place]).slice(0, 0))
        except duckdb.Error as error:
            yield diagnose("E819", name=name, kind=str(table.column(place).type), reason=str(error).splitlines()[0])
