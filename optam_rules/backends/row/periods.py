"""From a program to the days on which what its records are judged by, or what a trace tells of it, changes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from functools import lru_cache

from optam_rules.base.calendar import ONE_DAY, Interval
from optam_rules.core.program import Program, Provenance

_MAX_PROGRAMS = 32


def changes(intervals: Iterable[Interval]) -> list[dt.date]:
    """Return the days on which some interval begins, or has just ended."""
    days: set[dt.date] = set()
    for interval in intervals:
        if interval.start is not None:
            days.add(interval.start)
        if interval.end is not None and interval.end < dt.date.max:
            days.add(interval.end + ONE_DAY)
    return sorted(days)


@lru_cache(maxsize=_MAX_PROGRAMS)
def days_of_rules(program: Program) -> tuple[dt.date, ...]:
    """Return the days on which some definition or parameter changes."""
    dated = (dated.interval for parameter in program.parameters.values() for dated in parameter.values)
    return tuple(changes([*(interval for definition in program.definitions.values() for interval in definition.intervals()), *dated]))


@lru_cache(maxsize=_MAX_PROGRAMS)
def days_of_traces(program: Program) -> tuple[dt.date, ...]:
    """Return these days, and those on which what a clause remarks about its publication changes."""
    days = set(days_of_rules(program))
    for origin in _origins(program):
        if origin.published is not None:
            days.add(origin.published)
        days.update(later.since for later in origin.pending)
    return tuple(sorted(days))


def _origins(program: Program) -> Iterator[Provenance]:
    for definition in program.definitions.values():
        yield from (version.provenance for version in definition.versions)
        yield from (clause.provenance for clause in definition.exceptions)
    for parameter in program.parameters.values():
        yield parameter.provenance
        for dated in parameter.values:
            yield parameter.origin_of(dated)
