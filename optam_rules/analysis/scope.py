"""From an obligation and a budget to the words that say which cases a proof covers."""

from __future__ import annotations

from collections.abc import Iterator

from optam_rules.analysis.obligations import Obligation, needs_everything, questions, window
from optam_rules.analysis.verdict import Budget
from optam_rules.base.phrases import Phrase, filled, joined
from optam_rules.core.ir import HypothesisRead, Lookup
from optam_rules.core.reach import fields_read, reachable
from optam_rules.core.types import EntityType, ListType, Scalar, SetType, Type

_COMPLETE = Phrase("tout dossier qui donne chaque donnée", "any record that gives every datum")
_ANY = Phrase("tout dossier, complet ou non", "any record, complete or not")
_AND = Phrase(" et ", " and ")


def scope(obligation: Obligation, budget: Budget) -> Phrase:
    """Say for which records, days, readings and tables a proof of an obligation holds."""
    return joined(", ", _parts(obligation, budget))


def _parts(obligation: Obligation, budget: Budget) -> Iterator[Phrase]:
    asked = questions(obligation)
    types = [
        (program, program.entities[entity].fields[name].type)
        for question in asked
        for program in (question.side.program,)
        for entity, name in fields_read(program, question.expr)
        if name in program.entities[entity].fields
    ]
    parts = [part for question in asked for part in reachable(question.side.program, question.expr)]
    yield _COMPLETE if needs_everything(obligation) else _ANY
    items = [program.entities[item.name] for program, type_ in types if (item := _item(type_)) is not None]
    named = {next(iter(spec.fields.values())).type is Scalar.TEXT for spec in items if spec.fields}
    members, years = budget.members, budget.years
    bounds = [Phrase(f"{members} membres par groupe", f"{members} members a group")] if True in named else []
    if False in named or any(isinstance(type_, ListType) and not isinstance(type_.item, EntityType) for _, type_ in types):
        bounds.insert(0, Phrase(f"{years} éléments par liste, comme les années", f"{years} items a list, such as the years"))
    if bounds:
        yield filled("d'au plus {bounds}", "of at most {bounds}", bounds=joined(_AND, bounds))
    if all(question.side.day is not None for question in asked):
        yield joined(_AND, dict.fromkeys(Phrase(f"au {question.side.day}", f"on {question.side.day}") for question in asked))
    else:
        days = window(obligation)
        yield Phrase(f"chaque jour du {days.start} au {days.end}", f"each day from {days.start} to {days.end}")
    if any(isinstance(part, HypothesisRead) for part in parts):
        yield Phrase("sous chaque lecture des questions ouvertes", "under each reading of the open questions")
    if any(isinstance(part, Lookup) for part in parts):
        yield Phrase(
            "quels que soient les référentiels, leurs taux et montants non négatifs",
            "whatever the reference tables, their rates and amounts not negative",
        )
    if any(type_ is Scalar.DATE for _, type_ in types):
        yield Phrase("toutes les dates entre 1901 et 2099", "all dates between 1901 and 2099")


def _item(type_: Type) -> EntityType | None:
    """Return the entity of a list's elements."""
    return type_.item if isinstance(type_, ListType | SetType) and isinstance(type_.item, EntityType) else None
