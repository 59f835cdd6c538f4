"""From Arrow columns of any library to the few kinds that are read: one kind of text, of list, of decimal.

A column that is not what Arrow says it is (a text outside UTF-8, lengths that disagree) is refused whole (E819), for nothing tells what
stands in it. A date that no calendar of ours has goes on as text, for the reader of records to refuse its row.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from optam_rules.base.diagnostics import Diagnostic, diagnose
from optam_rules.base.errors import CallError
from optam_rules.interop.hints import already_fills

_EPOCH = dt.date(1970, 1, 1).toordinal()
_FIRST, _LAST = 1 - _EPOCH, dt.date.max.toordinal() - _EPOCH  # days of the calendar, from the epoch
_PER_DAY = {"s": 86_400, "ms": 86_400_000, "us": 86_400_000_000, "ns": 86_400_000_000_000}


def plain_batch(batch: pa.RecordBatch, names: Sequence[str], label: str | None = None) -> pa.RecordBatch:
    """Return some columns of a batch in the kinds that are read, the batch itself where they are all of it.

    Raises CallError (E819), which tells the table by its label.
    """
    held = [batch.column(name) for name in names]
    columns, faults = [], []
    for name, column in zip(names, held, strict=True):
        try:
            columns.append(_plain(column))
        except (pa.ArrowInvalid, pa.ArrowNotImplementedError) as error:
            faults.append(diagnose("E819", path=label, name=name, kind=str(column.type), reason=str(error).splitlines()[0]))
    if faults:
        raise CallError(faults)
    if batch.schema.names == list(names) and all(made is column for made, column in zip(columns, held, strict=True)):
        return batch
    return pa.RecordBatch.from_arrays(columns, names=list(names)) if columns else batch.select([])


def repeated_parts(fields: Iterable[pa.Field]) -> Iterator[Diagnostic]:
    """Yield what stands twice in one struct (E537): nothing tells which of the two holds."""
    for field in fields:
        for path in _repeated(field.type, field.name):
            yield diagnose("E537", name=path, hint=already_fills(path, path))


def _repeated(kind: pa.DataType, path: str) -> Iterator[str]:
    if isinstance(kind, pa.BaseExtensionType):
        yield from _repeated(kind.storage_type, path)
    elif pa.types.is_struct(kind):
        names = [kind.field(place).name for place in range(kind.num_fields)]
        yield from (f"{path}.{name}" for name in sorted({name for name in names if names.count(name) > 1}))
        for place in range(kind.num_fields):
            yield from _repeated(kind.field(place).type, f"{path}.{names[place]}")
    elif pa.types.is_dictionary(kind) or _is_list(kind):
        yield from _repeated(kind.value_type, path)


def is_text(kind: pa.DataType) -> bool:
    """Tell whether a column of a kind that is read holds texts."""
    return bool(pa.types.is_string(kind.value_type if pa.types.is_dictionary(kind) else kind))


def _is_list(kind: pa.DataType) -> bool:
    tests = ("is_list", "is_large_list", "is_fixed_size_list", "is_list_view", "is_large_list_view")
    return any(getattr(pa.types, test)(kind) for test in tests)


def _plain(array: pa.Array) -> pa.Array:
    kind = array.type
    if isinstance(kind, pa.BaseExtensionType):
        return _plain(array.storage)
    if pa.types.is_run_end_encoded(kind):
        return _plain(pc.run_end_decode(array))
    if pa.types.is_dictionary(kind):
        return _dictionary(array)
    if _is_list(kind):
        return _list(array)
    if pa.types.is_struct(kind):
        return _struct(array)
    if pa.types.is_string(kind) or pa.types.is_large_string(kind) or pa.types.is_string_view(kind):
        array.validate(full=True)
        return array if pa.types.is_string(kind) else array.cast(pa.string())
    if pa.types.is_large_binary(kind) or pa.types.is_binary_view(kind) or pa.types.is_fixed_size_binary(kind):
        return array.cast(pa.binary())
    if pa.types.is_decimal(kind) and kind.bit_width < pa.decimal128(1).bit_width:
        return array.cast(pa.decimal128(kind.precision, kind.scale))
    if pa.types.is_date(kind) or pa.types.is_timestamp(kind):
        return _moments(array)
    return array


def _dictionary(array: pa.DictionaryArray) -> pa.Array:
    if pa.types.is_nested(array.type.value_type):
        return _plain(array.dictionary.take(array.indices))
    values = _plain(array.dictionary)
    if pa.types.is_dictionary(values.type):  # of values that are themselves numbered
        values = values.dictionary_decode()
    if values is array.dictionary and pa.types.is_int32(array.type.index_type):
        return array
    return pa.DictionaryArray.from_arrays(array.indices.cast(pa.int32()), values)


def _list(array: pa.Array) -> pa.Array:
    values = array.flatten()
    plain = _plain(values)
    if plain is values and pa.types.is_list(array.type):
        return array
    lengths = np.asarray(pc.list_value_length(array).fill_null(0)).astype(np.int64)
    offsets = pa.array(np.concatenate([np.zeros(1, np.int64), np.cumsum(lengths)]), pa.int32())  # refused where they are too large
    return pa.ListArray.from_arrays(offsets, plain, mask=array.is_null() if array.null_count else None)


def _struct(array: pa.StructArray) -> pa.Array:
    parts = array.flatten()
    plain = [_plain(part) for part in parts]
    if all(made is part for made, part in zip(plain, parts, strict=True)):
        return array
    names = [array.type.field(place).name for place in range(array.type.num_fields)]
    return pa.StructArray.from_arrays(plain, names=names, mask=array.is_null() if array.null_count else None)


def _moments(array: pa.Array) -> pa.Array:
    """Return dates and moments as they are where the calendar has them all, else as texts."""
    if pa.types.is_date32(array.type):
        numbers, low, high = array.cast(pa.int32()), _FIRST, _LAST
    else:
        numbers = array.cast(pa.int64())
        day = _PER_DAY["ms" if pa.types.is_date64(array.type) else array.type.unit]
        low, high = (_FIRST + 1) * day, (_LAST - 1) * day  # a day aside, for what a time zone adds
    held = pc.min_max(numbers).as_py()
    if held["min"] is None or (held["min"] >= low and held["max"] <= high):
        return array
    return array.cast(pa.string())
