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

from optam_rules.backends.columnar.layouts import Layouts
from optam_rules.backends.columnar.ratio import Array
from optam_rules.base.arguments import kind
from optam_rules.base.diagnostics import diagnose
from optam_rules.base.errors import CallError
from optam_rules.core.program import Program
from optam_rules.core.schema import MemoryOthers, RecordReader
from optam_rules.core.types import Scalar
from optam_rules.core.vocabulary import Vocabulary
from optam_rules.interop.arrow_frame import ArrowFrame
from optam_rules.interop.arrow_plain import is_text, plain_batch
from optam_rules.interop.arrow_rows import ArrowRows
from optam_rules.interop.csv_records import CsvRecords
from optam_rules.interop.open import open_records
from optam_rules.interop.raw import ReadRecord, RecordFile, identifiant_of, read_all
from optam_rules.interop.table_companions import WHOLE, Companions, companion_data, companions, with_members
from optam_rules.interop.table_lists import Listed
from optam_rules.interop.table_sources import NULL_NAME, Source, is_columnar, opened, unreadable


class ArrowData(Protocol):
    """Anything with the Arrow PyCapsule interface: a table of pyarrow or Polars, a DuckDB relation, an Ibis table ..."""

    def __arrow_c_stream__(self, requested_schema: object = None) -> object:
        """Return the stream of record batches."""


Data = str | Path | Iterable[Mapping[str, object]] | ArrowData | RecordFile
Tables = Mapping[str, str | Path | ArrowData]


@attrs.frozen(eq=False)
class ArrowBatch:
    """Rows still in columns, none of which names another record; `start` is the position of the first."""

    program: Program
    rows: ArrowRows
    batch: pa.RecordBatch
    reader: RecordReader
    start: int
    ignore_unknown_fields: bool

    def frame(self, layouts: Layouts, *, deferring: bool) -> ArrowFrame:
        """Read the columns; `deferring` leaves those that a compiled loop may read itself."""
        return ArrowFrame(self.program, Vocabulary.of(self.program), self.rows, self.batch, self.ignore_unknown_fields, layouts, deferring)

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
    tables: Tables = attrs.field(factory=dict)

    def batches(self) -> Iterator[Batch]:
        """Yield every record and every refused row, in order; positions count from 0.

        Raises CallError where the data are no table (E816), a file cannot be read (E809, E530 to E546), or a column is unknown (E535),
        and for what is wrong with the tables that go with them (E535 to E537, E542 to E544, E827).
        """
        data = self.data
        tables = companion_data(self.program, data, self.tables)
        if is_columnar(data):
            with opened(data) as source:
                yield from self._source(source, tables)
        elif isinstance(data, str | Path):
            yield from self._file(Path(data), cast("Mapping[str, str | Path]", tables))
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

    def _records(self, raws: Sequence[object], others: MemoryOthers | None = None) -> Iterator[Sequence[ReadRecord]]:
        others = others or MemoryOthers.of(self.program, raws)
        reader = RecordReader(self.program, others, ignore_unknown_fields=self.ignore_unknown_fields)
        for start in range(0, len(raws), self.batch_size):
            batch = enumerate(raws[start : start + self.batch_size], start)
            yield [_read(reader, self.program, raw, place, place) for place, raw in batch]

    def _file(self, path: Path, tables: Mapping[str, str | Path]) -> Iterator[Sequence[ReadRecord]]:
        if "\0" in str(path):
            raise unreadable(path, NULL_NAME)
        files = {name: Path(held) for name, held in tables.items()}
        with ExitStack() as stack:
            try:
                opening = open_records(self.program, path, companions=files, ignore_unknown_fields=self.ignore_unknown_fields)
                file = stack.enter_context(opening)
            except OSError as error:
                raise unreadable(Path(error.filename or path), error.strerror or str(error)) from error
            if self.tables and not isinstance(file, CsvRecords):
                raise CallError([diagnose("E827", name="tables", found=kind(self.tables), wanted=WHOLE)])
            yield from self._opened(file)

    def _opened(self, file: RecordFile) -> Iterator[Sequence[ReadRecord]]:
        read = enumerate(read_all(self.program, file, ignore_unknown_fields=self.ignore_unknown_fields))
        items = (attrs.evolve(item, position=position) for position, item in read)
        while batch := list(islice(items, self.batch_size)):
            yield batch

    def _source(self, records: Source, tables: Mapping[str, object]) -> Iterator[Batch]:
        """Read columns, with the lists that other tables give; rows of these that are of nobody come last, each identifiant refused."""
        with companions(self.program, records, tables, self.ignore_unknown_fields) as found:
            name = self._identifying(records.schema)
            listed: list[Listed] = []
            source = records
            for elements in found.lists:
                listed.append(Listed(source, elements.key, elements))
                source = listed[-1]
            held = source.batches(1 << 16, [name]) if name is not None else iter(())
            alone = not found.named and self._names_no_other(source.schema) and _distinct(held)
            position = 0
            for batch in self._columns(source) if alone else self._rows(source, found):
                yield batch
                position += batch.batch.num_rows if isinstance(batch, ArrowBatch) else len(batch)
            orphans = enumerate((orphan for joined in listed for orphan in joined.refused()), position)
            items = (ReadRecord(place, key, None, tuple(faults)) for place, (key, faults) in orphans)
            while refused := list(islice(items, self.batch_size)):
                yield refused

    def _rows(self, source: Source, found: Companions) -> Iterator[Sequence[ReadRecord]]:
        """Read records that may name each other: all of them are held."""
        rows = ArrowRows.of(self.program, source.schema, ignore_unknown_fields=self.ignore_unknown_fields)
        raws = [raw for batch in source.batches(self.batch_size) for raw in rows.raws(batch)]
        yield from self._records(raws, with_members(self.program, raws, found.named) if found.named else None)

    def _columns(self, source: Source) -> Iterator[ArrowBatch]:
        """Yield batches of records that stand alone."""
        rows = ArrowRows.of(self.program, source.schema, ignore_unknown_fields=self.ignore_unknown_fields)
        reader = RecordReader(self.program, ignore_unknown_fields=self.ignore_unknown_fields)
        start = 0
        for batch in source.batches(self.batch_size):
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
