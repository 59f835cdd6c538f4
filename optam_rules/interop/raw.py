"""What every reader of files yields, in the order of the file, and the way from there to records of the core."""

from __future__ import annotations

from collections.abc import Iterator
from types import TracebackType
from typing import Protocol, Self

import attrs

from optam_rules.base.diagnostics import Diagnostic
from optam_rules.core.drafts import RepeatedKeys
from optam_rules.core.program import Program
from optam_rules.core.record import Record
from optam_rules.core.scalars import Refusal, read_scalar
from optam_rules.core.schema import Others, RecordReader
from optam_rules.core.types import Scalar


@attrs.frozen
class RawRecord:
    """One record as the file gives it, or why its row cannot be read.

    `position` is what a person looks for: the line of the file, or the rank in a JSON list, both from 1. `raw` is for
    `core.schema`, `place` its place among the others of the file. With `diagnostics` there is no `raw`: the row is refused.
    """

    position: int
    identifiant: str | None
    raw: object | None
    diagnostics: tuple[Diagnostic, ...] = ()
    place: int | None = None


@attrs.frozen
class ReadRecord:
    """One record read against the vocabulary, or all its faults."""

    position: int
    identifiant: str | None
    record: Record | None
    diagnostics: tuple[Diagnostic, ...] = ()


class RecordFile(Protocol):
    """An open file of records. It may be walked several times; what it holds open is released by `close`, or by a `with` block."""

    @property
    def others(self) -> Others | None:
        """The records of the file by identifiant, where some may name others."""

    def __iter__(self) -> Iterator[RawRecord]:
        """Yield every record and every refused row, in the order of the file."""

    def close(self) -> None:
        """Release what the file holds open."""

    def __enter__(self) -> Self:
        """Return the file itself."""

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        """Close the file."""


def read_all(program: Program, file: RecordFile, *, ignore_unknown_fields: bool = False) -> Iterator[ReadRecord]:
    """Read every record of a file against the vocabulary of a program; refused rows keep their place in the order."""
    reader = RecordReader(program, file.others, ignore_unknown_fields=ignore_unknown_fields)
    for item in file:
        if item.diagnostics:
            yield ReadRecord(item.position, item.identifiant, None, item.diagnostics)
            continue
        record, faults = reader.read(item.raw, place=item.place)
        yield ReadRecord(item.position, item.identifiant, record, tuple(faults))


def identifiant_of(program: Program, raw: object) -> str | None:
    """Return the identifiant of a raw record of the main entity where it can be read and is fit to be shown."""
    content = raw.content if isinstance(raw, RepeatedKeys) else raw
    first = next(iter(program.main.fields.values()), None)
    if first is None or first.type is not Scalar.TEXT or not isinstance(content, dict):
        return None
    found = read_scalar(first.type, content.get(first.name), program.enumerations)
    return None if isinstance(found, Refusal) else str(found)
