"""From the exceptions of a definition, enabled or not or perhaps, to its value: what all completions of the doubtful ones agree on (S4)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import product

import attrs

from optam_rules.core.absence import FALSE, NOT_APPLICABLE, Value, all_needs, join, kleene, negation, weakest
from optam_rules.core.judgement import Status
from optam_rules.core.program import Definition, ExceptionClause, Provenance, Version

# More unknown exceptions of one definition than this are not completed one by one: the answer is then unknown.
MAX_COMPLETED = 12


@attrs.frozen
class Guarded:
    """An exception in force and whether it is enabled, a boolean value."""

    clause: ExceptionClause
    enabled: Value


def out_of_force(definition: Definition) -> Value:
    """Return the value of a definition that no version holds on the day."""
    standing = min(version.provenance.standing for version in definition.versions)
    return NOT_APPLICABLE.resting_on(standing, frozenset())


def own_hypothesis(origin: Provenance) -> frozenset[str]:
    """Return the reason of a clause that is an unnamed hypothesis of ours."""
    return frozenset({origin.hypothesis} if origin.hypothesis else ())


def resting_on_clause(value: Value, origin: Provenance) -> Value:
    """Return a value lowered to what its clause rests on."""
    return value.resting_on(origin.standing, own_hypothesis(origin))


def neutralised_by(undercuts: Sequence[Value]) -> Value:
    """Return whether any of the conditions that neutralise an exception holds."""
    return kleene(undercuts, deciding=True)[0] if undercuts else FALSE


def enabled(condition: Value, neutralised: Value, origin: Provenance) -> Value:
    """Return whether an exception is enabled: its own condition holds and nothing neutralises it."""
    return resting_on_clause(kleene([condition, negation(neutralised)], deciding=False)[0], origin)


def choose(
    definition: Definition, version: Version, guards: Sequence[Guarded], evaluate: Callable[[ExceptionClause | Version], Value]
) -> tuple[Value, str | None]:
    """Return the value, and the name of the exception that gave it where one did for sure; `evaluate` gives the value of a body."""
    bodies: dict[str, Value] = {}

    def body(chosen: ExceptionClause | Version) -> Value:
        name = chosen.name if isinstance(chosen, ExceptionClause) else ""
        if name not in bodies:
            bodies[name] = resting_on_clause(evaluate(chosen), chosen.provenance)
        return bodies[name]

    conditions = [guard.enabled for guard in guards]
    broken = [value for value in conditions if value.status in (Status.CONFLICT, Status.ERROR)]
    if broken:
        worst = next((value for value in broken if value.status is Status.CONFLICT), broken[0])
        return worst.resting_on(*weakest(conditions)), None
    sure = [guard.clause for guard in guards if guard.enabled.content]
    doubtful = [guard.clause for guard in guards if guard.enabled.status is Status.UNKNOWN]
    needs = all_needs(conditions)
    if len(doubtful) > MAX_COMPLETED:
        everything: list[ExceptionClause | Version] = [version, *sure, *doubtful]
        return Value(Status.UNKNOWN, needs=needs | all_needs(body(chosen) for chosen in everything)), None
    outcomes: dict[tuple[str, ...], Value] = {}
    for completion in product((True, False), repeat=len(doubtful)):
        held = [*sure, *(clause for clause, holds in zip(doubtful, completion, strict=True) if holds)]
        left = undefeated(definition, held)
        names = tuple(clause.name for clause in left)
        if names not in outcomes:
            outcomes[names] = _outcome(definition, left, body) if left else body(version)
    value = join(list(outcomes.values()), needs).resting_on(*weakest(conditions))
    only = next(iter(outcomes)) if len(outcomes) == 1 else ()
    return value, only[0] if len(only) == 1 else None


def undefeated(definition: Definition, held: Sequence[ExceptionClause]) -> list[ExceptionClause]:
    """Drop what an enabled exception overrides and the ancestors of enabled ones; where nothing is left, all of them stand."""
    parents = {clause.name: clause.parent for clause in definition.exceptions}
    defeated: set[str] = set()
    for clause in held:
        defeated |= clause.overrides
        ancestor = clause.parent
        while ancestor in parents:
            defeated.add(ancestor)
            ancestor = parents[ancestor]
    left = [clause for clause in held if clause.name not in defeated]
    return left or list(held)


def _outcome(definition: Definition, left: Sequence[ExceptionClause], body: Callable[[ExceptionClause], Value]) -> Value:
    """Return what the exceptions that stand give: one gives its value, several a conflict unless the rule is `cumulable` and they agree."""
    if len(left) == 1:
        return body(left[0])
    if definition.cumulative:
        values = [body(clause) for clause in left]
        agreed = join(values, frozenset())
        if agreed.status is not Status.UNKNOWN or any(value.status is Status.UNKNOWN for value in values):
            return agreed
    standing = min(clause.provenance.standing for clause in left)
    return Value(Status.CONFLICT, standing=standing, conflict=tuple(clause.provenance.position for clause in left))
