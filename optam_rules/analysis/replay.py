"""From a case to the answers that the interpreter gives to an obligation's questions: nothing is a witness before it."""

from __future__ import annotations

import copy
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import attrs

from optam_rules.analysis import judging
from optam_rules.analysis.obligations import Obligation, Question, broken, needs_everything, questions
from optam_rules.analysis.verdict import Replay, Witness
from optam_rules.backends.interpreter import judge as interpreter
from optam_rules.base.errors import RecordError
from optam_rules.core.case import Case
from optam_rules.core.judgement import Outcome
from optam_rules.core.references import read_references
from optam_rules.core.schema import read_record
from optam_rules.core.types import Scalar


def answers(case: Case, asked: Sequence[Question], *, trace: bool = False) -> tuple[Outcome, ...]:
    """Judge a case for each question. Raises RecordError where a side refuses its record or its tables.

    Of two sides, each passes the data, the tables and the readings that it does not declare.
    """
    return tuple(_answer(case, question, alone=len(asked) == 1, trace=trace) for question in asked)


def replayed(obligation: Obligation, case: Case) -> Witness | None:
    """Return the witness that a case is, with its traces, or `None` where it breaks nothing."""
    asked = questions(obligation)
    outcomes = answers(case, asked, trace=True)
    if not broken(obligation, outcomes):
        return None
    replays = (
        Replay(question.side.program.id, question.side.day or case.on, _readings(case, question), outcome)
        for question, outcome in zip(asked, outcomes, strict=True)
    )
    return Witness(case, tuple(replays))


def plainest(obligation: Obligation, witness: Witness) -> Witness:
    """Leave out of a witness every datum and row without which it breaks its obligation all the same, with answers of the same kinds."""
    if needs_everything(obligation):
        return witness
    named = _identifying(obligation)
    kept = witness
    for place in _places(witness.case.record, named):
        kept = _if_the_same(obligation, kept, _without(kept.case, place)) or kept
    for table in witness.case.references:
        fewer = {name: rows for name, rows in kept.case.references.items() if name != table}
        kept = _if_the_same(obligation, kept, attrs.evolve(kept.case, references=fewer)) or kept
    return kept


def _if_the_same(obligation: Obligation, witness: Witness, smaller: Case | None) -> Witness | None:
    """Return a smaller witness, or `None` where it breaks nothing, breaks it with other kinds of answers, or is no record any more."""
    try:
        found = replayed(obligation, smaller) if smaller is not None else None
    except RecordError:
        return None
    kinds = [replay.outcome.status for replay in witness.replays]
    return found if found is not None and [replay.outcome.status for replay in found.replays] == kinds else None


def _answer(case: Case, question: Question, *, alone: bool, trace: bool) -> Outcome:
    program = question.side.program
    record, faults = read_record(program, case.record, entity=question.entity, ignore_unknown_fields=not alone)
    tables, more = read_references(program, {name: dict(rows) for name, rows in case.references.items() if name in program.references})
    if record is None or more:
        raise RecordError([*faults, *more])
    on = question.side.day or case.on
    readings = _readings(case, question)
    if trace:
        return interpreter.appraise(program, record, on, question.expr, assume=readings, references=tables, trace=True)
    return judging.appraise(program, record, on, question.expr, assume=readings, references=tables)


def _readings(case: Case, question: Question) -> dict[str, str]:
    drawn = {name: reading for name, reading in case.readings.items() if name in question.side.program.hypotheses}
    return drawn | dict(question.side.readings)


_Place = tuple[str | int, ...]


def _identifying(obligation: Obligation) -> frozenset[str]:
    """Return the names of the data that name records: a witness keeps them."""
    specs = [spec for question in questions(obligation) for spec in question.side.program.entities.values() if spec.fields]
    firsts = (next(iter(spec.fields.values())) for spec in specs)
    return frozenset(first.name for first in firsts if first.type is Scalar.TEXT)


def _places(raw: object, named: frozenset[str], at: _Place = ()) -> Iterator[_Place]:
    """Yield the places of a raw record, outer ones first and later elements before earlier ones."""
    items: Iterable[tuple[str | int, object]] = ()
    if isinstance(raw, dict):
        items = [(key, value) for key, value in raw.items() if key not in named]
    elif isinstance(raw, list):
        items = reversed(list(enumerate(raw)))
    for part, value in items:
        yield (*at, part)
        yield from _places(value, named, (*at, part))


def _without(case: Case, place: _Place) -> Case | None:
    """Return a case without what stands at a place, or `None` where nothing stands there any more."""
    record = copy.deepcopy(dict(case.record))
    inside: Any = record
    try:
        for part in place[:-1]:
            inside = inside[part]
        del inside[place[-1]]
    except (KeyError, IndexError, TypeError):
        return None
    return attrs.evolve(case, record=record)
