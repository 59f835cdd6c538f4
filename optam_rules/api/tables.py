"""From a checked call and a table of records to a table of answers, a file of them, or some rows explained.

Needs the extra `columns`; what is here loads on the first call about a table.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

import attrs

from optam_rules.api.calls import Call, Refusal
from optam_rules.base.arguments import choice_fault, count_fault, mapping_fault, ranks_fault
from optam_rules.base.diagnostics import diagnose
from optam_rules.base.errors import CallError
from optam_rules.base.extras import require
from optam_rules.base.phrases import Phrase
from optam_rules.core.answers import Judgement

if TYPE_CHECKING:
    import pyarrow

    from optam_rules.interop.table_input import Data, TableInput, Tables
    from optam_rules.interop.tables import TableCounts, TableJudge

_TEXTS = (".csv", ".json", ".jsonl", ".ndjson")
_COMMAND = Phrase("`optam evaluate` écrit du CSV et du JSON", "`optam evaluate` writes CSV and JSON")
_LARGEST_BATCH = 2**31 - 1  # rows that offsets of 32 bits can count
_MOST_THREADS = 4  # beyond, they wait for each other where Python holds its lock


@attrs.frozen
class Manner:
    """How a table of answers is made, in the words of the call."""

    rates: str
    because: str
    engine: str


def evaluated(call: Call, data: Data, tables: Tables | None, batch_size: int, ignore_unknown_fields: bool, manner: Manner) -> pyarrow.Table:
    """Judge a table at once."""
    source = _table_input(call, data, tables, batch_size, ignore_unknown_fields)
    return _judge_of(call, manner).table(source)


def written(
    call: Call,
    data: Data,
    output: str | Path | BinaryIO,
    tables: Tables | None,
    batch_size: int,
    ignore_unknown_fields: bool,
    manner: Manner,
    form: str | None,
) -> TableCounts:
    """Judge a table a batch at a time into a file."""
    source = _table_input(call, data, tables, batch_size, ignore_unknown_fields)
    from optam_rules.interop.open import ARROW_SUFFIXES
    from optam_rules.interop.table_files import FileForm

    if form is None:
        suffix = Path(output).suffix.lower() if isinstance(output, str | Path) else ""
        if suffix in _TEXTS:
            wanted = Phrase("un nom en `.parquet` ou en `.arrow`, ou `format=`", "a name in `.parquet` or `.arrow`, or `format=`")
            raise CallError([diagnose("E827", name="output", found=f"`{output}`", wanted=wanted, hint=_COMMAND)])
        form = FileForm.ARROW if suffix in ARROW_SUFFIXES else FileForm.PARQUET
    if faults := list(choice_fault("format", form, FileForm)):
        raise CallError(faults)
    return _judge_of(call, manner).write(source, output, FileForm(form))


def explained(
    call: Call, data: Data, positions: Iterable[int], tables: Tables | None, ignore_unknown_fields: bool
) -> Iterator[Judgement | Refusal]:
    """Judge some rows of a table one by one, in its order; `call` asks for traces."""
    held = list(positions) if isinstance(positions, Iterable) else positions
    if faults := list(ranks_fault("positions", held)):
        raise CallError(faults)
    return _rows(call, _table_input(call, data, tables, 1 << 16, ignore_unknown_fields), frozenset(held))


def _rows(call: Call, source: TableInput, positions: frozenset[int]) -> Iterator[Judgement | Refusal]:
    size = 0
    for item in source.records():
        size += 1
        if item.position not in positions:
            continue
        if item.record is None:
            yield Refusal(item.position, item.identifiant, item.diagnostics)
        else:
            yield call.judge(item.record)
    if beyond := sorted(position for position in positions if position >= size):
        wanted = Phrase(f"des rangs de la table, qui a {size} lignes", f"ranks of the table, which has {size} rows")
        raise CallError([diagnose("E827", name="positions", found=f"`{beyond[0]}`", wanted=wanted)])


def _judge_of(call: Call, manner: Manner) -> TableJudge:
    """Return what judges. Raises CallError (E827), MissingExtraError (E701) for the kernel without its library."""
    # Imported here: pyarrow and numpy are an extra, which `_table_input` has asked for.
    from optam_rules.interop.table_engines import Engine
    from optam_rules.interop.tables import Because, Rates, TableJudge

    if faults := [
        *choice_fault("rates", manner.rates, Rates),
        *choice_fault("because", manner.because, Because),
        *choice_fault("engine", manner.engine, Engine),
    ]:
        raise CallError(faults)
    if manner.engine == Engine.KERNEL:
        require('engine="kernel"', "kernel", "numba")
    threads = min(os.cpu_count() or 1, _MOST_THREADS)
    common = (call.program, call.on, call.answers, call.assume, call.references, call.digest, call.with_trace)
    rates, because, engine = Rates(manner.rates), Because(manner.because), Engine(manner.engine)
    return TableJudge(*common, rates=rates, because=because, threads=threads, engine=engine)


def _table_input(call: Call, data: Data, tables: Tables | None, batch_size: int, ignore_unknown_fields: bool) -> TableInput:
    """Return the records of a call. Raises MissingExtraError (E701) without the libraries of the extra, CallError (E827)."""
    require("evaluate_table", "columns", "numpy", "pyarrow")
    wanted = Phrase("un dictionnaire {donnée: table}", "a dict {datum: table}")
    if faults := [*count_fault("batch_size", batch_size), *mapping_fault("tables", tables, wanted)]:
        raise CallError(faults)
    from optam_rules.interop.table_input import TableInput

    return TableInput(call.program, data, min(batch_size, _LARGEST_BATCH), ignore_unknown_fields, tables or {})
