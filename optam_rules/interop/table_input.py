"""From what a caller has, records, Arrow data or a file, to batches of records read against the vocabulary, faulty rows kept in place."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from itertools import islice
from pathlib import Path
from typing import Protocol, cast

import attrs
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from optam_rules.backends.columnar.ratio import Array
from optam_rules.base.diagnostics import diagnose
from optam_rules.base.errors import CallError
from optam_rules.base.phrases import Phrase, Word
from optam_rules.core.program import Program
from optam_rules.core.schema import MemoryOthers, RecordReader
from optam_rules.core.types import Scalar
from optam_rules.core.vocabulary import Vocabulary
from optam_rules.interop.arrow_frame import ArrowFrame
from optam_rules.interop.arrow_plain import is_text, plain_batch
from optam_rules.interop.arrow_rows import ArrowRows
from optam_rules.interop.open import ARROW_SUFFIXES, open_records
from optam_rules.interop.raw import ReadRecord, RecordFile, identifiant_of, read_all


class ArrowData(Protocol):
    """Anything with the Arrow PyCapsule interface: a table of pyarrow or Polars, a DuckDB relation, an Ibis table ..."""

    def __arrow_c_stream__(self, requested_schema: object = None) -> object:
        """Return the stream of record batches."""


Data = str | Path | Iterable[Mapping[str, object]] | ArrowData | RecordFile


@attrs.frozen(eq=False)
class ArrowBatch:
    """Rows still in columns, none of which names another record; `start` is the position of the first."""

    program: Program
    rows: ArrowRows
    batch: pa.RecordBatch
    reader: RecordReader
    start: int
    ignore_unknown_fields: bool

    def frame(self) -> ArrowFrame:
        """Read the columns."""
        return ArrowFrame(self.program, Vocabulary.of(self.program), self.rows, self.batch, self.ignore_unknown_fields)

    def identifiants(self) -> pa.Array:
        """Return the identifiants of the rows, as text."""
        batch = self.batch
        first = next(iter(self.program.main.fields.values()))
        if first.type is not Scalar.TEXT or first.name not in self.rows.columns or first.name not in batch.schema.names:
            return pa.nulls(batch.num_rows, pa.string())
        column = batch.column(first.name)
        return column.cast(pa.string()) if is_text(column.type) else pa.nulls(batch.num_rows, pa.string())

    def read(self, rows: Sequence[int]) -> list[ReadRecord]:
        """Read some rows as records."""
        raws = self.rows.raws(self.batch.take(pa.array(rows, pa.int64())))
        return [_read(self.reader, self.program, raw, self.start + row, None) for row, raw in zip(rows, raws, strict=True)]


Batch = Sequence[ReadRecord] | ArrowBatch


@attrs.frozen
class TableInput:
    """The records of a call, a batch at a time."""

    program: Program
    data: Data
    batch_size: int
    ignore_unknown_fields: bool = False

    def batches(self) -> Iterator[Batch]:
        """Yield every record and every refused row, in order; positions count from 0.

        Raises CallError where the data are no table (E816), a file cannot be read (E809, E530 to E546), or a column is unknown (E535).
        """
        data = self.data
        if isinstance(data, str | Path):
            yield from self._path(Path(data))
        elif hasattr(data, "__arrow_c_stream__") or hasattr(data, "__arrow_c_array__"):
            yield from self._table(_as_table(data))
        elif hasattr(data, "others"):
            yield from self._opened(cast("RecordFile", data))
        elif isinstance(data, Iterable) and not isinstance(data, bytes | Mapping):
            yield from self._records(list(data))
        else:
            raise CallError([diagnose("E816", found=type(data).__name__)])

    def records(self) -> Iterator[ReadRecord]:
        """Yield every record, read, and every refused row, in order."""
        for batch in self.batches():
            yield from batch.read(range(batch.batch.num_rows)) if isinstance(batch, ArrowBatch) else batch

    def _records(self, raws: Sequence[object]) -> Iterator[Sequence[ReadRecord]]:
        reader = RecordReader(self.program, MemoryOthers.of(self.program, raws), ignore_unknown_fields=self.ignore_unknown_fields)
        for start in range(0, len(raws), self.batch_size):
            batch = enumerate(raws[start : start + self.batch_size], start)
            yield [_read(reader, self.program, raw, place, place) for place, raw in batch]

    def _file(self, path: Path) -> Iterator[Sequence[ReadRecord]]:
        with ExitStack() as stack:
            try:
                file = stack.enter_context(open_records(self.program, path, ignore_unknown_fields=self.ignore_unknown_fields))
            except OSError as error:
                raise _unreadable(path, error.strerror or str(error)) from error
            yield from self._opened(file)

    def _opened(self, file: RecordFile) -> Iterator[Sequence[ReadRecord]]:
        read = enumerate(read_all(self.program, file, ignore_unknown_fields=self.ignore_unknown_fields))
        items = (attrs.evolve(item, position=position) for position, item in read)
        while batch := list(islice(items, self.batch_size)):
            yield batch

    def _path(self, path: Path) -> Iterator[Batch]:
        suffix = path.suffix.lower()
        if "\0" in str(path):
            raise _unreadable(path, Phrase("son nom contient un caractère nul", "its name holds a null character"))
        if suffix == ".parquet":
            yield from self._parquet(path)
        elif suffix in ARROW_SUFFIXES:
            yield from self._arrow(path)
        else:
            yield from self._file(path)

    def _arrow(self, path: Path) -> Iterator[Batch]:
        """Read an Arrow file, mapped into memory: pages are the system's to keep or drop."""
        try:
            with pa.memory_map(str(path)) as source, pa.ipc.open_file(source) as file:
                table = file.read_all()
        except (OSError, pa.ArrowInvalid) as error:
            raise _unreadable(path, str(error)) from error
        yield from self._table(table)

    def _parquet(self, path: Path) -> Iterator[Batch]:
        try:
            file = pq.ParquetFile(path)
        except (OSError, pa.ArrowInvalid) as error:
            raise _unreadable(path, str(error)) from error
        with file:
            name = self._identifying(file.schema_arrow)
            held = _pages(path, file, 1 << 16, [name]) if name is not None else iter(())
            if self._names_no_other(file.schema_arrow) and _distinct(held):
                yield from self._columns(file.schema_arrow, _pages(path, file, self.batch_size))
            else:
                yield from self._rows(pa.Table.from_batches(_pages(path, file, self.batch_size), file.schema_arrow))

    def _table(self, table: pa.Table) -> Iterator[Batch]:
        name = self._identifying(table.schema)
        held = table.select([name]).to_batches() if name is not None else []
        if self._names_no_other(table.schema) and _distinct(held):
            yield from self._columns(table.schema, table.to_batches(max_chunksize=self.batch_size))
        else:
            yield from self._rows(table)

    def _rows(self, table: pa.Table) -> Iterator[Sequence[ReadRecord]]:
        """Read records that may name each other: all of them are held."""
        rows = ArrowRows.of(self.program, table.schema, ignore_unknown_fields=self.ignore_unknown_fields)
        yield from self._records([raw for batch in table.to_batches() for raw in rows.raws(batch)])

    def _columns(self, schema: pa.Schema, batches: Iterable[pa.RecordBatch]) -> Iterator[ArrowBatch]:
        """Yield batches of records that stand alone."""
        rows = ArrowRows.of(self.program, schema, ignore_unknown_fields=self.ignore_unknown_fields)
        reader = RecordReader(self.program, ignore_unknown_fields=self.ignore_unknown_fields)
        start = 0
        for batch in batches:
            yield ArrowBatch(self.program, rows, rows.plain(batch), reader, start, self.ignore_unknown_fields)
            start += batch.num_rows

    def _identifying(self, schema: pa.Schema) -> str | None:
        """Return the column by which a record may be named, where there is one."""
        first = next(iter(self.program.main.fields.values()))
        return first.name if first.type is Scalar.TEXT and schema.names.count(first.name) == 1 else None

    def _names_no_other(self, schema: pa.Schema) -> bool:
        """Tell whether no column leads from a record to another."""
        leading = Vocabulary.of(self.program).leading[self.program.main.name]
        return not any(name.partition(".")[0] in leading for name in schema.names)


def _as_table(data: object) -> pa.Table:
    """Return what another library holds. Raises CallError (E816) for what is no table: an array of numbers, say."""
    try:
        if hasattr(data, "__arrow_c_stream__"):
            return pa.RecordBatchReader.from_stream(data).read_all()
        return pa.Table.from_batches([pa.record_batch(data)])
    except pa.ArrowInvalid as error:
        hint = Phrase(f"Arrow dit : {error}", f"Arrow says: {error}")
        raise CallError([diagnose("E816", found=type(data).__name__, hint=hint)]) from error


def _pages(path: Path, file: pq.ParquetFile, size: int, columns: Sequence[str] | None = None) -> Iterator[pa.RecordBatch]:
    """Yield the batches of a file that may be damaged past its beginning."""
    try:
        yield from file.iter_batches(batch_size=size, columns=columns)
    except (OSError, pa.ArrowInvalid) as error:
        raise _unreadable(path, str(error)) from error


def _unreadable(path: Path, reason: Word) -> CallError:
    return CallError([diagnose("E809", file=str(path), reason=reason)])


def _read(reader: RecordReader, program: Program, raw: object, position: int, place: int | None) -> ReadRecord:
    record, faults = reader.read(raw, place=place)
    return ReadRecord(position, identifiant_of(program, raw), record, tuple(faults))


def _distinct(batches: Iterable[pa.RecordBatch]) -> bool:
    """Tell whether no text of the only column stands twice; hashes alone are held, so that two may pass for one, never one for two."""
    whole: list[Array] = []
    for batch in batches:
        (column,) = plain_batch(batch, batch.schema.names).columns
        if is_text(column.type):  # any other names no record: each row is refused
            whole.append(np.array([hash(value) for value in column.to_pylist() if value is not None], np.int64))
    hashes = np.concatenate(whole) if whole else np.zeros(0, np.int64)
    hashes.sort()
    return not bool((hashes[1:] == hashes[:-1]).any())
