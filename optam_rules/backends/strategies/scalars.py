"""From a datum of a scalar type to a strategy of its raw values: the constants of the rules and their neighbours first, then any.

Some values are drawn as placeholders: an `Echo` repeats a number drawn elsewhere in the same case, an `Away` lies at a duration that
the rules name from the day of the case. `settle` puts the values in their place, so that equalities and delays are met.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any, cast

import attrs
from hypothesis import strategies as st

from optam_rules.backends.strategies.harvest import STEP, Harvest
from optam_rules.base.calendar import DateOverflowError, Duration, MonthEnd, add
from optam_rules.base.numbers import Number, simplify
from optam_rules.core.ir import Constant
from optam_rules.core.program import FieldSpec
from optam_rules.core.types import EnumType, Scalar, Type
from optam_rules.core.values import to_json

# Where a datum has no bounds of its own, and where larger values would only read badly: 100,000 €, 300 %.
_DEFAULTS: Mapping[Type, tuple[Number, Number]] = {
    Scalar.INTEGER: (-1000, 1000),
    Scalar.MONEY: (0, 10_000_000),
    Scalar.RATE: (0, 3),
    Scalar.POINTS: (-1, 1),
}
# Plain values come first, so that a shrunk witness shows them.
_PLAIN: Mapping[Type, tuple[Number, ...]] = {
    Scalar.INTEGER: (0, 1, 2, 10),
    Scalar.MONEY: (10_000_000, 5_000_000, 1_000_000, 10_000, 0),
    Scalar.RATE: (Fraction(1, 4), Fraction(1, 2), 0, 1, Fraction(5, 4)),
    Scalar.POINTS: (Fraction(1, 100), 0),
}
FIRST_DAY, LAST_DAY = dt.date(1970, 1, 1), dt.date(2030, 12, 31)
# Amounts whose ratio to this one falls on a rate that the rules name.
_BASE = 10_000_000
_POOL = 2  # numbers of a type that a case repeats
_LONGEST = 90


@attrs.frozen
class Echo:
    """The place of a number drawn elsewhere in the case; out of the datum's bounds, the nearest bound."""

    type: Type
    index: int
    low: Number
    high: Number


@attrs.frozen
class Away:
    """A date as far from the day of the case as a duration that the rules name, give or take a day."""

    duration: Duration
    further: int
    low: dt.date
    high: dt.date


@attrs.frozen
class Scalars:
    """Draws values of scalar types; `constants` is what the rules name, nothing where a search must do without."""

    enumerations: Mapping[str, tuple[str, ...]]
    constants: Harvest

    def pools(self) -> st.SearchStrategy[dict[Type, list[Number]]]:
        """Draw the numbers that the echoes of a case repeat."""
        return st.fixed_dictionaries({type_: st.lists(self._any(type_), min_size=_POOL, max_size=_POOL) for type_ in STEP})

    def of_field(self, entity: str, field: FieldSpec) -> st.SearchStrategy[Any]:
        """Draw a value of a datum: as often as any other, one beside what a rule compares this datum with."""
        anyone = self.value(field.type, field)
        step = dt.timedelta(days=1) if field.type is Scalar.DATE else STEP.get(field.type)
        own = cast("Sequence[Any]", self.constants.fields.get((entity, field.name), ()))
        if not own or step is None:
            return anyone
        low, high = (field.low, field.high) if field.type is Scalar.DATE else limits(field, field.type)
        near = [value + delta for value in own for delta in (0 * step, step, -step)]
        inside = [value for value in near if (low is None or low <= value) and (high is None or value <= high)]
        return st.one_of(st.sampled_from([to_json(value, field.type) for value in inside]), anyone) if inside else anyone

    def value(self, type_: Type, field: FieldSpec) -> st.SearchStrategy[Any]:
        """Draw a raw value, or a placeholder that `settle` makes one."""
        match type_:
            case EnumType(name):
                return _named_first(self.constants.words.get(type_, ()), self.enumerations[name])
            case Scalar.BOOLEAN:
                return st.booleans()
            case Scalar.TEXT:
                return st.sampled_from([*self.constants.words.get(type_, ()), "x", "y"])
            case Scalar.DATE:
                return self._date(cast("dt.date | None", field.low) or FIRST_DAY, cast("dt.date | None", field.high) or LAST_DAY)
            case Scalar.DAYS | Scalar.MONTHS:
                return self._duration(type_, field).map(lambda duration: str(duration))
            case _:
                low, high = limits(field, type_)
                echoes = st.integers(0, _POOL - 1).map(lambda index: Echo(type_, index, low, high))
                return st.one_of(self.number(type_, low, high).map(lambda value: to_json(value, type_)), echoes)

    def key(self, field: FieldSpec) -> st.SearchStrategy[Any]:
        """Draw a raw value that tells elements of a list apart: no placeholder."""
        if field.type in STEP:
            low, high = limits(field, field.type)
            return self.number(field.type, low, high).map(lambda value: to_json(value, field.type))
        return self.value(field.type, field).map(lambda value: value if not isinstance(value, Away) else value.low.isoformat())

    def number(self, type_: Type, low: Number, high: Number) -> st.SearchStrategy[Number]:
        """Draw a number within bounds."""
        step = STEP[type_]
        near = [value + delta for value in self._named(type_) for delta in (0, step, -step)]
        choices = [value for value in dict.fromkeys([*_PLAIN[type_], *near]) if low <= value <= high]
        top = min(high, max(_DEFAULTS[type_][1], low))
        steps = st.integers(0, int((top - low) / step)).map(lambda count: simplify(Fraction(low + count * step)))
        return st.one_of(st.sampled_from(choices), steps) if choices else steps

    def day(self, low: dt.date, high: dt.date) -> st.SearchStrategy[dt.date]:
        """Draw a date: those that the rules name and the days beside them, then any."""
        near = [day + dt.timedelta(days=delta) for day in self.constants.dates for delta in (0, -1, 1) if dt.date.min < day < dt.date.max]
        choices = [day for day in dict.fromkeys(near) if low <= day <= high]
        anywhere = st.dates(low, high)
        return st.one_of(st.sampled_from(choices), anywhere) if choices else anywhere

    def _any(self, type_: Type) -> st.SearchStrategy[Number]:
        return self.number(type_, *_DEFAULTS[type_])

    def _named(self, type_: Type) -> Sequence[Number]:
        """Return the numbers of a type that the rules name; amounts also where their ratio to a round one is a rate that they name."""
        found = self.constants.numbers.get(type_, ())
        if type_ is not Scalar.MONEY:
            return found
        products = [_BASE * rate for rate in self.constants.numbers.get(Scalar.RATE, ())]
        return [*found, *(simplify(Fraction(product)) for product in products if product.denominator == 1)]

    def _date(self, low: dt.date, high: dt.date) -> st.SearchStrategy[Any]:
        fixed = self.day(low, high).map(dt.date.isoformat)
        if not self.constants.durations:
            return fixed
        signed = [d for duration in self.constants.durations for d in (Duration(-duration.count, duration.unit), duration)]
        away = st.builds(Away, st.sampled_from(signed), st.sampled_from([0, -1, 1]), st.just(low), st.just(high))
        return st.one_of(fixed, fixed, away)

    def _duration(self, type_: Type, field: FieldSpec) -> st.SearchStrategy[Duration]:
        unit = "jours" if type_ is Scalar.DAYS else "mois"
        low, high = cast("int | None", field.low), cast("int | None", field.high)
        counts = st.integers(0 if low is None else low, _LONGEST if high is None else high)
        named = [d.count + delta for d in self.constants.durations if d.unit == unit for delta in (0, 1, -1)]
        inside = [c for c in dict.fromkeys(named) if (low is None or low <= c) and (high is None or c <= high)]
        return (st.one_of(st.sampled_from(inside), counts) if inside else counts).map(lambda count: Duration(count, unit))


def settle(raw: Any, day: dt.date, pools: Mapping[Type, Sequence[Number]]) -> Any:
    """Put values in place of the placeholders of a raw record or any part of one."""
    match raw:
        case Echo(type_, index, low, high):
            return to_json(cast("Constant", max(low, min(high, pools[type_][index]))), type_)
        case Away():
            return _reached(raw, day).isoformat()
        case dict():
            return {key: settle(value, day, pools) for key, value in raw.items()}
        case list():
            return [settle(value, day, pools) for value in raw]
        case _:
            return raw


def _reached(away: Away, day: dt.date) -> dt.date:
    try:
        found = add(add(day, away.duration, MonthEnd.LOWER), Duration(away.further, "jours"), None)
    except DateOverflowError:
        found = day
    return max(away.low, min(away.high, found))


def limits(field: FieldSpec, type_: Type) -> tuple[Number, Number]:
    """Return the bounds of a number: declared, or generous ones."""
    low, high = _DEFAULTS[type_]
    return (low if field.low is None else cast("Number", field.low)), (high if field.high is None else cast("Number", field.high))


def _named_first(named: Sequence[str], values: Sequence[str]) -> st.SearchStrategy[str]:
    """Draw a value of an enumeration, those that the rules name as often as all together."""
    first = [value for value in values if value in named]
    anyone = st.sampled_from(list(values))
    return st.one_of(st.sampled_from(first), anyone) if 0 < len(first) < len(values) else anyone
