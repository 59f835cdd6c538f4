"""Strategies for other teams' tests: what they draw is read without a fault, and holds what rules turn on."""

from __future__ import annotations

import datetime as dt
from functools import cache
from typing import Any

import attrs
import pytest
from hypothesis import HealthCheck, Phase, find, given, settings

import optam_rules
from optam_rules.base.errors import CallError
from optam_rules.core.program import Program
from optam_rules.testing import cases, dossiers, groups
from tests.support.programs import compiled

SLOW = settings(max_examples=4, deadline=None, suppress_health_check=list(HealthCheck))
FEW = settings(
    max_examples=2000,
    database=None,
    derandomize=True,
    deadline=None,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)
TEXT = """
entité principale dossier "Dossier"
  donnée nom : chaîne "Nom"
  donnée arrivee : date "Arrivée"
  donnée part : taux entre 0 % et 90 % "Part"
  donnée autre : taux entre 0 % et 90 % "Autre part"
règle tot : booléen vaut arrivee <= 2017-06-08 et part > 25 %
règle pareil : booléen vaut part = autre et part ≠ 0 % et part ≠ 25 % et part ≠ 50 %
règle deux_mois : booléen vaut date d'évaluation = arrivee + 2 mois (fin de mois inférieur)
"""


@attrs.frozen
class Small:
    """A program as a pack has it."""

    program: Program


@cache
def pack() -> optam_rules.Pack:
    """Load the 2016 convention once."""
    return optam_rules.load("cm-2016")


@SLOW
@given(drawn=dossiers(pack()))
def test_whole_files_are_judged_without_a_refusal(drawn: list[dict[str, Any]]) -> None:
    """Records of one file, each with an identifiant of its own."""
    judged = list(pack().evaluate_all(drawn, on=dt.date(2017, 6, 8), answers=["eligible_optam"]))
    assert [record["identifiant"] for record in drawn] == [one.identifiant for one in judged]
    assert all(isinstance(one, optam_rules.Judgement) for one in judged)


@SLOW
@given(group=groups(pack()), case=cases(pack(), "taux_depassement_constate"))
def test_groups_and_cases_are_judged(group: dict[str, Any], case: Any) -> None:
    """A group is read as a practitioner's; a case brings its day, its readings and rows of reference tables."""
    record = {"identifiant": "Z", "groupe": {**group, "membres": ["Z", *group.get("membres", [])]}}
    assert "groupe.ouvert_au_taux_commun" in pack().evaluate(record, on=dt.date(2017, 8, 1), trace=False).answers
    answers = ["taux_depassement_constate"]
    judged = pack().evaluate(case.record, on=case.on, assume=case.readings, references=case.references, answers=answers)
    assert answers == list(judged.answers)


def _two_months_before(day: dt.date) -> str:
    """Return the same day of the month two months before; the days drawn first lie in the middle of a month."""
    return day.replace(month=(day.month - 3) % 12 + 1, day=min(day.day, 28), year=day.year - (day.month <= 2)).isoformat()


@pytest.mark.parametrize(
    ("answer", "condition"),
    [
        ("tot", lambda case: case.record.get("arrivee") == "2017-06-09"),
        ("tot", lambda case: case.record.get("part") == "0.251"),
        ("pareil", lambda case: case.record.get("part") == case.record.get("autre") not in (None, "0", "0.25", "0.5")),
        ("deux_mois", lambda case: case.record.get("arrivee") == _two_months_before(case.on)),
    ],
)
def test_what_rules_turn_on_is_drawn(answer: str, condition: Any) -> None:
    """The day after a limit, a tenth of a point above a rate, one number twice, a delay that the rules name before the day."""
    drawn = cases(Small(compiled(TEXT)), answer)
    assert condition(find(drawn, condition, settings=FEW))


def test_bounds_are_respected() -> None:
    """A rate of at most 90 % is never drawn above, nor repeated above from a wider datum."""
    drawn = cases(Small(compiled(TEXT)), "pareil")

    @settings(FEW, max_examples=60)
    @given(case=drawn)
    def inside(case: Any) -> None:
        assert all(0 <= float(case.record.get(name, "0")) <= 0.9 for name in ("part", "autre") if "/" not in case.record.get(name, "0"))

    inside()


def test_a_pack_without_groups_says_so() -> None:
    """No entity lists the main one."""
    with pytest.raises(CallError, match="E844"):
        groups(Small(compiled(TEXT)))
