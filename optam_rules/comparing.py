"""From a call that compares two sides to their differences: opens both, refuses what cannot be compared, then one call down."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import attrs

from optam_rules.analysis.compare.diff import compare
from optam_rules.analysis.compare.impact import impact, read_twice
from optam_rules.analysis.compare.result import Diff, SideInfo
from optam_rules.analysis.obligations import Side
from optam_rules.analysis.verdict import Budget
from optam_rules.api.calls import AfterVerified
from optam_rules.api.pack import Pack, load, opened
from optam_rules.base.diagnostics import Diagnostic, diagnose
from optam_rules.base.errors import CallError
from optam_rules.base.phrases import Phrase, did_you_mean
from optam_rules.base.suggestions import nearest
from optam_rules.core.asking import References
from optam_rules.core.program import Program
from optam_rules.core.references import read_references
from optam_rules.library.sides import SideName, parse_side, read_side


def diff(
    old: str | Path | Pack,
    new: str | Path | Pack,
    *,
    on: dt.date | None = None,
    old_on: dt.date | None = None,
    new_on: dt.date | None = None,
    assume: Mapping[str, str] | None = None,
    old_assume: Mapping[str, str] | None = None,
    new_assume: Mapping[str, str] | None = None,
    answers: Iterable[str] | None = None,
    records: Iterable[Mapping[str, object]] | None = None,
    references: Mapping[str, Mapping[object, object]] | None = None,
    budget: Budget | None = None,
    after_verified: AfterVerified | str = AfterVerified.REFUSE,
) -> Diff:
    """Compare two packs, two versions of one, two dates or two sets of readings: in the text, then answer by answer.

    A side is a Pack, a folder, or words: `cm-2016`, `cm-2016@2017-01-01`, `./pack@git:HEAD~3`. Without dates, on every day on which both
    are in force; with one on each side, on those. Readings not chosen are any, the same on both sides. `records` are judged on both
    sides, for whom the change touches. `budget` is what each answer may cost that texts alone do not settle.

    Raises CallError (E805 to E807, E810, E850 to E854, E856), and what `load` raises.
    """
    sides = [_side(given, day or on) for given, day in ((old, old_on), (new, new_on))]
    readings = [dict(assume or {}) | dict(own or {}) for own in (old_assume, new_assume)]
    names = frozenset(answers) if answers is not None else None
    _check_sides(sides, readings, names, AfterVerified(after_verified), needs_dates=records is not None)
    first, last = (Side(pack.program, chosen, day) for (_, pack, day), chosen in zip(sides, readings, strict=True))
    tables = [_known_tables(pack.program, references or {}) for _, pack, _ in sides]
    compared = compare(first, last, wanted=names, budget=budget or Budget(shrinks=False))
    found = Diff(SideInfo.of(sides[0][0], first), SideInfo.of(sides[1][0], last), compared)
    if records is None:
        return found
    read = read_twice(first.program, last.program, list(records))
    return attrs.evolve(found, impact=impact(compared, read, (tables[0], tables[1])))


def _side(given: str | Path | Pack, day: dt.date | None) -> tuple[str, Pack, dt.date | None]:
    """Open one side: its words, its pack, its date."""
    if isinstance(given, Pack):
        return given.id, given, day
    name = SideName(str(given), str(given), None, None) if isinstance(given, Path) else parse_side(given)
    pack = _at_revision(name) if name.revision else load(name.pack if isinstance(given, str) else given)
    if name.day is not None and day is not None and name.day != day:
        raise CallError([diagnose("E810", found=Phrase(f"{name.text}, puis {day}", f"{name.text}, then {day}"))])
    return name.text, pack, name.day or day


def _at_revision(name: SideName) -> Pack:
    return opened(read_side(name))


def _check_sides(
    sides: Sequence[tuple[str, Pack, dt.date | None]],
    readings: Sequence[Mapping[str, str]],
    answers: frozenset[str] | None,
    after_verified: AfterVerified,
    *,
    needs_dates: bool,
) -> None:
    """Refuse two sides that cannot be compared, with all that is wrong."""
    (old, first, old_on), (new, last, new_on) = sides
    faults: list[Diagnostic] = []
    for (_, pack, day), chosen in zip(sides, readings, strict=True):
        faults += _wrong_call(pack, day, chosen, after_verified)
    if (old_on is None) != (new_on is None):
        faults.append(diagnose("E851", side=new if old_on is None else old))
    elif old_on is None:
        if first.program.interval.intersect(last.program.interval).empty:
            intervals = first.program.interval, last.program.interval
            faults.append(diagnose("E850", old=first.id, new=last.id, old_days=intervals[0].phrase, new_days=intervals[1].phrase))
        if needs_dates:
            faults.append(diagnose("E856"))
    entities = first.program.main.name, last.program.main.name
    if entities[0] != entities[1]:
        faults.append(diagnose("E852", old=first.id, new=last.id, old_entity=entities[0], new_entity=entities[1]))
    known = {*first.answers(), *last.answers()}
    for name in sorted(answers or ()):
        if name not in known:
            faults.append(diagnose("E806", pack=last.id, name=name, hint=did_you_mean(nearest(name, known), "dire")))
    if faults:
        raise CallError(list(dict.fromkeys(faults)))


def _wrong_call(pack: Pack, day: dt.date | None, chosen: Mapping[str, str], after_verified: AfterVerified) -> Iterable[Diagnostic]:
    """Return what is wrong with the date and the readings of a side; without a date, with its readings."""
    some_day = pack.program.interval.start or dt.date.min
    try:
        pack.prepare(
            on=some_day if day is None else day, assume=chosen, after_verified=AfterVerified.EXTEND if day is None else after_verified
        )
    except CallError as error:
        return error.diagnostics
    return ()


def _known_tables(program: Program, references: Mapping[str, Mapping[object, object]]) -> References:
    """Read the reference tables that a side declares; the others are for the other side."""
    tables, faults = read_references(program, {name: rows for name, rows in references.items() if name in program.references})
    if faults:
        raise CallError(faults)
    return tables
