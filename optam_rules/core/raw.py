"""From a record of the core back to a raw one, as JSON writes it: what `schema` reads from it is the same record again."""

from __future__ import annotations

from typing import Any, cast

from optam_rules.core.drafts import NOT_APPLICABLE
from optam_rules.core.ir import Constant
from optam_rules.core.program import Program
from optam_rules.core.record import Absent, Record
from optam_rules.core.values import to_json
from optam_rules.core.vocabulary import Vocabulary


def raw_record(program: Program, record: Record) -> dict[str, Any]:
    """Return the raw form of a record: unknown data left out, each identified record whole once and by its identifiant after that."""
    return cast("dict[str, Any]", _raw(Vocabulary.of(program), record, None, set()))


def _raw(vocabulary: Vocabulary, record: Record, enclosing: Record | None, written: set[int]) -> object:
    identifying = vocabulary.identifying.get(record.entity)
    if id(record) in written and identifying is not None:
        return record.get(identifying.name)
    written.add(id(record))
    form: dict[str, object] = {}
    for name, spec in vocabulary.program.entities[record.entity].fields.items():
        value = record.get(name)
        if value is Absent.NOT_APPLICABLE:
            form[name] = NOT_APPLICABLE
        elif isinstance(value, Record):
            if value is not enclosing:  # a member belongs to the whole that lists it without saying so
                form[name] = _raw(vocabulary, value, None, written)
        elif isinstance(value, tuple) and value and isinstance(value[0], Record):
            whole = record if (record.entity, name) in vocabulary.by_items else None
            form[name] = [_raw(vocabulary, item, whole, written) for item in value]
        elif value is not Absent.UNKNOWN:
            form[name] = to_json(cast("Constant", value), spec.type)
    return form
