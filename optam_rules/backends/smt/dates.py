"""Days as numbers, and their years and months as numbers that a solver relates to them: the calculus of `base.calendar`, in formulas.

From 1901 to 2099 one year in four is a leap year, without exception: within these years a date is 1461 days for each four years, 365 for
each year, the days of the months before, and the day. A date that leaves them is noted as outside, where nothing is claimed.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

import attrs
import z3

from optam_rules.backends.smt.terms import Arith, Bool, Terms, UnencodableError
from optam_rules.base.calendar import MonthEnd

FIRST, LAST = dt.date(1901, 1, 1), dt.date(2099, 12, 31)
_BASE = FIRST.toordinal()
_YEARS = LAST.year - FIRST.year + 1
_BEFORE = (0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334)  # days before each month of a year that is not leap
_LENGTHS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


@attrs.frozen(eq=False)
class Parts:
    """A date: the four-year period and the year in it, from 1901, the month from 0, the day from 1."""

    period: Arith
    year: Arith
    month: Arith
    day: Arith


@attrs.define(eq=False)
class Dates:
    """Relates days to years and months."""

    terms: Terms
    _parts: dict[int, Parts] = attrs.field(factory=dict)

    def calendar_year(self, day: Arith) -> Arith:
        """Return the civil year of a day."""
        parts = self.parts(day)
        return self.terms.computed(parts.period * 4 + parts.year + FIRST.year, parts.period, parts.year)

    def shifted(self, day: Arith, months: Arith, month_end: MonthEnd | None) -> Arith:
        """Return a day some months later (or earlier), with the rule for a day that the month lacks."""
        if month_end is None and self.terms.value_of(day) is None:
            raise UnencodableError(
                "un ajout de mois sans règle de fin de mois", "an addition of months without a rule for the end of the month"
            )
        parts = self.parts(day)
        total = parts.period * 48 + parts.year * 12 + parts.month + months
        period, year, month = self._split(self.terms.computed(total, parts.period, parts.year, parts.month, months))
        first = self._first(period, year, month)
        length = self._length(year, month)
        beyond = first + length if month_end is MonthEnd.UPPER else first + length - 1
        return z3.simplify(z3.If(parts.day <= length, first + parts.day - 1, beyond))

    def from_parts(self, year: Arith, month: Arith, day: Arith) -> tuple[Arith, Bool]:
        """Return the day of a date given by its numbers, and whether there is none."""
        terms = self.terms
        wrong = terms.some([terms.folded(month < 1), terms.folded(month > 12)])
        far = terms.some([terms.folded(year < FIRST.year), terms.folded(year > LAST.year)])
        self._leave(far)
        period, in_period, at = self._split((year - FIRST.year) * 12 + terms.either(wrong, terms.integer(0), month - 1))
        lacking = terms.some([terms.folded(day < 1), z3.simplify(day > self._length(in_period, at))])
        return z3.simplify(self._first(period, in_period, at) + day - 1), terms.some([wrong, lacking])

    def parts(self, day: Arith) -> Parts:
        """Return the parts of a day."""
        key = self.terms.key(day)
        if key not in self._parts:
            self._parts[key] = self._new_parts(day)
        return self._parts[key]

    def _new_parts(self, day: Arith) -> Parts:
        terms = self.terms
        known = terms.value_of(day)
        if known is not None:
            date = dt.date.fromordinal(int(known))
            if not FIRST <= date <= LAST:
                raise UnencodableError(f"une date hors de {FIRST.year} à {LAST.year}", f"a date outside {FIRST.year} to {LAST.year}")
            period, year = divmod(date.year - FIRST.year, 4)
            return Parts(*(terms.integer(part) for part in (period, year, date.month - 1, date.day)))
        self._leave(terms.some([day < _BASE, day > LAST.toordinal()]))
        parts = Parts(*(terms.new_integer(name) for name in ("période", "année", "mois", "jour")))
        self._bound(parts.period, parts.year, parts.month)
        terms.require(z3.And(parts.day >= 1, parts.day <= self._length(parts.year, parts.month)))
        inside = z3.And(day >= _BASE, day <= LAST.toordinal())
        terms.require(z3.Implies(inside, day == self._first(parts.period, parts.year, parts.month) + parts.day - 1))
        return parts

    def _split(self, months: Arith) -> tuple[Arith, Arith, Arith]:
        """Return the period, the year in it and the month that a number of months since January 1901 makes."""
        terms = self.terms
        months = z3.simplify(months)
        known = terms.value_of(months)
        if known is not None:
            if not 0 <= known < _YEARS * 12:
                raise UnencodableError(f"une date hors de {FIRST.year} à {LAST.year}", f"a date outside {FIRST.year} to {LAST.year}")
            return terms.integer(int(known) // 48), terms.integer(int(known) % 48 // 12), terms.integer(int(known) % 12)
        period, year, month = (terms.new_integer(name) for name in ("période", "année", "mois"))
        self._bound(period, year, month)
        inside = z3.And(months >= 0, months < _YEARS * 12)
        self._leave(z3.Not(inside))
        terms.require(z3.Implies(inside, months == period * 48 + year * 12 + month))
        return period, year, month

    def _bound(self, period: Arith, year: Arith, month: Arith) -> None:
        self.terms.require(z3.And(period >= 0, period < _YEARS // 4 + 1, year >= 0, year < 4, month >= 0, month < 12))

    def _leave(self, condition: Bool) -> None:
        if not self.terms.is_false(condition):
            self.terms.outsides.append(condition)

    def _first(self, period: Arith, year: Arith, month: Arith) -> Arith:
        """Return the first day of a month."""
        leap = z3.If(z3.And(year == 3, month >= 2), self.terms.integer(1), self.terms.integer(0))
        return period * 1461 + year * 365 + self._by_month(month, _BEFORE) + leap + _BASE

    def _length(self, year: Arith, month: Arith) -> Arith:
        leap = z3.If(z3.And(year == 3, month == 1), self.terms.integer(1), self.terms.integer(0))
        return self._by_month(month, _LENGTHS) + leap

    def _by_month(self, month: Arith, numbers: tuple[int, ...]) -> Arith:
        found: Any = self.terms.integer(numbers[-1])
        for index in range(10, -1, -1):
            found = z3.If(month == index, self.terms.integer(numbers[index]), found)
        return found
