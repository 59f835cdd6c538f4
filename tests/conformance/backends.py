"""The backends that the suite runs, each from records and a call to what it makes of them: a new backend is one line of BACKENDS."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import attrs
import numpy as np

from optam_rules.backends.columnar import vector
from optam_rules.backends.columnar.content import to_constants
from optam_rules.backends.columnar.fused.judge import Fuser, judge_fused
from optam_rules.backends.columnar.fused.kernel import interpreted
from optam_rules.backends.columnar.judge import Columns, judge_frame
from optam_rules.backends.columnar.records import frame_of
from optam_rules.backends.interpreter import judge as interpreter
from optam_rules.backends.row import judge as row
from optam_rules.core.asking import References
from optam_rules.core.judgement import Judged, Outcome, Status
from optam_rules.core.known import KnownJudged
from optam_rules.core.program import Program
from optam_rules.core.record import Record
from optam_rules.core.schema import read_record
from optam_rules.core.standing import Standing


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


# By the numbers of the columnar backend.
STATUSES = (Status.KNOWN, Status.NOT_APPLICABLE, Status.ERROR, Status.CONFLICT, Status.UNKNOWN)

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
    """Judge by the function of whole records wherever there is one, as after many records: with tests of absence, and without.

    Which data a record does not tell is known once it was judged; one that tells all is then judged by the function without tests.
    """
    judged = row.prepare(asked.program, asked.on, answers=asked.answers, assume=asked.assume, references=asked.references, warm=0)
    records = asked.records
    tested = [judged(record) for record in records]
    untested = [judged(record) for record in records]
    assert [dict(found.outcomes) for found in tested] == [dict(found.outcomes) for found in untested]
    return untested


def _columnar(asked: Asked) -> list[Judged]:
    records = asked.records
    columns = judge_frame(
        asked.program, frame_of(asked.program, records), asked.on, answers=asked.answers, assume=asked.assume, references=asked.references
    )
    return [row_of(columns, len(records), place) for place in range(len(records))]


def _fused(asked: Asked) -> list[Judged]:
    """Judge by the loop of whole rows wherever there is one, run as Python: what Numba compiles is the same text."""
    records = asked.records
    columns = judge_fused(
        asked.program,
        frame_of(asked.program, records),
        asked.on,
        answers=asked.answers,
        assume=asked.assume,
        references=asked.references,
        fuser=Fuser(asked.program, interpreted),
    )
    return [row_of(columns, len(records), place) for place in range(len(records))]


def row_of(columns: Columns, size: int, place: int) -> Judged:
    """Return the answers of one record of a table; those that it leaves, with the reasons."""
    outcomes: dict[str, Outcome] = {}
    beyond: dict[str, str] = {}
    for path, column in columns.answers.items():
        vec = column.value
        status = vector.KNOWN if vec.status is None else int(np.broadcast_to(vec.status, (size,))[place])
        if status == vector.RECOMPUTE:
            beyond[path] = "; ".join(columns.reasons)
            continue
        known = status == vector.KNOWN and vec.content is not None
        outcomes[path] = Outcome(
            STATUSES[status],
            column.type,
            to_constants(vec.content, np.array([place]))[0] if known and vec.content is not None else None,
            frozenset(need for need, rows in vec.needs.items() if np.broadcast_to(rows, (size,))[place]),
            Standing(int(np.broadcast_to(np.asarray(vec.standing), (size,))[place])),
        )
    return Judged(outcomes, beyond)


REFERENCE: Backend = _interpreter
BACKENDS: Mapping[str, Backend] = {
    "interpreter": _interpreter,
    "row": _row,
    "row, whole records": _whole_row,
    "columnar": _columnar,
    "columnar, fused": _fused,
}
# What an answer of a backend tells, where that is not all: a table has no column for hypotheses, faults, conflicts and alternatives.
TOLD: Mapping[str, frozenset[str]] = dict.fromkeys(("columnar", "columnar, fused"), frozenset({"status", "value", "needs", "standing"}))
# Cases of the suite that a backend leaves to the reference: (backend, suite, case) -> the reason that it gives. Nothing else may be left.
# "formulas" are those of proofs, which have no bound on the size of numbers: a witness is replayed, a proof says what it covers.
_ONE_HOLDS, _NONE_HOLDS = (f"une règle de trente et une exceptions, dont {which} tient" for which in ("une", "aucune ne"))
_DATED, _LARGE = "une table lue à une date inconnue", "un entier de plus d'un million de bits est refusé, le précédent ne l'est pas"
GAPS: Mapping[tuple[str, str, str], str] = {
    **{
        (backend, "left.toml", case): reason
        for backend in ("columnar", "columnar, fused")
        for case, reason in {
            _ONE_HOLDS: "plus de trente exceptions d'une même règle",
            _NONE_HOLDS: "plus de trente exceptions d'une même règle",
            _DATED: "une lecture à une date qui n'est pas connue partout",
            _LARGE: "des nombres qui peuvent dépasser un million de bits",
        }.items()
    },
    **{("formulas", "left.toml", case): "plus de 8 exceptions en vigueur ensemble" for case in (_ONE_HOLDS, _NONE_HOLDS)},
    ("formulas", "left.toml", _LARGE): "aucune borne sur la taille des nombres",
}
