"""From an obligation and a budget to a verdict: the search for a case that breaks it, which the interpreter replays."""

from __future__ import annotations

import importlib.util
from time import monotonic

from optam_rules.analysis.obligations import Obligation, questions, window
from optam_rules.analysis.verdict import Budget, Open, Refuted, Spent, Verdict

SEARCH_HINT = 'pip install "optam-rules[testing]"'
SOLVER_HINT = 'pip install "optam-rules[prove]"'


def discharge(obligation: Obligation, *, budget: Budget = Budget()) -> Verdict:  # noqa: B008 - frozen
    """Prove an obligation, refute it, or say why it stays open. The same programs and the same budget in examples give the same search.

    Raises KeyError for a path that a program does not have.
    """
    asked = questions(obligation)
    if len({question.entity for question in asked}) > 1:
        return Open("les deux côtés ne parlent pas de la même entité")
    if window(obligation).empty:
        return Open("aucun jour à examiner : les intervalles ne se croisent pas")
    return _searched(obligation, budget)


def _searched(obligation: Obligation, budget: Budget) -> Verdict:
    if importlib.util.find_spec("hypothesis") is None:
        return Open(f"aucune recherche sans l'extension testing : {SEARCH_HINT}")
    # Imported here: hypothesis is an extra, and a proof needs none.
    from optam_rules.analysis.search import look_for

    start = monotonic()
    found = look_for(obligation, examples=budget.examples)
    spent = Spent(monotonic() - start, found.drawn, found.decided)
    if found.witness is not None:
        return Refuted(found.witness, spent)
    if not found.decided:
        return Open(f"aucun des {found.drawn} cas tirés ne décide", spent)
    return Open(f"aucun contre-exemple parmi {found.drawn} cas tirés, dont {found.decided} décident", spent)
