"""From a CSV file to the rows of a reference table: one column a key, named by it, and one named `valeur`."""

from __future__ import annotations

import re
from pathlib import Path

import attrs

from optam_rules.base.diagnostics import Diagnostic
from optam_rules.core.program import Program
from optam_rules.core.references import Rows, read_reference
from optam_rules.interop.csv_table import Table

_ROW = re.compile(r"[^\[]*\[([0-9]+)\](?:\.(.*))?")


def read_reference_csv(program: Program, name: str, path: Path) -> tuple[Rows, list[Diagnostic]]:
    """Read a reference table; every fault of the file has the line and the column as its path.

    Raises CallError where the header cannot be read (E537, E541).
    """
    table = Table.open(path)
    faults: list[Diagnostic] = []
    numbers: list[int] = []
    rows: list[dict[str, str]] = []
    for row in table.rows():
        if row.fault is not None:
            faults.append(attrs.evolve(row.fault, path=f"{path}:{row.line}"))
        else:
            numbers.append(row.line)
            rows.append(dict(zip(table.columns, row.cells, strict=True)))
    read, more = read_reference(program, name, rows, columns=table.columns)
    return read, faults + [_on_line(fault, path, numbers) for fault in more]


def _on_line(fault: Diagnostic, path: Path, numbers: list[int]) -> Diagnostic:
    match = _ROW.fullmatch(fault.path or "")
    if match is None:
        return attrs.evolve(fault, path=str(path))
    column = f":{match[2]}" if match[2] else ""
    return attrs.evolve(fault, path=f"{path}:{numbers[int(match[1])]}{column}")
