"""From an obligation to what the solver looks for, and from its candidates to a witness that the interpreter has replayed.

Imports the solver: `prove` imports this module only where z3 is installed.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache
from time import monotonic

import attrs

from optam_rules.analysis.obligations import (
    Holds,
    NeverConflicts,
    NeverErrs,
    NeverHigher,
    NeverLower,
    Obligation,
    SameAnswer,
    Total,
    needs_everything,
    questions,
    survives_more_knowledge,
    title,
    window,
)
from optam_rules.analysis.replay import replayed
from optam_rules.analysis.verdict import Budget, Witness
from optam_rules.backends.smt.solve import Candidate, Limits, Put, Settled, Unsettled, settle, shown
from optam_rules.backends.smt.terms import Bool
from optam_rules.backends.smt.value import Sym, Values
from optam_rules.base.diagnostics import diagnose
from optam_rules.base.errors import InternalError, RecordError
from optam_rules.core.ir import Answer, ParameterRead
from optam_rules.core.program import Program
from optam_rules.core.reach import definitions_read, reachable

Key = tuple[str, str]
_LEMMA = 1.0  # seconds for one definition, those that it reads left free


def solved(obligation: Obligation, budget: Budget) -> Settled | Unsettled | Witness:
    """Put an obligation to the solver. Raises InternalError (E902) where an exact model does not replay."""
    asked = questions(obligation)
    witnesses: list[Witness] = []

    def accept(candidate: Candidate) -> bool:
        try:
            witness = replayed(obligation, candidate.case)
        except RecordError:
            witness = None
        if witness is not None:
            witnesses.append(witness)
        elif candidate.exact:
            raise InternalError([diagnose("E902", title=title(obligation))])
        return witness is not None

    limits = Limits(
        budget.seconds,
        budget.seeds,
        budget.years,
        budget.members,
        partial=not needs_everything(obligation) and not survives_more_knowledge(obligation),
        optional=not needs_everything(obligation),
    )

    def breaks(values: Values, answers: Sequence[Sym]) -> Bool:
        return _breaks(obligation, values, answers)

    start = monotonic()
    puts = [Put(question.side.program, question.expr, question.side.readings, question.side.day) for question in asked]
    if isinstance(obligation, NeverErrs | NeverConflicts):
        status = "error" if isinstance(obligation, NeverErrs) else "conflict"
        read = frozenset[Key]().union(*definitions_read(puts[0].program, puts[0].expr))
        if read <= never(puts[0].program, read, status, limits, start + budget.seconds / 2):
            return Settled(("de règle en règle",))
    else:
        for name, shorter in _abstractions(obligation, puts, limits, start + budget.seconds / 3):
            if shown(shorter, asked[0].entity, window(obligation), breaks, attrs.evolve(limits, seconds=budget.seconds / 6)):
                return Settled((name,))
    left = attrs.evolve(limits, seconds=budget.seconds - (monotonic() - start))
    found = settle(puts, asked[0].entity, window(obligation), breaks, left, accept)
    return witnesses[0] if found is None else found


def _abstractions(obligation: Obligation, puts: Sequence[Put], limits: Limits, deadline: float) -> Iterator[tuple[str, list[Put]]]:
    """Yield the questions with most definitions left free: what they prove holds whatever those give.

    Of two programs, a definition is left free where both have the same, and is then the same on both sides.
    """
    levels = [definitions_read(put.program, put.expr) for put in puts]
    everything = [frozenset[Key]().union(*held) for held in levels]
    kept: frozenset[Key] = frozenset()
    if len(puts) > 1:
        first, other = puts
        if (first.readings, first.day) != (other.readings, other.day):
            return
        kept = _changed(first, other, everything[0] | everything[1])
    statuses = [_statuses(put.program, keys, limits, deadline) for put, keys in zip(puts, everything, strict=True)]
    for depth in (1, 2, 3):
        near = kept.union(*(level for held in levels for level in held[:depth]))
        if all(held <= near for held in everything):
            return
        found = [attrs.evolve(put, expanded=near, never=held) for put, held in zip(puts, statuses, strict=True)]
        yield f"règles au-delà du rang {depth} laissées libres", found


def _statuses(program: Program, keys: frozenset[Key], limits: Limits, deadline: float) -> dict[Key, frozenset[str]]:
    """Return which of error and conflict each definition is known never to be."""
    safe = {status: never(program, keys, status, limits, deadline) for status in ("error", "conflict")}
    return {key: frozenset(status for status, held in safe.items() if key in held) for key in keys}


def _changed(first: Put, other: Put, keys: frozenset[Key]) -> frozenset[Key]:
    """Return the definitions that two programs do not share with all that they read."""
    return frozenset(key for key in keys if not _shared(first.program, other.program, key))


def _shared(first: Program, other: Program, key: Key) -> bool:
    if key not in first.definitions or key not in other.definitions:
        return False
    sides = []
    for program in (first, other):
        exprs = list(program.definitions[key].expressions())
        parts = list(reachable(program, *exprs))
        keys = sorted({(part.entity, part.name) for part in parts if isinstance(part, Answer)} | {key})
        parameters = {part.name: program.parameters[part.name].values for part in parts if isinstance(part, ParameterRead)}
        sides.append(([program.definitions[key] for key in keys], parameters))
    return sides[0] == sides[1]


def never(program: Program, keys: frozenset[Key], status: str, limits: Limits, deadline: float) -> frozenset[Key]:
    """Return the definitions that are never an error (or a conflict), shown one by one; some may be missed, above all past the deadline.

    Each is looked at with those that it reads left free, but for the status. Definitions do not read each other in a circle: where all
    that is within reach of one passes, so does it.
    """
    each = attrs.evolve(limits, seconds=_LEMMA)  # always the same, so that what was found once is not sought again
    passed = {key for key in sorted(keys) if monotonic() < deadline and _free_of(program, key, status, each)}
    reach = {key: list(reachable(program, *program.definitions[key].expressions())) for key in passed}
    return frozenset(
        key
        for key, parts in reach.items()
        # A table read on another day: what holds on the days looked at says nothing of it.
        if all((part.entity, part.name) in passed and part.at is None for part in parts if isinstance(part, Answer))
    )


@lru_cache(maxsize=8192)
def _free_of(program: Program, key: Key, status: str, limits: Limits) -> bool:
    """Tell whether a definition never has a status where those that it reads never do, these left free first, then their own readings."""
    lemma = (NeverErrs if status == "error" else NeverConflicts)(program, ".".join(key))
    question = questions(lemma)[0]
    levels = definitions_read(program, question.expr)
    for depth in range(1, min(len(levels), 2) + 1):
        expanded = frozenset[Key]().union(*levels[:depth])
        free = {other: frozenset({status}) for level in levels for other in level - expanded}
        put = Put(program, question.expr, expanded=expanded, never=free)
        if shown([put], question.entity, window(lemma), lambda values, answers: _breaks(lemma, values, answers), limits):
            return True
    return False


def _breaks(obligation: Obligation, values: Values, answers: Sequence[Sym]) -> Bool:
    """Return what `broken` tells, in formulas. Where every datum is given, an unknown waits for the law alone."""
    terms, first, last = values.terms, answers[0], answers[-1]
    match obligation:
        case Holds():
            return terms.some([first.conflict, first.error, values.holds(values.negation(first))])
        case NeverConflicts():
            return first.conflict
        case NeverErrs():
            return first.error
        case Total():
            return first.absent
        case SameAnswer():
            return values.differ(first, last)
        case NeverHigher() | NeverLower():
            both = terms.every([values.is_known(first), values.is_known(last)])
            if first.content is None or last.content is None:
                return terms.boolean(False)
            beyond = last.content > first.content if isinstance(obligation, NeverHigher) else last.content < first.content
            return terms.every([both, terms.folded(beyond)])
