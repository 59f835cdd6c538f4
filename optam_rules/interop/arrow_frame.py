"""From a batch of Arrow columns to a frame of records, without a Python object a row; rows it cannot vouch for are told apart.

Reads what a practitioner holds alone: scalars, sets, one record (`adhesion`, whole or by its parts), one list of records (`exercices`, or a
column a year). Records that others may name by identifiant are left to the reader of records.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import attrs
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from optam_rules.backends.columnar.content import Content, Elements, Entity, select, to_constants
from optam_rules.backends.columnar.frame import Frame, Names, Unread, statuses
from optam_rules.backends.columnar.judge import broken_controls
from optam_rules.backends.columnar.layouts import BY_NUMPY, Layouts
from optam_rules.backends.columnar.ratio import Array, Ratio, at
from optam_rules.backends.columnar.vector import KNOWN, UNKNOWN, Vec, all_rows
from optam_rules.core.drafts import MAX_ITEMS
from optam_rules.core.program import EntitySpec, FieldSpec, Program
from optam_rules.core.types import EntityType, ListType, Type
from optam_rules.core.values import plain_text
from optam_rules.core.vocabulary import Vocabulary
from optam_rules.interop.arrow_columns import read_column, unread_decimals
from optam_rules.interop.arrow_rows import ArrowRows
from optam_rules.interop.csv_columns import Column

_SPAN = 4096  # keys this close together are told apart by their difference


@attrs.define(eq=False)
class ArrowFrame:
    """One batch: its frame, the rows that are doubtful, and how many records each row is made of."""

    program: Program
    vocabulary: Vocabulary
    rows: ArrowRows
    batch: pa.RecordBatch
    ignore_unknown_fields: bool
    layouts: Layouts = BY_NUMPY
    deferring: bool = False  # a compiled loop may read decimals itself
    doubtful: Array = attrs.field(init=False)  # once everything is `settled`
    records: Array = attrs.field(init=False)
    _vecs: dict[str, Vec] = attrs.field(factory=dict, init=False)
    _unread: dict[str, Unread] = attrs.field(factory=dict, init=False)

    def __attrs_post_init__(self) -> None:
        size = self.batch.num_rows
        self.doubtful = np.zeros(size, bool)
        self.records = np.ones(size, np.int64)
        parts: dict[str, dict[str, pa.Array]] = {}
        numbered: dict[str, list[tuple[Column, pa.Array]]] = {}
        for name, column in self.rows.columns.items():
            array = self.batch.column(name)
            if column is None:
                field = self.program.main.fields[name]
                unread = unread_decimals(field, array) if self.deferring else None
                if unread is None:
                    self._vecs[name] = self._whole(field, array)
                else:
                    self._unread[name] = unread
            elif column.number is not None:
                numbered.setdefault(column.path[0], []).append((column, array))
            elif len(column.path) == 2:
                parts.setdefault(column.path[0], {})[column.path[1]] = array
            else:
                self._doubt(array)
        for name, arrays in parts.items():
            self._vecs[name] = self._record(self.program.main.fields[name], arrays, None)
        for name, columns in numbered.items():
            self._vecs[name] = self._numbered(self.program.main.fields[name], columns)
        self.doubtful |= broken_controls(self.program, self.frame())

    def frame(self) -> Frame:
        """Return the frame; what stands in doubtful rows means nothing."""
        return Frame(self.program.main, self.batch.num_rows, self._read, lambda: Names.one(""), unread=self._unread.get)

    def settled(self) -> Array:
        """Return the doubtful rows, when all that is to be judged was: columns that no one has looked through are read for their faults."""
        for name, unread in list(self._unread.items()):
            if not unread.sound:
                self._read(self.program.main.fields[name])
        return self.doubtful

    def _read(self, field: FieldSpec) -> Vec:
        if self._unread.pop(field.name, None) is not None:
            self._vecs[field.name] = self._whole(field, self.batch.column(field.name))
        return self._vecs.get(field.name) or all_rows(UNKNOWN)

    def _doubt(self, array: pa.Array) -> Vec:
        """Leave every row that has a value to the reader of records."""
        self.doubtful |= ~np.asarray(array.is_null())
        return all_rows(UNKNOWN)

    def _whole(self, field: FieldSpec, array: pa.Array) -> Vec:
        match field.type:
            case EntityType(name) if pa.types.is_struct(array.type) and self._plain(
                name, [array.type.field(i) for i in range(array.type.num_fields)]
            ):
                return self._record(field, dict(zip(_names(array.type), array.flatten(), strict=True)), np.asarray(array.is_null()))
            case ListType(EntityType(name)) if pa.types.is_list(array.type) and pa.types.is_struct(array.type.value_type):
                inner = array.type.value_type
                if self._plain(name, [inner.field(i) for i in range(inner.num_fields)]):
                    return self._list(field, self.program.entities[name], array)
            case EntityType() | ListType(EntityType()):
                pass
            case _:
                return self._column(field, array, None)
        return self._doubt(array)

    def _plain(self, entity: str, fields: Sequence[pa.Field]) -> bool:
        """Tell whether records of an entity hold no other record, have no identifiant that others may use, and no unknown datum."""
        spec = self.program.entities[entity]
        if self.vocabulary.identified_by_text(entity) or any(
            _holds_records(spec.fields[f.name].type) for f in fields if f.name in spec.fields
        ):
            return False
        names = [field.name for field in fields]
        return len(set(names)) == len(names) and (self.ignore_unknown_fields or all(name in spec.fields for name in names))

    def _column(self, field: FieldSpec, array: pa.Array, parents: Array | None) -> Vec:
        read = read_column(field, array, self.program.enumerations, self.layouts)
        if read.doubtful is not None:
            if parents is None:
                self.doubtful |= read.doubtful
            else:
                self.doubtful[parents[read.doubtful]] = True
        return read.vec

    def _record(self, field: FieldSpec, arrays: Mapping[str, pa.Array], null: Array | None) -> Vec:
        """Return one record a row; given by its parts, it is known where one of them is."""
        spec = self.program.entities[_entity(field.type)]
        if null is None:
            null = np.logical_and.reduce([np.asarray(array.is_null()) for array in arrays.values()])
            if self.vocabulary.identified_by_text(spec.name) or any(_holds_records(spec.fields[name].type) for name in arrays):
                self.doubtful |= ~null
                return all_rows(UNKNOWN)
        size = self.batch.num_rows
        self.records += ~null
        vecs = {name: self._column(spec.fields[name], array, None) for name, array in arrays.items() if name in spec.fields}
        frame = Frame(spec, size, lambda datum: vecs.get(datum.name) or all_rows(UNKNOWN), lambda: Names.one(field.name))
        self.doubtful |= broken_controls(self.program, frame) & ~null
        return Vec(Entity(frame), statuses(size, null if null.any() else None))

    def _list(self, field: FieldSpec, spec: EntitySpec, array: pa.Array) -> Vec:
        null = np.asarray(array.is_null())
        lengths = np.asarray(pc.list_value_length(array).fill_null(0)).astype(np.int64)
        values = array.flatten()  # of the rows that are not null, in order
        parents = np.repeat(np.arange(len(array)), lengths)
        self.doubtful |= lengths > MAX_ITEMS
        self.doubtful[parents[np.asarray(values.is_null())]] = True
        arrays = dict(zip(_names(values.type), values.flatten(), strict=True))
        vecs = {name: self._column(spec.fields[name], held, parents) for name, held in arrays.items() if name in spec.fields}
        starts = np.cumsum(lengths) - lengths
        return self._elements(field, spec, vecs, parents, starts, lengths, null)

    def _numbered(self, field: FieldSpec, columns: Sequence[tuple[Column, pa.Array]]) -> Vec:
        """Return a list with one element for each number of the header, in every row."""
        spec = self.program.entities[_entity(field.type)]
        numbers = list(dict.fromkeys(column.number for column, _ in columns))
        size, count = self.batch.num_rows, len(numbers)
        vecs: dict[str, Vec] = {}
        for name in dict.fromkeys(column.path[-1] for column, _ in columns):
            held = {column.number: self._column(spec.fields[name], array, None) for column, array in columns if column.path[-1] == name}
            vecs[name] = _interleaved([held.get(number, all_rows(UNKNOWN)) for number in numbers], size)
        first = next(iter(spec.fields.values()))
        keys = self._column(first, pa.array(np.tile(np.array(numbers, np.int64), size)), np.repeat(np.arange(size), count))
        vecs[first.name] = keys
        parents = np.repeat(np.arange(size), count)
        lengths = np.full(size, count, np.int64)
        return self._elements(field, spec, vecs, parents, np.arange(size) * count, lengths, np.zeros(size, bool))

    def _elements(
        self, field: FieldSpec, spec: EntitySpec, vecs: Mapping[str, Vec], parents: Array, starts: Array, lengths: Array, null: Array
    ) -> Vec:
        """Return lists of records; one key twice in a row is doubtful."""
        first = next(iter(spec.fields.values()))
        keys = vecs.get(first.name) or all_rows(UNKNOWN)
        known = np.broadcast_to(keys.among(KNOWN), parents.shape)
        self.records += lengths
        codes = np.zeros(len(parents), np.int64)
        texts: list[str] = []
        if keys.content is not None and known.any():
            places = np.nonzero(known)[0]
            codes[places], texts = _coded(keys.content, places, field.name, first)
            # Elements of a row stand together: a key met twice in it is the same (row, key) twice.
            pairs = np.sort(parents[places] * (len(texts) + 1) + codes[places])
            self.doubtful[pairs[1:][pairs[1:] == pairs[:-1]] // (len(texts) + 1)] = True
        if not known.all():
            places = np.nonzero(~known)[0]
            codes[places] = len(texts) + places - starts[parents[places]]
            texts += [f"{field.name}[{rank}]" for rank in range(int(lengths.max()))]
        frame = Frame(
            spec, len(parents), lambda datum: vecs.get(datum.name) or all_rows(UNKNOWN), lambda: Names(codes, texts or [""]), parents
        )
        self.doubtful[parents[broken_controls(self.program, frame)]] = True
        return Vec(Elements(frame, starts, lengths), statuses(self.batch.num_rows, null if null.any() else None))


def _names(struct: pa.StructType) -> list[str]:
    return [struct.field(index).name for index in range(struct.num_fields)]


def _entity(type_: Type) -> str:
    match type_:
        case EntityType(name) | ListType(EntityType(name)):
            return name
    raise TypeError(f"{type_} holds no record")


def _holds_records(type_: Type) -> bool:
    return isinstance(type_, EntityType) or (isinstance(type_, ListType) and isinstance(type_.item, EntityType))


def _coded(content: Content, places: Array, name: str, first: FieldSpec) -> tuple[Array, list[str]]:
    """Return the place of each key among the distinct ones (or, for years and the like, in their range), and how paths name these."""
    if isinstance(content, Ratio) and content.whole and content.num.dtype != object:
        numbers = at(content.num, places)
        least, most = int(numbers.min()), int(numbers.max())
        if most - least < _SPAN:
            return numbers - least, [f"{name}[{first.name}={number}]" for number in range(least, most + 1)]
    keys = to_constants(content, places)
    index = {key: code for code, key in enumerate(dict.fromkeys(keys))}
    texts = [f"{name}[{first.name}={plain_text(key, first.type)}]" for key in index]
    return np.array([index[key] for key in keys], np.int64), texts


def _interleaved(vecs: Sequence[Vec], size: int) -> Vec:
    """Return columns one beside the other: row `i` of the `j`-th of `k` comes to `i * k + j`."""
    count = len(vecs)
    ranks = np.tile(np.arange(count), size)
    rows = np.repeat(np.arange(size), count)
    status = np.stack([np.broadcast_to(_status(vec), (size,)) for vec in vecs], axis=1).ravel()
    content: Content | None = None
    for rank, vec in enumerate(vecs):
        if vec.content is not None:
            spread = Vec(vec.content).take(rows).content
            content = spread if content is None or spread is None else select(ranks == rank, spread, content)
    return Vec(content, status if status.any() else None)


def _status(vec: Vec) -> Array:
    return vec.status if vec.status is not None else np.zeros(1, np.int8)
