"""Reference tables read from rows and from mappings: keys of the declared types, every fault with its row."""

from __future__ import annotations

from fractions import Fraction

import attrs
import pytest

from optam_rules.core.references import read_reference, read_references
from tests.support.vocabulary import program

PROGRAM = program()
ROW = {"specialite": "radiologie", "region": "bretagne", "valeur": "40 %"}


def test_rows_of_text() -> None:
    """Columns are named by the keys and `valeur`, in any order; cells are stripped."""
    rows = [ROW, {"valeur": " 0.25 ", "region": "bretagne", "specialite": " cardiologie"}]
    read, faults = read_reference(PROGRAM, "moyennes", rows)
    assert not faults
    assert read == {("radiologie", "bretagne"): Fraction(2, 5), ("cardiologie", "bretagne"): Fraction(1, 4)}


def test_a_table_without_rows() -> None:
    """An empty table is a table: every row of it is unknown."""
    assert read_reference(PROGRAM, "moyennes", []) == ({}, [])


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ([ROW, {**ROW, "valeur": "50 %"}], [("moyennes[1]", "E552", "les clés `radiologie ; bretagne` figurent deux fois")]),
        ([{**ROW, "specialite": "radio"}], [("moyennes[0].specialite", "E509", "`radio` n'est pas une valeur de `specialite`")]),
        ([{**ROW, "valeur": ""}], [("moyennes[0].valeur", "E553", "la cellule `valeur` est vide")]),
        ([{**ROW, "region": "", "valeur": "x"}], [("moyennes[0].region", "E553", None), ("moyennes[0].valeur", "E504", None)]),
        ([{"specialite": "radiologie", "valeur": "1"}], [("moyennes", "E551", "la colonne `region` manque ou n'est pas déclarée")]),
        ([{**ROW, "regoin": "x"}], [("moyennes", "E551", "la colonne `regoin` manque ou n'est pas déclarée")]),
    ],
)
def test_faults_of_rows(rows: list[dict[str, str]], expected: list[tuple[str, str, str | None]]) -> None:
    """Every fault of every row is told, and nothing of a faulty column is guessed."""
    _, faults = read_reference(PROGRAM, "moyennes", rows)
    found = [(fault.path, fault.code, fault.message) for fault in faults]
    assert len(expected) == len(found)
    for wanted, seen in zip(expected, found, strict=True):
        assert wanted[:2] == seen[:2]
        assert wanted[2] in (None, seen[2])


def test_mappings_of_python() -> None:
    """The form of the API: tables by name, keys alone or in a tuple, values raw as in a record."""
    read, faults = read_references(PROGRAM, {"moyennes": {("radiologie", "bretagne"): "40 %", ("cardiologie", "bretagne"): Fraction(1, 3)}})
    assert not faults
    assert read == {"moyennes": {("radiologie", "bretagne"): Fraction(2, 5), ("cardiologie", "bretagne"): Fraction(1, 3)}}


def test_values_outside_their_bounds() -> None:
    """A forgotten percent sign is refused with its cure, from rows and from mappings; both bounds are inside, keys have none."""
    bounded = attrs.evolve(PROGRAM.references["moyennes"], low=0, high=10)
    narrow = attrs.evolve(PROGRAM, references={"moyennes": bounded})
    written = [("radiologie", "bretagne", "41.2"), ("radiologie", "ile_de_france", "1000 %"), ("cardiologie", "bretagne", "-0.1 %")]
    rows = [dict(zip(("specialite", "region", "valeur"), row, strict=True)) for row in written]
    read, faults = read_reference(narrow, "moyennes", rows)
    assert [(fault.path, fault.code, fault.message, fault.hint) for fault in faults] == [
        ("moyennes[0].valeur", "E510", '`"41.2"` sort des bornes : 0 % à 1000 %', 'pour un pourcentage, écrivez `"41.2 %"`'),
        ("moyennes[2].valeur", "E510", '`"-0.1 %"` sort des bornes : 0 % à 1000 %', None),
    ]
    assert read == {("radiologie", "ile_de_france"): 10}
    _, found = read_references(narrow, {"moyennes": {(specialty, region): value for specialty, region, value in written}})
    assert [(fault.path, fault.code) for fault in found] == [(fault.path, fault.code) for fault in faults]


def test_faults_of_mappings() -> None:
    """Unknown tables, wrong numbers of keys and wrong values are told together."""
    _, faults = read_references(PROGRAM, {"moyenne": {}, "moyennes": {"radiologie": "1", ("radiologie", "bretagne"): 0.5}})
    assert [(fault.path, fault.code, fault.message, fault.hint) for fault in faults] == [
        (None, "E550", "le référentiel `moyenne` n'est pas déclaré", "vouliez-vous écrire `moyennes` ?"),
        ("moyennes[0]", "E554", "nombre de clés : 1 ; attendu : 2", None),
        (
            "moyennes[1].valeur",
            "E503",
            "le nombre flottant `0.5` est refusé",
            'donnez une chaîne ou un `Decimal`, par exemple `Decimal("0.5")`',
        ),
    ]
    assert [fault.code for fault in read_reference(PROGRAM, "tarifs", [])[1]] == ["E550"]
