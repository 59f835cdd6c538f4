"""From the rows of a reference table, as a caller gives them, to constants by keys; every fault with its place."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

import attrs

from optam_rules.base.diagnostics import Diagnostic, diagnose
from optam_rules.base.phrases import Phrase, did_you_mean
from optam_rules.base.suggestions import nearest
from optam_rules.core.bounds import out_of_bounds
from optam_rules.core.ir import Constant, Scalarlike
from optam_rules.core.program import Program, ReferenceTable
from optam_rules.core.scalars import Refusal, from_cell, read_scalar, shown
from optam_rules.core.types import Type
from optam_rules.core.values import plain_text

VALUE = "valeur"  # the column that is no key

Rows = Mapping[tuple[Constant, ...], Constant]


def read_references(program: Program, tables: Mapping[str, Mapping[object, object]]) -> tuple[dict[str, Rows], list[Diagnostic]]:
    """Read tables given as {name: {key or tuple of keys: value}}, keys and values raw as in a record.

    Paths of faults are `name[0]`, counting the rows from 0.
    """
    read: dict[str, Rows] = {}
    faults: list[Diagnostic] = []
    for name, rows in tables.items():
        read[name], found = _read(program, name, ((keys if isinstance(keys, tuple) else (keys,), value) for keys, value in rows.items()))
        faults += found
    return read, faults


def read_reference(
    program: Program, name: str, rows: Iterable[Mapping[str, str]], *, columns: Sequence[str] = ()
) -> tuple[Rows, list[Diagnostic]]:
    """Read a table given as rows of text, one column a key, named by it, and one named `valeur`; `columns` where there may be no row.

    Paths of faults are `name[0]`, counting the rows from 0.
    """
    table = program.references.get(name)
    if table is None:
        return {}, [_unknown(program, name)]
    wanted = [*table.keys, (VALUE, table.type)]
    held = list(rows)
    headers = [dict.fromkeys(columns, ""), *held] if columns else held
    if faults := [*_wrong_columns(name, [column for column, _ in wanted], headers)]:
        return {}, faults
    raws = [[from_cell(type_, row[column].strip()) for column, type_ in wanted] for row in held]
    return _read(program, name, ((tuple(cells[:-1]), cells[-1]) for cells in raws))


def _wrong_columns(name: str, wanted: Sequence[str], rows: Sequence[Mapping[str, str]]) -> Iterator[Diagnostic]:
    seen = dict.fromkeys(column for row in rows for column in row)
    missing = dict.fromkeys(column for row in rows for column in wanted if column not in row)
    columns = ", ".join(wanted)
    every = Phrase(f"colonnes attendues : {columns}", f"columns expected: {columns}")
    for column in missing:
        yield diagnose("E551", path=name, name=column, hint=every)
    for column in seen:
        if column not in wanted:
            near = nearest(str(column), wanted)
            yield diagnose("E551", path=name, name=shown(str(column)), hint=did_you_mean(near) or every)


def _read(program: Program, name: str, rows: Iterable[tuple[tuple[object, ...], object]]) -> tuple[Rows, list[Diagnostic]]:
    table = program.references.get(name)
    if table is None:
        return {}, [_unknown(program, name)]
    reader = _Reader(program, table)
    for index, (keys, value) in enumerate(rows):
        reader.row(keys, value, f"{name}[{index}]")
    return reader.read, reader.faults


def _unknown(program: Program, name: str) -> Diagnostic:
    near = nearest(name, program.references)
    return diagnose("E550", name=shown(name), hint=did_you_mean(near))


@attrs.define
class _Reader:
    program: Program
    table: ReferenceTable
    read: dict[tuple[Constant, ...], Constant] = attrs.field(factory=dict)
    faults: list[Diagnostic] = attrs.field(factory=list)

    def row(self, keys: tuple[object, ...], value: object, path: str) -> None:
        if len(keys) != len(self.table.keys):
            self.faults.append(diagnose("E554", path=path, found=len(keys), wanted=len(self.table.keys)))
            return
        places = zip(self.table.keys, keys, strict=True)
        read = [self._cell(type_, raw, f"{path}.{name}", name) for (name, type_), raw in places]
        found = self._cell(self.table.type, value, f"{path}.{VALUE}", VALUE)
        known = tuple(key for key in read if key is not None)
        if len(known) < len(read):
            return
        if known in self.read:
            words = " ; ".join(plain_text(key, type_) for key, (_, type_) in zip(known, self.table.keys, strict=True))
            self.faults.append(diagnose("E552", path=path, found=words))
        elif found is not None:
            self.read[known] = found

    def _cell(self, type_: Type, raw: object, path: str, name: str) -> Scalarlike | None:
        if raw is None or (isinstance(raw, str) and not raw):
            self.faults.append(diagnose("E553", path=path, name=name))
            return None
        found = read_scalar(type_, raw, self.program.enumerations)
        if isinstance(found, Refusal):
            self.faults.append(found.at(path))
            return None
        if name == VALUE and (outside := out_of_bounds(self.table, type_, raw, found, path)) is not None:
            self.faults.append(outside)
            return None
        return found
