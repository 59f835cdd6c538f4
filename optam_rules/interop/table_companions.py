"""From the tables that go with records in columns to what each fills: lists of elements, or records that others name (groups)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import attrs

from optam_rules.base.arguments import kind
from optam_rules.base.diagnostics import Diagnostic, diagnose
from optam_rules.base.errors import CallError
from optam_rules.base.phrases import Phrase
from optam_rules.core.program import FieldSpec, Program
from optam_rules.core.scalars import describe, expected
from optam_rules.core.schema import MemoryOthers
from optam_rules.core.types import ListType, Scalar
from optam_rules.core.vocabulary import Vocabulary, entity_of
from optam_rules.interop.arrow_plain import plain_batch, repeated_parts
from optam_rules.interop.companions import by_field, companion_field, companion_key
from optam_rules.interop.csv_columns import plan
from optam_rules.interop.hints import already_fills
from optam_rules.interop.open import companions_beside
from optam_rules.interop.raw import identifiant_of
from optam_rules.interop.table_lists import Elements
from optam_rules.interop.table_sources import Source, is_columnar, opened

_READ = 1 << 16
_MAX_FAULTS = 1_000  # told at once
_COLUMNS = Phrase("des données Arrow, ou le chemin d'un fichier Parquet ou Arrow", "Arrow data, or the path of a Parquet or Arrow file")
_FILES = Phrase("le chemin d'un fichier CSV, comme celui des dossiers", "the path of a CSV file, as that of the records")
WHOLE = Phrase("absent : ces dossiers portent eux-mêmes leurs listes", "left out: such records hold their lists themselves")


@attrs.frozen(eq=False)
class Companions:
    """What goes with the records: lists to join by identifiant, and raw records that they name, by entity."""

    lists: tuple[Elements, ...]
    named: Mapping[str, Sequence[dict[str, Any]]]


def companion_data(program: Program, data: object, tables: Mapping[str, object]) -> dict[str, object]:
    """Return the tables of a call and the files that stand beside that of its records, by the datum that each fills.

    Raises CallError for a name that no companion has (E543), and for a table of another form than the records are (E827).
    """
    path = Path(data) if isinstance(data, str | Path) else None
    csv = path is not None and path.suffix.lower() == ".csv"
    wanted = _FILES if csv else _COLUMNS if is_columnar(data) else WHOLE
    faults: list[Diagnostic] = []
    for name, held in tables.items():
        field = companion_field(program, name)
        fits = isinstance(held, str | Path) and Path(held).suffix.lower() == ".csv" if csv else wanted is _COLUMNS and is_columnar(held)
        if isinstance(field, Diagnostic):
            faults.append(attrs.evolve(field, path=_label(name, held)))
        elif not fits:
            what = f"`{held}`" if isinstance(held, str | Path) else kind(held)
            faults.append(diagnose("E827", name=f"tables[{name!r}]", found=what, wanted=wanted))
    if faults:
        raise CallError(faults)
    beside = companions_beside(program, path) if path is not None and "\0" not in str(path) and wanted is not WHOLE else {}
    return {**beside, **by_field(program, tables)}


@contextmanager
def companions(program: Program, records: Source, tables: Mapping[str, object], ignore_unknown_fields: bool) -> Iterator[Companions]:
    """Open the tables that go with records. Raises CallError with every fault of their headers (E535 to E537, E544)."""
    lists: list[Elements] = []
    named: dict[str, Sequence[dict[str, Any]]] = {}
    faults: list[Diagnostic] = []
    with ExitStack() as stack:
        for name, data in tables.items():
            field = program.main.fields[name]
            label = _label(name, data)
            source = stack.enter_context(opened(data))
            key = companion_key(program, field)
            columns, wrong = _columns(program, field, source, key, ignore_unknown_fields)
            if isinstance(field.type, ListType):
                wrong += _of_records(program, field, records, key)
            faults += [attrs.evolve(fault, path=fault.path or label) for fault in wrong]
            if wrong:
                continue
            if isinstance(field.type, ListType):
                lists.append(Elements(field.name, label, key, columns, source))
            else:
                raws, wrong = _raws(source, columns, key, label)
                faults += wrong
                named[entity_of(field.type) or ""] = raws
        if faults:
            raise CallError(faults)
        yield Companions(tuple(lists), named)


def with_members(program: Program, raws: Sequence[Mapping[str, Any]], named: Mapping[str, Sequence[dict[str, Any]]]) -> MemoryOthers:
    """Return the records of a call and those that they name; the members of a group are the records that name it."""
    vocabulary = Vocabulary.of(program)
    link = vocabulary.by_member.get(program.main.name)
    members: dict[str, list[object]] = {}
    for raw in raws if link is not None else ():
        if link is not None and isinstance(whole := raw.get(link.field), str):
            alone = {name: value for name, value in raw.items() if name != link.field}
            members.setdefault(whole, []).append(identifiant_of(program, raw) or alone)
    held: list[tuple[str, object]] = [(program.main.name, raw) for raw in raws]
    for entity, wholes in named.items():
        key = vocabulary.identifying[entity].name
        for whole in wholes:
            filled = link is not None and link.whole == entity and link.items not in whole
            held.append((entity, {**whole, link.items: _once(members.get(whole[key], []))} if link is not None and filled else whole))
    return MemoryOthers.of_each(program, held)


def _once(members: Sequence[object]) -> list[object]:
    """Return members, those given by identifiant each once."""
    return list({member if isinstance(member, str) else id(member): member for member in members}.values())


def _columns(
    program: Program, field: FieldSpec, source: Source, key: str, ignore_unknown_fields: bool
) -> tuple[tuple[str, ...], list[Diagnostic]]:
    """Return the columns that are read of a table, and what is wrong with its header."""
    schema = source.schema
    apart = (key,) if isinstance(field.type, ListType) else ()
    found, faults = plan(
        Vocabulary.of(program), entity_of(field.type) or "", schema.names, apart=apart, ignore_unknown_fields=ignore_unknown_fields
    )
    direct = tuple(column.name for column in found.columns if column is not None and len(column.path) == 1)
    faults += [diagnose("E535", name=column.name) for column in found.columns if column is not None and len(column.path) > 1]
    repeated = sorted(
        {name for name in schema.names if schema.names.count(name) > 1} - {word for fault in faults for _, word in fault.words}
    )
    faults += [diagnose("E537", name=name, hint=already_fills(name, name)) for name in repeated]
    faults += repeated_parts(part for part in schema if part.name in direct)
    if key not in schema.names:
        faults.append(diagnose("E536", name=key))
    return direct, faults


def _of_records(program: Program, field: FieldSpec, records: Source, key: str) -> list[Diagnostic]:
    """Return what keeps records from being given a list: not one column that names them (E536, E537), or one that fills the list (E544)."""
    names = records.schema.names
    own = [name for name in names if name in program.main.fields]
    found, _ = plan(Vocabulary.of(program), program.main.name, names, apart=own, ignore_unknown_fields=True)
    faults = [] if key in names else [diagnose("E536", name=key)]
    faults += [diagnose("E537", name=key, hint=already_fills(key, key))] if names.count(key) > 1 else []
    if field.name in own or any(column is not None and column.path[0] == field.name for column in found.columns):
        faults.append(diagnose("E544", name=field.name))
    return faults


def _raws(source: Source, columns: Sequence[str], key: str, label: str) -> tuple[list[dict[str, Any]], list[Diagnostic]]:
    """Return the raw records of a table, a null being a datum left out, and what is wrong with their identifiants (E502, E542)."""
    raws = [
        {name: value for name, value in row.items() if value is not None}
        for batch in source.batches(_READ, columns)
        for row in plain_batch(batch, tuple(columns), label).to_pylist()
    ]
    faults = []
    for row, raw in enumerate(raws):
        if raw.get(key, "") == "":
            faults.append(diagnose("E542", path=f"{label}[{row}]", name=key))
        elif not isinstance(raw[key], str):
            faults.append(diagnose("E502", path=f"{label}[{row}].{key}", wanted=expected(Scalar.TEXT), found=describe(raw[key])))
    return raws, faults[:_MAX_FAULTS]


def _label(name: str, data: object) -> str:
    """Return what messages call a table: its file, or its name in the call."""
    return str(data) if isinstance(data, str | Path) else name
