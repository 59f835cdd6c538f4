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

from optam_rules.base.diagnostics import diagnose
from optam_rules.base.errors import CallError
from optam_rules.core.program import Program
from optam_rules.core.schema import MemoryOthers, RecordReader
from optam_rules.core.types import Scalar
from optam_rules.core.vocabulary import Vocabulary
from optam_rules.interop.arrow_frame import ArrowFrame
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
        return column.cast(pa.string()) if pa.types.is_string(_plain(column.type)) else pa.nulls(batch.num_rows, pa.string())

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
        elif hasattr(data, "__arrow_c_stream__"):
            yield from self._table(pa.table(pa.RecordBatchReader.from_stream(data).read_all()))
        elif hasattr(data, "__arrow_c_array__"):
            yield from self._table(pa.Table.from_batches([pa.record_batch(data)]))
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
                raise CallError([diagnose("E809", file=str(path), reason=error.strerror or str(error))]) from error
            yield from self._opened(file)

    def _opened(self, file: RecordFile) -> Iterator[Sequence[ReadRecord]]:
        read = enumerate(read_all(self.program, file, ignore_unknown_fields=self.ignore_unknown_fields))
        items = (attrs.evolve(item, position=position) for position, item in read)
        while batch := list(islice(items, self.batch_size)):
            yield batch

    def _path(self, path: Path) -> Iterator[Batch]:
        suffix = path.suffix.lower()
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
            raise CallError([diagnose("E809", file=str(path), reason=str(error))]) from error
        yield from self._table(table)

    def _parquet(self, path: Path) -> Iterator[Batch]:
        try:
            file = pq.ParquetFile(path)
        except (OSError, pa.ArrowInvalid) as error:
            raise CallError([diagnose("E809", file=str(path), reason=str(error))]) from error
        with file:
            name = self._identifying(file.schema_arrow)
            held = file.iter_batches(batch_size=1 << 16, columns=[name]) if name is not None else iter(())
            if self._names_no_other(file.schema_arrow) and _distinct(batch.column(0) for batch in held):
                yield from self._columns(file.schema_arrow, file.iter_batches(batch_size=self.batch_size))
            else:
                yield from self._rows(file.read())

    def _table(self, table: pa.Table) -> Iterator[Batch]:
        name = self._identifying(table.schema)
        held = table.column(name).chunks if name is not None else []
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
        plain = pa.schema([field.with_type(_plain(field.type)) for field in schema])
        reader = RecordReader(self.program, ignore_unknown_fields=self.ignore_unknown_fields)
        start = 0
        for batch in batches:
            held = batch if plain.equals(schema) else batch.cast(plain)
            yield ArrowBatch(self.program, rows, held, reader, start, self.ignore_unknown_fields)
            start += batch.num_rows

    def _identifying(self, schema: pa.Schema) -> str | None:
        """Return the column by which a record may be named, where there is one."""
        first = next(iter(self.program.main.fields.values()))
        return first.name if first.type is Scalar.TEXT and schema.names.count(first.name) == 1 else None

    def _names_no_other(self, schema: pa.Schema) -> bool:
        """Tell whether no column leads from a record to another."""
        leading = Vocabulary.of(self.program).leading[self.program.main.name]
        return not any(name.partition(".")[0] in leading for name in schema.names)


def _read(reader: RecordReader, program: Program, raw: object, position: int, place: int | None) -> ReadRecord:
    record, faults = reader.read(raw, place=place)
    return ReadRecord(position, identifiant_of(program, raw), record, tuple(faults))


def _distinct(columns: Iterable[pa.Array]) -> bool:
    """Tell whether no value stands twice; hashes alone are held, so that two may pass for one, never one for two."""
    hashes = [np.array([hash(value) for value in column.to_pylist() if value is not None], np.int64) for column in columns]
    whole = np.concatenate(hashes) if hashes else np.zeros(0, np.int64)
    whole.sort()
    return not bool((whole[1:] == whole[:-1]).any())


def _plain(type_: pa.DataType) -> pa.DataType:
    """Return the form that columns are read in: one kind of text and one of list, whatever the library that made them."""
    if pa.types.is_large_string(type_) or pa.types.is_string_view(type_):
        return pa.string()
    if pa.types.is_dictionary(type_):
        return pa.dictionary(pa.int32(), _plain(type_.value_type))
    if pa.types.is_list(type_) or pa.types.is_large_list(type_) or pa.types.is_list_view(type_):
        return pa.list_(_plain(type_.value_type))
    if pa.types.is_struct(type_):
        return pa.struct([type_.field(place).with_type(_plain(type_.field(place).type)) for place in range(type_.num_fields)])
    return type_
