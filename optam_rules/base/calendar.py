"""Civil dates, closed intervals of days and the one implementation of date addition.

The calculus is that of Monat, Fromherz and Merigoux (ESOP 2024): years and months first, one rounding to an existing day, then days.
"""

from __future__ import annotations

import calendar as _calendar
import datetime as dt
from enum import Enum
from itertools import pairwise

import attrs

from optam_rules.base.phrases import Phrase

ONE_DAY = dt.timedelta(days=1)


class MonthEnd(Enum):
    """Which existing day stands for a day that its month lacks (31 January + 1 month)."""

    LOWER = "inférieur"
    UPPER = "supérieur"


class DateOverflowError(ValueError):
    """Raised when a date leaves the years 1 to 9999."""


@attrs.frozen
class Duration:
    """A length of time: whole months or whole days, never both."""

    count: int
    unit: str  # "mois" or "jours"

    def __str__(self) -> str:
        plural = "" if self.unit == "mois" or abs(self.count) < 2 else "s"
        return f"{self.count} {self.unit.removesuffix('s') if self.unit == 'jours' else self.unit}{plural}"


@attrs.frozen
class Interval:
    """A closed interval of days; `None` means without limit on that side."""

    start: dt.date | None = None
    end: dt.date | None = None

    def __contains__(self, day: dt.date) -> bool:
        return (self.start is None or self.start <= day) and (self.end is None or day <= self.end)

    @property
    def empty(self) -> bool:
        """Tell whether no day belongs to the interval."""
        return self.start is not None and self.end is not None and self.start > self.end

    def intersect(self, other: Interval) -> Interval:
        """Return the days of both intervals (possibly empty)."""
        starts = [day for day in (self.start, other.start) if day is not None]
        ends = [day for day in (self.end, other.end) if day is not None]
        return Interval(max(starts, default=None), min(ends, default=None))

    def covers(self, other: Interval) -> bool:
        """Tell whether every day of `other` belongs to this interval."""
        if other.empty:
            return True
        starts = self.start is None or (other.start is not None and self.start <= other.start)
        ends = self.end is None or (other.end is not None and other.end <= self.end)
        return starts and ends

    def __str__(self) -> str:
        match self.start, self.end:
            case None, None:
                return "toujours"
            case None, end:
                return f"jusqu'au {end}"
            case start, None:
                return f"depuis le {start}"
            case start, end:
                return f"du {start} au {end}"
        raise AssertionError

    @property
    def phrase(self) -> Phrase:
        """The days in words: always, until a day, since a day, or from one to another."""
        match self.start, self.end:
            case None, None:
                english = "always"
            case None, end:
                english = f"until {end}"
            case start, None:
                english = f"since {start}"
            case start, end:
                english = f"from {start} to {end}"
        return Phrase(str(self), english)


ALWAYS = Interval()


def uncovered(whole: Interval, parts: list[Interval]) -> list[Interval]:
    """Return the days of `whole` that no interval of `parts` holds, in order of time."""
    first, last = whole.start or dt.date.min, whole.end or dt.date.max
    gaps: list[Interval] = []
    cursor: dt.date | None = first  # None: past the last representable day
    bounded = [part.intersect(whole) for part in parts]
    for part in sorted((p for p in bounded if not p.empty), key=lambda p: p.start or dt.date.min):
        start, end = part.start or dt.date.min, part.end or dt.date.max
        if cursor is None:
            break
        if start > cursor:
            gaps.append(Interval(cursor, start - ONE_DAY))
        if end >= cursor:
            cursor = None if end == dt.date.max else end + ONE_DAY
    if cursor is not None and cursor <= last:
        gaps.append(Interval(cursor, last))
    return [
        Interval(
            None if gap.start == first and whole.start is None else gap.start,
            None if gap.end == last and whole.end is None else gap.end,
        )
        for gap in gaps
    ]


def overlap(intervals: list[Interval]) -> tuple[Interval, Interval] | None:
    """Return two intervals that share a day, or `None`."""
    present = sorted((i for i in intervals if not i.empty), key=lambda i: i.start or dt.date.min)
    for before, after in pairwise(present):
        if before.end is None or after.start is None or after.start <= before.end:
            return before, after
    return None


def add(day: dt.date, duration: Duration, month_end: MonthEnd | None) -> dt.date:
    """Add `duration` to `day`; `month_end` settles a day that the month lacks (S7).

    Raises DateOverflowError outside the years 1 to 9999, and ValueError where a missing day is met without a `month_end`.
    """
    try:
        if duration.unit == "jours":
            return day + dt.timedelta(days=duration.count)
        index = day.year * 12 + (day.month - 1) + duration.count
        year, month = divmod(index, 12)
        month += 1
        length = _calendar.monthrange(year, month)[1] if 1 <= year <= 9999 else 31
        if day.day <= length:
            return dt.date(year, month, day.day)
        match month_end:
            case MonthEnd.LOWER:
                return dt.date(year, month, length)
            case MonthEnd.UPPER:
                return dt.date(year, month, length) + ONE_DAY
            case None:
                raise ValueError(f"{year:04d}-{month:02d} has no day {day.day}")
    except OverflowError as error:
        raise DateOverflowError(str(error)) from error
    except ValueError as error:
        if month_end is None and "has no day" in str(error):
            raise
        raise DateOverflowError(str(error)) from error


def days_between(later: dt.date, earlier: dt.date) -> Duration:
    """Return `later - earlier` in days (negative when `later` comes first)."""
    return Duration((later - earlier).days, "jours")
