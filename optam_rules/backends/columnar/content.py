"""What a column of known values holds, by kind of type, and the few operations that every kind has.

Each array has one element a row, or a single one that holds for every row. Where a row is not known its element means nothing.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import TYPE_CHECKING, cast

import attrs
import numpy as np

from optam_rules.backends.columnar import ratio as ratios
from optam_rules.backends.columnar.ratio import Array, Ratio
from optam_rules.base.calendar import Duration
from optam_rules.base.numbers import Number
from optam_rules.core.ir import Constant, Scalarlike
from optam_rules.core.types import EnumType, Scalar, Type

if TYPE_CHECKING:
    from optam_rules.backends.columnar.frame import Frame

MAX_BITS = 63  # values of an enumeration whose sets fit one int64


class CannotError(Exception):
    """Raised where a column cannot be computed; its rows are then left to be judged one by one, and the reason is told."""


@attrs.frozen(eq=False)
class Flags:
    """Booleans."""

    values: Array


@attrs.frozen(eq=False)
class Codes:
    """Texts and values of enumerations: places in `domain`."""

    codes: Array
    domain: tuple[str, ...]


@attrs.frozen(eq=False)
class Days:
    """Dates: the number of each day, 1 January of year 1 being 1."""

    ordinals: Array


@attrs.frozen(eq=False)
class Spans:
    """Durations: counts of one unit, `jours` or `mois`."""

    counts: Array
    unit: str


@attrs.frozen(eq=False)
class Bits:
    """Sets of values of an enumeration: bit `i` tells whether `domain[i]` belongs to the set."""

    masks: Array
    domain: tuple[str, ...]


@attrs.frozen(eq=False)
class Fixed:
    """A set or list written in the law: one constant for every row."""

    value: Constant


@attrs.frozen(eq=False)
class Entity:
    """Records: the rows of a frame, all of them in order or those at `rows`."""

    frame: Frame
    rows: Array | None = None


@attrs.frozen(eq=False)
class Elements:
    """Lists of records: row `i` holds rows `starts[i]` to `starts[i] + lengths[i]` of the frame."""

    frame: Frame
    starts: Array
    lengths: Array


@attrs.frozen(eq=False)
class Several:
    """`{a ; b}`: a list or a set whose items are columns."""

    items: tuple[Content, ...]
    is_set: bool


Content = Flags | Ratio | Codes | Days | Spans | Bits | Fixed | Entity | Elements | Several


def of_constant(value: Constant, type_: Type) -> Content:
    """Return the column of a constant that holds for every row."""
    if isinstance(value, tuple | frozenset):
        return Fixed(value)
    return of_constants([value], type_)


def of_constants(values: Sequence[Scalarlike], type_: Type) -> Content:
    """Return the column of constants of one scalar or enumeration type."""
    match type_:
        case Scalar.BOOLEAN:
            return Flags(np.array(values, bool))
        case Scalar.DATE:
            return Days(np.array([cast("dt.date", value).toordinal() for value in values], np.int64))
        case Scalar.DAYS | Scalar.MONTHS:
            counts = np.array([cast("Duration", value).count for value in values], np.int64)
            return Spans(counts, "jours" if type_ is Scalar.DAYS else "mois")
        case Scalar.TEXT | EnumType():
            domain = tuple(dict.fromkeys(cast("Sequence[str]", values)))
            places = {text: place for place, text in enumerate(domain)}
            return Codes(np.array([places[cast("str", value)] for value in values], np.int64), domain)
        case Scalar():
            return ratios.of_numbers(cast("list[Number]", list(values)))
    raise CannotError(f"un constant de type `{type_}`")


def to_constants(content: Content, rows: Array) -> list[Constant]:
    """Return the constants of some rows; dates and durations as Python's, numbers in their simplest form."""
    match content:
        case Flags(values):
            return cast("list[Constant]", ratios.at(values, rows).tolist())
        case Ratio():
            return cast("list[Constant]", ratios.to_numbers(content, rows))
        case Codes(codes, domain):
            return [domain[code] for code in ratios.at(codes, rows).tolist()]
        case Days(ordinals):
            return [dt.date.fromordinal(number) for number in ratios.at(ordinals, rows).tolist()]
        case Spans(counts, unit):
            return [Duration(count, unit) for count in ratios.at(counts, rows).tolist()]
        case Bits(masks, domain):
            sets = ratios.at(masks, rows).tolist()
            return [frozenset(value for place, value in enumerate(domain) if held >> place & 1) for held in sets]
        case Fixed(value):
            return [value] * len(rows)
        case Several(items, is_set):
            columns = [to_constants(item, rows) for item in items]
            kind = frozenset if is_set else tuple
            return [cast("Constant", kind(values)) for values in zip(*columns, strict=True)]
        case _:
            raise CannotError("des enregistrements comme valeurs")


def take(content: Content, rows: Array) -> Content:
    """Return the column at some places."""
    match content:
        case Ratio():
            return ratios.take(content, rows)
        case Flags(values):
            return Flags(_gather(values, rows))
        case Codes(codes, domain):
            return Codes(_gather(codes, rows), domain)
        case Days(ordinals):
            return Days(_gather(ordinals, rows))
        case Spans(counts, unit):
            return Spans(_gather(counts, rows), unit)
        case Bits(masks, domain):
            return Bits(_gather(masks, rows), domain)
        case Fixed():
            return content
        case Entity(frame, places):
            return Entity(frame, rows if places is None else places[rows])
        case Elements(frame, starts, lengths):
            return Elements(frame, starts[rows], lengths[rows])
        case Several(items, is_set):
            return Several(tuple(take(item, rows) for item in items), is_set)


def select(mask: Array, first: Content, second: Content) -> Content:
    """Return `first` where the mask holds, else `second`; both are of one type."""
    if first is second:
        return first
    match first, second:
        case Ratio(), Ratio():
            return ratios.select(mask, first, second)
        case Flags(left), Flags(right):
            return Flags(np.where(mask, left, right))
        case Days(left), Days(right):
            return Days(np.where(mask, left, right))
        case Spans(left, unit), Spans(right, _):
            return Spans(np.where(mask, left, right), unit)
        case Codes(), Codes():
            left, right, domain = one_domain(first, second)
            return Codes(np.where(mask, left, right), domain)
        case ((Bits() | Fixed()), (Bits() | Fixed())):
            one, other = as_bits(first, second)
            return Bits(np.where(mask, one.masks, other.masks), one.domain)
    raise CannotError("un choix entre des listes ou des enregistrements")


def equal(first: Content, second: Content) -> Array:
    """Tell row by row whether two columns of one type hold the same."""
    match first, second:
        case Ratio(), Ratio():
            return ratios.compare(np.equal, first, second)
        case (Flags(left), Flags(right)) | (Days(left), Days(right)) | (Spans(left, _), Spans(right, _)):
            return np.asarray(left == right, bool)
        case Codes(), Codes():
            codes, others, _ = one_domain(first, second)
            return np.asarray(codes == others, bool)
        case Fixed(one), Fixed(other):
            return np.array([one == other])
        case ((Bits() | Fixed()), (Bits() | Fixed())):
            bits, fixed = as_bits(first, second)
            return np.asarray(bits.masks == fixed.masks, bool)
    raise CannotError("une égalité de listes ou d'enregistrements")


def one_domain(first: Codes, second: Codes) -> tuple[Array, Array, tuple[str, ...]]:
    """Return the codes of two columns of texts in one domain that holds both."""
    if first.domain is second.domain or first.domain == second.domain:
        return first.codes, second.codes, first.domain
    domain = tuple(dict.fromkeys((*first.domain, *second.domain)))
    places = {text: place for place, text in enumerate(domain)}
    moved = np.array([places[text] for text in second.domain], np.int64)
    return first.codes, moved[second.codes], domain


def as_bits(first: Bits | Fixed, second: Bits | Fixed) -> tuple[Bits, Bits]:
    """Return two columns of sets in one domain."""
    held = [column.value for column in (first, second) if isinstance(column, Fixed)]
    if not all(isinstance(value, frozenset) and all(isinstance(item, str) for item in value) for value in held):
        raise CannotError("des listes écrites de plusieurs façons")
    domain = next((column.domain for column in (first, second) if isinstance(column, Bits)), ())
    domain = tuple(dict.fromkeys([*domain, *(item for value in held for item in sorted(cast("frozenset[str]", value)))]))
    if len(domain) > MAX_BITS:
        raise CannotError("des ensembles de plus de 63 valeurs")
    return _bits(first, domain), _bits(second, domain)


def _bits(column: Bits | Fixed, domain: tuple[str, ...]) -> Bits:
    if isinstance(column, Bits):
        return Bits(column.masks, domain)
    mask = sum(1 << domain.index(cast("str", item)) for item in cast("frozenset[Constant]", column.value))
    return Bits(np.array([mask], np.int64), domain)


def _gather(column: Array, rows: Array) -> Array:
    return column if len(column) == 1 else column[rows]
