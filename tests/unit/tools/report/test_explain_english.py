"""The sentences of an explanation in English, one a kind of step: names, labels and quoted law stay as they are."""

from __future__ import annotations

import datetime as dt
import string
from collections.abc import Callable
from fractions import Fraction
from typing import Any

import attrs
import pytest

from optam_rules.base.source import Position, Source
from optam_rules.core.judgement import Bound, Fault, GuardRead, InputRead, Outcome, Status, Step
from optam_rules.core.program import Program, Provenance, ReferenceTable
from optam_rules.core.standing import Standing
from optam_rules.core.types import EnumType, Scalar
from optam_rules.tools.report import wording
from optam_rules.tools.report.explain import explain
from optam_rules.tools.report.tree import draw
from optam_rules.tools.report.values import brief, show
from optam_rules.tools.report.wording import Language, note, say

ON = dt.date(2017, 6, 8)
PLACE = Position(Source("cm-2016/41.conv", "texte", "texte"), 0, 5)
StepMaker = Callable[..., Step]
GuardMaker = Callable[..., GuardRead]


def tell(program: Program, *steps: Step, **outcome: Any) -> list[str]:
    """Return the lines of the tree of the first step, as the answer `taux`, in English and without branches."""
    first = steps[0]
    fields = {"status": first.status, "type": first.type, "value": first.value, "needs": first.needs, "standing": first.standing}
    told = explain(program, ON, "taux", Outcome(**(fields | {"steps": steps} | outcome)), language=Language.ENGLISH)
    return [line.lstrip("│├└─ ") for line in draw(told).splitlines()]


def test_a_known_answer(program: Program, step: StepMaker) -> None:
    """A decimal point, and the per cent sign close to its number."""
    assert tell(program, step(label="Taux d'engagement")) == ["taux = 46.5% — Taux d'engagement", "rests on: the text itself"]


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        (Status.UNKNOWN, "taux: unknown"),
        (Status.NOT_APPLICABLE, "taux: does not apply"),
        (Status.CONFLICT, "taux: conflict between rules"),
        (Status.ERROR, "taux: cannot be computed"),
    ],
)
def test_non_answers(program: Program, step: StepMaker, status: Status, expected: str) -> None:
    """One wording each."""
    assert tell(program, step(status=status, value=None))[0] == expected


def test_where_a_result_comes_from(program: Program, step: StepMaker, guard: GuardMaker) -> None:
    """Exception, article, days and source on one line; the exception's fate on the next."""
    interval = (dt.date(2017, 7, 1), dt.date(2018, 1, 1))
    lines = tell(program, step(article="41.1", taken="de_groupe", guards=(guard(),), interval=interval, source="message"))
    assert lines[1:3] == [
        "under: exception de_groupe, article 41.1 « Engagements », in force from 2017-07-01 to 2018-01-01, after « message »",
        "exception de_groupe taken: its condition is met",
    ]


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"held": False}, "set aside: its condition is not met"),
        ({"held": False, "not_applicable": True}, "set aside: its condition does not apply, which counts as not met"),
        ({"held": None}, "pending: whether its condition is met is not known"),
        ({"neutralised": True}, "disapplied: it has no effect"),
        ({"neutralised": None}, "pending: its condition is met, but whether it is disapplied is not known"),
        ({}, "applicable: its condition is met, as are those of other exceptions"),
    ],
)
def test_fates_of_exceptions(program: Program, step: StepMaker, guard: GuardMaker, changes: dict[str, Any], expected: str) -> None:
    """Whether its condition held and whether it was disapplied decide the wording."""
    assert tell(program, step(guards=(guard(**changes),)))[1] == f"exception de_groupe {expected}"


def test_overridden_and_conflicting_exceptions(program: Program, step: StepMaker, guard: GuardMaker) -> None:
    """One that another overrides; two that nothing parts."""
    overridden = tell(program, step(taken="autre", guards=(guard(), guard(name="autre"))))
    assert overridden[1] == "exception de_groupe set aside: its condition is met, but another prevails"
    conflict = tell(program, step(status=Status.CONFLICT, value=None, guards=(guard(),), conflict=(PLACE,)))
    assert conflict[1:3] == [
        "exception de_groupe in conflict: its condition is met, as is another's, and nothing says which prevails",
        "irreconcilable places: cm-2016/41.conv:1:1",
    ]


def test_what_was_read(program: Program, step: StepMaker) -> None:
    """Data by record, those without object, those missing, rows of reference tables, parameters."""
    program = attrs.evolve(program, references={"moyennes": ReferenceTable("moyennes", (), Scalar.RATE, Provenance(None, PLACE))})
    inputs = (
        InputRead("exercices[annee=2013].depassements", Status.KNOWN, 4000000, Scalar.MONEY),
        InputRead("exercices[annee=2014].depassements", Status.KNOWN, 4000000, Scalar.MONEY),
        InputRead("secteur", Status.KNOWN, "secteur_2", EnumType("secteur")),
        InputRead("titres", Status.UNKNOWN, None, Scalar.TEXT),
        InputRead("region", Status.NOT_APPLICABLE, None, Scalar.TEXT),
        InputRead("moyennes[radiologie]", Status.KNOWN, Fraction(2, 5), Scalar.RATE),
        InputRead("référentiel:moyennes[autre]", Status.UNKNOWN, None, Scalar.RATE),
    )
    assert tell(program, step(inputs=inputs, parameters=(("plafond", 1, Scalar.RATE),)))[1:-1] == [
        "read in the reference table: moyennes[radiologie] = 40%",
        "missing from the reference tables supplied: moyennes[autre]",
        "missing from the record: titres",
        "read: secteur = Secteur 2",
        "declared not applicable: region",
        "read, exercice 2013 ; exercice 2014: depassements = 40,000.00 €",
        "parameter plafond = 100%",
    ]


@pytest.mark.parametrize(
    ("kind", "before", "limit", "after", "expected"),
    [
        ("plafonné à", 2, 1, 1, "capped at 100%: brought down from 200% to 100%"),
        ("plafonné à", Fraction(1, 2), 1, Fraction(1, 2), "capped at 100%: the cap does not bind (50%)"),
        ("au moins", Fraction(1, 10), Fraction(3, 10), Fraction(3, 10), "at least 30%: brought up from 10% to 30%"),
        ("au moins", Fraction(1, 2), Fraction(3, 10), Fraction(1, 2), "at least 30%: the floor does not bind (50%)"),
        ("arrondi à", Fraction(1, 8), Fraction(1, 100), Fraction(13, 100), "rounded to 1%: 12.5% becomes 13%"),
        ("arrondi à", Fraction(1, 4), Fraction(1, 100), Fraction(1, 4), "rounded to 1%: rounding changes nothing (25%)"),
    ],
)
def test_bounds(program: Program, step: StepMaker, kind: str, before: Fraction, limit: Fraction, after: Fraction, expected: str) -> None:
    """Whether they bound is told."""
    assert tell(program, step(bounds=(Bound(kind, before, limit, after, before != after, Scalar.RATE),)))[1] == expected


def test_what_is_missing(program: Program, step: StepMaker) -> None:
    """Data with their labels, an open question with its readings, reference rows, silent sources."""
    needs = frozenset(
        {"secteur", "exercices[annee=2014].annee", "hypothèse:bornes", "référentiel:moyennes[radiologie]", "référentiel:m", "inconnu:part"}
    )
    assert tell(program, step(status=Status.UNKNOWN, value=None, needs=needs))[1:-1] == [
        "to tell, this is missing: secteur (Secteur conventionnel)",
        "to tell, this is missing: exercice 2014: annee (Année civile)",
        "to tell, this is missing: the choice of a reading, bornes (« la borne est-elle incluse ? »: hautes or basses)",
        "to tell, this is missing: what the sources do not say, part",
        "to tell, this is missing: a row of the reference table m",
        "to tell, this is missing: the row moyennes[radiologie] of the reference table",
    ]


@pytest.mark.parametrize(
    ("standing", "whole", "short"),
    [
        (Standing.TEXT, "rests on: the text itself", ""),
        (Standing.CAISSE, "weakest ground: a position of the fund (caisse)", " [fund (caisse)]"),
        (Standing.DOCTRINE, "weakest ground: doctrine", " [doctrine]"),
        (Standing.HYPOTHESIS, "weakest ground: an assumption that the sources do not confirm", " [assumption]"),
    ],
)
def test_standings(program: Program, step: StepMaker, standing: Standing, whole: str, short: str) -> None:
    """In full for the answer, in brackets for what led there."""
    assert tell(program, step(standing=standing, reads=("a",)), step(key="a", standing=standing))[1:] == [whole, f"a = 46.5%{short}"]


def test_hypotheses_readings_and_results_told_twice(program: Program, step: StepMaker) -> None:
    """A hypothesis of ours is quoted, a reading chosen is named; the alternatives come first; a result read twice is explained once."""
    top = step(standing=Standing.HYPOTHESIS, hypotheses=("moyenne simple", "bornes=hautes"), reads=("a", "a"))
    lines = tell(program, top, step(key="a", parameters=(("p", 1, Scalar.RATE),)))
    assert lines[2:4] == ["assumption made: « moyenne simple »", "reading chosen: bornes = hautes"]
    assert lines[-1] == "a = 46.5% (explained above)"
    other = Outcome(Status.KNOWN, Scalar.RATE, Fraction(9, 10))
    unknown = step(status=Status.UNKNOWN, value=None, needs=frozenset({"hypothèse:bornes"}))
    assert tell(program, unknown, alternatives=(("hautes", other),))[1] == "under the reading bornes = hautes: 90%"


def test_errors(program: Program, step: StepMaker) -> None:
    """The cause is told in English, with its code and place."""
    lines = tell(program, step(status=Status.ERROR, value=None, fault=Fault("E601", "division par zéro", PLACE)))
    assert lines[1] == "cause: division by zero (E601), at cm-2016/41.conv:1:1"


@pytest.mark.parametrize(
    ("french", "english"),
    [
        ("une condition sans objet compte comme fausse", "a condition that does not apply counts as false"),
        ("`r` n'est pas en vigueur au 2017-01-01", "`r` is not in force on 2017-01-01"),
        ("`p` : publié le 2018-01-01, après le jour jugé", "`p`: published on 2018-01-01, after the day judged"),
        ("une remarque d'un autre moteur", "une remarque d'un autre moteur"),
    ],
)
def test_notes(french: str, english: str) -> None:
    """Notes of backends have their English; one that has none is shown as it is."""
    assert (note(Language.FRENCH, french), note(Language.ENGLISH, french)) == (french, english)


def test_values() -> None:
    """Thousands by commas, a decimal point, and what does not end says so; 23/60 is 38.33 % to the nearest hundredth."""
    english = Language.ENGLISH
    assert show(Fraction(23, 60), Scalar.RATE, {}, english) == "about 38.33% (exactly 23/60)"
    assert brief(Fraction(23, 60), Scalar.RATE, {}, english) == "≈ 38.33%"
    assert show(123456789, Scalar.MONEY, {}, english) == "1,234,567.89 €"
    assert show(Fraction(1, 50), Scalar.POINTS, {}, english) == "2 points"
    assert [show(value, Scalar.BOOLEAN, {}, english) for value in (True, False)] == ["yes", "no"]


def test_both_languages_fill_the_same_words() -> None:
    """Each sentence names the same words in both, so that none can be told less than the other."""
    for key, (french, english) in wording._SENTENCES.items():
        names = [{name for _, name, _, _ in string.Formatter().parse(text) if name} for text in (french, english)]
        assert names[0] == names[1], key
        assert say(Language.FRENCH, key, **dict.fromkeys(names[0], "x"))
