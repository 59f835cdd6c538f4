"""From batches of records to a table of answers: the columnar backend first, the interpreter for what it leaves, every refusal kept.

One row a record, in order. A refused record has nulls, and its faults in the column `refused`.
"""

from __future__ import annotations

import datetime as dt
import json
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

import attrs
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from optam_rules.backends.columnar.judge import AnswerColumn, Columns, judge_frame
from optam_rules.backends.columnar.records import frame_of, is_large
from optam_rules.backends.columnar.vector import RECOMPUTE
from optam_rules.base.diagnostics import diagnose
from optam_rules.base.errors import CallError
from optam_rules.core.asking import References
from optam_rules.core.clauses import clause_codes
from optam_rules.core.judgement import Outcome
from optam_rules.core.program import Program
from optam_rules.core.record import Record
from optam_rules.interop.arrow_answers import Arrays, answer_fields
from optam_rules.interop.raw import ReadRecord
from optam_rules.interop.table_input import TableInput

REFUSED = "refused"
LARGE = "un dossier de plus d'éléments que la borne des étapes n'en laisse juger par colonnes"

_FAULT = pa.struct([(name, pa.string()) for name in ("code", "path", "message", "hint")])
_PREFIX = "optam."

# (record, paths) -> the outcome of each path, with its trace
JudgeOne = Callable[[Record, Sequence[str]], Mapping[str, Outcome]]


@attrs.define
class TableCounts:
    """What became of the records; `recomputed` counts those of which an answer was left to the interpreter, and `reasons` tells why."""

    records: int = 0
    refused: int = 0
    recomputed: int = 0
    reasons: Counter[str] = attrs.field(factory=Counter)

    @property
    def judged(self) -> int:
        """Number of records judged."""
        return self.records - self.refused


@attrs.define(eq=False)
class TableJudge:
    """A checked call: everything but the records, and what was counted so far."""

    program: Program
    on: dt.date
    answers: tuple[str, ...]
    assume: Mapping[str, str]
    references: References
    digest: str
    judge_one: JudgeOne
    counts: TableCounts = attrs.field(factory=TableCounts)

    def table(self, data: TableInput) -> pa.Table:
        """Judge everything into one table."""
        batches = list(self._judged(data))
        return pa.Table.from_batches(batches, self.schema()).replace_schema_metadata(self.metadata())

    def write(self, data: TableInput, output: Path) -> TableCounts:
        """Judge into a Parquet file, a batch at a time; the counts stand in its metadata."""
        try:
            target = pa.OSFile(str(output), "wb")
        except OSError as error:
            raise CallError([diagnose("E809", file=output, reason=error.strerror or error)]) from error
        with target, pq.ParquetWriter(target, self.schema()) as writer:
            for batch in self._judged(data):
                writer.write_batch(batch)
            writer.add_key_value_metadata(self.metadata())
        return self.counts

    def schema(self) -> pa.Schema:
        """Return the columns of the result."""
        definitions = self.program.answers_by_path
        fields = [field for path in self.answers for field in answer_fields(path, definitions[path].type)]
        return pa.schema([pa.field("identifiant", pa.string()), *fields, pa.field(REFUSED, pa.list_(_FAULT))])

    def metadata(self) -> dict[str, str]:
        """Return what the schema's metadata say: the pack, the date, the readings chosen, the counts."""
        counts = self.counts
        found = {
            "pack": self.program.id,
            "version": self.program.version,
            "digest": self.digest,
            "on": self.on.isoformat(),
            "assume": json.dumps(dict(sorted(self.assume.items())), ensure_ascii=False),
            "records": str(counts.records),
            "refused": str(counts.refused),
            "recomputed": str(counts.recomputed),
            "reasons": json.dumps(dict(sorted(counts.reasons.items())), ensure_ascii=False),
        }
        return {_PREFIX + name: text for name, text in found.items()}

    def _judged(self, data: TableInput) -> Iterator[pa.RecordBatch]:
        for items in data.batches():
            yield self.batch(items)

    def batch(self, items: Sequence[ReadRecord]) -> pa.RecordBatch:
        """Judge a batch."""
        records = [item.record for item in items if item.record is not None]
        places = np.array([place for place, item in enumerate(items) if item.record is not None], np.int64)
        columns = judge_frame(
            self.program, frame_of(self.program, records), self.on, answers=self.answers, assume=self.assume, references=self.references
        )
        arrays = self._answers(columns, records)
        # Rows of refused records are null: their place in the compact arrays is none.
        compact = np.full(len(items), -1, np.int64)
        compact[places] = np.arange(len(places))
        index = pa.array(compact, mask=compact < 0)
        self.counts.records += len(items)
        self.counts.refused += len(items) - len(records)
        names = pa.array([item.identifiant for item in items], pa.string())
        refused = pa.array([self._faults(item) for item in items], pa.list_(_FAULT))
        return pa.RecordBatch.from_arrays([names, *(array.take(index) for array in arrays), refused], schema=self.schema())

    @staticmethod
    def _faults(item: ReadRecord) -> list[dict[str, str | None]] | None:
        if item.record is not None:
            return None
        return [{"code": d.code, "path": d.path, "message": d.message, "hint": d.hint} for d in item.diagnostics]

    def _answers(self, columns: Columns, records: Sequence[Record]) -> list[pa.Array]:
        """Return the arrays of every answer, with what was left to the interpreter put in its place."""
        size = len(records)
        large = np.array([is_large(self.program, record) for record in records], bool)
        left = {path: _left(column, size) | large for path, column in columns.answers.items()}
        rows = np.nonzero(np.logical_or.reduce(list(left.values())))[0].tolist() if left and size else []
        outcomes = {row: self.judge_one(records[row], [path for path, lost in left.items() if lost[row]]) for row in rows}
        self.counts.recomputed += len(rows)
        if rows:
            self.counts.reasons.update([*columns.reasons, *([LARGE] if large.any() else [])])
        found: list[pa.Array] = []
        for path, column in columns.answers.items():
            definition = self.program.answers_by_path[path]
            maker = Arrays(definition.type, clause_codes(definition, self.on), self.program.enumerations)
            whole = maker.of_column(column, size)
            again = np.nonzero(left[path])[0]
            if len(again):
                patches = maker.of_outcomes([outcomes[row][path] for row in again.tolist()])
                order = np.arange(size)
                order[again] = size + np.arange(len(again))
                whole = [pa.concat_arrays([array, patch]).take(pa.array(order)) for array, patch in zip(whole, patches, strict=True)]
            found += whole
        return found


def _left(column: AnswerColumn, size: int) -> np.ndarray:
    return np.broadcast_to(column.value.among(RECOMPUTE), (size,))
