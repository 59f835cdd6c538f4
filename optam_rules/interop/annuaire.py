"""From the Annuaire santé of the CNAM, one row a practitioner at one address, to raw records; what codes mean is data.

Columns are taken by name. No name of a person leaves the reader: records are called by their line (`ligne-42`), and rows that seem
to be one practitioner are reported by their lines.
"""

from __future__ import annotations

import hashlib
import tomllib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from operator import itemgetter
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import attrs

from optam_rules._resources import shipped
from optam_rules.base.diagnostics import Diagnostic, diagnose
from optam_rules.base.errors import CallError
from optam_rules.base.suggestions import nearest
from optam_rules.core.program import FieldSpec, Program
from optam_rules.core.scalars import shown
from optam_rules.core.types import EntityType, EnumType
from optam_rules.interop.csv_table import Table
from optam_rules.interop.hints import known_codes, near_column
from optam_rules.interop.names import NameIndex
from optam_rules.interop.raw import RawRecord


@attrs.frozen
class _Coded:
    """A column of codes and the datum it fills: `empty` is what an empty cell says of the first step of its path."""

    path: tuple[str, ...]
    column: str
    codes: Mapping[str, str]
    refuses: bool
    empty: str | None

    @property
    def name(self) -> str:
        """The path as written."""
        return ".".join(self.path)


@attrs.frozen
class AnnuaireMapping:
    """How the columns and codes of the file become data: read from a TOML file, checked against a program when a file is opened."""

    attribution: str
    judged_column: str
    judged: frozenset[str]
    alike: tuple[str, ...]
    fields: tuple[_Coded, ...]

    @classmethod
    def read(cls, text: str) -> AnnuaireMapping:
        """Read the TOML form."""
        data = tomllib.loads(text)
        fields = tuple(
            _Coded(tuple(name.split(".")), spec["colonne"], dict(spec["codes"]), spec["inconnu"] == "refus", spec.get("vide"))
            for name, spec in data["champs"].items()
        )
        judged = data["jugees"]
        return cls(data["attribution"], judged["colonne"], frozenset(judged["codes"]), tuple(data["doublons"]["colonnes"]), fields)

    @classmethod
    def shipped(cls) -> AnnuaireMapping:
        """Read the mapping that comes with the shared vocabulary."""
        return cls.read((shipped("conventions") / "commun" / "annuaire_sante.toml").read_text(encoding="utf-8"))

    def columns(self) -> tuple[str, ...]:
        """Return the columns that are needed, each once."""
        return tuple(dict.fromkeys([self.judged_column, *(field.column for field in self.fields), *self.alike]))


@attrs.define
class AnnuaireCounts:
    """What became of the rows; `rows` is the sum of `judged`, `refused` and all `set_aside`.

    `unknown` counts, by datum and by code, the cells whose meaning is not known and which are left unknown.
    """

    rows: int = 0
    judged: int = 0
    refused: int = 0
    set_aside: Counter[str] = attrs.field(factory=Counter)
    unknown: dict[str, Counter[str]] = attrs.field(factory=dict)


class AnnuaireRecords:
    """The practitioners of the Annuaire santé; `counts` and `alike` tell of the rows walked last, once all are.

    Raises CallError where needed columns are missing (E536, one for each), or where the mapping names what the vocabulary lacks (E545).
    """

    others = None

    def __init__(self, program: Program, path: Path, mapping: AnnuaireMapping | None = None) -> None:
        self._program = program
        self.mapping = mapping if mapping is not None else AnnuaireMapping.shipped()
        self._table = Table.open(path)
        faults = [*_missing(self.mapping, self._table), *_wrong_values(self.mapping, program)]
        if faults:
            raise CallError([attrs.evolve(fault, path=str(path)) for fault in faults])
        self._place = {name: self._table.columns.index(name) for name in self.mapping.columns()}
        self._identifying = next(iter(program.main.fields))
        self._alike: NameIndex | None = None
        self.counts = AnnuaireCounts()

    def __iter__(self) -> Iterator[RawRecord]:
        """Yield the practitioners and the refused rows; rows set aside are counted only."""
        self.close()
        self._alike = NameIndex()
        self.counts = counts = AnnuaireCounts(unknown={field.name: Counter() for field in self.mapping.fields})
        kind, judged = self._place[self.mapping.judged_column], self.mapping.judged
        who = itemgetter(*(self._place[name] for name in self.mapping.alike))
        for row in self._table.rows():
            counts.rows += 1
            if row.fault is None and row.cells[kind] not in judged:
                counts.set_aside[shown(row.cells[kind])] += 1
                continue
            raw, fault = self._raw(row.cells, row.line) if row.fault is None else ({}, row.fault)
            if fault is not None:
                counts.refused += 1
                yield RawRecord(row.line, f"ligne-{row.line}", None, (fault,))
                continue
            counts.judged += 1
            self._alike.add("", _fingerprint(who(row.cells)), row.line)
            yield RawRecord(row.line, f"ligne-{row.line}", raw)
        self._alike.seal()

    def _raw(self, cells: Sequence[str], line: int) -> tuple[dict[str, Any], Diagnostic | None]:
        raw: dict[str, Any] = {self._identifying: f"ligne-{line}"}
        for field in self.mapping.fields:
            code = cells[self._place[field.column]].strip()
            value = field.codes.get(code)
            if value is not None:
                target = raw
                for step in field.path[:-1]:
                    target = target.setdefault(step, {})
                target[field.path[-1]] = value
            elif not code and field.empty is not None:
                raw[field.path[0]] = field.empty
            elif code and field.refuses:
                return raw, diagnose("E538", path=field.name, found=shown(code), hint=known_codes(field.codes))
            elif code or not field.refuses:
                self.counts.unknown[field.name][shown(code)] += 1
        return raw, None

    def alike(self) -> Iterator[tuple[int, ...]]:
        """Yield the lines of rows that agree on name and specialty: likely one practitioner at several addresses."""
        yield from self._alike.repeated() if self._alike is not None else ()

    def alike_counts(self) -> tuple[int, int]:
        """Return how many practitioners seem to stand several times, and on how many rows in all."""
        return self._alike.repeated_counts() if self._alike is not None else (0, 0)

    def close(self) -> None:
        """Release what the last walk has left."""
        if self._alike is not None:
            self._alike.close()
            self._alike = None

    def __enter__(self) -> Self:
        """Return the file itself."""
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        """Release what the last walk has left."""
        self.close()


def is_annuaire(table: Table) -> bool:
    """Tell whether the header of a CSV file is that of the Annuaire santé: the columns of codes are there."""
    return {"type_ps_code", "secteur_conventionnel_code"} <= set(table.columns)


def _fingerprint(cells: tuple[str, ...] | str) -> str:
    """Return what stands for a person in the index: sixteen bytes that do not tell the name."""
    text = "\0".join(cell.strip().casefold() for cell in cells) if isinstance(cells, tuple) else cells
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()


def _missing(mapping: AnnuaireMapping, table: Table) -> Iterator[Diagnostic]:
    needed = mapping.columns()
    for name in needed:
        if name not in table.columns:
            near = nearest(name, (column for column in table.columns if column not in needed))
            yield diagnose("E536", name=name, hint=near_column(near))


def _wrong_values(mapping: AnnuaireMapping, program: Program) -> Iterator[Diagnostic]:
    for field in mapping.fields:
        spec = _field_at(program, field.path)
        values = program.enumerations[spec.type.name].values if spec is not None and isinstance(spec.type, EnumType) else {}
        for value in dict.fromkeys(field.codes.values()):
            if value not in values:
                yield diagnose("E545", name=field.name, found=value)


def _field_at(program: Program, path: Sequence[str]) -> FieldSpec | None:
    entity, spec = program.main, None
    for step in path:
        spec = entity.fields.get(step)
        if spec is None:
            return None
        if isinstance(spec.type, EntityType):
            entity = program.entities[spec.type.name]
    return spec
