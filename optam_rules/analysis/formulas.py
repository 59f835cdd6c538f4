"""From an obligation to what the solver looks for, and from its candidates to a witness that the interpreter has replayed.

Imports the solver: `prove` imports this module only where z3 is installed.
"""

from __future__ import annotations

from collections.abc import Sequence

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
from optam_rules.backends.smt.solve import Candidate, Limits, Put, Settled, Unsettled, settle
from optam_rules.backends.smt.terms import Bool
from optam_rules.backends.smt.value import Sym, Values
from optam_rules.base.diagnostics import diagnose
from optam_rules.base.errors import InternalError, RecordError


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
    puts = [Put(question.side.program, question.expr, question.side.readings, question.side.day) for question in asked]
    found = settle(puts, asked[0].entity, window(obligation), lambda values, answers: _breaks(obligation, values, answers), limits, accept)
    return witnesses[0] if found is None else found


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
