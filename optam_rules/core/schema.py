"""From raw records to records of the core: what is one and the same is one object, and every fault is told at once.

What a raw record may hold: the types of JSON with `Decimal` for numbers (`parse_float=Decimal`), and from Python also `date`, `Fraction`,
`Decimal`, `Duration`, tuples and sets. A float is refused. Reads no file: `Others` brings the other records of the same file.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Protocol

import attrs

from optam_rules.base.diagnostics import Diagnostic, diagnose
from optam_rules.base.errors import RecordError
from optam_rules.base.phrases import Phrase
from optam_rules.core.drafts import Draft, build_alone, draft, key_of, names
from optam_rules.core.ir import Constant, Scalarlike
from optam_rules.core.program import Program
from optam_rules.core.record import Absent, Record
from optam_rules.core.references import read_reference, read_references
from optam_rules.core.scalars import Refusal, describe, read_scalar
from optam_rules.core.types import ListType, SetType, Type
from optam_rules.core.vocabulary import Vocabulary

__all__ = ["MemoryOthers", "Others", "RecordReader", "read_record", "read_reference", "read_references", "read_value"]

_MAX_READY = 20_000  # records kept for their turn
# Records of a program that are read as drafts before a function is compiled for it: a few alone do not pay for it.
WARM = 8


class Others(Protocol):
    """The raw records of one file, found by identifiant. A place is a number that the file gives to each of its records."""

    def places(self, entity: str, identifier: str) -> Sequence[int]:
        """Return the places of the records that hold this one whole, or list it among the members of a whole."""

    def at(self, place: int) -> tuple[str, object]:
        """Return the entity and the raw record at a place."""


@attrs.frozen
class MemoryOthers:
    """Raw records held in memory; places count them from 0."""

    records: Sequence[tuple[str, object]]
    index: Mapping[tuple[str, str], Sequence[int]]

    @classmethod
    def of(cls, program: Program, raws: Iterable[object], entity: str | None = None) -> MemoryOthers:
        """Index raw records of one entity (the main one by default)."""
        name = Vocabulary.of(program).entity(entity).name
        return cls.of_each(program, [(name, raw) for raw in raws])

    @classmethod
    def of_each(cls, program: Program, records: Sequence[tuple[str, object]]) -> MemoryOthers:
        """Index raw records, each with its entity."""
        vocabulary = Vocabulary.of(program)
        index: dict[tuple[str, str], list[int]] = {}
        for place, (name, raw) in enumerate(records):
            for key in dict.fromkeys(names(vocabulary, name, raw)):
                index.setdefault(key, []).append(place)
        return cls(records, index)

    def places(self, entity: str, identifier: str) -> Sequence[int]:
        """Return the places of the records that hold this one whole or list it among members."""
        return self.index.get((entity, identifier), ())

    def at(self, place: int) -> tuple[str, object]:
        """Return the entity and the raw record at a place."""
        return self.records[place]


def read_record(
    program: Program,
    raw: object,
    *,
    entity: str | None = None,
    others: Others | None = None,
    ignore_unknown_fields: bool = False,
) -> tuple[Record | None, list[Diagnostic]]:
    """Read one raw record of `entity` (the main one by default); `None` with its faults, or the record with none.

    `others` holds the raw records of the same file, this one included or not: identifiants that stand for whole records are found
    there, and one identifiant with two contents is a fault. Many records of one file are read faster by one `RecordReader`.
    """
    return RecordReader(program, others, ignore_unknown_fields=ignore_unknown_fields).read(raw, entity=entity)


def read_value(program: Program, raw: object, type_: Type) -> Constant:
    """Read one raw value of a scalar, enumeration, list or set type; raises RecordError where it does not fit."""
    if isinstance(type_, ListType | SetType):
        if not isinstance(raw, list | tuple | set | frozenset):
            wanted = Phrase("une liste de valeurs", "a list of values")
            raise RecordError([diagnose("E502", path="", wanted=wanted, found=describe(raw))])
        items = [_value(program, item, type_.item) for item in raw]
        return frozenset(items) if isinstance(type_, SetType) else tuple(items)
    return _value(program, raw, type_)


def _value(program: Program, raw: object, type_: Type) -> Scalarlike:
    found = read_scalar(type_, raw, program.enumerations)
    if isinstance(found, Refusal):
        raise RecordError([found.at("")])
    return found


class RecordReader:
    """Reads the records of one file, each when its turn comes; records of one group are read once and shared."""

    def __init__(self, program: Program, others: Others | None = None, *, ignore_unknown_fields: bool = False) -> None:
        self._vocabulary = Vocabulary.of(program)
        self._others = others
        self._ignore = ignore_unknown_fields
        self._ready: dict[int, Record] = {}
        self._short = _short_way(program, ignore_unknown_fields)

    def read(self, raw: object, *, entity: str | None = None, place: int | None = None) -> tuple[Record | None, list[Diagnostic]]:
        """Read one raw record; `place` is its own place among the others."""
        if place is not None and (ready := self._ready.pop(place, None)) is not None:
            return ready, []
        if entity is None and (quick := self._short.read(raw)) is not None and self._unnamed(quick, place):
            return quick, []
        return self.read_drafted(raw, entity=entity, place=place)

    def read_drafted(self, raw: object, *, entity: str | None = None, place: int | None = None) -> tuple[Record | None, list[Diagnostic]]:
        """Read one raw record as `read` does, the long way: by a draft, which tells every fault."""
        root, faults = draft(self._vocabulary, self._vocabulary.entity(entity).name, raw, ignore_unknown_fields=self._ignore)
        if root is None or (faults and self._alone(root, place)):
            return None, faults
        if self._alone(root, place):
            return build_alone(root), []
        from optam_rules.core.gathering import Dossier

        dossier = Dossier(self._vocabulary, self._others, self._ignore)
        dossier.open(root, faults, raw, place)
        if dossier.faults:
            return None, dossier.faults
        records = dossier.build()
        if len(self._ready) > _MAX_READY:
            self._ready.clear()
        self._ready.update((other, records[key]) for other, key in dossier.others_ready(place) if key in records)
        return records[key_of(root)], []

    def _alone(self, root: Draft, place: int | None) -> bool:
        """Tell whether a record names no other and no other names it, as most do: there is nothing to gather."""
        if any(not isinstance(root.values[name], Absent) for name in self._vocabulary.leading[root.entity.name]):
            return False
        return root.identifier is None or self._others is None or self._only_at(place, root.entity.name, root.identifier)

    def _unnamed(self, record: Record, place: int | None) -> bool:
        """Tell whether no other record of the file names this one, which names none."""
        if self._others is None or not self._vocabulary.identified_by_text(record.entity):
            return True
        identifier = record.values[self._vocabulary.identifying[record.entity].name]
        return not isinstance(identifier, str) or self._only_at(place, record.entity, identifier)

    def _only_at(self, place: int | None, entity: str, identifier: str) -> bool:
        return self._others is None or all(other == place for other in self._others.places(entity, identifier))


@attrs.define(eq=False)
class _ShortWay:
    """Reads records of the main entity in the common forms, once enough of them came for the reader to be imported and compiled."""

    vocabulary: Vocabulary
    ignore_unknown_fields: bool
    _seen: int = 0
    _read: Callable[[object], Record | None] | None = None

    def read(self, raw: object) -> Record | None:
        """Return the record, or nothing where there is any doubt or too few came before."""
        if self._read is None:
            self._seen += 1
            if self._seen <= WARM:
                return None
            from optam_rules.core.quick import QuickReader

            self._read = QuickReader.of(self.vocabulary, self.ignore_unknown_fields).read
        return self._read(raw)


@lru_cache(maxsize=64)
def _short_way(program: Program, ignore_unknown_fields: bool) -> _ShortWay:
    return _ShortWay(Vocabulary.of(program), ignore_unknown_fields)
