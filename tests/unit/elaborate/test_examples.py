"""Tests of a pack become raw records, as users write them."""

from __future__ import annotations

from typing import Any

import pytest

from optam_rules.core.program import TestCase
from tests.unit.elaborate.texts import codes, program

RULE = "règle r : entier vaut anciennete\nrègle commun de groupe : taux vaut 10 %\n"


def example(given: str, expected: str = "r = inconnu", *, head: str = "", more: str = "") -> TestCase:
    """Return the only test of a text."""
    lines = f'test "t" au 2020-01-01 {head} {"sachant " + given if given else ""} attendu {expected}'
    return program(RULE + more + lines).tests[0]


@pytest.mark.parametrize(
    ("given", "record"),
    [
        ("honoraires = 1_234.56 €", {"honoraires": "1234.56"}),
        ("honoraires = 100 € / 4", {"honoraires": "25.00"}),
        ("taux_demande = 25 %", {"taux_demande": "0.25"}),
        ("taux_demande = 1 / 3", {"taux_demande": "1/3"}),
        ("ecart = -2.5 points", {"ecart": "-0.025"}),
        ("anciennete = 3", {"anciennete": 3}),
        ("volontaire = vrai", {"volontaire": True}),
        ("installation = 2020-02-29", {"installation": "2020-02-29"}),
        ('identifiant = "A"', {"identifiant": "A"}),
        ("secteur = aucun", {"secteur": "aucun"}),
        ("secteur = sans objet", {"secteur": "sans_objet"}),
        ("secteur = inconnu", {"secteur": None}),
        ("titres = { praticien ; aucun }", {"titres": ["aucun", "praticien"]}),
        ("titres = { }", {"titres": []}),
        (
            "exercices = { exercice(annee = 2013 ; depassements = 1 €) ; exercice() }",
            {"exercices": [{"annee": 2013, "depassements": "1.00"}, {}]},
        ),
        ("groupe = sans objet", {"groupe": "sans_objet"}),
        ('groupe = "G"', {"groupe": "G"}),
        (
            'groupe = groupe(nom = "G" ; membres = { "A" ; medecin(anciennete = 1) })',
            {"groupe": {"nom": "G", "membres": ["A", {"anciennete": 1}]}},
        ),
        ('groupe.ouvert = vrai ; groupe.nom = "G"', {"groupe": {"ouvert": True, "nom": "G"}}),
        ('groupe = groupe(ouvert = vrai) ; groupe.nom = "G"', {"groupe": {"ouvert": True, "nom": "G"}}),
    ],
)
def test_values_are_written_as_in_a_record(given: str, record: dict[str, Any]) -> None:
    """Amounts in euros, rates and points as ratios, dates in ISO form, sets sorted, absence as null or `sans_objet`."""
    assert record == example(given).record


def test_rows_of_reference_tables_are_given_by_their_keys() -> None:
    """Keys and values are raw; a row said to be unknown is absent."""
    more = "référentiel moyennes (secteur ; annee : entier) : taux\nrègle lue : taux vaut moyennes[secteur ; 3]\n"
    found = example("moyennes[aucun ; 3] = 40 % ; moyennes[secteur_1 ; 3] = inconnu", more=more)
    assert {"moyennes": {("aucun", 3): "0.4"}} == found.references
    assert {} == found.record


def test_readings_are_chosen_by_name() -> None:
    """`en supposant` fixes hypotheses."""
    more = 'hypothèse bornes = hautes | basses "?"\nrègle b : booléen vaut bornes = hautes\n'
    assert {"bornes": "basses"} == example("", head="en supposant bornes = basses", more=more).assume


@pytest.mark.parametrize(
    ("expected", "path", "status", "value"),
    [
        ("r = 3", "r", "known", 3),
        ("r = inconnu", "r", "unknown", None),
        ("r = sans objet", "r", "not_applicable", None),
        ("r = conflit", "r", "conflict", None),
        ("r = erreur", "r", "error", None),
        ("groupe.commun = 10 %", "groupe.commun", "known", "0.1"),
    ],
)
def test_expectations_are_typed_by_their_answer(expected: str, path: str, status: str, value: object) -> None:
    """What is expected is a status, or a raw value of the answer's type."""
    found = example("", expected).expected[0]
    assert (path, status, value) == (found.path, found.status, found.value)


@pytest.mark.parametrize(
    ("given", "found"),
    [
        ("honoraires = 1 € / 3", ["E310"]),
        ("honoraires = 3", ["E301"]),
        ("honoraires = 2_000_000 €", ["E325"]),
        ("volontaire = sans objet", ["E324"]),
        ("titres = { praticien ; inconnu }", ["E319"]),
        ("titres = praticien", ["E301"]),
        ("exercices = exercice(annee = 1)", ["E232"]),
        ("exercices = { exercice(annee = 1 %) }", ["E301"]),
        ('exercices = { "A" }', ["E232"]),  # the first datum of an exercice is a number: none is named by a text
        ("groupe.membres.anciennete = 1", ["E305"]),
        ('groupe = "G" ; groupe.ouvert = vrai', ["E230"]),
        ("commun = 3", ["E226"]),
    ],
)
def test_faulty_records_are_told(given: str, found: list[str]) -> None:
    """A test's record is held to the types and bounds of the vocabulary."""
    assert found == codes(f'{RULE}test "t" au 2020-01-01 sachant {given} attendu r = inconnu')


@pytest.mark.parametrize("path", ["anciennete", "groupe.nom", "groupe.membres", "groupe", "groupe.x.y"])
def test_only_answers_are_expected(path: str) -> None:
    """A datum, or a path that is not one of the program's answers, cannot be expected."""
    assert ["E231"] == codes(f'{RULE}test "t" au 2020-01-01 attendu {path} = inconnu')
