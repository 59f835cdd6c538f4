"""From entities, enumerations and hypotheses as written to their descriptions in a program."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping

from optam_rules.base.calendar import Duration
from optam_rules.base.numbers import Number
from optam_rules.core.ir import SELF, Apply, Collection, Expr, Field, Literal, Variable
from optam_rules.core.operators import ABSENCE
from optam_rules.core.program import Control, EntitySpec, EnumSpec, FieldSpec, Hypothesis, Provenance
from optam_rules.core.standing import Standing
from optam_rules.core.types import NUMERIC, EntityType, ListType, Scalar, Type
from optam_rules.core.walk import subexpressions
from optam_rules.elaborate.check import constant_context, formula_context
from optam_rules.elaborate.faults import holds, snippet, word_at
from optam_rules.elaborate.items import Items
from optam_rules.elaborate.names import Kind, Names
from optam_rules.elaborate.show import show
from optam_rules.syntax.abstract import ControlDecl, FieldDecl, LiteralExpr, ReferenceDecl

_BOUNDED = NUMERIC | {Scalar.DATE}
Bound = Number | dt.date


def lower_entities(names: Names, items: Items) -> dict[str, EntitySpec]:
    """Return the entities with their data; of two that are main the first stands."""
    found: dict[str, EntitySpec] = {}
    for placed in items.entities:
        head = placed.item.declaration
        if not names.stands(Kind.ENTITY, head.name, head.position):
            continue
        fields = {}
        for field in placed.item.fields:
            member = names.members[head.name][field.name]
            if holds(field.position, member.position) and member.type is not None:
                fields[field.name] = _field(names, field, member.type)
        if not placed.item.fields:
            names.faults.tell("E238", word_at(head.position, head.name), name=head.name)
        controls = tuple(_controls(names, head.name, placed.item.controls, fields))
        found[head.name] = EntitySpec(head.name, head.label or head.name, head.name == names.main, fields, controls)
    return found


def _controls(names: Names, entity: str, controls: Iterable[ControlDecl], fields: Mapping[str, FieldSpec]) -> Iterator[Control]:
    """Yield the controls of an entity; one that reads anything but plain data of it is told (E243)."""
    for control in controls:
        condition = formula_context(names, entity, control.title).expect(control.condition, Scalar.BOOLEAN)
        if condition is None:
            continue
        parts = list(subexpressions(condition))
        foreign = next((part for part in parts if not _is_plain(part, fields)), None)
        if foreign is not None:
            text = snippet(foreign.position)
            names.faults.tell("E243", foreign.position, title=control.title, entity=entity, text=text)
            continue
        read = dict.fromkeys(part.name for part in parts if isinstance(part, Field))
        if not read:
            names.faults.tell("E243", control.position, title=control.title, entity=entity, text=snippet(control.condition.position))
            continue
        yield Control(control.title, condition, tuple(read), snippet(control.condition.position), control.position)


def _is_plain(part: Expr, fields: Mapping[str, FieldSpec]) -> bool:
    match part:
        case Literal() | Collection():
            return True
        case Variable(name):
            return name == SELF
        case Field(Variable(name), datum):
            return name == SELF and datum in fields and not isinstance(part.type, EntityType | ListType)
        case Apply(operator):
            return operator not in ABSENCE
    return False


def _field(names: Names, field: FieldDecl, type_: Type) -> FieldSpec:
    return FieldSpec(field.name, type_, field.label or field.name, *lower_bounds(names, field, type_), field.optional, field.position)


def lower_bounds(names: Names, bounded: FieldDecl | ReferenceDecl, type_: Type) -> tuple[Bound | None, Bound | None]:
    """Return the bounds that `entre` gives a datum or the values of a reference table, in the unit of their type."""
    low, high = (_bound(names, bounded, bound, type_) for bound in (bounded.low, bounded.high))
    if low is not None and high is not None and _exceeds(low, high):
        word = word_at(bounded.position, bounded.name)
        names.faults.tell("E322", word, name=bounded.name, low=show(low, type_), high=show(high, type_))
    return low, high


def _exceeds(low: Bound, high: Bound) -> bool:
    if isinstance(low, dt.date) or isinstance(high, dt.date):
        return isinstance(low, dt.date) and isinstance(high, dt.date) and low > high
    return low > high


def _bound(names: Names, field: FieldDecl | ReferenceDecl, written: LiteralExpr | None, type_: Type) -> Bound | None:
    if written is None:
        return None
    if type_ not in _BOUNDED:
        if written is field.low or field.low is None:
            names.faults.tell("E304", written.position, operator="entre", text=field.name, found=type_)
        return None
    found = constant_context(names).expect(written, type_)
    value = getattr(found, "value", None)
    if isinstance(value, bool | Duration) or not isinstance(value, Number | dt.date):
        return None
    return value


def lower_enumerations(names: Names, items: Items) -> dict[str, EnumSpec]:
    """Return the enumerations with the labels of their values."""
    found: dict[str, EnumSpec] = {}
    for placed in items.enumerations:
        declaration = placed.item
        if names.stands(Kind.ENUMERATION, declaration.name, declaration.position):
            values = {value.name: value.label or value.name for value in reversed(declaration.values)}
            found[declaration.name] = EnumSpec(declaration.name, {name: values[name] for name in names.domains[declaration.name]})
    return found


def lower_hypotheses(names: Names, items: Items) -> dict[str, Hypothesis]:
    """Return the named open questions; an answer that rests on a chosen reading has the standing of a hypothesis."""
    found: dict[str, Hypothesis] = {}
    for placed in items.hypotheses:
        question = placed.item
        if not names.stands(Kind.HYPOTHESIS, question.name, question.position):
            continue
        heading = placed.unit.heading if placed.unit is not None else None
        if len(question.readings) < 2:
            names.faults.tell("E229", word_at(question.position, question.name), name=question.name)
        origin = Provenance(
            heading.number if heading is not None else None,
            question.position,
            Standing.HYPOTHESIS,
            reference=heading.reference if heading is not None else None,
        )
        found[question.name] = Hypothesis(question.name, names.domains[question.name], question.text, origin)
    return found
