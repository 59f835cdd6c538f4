"""From an obligation to a case that breaks it, sought by drawing records around the constants of the rules.

Not finding one is no proof: the result says how many cases were drawn and how many of them decided the obligation.
"""

from __future__ import annotations

import contextlib

import attrs
from hypothesis import HealthCheck, Phase, find, settings
from hypothesis import strategies as st
from hypothesis.errors import NoSuchExample

from optam_rules.analysis.obligations import Holds, Obligation, broken, decided, needs_everything, questions, window
from optam_rules.analysis.replay import answers, plainest, replayed
from optam_rules.analysis.verdict import Witness
from optam_rules.backends.strategies.harvest import Harvest
from optam_rules.backends.strategies.records import Asked, cases
from optam_rules.core.case import Case
from optam_rules.core.program import Program, Property

_RARE = 10  # times as many records, where none of the first decided


@attrs.frozen
class Found:
    """What a search gave: the cases drawn, those that decided, and the simplest one that breaks the obligation."""

    drawn: int
    decided: int
    witness: Witness | None


@attrs.frozen
class PropertyResult:
    """What a search for a counterexample to a property gave."""

    invariant: Property
    drawn: int
    decided: int
    witness: Witness | None

    @property
    def passed(self) -> bool:
        """Tell whether the property was decided at least once and never refuted."""
        return self.witness is None and self.decided > 0


def search(program: Program, invariant: Property, *, examples: int = 200) -> PropertyResult:
    """Look for the simplest record that breaks a property; the same program gives the same search.

    Where none of `examples` records decides it, as where a property is about what few have, ten times as many are drawn.
    """
    found = look_for(Holds(program, invariant), examples=examples)
    if found.witness is None and not found.decided:
        found = look_for(Holds(program, invariant), examples=_RARE * examples)
    return PropertyResult(invariant, found.drawn, found.decided, found.witness)


def look_for(obligation: Obligation, *, examples: int = 200, constants: Harvest | None = None, shrinks: bool = True) -> Found:
    """Look for the simplest case that breaks an obligation; the same programs give the same search.

    Half of the records are complete, half leave data out. `constants` are drawn around instead of those of the rules.
    Without `shrinks`, data are left out of what is found, and its values stay as drawn: many times faster on the largest packs.
    """
    drawn = decisive = 0

    def breaks(case: Case) -> bool:
        nonlocal drawn, decisive
        outcomes = answers(case, asked)
        drawn += 1
        decisive += decided(obligation, outcomes)
        return broken(obligation, outcomes)

    asked = questions(obligation)
    try:
        case = find(cases_for(obligation, constants=constants), breaks, settings=_settings(examples, shrinks=shrinks))
    except NoSuchExample:
        return Found(drawn, decisive, None)
    witness = replayed(obligation, case)
    if witness is None:
        raise AssertionError("a case judged twice gave two answers")
    return Found(drawn, decisive, plainest(obligation, witness))


def draw(obligation: Obligation, *, examples: int) -> list[Case]:
    """Draw cases for an obligation, whether they break it or not; the same programs give the same cases."""
    drawn: list[Case] = []

    def keep(case: Case) -> bool:
        drawn.append(case)
        return False

    with contextlib.suppress(NoSuchExample):
        find(cases_for(obligation), keep, settings=_settings(examples))
    return drawn


def _settings(examples: int, *, shrinks: bool = True) -> settings:
    return settings(
        max_examples=examples,
        database=None,
        derandomize=True,
        deadline=None,
        phases=[Phase.generate, Phase.shrink] if shrinks else [Phase.generate],
        suppress_health_check=list(HealthCheck),
    )


def cases_for(obligation: Obligation, *, constants: Harvest | None = None) -> st.SearchStrategy[Case]:
    """Draw cases for an obligation: on its days, with the data that its questions read."""
    asked = questions(obligation)
    days = [question.side.day for question in asked]
    kinds = (False,) if needs_everything(obligation) else (False, True)
    drawn = (
        cases(
            [Asked(question.side.program, question.expr) for question in asked],
            asked[0].entity,
            window(obligation),
            day=None if None in days else days[0],
            partial=partial,
            constants=constants,
        )
        for partial in kinds
    )
    return st.one_of(*drawn)
