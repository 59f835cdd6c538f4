"""The backends that the suite runs, each from records and a call to what it makes of them: a new backend is one line of BACKENDS."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import attrs

from optam_rules.backends.interpreter import judge as interpreter
from optam_rules.backends.row import judge as row
from optam_rules.backends.row.known import KnownJudged
from optam_rules.core.asking import References
from optam_rules.core.judgement import Judged
from optam_rules.core.program import Program
from optam_rules.core.record import Record
from optam_rules.core.schema import read_record


@attrs.frozen
class Asked:
    """Records of one program to judge together, as a user writes them (`raws`) and as read."""

    program: Program
    raws: Sequence[Mapping[str, Any]]
    on: dt.date
    answers: Sequence[str]
    assume: Mapping[str, str]
    references: References

    @property
    def records(self) -> list[Record]:
        """The records, read; none has a fault."""
        found = []
        for raw in self.raws:
            record, faults = read_record(self.program, raw)
            assert record is not None, faults
            found.append(record)
        return found


# What a backend cannot do for a record is in `beyond` of its Judged, with the reason; everything else it answers is the reference's own.
Backend = Callable[[Asked], Sequence[Judged | KnownJudged]]


def _interpreter(asked: Asked) -> list[Judged]:
    return [
        Judged(
            interpreter.judge(
                asked.program,
                record,
                asked.on,
                answers=asked.answers,
                assume=asked.assume,
                references=asked.references,
                trace=False,
            )
        )
        for record in asked.records
    ]


def _row(asked: Asked) -> list[Judged | KnownJudged]:
    """Judge by the functions of definitions, as a first record is."""
    judged = row.prepare(asked.program, asked.on, answers=asked.answers, assume=asked.assume, references=asked.references, warm=1_000)
    return [judged(record) for record in asked.records]


def _whole_row(asked: Asked) -> list[Judged | KnownJudged]:
    """Judge by the function of whole records wherever there is one, as after many records."""
    judged = row.prepare(asked.program, asked.on, answers=asked.answers, assume=asked.assume, references=asked.references, warm=0)
    return [judged(record) for record in asked.records]


REFERENCE: Backend = _interpreter
BACKENDS: Mapping[str, Backend] = {
    "interpreter": _interpreter,
    "row": _row,
    "row, whole records": _whole_row,
}
# Cases of the suite that a backend leaves to the reference: (backend, suite, case) -> the reason that it gives. Nothing else may be left.
GAPS: Mapping[tuple[str, str, str], str] = {}
