"""From a drawn record to one that its vocabulary's controls let through: two data put in order, one brought to zero, or left out."""

from __future__ import annotations

from typing import Any

from optam_rules.base.numbers import euros
from optam_rules.core.controls import broken_controls
from optam_rules.core.ir import Apply, Field
from optam_rules.core.operators import COMPARISONS
from optam_rules.core.program import Control, EntitySpec, EnumSpec
from optam_rules.core.scalars import read_scalar
from optam_rules.core.types import EntityType, ListType, Scalar
from optam_rules.core.words import Words

Raw = dict[str, Any]


def agree(words: Words, entity: str, raw: Raw) -> Raw:
    """Return a record and those inside it without a broken control.

    Data that a control compares the other way round are exchanged where their bounds are the same; of any other broken control the first
    datum becomes zero where zero is its lower bound, so that a complete record stays so, and else is left out, hence unknown.
    """
    spec = words.entities[entity]
    inside = {name: _inside(words, spec, name, value) for name, value in raw.items()}
    for control in _broken(words, spec, inside):
        left, right = _compared(control, spec)
        if left and right:
            inside = {**inside, left: inside[right], right: inside[left]}
    zeroed = set[str]()
    while broken := _broken(words, spec, inside):
        first = broken[0].fields[0]
        if spec.fields[first].low == 0 and first not in zeroed:
            zeroed.add(first)
            inside = {**inside, first: _zero(spec, first)}
        else:
            inside = {name: value for name, value in inside.items() if name != first}
    return inside


def _zero(spec: EntitySpec, name: str) -> Any:
    match spec.fields[name].type:
        case Scalar.MONEY:
            return str(euros(0))
        case Scalar.INTEGER:
            return 0
        case _:
            return "0"


def _inside(words: Words, spec: EntitySpec, name: str, value: Any) -> Any:
    match spec.fields[name].type:
        case EntityType(other) if isinstance(value, dict):
            return agree(words, other, value)
        case ListType(EntityType(other)) if isinstance(value, list):
            return [agree(words, other, item) if isinstance(item, dict) else item for item in value]
        case _:
            return value


def _compared(control: Control, spec: EntitySpec) -> tuple[str, str] | tuple[None, None]:
    match control.condition:
        case Apply(operator, (Field(name=left), Field(name=right))) if operator in COMPARISONS:
            one, other = spec.fields[left], spec.fields[right]
            if (one.low, one.high, one.optional) == (other.low, other.high, other.optional):
                return left, right
    return None, None


def _broken(words: Words, spec: EntitySpec, raw: Raw) -> list[Control]:
    if not spec.controls:
        return []
    read = {name for control in spec.controls for name in control.fields} & raw.keys() & spec.fields.keys()
    given = {name: raw[name] for name in read if raw[name] not in (None, "sans_objet")}
    enumerations = {name: EnumSpec(name, dict.fromkeys(held, name)) for name, held in words.enumerations.items()}
    values = {name: read_scalar(spec.fields[name].type, datum, enumerations) for name, datum in given.items()}
    return list(broken_controls(spec, values))
