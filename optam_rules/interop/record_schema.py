"""From a program to a JSON Schema of its records: what an editor can check while one is typed.

The schema says the form; what no schema can say (one identifiant with two contents, more than forty digits) the reader still refuses.
"""

from __future__ import annotations

from typing import Any

from optam_rules.base.numbers import euros, finite_decimal
from optam_rules.core.program import EntitySpec, FieldSpec, Program
from optam_rules.core.scalars import MAX_TEXT, expected
from optam_rules.core.types import EntityType, EnumType, ListType, Scalar, SetType, Type

_NO_OBJECT = "sans_objet"
_DIALECT = "https://json-schema.org/draft/2020-12/schema"
_NUMBER = r"[+-]?[0-9]+(\.[0-9]+)?"
_PATTERNS = {
    Scalar.RATE: rf"^({_NUMBER} ?%?|[+-]?[0-9]+/[0-9]+)$",
    Scalar.POINTS: rf"^({_NUMBER}( ?points?)?|[+-]?[0-9]+/[0-9]+)$",
    Scalar.MONEY: r"^[+-]?[0-9]+(\.[0-9]{1,2})?$",
    Scalar.DAYS: r"^[+-]?[0-9]{1,9} ?jours?$",
    Scalar.MONTHS: r"^[+-]?[0-9]{1,9} ?(mois|ans?)$",
}


def record_schema(program: Program) -> dict[str, Any]:
    """Return the schema of a file of records: one, or a list of them."""
    main = {"$ref": f"#/$defs/{program.main.name}"}
    return {
        "$schema": _DIALECT,
        "title": f"Enregistrements de {program.title}, version {program.version}",
        "description": "Un enregistrement ou une liste. Un champ absent ou null est inconnu.",
        "oneOf": [main, {"type": "array", "items": main}],
        "$defs": {name: _entity(program, spec) for name, spec in program.entities.items()},
    }


def _entity(program: Program, spec: EntitySpec) -> dict[str, Any]:
    return {
        "type": "object",
        "title": spec.label,
        "properties": {name: _field(program, field) for name, field in spec.fields.items()},
        "additionalProperties": False,
    }


def _field(program: Program, field: FieldSpec) -> dict[str, Any]:
    forms = [*_forms(program, field.type, field), {"type": "null"}]
    if field.optional:
        forms.append({"const": _NO_OBJECT})
    return {"description": _description(field), "anyOf": forms}


def _description(field: FieldSpec) -> str:
    bounds = f", de {_bound(field.low, field.type)} à {_bound(field.high, field.type)}" if field.low is not None else ""
    return f"{field.label or field.name} : {expected(field.type)}{bounds}" if isinstance(field.type, Scalar) else field.label or field.name


def _bound(value: Any, type_: Type) -> str:
    return str(euros(value)) if type_ is Scalar.MONEY else str(value) if type_ is Scalar.DATE else finite_decimal(value) or str(value)


def _forms(program: Program, type_: Type, field: FieldSpec | None = None) -> list[dict[str, Any]]:
    match type_:
        case EntityType(name):
            first = next(iter(program.entities[name].fields.values()), None)
            named = [{"type": "string", "description": "L'identifiant d'un enregistrement du même fichier."}]
            return [{"$ref": f"#/$defs/{name}"}, *(named if first is not None and first.type is Scalar.TEXT else [])]
        case ListType(item):
            return [{"type": "array", "items": {"anyOf": _forms(program, item)}}]
        case SetType(item):
            return [{"type": "array", "items": {"anyOf": _forms(program, item)}, "uniqueItems": True}]
        case EnumType(name):
            return [{"enum": list(program.enumerations[name].values)}]
        case Scalar():
            return _scalar(type_, field)


def _scalar(type_: Scalar, field: FieldSpec | None) -> list[dict[str, Any]]:
    match type_:
        case Scalar.BOOLEAN:
            return [{"type": "boolean"}]
        case Scalar.INTEGER:
            bounds = {"minimum": field.low, "maximum": field.high} if field is not None else {}
            return [{"type": "integer"} | {key: bound for key, bound in bounds.items() if bound is not None}]
        case Scalar.DATE:
            return [{"type": "string", "format": "date", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"}]
        case Scalar.TEXT:
            return [{"type": "string", "maxLength": MAX_TEXT}]
        case Scalar.RATE | Scalar.POINTS | Scalar.MONEY:
            return [{"type": "number"}, {"type": "string", "pattern": _PATTERNS[type_]}]
        case Scalar.DAYS | Scalar.MONTHS:
            return [{"type": "string", "pattern": _PATTERNS[type_]}]
