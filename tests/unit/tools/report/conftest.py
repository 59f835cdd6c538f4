"""A small program and steps made by hand, so that each sentence can be asked for alone."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from fractions import Fraction
from typing import Any

import pytest

from optam_rules.base.calendar import Interval
from optam_rules.base.source import Position, Source
from optam_rules.core.judgement import GuardRead, Status, Step
from optam_rules.core.program import ArticleText, EntitySpec, EnumSpec, FieldSpec, Hypothesis, Program, Provenance
from optam_rules.core.standing import Standing
from optam_rules.core.types import EntityType, EnumType, ListType, Scalar

PLACE = Position(Source("cm-2016/41.conv", "texte", "texte"), 0, 5)


def _article(number: str, kind: str, title: str, start: dt.date, end: dt.date | None = None) -> ArticleText:
    return ArticleText(number, kind, title, Interval(start, end), None, Provenance(number, PLACE))


@pytest.fixture
def program() -> Program:
    """A vocabulary of one practitioner with years, three units of law and one open question."""
    year = EntitySpec("exercice", "Année", False, {"annee": FieldSpec("annee", Scalar.INTEGER, "Année civile")})
    doctor = EntitySpec(
        "medecin",
        "Médecin",
        True,
        {
            "secteur": FieldSpec("secteur", EnumType("secteur"), "Secteur conventionnel"),
            "exercices": FieldSpec("exercices", ListType(EntityType("exercice")), "Exercices"),
        },
    )
    return Program(
        id="cm-2016",
        title="Convention médicale 2016",
        version="2016-10-20",
        digest="sha256:0",
        entities={"medecin": doctor, "exercice": year},
        enumerations={"secteur": EnumSpec("secteur", {"secteur_1": "Secteur 1", "secteur_2": "Secteur 2"})},
        parameters={},
        references={},
        hypotheses={"bornes": Hypothesis("bornes", ("hautes", "basses"), "la borne est-elle incluse ?", Provenance(None, PLACE))},
        definitions={},
        articles=(
            _article("41.1", "article", "Engagements", dt.date(2016, 10, 24), dt.date(2018, 12, 31)),
            _article("41.1", "article", "Engagements modifiés", dt.date(2019, 1, 1)),
            _article("annexe 21", "annexe", "Calcul", dt.date(2016, 10, 24)),
            _article("part_versee", "clause", "Part versée", dt.date(2017, 1, 1)),
        ),
    )


@pytest.fixture
def step() -> Callable[..., Step]:
    """Make a step with a known rate of 46.5 %, changed by keywords."""

    def make(**changes: Any) -> Step:
        fields: dict[str, Any] = {
            "key": "taux",
            "definition": "taux",
            "label": "",
            "article": None,
            "reference": None,
            "position": PLACE,
            "status": Status.KNOWN,
            "value": Fraction(93, 200),
            "type": Scalar.RATE,
            "standing": Standing.TEXT,
            "source": None,
            "hypotheses": (),
            "taken": None,
            "guards": (),
            "bounds": (),
            "inputs": (),
            "parameters": (),
            "reads": (),
            "notes": (),
            "fault": None,
            "conflict": (),
            "needs": frozenset(),
            "interval": (None, None),
        }
        return Step(**(fields | changes))

    return make


@pytest.fixture
def guard() -> Callable[..., GuardRead]:
    """Make an exception looked at whose condition held, changed by keywords."""

    def make(**changes: Any) -> GuardRead:
        fields: dict[str, Any] = {
            "name": "de_groupe",
            "article": None,
            "position": PLACE,
            "held": True,
            "neutralised": False,
            "standing": Standing.TEXT,
            "source": None,
            "not_applicable": False,
        }
        return GuardRead(**(fields | changes))

    return make
