"""From records of the core to a frame: what the other records of a dossier tell is followed as rules ask for it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from functools import lru_cache
from typing import cast

import attrs
import numpy as np

from optam_rules.backends.columnar.content import MAX_BITS, Bits, CannotError, Codes, Content, Elements, Entity, Fixed, of_constants
from optam_rules.backends.columnar.frame import Frame, Names, statuses
from optam_rules.backends.columnar.vector import UNKNOWN, Vec, all_rows
from optam_rules.base.calendar import Duration
from optam_rules.core.asking import MAX_STEPS
from optam_rules.core.ir import Aggregate, Constant, Expr, Scalarlike
from optam_rules.core.program import EntitySpec, FieldSpec, Program
from optam_rules.core.record import Absent, FieldValue, Record
from optam_rules.core.types import EntityType, EnumType, ListType, Scalar, SetType, Type
from optam_rules.core.values import plain_text
from optam_rules.core.walk import children, subexpressions

_FILLERS: dict[Type, Scalarlike] = {
    Scalar.BOOLEAN: False,
    Scalar.TEXT: "",
    Scalar.DATE: dt.date.min,
    Scalar.DAYS: Duration(0, "jours"),
    Scalar.MONTHS: Duration(0, "mois"),
}


def frame_of(program: Program, records: Sequence[Record]) -> Frame:
    """Return the frame of records of the main entity; row `i` is record `i`."""
    loader = _Loader(program, [{id(record): ""} for record in records])
    return loader.frame(program.main, list(records), list(range(len(records))))


def most_records(program: Program) -> int:
    """Return of how many records one may be made for its judgement to stay within MAX_STEPS; of more, the interpreter says what becomes.

    Counts every expression of the program once for each record within reach, and once more for each nested aggregate.
    """
    nodes, nested = _weight(program)
    most = 1
    while (most * 2) ** nested <= MAX_STEPS // max(nodes, 1):
        most *= 2
    return most


def is_large(record: Record, most: int) -> bool:
    """Tell whether a record is made of more than so many."""
    seen: set[int] = set()
    waiting = [record]
    while waiting:
        held = waiting.pop()
        if id(held) in seen:
            continue
        seen.add(id(held))
        if len(seen) > most:
            return True
        for value in held.values.values():
            if isinstance(value, Record):
                waiting.append(value)
            elif isinstance(value, tuple):
                waiting += [item for item in value if isinstance(item, Record)]
    return False


@lru_cache(maxsize=64)
def _weight(program: Program) -> tuple[int, int]:
    """Return how many expressions a program has, and how deep its aggregates nest (at least 1)."""
    roots = [expr for definition in program.definitions.values() for expr in definition.expressions()]
    return sum(1 for root in roots for _ in subexpressions(root)), max((_nested(root) for root in roots), default=1) or 1


def _nested(expr: Expr) -> int:
    deepest = max((_nested(part) for part in children(expr)), default=0)
    return deepest + isinstance(expr, Aggregate)


@attrs.frozen(eq=False)
class _Loader:
    """Reads frames out of records. `paths` names, for each judged record, the records that were reached from it."""

    program: Program
    paths: Sequence[dict[int, str]]

    def frame(self, spec: EntitySpec, items: Sequence[Record | None], roots: Sequence[int]) -> Frame:
        """Return the frame of some records; `None` where a row has none."""

        def read(field: FieldSpec) -> Vec:
            return self._field(field, items, roots)

        def names() -> Names:
            texts = [self._path(item, root) for item, root in zip(items, roots, strict=True)]
            index = {text: code for code, text in enumerate(dict.fromkeys(texts))}
            return Names(np.array([index[text] for text in texts], np.int64), tuple(index))

        return Frame(spec, len(items), read, names, np.array(roots, np.int64))

    def _path(self, item: Record | None, root: int) -> str:
        return self.paths[root][id(item)] if item is not None else ""

    def _field(self, field: FieldSpec, items: Sequence[Record | None], roots: Sequence[int]) -> Vec:
        held = [Absent.UNKNOWN if item is None else item.get(field.name) for item in items]
        unknown = np.array([value is Absent.UNKNOWN for value in held], bool)
        if unknown.all():
            return all_rows(UNKNOWN)
        absent = np.array([value is Absent.NOT_APPLICABLE for value in held], bool)
        status = statuses(len(items), unknown if unknown.any() else None, absent if absent.any() else None)
        match field.type:
            case EntityType(name):
                content = self._entities(self.program.entities[name], field.name, held, items, roots)
            case ListType(EntityType(name)):
                content = self._lists(self.program.entities[name], field.name, held, items, roots)
            case _:
                content = self._constants(field.type, held)
        return Vec(content, status)

    def _constants(self, type_: Type, held: Sequence[FieldValue]) -> Content:
        match type_:
            case EnumType(name):
                domain = tuple(self.program.enumerations[name].values)
                places: dict[object, int] = {value: place for place, value in enumerate(domain)}
                return Codes(np.array([0 if isinstance(value, Absent) else places[value] for value in held], np.int64), domain)
            case SetType(EnumType(name)) if len(self.program.enumerations[name].values) <= MAX_BITS:
                return _sets(tuple(self.program.enumerations[name].values), held)
            case SetType() | ListType():
                distinct = {cast("Constant", value) for value in held if not isinstance(value, Absent)}
                if len(distinct) != 1:
                    raise CannotError(f"des valeurs de type `{type_}` qui diffèrent d'un dossier à l'autre")
                return Fixed(next(iter(distinct)))
            case _:
                filler = _FILLERS.get(type_, 0)
                return of_constants([filler if isinstance(value, Absent) else cast("Scalarlike", value) for value in held], type_)

    def _entities(
        self, spec: EntitySpec, name: str, held: Sequence[FieldValue], items: Sequence[Record | None], roots: Sequence[int]
    ) -> Content:
        below = [value if isinstance(value, Record) else None for value in held]
        for record, item, root in zip(below, items, roots, strict=True):
            if record is not None:
                self.paths[root].setdefault(id(record), _joined(self._path(item, root), name))
        return Entity(self.frame(spec, below, roots))

    def _lists(
        self, spec: EntitySpec, name: str, held: Sequence[FieldValue], items: Sequence[Record | None], roots: Sequence[int]
    ) -> Content:
        below: list[Record] = []
        owners: list[int] = []
        lengths: list[int] = []
        for value, item, root in zip(held, items, roots, strict=True):
            elements = cast("tuple[Record, ...]", value) if isinstance(value, tuple) else ()
            lengths.append(len(elements))
            for index, element in enumerate(elements):
                path = f"{_joined(self._path(item, root), name)}[{_label(spec, element, index)}]"
                self.paths[root].setdefault(id(element), path)
                below.append(element)
                owners.append(root)
        counts = np.array(lengths, np.int64)
        return Elements(self.frame(spec, below, owners), np.cumsum(counts) - counts, counts)


def _label(spec: EntitySpec, element: Record, index: int) -> str:
    first = next(iter(spec.fields.values()))
    key = element.get(first.name)
    return str(index) if isinstance(key, Absent | Record) else f"{first.name}={plain_text(cast('Constant', key), first.type)}"


def _joined(prefix: str, name: str) -> str:
    return f"{prefix}.{name}" if prefix else name


def _sets(domain: tuple[str, ...], held: Sequence[FieldValue]) -> Bits:
    bits = {value: 1 << place for place, value in enumerate(domain)}
    masks = [sum(bits[cast("str", item)] for item in value) if isinstance(value, frozenset) else 0 for value in held]
    return Bits(np.array(masks, np.int64), domain)
