"""From the columns of an Arrow table to raw records, as every reader gives them: nested columns, dotted names, one column a year.

Takes `adhesion` as a struct or `adhesion.option` as a column, `exercices` as a list of structs or `depassements_2013` as columns.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import attrs
import pyarrow as pa

from optam_rules.base.diagnostics import Diagnostic, diagnose
from optam_rules.base.errors import CallError
from optam_rules.core.program import Program
from optam_rules.core.vocabulary import Vocabulary
from optam_rules.interop.arrow_plain import plain_batch, repeated_parts
from optam_rules.interop.csv_columns import Column, plan
from optam_rules.interop.hints import already_fills


@attrs.frozen
class ArrowRows:
    """Reads the rows of batches of one schema. `columns` tells where each goes: a datum of the record by its own name is `None`."""

    columns: Mapping[str, Column | None]
    identifying: Mapping[str, str]  # list of numbered columns -> the datum that identifies its elements

    @classmethod
    def of(cls, program: Program, schema: pa.Schema, *, ignore_unknown_fields: bool = False) -> ArrowRows:
        """Match the columns of a schema with the data of records.

        Raises CallError for columns that nothing declares (E535) or that fill one datum twice (E537).
        """
        spec = program.main
        own = {name for name in schema.names if name in spec.fields}
        vocabulary = Vocabulary.of(program)
        found, faults = plan(vocabulary, spec.name, schema.names, apart=own, ignore_unknown_fields=ignore_unknown_fields)
        repeated = sorted({name for name in schema.names if schema.names.count(name) > 1})
        faults += [diagnose("E537", name=name, hint=already_fills(name, name)) for name in repeated]
        faults += _clashing(own, [column for column in found.columns if column is not None])
        columns = {name: column for name, column in zip(schema.names, found.columns, strict=True) if column is not None or name in own}
        faults += repeated_parts(field for field in schema if field.name in columns)
        if faults:
            raise CallError(faults)
        return cls(columns, found.identifying)

    def plain(self, batch: pa.RecordBatch) -> pa.RecordBatch:
        """Return the columns of a batch that are read, in the kinds that are. Raises CallError (E819) for one that cannot be."""
        return plain_batch(batch, tuple(self.columns))

    def raws(self, batch: pa.RecordBatch) -> list[dict[str, Any]]:
        """Return the raw record of each row: a null is a datum left out."""
        held = {name: column.to_pylist() for name, column in zip(self.columns, self.plain(batch).columns, strict=True)}
        return [self._raw({name: values[row] for name, values in held.items()}) for row in range(batch.num_rows)]

    def _raw(self, cells: Mapping[str, object]) -> dict[str, Any]:
        raw: dict[str, Any] = {}
        elements: dict[tuple[str, int], dict[str, Any]] = {}
        for name, value in cells.items():
            column = self.columns[name]
            if column is None:
                if value is not None:
                    raw[name] = value
            elif column.number is not None:
                # As in a CSV file: every number that the header names is an element, its data unknown where its cells are empty.
                key = (column.path[0], column.number)
                element = elements.setdefault(key, {self.identifying[column.path[0]]: column.number})
                if value is not None:
                    element[column.path[-1]] = value
            elif value is not None:
                target = raw
                for step in column.path[:-1]:
                    target = target.setdefault(step, {})
                target[column.path[-1]] = value
        for (name, _), element in elements.items():
            raw.setdefault(name, []).append(element)
        return raw


def _clashing(own: set[str], columns: list[Column]) -> list[Diagnostic]:
    """Refuse a record given both whole and by its parts."""
    return [
        diagnose("E537", name=column.name, hint=already_fills(column.path[0], column.path[0]))
        for column in columns
        if column.path[0] in own
    ]
