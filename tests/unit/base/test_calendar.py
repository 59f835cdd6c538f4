"""Civil dates: addition against a day-by-day oracle, intervals against sets of days."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from optam_rules.base.calendar import DateOverflowError, Duration, Interval, MonthEnd, add, days_between, overlap, uncovered

DAY = dt.date(2017, 1, 1)
DAYS = st.integers(0, 30).map(lambda n: DAY + dt.timedelta(days=n))
INTERVALS = st.builds(Interval, st.none() | DAYS, st.none() | DAYS)
UNIVERSE = [DAY + dt.timedelta(days=n) for n in range(-5, 36)]


def months_later(day: dt.date, months: int) -> tuple[int, int]:
    """Count months one by one: the oracle's year and month."""
    year, month = day.year, day.month
    for _ in range(abs(months)):
        month += 1 if months > 0 else -1
        if month == 13:
            year, month = year + 1, 1
        if month == 0:
            year, month = year - 1, 12
    return year, month


@given(st.dates(dt.date(1900, 1, 1), dt.date(2100, 1, 1)), st.integers(-40, 40), st.sampled_from(MonthEnd))
def test_months_count_one_by_one(day: dt.date, months: int, month_end: MonthEnd) -> None:
    """Adding months gives the same day of the month counted to, or the day before or after its missing one."""
    year, month = months_later(day, months)
    try:
        expected = dt.date(year, month, day.day)
    except ValueError:
        first_of_next = dt.date(year + month // 12, month % 12 + 1, 1)
        expected = first_of_next if month_end is MonthEnd.UPPER else first_of_next - dt.timedelta(days=1)
    assert expected == add(day, Duration(months, "mois"), month_end)


@pytest.mark.parametrize(
    ("day", "months", "lower", "upper"),
    [
        ("2017-01-31", 1, "2017-02-28", "2017-03-01"),
        ("2016-01-31", 1, "2016-02-29", "2016-03-01"),
        ("2016-02-29", 12, "2017-02-28", "2017-03-01"),
        ("2017-03-31", -1, "2017-02-28", "2017-03-01"),
        ("2017-12-31", 1, "2018-01-31", "2018-01-31"),
    ],
)
def test_month_ends(day: str, months: int, lower: str, upper: str) -> None:
    """Each rule of month ends gives its own day, and both the same where the day exists."""
    duration = Duration(months, "mois")
    assert dt.date.fromisoformat(lower) == add(dt.date.fromisoformat(day), duration, MonthEnd.LOWER)
    assert dt.date.fromisoformat(upper) == add(dt.date.fromisoformat(day), duration, MonthEnd.UPPER)


def test_a_missing_day_needs_a_rule() -> None:
    """Without a rule, a day that the month lacks is refused, and one that it has is given."""
    with pytest.raises(ValueError, match="no day 31"):
        add(dt.date(2017, 1, 31), Duration(1, "mois"), None)
    assert dt.date(2017, 2, 28) == add(dt.date(2017, 1, 28), Duration(1, "mois"), None)


@pytest.mark.parametrize("duration", [Duration(1, "jours"), Duration(1, "mois"), Duration(10**30, "mois"), Duration(10**30, "jours")])
def test_dates_past_the_calendar_are_refused(duration: Duration) -> None:
    """A date after the year 9999 is an overflow, whatever the unit and the size."""
    with pytest.raises(DateOverflowError):
        add(dt.date.max, duration, MonthEnd.LOWER)


def test_the_last_day_rounded_up_overflows() -> None:
    """A month end rounded past 31 December 9999 is an overflow, not a crash; rounded down it exists."""
    assert dt.date(9999, 2, 28) == add(dt.date(9998, 12, 31), Duration(2, "mois"), MonthEnd.LOWER)
    with pytest.raises(DateOverflowError):
        add(dt.date(1, 1, 31), Duration(-1, "mois"), MonthEnd.LOWER)


def test_days_between_dates() -> None:
    """31 August - 2 August is 29 days, and the other way round -29."""
    assert Duration(29, "jours") == days_between(dt.date(2017, 8, 31), dt.date(2017, 8, 2))
    assert Duration(-29, "jours") == days_between(dt.date(2017, 8, 2), dt.date(2017, 8, 31))


@given(INTERVALS, INTERVALS)
def test_intersection_holds_the_days_of_both(one: Interval, other: Interval) -> None:
    """A day is in the intersection where it is in both intervals."""
    both = one.intersect(other)
    assert [day in one and day in other for day in UNIVERSE] == [day in both for day in UNIVERSE]


@given(INTERVALS, INTERVALS)
def test_covers_is_inclusion(one: Interval, other: Interval) -> None:
    """An interval covers another where each day of the other, far past and future included, is its own."""
    far = [dt.date.min, dt.date.max, *UNIVERSE]
    assert all(day in one for day in far if day in other) == one.covers(other)


@given(INTERVALS, st.lists(INTERVALS, max_size=5))
def test_uncovered_days_are_those_of_no_part(whole: Interval, parts: list[Interval]) -> None:
    """The gaps hold exactly the days of the whole that no part holds."""
    gaps = uncovered(whole, parts)
    far = [dt.date.min, dt.date.max, *UNIVERSE]
    expected = [day in whole and not any(day in part for part in parts) for day in far]
    assert expected == [any(day in gap for gap in gaps) for day in far]


@given(st.lists(INTERVALS, max_size=5))
def test_overlap_finds_a_shared_day(intervals: list[Interval]) -> None:
    """Two intervals come out where some day belongs to two, and none otherwise."""
    far = [dt.date.min, dt.date.max, *UNIVERSE]
    shared = any(sum(day in interval for interval in intervals) > 1 for day in far)
    found = overlap(intervals)
    assert shared == (found is not None)
    if found:
        assert not found[0].intersect(found[1]).empty
