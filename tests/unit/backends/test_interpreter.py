"""The reference interpreter beyond the conformance cases: traces, limits, depth and threads."""

from __future__ import annotations

import datetime as dt
from concurrent.futures import ThreadPoolExecutor
from fractions import Fraction

from optam_rules.backends.interpreter.judge import judge
from optam_rules.core.judgement import Outcome, Status
from optam_rules.core.schema import read_record
from tests.support.programs import compiled

DAY = dt.date(2017, 8, 1)


def outcome(text: str, raw: dict[str, object], answer: str, *, trace: bool = True, assume: dict[str, str] | None = None) -> Outcome:
    """Judge one answer of a small convention."""
    program = compiled(text)
    record, faults = read_record(program, raw)
    assert record is not None, faults
    return judge(program, record, DAY, answers=[answer], assume=assume or {}, references={}, trace=trace)[answer]


RATES = """
entité principale dossier "Dossier"
  donnée t : taux entre 0 % et 1000 % "taux"
  donnée a : booléen facultative "a"
  donnée b : booléen "b"
article 7 "Engagement" en vigueur du 2017-01-01
  paramètre plafond : taux = 100 % depuis 2017-01-01
  règle double : taux vaut t * 2
  règle engagement : taux "Taux à respecter" vaut double plafonné à plafond
  exception souple de engagement selon caisse "lettre du 8 juin" en vigueur du 2017-07-01 si a vaut t
  règle simple : booléen vaut a ou b
"""


def test_a_step_tells_the_cap_the_guard_and_what_was_read() -> None:
    """At t = 75 % double is 150 %, capped at 100 %; the exception was looked at and did not hold; plafond, a and t were read."""
    first, second = outcome(RATES, {"t": "75 %", "a": False}, "engagement").steps
    assert ("engagement", "Taux à respecter", "7", Status.KNOWN, 1) == (
        first.key,
        first.label,
        first.article,
        first.status,
        first.value,
    )
    (bound,) = first.bounds
    assert ("plafonné à", Fraction(3, 2), 1, 1, True) == (bound.kind, bound.before, bound.limit, bound.after, bound.bound)
    (guard,) = first.guards
    assert ("souple", "7", False, False, "lettre du 8 juin") == (guard.name, guard.article, guard.held, guard.neutralised, guard.source)
    assert (("a", False),) == tuple((read.path, read.value) for read in first.inputs)
    assert ("plafond", 1) == first.parameters[0][:2]
    assert ("double",) == first.reads
    assert ("double", Fraction(3, 2)) == (second.key, second.value)
    assert (("t", Fraction(3, 4)),) == tuple((read.path, read.value) for read in second.inputs)


def test_a_step_names_the_exception_that_gave_its_value() -> None:
    """With a true the exception gives t, from 1 July 2017 on; the base, hence `double`, is not read."""
    steps = outcome(RATES, {"t": "75 %", "a": True}, "engagement").steps
    assert ["engagement"] == [step.key for step in steps]
    assert ("souple", Fraction(3, 4), "lettre du 8 juin") == (steps[0].taken, steps[0].value, steps[0].source)
    assert (dt.date(2017, 7, 1), None) == steps[0].interval
    assert () == steps[0].bounds


def test_a_condition_without_object_is_noted() -> None:
    """`a` is sans objet: the exception's condition counts as false and the guard says why."""
    (guard,) = outcome(RATES, {"t": "20 %", "a": "sans_objet"}, "engagement").steps[0].guards
    assert (False, True) == (guard.held, guard.not_applicable)


def test_operands_that_decide_nothing_leave_no_trace() -> None:
    """`a ou b` with b true: a, unknown, was looked at but decided nothing, so the step shows b alone."""
    (step,) = outcome(RATES, {"b": True}, "simple").steps
    assert ["b"] == [read.path for read in step.inputs]


def test_without_trace_the_outcome_is_the_same_and_bare() -> None:
    """Trace off: same status, value, needs and standing, no step."""
    for raw in ({"t": "75 %", "a": True}, {"t": "75 %"}, {}, {"a": True}):
        traced = outcome(RATES, raw, "engagement")
        bare = outcome(RATES, raw, "engagement", trace=False)
        assert () == bare.steps
        assert (traced.status, traced.value, traced.needs, traced.standing) == (bare.status, bare.value, bare.needs, bare.standing)


CHAIN = 'entité principale dossier "Dossier"\n  donnée n : entier "n"\nrègle r0 : entier vaut n\n' + "".join(
    f"règle r{i} : entier vaut r{i - 1} + 1\n" for i in range(1, 3000)
)


def test_a_long_chain_of_definitions_is_no_stack_overflow() -> None:
    """2,999 definitions, each one more than the one before: n + 2999, with and without trace."""
    assert 3041 == outcome(CHAIN, {"n": 42}, "r2999", trace=False).value
    traced = outcome(CHAIN, {"n": 42}, "r2999")
    assert (3041, 3000) == (traced.value, len(traced.steps))


NESTED = """
entité principale dossier "Dossier"
  donnée xs : liste de element "éléments"
entité element "Élément"
  donnée k : entier "k"
règle compte : entier vaut somme(somme(nombre(pour c dans xs tel que c.k >= 0) pour b dans xs) pour a dans xs)
règle petite : entier vaut nombre(pour a dans xs)
"""


def test_too_many_steps_are_an_error_value_of_that_answer_alone() -> None:
    """300 elements, nested three deep, make 27 million steps: E606; another answer of the same call is given."""
    program = compiled(NESTED)
    record, _ = read_record(program, {"xs": [{"k": k} for k in range(300)]})
    assert record is not None
    outcomes = judge(program, record, DAY, answers=["compte", "petite"], assume={}, references={}, trace=True)
    fault = outcomes["compte"].fault
    assert fault is not None
    assert (Status.ERROR, "E606") == (outcomes["compte"].status, fault.code)
    assert (Status.KNOWN, 300) == (outcomes["petite"].status, outcomes["petite"].value)


def test_numbers_that_grow_without_end_are_an_error_value() -> None:
    """Squaring 40 digits 20 times would need forty million digits: E603, at once."""
    text = 'entité principale dossier "Dossier"\n  donnée n : entier "n"\nrègle r0 : entier vaut n\n' + "".join(
        f"règle r{i} : entier vaut r{i - 1} * r{i - 1}\n" for i in range(1, 21)
    )
    result = outcome(text, {"n": 10**39}, "r20", trace=False)
    assert result.fault is not None
    assert "E603" == result.fault.code


def test_sixteen_unknown_exceptions_do_not_explode() -> None:
    """More doubtful exceptions than are completed one by one: unknown, waiting for all of them."""
    text = "".join(f'  donnée c{i} : booléen "c"\n' for i in range(16))
    rules = "".join(f"exception e{i} de r si c{i} vaut {i}\n" for i in range(16))
    result = outcome(f'entité principale dossier "Dossier"\n{text}règle r : entier vaut 99\n{rules}', {}, "r")
    assert (Status.UNKNOWN, {f"c{i}" for i in range(16)}) == (result.status, set(result.needs))


OPEN = """
hypothèse une = oui_une | non_une "première question"
hypothèse deux = oui_deux | non_deux "seconde question"
entité principale dossier "Dossier"
  donnée n : entier "n"
règle r : entier vaut n si une = oui_une et deux = oui_deux sinon 0
"""


def test_two_open_questions_show_each_combination() -> None:
    """With n = 5, 5 under the first readings of both, else 0; with n = 0 all agree and the answer is known."""
    result = outcome(OPEN, {"n": 5}, "r")
    assert {
        "deux=oui_deux ; une=oui_une": 5,
        "deux=oui_deux ; une=non_une": 0,
        "deux=non_deux ; une=oui_une": 0,
        "deux=non_deux ; une=non_une": 0,
    } == {label: other.value for label, other in result.alternatives}
    assert {"hypothèse:une", "hypothèse:deux"} == set(result.needs)
    assert (Status.KNOWN, 0) == (outcome(OPEN, {"n": 0}, "r").status, outcome(OPEN, {"n": 0}, "r").value)


def test_one_reading_chosen_leaves_the_other_open() -> None:
    """With `une` chosen, alternatives name the readings of `deux` alone; with the deciding reading, the answer is known."""
    result = outcome(OPEN, {"n": 5}, "r", assume={"une": "oui_une"})
    assert {"oui_deux": 5, "non_deux": 0} == {label: other.value for label, other in result.alternatives}
    decided = outcome(OPEN, {"n": 5}, "r", assume={"une": "non_une"})
    assert (Status.KNOWN, 0, ("une=non_une",)) == (decided.status, decided.value, decided.hypotheses)


def test_one_program_serves_many_threads() -> None:
    """Sixteen threads judging at once give the same outcomes as one after the other."""
    raws: list[dict[str, object]] = [{"t": f"{n} %", "a": n % 2 == 0} for n in range(60)]
    alone = [outcome(RATES, raw, "engagement") for raw in raws]
    with ThreadPoolExecutor(16) as executor:
        together = list(executor.map(lambda raw: outcome(RATES, raw, "engagement"), raws))
    assert alone == together
