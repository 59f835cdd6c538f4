"""From a comparison and a file of practitioners to whom it touches: who changes, on which answers, and by how much, exactly."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from typing import cast

import attrs

from optam_rules.analysis.compare.diff import Comparison
from optam_rules.analysis.judging import judge
from optam_rules.analysis.obligations import Side
from optam_rules.base.diagnostics import Diagnostic
from optam_rules.base.numbers import Number, divide, simplify
from optam_rules.core.asking import References
from optam_rules.core.judgement import Outcome, Status
from optam_rules.core.program import Program
from optam_rules.core.record import Absent, Record
from optam_rules.core.schema import MemoryOthers, RecordReader
from optam_rules.core.types import NUMERIC, Type
from optam_rules.core.values import plain_text

# The data of the main entity by which practitioners are counted, where it has them.
GROUPINGS = ("specialite", "secteur", "region")
MISSING = "inconnu"


@attrs.frozen
class ReadTwice:
    """One record of a file as each side reads it, or all the faults that a side finds in it."""

    position: int
    identifiant: str | None
    old: Record | None
    new: Record | None
    old_faults: tuple[Diagnostic, ...] = ()
    new_faults: tuple[Diagnostic, ...] = ()


@attrs.frozen
class Move:
    """An answer of a record that changed."""

    path: str
    old: Outcome
    new: Outcome

    @property
    def delta(self) -> Number | None:
        """The new value less the old one, in the core's units, where both are known numbers."""
        if self.new.type not in NUMERIC or not self.old.status is Status.KNOWN is self.new.status:
            return None
        return simplify(Fraction(cast("Number", self.new.value)) - Fraction(cast("Number", self.old.value)))


@attrs.frozen
class Touched:
    """A record of which at least one answer changed."""

    position: int
    identifiant: str | None
    groups: Mapping[str, str]
    moves: tuple[Move, ...]


@attrs.frozen
class RefusedTwice:
    """A record that one side or both refused, and why; it is not compared."""

    position: int
    identifiant: str | None
    old_faults: tuple[Diagnostic, ...]
    new_faults: tuple[Diagnostic, ...]


@attrs.frozen
class Spread:
    """By how much a number changes, over the records where both sides know it and it does: exact, in the core's units."""

    count: int
    lower: int
    higher: int
    minimum: Number
    median: Number
    maximum: Number
    deltas: tuple[Number, ...] = attrs.field(repr=False)


@attrs.frozen
class AnswerImpact:
    """What becomes of one answer over the file: how many records change, from what to what, and by how much for a number."""

    path: str
    type: Type
    changed: int
    shifts: Mapping[tuple[str, str], int]  # (old, new) in a few words; for numbers, of what is not known on a side only
    spread: Spread | None
    groups: Mapping[str, Mapping[str, int]]  # datum -> its value -> records that change


@attrs.frozen
class Impact:
    """Who changes between two sides. Every record of the file is compared or refused, and counted."""

    compared: int
    touched: tuple[Touched, ...]
    refused: tuple[RefusedTwice, ...]
    answers: tuple[AnswerImpact, ...]
    totals: Mapping[str, Mapping[str, int]]  # datum -> its value -> records compared
    groups: Mapping[str, Mapping[str, int]]  # datum -> its value -> records that change


def impact(comparison: Comparison, records: Iterable[ReadTwice], references: tuple[References, References]) -> Impact:
    """Judge each record on both sides, each on its own day, for the answers that are not settled to be the same."""
    pairs = comparison.paths_that_may_differ()
    touched: list[Touched] = []
    refused: list[RefusedTwice] = []
    totals: dict[str, Counter[str]] = {name: Counter() for name in _groupings(comparison.new.program)}
    compared = 0
    for item in records:
        if item.old is None or item.new is None:
            refused.append(RefusedTwice(item.position, item.identifiant, item.old_faults, item.new_faults))
            continue
        compared += 1
        groups = dict(_groups(comparison.new.program, item.new))
        for name, value in groups.items():
            totals[name][value] += 1
        moves = tuple(_moves(comparison, pairs, item.old, item.new, references))
        if moves:
            touched.append(Touched(item.position, item.identifiant, groups, moves))
    answers = tuple(found for _, path in pairs if (found := _of_answer(path, touched)) is not None)
    return Impact(compared, tuple(touched), tuple(refused), answers, totals, _counted(touched))


def read_twice(old: Program, new: Program, raws: Sequence[Mapping[str, object]]) -> Iterator[ReadTwice]:
    """Read records held in memory on both sides; they may name each other by identifiant. Positions count from 0."""
    readers = [RecordReader(program, MemoryOthers.of(program, raws)) for program in (old, new)]
    first = next(iter(new.main.fields))
    for position, raw in enumerate(raws):
        (before, old_faults), (after, new_faults) = (reader.read(raw, place=position) for reader in readers)
        name = raw.get(first) if isinstance(raw, Mapping) else None
        yield ReadTwice(position, name if isinstance(name, str) else None, before, after, tuple(old_faults), tuple(new_faults))


def _moves(
    comparison: Comparison, pairs: Sequence[tuple[str, str]], old: Record, new: Record, references: tuple[References, References]
) -> Iterator[Move]:
    before = _judged(comparison.old, old, [path for path, _ in pairs], references[0])
    after = _judged(comparison.new, new, [path for _, path in pairs], references[1])
    for old_path, new_path in pairs:
        first, last = before[old_path], after[new_path]
        if (first.status, first.value) != (last.status, last.value):
            yield Move(new_path, first, last)


def _judged(side: Side, record: Record, paths: Sequence[str], references: References) -> Mapping[str, Outcome]:
    if side.day is None:
        raise ValueError("a side without a date judges no record")
    return judge(side.program, record, side.day, answers=paths, assume=side.readings, references=references).outcomes


def _groupings(program: Program) -> tuple[str, ...]:
    return tuple(name for name in GROUPINGS if name in program.main.fields)


def _groups(program: Program, record: Record) -> Iterator[tuple[str, str]]:
    for name in _groupings(program):
        value = record.get(name)
        if isinstance(value, Absent | Record | tuple):
            yield name, MISSING
        else:
            yield name, plain_text(value, program.main.fields[name].type)


def _counted(touched: Iterable[Touched]) -> Mapping[str, Mapping[str, int]]:
    found: dict[str, Counter[str]] = {}
    for each in touched:
        for name, value in each.groups.items():
            found.setdefault(name, Counter())[value] += 1
    return found


def _of_answer(path: str, touched: Sequence[Touched]) -> AnswerImpact | None:
    concerned = [(each, move) for each in touched for move in each.moves if move.path == path]
    if not concerned:
        return None
    shifts: Counter[tuple[str, str]] = Counter()
    deltas: list[Number] = []
    for _, move in concerned:
        if move.delta is not None:
            deltas.append(move.delta)
        else:
            shifts[_brief(move.old), _brief(move.new)] += 1
    type_ = concerned[0][1].new.type
    groups = _counted(each for each, _ in concerned)
    return AnswerImpact(path, type_, len(concerned), dict(shifts.most_common()), _spread(deltas), groups)


def _spread(deltas: Sequence[Number]) -> Spread | None:
    """Return the distribution of changes; the median of an even number of them is the mean of the two in the middle."""
    if not deltas:
        return None
    ordered = sorted(deltas)
    middle = len(ordered) // 2
    median = ordered[middle] if len(ordered) % 2 else divide(ordered[middle - 1] + ordered[middle], 2)
    lower = sum(delta < 0 for delta in ordered)
    return Spread(len(ordered), lower, len(ordered) - lower, ordered[0], median, ordered[-1], tuple(ordered))


def _brief(outcome: Outcome) -> str:
    """Say an outcome for counting: its value where that is one of few, else that it is known or the kind of non-answer."""
    if outcome.status is not Status.KNOWN or outcome.value is None:
        return str(outcome.status)
    return "known" if outcome.type in NUMERIC else plain_text(outcome.value, outcome.type)
