"""From columns in memory or in a file to their batches, as often as they are asked for."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Protocol

import attrs
import pyarrow as pa
import pyarrow.parquet as pq

from optam_rules.base.diagnostics import diagnose
from optam_rules.base.errors import CallError
from optam_rules.base.phrases import Phrase, Word
from optam_rules.interop.open import COLUMNAR_SUFFIXES

NULL_NAME = Phrase("son nom contient un caractère nul", "its name holds a null character")


class Source(Protocol):
    """Columns that may be read several times."""

    @property
    def schema(self) -> pa.Schema:
        """The columns."""

    def batches(self, size: int, columns: Sequence[str] | None = None) -> Iterator[pa.RecordBatch]:
        """Yield batches of at most `size` rows, in order, of some columns alone where they are named."""


@attrs.frozen(eq=False)
class TableSource:
    """A table in memory."""

    table: pa.Table

    @property
    def schema(self) -> pa.Schema:
        """The columns."""
        return self.table.schema

    def batches(self, size: int, columns: Sequence[str] | None = None) -> Iterator[pa.RecordBatch]:
        """Yield the batches of the table."""
        table = self.table if columns is None else self.table.select(list(columns))
        yield from table.to_batches(max_chunksize=size)


@attrs.frozen(eq=False)
class ParquetSource:
    """A Parquet file, of which no more than a batch is held; it may be damaged past its beginning (E809)."""

    path: Path
    file: pq.ParquetFile

    @property
    def schema(self) -> pa.Schema:
        """The columns."""
        return self.file.schema_arrow

    def batches(self, size: int, columns: Sequence[str] | None = None) -> Iterator[pa.RecordBatch]:
        """Yield the batches of the file."""
        try:
            yield from self.file.iter_batches(batch_size=size, columns=None if columns is None else list(columns))
        except (OSError, pa.ArrowInvalid) as error:
            raise unreadable(self.path, str(error)) from error


def is_columnar(data: object) -> bool:
    """Tell whether data are columns: Arrow data of any library, or the path of a Parquet or Arrow file."""
    if isinstance(data, str | Path):
        return Path(data).suffix.lower() in COLUMNAR_SUFFIXES
    return hasattr(data, "__arrow_c_stream__") or hasattr(data, "__arrow_c_array__")


@contextmanager
def opened(data: Any) -> Iterator[Source]:
    """Open columns. Raises CallError for a file that cannot be read (E809) and for data that are no table (E816)."""
    if not isinstance(data, str | Path):
        yield TableSource(_as_table(data))
        return
    path = Path(data)
    if "\0" in str(path):
        raise unreadable(path, NULL_NAME)
    try:
        if path.suffix.lower() != ".parquet":
            # Mapped into memory: pages are the system's to keep or drop.
            with pa.memory_map(str(path)) as mapped, pa.ipc.open_file(mapped) as file:
                source: Source = TableSource(file.read_all())
        else:
            source = ParquetSource(path, pq.ParquetFile(path))
    except (OSError, pa.ArrowInvalid) as error:
        raise unreadable(path, str(error)) from error
    try:
        yield source
    finally:
        if isinstance(source, ParquetSource):
            source.file.close()


def unreadable(path: Path, reason: Word) -> CallError:
    """Return the error of a file that cannot be read (E809)."""
    return CallError([diagnose("E809", file=str(path), reason=reason)])


def _as_table(data: object) -> pa.Table:
    """Return what another library holds. Raises CallError (E816) for what is no table: an array of numbers, say."""
    try:
        if hasattr(data, "__arrow_c_stream__"):
            return pa.RecordBatchReader.from_stream(data).read_all()
        return pa.Table.from_batches([pa.record_batch(data)])
    except pa.ArrowInvalid as error:
        hint = Phrase(f"Arrow dit : {error}", f"Arrow says: {error}")
        raise CallError([diagnose("E816", found=type(data).__name__, hint=hint)]) from error
