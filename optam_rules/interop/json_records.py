"""From a JSON file, one record or a list of them, to raw records; the whole file is held in memory."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import Self

import attrs

from optam_rules.base.diagnostics import Diagnostic, diagnose
from optam_rules.base.errors import CallError
from optam_rules.base.phrases import Phrase
from optam_rules.core.drafts import RepeatedKeys
from optam_rules.core.program import Program
from optam_rules.core.scalars import describe
from optam_rules.core.schema import MemoryOthers
from optam_rules.interop.json_text import parse_json
from optam_rules.interop.lines import BOM, decode
from optam_rules.interop.raw import RawRecord, identifiant_of


class JsonRecords:
    """The records of a JSON file.

    Raises CallError where the file is not JSON (E530 with line and column, E532), not UTF-8 (E531), empty (E541), or neither an
    object nor a list (E500); an element of the list that is no object is a refused record.
    """

    def __init__(self, program: Program, content: bytes, name: str) -> None:
        self._program = program
        self._raws = _records(content.removeprefix(BOM), name)
        self.others = MemoryOthers.of(program, self._raws)

    @classmethod
    def open(cls, program: Program, path: Path) -> Self:
        """Read a file."""
        return cls(program, path.read_bytes(), str(path))

    def __iter__(self) -> Iterator[RawRecord]:
        """Yield the records; their positions are ranks in the list, from 1."""
        for place, raw in enumerate(self._raws):
            yield RawRecord(place + 1, identifiant_of(self._program, raw), raw, place=place)

    def close(self) -> None:
        """Do nothing: the file is closed already."""

    def __enter__(self) -> Self:
        """Return the file itself."""
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        """Do nothing."""


def _records(content: bytes, name: str) -> list[object]:
    text, fault = decode(content)
    if fault is None and not text.strip():
        fault = diagnose("E541")
    raw, fault = parse_json(text, name) if fault is None else (None, fault)
    if fault is None and not isinstance(raw, dict | list | RepeatedKeys):
        fault = diagnose(
            "E500", wanted=Phrase("un enregistrement ou une liste d'enregistrements", "a record or a list of records"), found=describe(raw)
        )
    if fault is not None:
        raise CallError([_in_file(fault, name)])
    return raw if isinstance(raw, list) else [raw]


def _in_file(fault: Diagnostic, name: str) -> Diagnostic:
    return fault if fault.position is not None else attrs.evolve(fault, path=name)
