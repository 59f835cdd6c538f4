"""From the dates written on units of law, definitions and parameters to intervals, with every overlap, gap and stray day told (S6)."""

from __future__ import annotations

import datetime as dt
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Sequence

import attrs

from optam_rules.base.calendar import ALWAYS, ONE_DAY, Interval, uncovered
from optam_rules.base.phrases import Phrase, filled
from optam_rules.base.source import Position
from optam_rules.core.ir import Expr, Lookup, ParameterRead
from optam_rules.core.program import Parameter
from optam_rules.core.walk import subexpressions
from optam_rules.elaborate.constants import constant
from optam_rules.elaborate.faults import Faults
from optam_rules.elaborate.items import Items, Unit, unit_name
from optam_rules.syntax.abstract import Clauses, DatedExpr


def interval_of(clauses: Clauses, unit: Unit | None, faults: Faults, *, inside: bool = True) -> Interval:
    """Return the days of a declaration: its own, else its unit's; `inside` tells its own must be among its unit's."""
    whole = unit.interval if unit is not None else ALWAYS
    own = clauses.interval
    if own is None:
        return whole
    if own.empty:
        faults.tell("E417", clauses.interval_position, interval=own.phrase)
        return whole
    if not inside:
        return own
    if own.end is None:
        own = Interval(own.start, whole.end)  # with no end of its own a declaration ends with its unit
    if own.empty or not whole.covers(own):
        related = [(unit.heading.position, in_force(whole))] if unit is not None else []
        faults.tell("E412", clauses.interval_position, unit=unit_name(unit), whole=days(whole), related=related)
        return own.intersect(whole)
    return own


_PARAMETER, _REFERENCE = Phrase("le paramètre", "the parameter"), Phrase("le référentiel", "the reference table")


def days(interval: Interval) -> Phrase:
    """Name the days of an interval as a sentence does."""
    if interval == ALWAYS:
        return Phrase("tous les jours", "every day")
    if interval.start is not None and interval.start == interval.end:
        return Phrase(f"le {interval.start}", f"on {interval.start}")
    return interval.phrase


def in_force(interval: Interval) -> Phrase:
    """Say when something is in force."""
    return filled("en vigueur {days}", "in force {days}", days=days(interval))


@attrs.frozen
class Dated:
    """An interval and what to show where it clashes with another."""

    interval: Interval
    position: Position


def clashing(dated: Iterable[Dated]) -> list[tuple[Dated, Dated]]:
    """Return the neighbours in time that share a day."""
    present = sorted((d for d in dated if not d.interval.empty), key=lambda d: d.interval.start or dt.date.min)
    found: list[tuple[Dated, Dated]] = []
    latest: Dated | None = None
    for each in present:
        if latest is not None and not latest.interval.intersect(each.interval).empty:
            found.append((latest, each))
        if latest is None or (each.interval.end or dt.date.max) > (latest.interval.end or dt.date.max):
            latest = each
    return found


def tell_clashes(name: str, dated: Iterable[Dated], faults: Faults) -> None:
    """Tell versions of one name that are in force on one day."""
    for one, other in clashing(dated):
        shared = days(one.interval.intersect(other.interval))
        related = [(one.position, in_force(one.interval))]
        faults.tell("E413", other.position, name=name, shared=shared, related=related)


def check_units(items: Items, faults: Faults) -> None:
    """Tell versions of one unit of law that overlap."""
    versions: dict[tuple[str, str], list[Dated]] = defaultdict(list)
    names: dict[tuple[str, str], Phrase] = {}
    for unit, _ in items.units:
        names[unit.heading.kind.value, unit.heading.number] = unit_name(unit)
        versions[unit.heading.kind.value, unit.heading.number].append(Dated(unit.interval, unit.heading.position))
    for (kind, number), dated in versions.items():
        for first, second in clashing(dated):
            shared = first.interval.intersect(second.interval)
            related = [(first.position, in_force(first.interval))]
            faults.tell("E411", second.position, name=names[kind, number], shared=days(shared), related=related)


def value_intervals(values: Sequence[DatedExpr], whole: Interval, name: str, faults: Faults) -> list[Interval]:
    """Return the days of each dated value: from its date to the day before the next, the last to the end of `whole`."""
    intervals: list[Interval] = []
    for place, value in enumerate(values):
        following = values[place + 1] if place + 1 < len(values) else None
        if following is not None and following.since <= value.since:
            related = [(value.position, Phrase(f"depuis le {value.since}", f"since {value.since}"))]
            faults.tell("E414", following.position, name=name, since=following.since, related=related)
            return []
        if value.since not in whole:
            faults.tell("E418", value.position, name=name, since=value.since, whole=days(whole))
        intervals.append(Interval(value.since, following.since - ONE_DAY if following is not None else whole.end))
    return intervals


@attrs.frozen
class Reader:
    """An expression that reads parameters and reference tables on some days, and how messages call it."""

    name: str
    interval: Interval
    expressions: tuple[Expr, ...]


def check_coverage(readers: Iterable[Reader], parameters: dict[str, Parameter], references: dict[str, Interval], faults: Faults) -> None:
    """Tell every parameter or reference table that is read on a day on which it is not given."""
    missing = {name: uncovered(ALWAYS, [dated.interval for dated in parameter.values]) for name, parameter in parameters.items()}
    missing |= {name: uncovered(ALWAYS, [interval]) for name, interval in references.items()}
    for reader in readers:
        told: set[str] = set()
        for expr in (part for whole in reader.expressions for part in subexpressions(whole)):
            match expr:
                case ParameterRead(name, None) | Lookup(name):
                    wanted = reader.interval
                case ParameterRead(name, at) if isinstance(day := constant(at) if at else None, dt.date):
                    wanted = Interval(day, day)
                case _:
                    continue
            gap = _first_gap(missing.get(name, ()), wanted) if name not in told else None
            if gap is not None:
                told.add(name)
                kind = _PARAMETER if isinstance(expr, ParameterRead) else _REFERENCE
                faults.tell("E415", expr.position, kind=kind, name=name, gap=days(gap), reader=reader.name)


def _first_gap(missing: Sequence[Interval], wanted: Interval) -> Interval | None:
    """Return the first days of `wanted` that are missing; gaps are disjoint and in the order of time."""
    place = bisect_left(missing, wanted.start or dt.date.min, key=lambda gap: gap.end or dt.date.max)
    gap = missing[place].intersect(wanted) if place < len(missing) else None
    return None if gap is None or gap.empty or wanted.empty else gap
