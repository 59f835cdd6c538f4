"""From a program to the files and tables that may go with its records, by the datum of the main entity that each fills."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeVar

from optam_rules.base.diagnostics import Diagnostic, diagnose
from optam_rules.base.errors import CallError
from optam_rules.base.phrases import did_you_mean
from optam_rules.base.suggestions import nearest
from optam_rules.core.program import FieldSpec, Program
from optam_rules.core.scalars import shown
from optam_rules.core.types import ListType
from optam_rules.core.vocabulary import Vocabulary, entity_of
from optam_rules.interop.hints import already_fills

Held = TypeVar("Held")


def companion_names(program: Program) -> dict[str, FieldSpec]:
    """Return the data of the main entity that a companion may fill: lists of what has no identifiant, and entities that have one."""
    vocabulary = Vocabulary.of(program)
    return {
        name: field
        for name, field in program.main.fields.items()
        if (entity := entity_of(field.type)) is not None and isinstance(field.type, ListType) != vocabulary.identified_by_text(entity)
    }


def companion_field(program: Program, name: str) -> FieldSpec | Diagnostic:
    """Return the datum that a companion fills, named as it is or in the plural (`groupes`), or what is wrong with its name (E543)."""
    fields = companion_names(program)
    found = fields.get(name) or fields.get(name.removesuffix("s"))
    return found or diagnose("E543", name=shown(name), hint=did_you_mean(nearest(name, fields)))


def by_field(program: Program, named: Mapping[str, Held]) -> dict[str, Held]:
    """Return companions by the datum that each fills; one whose name fills none keeps it. Raises CallError (E537) for two of one datum."""
    found: dict[str, Held] = {}
    for name, held in named.items():
        field = companion_field(program, name)
        fills = name if isinstance(field, Diagnostic) else field.name
        if fills in found:
            raise CallError([diagnose("E537", path=name, name=name, hint=already_fills(fills, fills))])
        found[fills] = held
    return found


def companion_key(program: Program, field: FieldSpec) -> str:
    """Return the column that says whose a row is: the identifiant of the practitioner for a list, else that of the record itself."""
    identifying = Vocabulary.of(program).identifying
    return identifying[program.main.name if isinstance(field.type, ListType) else entity_of(field.type) or ""].name
