"""From what a caller has, records, Arrow data or a file, to batches of records read against the vocabulary, faulty rows kept in place."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from itertools import islice
from pathlib import Path
from typing import Protocol

import attrs
import pyarrow as pa
import pyarrow.parquet as pq

from optam_rules.base.diagnostics import diagnose
from optam_rules.base.errors import CallError
from optam_rules.core.program import Program
from optam_rules.core.schema import MemoryOthers, RecordReader
from optam_rules.core.types import Scalar
from optam_rules.core.vocabulary import Vocabulary
from optam_rules.interop.arrow_rows import ArrowRows
from optam_rules.interop.open import open_records
from optam_rules.interop.raw import ReadRecord, identifiant_of, read_all


class ArrowData(Protocol):
    """Anything with the Arrow PyCapsule interface: a table of pyarrow or Polars, a DuckDB relation, an Ibis table ..."""

    def __arrow_c_stream__(self, requested_schema: object = None) -> object:
        """Return the stream of record batches."""


Data = str | Path | Iterable[Mapping[str, object]] | ArrowData


@attrs.frozen
class TableInput:
    """The records of a call, a batch at a time."""

    program: Program
    data: Data
    batch_size: int
    ignore_unknown_fields: bool = False

    def batches(self) -> Iterator[Sequence[ReadRecord]]:
        """Yield every record and every refused row, in order; positions count from 0.

        Raises CallError where the data are no table (E816), a file cannot be read (E809, E530 to E546), or a column is unknown (E535).
        """
        data = self.data
        if isinstance(data, str | Path) and Path(data).suffix.lower() == ".parquet":
            yield from self._parquet(Path(data))
        elif isinstance(data, str | Path):
            yield from self._file(Path(data))
        elif hasattr(data, "__arrow_c_stream__"):
            yield from self._arrow(pa.RecordBatchReader.from_stream(data))
        elif hasattr(data, "__arrow_c_array__"):
            batch = pa.record_batch(data)
            yield from self._arrow(pa.RecordBatchReader.from_batches(batch.schema, [batch]))
        elif isinstance(data, Iterable) and not isinstance(data, bytes | Mapping):
            yield from self._records(list(data))
        else:
            raise CallError([diagnose("E816", found=type(data).__name__)])

    def _records(self, raws: Sequence[object]) -> Iterator[Sequence[ReadRecord]]:
        reader = RecordReader(self.program, MemoryOthers.of(self.program, raws), ignore_unknown_fields=self.ignore_unknown_fields)
        for start in range(0, len(raws), self.batch_size):
            batch = raws[start : start + self.batch_size]
            yield [self._read(reader, raw, start + place) for place, raw in enumerate(batch)]

    def _read(self, reader: RecordReader, raw: object, position: int) -> ReadRecord:
        record, faults = reader.read(raw, place=position)
        return ReadRecord(position, identifiant_of(self.program, raw), record, tuple(faults))

    def _file(self, path: Path) -> Iterator[Sequence[ReadRecord]]:
        with ExitStack() as stack:
            try:
                file = stack.enter_context(open_records(self.program, path, ignore_unknown_fields=self.ignore_unknown_fields))
            except OSError as error:
                raise CallError([diagnose("E809", file=path, reason=error.strerror or error)]) from error
            read = enumerate(read_all(self.program, file, ignore_unknown_fields=self.ignore_unknown_fields))
            items = (attrs.evolve(item, position=position) for position, item in read)
            while batch := list(islice(items, self.batch_size)):
                yield batch

    def _parquet(self, path: Path) -> Iterator[Sequence[ReadRecord]]:
        try:
            file = pq.ParquetFile(path)
        except (OSError, pa.ArrowInvalid) as error:
            raise CallError([diagnose("E809", file=path, reason=error)]) from error
        with file:
            schema = file.schema_arrow
            reader = pa.RecordBatchReader.from_batches(schema, file.iter_batches(batch_size=self.batch_size))
            if self._alone(schema, path):
                yield from self._rows(reader)
            else:
                yield from self._arrow(reader)

    def _arrow(self, reader: pa.RecordBatchReader) -> Iterator[Sequence[ReadRecord]]:
        """Read batches whose records may name each other: all of them are held."""
        rows = ArrowRows.of(self.program, reader.schema, ignore_unknown_fields=self.ignore_unknown_fields)
        yield from self._records([raw for batch in reader for raw in rows.raws(batch)])

    def _rows(self, reader: pa.RecordBatchReader) -> Iterator[Sequence[ReadRecord]]:
        """Read batches whose records stand alone, one at a time."""
        rows = ArrowRows.of(self.program, reader.schema, ignore_unknown_fields=self.ignore_unknown_fields)
        records = RecordReader(self.program, ignore_unknown_fields=self.ignore_unknown_fields)
        position = 0
        for batch in reader:
            read = []
            for raw in rows.raws(batch):
                record, faults = records.read(raw)
                read.append(ReadRecord(position, identifiant_of(self.program, raw), record, tuple(faults)))
                position += 1
            yield read

    def _alone(self, schema: pa.Schema, path: Path) -> bool:
        """Tell whether no record of a file names another: no column leads to one, and no identifiant stands twice."""
        vocabulary = Vocabulary.of(self.program)
        main = self.program.main
        leading = vocabulary.leading[main.name]
        if any(name.partition(".")[0] in leading for name in schema.names):
            return False
        first = next(iter(main.fields.values()))
        if first.name not in schema.names or first.type is not Scalar.TEXT:
            return True
        return _distinct(path, first.name)


def _distinct(path: Path, column: str) -> bool:
    """Tell whether no text of a column stands twice; hashes alone are held, so that two texts may pass for one, never one for two."""
    seen: set[int] = set()
    count = 0
    with pq.ParquetFile(path) as file:
        for batch in file.iter_batches(batch_size=1 << 16, columns=[column]):
            texts = [text for text in batch.column(0).to_pylist() if text is not None]
            seen.update(map(hash, texts))
            count += len(texts)
    return len(seen) == count
