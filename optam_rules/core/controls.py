"""From the data of one record to what its entity's controls say of them; a control whose data are not all known says nothing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import cast

from optam_rules.base.diagnostics import Diagnostic, diagnose
from optam_rules.base.phrases import Phrase
from optam_rules.core.compute import Failure, compute
from optam_rules.core.ir import Apply, Collection, Constant, Expr, Field, Literal, Scalarlike
from optam_rules.core.operators import KLEENE, Operator
from optam_rules.core.program import Control, EntitySpec
from optam_rules.core.record import Absent
from optam_rules.core.types import SetType
from optam_rules.core.values import with_unit


def control_faults(spec: EntitySpec, values: Mapping[str, object], path: str) -> Iterator[Diagnostic]:
    """Yield a fault (E524) for each control that the known data of a record break; `path` is the record's own."""
    for control in broken_controls(spec, values):
        found = " ; ".join(f"{name} = {with_unit(cast('Constant', values[name]), spec.fields[name].type)}" for name in control.fields)
        hint = Phrase(f"il faut : {control.text}", f"required: {control.text}")
        yield diagnose("E524", path=path or None, title=control.title, found=found, hint=hint)


def broken_controls(spec: EntitySpec, values: Mapping[str, object]) -> Iterator[Control]:
    """Yield the controls that a record breaks, all of whose data are known."""
    for control in spec.controls:
        if any(isinstance(values.get(name, Absent.UNKNOWN), Absent) for name in control.fields):
            continue
        if _value(control.condition, cast("Mapping[str, Constant]", values)) is False:
            yield control


def _value(expr: Expr, values: Mapping[str, Constant]) -> Constant | Failure:
    """Return what an expression over known data gives; elaboration lets no other node into a control."""
    match expr:
        case Literal(value):
            return value
        case Field():
            return values[expr.name]
        case Collection(items, type_):
            parts = [cast("Scalarlike", _value(item, values)) for item in items]
            return frozenset(parts) if isinstance(type_, SetType) else tuple(parts)
        case Apply(operator, operands):
            known: list[Constant] = []
            for operand in operands:
                found = _value(operand, values)
                if isinstance(found, Failure):
                    return found
                known.append(found)
            return _logic(operator, known) if operator in KLEENE else compute(operator, known, expr.month_end)
    raise AssertionError(f"{type(expr).__name__} in a control")


def _logic(operator: Operator, known: list[Constant]) -> bool:
    match operator:
        case Operator.AND:
            return all(known)
        case Operator.OR:
            return any(known)
        case Operator.NOT:
            return not known[0]
        case _:
            return not known[0] or bool(known[1])
