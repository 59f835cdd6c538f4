"""Judgements written as Parquet: a row a record, the columns of the CSV, values typed where a type holds them exactly."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from typing import Any

import pyarrow as pa

from optam_rules.base.diagnostics import Diagnostic
from optam_rules.core.answers import Answer
from optam_rules.core.types import Scalar, Type
from optam_rules.core.values import plain_text
from optam_rules.interop.arrow_answers import fits, too_large
from optam_rules.interop.judgements import Judged, Refused, Result
from optam_rules.interop.table_files import FileForm, write_batches
from optam_rules.tools.cli.judging import Judging

_BATCH = 10_000  # rows held at once
_EXACT: dict[Type, pa.DataType] = {
    Scalar.BOOLEAN: pa.bool_(),
    Scalar.INTEGER: pa.int64(),
    Scalar.MONEY: pa.decimal128(38, 2),
    Scalar.DATE: pa.date32(),
}


def write_parquet(output: str | None, judging: Judging, results: Iterable[Result]) -> None:
    """Write judged records; `<answer>`, `<answer>__status`, `<answer>__standing`, `<answer>__needs` (a list) for each answer.

    A rate is text (`0.25`, `23/60`): no column type holds every ratio exactly. Each value fits its column (`holdable`).
    """
    types = _types(judging)
    schema = _schema({name: types[name] for name in judging.columns()}, dated=judging.on is None)
    rows = (_row(result, types, dated=judging.on is None) for result in results if isinstance(result, Judged))
    batches = (pa.RecordBatch.from_pylist(batch, schema=schema) for batch in _batches(rows))
    write_batches(batches, schema, output if output is not None else sys.stdout.buffer, FileForm.PARQUET, dict)


def holdable(judging: Judging, results: Iterable[Result]) -> Iterator[Result]:
    """Yield results, those with a value that its column cannot hold refused (E703), as in a table of answers."""
    types = _types(judging)
    for result in results:
        if isinstance(result, Judged) and (faults := tuple(_beyond(result, types))):
            yield Refused(result.position, result.judgement.identifiant, faults)
        else:
            yield result


def _types(judging: Judging) -> dict[str, Type]:
    return {name: definition.type for name, definition in judging.pack.program.answers() if name in judging.columns()}


def _beyond(result: Judged, types: Mapping[str, Type]) -> Iterator[Diagnostic]:
    for name, answer in result.judgement.answers.items():
        held = answer.outcome.value
        if held is not None and not fits(held, types[name]):
            yield too_large(name, held, types[name])


def _schema(types: Mapping[str, Type], *, dated: bool) -> pa.Schema:
    columns = [("identifiant", pa.string()), *([("on", pa.date32())] if dated else [])]
    for name, type_ in types.items():
        columns += [
            (name, _EXACT.get(type_, pa.string())),
            (f"{name}__status", pa.string()),
            (f"{name}__standing", pa.string()),
            (f"{name}__needs", pa.list_(pa.string())),
        ]
    return pa.schema(columns)


def _row(result: Judged, types: Mapping[str, Type], *, dated: bool) -> dict[str, Any]:
    judgement = result.judgement
    row: dict[str, Any] = {"identifiant": judgement.identifiant} | ({"on": judgement.on} if dated else {})
    for name, answer in judgement.answers.items():
        row |= {
            name: _value(answer, types[name]),
            f"{name}__status": str(answer.status),
            f"{name}__standing": answer.standing,
            f"{name}__needs": sorted(answer.needs),
        }
    return row


def _value(answer: Answer, type_: Type) -> Any:
    held = answer.outcome.value
    return answer.value if held is None or type_ in _EXACT else plain_text(held, type_)


def _batches(rows: Iterator[dict[str, Any]]) -> Iterator[list[dict[str, Any]]]:
    while batch := list(islice(rows, _BATCH)):
        yield batch
