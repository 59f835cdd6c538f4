"""From an obligation and a budget to a verdict: the solver where it is installed, then a search; the interpreter replays every witness."""

from __future__ import annotations

import importlib.util
from time import monotonic

import attrs

from optam_rules.analysis.obligations import Obligation, questions, window
from optam_rules.analysis.replay import plainest
from optam_rules.analysis.scope import scope
from optam_rules.analysis.verdict import Budget, Open, Proved, Refuted, Spent, Verdict
from optam_rules.backends.smt import available

SEARCH_HINT = 'pip install "optam-rules[testing]"'
SOLVER_HINT = 'pip install "optam-rules[prove]"'


def discharge(obligation: Obligation, *, budget: Budget = Budget()) -> Verdict:  # noqa: B008 - frozen
    """Prove an obligation, refute it, or say why it stays open.

    Raises KeyError for a path that a program does not have, InternalError (E902) where the solver and the interpreter disagree.
    """
    asked = questions(obligation)
    if len({question.entity for question in asked}) > 1:
        return Open("les deux côtés ne parlent pas de la même entité")
    if window(obligation).empty:
        return Open("aucun jour à examiner : les intervalles ne se croisent pas")
    doubt = _solved(obligation, budget)
    if not isinstance(doubt, Open):
        return doubt
    return _searched(obligation, budget, doubt)


def _solved(obligation: Obligation, budget: Budget) -> Verdict:
    """Ask the solver; open where it does not know, is not installed or has no time."""
    if not available():
        return Open(f"aucune preuve sans l'extension prove : {SOLVER_HINT}")
    if budget.seconds <= 0:
        return Open("aucun temps donné au solveur")
    # Imported here: the solver is an extra, and a search needs none.
    from optam_rules.analysis.formulas import solved
    from optam_rules.backends.smt.solve import Settled, Unsettled

    start = monotonic()
    found = solved(obligation, budget)
    spent = Spent(monotonic() - start)
    match found:
        case Settled(encodings):
            return Proved(scope(obligation, budget), attrs.evolve(spent, encodings=encodings))
        case Unsettled(reason, encodings):
            return Open(reason, attrs.evolve(spent, encodings=encodings))
        case witness:
            return Refuted(plainest(obligation, witness), spent)


def _searched(obligation: Obligation, budget: Budget, doubt: Open) -> Verdict:
    if importlib.util.find_spec("hypothesis") is None:
        return attrs.evolve(doubt, reason=f"{doubt.reason} ; aucune recherche sans l'extension testing : {SEARCH_HINT}")
    if budget.examples == 0:
        return attrs.evolve(doubt, reason=f"{doubt.reason} ; aucun cas tiré")
    # Imported here: hypothesis is an extra, and a proof needs none.
    from optam_rules.analysis.search import look_for

    start = monotonic()
    found = look_for(obligation, examples=budget.examples, shrinks=budget.shrinks)
    spent = Spent(doubt.spent.seconds + monotonic() - start, found.drawn, found.decided, doubt.spent.encodings)
    if found.witness is not None:
        return Refuted(found.witness, spent)
    if not found.decided:
        return Open(f"{doubt.reason} ; aucun des {found.drawn} cas tirés ne décide", spent)
    return Open(f"{doubt.reason} ; aucun contre-exemple parmi {found.drawn} cas tirés, dont {found.decided} décident", spent)
