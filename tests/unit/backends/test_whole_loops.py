"""Loops in the function of whole records: lists in lists, sets of words, collections, and what elements rest on."""

from __future__ import annotations

import datetime as dt

import pytest

from optam_rules.backends.interpreter import judge as interpreter
from optam_rules.backends.row import judge as row
from optam_rules.core.judgement import Judged, Outcome
from optam_rules.core.known import KnownJudged
from optam_rules.core.schema import read_record
from optam_rules.core.standing import Standing
from tests.support.programs import compiled

DAY = dt.date(2017, 8, 1)
TEXT = """
énumération couleur { rouge "Rouge" ; vert "Vert" }
référentiel moyennes (couleur) : entier "Moyennes"
entité principale dossier "Dossier"
  donnée n : entier "n"
  donnée p : entier "p"
  donnée teintes : ensemble de couleur "teintes"
  donnée taux_lus : liste de taux "taux"
  donnée mots : liste de couleur "mots"
  donnée xs : liste de element "éléments"
entité element "Élément"
  donnée k : entier "k"
  donnée actif : booléen "actif"
article 1 "Un" en vigueur du 2017-01-01
  règle tous_vus : booléen vaut tous(existe(e.actif pour e dans xs tel que e.k = a) pour a dans { 1 ; 2 })
  règle paires : entier vaut somme(somme(1 pour b dans xs tel que b.k <= a.k) pour a dans xs)
  règle selon_n : entier vaut nombre(pour a dans { n ; p ; 3 } tel que a >= 2)
  règle plus_petit : taux vaut minimum(t * 2 pour t dans taux_lus)
  règle moyen : taux vaut moyenne(t pour t dans taux_lus) si vide 0 %
  règle verts : entier vaut nombre(pour m dans mots tel que m = vert)
  règle nombre_de_teintes : entier vaut nombre(pour t dans teintes)
  règle lu : entier vaut moyennes[rouge] si n > 5 sinon 0
  règle de_la_caisse : entier selon caisse "lettre" vaut n
  règle du_vide : entier vaut maximum(e.k pour e dans xs) si vide de_la_caisse
règle seuil : entier selon caisse "lettre" vaut 1
règle corps : entier vaut somme(e.k * seuil pour e dans xs tel que e.actif)
règle condition : entier vaut somme(e.k pour e dans xs tel que e.k >= seuil)
règle les_deux : entier vaut nombre(pour e dans xs tel que e.k >= seuil)
règle existe_corps : booléen vaut existe(e.k >= seuil pour e dans xs tel que e.actif)
règle tous_corps : booléen vaut tous(e.k >= seuil pour e dans xs tel que e.actif)
règle existe_condition : booléen vaut existe(e.actif pour e dans xs tel que e.k >= seuil)
règle vide_et_condition : entier vaut maximum(e.k pour e dans xs tel que e.k >= seuil) si vide 0
"""
PROGRAM = compiled(TEXT)
NAMES = tuple(PROGRAM.answers_by_path)


def element(k: int | None, *, actif: bool | None = True) -> dict[str, object]:
    """Write an element; `None` leaves a datum out."""
    return {name: value for name, value in (("k", k), ("actif", actif)) if value is not None}


def dossier(*xs: dict[str, object], **more: object) -> dict[str, object]:
    """Write a record that tells all."""
    return {
        "n": 1,
        "p": 2,
        "teintes": ["vert", "rouge"],
        "taux_lus": ["25 %", "50 %"],
        "mots": ["vert", "rouge", "vert"],
        "xs": list(xs),
    } | more


def judged(raw: dict[str, object], *answers: str) -> Judged | KnownJudged:
    """Judge by the function of whole records from the first record on."""
    record, faults = read_record(PROGRAM, raw)
    assert record is not None, faults
    return row.prepare(PROGRAM, DAY, answers=answers, assume={}, references={}, warm=0)(record)


def whole(raw: dict[str, object], answer: str) -> Outcome:
    """Judge one answer by the function of whole records, which must not give up."""
    found = judged(raw, answer)
    assert isinstance(found, KnownJudged)
    return found[answer]


RECORDS = [
    dossier(),
    dossier(element(1), element(2)),
    dossier(element(0), element(2, actif=False)),
    dossier(element(0, actif=False)),
    dossier(element(3), element(1), element(2), n=7, p=-1, teintes=[], taux_lus=[], mots=[]),
    dossier(element(None), element(1)),
    dossier(element(1, actif=None), element(2)),
    {"n": 1},
]


@pytest.mark.parametrize("name", NAMES)
def test_every_loop_gives_what_the_interpreter_gives(name: str) -> None:
    """Whole outcomes, standing included, on lists that are empty, full, kept in part, with data missing."""
    for raw in RECORDS:
        record, _ = read_record(PROGRAM, raw)
        assert record is not None
        wanted = interpreter.judge(PROGRAM, record, DAY, answers=[name], assume={}, references={}, trace=False)
        assert wanted == dict(judged(raw, name).outcomes)


def test_loops_are_compiled() -> None:
    """By hand on (1, 2): both years seen; 1 <= 1, 1 <= 2, 2 <= 2 are three pairs; of {1 ; 2 ; 3} two are 2 or more; twice 25 % is 1/2."""
    raw = dossier(element(1), element(2))
    assert [True, 3, 2, 2, 2] == [whole(raw, name).value for name in ("tous_vus", "paires", "selon_n", "verts", "nombre_de_teintes")]
    assert (1, 2) == (whole(raw, "plus_petit").value.numerator, whole(raw, "plus_petit").value.denominator)  # type: ignore[union-attr]
    assert False is whole(dossier(element(1)), "tous_vus").value


@pytest.mark.parametrize(
    ("name", "empty", "left_out", "kept"),
    [
        ("corps", Standing.TEXT, Standing.TEXT, Standing.CAISSE),
        ("existe_corps", Standing.TEXT, Standing.TEXT, Standing.CAISSE),
        ("tous_corps", Standing.TEXT, Standing.TEXT, Standing.CAISSE),
        ("condition", Standing.TEXT, Standing.CAISSE, Standing.CAISSE),
        ("les_deux", Standing.TEXT, Standing.CAISSE, Standing.CAISSE),
        ("vide_et_condition", Standing.TEXT, Standing.CAISSE, Standing.CAISSE),
    ],
)
def test_what_elements_rest_on(name: str, empty: Standing, left_out: Standing, kept: Standing) -> None:
    """The threshold of the caisse counts where it was read to decide: in the body of elements kept, in the condition of any element."""
    found = [whole(dossier(*xs), name).standing for xs in ([], [element(0, actif=False)], [element(2)])]
    assert [empty, left_out, kept] == found


def test_what_is_said_of_an_empty_list_keeps_what_it_rests_on() -> None:
    """`si vide` with a rule of the caisse: the answer rests on the caisse where the list is empty, on the text alone elsewhere."""
    assert Standing.CAISSE is whole(dossier(), "du_vide").standing
    assert Standing.TEXT is whole(dossier(element(1)), "du_vide").standing


def test_two_lists_of_many_elements_are_left() -> None:
    """15 by 15 elements are more than 200 rounds, whose steps are counted elsewhere; 10 by 10 are not: 55 pairs in order."""
    assert isinstance(judged(dossier(*(element(k) for k in range(15))), "paires"), Judged)
    assert 55 == whole(dossier(*(element(k) for k in range(10))), "paires").value


def test_a_table_of_the_caller_is_looked_up_elsewhere() -> None:
    """Where no row is read the function answers; where one is, it gives up, and what is waited for is told."""
    assert 0 == whole(dossier(), "lu").value
    assert {"référentiel:moyennes[rouge]"} == set(judged(dossier(n=6), "lu").outcomes["lu"].needs)
