"""From one Arrow column to a column of the backend, with the rows that the reader of records must look at.

A row is doubtful where its cell is not plainly a value of the type within its bounds; whether it is a fault, and which, the reader of
records alone says. Forms of a type that have no quick way (amounts as text, rates as fractions) are read by it, once a distinct value.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any, cast

import attrs
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from optam_rules.backends.columnar import ratio
from optam_rules.backends.columnar.content import MAX_BITS, Bits, Codes, Content, Days, Flags, of_constants, take
from optam_rules.backends.columnar.frame import Unread, statuses
from optam_rules.backends.columnar.layouts import BY_NUMPY, Layouts
from optam_rules.backends.columnar.ratio import Array
from optam_rules.backends.columnar.vector import UNKNOWN, Vec, all_rows
from optam_rules.base.calendar import Duration
from optam_rules.base.numbers import Number
from optam_rules.core.bounds import is_outside, numerators
from optam_rules.core.drafts import NOT_APPLICABLE
from optam_rules.core.ir import Scalarlike
from optam_rules.core.program import EnumSpec, FieldSpec
from optam_rules.core.scalars import MAX_TEXT, Refusal, read_scalar
from optam_rules.core.types import EnumType, Scalar, SetType, Type

_EPOCH = dt.date(1970, 1, 1).toordinal()
_LARGEST = 2**62
# Letters, figures, punctuation and symbols: no control character, no mark of direction, nothing unassigned.
_PLAIN_TEXT = r"^[\p{L}\p{M}\p{N}\p{P}\p{S} ]*$"
_FILLERS: dict[Type, Scalarlike] = {
    Scalar.BOOLEAN: False,
    Scalar.DATE: dt.date.min,
    Scalar.DAYS: Duration(0, "jours"),
    Scalar.MONTHS: Duration(0, "mois"),
}


@attrs.frozen(eq=False)
class Read:
    """A column as read: its values, and the doubtful rows (`None`: no row is)."""

    vec: Vec
    doubtful: Array | None = None


def read_column(field: FieldSpec, array: pa.Array, enumerations: Mapping[str, EnumSpec], layouts: Layouts = BY_NUMPY) -> Read:
    """Read a column of a scalar, of values of an enumeration or of sets of them; any other is doubtful wherever it is not null."""
    nulls = array.null_count
    if nulls == len(array):
        return Read(all_rows(UNKNOWN))
    unknown = np.asarray(array.is_null()) if nulls else None
    quick = _quick(field, array, enumerations, layouts)
    if quick is not None:
        content, wrong = quick
        if wrong is not None and unknown is not None:
            wrong = wrong & ~unknown
        return Read(Vec(content, statuses(len(array), unknown)), wrong if wrong is not None and wrong.any() else None)
    if isinstance(field.type, Scalar | EnumType) and not pa.types.is_nested(array.type):
        return _by_distinct(field, array, enumerations, unknown)
    return Read(all_rows(UNKNOWN), np.ones(len(array), bool) if unknown is None else ~unknown)


Extremes = tuple[int, int]  # the least and the greatest of some integers and zero
Quick = tuple[Content, Array | None] | None  # the column and the rows out of its bounds, or nothing where there is no quick way


def _quick(field: FieldSpec, array: pa.Array, enumerations: Mapping[str, EnumSpec], layouts: Layouts) -> Quick:
    kind = array.type
    match field.type:
        case Scalar.BOOLEAN if pa.types.is_boolean(kind):
            return Flags(np.asarray(array.fill_null(False) if array.null_count else array)), None
        case Scalar.INTEGER if pa.types.is_signed_integer(kind):
            nums = _integers(array)
            return _bounded(field, nums, 1, _extremes(nums))
        case Scalar.MONEY if pa.types.is_decimal128(kind) and 0 <= kind.scale <= 2:
            return _amounts(field, *_unscaled(array, layouts), 10 ** (2 - kind.scale))
        case Scalar.MONEY if pa.types.is_signed_integer(kind):
            nums = _integers(array)
            return _amounts(field, nums, None, _extremes(nums), 100)
        case Scalar.RATE | Scalar.POINTS if pa.types.is_decimal128(kind) and 0 <= kind.scale <= 18:
            nums, wide, extremes = _unscaled(array, layouts)
            content, wrong = _bounded(field, nums, 10**kind.scale, extremes)
            return content, _either(wrong, wide)
        case Scalar.DATE if pa.types.is_date32(kind):
            return _days(field, array)
        case Scalar.TEXT if pa.types.is_string(kind) and not field.optional:
            return _texts(array)
        case SetType(EnumType(name)) if pa.types.is_list(kind) and len(enumerations[name].values) <= MAX_BITS:
            return _sets(tuple(enumerations[name].values), array)
        case _:
            return None


def _integers(array: pa.Array) -> Array:
    wide = array.cast(pa.int64())
    return np.asarray(wide.fill_null(0) if wide.null_count else wide)


def _either(first: Array | None, second: Array | None) -> Array | None:
    return second if first is None else first if second is None else first | second


def unread_decimals(field: FieldSpec, array: pa.Array) -> Unread | None:
    """Return a column of decimals as it is laid out, where its integers are what is asked for and zero is within its bounds."""
    kind = array.type
    if not pa.types.is_decimal128(kind) or array.null_count:
        return None
    if not (kind.scale == 2 if field.type is Scalar.MONEY else field.type in (Scalar.RATE, Scalar.POINTS) and 0 <= kind.scale <= 18):
        return None
    den = 1 if field.type is Scalar.MONEY else 10**kind.scale
    low, high = numerators(cast("Number | None", field.low), cast("Number | None", field.high), den, _LARGEST)
    return Unread(_halves(array), den, low, high) if low <= 0 <= high else None


def _halves(array: pa.Array) -> Array:
    return np.frombuffer(array.buffers()[1], np.int64)[2 * array.offset : 2 * (array.offset + len(array))]


def _unscaled(array: pa.Array, layouts: Layouts) -> tuple[Array, Array | None, Extremes]:
    """Return the integers of a column of decimals, the rows where they do not fit 62 bits, and the least and greatest of the others."""
    both = _halves(array)
    # From the pool of Arrow, whose pages serve batch after batch.
    low = np.frombuffer(pa.allocate_buffer(8 * len(array)), np.int64)
    least, most, beyond = layouts.split(both, low)
    if not array.null_count and not beyond and least >= -_LARGEST and most <= _LARGEST:
        return low, None, (least, most)
    null = np.asarray(array.is_null())
    wide = (both[1::2] != low >> 63) | (low > _LARGEST) | (low < -_LARGEST)
    wide &= ~null
    nums = np.where(null | wide, 0, low)
    return nums, wide if wide.any() else None, _extremes(nums)


def _extremes(nums: Array) -> Extremes:
    return int(nums.min(initial=0)), int(nums.max(initial=0))


def _amounts(field: FieldSpec, nums: Array, wide: Array | None, extremes: Extremes, scale: int) -> tuple[Content, Array | None]:
    room = _LARGEST // scale
    if scale == 1:
        content, wrong = _bounded(field, nums, 1, extremes)
        return content, _either(wrong, wide)
    beyond = (nums > room) | (nums < -room)
    cents = np.where(beyond, 0, nums) * scale
    content, wrong = _bounded(field, cents, 1, _extremes(cents))
    return content, _either(_either(wrong, wide), np.broadcast_to(beyond, nums.shape) if beyond.any() else None)


def _bounded(field: FieldSpec, nums: Array, den: int, extremes: Extremes) -> tuple[Content, Array | None]:
    """Return numbers over one denominator, those out of the field's bounds as zero and wrong; `extremes` are theirs, 0 among them."""
    least, most = numerators(cast("Number | None", field.low), cast("Number | None", field.high), den, _LARGEST)
    dens = np.full(1, den, np.int64)
    lowest, highest = extremes
    if least <= lowest and highest <= most:
        return ratio.within(nums, dens, max(-lowest, highest)), None
    wrong = (nums < least) | (nums > most)
    if wrong.any():
        nums = np.where(wrong, 0, nums)
    return ratio.fractions(nums, dens), wrong if wrong.any() else None


def _days(field: FieldSpec, array: pa.Array) -> tuple[Content, Array | None]:
    ordinals = np.asarray(array.cast(pa.int32()).fill_null(0)).astype(np.int64) + _EPOCH
    low, high = cast("dt.date", field.low or dt.date.min), cast("dt.date", field.high or dt.date.max)
    wrong = (ordinals < low.toordinal()) | (ordinals > high.toordinal())
    return Days(np.where(wrong, 1, ordinals)), wrong


def _texts(array: pa.Array) -> tuple[Content, Array | None]:
    plain = pc.and_(pc.match_substring_regex(array, _PLAIN_TEXT), pc.less_equal(pc.utf8_length(array), MAX_TEXT)).fill_null(True)
    return _LazyTexts(array).content(), ~np.asarray(plain)


@attrs.frozen(eq=False)
class _LazyTexts:
    """Texts, each a place among the distinct ones."""

    array: pa.Array

    def content(self) -> Codes:
        """Return the texts of the column; a null is whatever stands first."""
        encoded = self.array.dictionary_encode()
        codes = np.asarray(encoded.indices.fill_null(0)).astype(np.int64)
        return Codes(codes, tuple(encoded.dictionary.to_pylist()) or ("",))


def _sets(domain: tuple[str, ...], array: pa.Array) -> Quick:
    values = array.flatten()
    if not (pa.types.is_string(values.type) or pa.types.is_dictionary(values.type)):
        return None
    encoded = values if pa.types.is_dictionary(values.type) else values.dictionary_encode()
    places = {value: place for place, value in enumerate(domain)}
    moved = np.array([places.get(text, -1) for text in encoded.dictionary.to_pylist()] or [-1], np.int64)
    codes = np.asarray(encoded.indices.fill_null(0)).astype(np.int64)
    found = np.where(np.asarray(values.is_null()), -1, moved[codes]) if len(codes) else codes
    lengths = np.asarray(pc.list_value_length(array).fill_null(0)).astype(np.int64)
    parents = np.repeat(np.arange(len(array)), lengths)
    bits = np.where(found < 0, 0, np.int64(1) << np.maximum(found, 0))
    masks, sums = np.zeros(len(array), np.int64), np.zeros(len(array), np.int64)
    np.bitwise_or.at(masks, parents, bits)
    np.add.at(sums, parents, bits)
    wrong = masks != sums  # a value twice
    wrong[parents[found < 0]] = True
    return Bits(masks, domain), wrong


def _by_distinct(field: FieldSpec, array: pa.Array, enumerations: Mapping[str, EnumSpec], unknown: Array | None) -> Read:
    """Read each distinct cell as the reader of records would."""
    encoded = array if pa.types.is_dictionary(array.type) else array.dictionary_encode()
    codes = np.asarray(encoded.indices.fill_null(0)).astype(np.int64)
    values: list[Scalarlike] = []
    absent: list[bool] = []
    wrong: list[bool] = []
    filler = _filler(field.type, enumerations)
    for raw in encoded.dictionary.to_pylist():
        not_there = field.optional and raw == NOT_APPLICABLE
        found = filler if not_there else read_scalar(field.type, raw, enumerations)
        refused = isinstance(found, Refusal) or (not not_there and is_outside(field, found))
        values.append(filler if isinstance(found, Refusal) or refused else found)
        absent.append(not_there)
        wrong.append(refused)
    not_applicable = np.array(absent, bool)[codes]
    if unknown is not None:
        not_applicable &= ~unknown
    content = _domain_codes(field.type, values, enumerations) if isinstance(field.type, EnumType) else of_constants(values, field.type)
    doubtful = np.array(wrong, bool)[codes]
    if unknown is not None:
        doubtful &= ~unknown
    status = statuses(len(array), unknown, not_applicable if not_applicable.any() else None)
    return Read(Vec(take(content, codes), status), doubtful if doubtful.any() else None)


def _filler(type_: Type, enumerations: Mapping[str, EnumSpec]) -> Scalarlike:
    if isinstance(type_, EnumType):
        return next(iter(enumerations[type_.name].values))
    return "" if type_ is Scalar.TEXT else _FILLERS.get(type_, 0)


def _domain_codes(type_: EnumType, values: list[Scalarlike], enumerations: Mapping[str, EnumSpec]) -> Content:
    """Return values of an enumeration as places among all of its values: batches then share one domain."""
    domain = tuple(enumerations[type_.name].values)
    places: dict[Any, int] = {value: place for place, value in enumerate(domain)}
    return Codes(np.array([places[value] for value in values], np.int64), domain)
