"""From batches of records to a table of answers: the columnar backend first, the interpreter for what it leaves, every refusal kept.

One row a record, in order. A refused record has nulls, and its faults in the column `refused`.
"""

from __future__ import annotations

import datetime as dt
import json
from collections import Counter, deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from enum import StrEnum
from pathlib import Path
from typing import BinaryIO, cast

import attrs
import numpy as np
import pyarrow as pa

from optam_rules.backends.columnar.judge import Columns
from optam_rules.backends.columnar.ratio import Array
from optam_rules.backends.columnar.records import frame_of, is_large, most_records
from optam_rules.backends.columnar.vector import RECOMPUTE
from optam_rules.base.diagnostics import Diagnostic
from optam_rules.core.asking import References
from optam_rules.core.branches import Branched, with_branches
from optam_rules.core.clauses import clause_codes
from optam_rules.core.judgement import Outcome
from optam_rules.core.places import decimal_places
from optam_rules.core.program import Definition, Program
from optam_rules.core.record import Record
from optam_rules.core.types import Scalar
from optam_rules.interop.arrow_answers import Arrays, answer_fields, too_large
from optam_rules.interop.raw import ReadRecord
from optam_rules.interop.table_engines import Engine, FrameJudge
from optam_rules.interop.table_files import FileForm, check_apart, write_batches
from optam_rules.interop.table_input import ArrowBatch, Batch, TableInput

REFUSED = "refused"
ORPHAN = "E539"  # the fault of a row of a joined table that is of no record
LARGE = "un dossier de plus d'éléments que la borne des étapes n'en laisse juger par colonnes"

MAX_PLACES = 18  # decimals, which leave twenty figures before the point

_FAULT = pa.struct([(name, pa.string()) for name in ("code", "path", "message", "hint")])
_PREFIX = "optam."

# (program, record, paths) -> the outcome of each path, with its trace; the program is the call's, or one that tells branches too
JudgeOne = Callable[[Program, Record, Sequence[str]], Mapping[str, Outcome]]


class Rates(StrEnum):
    """What rates and points of answers are written as."""

    TEXT = "text"
    DECIMAL = "decimal"  # those whose rules prove how many decimals suffice; the others stay text


class Because(StrEnum):
    """What the codes of `__because` name."""

    CLAUSE = "clause"
    BRANCH = "branch"  # of a clause that is a choice, where one is sure; the clause elsewhere


@attrs.define
class TableCounts:
    """What became of the records; `recomputed` counts those of which an answer was left to the interpreter, and `reasons` tells why.

    `compiled` counts those of the judged that the kernel judged, in one answer at least; NumPy judged the others.
    `orphans` counts the rows of joined tables that are of no record: those of one identifiant are one refused record.
    """

    records: int = 0
    refused: int = 0
    recomputed: int = 0
    compiled: int = 0
    reasons: Counter[str] = attrs.field(factory=Counter)
    orphans: int = 0

    @property
    def judged(self) -> int:
        """Number of records judged."""
        return self.records - self.refused

    def add(self, other: TableCounts) -> None:
        """Count the records of another part too."""
        self.records += other.records
        self.refused += other.refused
        self.recomputed += other.recomputed
        self.compiled += other.compiled
        self.reasons.update(other.reasons)
        self.orphans += other.orphans


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
    rates: Rates = Rates.TEXT
    because: Because = Because.CLAUSE
    threads: int = 1
    engine: Engine = Engine.AUTO
    counts: TableCounts = attrs.field(factory=TableCounts, init=False)
    branched: Branched = attrs.field(init=False)
    _most: int = attrs.field(init=False)
    _frames: FrameJudge = attrs.field(init=False)
    _makers: Mapping[str, Arrays] = attrs.field(init=False)
    _schema: pa.Schema = attrs.field(init=False)

    def __attrs_post_init__(self) -> None:
        told = self.answers if self.because is Because.BRANCH else ()
        self.branched = with_branches(self.program, self.on, told)
        self._most = most_records(self.program)
        answers = (*self.answers, *self.branched.paths.values())
        self._frames = FrameJudge(self.branched.program, self.on, answers, self.assume, self.references, self.engine)
        definitions = {path: self.program.answers_by_path[path] for path in self.answers}
        codes = self.branched.codes
        self._makers = {path: self._maker(definition, codes.get(path, ())) for path, definition in definitions.items()}
        fields = [field for path, maker in self._makers.items() for field in answer_fields(path, maker.type, maker.places)]
        self._schema = pa.schema([pa.field("identifiant", pa.string()), *fields, pa.field(REFUSED, pa.list_(_FAULT))])

    def _maker(self, definition: Definition, branches: tuple[str, ...]) -> Arrays:
        places = None
        if self.rates is Rates.DECIMAL and definition.type in (Scalar.RATE, Scalar.POINTS):
            places = decimal_places(self.program, definition)
            places = places if places is not None and places <= MAX_PLACES else None
        return Arrays(definition.type, clause_codes(definition, self.on), branches, self.program.enumerations, places)

    def table(self, data: TableInput) -> pa.Table:
        """Judge everything into one table."""
        batches = list(self._judged(data))
        return pa.Table.from_batches(batches, self._schema).replace_schema_metadata(self.metadata())

    def write(self, data: TableInput, output: str | Path | BinaryIO, form: FileForm) -> TableCounts:
        """Judge into a file or a stream, a batch at a time; an Arrow file begins with its metadata, hence without the counts."""
        check_apart((data.data, *data.tables.values()), output)
        write_batches(self._judged(data), self._schema, output, form, self.metadata if form is FileForm.PARQUET else self._call)
        return self.counts

    def metadata(self) -> dict[str, str]:
        """Return what the schema's metadata say: the pack, the date, the readings chosen, the counts."""
        counts = self.counts
        found = {
            "records": str(counts.records),
            "refused": str(counts.refused),
            "recomputed": str(counts.recomputed),
            "compiled": str(counts.compiled),
            "orphans": str(counts.orphans),
            "reasons": json.dumps(dict(sorted(counts.reasons.items())), ensure_ascii=False),
        }
        return self._call() | {_PREFIX + name: text for name, text in found.items()}

    def _call(self) -> dict[str, str]:
        found = {
            "pack": self.program.id,
            "version": self.program.version,
            "digest": self.digest,
            "on": self.on.isoformat(),
            "assume": json.dumps(dict(sorted(self.assume.items())), ensure_ascii=False),
        }
        return {_PREFIX + name: text for name, text in found.items()}

    def _judged(self, data: TableInput) -> Iterator[pa.RecordBatch]:
        """Judge batches in order, as many at once as there are threads; no more are held."""
        waiting: deque[Future[tuple[pa.RecordBatch, TableCounts]]] = deque()
        with ThreadPoolExecutor(self.threads) as pool:
            for batch in data.batches():
                waiting.append(pool.submit(self._batch, batch))
                if len(waiting) > self.threads:
                    yield self._counted(waiting.popleft())
            while waiting:
                yield self._counted(waiting.popleft())

    def _counted(self, judged: Future[tuple[pa.RecordBatch, TableCounts]]) -> pa.RecordBatch:
        batch, counts = judged.result()
        self.counts.add(counts)
        return batch

    def _batch(self, batch: Batch) -> tuple[pa.RecordBatch, TableCounts]:
        counts = TableCounts()
        return (self._columns(batch, counts) if isinstance(batch, ArrowBatch) else self._records(batch, counts)), counts

    def _records(self, items: Sequence[ReadRecord], counts: TableCounts) -> pa.RecordBatch:
        """Judge a batch of records."""
        records = [item.record for item in items if item.record is not None]
        large = np.array([is_large(record, self._most) for record in records], bool)
        columns = self._frames.judge(frame_of(self.program, records))
        judged = self._answers(columns, len(records), large, lambda rows: [records[row] for row in rows], counts)
        # Rows of refused records are null: their place in the compact arrays is none.
        compact = np.full(len(items), -1, np.int64)
        places = np.array([place for place, item in enumerate(items) if item.record is not None], np.int64)
        compact[places] = np.arange(len(places))
        faults: dict[int, Sequence[Diagnostic]] = {place: item.diagnostics for place, item in enumerate(items) if item.record is None}
        faults |= {int(places[row]): found for row, found in judged.beyond.items()}
        compact[list(faults)] = -1
        counts.records += len(items)
        counts.refused += len(faults)
        counts.orphans += sum(fault.code == ORPHAN for found in faults.values() for fault in found)
        names = pa.array([item.identifiant for item in items], pa.string())
        return self._batch_of(names, judged.arrays, compact, faults)

    def _columns(self, batch: ArrowBatch, counts: TableCounts) -> pa.RecordBatch:
        """Judge a batch of columns; its doubtful rows are read one by one, with all their faults."""
        frame = batch.frame(self._frames.layouts(), deferring=self._frames.compiling)
        size = frame.batch.num_rows
        columns = self._frames.judge(frame.frame())
        faulty = frame.settled()
        doubtful = np.nonzero(faulty)[0].tolist()
        large = (frame.records > self._most) & ~faulty
        judged = self._answers(columns, size, large, lambda rows: _records_of(batch.read(rows)), counts, faulty)
        counts.records += size - len(doubtful)
        counts.refused += len(judged.beyond)
        compact = np.arange(size)
        compact[list(judged.beyond)] = -1
        held = self._batch_of(batch.identifiants(), judged.arrays, compact, judged.beyond)
        if not doubtful:
            return held
        order = np.arange(size)
        order[doubtful] = size + np.arange(len(doubtful))
        whole = pa.Table.from_batches([held, self._records(batch.read(doubtful), counts)]).take(pa.array(order)).combine_chunks()
        return whole.to_batches()[0]

    def _batch_of(
        self, names: pa.Array, arrays: Sequence[pa.Array], rows: Array, faults: Mapping[int, Sequence[Diagnostic]]
    ) -> pa.RecordBatch:
        """Return a batch of answers: each row that of a place in the arrays, all nulls for -1, where its faults say why."""
        size = len(rows)
        if faults:
            index = pa.array(rows, mask=rows < 0)
            arrays = [array.take(index) for array in arrays]
            refused = pa.array([_told(faults[row]) if row in faults else None for row in range(size)], pa.list_(_FAULT))
        else:
            refused = pa.nulls(size, pa.list_(_FAULT))
        return pa.RecordBatch.from_arrays([names, *arrays, refused], schema=self._schema)

    def _answers(
        self,
        columns: Columns,
        size: int,
        large: Array,
        read: Callable[[list[int]], list[Record]],
        counts: TableCounts,
        ignored: Array | None = None,
    ) -> _Judged:
        """Return the arrays of every answer, with what was left to the interpreter put in its place; `ignored` rows mean nothing."""
        left = _left(columns, size, large, ignored)
        for path, other in self.branched.paths.items():
            if lost := [left[name] for name in (path, other) if name in left]:
                left[path] = left[other] = np.logical_or.reduce(lost)
        rows = np.nonzero(np.logical_or.reduce(list(left.values())))[0].tolist() if left else []
        records = read(rows) if rows else []
        outcomes = {
            row: self.judge_one(self.branched.program, record, [path for path, lost in left.items() if lost[row]])
            for row, record in zip(rows, records, strict=True)
        }
        counts.recomputed += len(rows)
        if rows:
            counts.reasons.update([*columns.reasons, *([LARGE] if large.any() else [])])
        found = _Judged([], {})
        layouts = self._frames.layouts()
        for path, maker in self._makers.items():
            telling = self.branched.paths.get(path)
            made = maker.of_column(columns.answers[path], size, layouts, None if telling is None else columns.answers[telling])
            whole, beyond = made.arrays, dict(made.beyond)
            if path in left:
                again = np.nonzero(left[path])[0]
                held = [outcomes[row] for row in again.tolist()]
                patches = maker.of_outcomes([one[path] for one in held], None if telling is None else [one[telling] for one in held])
                order = np.arange(size)
                order[again] = size + np.arange(len(again))
                whole = [pa.concat_arrays([array, patch]).take(pa.array(order)) for array, patch in zip(whole, patches.arrays, strict=True)]
                beyond |= {int(again[place]): value for place, value in patches.beyond.items()}
            found.arrays.extend(whole)
            for row, value in beyond.items():
                if ignored is None or not ignored[row]:
                    found.beyond.setdefault(row, []).append(too_large(path, value, maker.type, maker.places))
        if columns.fused is not None:
            kept = columns.fused & ~large if ignored is None else columns.fused & ~large & ~ignored
            kept[list(found.beyond)] = False  # refused
            counts.compiled += int(np.count_nonzero(kept))
        return found


@attrs.frozen(eq=False)
class _Judged:
    """The arrays of every answer, and the rows of which a column cannot hold a value, with what says so."""

    arrays: list[pa.Array]
    beyond: dict[int, list[Diagnostic]]


def _records_of(items: Sequence[ReadRecord]) -> list[Record]:
    """Return records that were read before as columns, without a fault."""
    return [cast("Record", item.record) for item in items]


def _told(faults: Sequence[Diagnostic]) -> list[dict[str, str | None]]:
    told = [(fault, fault.told()) for fault in faults]
    return [{"code": fault.code, "path": fault.path, "message": said.message, "hint": said.hint} for fault, said in told]


def _left(columns: Columns, size: int, large: Array, ignored: Array | None) -> dict[str, Array]:
    """Return, for each answer left to the interpreter on some rows, these rows."""
    any_large = bool(large.any())
    found = {}
    for path, column in columns.answers.items():
        lost = column.value.among(RECOMPUTE)
        if any_large or lost.any():
            lost = np.broadcast_to(lost, (size,)) | large
            lost = lost if ignored is None else lost & ~ignored
            if lost.any():
                found[path] = lost
    return found
