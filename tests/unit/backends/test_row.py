"""Compiled rows beyond the conformance suite: what they leave to the reference and why, sources in tracebacks, hostile labels."""

from __future__ import annotations

import datetime as dt
import gc
import linecache

import attrs
import pytest

from optam_rules.analysis import judging
from optam_rules.backends.interpreter import judge as interpreter
from optam_rules.backends.row import judge as row
from optam_rules.backends.row import state
from optam_rules.backends.row.partial import compile_definition
from optam_rules.core.judgement import Judged, Status
from optam_rules.core.program import Program
from optam_rules.core.schema import read_record
from tests.support.programs import compiled

DAY = dt.date(2017, 8, 1)


def judged(program: Program, raw: dict[str, object], *answers: str) -> Judged:
    """Judge a record by compiled rows alone."""
    record, faults = read_record(program, raw)
    assert record is not None, faults
    return row.judge(program, record, DAY, answers=answers, assume={}, references={})


NESTED = """
entité principale dossier "Dossier"
  donnée xs : liste de element "éléments"
entité element "Élément"
  donnée k : entier "k"
règle compte : entier vaut somme(somme(nombre(pour c dans xs tel que c.k >= 0) pour b dans xs) pour a dans xs)
règle petite : entier vaut nombre(pour a dans xs)
"""


def test_an_answer_that_may_take_too_many_steps_is_left_to_the_reference(monkeypatch: pytest.MonkeyPatch) -> None:
    """With room for 100 steps, 6^3 elements are too many for compiled rows, which say so; the reference counts them: 216."""
    monkeypatch.setattr(state, "MAX_STEPS", 100)
    program = compiled(NESTED)
    raw: dict[str, object] = {"xs": [{"k": k} for k in range(6)]}
    alone = judged(program, raw, "compte", "petite")
    assert ({"compte": "peut dépasser 100 étapes"}, 6) == (alone.beyond, alone.outcomes["petite"].value)
    record, _ = read_record(program, raw)
    assert record is not None
    for _ in range(judging.COLD + 1):
        together = judging.judge(program, record, DAY, answers=["compte", "petite"], assume={}, references={})
    assert (["compte", "petite"], 216) == (list(together.outcomes), together.outcomes["compte"].value)
    assert alone.beyond == together.beyond


def test_deep_expressions_are_compiled() -> None:
    """Forty conditionals and ten aggregates one in another are more blocks than Python nests: 1 where n is 0, and 2^10 elements counted."""
    conditional = "n"
    for depth in range(40):
        conditional = f"maximum({{ {conditional} ; {depth} - 39 + n }})"
    counted = "1"
    for depth in range(10):
        counted = f"somme({counted} pour e{depth} dans xs)"
    text = f"""
entité principale dossier "Dossier"
  donnée n : entier "n"
  donnée xs : liste de element "éléments"
entité element "Élément"
  donnée k : entier "k"
règle a : entier vaut {conditional}
règle b : entier vaut {counted}
"""
    found = judged(compiled(text), {"n": 1, "xs": [{"k": 0}, {"k": 1}]}, "a", "b")
    assert ({}, 1, 1024) == (found.beyond, found.outcomes["a"].value, found.outcomes["b"].value)


def test_a_source_can_be_read_and_is_forgotten_with_its_function() -> None:
    """The source of a function is what tracebacks show; it goes when the function goes."""
    program = compiled(NESTED)
    function = compile_definition(program, program.definitions["dossier", "petite"], DAY, DAY)
    file = function.__code__.co_filename
    assert "dossier.petite" in file
    assert "def d_dossier_petite_(s, soi):" in "".join(linecache.getlines(file))
    del function
    gc.collect()
    assert [] == linecache.getlines(file)


def test_no_word_of_a_text_becomes_code() -> None:
    """A label that ends its comment and goes on with a statement, were it ever to reach here, stays a comment."""
    program = compiled('entité principale dossier "Dossier"\n  donnée n : entier "n"\nrègle r : entier vaut n\n')
    definition = attrs.evolve(program.definitions["dossier", "r"], label="un\nraise SystemExit\r\x0craise SystemExit\u2028")
    function = compile_definition(program, definition, DAY, DAY)
    assert "d_dossier_r_" == function.__name__


def test_an_open_question_is_tried_as_the_reference_tries_it() -> None:
    """A definition that reads one question of two is worked out once for each of its own readings: the same alternatives come out."""
    text = """
hypothèse une = oui_une | non_une "première question"
hypothèse deux = oui_deux | non_deux "seconde question"
entité principale dossier "Dossier"
  donnée n : entier "n"
règle a : entier vaut n si une = oui_une sinon 0
règle b : entier vaut n si deux = oui_deux sinon 0
règle c : entier vaut a + b
"""
    program = compiled(text)
    record, _ = read_record(program, {"n": 5})
    assert record is not None
    found = row.judge(program, record, DAY, answers=["a", "c"], assume={}, references={}).outcomes
    assert {
        "deux=oui_deux ; une=oui_une": 10,
        "deux=oui_deux ; une=non_une": 5,
        "deux=non_deux ; une=oui_une": 5,
        "deux=non_deux ; une=non_une": 0,
    } == {label: other.value for label, other in found["c"].alternatives}
    assert Status.UNKNOWN is found["c"].status
    assert interpreter.judge(program, record, DAY, answers=["a", "c"], assume={}, references={}, trace=False) == found


def test_the_first_records_of_a_program_are_the_interpreter_s(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is compiled for one record alone: the interpreter judges the first ones whole, and leaves nothing to report."""
    monkeypatch.setattr(state, "MAX_STEPS", 100)
    program = compiled(f"{NESTED}règle autre : entier vaut compte\n")
    record, _ = read_record(program, {"xs": [{"k": k} for k in range(6)]})
    assert record is not None
    judge = judging.prepare(program, DAY, answers=["autre"], assume={}, references={})
    assert [{}] * judging.COLD == [dict(judge(record).beyond) for _ in range(judging.COLD)]
    assert {"autre"} == set(judge(record).beyond)
