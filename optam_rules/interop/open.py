"""From the path of a file to the reader of its format, told by its name and, for CSV, by its header."""

from __future__ import annotations

from collections.abc import Mapping
from os.path import isfile
from pathlib import Path

from optam_rules.base.diagnostics import diagnose
from optam_rules.base.errors import CallError
from optam_rules.core.program import Program
from optam_rules.interop.annuaire import AnnuaireRecords, is_annuaire
from optam_rules.interop.companions import companion_names
from optam_rules.interop.csv_records import CsvRecords
from optam_rules.interop.csv_table import Table
from optam_rules.interop.fhir import FhirRecords, is_fhir
from optam_rules.interop.json_lines import JsonLinesRecords
from optam_rules.interop.json_records import JsonRecords
from optam_rules.interop.raw import RecordFile

ARROW_SUFFIXES = (".arrow", ".feather", ".ipc")
COLUMNAR_SUFFIXES = (".parquet", *ARROW_SUFFIXES)


def open_records(
    program: Program,
    path: Path,
    *,
    companions: Mapping[str, Path] | None = None,
    ignore_unknown_fields: bool = False,
) -> RecordFile:
    """Open a file of records: `.json`, `.jsonl` or `.ndjson`, `.csv`.

    The Annuaire santé is known by its columns, FHIR resources by their type.

    The companions of `cabinet.csv` are `cabinet.exercices.csv` and `cabinet.groupes.csv` where these stand beside it, unless they are
    named. Raises CallError for a file that cannot be read at all (E530 to E546), and OSError where the system refuses it.
    """
    match path.suffix.lower():
        case ".json" | ".jsonl" | ".ndjson" if is_fhir(path):
            return FhirRecords(program, path)
        case ".json":
            return JsonRecords.open(program, path)
        case ".jsonl" | ".ndjson":
            return JsonLinesRecords(program, path)
        case ".csv":
            if is_annuaire(Table.open(path)):
                return AnnuaireRecords(program, path)
            beside = companions_beside(program, path) if companions is None else companions
            return CsvRecords(program, path, beside, ignore_unknown_fields=ignore_unknown_fields)
        case _:
            raise CallError([diagnose("E546", name=path.name)])


def companions_beside(program: Program, path: Path) -> dict[str, Path]:
    """Return the companion files that stand beside a main one, by the datum that they fill."""
    found: dict[str, Path] = {}
    for name in companion_names(program):
        for spelled in (name, f"{name}s"):
            other = path.with_name(f"{path.stem}.{spelled}{path.suffix}")
            if isfile(other):  # a name too long is that of no file
                found[name] = other
    return found
