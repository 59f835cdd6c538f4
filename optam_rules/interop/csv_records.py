"""From a CSV file, one row a practitioner, and the files that go with it, to raw records; driven by the vocabulary of a program.

A companion file is named by a datum of the main entity. For a list (`exercices`) it has one row an element and the identifiant of the
practitioner; for an entity that has an identifiant (`groupe`, or `groupes`) one row a record, whose members are the rows of the main
file that name it. Every file is read twice, rows that another names where they stand; the index is kept outside memory.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import Any, BinaryIO, Self

import attrs

from optam_rules.base.diagnostics import Diagnostic, diagnose
from optam_rules.base.errors import CallError
from optam_rules.core.drafts import MAX_ITEMS
from optam_rules.core.program import FieldSpec, Program
from optam_rules.core.scalars import shown
from optam_rules.core.types import EntityType, ListType
from optam_rules.core.vocabulary import Link, Vocabulary, entity_of
from optam_rules.interop.companions import companion_field, companion_key
from optam_rules.interop.csv_columns import Plan, plan
from optam_rules.interop.csv_table import Row, Table
from optam_rules.interop.names import NameIndex
from optam_rules.interop.raw import RawRecord, identifiant_of

_MAX_FAULTS = 1_000  # of companion files, told at once


@attrs.frozen
class _Companion:
    """A companion file: the datum it fills, its table and how its columns are read, and where the identifiant stands."""

    field: FieldSpec
    entity: str
    table: Table
    plan: Plan
    key: int
    stream: BinaryIO


class CsvRecords:
    """The records of a CSV file and its companions. Positions are the lines on which rows start, the header being the first.

    A practitioner without a row in the companion file of a list has that list unknown, not empty. Rows of the main file that cannot
    be read are refused records; a companion file with such a row is refused whole (CallError): what the row said, and of whom, is
    not known, and the lists of others would pass for complete.

    Raises CallError with every fault of the headers (E535 unknown column with the nearest, E536 missing, E537 repeated, E541 to E544)
    and of the companion files (E533, E534, E539 a row of nobody, E542).
    """

    def __init__(
        self,
        program: Program,
        path: Path,
        companions: Mapping[str, Path] | None = None,
        *,
        ignore_unknown_fields: bool = False,
    ) -> None:
        self._program = program
        self._vocabulary = Vocabulary.of(program)
        self._open = ExitStack()
        self._companions: list[_Companion] = []
        self._named = [  # the data that name a record by its identifiant
            field
            for field in program.main.fields.values()
            if isinstance(field.type, EntityType) and self._vocabulary.identified_by_text(field.type.name)
        ]
        with ExitStack() as guard:
            guard.callback(self._open.close)
            self._table = Table.open(path)
            main, faults = plan(self._vocabulary, program.main.name, self._table.columns, ignore_unknown_fields=ignore_unknown_fields)
            self._plan = main
            faults = [attrs.evolve(fault, path=str(path)) for fault in faults]
            for name, other in (companions or {}).items():
                faults += self._add_companion(name, other, ignore_unknown_fields)
            if faults:
                raise CallError(faults)
            self._files = 1 + len(self._companions) + len(self._named)
            self._stream = self._open.enter_context(path.open("rb"))
            self._index = NameIndex()
            self._open.callback(self._index.close)
            if faults := list(self._fill_index()):
                raise CallError(faults)
            guard.pop_all()

    # --- opening -----------------------------------------------------------------------------------------------------------

    def _add_companion(self, name: str, path: Path, ignore_unknown_fields: bool) -> list[Diagnostic]:
        field = companion_field(self._program, name)
        if isinstance(field, Diagnostic):
            return [attrs.evolve(field, path=str(path))]
        entity = entity_of(field.type) or ""
        table = Table.open(path)
        is_list = isinstance(field.type, ListType)
        key_name = companion_key(self._program, field)
        read, faults = plan(
            self._vocabulary,
            entity,
            table.columns,
            apart=(key_name,) if is_list else (),
            ignore_unknown_fields=ignore_unknown_fields,
        )
        if key_name not in table.columns:
            faults.append(diagnose("E536", name=key_name))
        elif is_list and any(column is not None and column.path[0] == field.name for column in self._plan.columns):
            faults.append(diagnose("E544", name=field.name))
        if not faults:
            stream = self._open.enter_context(path.open("rb"))
            self._companions.append(_Companion(field, entity, table, read, table.columns.index(key_name), stream))
        return [attrs.evolve(fault, path=str(path)) for fault in faults]

    def _fill_index(self) -> Iterator[Diagnostic]:
        """Index the main file, then the companions; yield the faults of these."""
        main = self._program.main
        for row in self._table.rows():
            if row.fault is None:
                raw, _ = self._plan.raw(row.cells)
                name = identifiant_of(self._program, raw)
                if name is not None:
                    self._index.add(main.name, name, self._place(row.offset, 0))
                for field in self._named:
                    if isinstance(whole := raw.get(field.name), str):
                        self._index.add(f"membre {field.name}", whole, row.offset, name)
        found = 0
        for number, companion in enumerate(self._companions, 1):
            for row in companion.table.rows():
                fault = self._add_row(companion, number, row)
                if fault is not None and found < _MAX_FAULTS:
                    found += 1
                    yield attrs.evolve(fault, path=f"{companion.table.path}:{row.line}")
        self._index.seal()
        for number, companion in enumerate(self._companions, 1):
            if isinstance(companion.field.type, ListType):
                yield from self._orphans(number, companion)

    def _add_row(self, companion: _Companion, number: int, row: Row) -> Diagnostic | None:
        if row.fault is not None:
            return row.fault
        name = row.cells[companion.key].strip()
        if not name:
            return diagnose("E542", name=companion.table.columns[companion.key])
        kind = f"liste {companion.field.name}" if isinstance(companion.field.type, ListType) else companion.entity
        self._index.add(kind, name, self._place(row.offset, number))
        return None

    def _orphans(self, number: int, companion: _Companion) -> Iterator[Diagnostic]:
        """Yield the rows of a companion file whose practitioner is not in the main one."""
        for row in companion.table.rows():
            name = row.cells[companion.key].strip() if row.fault is None else ""
            if name and not self._index.places(self._program.main.name, name):
                yield diagnose("E539", path=f"{companion.table.path}:{row.line}", found=shown(name))

    # --- reading -----------------------------------------------------------------------------------------------------------

    def _place(self, offset: int, file: int) -> int:
        # File 0 is the main one, then come the companions; numbers past them stand for the groups that no file describes, one a datum
        # that names them, at the first row that does.
        return offset * self._files + file

    def _main_raw(self, row: Row) -> tuple[dict[str, Any], list[Diagnostic]]:
        raw, faults = self._plan.raw(row.cells)
        name = identifiant_of(self._program, raw)
        for number, companion in enumerate(self._companions, 1):
            if name is not None and isinstance(companion.field.type, ListType):
                places = self._index.places(f"liste {companion.field.name}", name)[: MAX_ITEMS + 1]
                elements = [self._companion_row(number, place) for place in places]
                if elements:
                    raw[companion.field.name] = [raw for raw, _ in elements]
                    faults += [fault for _, found in elements for fault in found]
        return raw, faults

    def _companion_row(self, number: int, place: int) -> tuple[dict[str, Any], list[Diagnostic]]:
        companion = self._companions[number - 1]
        offset = place // self._files
        return companion.plan.raw(companion.table.row_at(offset, companion.stream).cells)

    @property
    def others(self) -> CsvRecords:
        """The records of the files by identifiant."""
        return self

    def places(self, entity: str, identifier: str) -> Sequence[int]:
        """Return the places of the rows that hold a record, or of the first that names a group no file describes."""
        found = self._index.places(entity, identifier)
        if found or any(companion.entity == entity for companion in self._companions):
            return found
        for number, field in enumerate(self._named, len(self._companions) + 1):
            first = next(self._index.notes(f"membre {field.name}", identifier), None)
            if first is not None and field.type == EntityType(entity):
                return (self._place(first[0], number),)
        return ()

    def at(self, place: int) -> tuple[str, object]:
        """Return the record at a place: a row of the main file with its lists, or a group with its members."""
        offset, file = divmod(place, self._files)
        if 0 < file <= len(self._companions):
            companion = self._companions[file - 1]
            raw, _ = self._companion_row(file, place)
            return companion.entity, self._with_members(raw, companion.entity)
        raw, _ = self._main_raw(self._row(offset))
        if file == 0:
            return self._program.main.name, raw
        field = self._named[file - len(self._companions) - 1]
        entity = entity_of(field.type) or ""
        return entity, self._with_members({self._vocabulary.identifying[entity].name: raw[field.name]}, entity)

    def _row(self, offset: int) -> Row:
        return self._table.row_at(offset, self._stream)

    def _with_members(self, raw: dict[str, Any], entity: str) -> dict[str, Any]:
        """Add the members of a group: the rows of the main file that name it, by identifiant where they have one."""
        link = self._vocabulary.by_member.get(self._program.main.name)
        name = raw.get(self._vocabulary.identifying[entity].name)
        if link is None or link.whole != entity or link.items in raw or not isinstance(name, str):
            return raw
        members: dict[object, object] = {}
        for offset, member in self._index.notes(f"membre {link.field}", name):
            members.setdefault(member if member is not None else offset, member if member is not None else self._nameless(offset, link))
        return {**raw, link.items: list(members.values())}

    def _nameless(self, offset: int, link: Link) -> dict[str, Any]:
        raw, _ = self._main_raw(self._row(offset))
        return {name: value for name, value in raw.items() if name != link.field}

    def __iter__(self) -> Iterator[RawRecord]:
        """Yield every record and every refused row of the main file."""
        for row in self._table.rows():
            if row.fault is not None:
                yield RawRecord(row.line, None, None, (row.fault,))
                continue
            raw, faults = self._main_raw(row)
            name = identifiant_of(self._program, raw)
            yield RawRecord(row.line, name, None if faults else raw, tuple(faults), self._place(row.offset, 0))

    def close(self) -> None:
        """Close the files and their index."""
        self._open.close()

    def __enter__(self) -> Self:
        """Return the file itself."""
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        """Close the files and their index."""
        self.close()
