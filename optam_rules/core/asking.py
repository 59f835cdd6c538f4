"""From the value of an answer to its outcome: frozen, and tried under each reading of the open questions that it waits for (S11)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import product
from typing import cast

import attrs

from optam_rules.core.absence import Value
from optam_rules.core.ir import SELF, Answer, Constant, Expr, Field, Variable
from optam_rules.core.judgement import Outcome, Status, Step
from optam_rules.core.program import Definition, Program
from optam_rules.core.types import EntityType, Type

# What a caller supplies for reference tables: {table: {keys: value}}.
References = Mapping[str, Mapping[tuple[Constant, ...], Constant]]
# An open answer is evaluated under each combination of the readings it waits for, up to this number.
MAX_COMBINATIONS = 64
# An answer that takes more steps than this, one for each expression evaluated, is the error value E606.
MAX_STEPS = 1_000_000
HYPOTHESIS_NEED = "hypothèse:"

# Readings tried together: (question, reading), sorted by question.
Readings = tuple[tuple[str, str], ...]


def asked_expression(program: Program, path: str, definition: Definition) -> Expr:
    """Return the expression that reads an answer on the judged record, `path` as Program.answers lists it."""
    position = definition.versions[0].provenance.position
    target: Expr = Variable(SELF, EntityType(program.main.name), position=position)
    field, _, rest = path.partition(".")
    if rest:
        target = Field(target, field, EntityType(definition.entity), position=position)
    return Answer(target, definition.entity, definition.name, None, definition.type, position=position)


def readings_to_try(program: Program, value: Value) -> list[Readings]:
    """List the combinations of readings that an open answer is tried under; none where it waits for no question or for too many."""
    if value.status is not Status.UNKNOWN:
        return []
    names = sorted(need.removeprefix(HYPOTHESIS_NEED) for need in value.needs if need.startswith(HYPOTHESIS_NEED))
    count = 1
    for name in names:
        count *= len(program.hypotheses[name].readings)
    if not names or count > MAX_COMBINATIONS:
        return []
    combinations = product(*(program.hypotheses[name].readings for name in names))
    return [tuple(zip(names, combination, strict=True)) for combination in combinations]


def label_of(chosen: Readings) -> str:
    """Name an alternative: the reading alone where one question is open, else each question with its reading."""
    return chosen[0][1] if len(chosen) == 1 else " ; ".join(f"{name}={reading}" for name, reading in chosen)


def settled(outcome: Outcome, needs: Iterable[str], alternatives: Mapping[str, Outcome]) -> Outcome:
    """Return what all readings agree on where they do, otherwise the open outcome with each reading's value shown.

    `needs` is what the open value waits for.
    """
    first, *others = alternatives.values()
    if first.status is not Status.UNKNOWN and all((o.status, o.value) == (first.status, first.value) for o in others):
        return attrs.evolve(
            first,
            standing=min(other.standing for other in alternatives.values()),
            hypotheses=tuple(sorted({text for other in alternatives.values() for text in other.hypotheses})),
        )
    all_needs = frozenset(needs).union(*(other.needs for other in alternatives.values()))
    shown = tuple((label, attrs.evolve(other, steps=()) if other.steps else other) for label, other in alternatives.items())
    return attrs.evolve(outcome, needs=all_needs, alternatives=shown)


def freeze(value: Value, type_: Type, steps: tuple[Step, ...] = ()) -> Outcome:
    """Return a value as an outcome."""
    return Outcome(
        status=value.status,
        type=type_,
        value=cast("Constant | None", value.content) if value.known else None,
        needs=value.needs if value.status is Status.UNKNOWN else frozenset(),
        standing=value.standing,
        hypotheses=tuple(sorted(value.hypotheses)),
        fault=value.fault,
        conflict=value.conflict,
        steps=steps,
    )
