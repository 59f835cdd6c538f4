"""From an obligation and a budget to the words that say which cases a proof covers."""

from __future__ import annotations

from collections.abc import Iterator

from optam_rules.analysis.obligations import Obligation, needs_everything, questions, window
from optam_rules.analysis.verdict import Budget
from optam_rules.core.ir import HypothesisRead, Lookup
from optam_rules.core.reach import fields_read, reachable
from optam_rules.core.types import EntityType, ListType, Scalar, SetType, Type


def scope(obligation: Obligation, budget: Budget) -> str:
    """Say for which records, days, readings and tables a proof of an obligation holds."""
    return ", ".join(_parts(obligation, budget))


def _parts(obligation: Obligation, budget: Budget) -> Iterator[str]:
    asked = questions(obligation)
    types = [
        (program, program.entities[entity].fields[name].type)
        for question in asked
        for program in (question.side.program,)
        for entity, name in fields_read(program, question.expr)
        if name in program.entities[entity].fields
    ]
    parts = [part for question in asked for part in reachable(question.side.program, question.expr)]
    yield "tout dossier qui donne chaque donnée" if needs_everything(obligation) else "tout dossier, complet ou non"
    items = [program.entities[item.name] for program, type_ in types if (item := _item(type_)) is not None]
    named = {next(iter(spec.fields.values())).type is Scalar.TEXT for spec in items if spec.fields}
    bounds = [f"{budget.members} membres par groupe"] if True in named else []
    if False in named or any(isinstance(type_, ListType) and not isinstance(type_.item, EntityType) for _, type_ in types):
        bounds.insert(0, f"{budget.years} éléments par liste, comme les années")
    if bounds:
        yield f"d'au plus {' et '.join(bounds)}"
    if all(question.side.day is not None for question in asked):
        yield " et ".join(dict.fromkeys(f"au {question.side.day}" for question in asked))
    else:
        days = window(obligation)
        yield f"chaque jour du {days.start} au {days.end}"
    if any(isinstance(part, HypothesisRead) for part in parts):
        yield "sous chaque lecture des questions ouvertes"
    if any(isinstance(part, Lookup) for part in parts):
        yield "quels que soient les référentiels, leurs taux et montants non négatifs"
    if any(type_ is Scalar.DATE for _, type_ in types):
        yield "toutes les dates entre 1901 et 2099"


def _item(type_: Type) -> EntityType | None:
    """Return the entity of a list's elements."""
    return type_.item if isinstance(type_, ListType | SetType) and isinstance(type_.item, EntityType) else None
