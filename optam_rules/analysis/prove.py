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
from optam_rules.base.phrases import Phrase, filled, install, joined

_OTHER_ENTITY = Phrase("les deux côtés ne parlent pas de la même entité", "the two sides do not speak of the same entity")
_NO_DAY = Phrase("aucun jour à examiner : les intervalles ne se croisent pas", "no day to look at: the intervals do not cross")
_NO_TIME = Phrase("aucun temps donné au solveur", "no time given to the solver")


def discharge(obligation: Obligation, *, budget: Budget = Budget()) -> Verdict:  # noqa: B008 - frozen
    """Prove an obligation, refute it, or say why it stays open.

    Raises KeyError for a path that a program does not have, InternalError (E902) where the solver and the interpreter disagree.
    """
    asked = questions(obligation)
    if len({question.entity for question in asked}) > 1:
        return Open(_OTHER_ENTITY)
    if window(obligation).empty:
        return Open(_NO_DAY)
    doubt = _solved(obligation, budget)
    if not isinstance(doubt, Open):
        return doubt
    return _searched(obligation, budget, doubt)


def _solved(obligation: Obligation, budget: Budget) -> Verdict:
    """Ask the solver; open where it does not know, is not installed or has no time."""
    if not available():
        hint = install("prove")
        return Open(filled("aucune preuve sans l'extension prove : {hint}", "no proof without the extra prove: {hint}", hint=hint))
    if budget.seconds <= 0:
        return Open(_NO_TIME)
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
        hint = install("testing")
        none = filled("aucune recherche sans l'extension testing : {hint}", "no search without the extra testing: {hint}", hint=hint)
        return attrs.evolve(doubt, reason=_and(doubt, none))
    if budget.examples == 0:
        return attrs.evolve(doubt, reason=_and(doubt, Phrase("aucun cas tiré", "no case drawn")))
    # Imported here: hypothesis is an extra, and a proof needs none.
    from optam_rules.analysis.search import look_for

    start = monotonic()
    found = look_for(obligation, examples=budget.examples, shrinks=budget.shrinks)
    spent = Spent(doubt.spent.seconds + monotonic() - start, found.drawn, found.decided, doubt.spent.encodings)
    if found.witness is not None:
        return Refuted(found.witness, spent)
    if not found.decided:
        none = Phrase(f"aucun des {found.drawn} cas tirés ne décide", f"none of the {found.drawn} cases drawn decides")
        return Open(_and(doubt, none), spent)
    none = Phrase(
        f"aucun contre-exemple parmi {found.drawn} cas tirés, dont {found.decided} décident",
        f"no counterexample among {found.drawn} cases drawn, of which {found.decided} decide",
    )
    return Open(_and(doubt, none), spent)


def _and(doubt: Open, more: Phrase) -> Phrase:
    """Say why the solver left it open, then what became of the search."""
    return joined(Phrase(" ; ", "; "), (doubt.reason, more))
