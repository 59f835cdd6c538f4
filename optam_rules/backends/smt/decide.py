"""From a definition and a record to its value in formulas: the version in force, the exceptions enabled, those that stand (S4)."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product
from typing import TYPE_CHECKING

import attrs

from optam_rules.backends.smt.record import Thing
from optam_rules.backends.smt.terms import Arith, Bool, UnencodableError
from optam_rules.backends.smt.value import Sym
from optam_rules.core.choice import undefeated
from optam_rules.core.ir import SELF
from optam_rules.core.program import Definition, ExceptionClause

if TYPE_CHECKING:
    from optam_rules.backends.smt.encode import Encoder, Scope

# More exceptions of one definition than this are not encoded: each set of them that may hold is a case.
MAX_EXCEPTIONS = 8


def decide(encoder: Encoder, thing: Thing, definition: Definition, day: Arith) -> Sym:
    """Return the value of a definition on a record, with the versions in force on `day`."""
    values = encoder.values
    scope = {SELF: values.known(thing)}
    found = values.always(absent=True)
    for version in definition.versions:
        if not encoder.terms.is_false(in_force := encoder.within(version.interval, day)):
            found = values.either(in_force, encoder.encode(version.body, scope), found)
    in_force = encoder.terms.some(encoder.within(version.interval, day) for version in definition.versions)
    dated = [(clause, encoder.within(clause.interval, day)) for clause in definition.exceptions]
    clauses = [(clause, there) for clause, there in dated if not encoder.terms.is_false(there)]
    if not clauses:
        return found
    if len(clauses) > MAX_EXCEPTIONS:
        raise UnencodableError(
            f"`{definition.name}`, avec plus de {MAX_EXCEPTIONS} exceptions en vigueur ensemble,",
            f"`{definition.name}`, with more than {MAX_EXCEPTIONS} exceptions in force together,",
        )
    enabled = [values.where(there, _enabled(encoder, definition, clause, day, scope), neutral=False) for clause, there in clauses]
    decided = _choose(encoder, definition, [clause for clause, _ in clauses], enabled, found, scope)
    return values.either(in_force, decided, found)


def _enabled(encoder: Encoder, definition: Definition, clause: ExceptionClause, day: Arith, scope: Scope) -> Sym:
    values = encoder.values
    condition = values.guard(encoder.encode(clause.condition, scope))
    undercuts = [
        values.where(encoder.within(undercut.interval, day), values.guard(encoder.encode(undercut.condition, scope)), neutral=False)
        for undercut in definition.undercuts
        if undercut.target == clause.name and not encoder.terms.is_false(encoder.within(undercut.interval, day))
    ]
    if not undercuts:
        return condition
    return values.kleene([condition, values.negation(values.kleene(undercuts, deciding=True))], deciding=False)


def _choose(
    encoder: Encoder, definition: Definition, clauses: Sequence[ExceptionClause], enabled: Sequence[Sym], base: Sym, scope: Scope
) -> Sym:
    values, terms = encoder.values, encoder.terms
    bodies = {clause.name: encoder.encode(clause.body, scope) for clause in clauses}
    possible: dict[tuple[str, ...], Bool] = {}
    for held in product((True, False), repeat=len(clauses)):
        case = terms.every(
            terms.some([one.unknown, one.content if holds else terms.no(one.content)]) for one, holds in zip(enabled, held, strict=True)
        )
        if encoder.terms.is_false(case):
            continue
        left = undefeated(definition, [clause for clause, holds in zip(clauses, held, strict=True) if holds])
        names = tuple(clause.name for clause in left)
        possible[names] = terms.some([possible.get(names, terms.boolean(False)), case])
    found: tuple[Bool, Sym] | None = None
    doubtful = any(not encoder.terms.is_false(one.unknown) for one in enabled)
    for names, case in possible.items():
        outcome = _outcome(encoder, definition, [bodies[name] for name in names]) if names else base
        found = (case, outcome) if found is None else _with(encoder, found, case, outcome, doubtful)
    if found is None:
        raise AssertionError("one set of exceptions always holds")
    conflict = terms.some(one.conflict for one in enabled)
    error = terms.every([terms.no(conflict), terms.some(one.error for one in enabled)])
    broken = attrs.evolve(values.always(), conflict=conflict, error=error)
    return values.either(terms.some([conflict, error]), broken, found[1])


def _with(encoder: Encoder, found: tuple[Bool, Sym], case: Bool, outcome: Sym, doubtful: bool) -> tuple[Bool, Sym]:
    """Add an outcome that is possible in a case: alone, or together with those found so far."""
    values, terms = encoder.values, encoder.terms
    before, value = found
    joined = values.either(before, values.join(value, outcome) if doubtful else value, outcome)
    return terms.some([before, case]), values.either(case, joined, value)


def _outcome(encoder: Encoder, definition: Definition, bodies: Sequence[Sym]) -> Sym:
    values, terms = encoder.values, encoder.terms
    if len(bodies) == 1:
        return bodies[0]
    conflict = values.always(conflict=True)
    if not definition.cumulative:
        return conflict
    agreed = bodies[0]
    for body in bodies[1:]:
        agreed = values.join(agreed, body)
    told = terms.some([terms.no(agreed.unknown), *(body.unknown for body in bodies)])
    return values.either(told, agreed, conflict)
