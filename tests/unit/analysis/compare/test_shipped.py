"""The shipped conventions compared: the contract of 2011 with the convention that followed it, and two days of one convention."""

from __future__ import annotations

import datetime as dt

import optam_rules
from optam_rules.analysis.compare.diff import Kind
from optam_rules.analysis.verdict import Refuted

SEARCH = optam_rules.Budget(seconds=0, examples=20, shrinks=False)


def test_the_contract_of_2011_and_the_convention_of_2016_differ_as_their_texts_do() -> None:
    """In August 2017 the contract still runs for those who hold it: nobody joins it any more, and it knows no rate of the group."""
    found = optam_rules.diff("cas-2011", "cm-2016", on=dt.date(2017, 8, 1), answers=["taux_engagement", "eligible_optam"], budget=SEARCH)
    kinds = {answer.path: answer.kind for answer in found.answers}
    assert kinds["eligible_optam"] is Kind.ADDED
    assert any(change.name == "taux_de_groupe" and change.how == "added" for change in found.comparison.alignment.changes)
    for answer in found.answers:
        if isinstance(answer.verdict, Refuted):
            old, new = answer.explained
            assert old is not None
            assert new is not None
            assert (old.status, old.value) != (new.status, new.value)


def test_the_groups_rate_comes_into_force_on_1_july_2017() -> None:
    """SOURCE: CNAMTS, June 2017. The day before, no exception; that day, one: the text says so, and no other rule of 41.1 changes."""
    found = optam_rules.diff("cm-2016@2017-06-30", "cm-2016@2017-07-01", answers=["eligible_optam_co"], budget=SEARCH)
    changes = [
        (str(change.what), str(change.how), change.name) for change in found.comparison.alignment.changes if "41.1" in change.articles
    ]
    assert changes == [("exception", "added", "taux_de_groupe")]


def test_what_never_reads_the_question_of_the_bounds_cannot_depend_on_it() -> None:
    """The commitments of article 41.1 do not read the tiers of article 43: the same by construction."""
    found = optam_rules.diff(
        "cm-2016",
        "cm-2016",
        old_assume={"bornes_des_paliers": "hautes_incluses"},
        new_assume={"bornes_des_paliers": "basses_incluses"},
        answers=["taux_engagement", "eligible_optam"],
    )
    assert {answer.kind for answer in found.answers} == {Kind.IDENTICAL}
    assert found.comparison.alignment.changes == ()
