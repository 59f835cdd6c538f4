"""From a raw record in the common forms to a record of the core at once, by a function compiled for the entity; from any other to nothing.

It tells no fault and knows no rule of its own: a datum is taken as it stands only in a form that `scalars` would give back unchanged, and
goes to `scalars` otherwise. At the first doubt (a datum refused or outside its bounds, a field that no entity declares, a record that may
name another one) the reader of drafts reads the whole record, and tells all that is wrong with it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from fractions import Fraction
from functools import lru_cache, partial
from math import ceil, floor
from operator import itemgetter
from typing import Any, cast

import attrs

from optam_rules.base.numbers import MAX_DIGITS, Number
from optam_rules.core.bounds import is_outside
from optam_rules.core.controls import broken_controls
from optam_rules.core.drafts import MAX_ITEMS, NOT_APPLICABLE
from optam_rules.core.ir import Scalarlike
from optam_rules.core.program import EntitySpec, FieldSpec
from optam_rules.core.record import Absent, Record
from optam_rules.core.scalars import MAX_TEXT, Refusal, read_scalar
from optam_rules.core.types import EntityType, EnumType, ListType, Scalar, SetType, Type
from optam_rules.core.vocabulary import Vocabulary

_LIMIT = 10**MAX_DIGITS - 1
_KEPT = 1_024  # texts of each rate, date and duration read before: they come again and again
_PARSED = frozenset({Scalar.RATE, Scalar.POINTS, Scalar.DATE, Scalar.DAYS, Scalar.MONTHS})


class DoubtError(Exception):
    """The record is not in the common forms."""


@attrs.frozen(eq=False)
class QuickReader:
    """Reads records of the main entity of one vocabulary."""

    _function: Callable[[object], Record]

    @classmethod
    def of(cls, vocabulary: Vocabulary, ignore_unknown_fields: bool) -> QuickReader:
        """Compile the reader of a vocabulary."""
        return cls(_Maker(vocabulary, ignore_unknown_fields).function(vocabulary.program.main, ()))

    def read(self, raw: object) -> Record | None:
        """Return the record, or nothing where there is any doubt."""
        try:
            return self._function(raw)
        except DoubtError:
            return None


@attrs.frozen
class _Maker:
    """Writes one function an entity."""

    vocabulary: Vocabulary
    ignore_unknown_fields: bool

    def function(self, spec: EntitySpec, within: tuple[str, ...]) -> Callable[[object], Record]:
        """Return the function of an entity; `within` names those around it."""
        names: dict[str, Any] = {"Record": Record, "DoubtError": DoubtError, "Absent": Absent, "UNKNOWN": Absent.UNKNOWN}
        names |= {"NOTHING": frozenset(), "FIELDS": frozenset(spec.fields), "Fraction": Fraction, "broken": partial(_broken, spec)}
        fields = {name: f"v{place}" for place, name in enumerate(spec.fields)}
        lines = ["if raw.__class__ is not dict: raise DoubtError", "absent = []", *self._taken(fields, names)]
        amounts = [f"v{place}" for place, field in enumerate(spec.fields.values()) if field.type is Scalar.MONEY]
        together = len(amounts) > 1
        if together:
            lines += _together(amounts, names)
        for place, field in enumerate(spec.fields.values()):
            names[f"other{place}"] = self._other(spec, field, (*within, spec.name))
            one_by_one = _datum(field, place, list(self._forms(field, place, names)))
            if together and field.type is Scalar.MONEY:
                lines += ["if amounts is None:", *(f"    {line}" for line in one_by_one)]
                lines += [f"elif not ({_within(field, 100 * _LIMIT, natural=True).format(f'v{place}')}): raise DoubtError"]
            else:
                lines += one_by_one
        lines.append(f"values = {{{', '.join(f'{name!r}: {value}' for name, value in fields.items())}}}")
        if spec.controls:
            lines.append("if broken(values): raise DoubtError")
        lines.append(f"return Record({spec.name!r}, values, frozenset(absent) if absent else NOTHING)")
        source = "\n".join(["def read(raw):", *(f"    {line}" for line in lines)])
        exec(compile(source, f"<reader of {spec.name}>", "exec"), names)
        return cast("Callable[[object], Record]", names["read"])

    def _taken(self, fields: Mapping[str, str], names: dict[str, Any]) -> Iterator[str]:
        """Write what takes the data out of a raw record: at once where it has them all, and no other."""
        # Names of data are written as texts, never as names of Python (S12).
        allowed = [] if self.ignore_unknown_fields else ["if not raw.keys() <= FIELDS: raise DoubtError"]
        if len(fields) > 1:
            names["taken"] = itemgetter(*fields)
            yield from ("try:", f"    {', '.join(fields.values())} = taken(raw)", "except KeyError:")
            yield from (
                f"    {line}" for line in [*allowed, "get = raw.get", *(f"{value} = get({name!r})" for name, value in fields.items())]
            )
            if allowed:
                yield from ("else:", f"    if len(raw) != {len(fields)}: raise DoubtError")
        else:
            yield from (*allowed, *(f"{value} = raw.get({name!r})" for name, value in fields.items()))

    def _forms(self, field: FieldSpec, place: int, names: dict[str, Any]) -> Iterator[str]:
        """Write the tests of the common forms of a datum, each of which leaves it as it stands or turns it into the core's unit."""
        value = f"v{place}"
        match field.type:
            case Scalar.BOOLEAN:
                yield f"if {value} is True or {value} is False: pass"
            case Scalar.INTEGER:
                yield f"if {value}.__class__ is int and {_within(field, _LIMIT).format(value)}: pass"
            case Scalar.MONEY:
                within = _within(field, _LIMIT * 100)
                # `1234.56`: a point third from the end, and nothing but digits once the first point is gone, which are the cents.
                cents = f"(cents := {value}.replace('.', '', 1)).isdigit() and cents.isascii()"
                yield f"if {value}.__class__ is str and {value}[-3:-2] == '.' and 3 < len({value}) <= {MAX_DIGITS} and {cents}:"
                yield f"    {value} = int(cents)"
                yield f"    if not ({within.format(value)}): raise DoubtError"
                yield f"elif {value}.__class__ is int and {within.format(f'{value} * 100')}: {value} *= 100"
            case Scalar.TEXT:
                fits = f"len({value}) <= {MAX_TEXT} and {value}.isascii() and {value}.isprintable()"
                yield f"if {value}.__class__ is str and {fits} and {value} != {NOT_APPLICABLE!r}: pass"
            case EnumType(name):
                names[f"values{place}"] = frozenset(self.vocabulary.program.enumerations[name].values) - {NOT_APPLICABLE}
                yield f"if {value}.__class__ is str and {value} in values{place}: pass"
            case Scalar.RATE | Scalar.POINTS:
                yield f"if {value}.__class__ is Fraction:"
                yield f"    above, below = {value}.as_integer_ratio()"
                yield f"    if not ({_LIMIT} >= below and {-_LIMIT} <= above <= {_LIMIT}{_ratio_within(field)}): raise DoubtError"
                yield f"    if below == 1: {value} = above"

    # --- what is in none of the common forms ---------------------------------------------------------------------------------

    def _other(self, spec: EntitySpec, field: FieldSpec, within: tuple[str, ...]) -> Callable[[object], object]:
        """Return what reads a datum that is given, in any form."""
        leads = field.name in self.vocabulary.leading[spec.name]
        read = self._reader_of(field, within) if not leads else None

        def other(raw: object) -> object:
            if isinstance(raw, str) and raw == NOT_APPLICABLE:
                if field.optional:
                    return Absent.NOT_APPLICABLE
                raise DoubtError
            if read is None:
                raise DoubtError
            return read(raw)

        return other

    def _reader_of(self, field: FieldSpec, within: tuple[str, ...]) -> Callable[[object], object] | None:
        match field.type:
            case EntityType(name) | ListType(EntityType(name)) if name in within:
                return None  # one in another without end: drafts count how deep
            case EntityType(name):
                return self.function(self.vocabulary.program.entities[name], within)
            case ListType(EntityType(name)):
                return self._entities(self.vocabulary.program.entities[name], within)
            case ListType(item):
                return lambda raw: tuple(self._items(field, item, raw, (list, tuple)))
            case SetType(item):
                return lambda raw: _distinct(self._items(field, item, raw, (list, tuple, set, frozenset)))
            case type_ if type_ in _PARSED:
                # A refusal is raised and so not kept.
                kept = lru_cache(maxsize=_KEPT)(lambda text: self._scalar(field, type_, text))
                return lambda raw: kept(raw) if raw.__class__ is str else self._scalar(field, type_, raw)
            case type_:
                return lambda raw: self._scalar(field, type_, raw)

    def _scalar(self, field: FieldSpec, type_: Type, raw: object) -> Scalarlike:
        found = read_scalar(type_, raw, self.vocabulary.program.enumerations)
        if isinstance(found, Refusal) or is_outside(field, found):
            raise DoubtError
        return found

    def _items(self, field: FieldSpec, item: Type, raw: object, accepted: tuple[type, ...]) -> list[Scalarlike]:
        if raw.__class__ not in accepted:
            raise DoubtError
        items = list(cast("list[object]", raw))
        if len(items) > MAX_ITEMS:
            raise DoubtError
        return [self._scalar(field, item, each) for each in items]

    def _entities(self, spec: EntitySpec, within: tuple[str, ...]) -> Callable[[object], object]:
        one = self.function(spec, within)
        first = next(iter(spec.fields.values()), None)
        told_apart = first.name if first is not None and isinstance(first.type, Scalar | EnumType) else None

        def read(raw: object) -> tuple[Record, ...]:
            if raw.__class__ is not list and raw.__class__ is not tuple:
                raise DoubtError
            items = cast("list[object]", raw)
            if len(items) > MAX_ITEMS:
                raise DoubtError
            found = tuple([one(item) for item in items])
            if told_apart is not None:
                values = [value for item in found if (value := item.values[told_apart]).__class__ is not Absent]
                if len(set(values)) < len(values):
                    raise DoubtError
            return found

        return read


def _datum(field: FieldSpec, place: int, forms: Sequence[str]) -> Iterator[str]:
    """Write what makes of a datum what the record holds: the common forms first, then one that is not given, then any other."""
    value = f"v{place}"
    yield from forms
    yield f"{'elif' if forms else 'if'} {value} is None:"
    yield from (f"    {value} = UNKNOWN", f"    absent.append({field.name!r})")
    yield from ("else:", f"    {value} = other{place}({value})")
    if field.optional:
        yield f"    if {value}.__class__ is Absent: absent.append({field.name!r})"


def _together(amounts: Sequence[str], names: dict[str, Any]) -> Iterator[str]:
    """Write what reads all the amounts of a record at once, where each is written `1234.56`."""
    # A text that holds the mark itself would be one amount too many.
    names["plain"] = re.compile(rf"(?:[0-9]{{1,37}}\.[0-9][0-9];){{{len(amounts) - 1}}}[0-9]{{1,37}}\.[0-9][0-9]").fullmatch
    yield "try:"
    yield f"    amounts = plain(';'.join(({', '.join(amounts)})))"
    yield "except TypeError:"
    yield "    amounts = None"
    yield "if amounts is not None:"
    yield f"    {', '.join(amounts)} = map(int, amounts[0].replace('.', '').split(';'))"


def _within(field: FieldSpec, limit: int, *, natural: bool = False) -> str:
    """Return the condition that an integer is within its bounds, `{}` in its place; `natural` where it is known not to be negative."""
    low = -limit if field.low is None else max(-limit, cast("Number", field.low))
    high = limit if field.high is None else min(limit, cast("Number", field.high))
    if natural and low <= 0:
        return f"{{}} <= {floor(high)}"
    return f"{ceil(low)} <= {{}} <= {floor(high)}"


def _ratio_within(field: FieldSpec) -> str:
    """Return the rest of the condition that `above / below` is within its bounds."""
    low, high = cast("Number | None", field.low), cast("Number | None", field.high)
    least = "" if low is None else f" and above * {low.denominator} >= below * {low.numerator}"
    return least + ("" if high is None else f" and above * {high.denominator} <= below * {high.numerator}")


def _broken(spec: EntitySpec, values: Mapping[str, object]) -> bool:
    return any(True for _ in broken_controls(spec, values))


def _distinct(items: list[Scalarlike]) -> frozenset[Scalarlike]:
    found = frozenset(items)
    if len(found) < len(items):
        raise DoubtError
    return found
