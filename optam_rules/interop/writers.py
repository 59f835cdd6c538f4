"""From results, as they come, to JSON, JSON Lines or CSV on a stream; memory does not grow with their number."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Iterable, Sequence
from tempfile import SpooledTemporaryFile
from typing import Any, TextIO

import attrs

from optam_rules.base.phrases import Lang
from optam_rules.core.answers import Answer
from optam_rules.core.ir import Constant
from optam_rules.core.types import NUMERIC, ListType, Scalar, SetType, Type
from optam_rules.core.values import plain_text, to_json
from optam_rules.interop.judgements import Header, Judged, Refused, Result, header_to_json, result_to_json

SEPARATOR = "|"  # between values in one cell, as in the CSV that is read
_IN_MEMORY = 2**23  # characters of refused records kept before they go to a temporary file
# What a spreadsheet takes for the start of a formula, wide forms included.
FORMULA_STARTS = tuple("=+-@\t\r\n＝＋－＠")


@attrs.frozen
class Counts:
    """How many records were written as judged, and how many were refused; their sum is the number of results."""

    judged: int
    refused: int


def write_json(stream: TextIO, header: Header, results: Iterable[Result]) -> Counts:
    """Write one JSON document, a record a line: those judged as they come, those refused after them."""
    judged = refused = 0
    with SpooledTemporaryFile(max_size=_IN_MEMORY, mode="w+", encoding="utf-8") as aside:
        stream.write(_dumps(header_to_json(header))[:-1] + ', "records": [')
        for result in results:
            text = _dumps(result_to_json(header, result))
            if isinstance(result, Judged):
                stream.write(("," if judged else "") + "\n" + text)
                judged += 1
            else:
                aside.write(("," if refused else "") + "\n" + text)
                refused += 1
        stream.write(("\n" if judged else "") + '], "refused": [')
        aside.seek(0)
        while part := aside.read(2**16):
            stream.write(part)
        stream.write(("\n" if refused else "") + "]}\n")
    return Counts(judged, refused)


def write_json_lines(stream: TextIO, header: Header, results: Iterable[Result]) -> Counts:
    """Write one JSON object a line, each with the pack and the date, judged (`answers`) or refused (`diagnostics`), in order."""
    counts = {Judged: 0, Refused: 0}
    shared = header_to_json(header)
    for result in results:
        # The record's own date, where it has one, takes the place of the absent one of the header.
        stream.write(_dumps(shared | result_to_json(header, result)) + "\n")
        counts[type(result)] += 1
    return Counts(counts[Judged], counts[Refused])


def write_csv(
    stream: TextIO,
    header: Header,
    answers: Sequence[str],
    results: Iterable[Result],
    *,
    on_refused: Callable[[Refused], None] | None = None,
) -> Counts:
    """Write one row a judged record; refused ones have no row and go to `on_refused`.

    Columns: `identifiant`, `on` where each record has its own date, then for each answer its value, `__status`, `__standing` and
    `__needs`. Several values in one cell are parted by `|`. Open the stream with `newline=""`.
    """
    writer = csv.writer(stream, lineterminator="\n")
    dated = header.on is None
    suffixes = ("", "__status", "__standing", "__needs")
    writer.writerow(["identifiant", *(["on"] if dated else []), *(name + suffix for name in answers for suffix in suffixes)])
    judged = refused = 0
    for result in results:
        if isinstance(result, Refused):
            refused += 1
            if on_refused is not None:
                on_refused(result)
            continue
        judgement = result.judgement
        row = [inert(judgement.identifiant or ""), *([judgement.on.isoformat()] if dated else [])]
        for name in answers:
            row += _cells(judgement.answers[name])
        writer.writerow(row)
        judged += 1
    return Counts(judged, refused)


def write_refused_csv(stream: TextIO, refused: Iterable[Refused], lang: Lang = "fr") -> None:
    """Write one row a fault of the refused records: where, who, the code, the path and what it says, in a language."""
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(["position", "identifiant", "code", "path", "message", "hint"])
    for result in refused:
        for fault in result.diagnostics:
            said = fault.told(lang)
            texts = (result.identifiant or "", fault.code, fault.path or "", said.message, said.hint or "")
            writer.writerow([result.position, *map(inert, texts)])


def inert(text: str) -> str:
    """Return a text that no spreadsheet takes for a formula: an apostrophe is put before what would start one."""
    return f"'{text}" if text.startswith(FORMULA_STARTS) else text


def _cells(answer: Answer) -> list[str]:
    outcome = answer.outcome
    return [
        _value(outcome.value, outcome.type) if outcome.value is not None else "",
        str(outcome.status),
        str(outcome.standing),
        inert(SEPARATOR.join(sorted(outcome.needs))),
    ]


def _value(value: Constant, type_: Type) -> str:
    """Return a value as the CSV reader takes it; a negative number is a number, any other text is made inert."""
    if type_ is Scalar.BOOLEAN:
        return "true" if value else "false"
    if isinstance(type_, SetType | ListType):
        return inert(SEPARATOR.join(str(part) for part in to_json(value, type_)) or SEPARATOR)
    text = plain_text(value, type_)
    return text if type_ in NUMERIC else inert(text)


def _dumps(form: dict[str, Any]) -> str:
    return json.dumps(form, ensure_ascii=False, allow_nan=False)
