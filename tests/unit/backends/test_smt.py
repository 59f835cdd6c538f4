"""The solver's formulas, held to the interpreter: with every datum fixed, they leave it no other answer than the interpreter's.

The programs and records are those of the conformance suite, so that every construct of the language passes here.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
import z3

from optam_rules.backends.interpreter.judge import appraise
from optam_rules.backends.smt.dates import FIRST, LAST
from optam_rules.backends.smt.record import Thing
from optam_rules.backends.smt.solve import Limits, Proof, Put
from optam_rules.backends.smt.terms import Quotient, Terms, UnencodableError
from optam_rules.backends.smt.value import Many, Sym, Values
from optam_rules.base.calendar import Interval
from optam_rules.core.ir import SELF, Answer, Expr, Field, Variable
from optam_rules.core.judgement import Outcome, Status
from optam_rules.core.program import Program
from optam_rules.core.record import Absent, Record
from optam_rules.core.schema import read_record, read_references
from optam_rules.core.types import EntityType, Scalar
from tests.conformance.backends import GAPS
from tests.conformance.test_backends import all_cases, suite

LIMITS = Limits(seconds=5, seeds=(0,), years=4, members=4, partial=True, optional=True)


DAY = dt.date(2017, 1, 1)
UNBOUNDED = "aucune borne sur la taille des nombres"


def gap_of(name: str, index: int) -> str | None:
    """Return why a case of the suite has no formula, where it has none."""
    return GAPS.get(("formulas", name, suite(name)[1]["cases"][index]["name"]))


def asked(program: Program, path: str) -> Expr:
    """Return the expression that an answer's path stands for."""
    definition = program.answers_by_path[path]
    position = definition.versions[0].provenance.position
    target: Expr = Variable(SELF, EntityType(program.main.name), position=position)
    field, _, rest = path.partition(".")
    if rest:
        target = Field(target, field, EntityType(definition.entity), position=position)
    return Answer(target, definition.entity, definition.name, None, definition.type, position=position)


def pinned(terms: Terms, values: Values, thing: Thing, record: Record, pairs: dict[int, Record]) -> list[Any]:
    """Fix the data that were read of a record to those of a real one."""
    pairs[id(thing)] = record
    first = next(iter(thing.spec.fields.values()))
    fixed: list[Any] = []
    for name, value in thing.values.items():
        held = record.get(name)
        if name == first.name and first.type is Scalar.TEXT:
            continue
        fixed.append(value.unknown if held is Absent.UNKNOWN else terms.no(value.unknown))
        fixed.append(value.absent if held is Absent.NOT_APPLICABLE else terms.no(value.absent))
        if not isinstance(held, Absent):
            fixed += _content(terms, values, value.content, held, pairs)
    return fixed


def _content(terms: Terms, values: Values, content: Any, held: Any, pairs: dict[int, Record]) -> list[Any]:
    match content:
        case Thing():
            return [] if id(content) in pairs else pinned(terms, values, content, held, pairs)
        case Many(items) if isinstance(held, frozenset):
            if all(z3.is_int_value(item) for _, item in items):  # one condition for each value of an enumeration
                wanted = [terms.word(value) for value in held]
                return [there if item.as_long() in wanted else terms.no(there) for there, item in items]
            return _items(terms, values, items, sorted(held, key=str), pairs)
        case Many(items):
            known = [pairs[id(item)] for _, item in items if isinstance(item, Thing) and id(item) in pairs]
            rest = [one for one in held if not any(one is other for other in known)]
            left = [(there, item) for there, item in items if not (isinstance(item, Thing) and id(item) in pairs)]
            return _items(terms, values, left, rest, pairs)
        case _:
            return [content == terms.constant(held)]


def _items(terms: Terms, values: Values, items: Any, held: list[Any], pairs: dict[int, Record]) -> list[Any]:
    assert len(held) <= len(items), "a longer list than the proof covers"
    fixed = [there if index < len(held) else terms.no(there) for index, (there, _) in enumerate(items)]
    for (_, item), one in zip(items, held, strict=False):
        fixed += _content(terms, values, item, one, pairs)
    return fixed


def otherwise(values: Values, answer: Sym, outcome: Outcome) -> Any:
    """Return whether an answer is not what the interpreter gave."""
    terms = values.terms
    statuses = {
        Status.UNKNOWN: answer.unknown,
        Status.CONFLICT: answer.conflict,
        Status.ERROR: answer.error,
        Status.NOT_APPLICABLE: answer.absent,
        Status.KNOWN: values.is_known(answer),
    }
    same = statuses[outcome.status]
    if outcome.value is not None and answer.content is not None:
        wanted = outcome.value
        items = sorted(wanted, key=str) if isinstance(wanted, frozenset) else wanted
        content = Many(tuple((terms.boolean(True), terms.constant(one)) for one in items)) if isinstance(items, tuple | list) else None
        same = terms.every([same, values.same(answer.content, content or terms.constant(wanted))])
    return terms.no(same)


GAPPED = [case for case in all_cases() if gap_of(*case.values) is not None]
ENCODED = [case for case in all_cases() if gap_of(*case.values) is None]


@pytest.mark.parametrize(("name", "index"), GAPPED)
def test_what_has_no_formula_says_why(name: str, index: int) -> None:
    """A case that the suite declares as a gap of the formulas is not encoded, for the reason declared, or has no bound there (E603)."""
    program, data = suite(name)
    gap = gap_of(name, index)
    assert gap is not None
    if gap == UNBOUNDED:
        faults = {expected.get("fault") for expected in data["cases"][index]["answers"].values()}
        assert "E603" in faults
        return
    asked_of = [Put(program, asked(program, path), {}, DAY) for path in data["cases"][index]["answers"]]
    with pytest.raises(UnencodableError, match=gap):
        Proof.of(asked_of, program.main.name, Interval(DAY, DAY), lambda values, _: values.terms.boolean(True), LIMITS, Quotient.FREE)


@pytest.mark.parametrize(("name", "index"), ENCODED)
def test_the_formulas_leave_no_other_answer(name: str, index: int) -> None:
    """On each record of the conformance suite, each answer is what the interpreter gives, and the record itself is possible."""
    quotient = list(Quotient)[1 + index % 2]  # each exact encoding on every other case
    program, data = suite(name)
    case = data["cases"][index]
    record, faults = read_record(program, case["record"])
    assert record is not None, faults
    if any(isinstance(held, dt.date) and not FIRST <= held <= LAST for held in record.values.values()):
        pytest.skip("a date that the formulas do not cover, as the scope of a proof says")
    tables, _ = read_references(program, {t: {tuple(row[:-1]): row[-1] for row in rows} for t, rows in case.get("references", {}).items()})
    on = case.get("on", dt.date(2017, 1, 1))
    readings = {question: spec.readings[0] for question, spec in program.hypotheses.items()} | case.get("assume", {})
    for path in case["answers"]:
        expr = asked(program, path)
        outcome = appraise(program, record, on, expr, assume=readings, references=tables)
        put = Put(program, expr, readings, on)
        proof = Proof.of(
            [put],
            program.main.name,
            Interval(on, on),
            lambda values, answers, outcome=outcome: otherwise(values, answers[0], outcome),
            LIMITS,
            quotient,
        )
        terms = proof.terms
        fixed = pinned(terms, proof.world.values, proof.root, record, {})
        for table, reads in proof.tables.reads.items():
            for keys, there, value in reads:
                rows = tables.get(table, {})
                for key, held in rows.items():
                    at = terms.every(terms.same(term, terms.constant(part)) for term, part in zip(keys, key, strict=True))
                    fixed += [z3.Implies(at, z3.And(there, value == terms.constant(held)))]
                elsewhere = [
                    terms.every(terms.same(term, terms.constant(part)) for term, part in zip(keys, key, strict=True)) for key in rows
                ]
                fixed.append(z3.Implies(terms.no(terms.some(elsewhere)), terms.no(there)))
        solver = z3.Solver(ctx=terms.context)
        solver.set("timeout", 20_000)
        solver.add(*terms.constraints, *fixed)
        assert z3.sat == solver.check(), (path, "the record itself is not possible")
        solver.add(proof.goal)
        assert z3.unsat == solver.check(), (path, outcome.status, outcome.value, solver.model())
