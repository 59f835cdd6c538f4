"""Steps by compiled functions: each thing told once, where it was first seen; when they are used; what they leave."""

from __future__ import annotations

import datetime as dt

import pytest

from optam_rules.analysis import judging
from optam_rules.analysis.judging import COLD, StepsLater, prepare_telling
from optam_rules.backends.row import steps
from optam_rules.backends.row.judge import WARM
from optam_rules.core.judgement import Step
from optam_rules.core.program import Program
from optam_rules.core.record import Record
from optam_rules.core.schema import read_record
from tests.support.programs import compiled

DAY = dt.date(2017, 8, 1)
TEXT = """
entité principale dossier "Dossier"
  donnée m : montant entre 0 € et 1_000_000 € "m"
  donnée n : montant entre 0 € et 1_000_000 € "n"
  donnée b : booléen "b"
  donnée suite : annexe_jointe facultative "suite"
  donnée xs : liste de annexe_jointe "xs"
entité annexe_jointe "Annexe"
  donnée z : entier entre 0 et 100 "z"
article 1 "Un" en vigueur du 2017-01-01
  règle bas : montant vaut m plafonné à 5 €
  règle deux_fois : montant
    vaut m + n si b
    sinon m
  règle somme_des_deux : montant vaut deux_fois + m
  règle relue : entier vaut suite.z si b sinon 0 plafonné à suite.z
  règle deux_bornes : montant vaut m plafonné à 5 € plafonné à 5 €
  règle nombre_des_annexes : entier vaut nombre(pour x dans xs tel que x.z > 1)
  règle bas_lu : montant vaut bas si b sinon deux_fois plafonné à bas
"""


def program_and_record(raw: dict[str, object]) -> tuple[Program, Record]:
    """Return the program, and a record read for it."""
    program = compiled(TEXT)
    record, faults = read_record(program, raw)
    assert record is not None, faults
    return program, record


def compiled_steps(raw: dict[str, object], answer: str) -> tuple[Step, ...]:
    """Return the steps of one answer, which must be compiled."""
    program, record = program_and_record(raw)
    found = steps.prepare(program, DAY, answers=(answer,), assume={}, warm=0)(record)
    assert found is not None
    return found[answer].steps


WHOLE: dict[str, object] = {"m": "7.50", "n": "1", "b": True, "suite": {"z": 3}, "xs": []}


def test_what_a_branch_and_the_rest_read_is_told_once() -> None:
    """`suite.z` is read in a branch and after it: one datum, after `b`, which decides."""
    assert ["b", "suite.z"] == [read.path for read in compiled_steps(WHOLE, "relue")[0].inputs]


def test_a_step_read_twice_is_told_once_where_it_was_first_read() -> None:
    """`bas` is read in a branch and as the cap after it: once; where the other branch is taken, after `deux_fois`."""
    assert [("bas_lu", ("bas",)), ("bas", ())] == [(step.key, step.reads) for step in compiled_steps(WHOLE, "bas_lu")]
    other = compiled_steps({**WHOLE, "b": False}, "bas_lu")
    assert [("bas_lu", ("deux_fois", "bas")), ("deux_fois", ()), ("bas", ())] == [(step.key, step.reads) for step in other]


def test_equal_bounds_are_told_once_and_others_apart() -> None:
    """Capped twice at 5 €, 3 € meets the same bound twice; 7.50 € one that changes it, then one that does not."""
    for amount, bounds in (("3", [(300, 300, False)]), ("7.50", [(750, 500, True), (500, 500, False)])):
        step = compiled_steps({**WHOLE, "m": amount}, "deux_bornes")[0]
        assert bounds == [(bound.before, bound.after, bound.bound) for bound in step.bounds]


def test_an_empty_list_is_a_datum_read_and_its_elements_tell_theirs() -> None:
    """A list without elements is told as such; one of two annexes by what was read of each, the two paths in order."""
    assert [("xs", ())] == [(read.path, read.value) for read in compiled_steps(WHOLE, "nombre_des_annexes")[0].inputs]
    two = compiled_steps({**WHOLE, "xs": [{"z": 1}, {"z": 2}]}, "nombre_des_annexes")[0]
    assert ([("xs[z=1].z", 1), ("xs[z=2].z", 2)], 1) == ([(read.path, read.value) for read in two.inputs], two.value)


PLACES = """
entité principale dossier "Dossier"
  donnée premier : lieu "premier"
  donnée second : lieu "second"
entité lieu "Lieu"
  donnée nom : chaîne "nom"
  donnée z : entier entre 0 et 100 "z"
article 1 "Un" en vigueur du 2017-01-01
  règle somme_des_lieux : entier vaut premier.z + second.z
"""


def test_a_record_that_stands_in_two_places_is_left_to_the_interpreter() -> None:
    """Two places are told by their own paths; one place named twice has the path that was looked at first, which is the interpreter's."""
    program = compiled(PLACES)
    tracer = steps.prepare(program, DAY, answers=("somme_des_lieux",), assume={}, warm=0)
    apart, _ = read_record(program, {"premier": {"nom": "A", "z": 1}, "second": {"nom": "B", "z": 2}})
    same, _ = read_record(program, {"premier": {"nom": "A", "z": 1}, "second": "A"})
    assert apart is not None
    assert same is not None
    found = tracer(apart)
    assert found is not None
    assert ["premier.z", "second.z"] == [read.path for read in found["somme_des_lieux"].steps[0].inputs]
    assert tracer(same) is None


def _later(raw: dict[str, object], *answers: str) -> tuple[StepsLater, Record]:
    program, record = program_and_record(raw)
    telling = prepare_telling(program, DAY, answers=answers, assume={}, references={})
    for _ in range(COLD):
        telling(record)
    for _ in range(2 * WARM + 1):  # so many before all answers are compiled together, so many given up before each is compiled alone
        telling.later(record).worked_out()[answers[0]]
    return telling.later(record), record


def _refuse(monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(*_: object, **__: object) -> None:
        raise AssertionError("the interpreter was asked")

    monkeypatch.setattr(judging.interpreter, "judge", refused)


def test_after_some_records_the_interpreter_is_not_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    """The steps of a whole record are compiled once twenty came before it; outcomes and steps tell the same."""
    later, _ = _later(WHOLE, "somme_des_deux", "bas")
    _refuse(monkeypatch)
    assert ["somme_des_deux", "deux_fois"] == [step.key for step in later.worked_out()["somme_des_deux"]]
    assert later.worked_out()["bas"] == later()["bas"].steps
    assert ["somme_des_deux", "bas"] == list(later())


def test_an_answer_of_a_partial_record_may_be_compiled_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without n, `somme_des_deux` waits for it and is the interpreter's; `bas` reads m alone."""
    later, _ = _later({"m": "7.50", "b": True}, "somme_des_deux", "bas")
    _refuse(monkeypatch)
    assert 500 == later.worked_out()["bas"][0].value
    with pytest.raises(AssertionError):
        later.worked_out()["somme_des_deux"]
