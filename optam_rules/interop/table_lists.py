"""From a table of records and a table of what they list, one row an element, to records with that list; rows of nobody are kept apart.

Where both tables are sorted by identifiant, a batch of each is held; else the elements of the records are, with eight bytes a record and
four an element. Either way, so are the identifiant and the rank of each row of nobody. A record that no row names has its list unknown,
not empty, as with a CSV file.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property

import attrs
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from optam_rules.backends.columnar.ratio import Array
from optam_rules.base.diagnostics import Diagnostic, diagnose
from optam_rules.base.errors import CallError
from optam_rules.base.phrases import Phrase
from optam_rules.core.scalars import describe, expected, shown
from optam_rules.core.types import Scalar
from optam_rules.interop.arrow_plain import is_text, plain_batch
from optam_rules.interop.table_sources import Source

_READ = 1 << 16  # rows of elements read at once
_MAX_FAULTS = 1_000  # told at once
_KEY, _ROW, _ELEMENT = "key", "row", "element"
_BEYOND = Phrase("une date est hors du calendrier", "a date is beyond the calendar")


@attrs.frozen(eq=False, slots=False)
class Elements:
    """A table of elements: the datum of records that they fill, what messages call it, the column that names a record, those read."""

    field: str
    label: str
    key: str
    columns: tuple[str, ...]
    source: Source

    @cached_property
    def kind(self) -> pa.DataType:
        """What an element is."""
        schema = self.source.schema
        empty = pa.RecordBatch.from_arrays([pa.nulls(0, schema.field(name).type) for name in self.columns], names=list(self.columns))
        held = plain_batch(empty, self.columns)
        return pa.struct([(name, _decoded(held.column(name)).type) for name in self.columns])

    def batches(self) -> Iterator[pa.RecordBatch]:
        """Yield identifiants, ranks of rows and elements."""
        start = 0
        for batch in self.source.batches(_READ, [self.key, *self.columns]):
            held = plain_batch(batch, (self.key, *self.columns), self.label)
            parts = [_decoded(held.column(name)) for name in self.columns]
            for part, field in zip(parts, self.kind, strict=True):
                if part.type != field.type:
                    raise CallError([diagnose("E819", path=self.label, name=field.name, kind=str(field.type), reason=_BEYOND)])
            element = pa.StructArray.from_arrays(parts, fields=list(self.kind)) if parts else pa.array([{}] * held.num_rows, self.kind)
            rows = pa.array(np.arange(start, start + held.num_rows))
            yield pa.RecordBatch.from_arrays([_decoded(held.column(0)), rows, element], names=[_KEY, _ROW, _ELEMENT])
            start += held.num_rows

    def place(self, row: int) -> str:
        """Return what messages call a row."""
        return f"{self.label}[{row}]"


@attrs.define(eq=False)
class Listed:
    """Records with their lists, a source too; the rows of nobody are known once all of the batches have been read."""

    records: Source
    name: str  # the column that names a record
    elements: Elements
    _sorted: bool = attrs.field(init=False)
    _orphans: list[pa.RecordBatch] = attrs.field(factory=list, init=False)

    def __attrs_post_init__(self) -> None:
        """Look at both columns of identifiants. Raises CallError for elements of nobody (E542) or of no text (E502)."""
        faults, in_order = _looked_at(self.elements)
        if faults:
            raise CallError(faults)
        self._sorted = in_order and _in_order(_texts(self.records, self.name))

    @property
    def schema(self) -> pa.Schema:
        """The columns of the records, and the list last."""
        return self.records.schema.append(pa.field(self.elements.field, pa.list_(self.elements.kind)))

    def batches(self, size: int, columns: Sequence[str] | None = None) -> Iterator[pa.RecordBatch]:
        """Yield batches of records, with their lists unless columns are named."""
        if columns is not None:
            yield from self.records.batches(size, columns)
            return
        self._orphans.clear()
        for batch, lists in self._side_by_side(size) if self._sorted else self._looked_up(size):
            yield pa.RecordBatch.from_arrays([*batch.columns, lists], schema=self.schema)

    def refused(self) -> Iterator[tuple[str, list[Diagnostic]]]:
        """Yield the identifiants of rows of nobody, in the order of the table, each with a fault a row (E539)."""
        held: tuple[str, list[Diagnostic]] | None = None
        for batch in self._orphans:
            for key, row in zip(batch.column(_KEY).to_pylist(), batch.column(_ROW).to_pylist(), strict=True):
                fault = diagnose("E539", path=self.elements.place(row), found=shown(key))
                if held is not None and held[0] == key:
                    held[1].append(fault)
                    continue
                if held is not None:
                    yield held
                held = key, [fault]
        if held is not None:
            yield held

    def _side_by_side(self, size: int) -> Iterator[tuple[pa.RecordBatch, pa.Array]]:
        """Read both tables at one pace: what comes before the last identifiant of a batch is of no use after it."""
        coming = (batch for batch in self.elements.batches() if batch.num_rows)
        held = next(coming, None)
        same: list[pa.RecordBatch] = []  # elements of the last identifiant, which may stand in the next batch too
        for batch in self.records.batches(size):
            names = _named(batch, self.name)
            keys = names.drop_null().unique()
            last = keys[-1].as_py() if len(keys) else None
            found = [self._found(part, keys, set_aside=False) for part in same]
            same = [part for part in same if last is None or part.column(_KEY)[0].as_py() == last]
            while held is not None and last is not None and held.column(_KEY)[0].as_py() <= last:
                upto = int(np.count_nonzero(np.asarray(pc.less_equal(held.column(_KEY), last))))
                part, held = held[:upto], held[upto:] if upto < held.num_rows else next(coming, None)
                found.append(self._found(part, keys, set_aside=True))
                if part.column(_KEY)[-1].as_py() == last:
                    same.append(part.filter(pc.equal(part.column(_KEY), last)))
            yield batch, _Index.of(found, len(keys), self.elements.kind).lists(_places(names, keys))
        self._orphans.extend(part.select([_KEY, _ROW]) for part in ([] if held is None else [held, *coming]))

    def _looked_up(self, size: int) -> Iterator[tuple[pa.RecordBatch, pa.Array]]:
        """Hold the elements of the records, and read these at their own pace."""
        names = pa.chunked_array(list(_texts(self.records, self.name)), pa.string())
        keys = names.drop_null().unique()
        places = _places(names, keys)
        # Looked up all at once: each lookup costs what the keys are.
        codes = _places(pa.chunked_array([_named(part, self.elements.key) for part in self._keys()], pa.string()), keys)
        del names, keys
        found, start = [], 0
        for part in self.elements.batches():
            found.append(self._split(part, codes[start : start + part.num_rows], set_aside=True))
            start += part.num_rows
        index = _Index.of(found, int(places.max(initial=-1)) + 1, self.elements.kind)
        start = 0
        for batch in self.records.batches(size):
            yield batch, index.lists(places[start : start + batch.num_rows])
            start += batch.num_rows

    def _keys(self) -> Iterator[pa.RecordBatch]:
        return self.elements.source.batches(_READ, [self.elements.key])

    def _found(self, part: pa.RecordBatch, keys: pa.Array, *, set_aside: bool) -> tuple[Array, pa.Array]:
        return self._split(part, _places(part.column(_KEY), keys), set_aside=set_aside)

    def _split(self, part: pa.RecordBatch, codes: Array, *, set_aside: bool) -> tuple[Array, pa.Array]:
        """Return the rows of somebody, and keep the others apart."""
        nobody = codes < 0
        if not nobody.any():
            return codes, part.column(_ELEMENT)
        if set_aside:
            self._orphans.append(part.select([_KEY, _ROW]).filter(pa.array(nobody)))
        return codes[~nobody], part.column(_ELEMENT).filter(pa.array(~nobody))


@attrs.frozen(eq=False)
class _Index:
    """Elements by the place of their record: the `k`-th has `lengths[k]` of them from `starts[k]` in `order`."""

    elements: pa.ChunkedArray
    order: Array
    starts: Array
    lengths: Array

    @classmethod
    def of(cls, found: Sequence[tuple[Array, pa.Array]], count: int, kind: pa.DataType) -> _Index:
        """Index elements; those of one record keep their order."""
        codes = np.concatenate([np.zeros(0, np.int32), *(codes for codes, _ in found)])
        lengths = np.bincount(codes, minlength=max(count, 1))
        elements = pa.chunked_array([part for _, part in found], kind)
        return cls(elements, np.argsort(codes, kind="stable"), np.cumsum(lengths) - lengths, lengths)

    def lists(self, places: Array) -> pa.Array:
        """Return the elements of each record, null where it has none."""
        lengths = np.where(places < 0, 0, self.lengths[places])
        offsets = np.concatenate([np.zeros(1, np.int64), np.cumsum(lengths)])
        taken = self.order[np.repeat(self.starts[places] - offsets[:-1], lengths) + np.arange(offsets[-1])]
        values = self.elements.take(pa.array(taken, pa.int64())).combine_chunks()
        return pa.ListArray.from_arrays(pa.array(offsets, pa.int32()), values, mask=pa.array(lengths == 0))


def _decoded(array: pa.Array) -> pa.Array:
    return array.dictionary_decode() if pa.types.is_dictionary(array.type) else array


def _named(batch: pa.RecordBatch, name: str) -> pa.Array:
    """Return the texts of a column; what is no text names nobody."""
    column = _decoded(plain_batch(batch, (name,)).column(0))
    return column if is_text(column.type) else pa.nulls(len(column), pa.string())


def _texts(source: Source, name: str) -> Iterator[pa.Array]:
    return (_named(batch, name) for batch in source.batches(_READ, [name]))


def _places(names: pa.Array | pa.ChunkedArray, keys: pa.Array) -> Array:
    """Return the place of each text among some, -1 for one that is not there, or is null."""
    return np.asarray(pc.fill_null(pc.index_in(names, value_set=keys), -1)).astype(np.int32)


def _in_order(columns: Iterable[pa.Array]) -> bool:
    """Tell whether no text comes after a greater one; nulls stand anywhere."""
    last: str | None = None
    for column in columns:
        known = column.drop_null()
        if not len(known):
            continue
        if last is not None and known[0].as_py() < last:
            return False
        if not pc.all(pc.less_equal(known[:-1], known[1:]), min_count=0).as_py():
            return False
        last = known[-1].as_py()
    return True


def _looked_at(elements: Elements) -> tuple[list[Diagnostic], bool]:
    """Return what is wrong with the identifiants of elements, and whether they are in order."""
    faults: list[Diagnostic] = []
    in_order, last, start = True, "", 0
    for batch in elements.source.batches(_READ, [elements.key]):
        column = _decoded(plain_batch(batch, (elements.key,), elements.label).column(0))
        if not is_text(column.type) and column.null_count < len(column):
            path = f"{elements.label}.{elements.key}"
            raw = column.drop_null()[0].as_py()
            return [diagnose("E502", path=path, wanted=expected(Scalar.TEXT), found=describe(raw))], False
        held = _named(batch, elements.key)
        empty = np.asarray(pc.fill_null(pc.equal(held, ""), True))
        for row in np.nonzero(empty)[0][: _MAX_FAULTS - len(faults)].tolist():
            faults.append(diagnose("E542", path=elements.place(start + row), name=elements.key))
        if in_order and len(held) and not faults:
            in_order = last <= held[0].as_py() and _in_order([held])
            last = held[-1].as_py()
        start += len(column)
    return faults, in_order
