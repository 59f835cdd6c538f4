"""From batches of records, as an executor gets them, to batches of answers: the judging of tables, run where the records are.

What stands here is sent to the executors, which have this package and pyarrow, and not pyspark's own objects.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence

import attrs
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from optam_rules.analysis.judging import judge_with_trace
from optam_rules.core.asking import References
from optam_rules.core.drafts import names
from optam_rules.core.judgement import Outcome
from optam_rules.core.program import Program
from optam_rules.core.record import Record
from optam_rules.core.vocabulary import Vocabulary
from optam_rules.interop.arrow_rows import ArrowRows
from optam_rules.interop.table_input import TableInput
from optam_rules.interop.tables import TableJudge

CLUSTER = "__optam_ensemble"
LINKED = pa.schema([pa.field("noms", pa.list_(pa.string()))])
_BATCH = 65_536  # records, as `evaluate_table` takes them


@attrs.frozen
class Judge:
    """Judges batches; where they bear `CLUSTER`, sorted, no two rows of one cluster are parted."""

    program: Program
    on: dt.date
    answers: tuple[str, ...]
    assume: Mapping[str, str]
    references: References
    digest: str
    ignore_unknown_fields: bool

    def schema(self) -> pa.Schema:
        """Return the columns of the answers; enumerations are text, for Spark has no other."""
        whole = self._table_judge().table(TableInput(self.program, [], 1)).schema
        return pa.schema([pa.field(field.name, _plain(field.type)) for field in whole])

    def __call__(self, batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        """Judge the batches of a partition."""
        judging, schema = self._table_judge(), self.schema()
        for table in _whole_clusters(batches):
            data = TableInput(self.program, table, _BATCH, self.ignore_unknown_fields)
            yield from judging.table(data).replace_schema_metadata().cast(schema).to_batches()

    def _table_judge(self) -> TableJudge:
        return TableJudge(self.program, self.on, self.answers, self.assume, self.references, self.digest, self._judge_one)

    def _judge_one(self, program: Program, record: Record, paths: Sequence[str]) -> Mapping[str, Outcome]:
        found = judge_with_trace(program, record, self.on, answers=paths, assume=self.assume, references=self.references)
        return found.outcomes


@attrs.frozen
class Naming:
    """Tells which records the rows of batches name: their own, and those of their groups."""

    program: Program
    ignore_unknown_fields: bool

    def columns(self, given: Sequence[str]) -> list[str]:
        """Return the columns through which a record is named, itself or another."""
        program, main = self.program, self.program.main.name
        vocabulary = Vocabulary.of(program)
        leading = {*vocabulary.leading[main], *([vocabulary.identifying[main].name] if vocabulary.identified_by_text(main) else [])}
        return [name for name in given if name.partition(".")[0] in leading]

    def linked(self, batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        """Give the names of each row that bears several."""
        for batch in batches:
            several = [held for held in self.names(batch) if len(held) > 1]
            yield pa.RecordBatch.from_arrays([pa.array(several, pa.list_(pa.string()))], schema=LINKED)

    def names(self, batch: pa.RecordBatch) -> list[list[str]]:
        """Return the names of each row, its own entity's and others', sorted."""
        vocabulary = Vocabulary.of(self.program)
        rows = ArrowRows.of(self.program, batch.schema, ignore_unknown_fields=self.ignore_unknown_fields)
        main = self.program.main.name
        return [sorted({f"{entity}\0{name}" for entity, name in names(vocabulary, main, raw)}) for raw in rows.raws(batch)]


@attrs.frozen
class Clustering:
    """Adds `CLUSTER`: one name for all rows that name each other, at whatever distance; a null where a row has no name."""

    naming: Naming
    roots: Mapping[str, str]

    def __call__(self, batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        """Add it to the batches of a partition."""
        for batch in batches:
            told = self.naming.names(batch.select(self.naming.columns(batch.schema.names)))
            keys = pa.array([self.roots.get(held[0], held[0]) if held else None for held in told], pa.string())
            yield batch.append_column(CLUSTER, keys)


def roots(linked: Sequence[Sequence[str]]) -> dict[str, str]:
    """Return one name for all those that rows bear together, directly or from one row to the next."""
    parent: dict[str, str] = {}

    def root(name: str) -> str:
        while (above := parent.setdefault(name, name)) != name:
            parent[name] = parent[above]
            name = above
        return name

    for first, *others in linked:
        for other in others:
            low, high = sorted((root(first), root(other)))
            parent[high] = low
    return {name: root(name) for name in parent}


def _whole_clusters(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.Table]:
    """Yield the rows in tables of some size that part no cluster, without the column that tells them."""
    held: list[pa.RecordBatch] = []
    for batch in batches:
        held.append(batch)
        if sum(part.num_rows for part in held) < _BATCH:
            continue
        table = pa.Table.from_batches(held)
        cut = _last_start(table)
        yield _bare(table.slice(0, cut))
        held = table.slice(cut).to_batches()
    if held:
        yield _bare(pa.Table.from_batches(held))


def _last_start(table: pa.Table) -> int:
    """Return where the last cluster starts; past the last row where nothing holds the rows together."""
    if CLUSTER not in table.column_names:
        return int(table.num_rows)
    keys = table.column(CLUSTER).combine_chunks()
    last = keys[-1]
    if not last.is_valid:
        return int(table.num_rows)
    return int(np.argmax((pc.equal(keys, last).fill_null(False)).to_numpy(zero_copy_only=False)))


def _bare(table: pa.Table) -> pa.Table:
    return table.drop_columns([CLUSTER]) if CLUSTER in table.column_names else table


def _plain(type_: pa.DataType) -> pa.DataType:
    return type_.value_type if pa.types.is_dictionary(type_) else type_
