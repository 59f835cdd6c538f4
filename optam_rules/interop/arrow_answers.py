"""From columns of answers to Arrow arrays: value, status, standing, what is waited for and the code of the deciding clause.

Values: booleans, int64, euros as decimal128(38, 2), date32; a value of an enumeration is a dictionary of its names; rates and points are
text, `0.25` or `23/60`, for no column type holds every ratio exactly, or where they are asked so and the rules prove how many decimals
suffice, decimal128; durations text; a set or list a list of texts.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from decimal import Decimal
from functools import lru_cache
from typing import Any, cast

import attrs
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from optam_rules.backends.columnar.content import Codes, Content, Days, Flags, to_constants
from optam_rules.backends.columnar.judge import AnswerColumn
from optam_rules.backends.columnar.layouts import Layouts
from optam_rules.backends.columnar.ratio import Array, Ratio
from optam_rules.backends.columnar.vector import KNOWN, RECOMPUTE, UNKNOWN, Vec
from optam_rules.base.diagnostics import Diagnostic, diagnose
from optam_rules.base.numbers import Number, euros, finite_decimal
from optam_rules.base.phrases import Phrase
from optam_rules.core.clauses import clause_code
from optam_rules.core.ir import Constant
from optam_rules.core.judgement import Outcome, Status
from optam_rules.core.program import EnumSpec
from optam_rules.core.scalars import describe
from optam_rules.core.standing import Standing
from optam_rules.core.types import EnumType, ListType, Scalar, SetType, Type
from optam_rules.core.values import plain_text, to_json
from optam_rules.interop.arrow_text import decimals, ratio_texts

SUFFIXES = ("", "__status", "__standing", "__needs", "__because")

_EPOCH = dt.date(1970, 1, 1).toordinal()
# In the order of the columnar backend's numbers.
_STATUSES = (Status.KNOWN, Status.NOT_APPLICABLE, Status.ERROR, Status.CONFLICT, Status.UNKNOWN)
_STATUS_NAMES = pa.array([str(status) for status in _STATUSES], pa.string())
_STANDING_NAMES = pa.array([str(standing) for standing in Standing], pa.string())
_STATUS = pa.dictionary(pa.int8(), pa.string())
_CODE = pa.dictionary(pa.int32(), pa.string())
_NEEDS = pa.list_(pa.string())
_PRECISION = 38  # figures of a decimal128
_SHOWN_BITS = 400  # of a number written in full, about 120 digits
_TYPES: dict[Type, pa.DataType] = {
    Scalar.BOOLEAN: pa.bool_(),
    Scalar.INTEGER: pa.int64(),
    Scalar.MONEY: pa.decimal128(_PRECISION, 2),
    Scalar.DATE: pa.date32(),
}


def value_type(type_: Type, places: int | None = None) -> pa.DataType:
    """Return the Arrow type of the values of an answer; `places` are the decimals of a rate or points that is not to be text."""
    match type_:
        case Scalar.RATE | Scalar.POINTS if places is not None:
            return pa.decimal128(_PRECISION, places)
        case EnumType():
            return _CODE
        case SetType() | ListType():
            return pa.list_(pa.string())
        case _:
            return _TYPES.get(type_, pa.string())


def fits(value: Constant, type_: Type, places: int | None = None) -> bool:
    """Tell whether the column of an answer holds a value."""
    match type_:
        case Scalar.INTEGER:
            return -(2**63) <= cast("int", value) < 2**63
        case Scalar.MONEY:
            return bool(abs(cast("Number", value)) < 10**_PRECISION)
        case _ if places is not None:
            return bool(abs(cast("Number", value)) * 10**places < 10**_PRECISION)
        case _:
            return True


def too_large(path: str, value: Constant, type_: Type, places: int | None = None) -> Diagnostic:
    """Say that a value does not fit the column of its answer (E703)."""
    number = cast("Number", value)
    said = plain_text(value, type_) if number.numerator.bit_length() < _SHOWN_BITS else describe(number)
    hint = None if places is None else Phrase('`rates="text"` écrit tout taux', '`rates="text"` writes any rate')
    return diagnose("E703", path=path, name=path, value=said, kind=str(value_type(type_, places)), hint=hint)


def answer_fields(name: str, type_: Type, places: int | None = None) -> list[pa.Field]:
    """Return the columns of an answer."""
    types = (value_type(type_, places), _STATUS, _STATUS, _NEEDS, _CODE)
    return [pa.field(name + suffix, held) for suffix, held in zip(SUFFIXES, types, strict=True)]


@attrs.frozen(eq=False)
class Made:
    """The arrays of an answer, and the rows whose value its column cannot hold, each with that value; these are null."""

    arrays: list[pa.Array]
    beyond: Mapping[int, Constant]


@attrs.frozen
class Arrays:
    """Turns the answers of one path into arrays; all of one path share their dictionaries, so that they can be put together."""

    type: Type
    codes: tuple[str, ...]  # of clauses
    branches: tuple[str, ...]  # the codes that the numbers of `core.branches` stand for
    enumerations: Mapping[str, EnumSpec]
    places: int | None = None
    _clauses: pa.Array = attrs.field(init=False, eq=False)
    _names: pa.Array = attrs.field(init=False, eq=False)

    def __attrs_post_init__(self) -> None:
        object.__setattr__(self, "_clauses", _texts((*self.codes, *self.branches)))
        object.__setattr__(self, "_names", _texts(self._domain() if isinstance(self.type, EnumType) else ()))

    def of_column(self, column: AnswerColumn, size: int, layouts: Layouts, branches: AnswerColumn | None = None) -> Made:
        """Return the arrays of a column, with the branches that another tells; rows that were not judged are null."""
        vec = column.value
        clauses = column.clauses if branches is None else self._branched(column.clauses, branches.value)
        status = vec.status if vec.status is not None and vec.status.any() else np.full(1, KNOWN, np.int8)
        absent = _where(status != KNOWN, size)
        lost = _where(status == RECOMPUTE, size)
        values, beyond = self._values(vec.content, absent, size, layouts)
        arrays = [
            values,
            _codes(status, lost, size, _STATUS_NAMES, np.int8),
            _codes(np.asarray(vec.standing, np.int8), lost, size, _STANDING_NAMES, np.int8),
            _needs({need: np.broadcast_to(mask, (size,)) for need, mask in vec.needs.items()} if (status == UNKNOWN).any() else {}, size),
            _codes(clauses, _where(clauses < 0, size), size, self._clauses, np.int32),
        ]
        return Made(arrays, beyond)

    def of_outcomes(self, outcomes: Sequence[Outcome], branches: Sequence[Outcome] | None = None) -> Made:
        """Return the same arrays of answers judged one by one, with their trace."""
        places = {code: place for place, code in enumerate(self.codes)}
        clauses = [places.get(_code(outcome) or "", -1) for outcome in outcomes]
        for row, branch in enumerate(branches or ()):
            if branch.value is not None:
                clauses[row] = len(self.codes) + cast("int", branch.value)
        values, beyond = self._of_constants([outcome.value for outcome in outcomes])
        arrays = [
            values,
            _dictionary(np.array([_STATUSES.index(outcome.status) for outcome in outcomes], np.int8), None, _STATUS_NAMES, np.int8),
            _dictionary(np.array([int(outcome.standing) for outcome in outcomes], np.int8), None, _STANDING_NAMES, np.int8),
            pa.array([sorted(outcome.needs) for outcome in outcomes], _NEEDS),
            _dictionary(np.array(clauses), np.array(clauses) < 0, self._clauses, np.int32),
        ]
        return Made(arrays, beyond)

    def _branched(self, clauses: Array, branches: Vec) -> Array:
        """Return the places of codes: that of a branch where one is sure, else that of the clause."""
        if not isinstance(branches.content, Ratio):
            return clauses
        places = len(self.codes) + branches.content.num
        return places if branches.status is None else np.where(branches.status == KNOWN, places, clauses)

    def _domain(self) -> tuple[str, ...]:
        return tuple(self.enumerations[cast("EnumType", self.type).name].values)

    def _values(
        self, content: Content | None, absent: Array | None, size: int, layouts: Layouts
    ) -> tuple[pa.Array, Mapping[int, Constant]]:
        """Return the values of a column, and those that it cannot hold; those of `absent` rows are null (`None`: every row has one)."""
        if content is None or not size or (absent is not None and absent.all()):
            return self._python_array([None] * size), {}
        quick = self._quick(content, absent, size, layouts)
        if quick is not None:
            return quick, {}
        known = np.arange(size) if absent is None else np.nonzero(~absent)[0]
        constants: list[Constant | None] = [None] * size
        for place, constant in zip(known.tolist(), to_constants(content, known), strict=True):
            constants[place] = constant
        return self._of_constants(constants)

    def _of_constants(self, constants: Sequence[Constant | None]) -> tuple[pa.Array, Mapping[int, Constant]]:
        beyond = {
            row: constant for row, constant in enumerate(constants) if constant is not None and not fits(constant, self.type, self.places)
        }
        held = (None if constant is None or row in beyond else self._python(constant) for row, constant in enumerate(constants))
        return self._python_array(list(held)), beyond

    def _quick(self, content: Content, absent: Array | None, size: int, layouts: Layouts) -> pa.Array | None:
        """Return values laid out at once, `None` where they are written one by one."""
        match content:
            case Flags(values) if self.type is Scalar.BOOLEAN:
                bits = pa.py_buffer(np.packbits(np.broadcast_to(values, (size,)), bitorder="little"))
                return pa.Array.from_buffers(pa.bool_(), size, [_valid(absent), bits])
            case Days(ordinals) if self.type is Scalar.DATE:
                return pa.array((np.broadcast_to(ordinals, (size,)) - _EPOCH).astype(np.int32), pa.int32(), mask=absent).cast(pa.date32())
            case Codes(codes, domain) if isinstance(self.type, EnumType):
                places = {value: place for place, value in enumerate(self._domain())}
                moved = codes if domain == tuple(places) else np.array([places.get(value, 0) for value in domain], np.int32)[codes]
                return _codes(moved, absent, size, self._names, np.int32)
            case Ratio(num=num, bottom=1) if num.dtype != object and self.type is Scalar.INTEGER:
                return pa.array(np.array(np.broadcast_to(num, (size,))), pa.int64(), mask=absent)
            case Ratio(num=num, bottom=1) if num.dtype != object and self.type is Scalar.MONEY:
                return _decimals(np.broadcast_to(num, (size,)), absent, 2, layouts)
            case Ratio() if self.places is not None:
                scaled = decimals(content, self.places)
                if scaled is not None:
                    return _decimals(np.broadcast_to(scaled, (size,)), absent, self.places, layouts)
        if self.places is None and isinstance(content, Ratio) and self.type in (Scalar.RATE, Scalar.POINTS):
            texts = ratio_texts(content, size, absent, layouts)
            if texts is not None:
                return texts if absent is None else pc.if_else(pa.array(absent), pa.scalar(None, pa.string()), texts)
        return None

    def _python(self, constant: Constant) -> Any:
        match self.type:
            case Scalar.BOOLEAN | Scalar.INTEGER | Scalar.DATE | EnumType():
                return constant
            case Scalar.MONEY:
                return euros(cast("int", constant))
            case _ if self.places is not None:
                return Decimal(cast("str", finite_decimal(cast("Number", constant))))
            case SetType() | ListType():
                return [str(part) for part in to_json(constant, self.type)]
            case _:
                return plain_text(constant, self.type)

    def _python_array(self, values: Sequence[Any]) -> pa.Array:
        if not isinstance(self.type, EnumType):
            return pa.array(values, value_type(self.type, self.places))
        places = {value: place for place, value in enumerate(self._domain())}
        codes = np.array([0 if value is None else places[value] for value in values], np.int32)
        return _dictionary(codes, np.array([value is None for value in values], bool), self._names, np.int32)


def _code(outcome: Outcome) -> str | None:
    """Return the code of the clause that the first step of a trace names."""
    step = outcome.steps[0] if outcome.steps else None
    return clause_code(step.definition, step.taken, step.interval[0]) if step is not None and step.position is not None else None


def _where(mask: Array, size: int) -> Array | None:
    """Return the rows of a mask, `None` where there is none: what is absent nowhere needs no bitmap."""
    return np.broadcast_to(mask, (size,)) if mask.any() else None


def _texts(values: Sequence[str]) -> pa.Array:
    return pa.array(list(values), pa.string())


def _dictionary(codes: Array, absent: Array | None, domain: pa.Array, width: type) -> pa.Array:
    # A copy: an array keeps all of the memory that its numbers are in.
    held: Array = np.array(codes if absent is None else np.where(absent, 0, codes), width)
    indices = pa.array(held, mask=absent)
    return pa.DictionaryArray.from_arrays(indices, domain, safe=False)  # every code is a place of the domain


def _codes(codes: Array, absent: Array | None, size: int, domain: pa.Array, width: type) -> pa.Array:
    """Return names by their codes, one a row or one for every row; what no row changes is laid out once for all batches of a size."""
    if absent is None and size and (codes.size == 1 or codes.strides == (0,)):
        return pa.DictionaryArray.from_arrays(_everywhere(int(codes.flat[0]), size, width), domain, safe=False)
    return _dictionary(np.broadcast_to(codes, (size,)), absent, domain, width)


@lru_cache(maxsize=32)
def _everywhere(code: int, size: int, width: type) -> pa.Array:
    return pa.array(np.full(size, code, width))


@lru_cache(maxsize=8)
def _no_needs(size: int) -> pa.Array:
    return pa.ListArray.from_arrays(pa.array(np.zeros(size + 1, np.int32)), pa.array([], pa.string()))


def _valid(absent: Array | None) -> pa.Buffer | None:
    return None if absent is None else pa.py_buffer(np.packbits(~absent, bitorder="little"))


def _decimals(numbers: Array, absent: Array | None, places: int, layouts: Layouts) -> pa.Array:
    """Return int64 numbers of units of the last decimal; both halves of a decimal128 are laid out as Arrow has them."""
    halves = np.empty(2 * len(numbers), np.int64)
    layouts.join(numbers, halves)
    return pa.Array.from_buffers(pa.decimal128(_PRECISION, places), len(numbers), [_valid(absent), pa.py_buffer(halves)])


def _needs(needs: Mapping[str, Array], size: int) -> pa.Array:
    """Return the sorted list of what each row waits for."""
    names = sorted(needs)
    if not names:
        return _no_needs(size)
    rows = [np.nonzero(needs[name])[0] for name in names]
    whole = np.concatenate(rows)
    codes = np.concatenate([np.full(len(found), code) for code, found in enumerate(rows)])
    order = np.argsort(whole, kind="stable")
    offsets = np.zeros(size + 1, np.int32)
    for found in rows:
        offsets[1:][found] += 1  # no row stands twice among those of one need
    np.cumsum(offsets, out=offsets)
    texts = pa.array(names, pa.string()).take(pa.array(codes[order], pa.int64()))
    return pa.ListArray.from_arrays(pa.array(offsets), texts)
