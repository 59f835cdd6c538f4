"""Codes of a table: each names the clause of the interpreter's trace, and its branch; a row expands to the sentences of the trace."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from typing import Any

import attrs
import pytest

from optam_rules import Judgement, Pack, load
from optam_rules.analysis.judging import judge_with_trace
from optam_rules.core.clauses import BRANCH, find_clause
from optam_rules.core.ir import Apply, Branch, Conditional, Expr, Round, Table, UnknownLaw
from optam_rules.core.judgement import Outcome
from optam_rules.core.program import Definition, Program
from optam_rules.core.schema import read_record
from optam_rules.library.manifest import Manifest
from optam_rules.tools.report.explain import explain
from tests.support.programs import compiled

DAYS = {
    "cm-2016": dt.date(2017, 8, 1),
    "cas-2011": dt.date(2013, 6, 1),
    "contrat-responsable": dt.date(2020, 1, 1),
    "cm-2024": dt.date(2025, 3, 1),
}


@cache
def shipped(name: str) -> Pack:
    """Load a pack once."""
    return load(name)


@cache
def records(name: str) -> list[Mapping[str, Any]]:
    """Records of a pack's own tests that stand alone, one in so many."""
    alone = [test.record for test in shipped(name).program.tests if not {"groupe", "trimestres"} & set(test.record)]
    return [{**record, "identifiant": f"R{place}"} for place, record in enumerate(alone[:: max(1, len(alone) // 10)])]


def traced(program: Program, record: Mapping[str, Any], on: dt.date, answers: list[str]) -> Mapping[str, Outcome]:
    """Judge a record by the interpreter alone, with its steps."""
    read, faults = read_record(program, record)
    assert read is not None, faults
    return judge_with_trace(program, read, on, answers=answers, assume={}, references={}).outcomes


def check(pack: Pack, given: list[Mapping[str, Any]], on: dt.date) -> set[str]:
    """Check codes and sentences of every answer of some records against the interpreter's trace; return the statuses met."""
    answers = list(pack.answers(on))
    codes = pack.evaluate_table(given, on=on, answers=answers, because="branch")
    met = set()
    again = pack.explain_table(given, range(len(given)), on=on, answers=answers)
    for row, (record, judgement) in enumerate(zip(given, again, strict=True)):
        assert isinstance(judgement, Judgement)
        for path, outcome in traced(pack.program, record, on, answers).items():
            met.add(str(outcome.status))
            assert explain(pack.program, on, path, judgement.answers[path].outcome) == explain(pack.program, on, path, outcome)
            code, step = codes[f"{path}__because"][row].as_py(), outcome.steps[0] if outcome.steps else None
            if code is None:
                assert step is None or step.position is None
                continue
            clause = pack.clause(code)
            assert step is not None
            assert (clause.definition, clause.exception, clause.interval.start) == (step.definition, step.taken, step.interval[0])
            assert (clause.article, clause.reference) == (step.article, step.reference)
    return met


@pytest.mark.parametrize("name", DAYS)
def test_a_row_expands_to_the_sentences_of_the_trace(name: str) -> None:
    """On records of each pack, the code names the clause of the trace's first step, and the row explained says what the trace says."""
    met = check(shipped(name), records(name), DAYS[name])
    assert met >= {"known", "unknown"}


INVENTED = """
entité principale dossier "Dossier"
  donnée nom : chaîne "Nom"
  donnée x : montant entre 0 € et 1_000 € "X"
  donnée y : montant entre 0 € et 1_000 € "Y"
  donnée a : booléen "A"
  donnée b : booléen "B"
article 1 "Un" en vigueur du 2016-01-01
  règle quotient : taux vaut x / y
  règle choisi : taux
    vaut 10 % si a
    sinon si b vaut quotient
    sinon 30 %
  règle sans_suite : taux partielle
    vaut 10 % si a
  règle plafonne : montant
    vaut x si a
    sinon y
    plafonné à 5 €
  table palier : taux selon x
    | < 10 €         -> 1 %
    | [10 € ; 20 €]  -> inconnu
    | sinon          -> 3 %
  règle dispute : taux vaut 1 %
  exception premiere de dispute si a
    vaut 2 % si b
    sinon 3 %
  exception seconde de dispute si b vaut 4 %
"""
ROWS: list[tuple[dict[str, Any], dict[str, str]]] = [
    # a: the first branch of each; an amount under ten euros: the first row; one exception, whose second branch holds for b is false.
    (
        {"x": "7.00", "y": "0.00", "a": True, "b": False},
        {"choisi": "choisi@2016-01-01#1", "sans_suite": "sans_suite@2016-01-01#1", "palier": "palier@2016-01-01#1"}
        | {"plafonne": "plafonne@2016-01-01#1", "dispute": "dispute/premiere@2016-01-01#2", "quotient": "quotient@2016-01-01"},
    ),
    # b: 0/0 is an error of the second branch; what is partial does not apply; the second row is not known; the second exception.
    (
        {"x": "15.00", "y": "0.00", "a": False, "b": True},
        {"choisi": "choisi@2016-01-01#2", "sans_suite": "sans_suite@2016-01-01#2", "palier": "palier@2016-01-01#2"}
        | {"plafonne": "plafonne@2016-01-01#2", "dispute": "dispute/seconde@2016-01-01", "quotient": "quotient@2016-01-01"},
    ),
    # Both: the exceptions are in conflict, and no one clause decides.
    (
        {"x": "25.00", "y": "1.00", "a": True, "b": True},
        {"choisi": "choisi@2016-01-01#1", "sans_suite": "sans_suite@2016-01-01#1", "palier": "palier@2016-01-01#3"}
        | {"plafonne": "plafonne@2016-01-01#1", "dispute": "dispute@2016-01-01", "quotient": "quotient@2016-01-01"},
    ),
    # Nothing known: no branch is sure, and the code stays that of the clause.
    ({}, {name: f"{name}@2016-01-01" for name in ("choisi", "sans_suite", "palier", "plafonne", "dispute", "quotient")}),
]


def invented() -> Pack:
    """Return the invented pack."""
    program = compiled(INVENTED)
    return Pack(program, Manifest(program.id, program.title, program.version, None, program.interval, None, ()))


@pytest.mark.parametrize("form", ["columns", "interpreter", "kernel"])
def test_a_code_names_the_branch_that_was_taken(form: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Branches counted by hand, of answers known, unknown, not applicable, in error and in conflict; the same whatever judges."""
    if form == "kernel":
        pytest.importorskip("numba")
    if form == "interpreter":
        monkeypatch.setattr("optam_rules.interop.tables.most_records", lambda _: 0)
    given = [{"nom": str(place), **record} for place, (record, _) in enumerate(ROWS)]
    names = list(ROWS[0][1])
    engine = "kernel" if form == "kernel" else "numpy"
    table = invented().evaluate_table(given, on=dt.date(2017, 1, 1), answers=names, because="branch", engine=engine)
    assert [{name: table[f"{name}__because"][row].as_py() for name in names} for row in range(len(given))] == [codes for _, codes in ROWS]
    assert table.schema.metadata[b"optam.recomputed"] == (b"4" if form == "interpreter" else b"0")


def test_statuses_of_every_kind_expand_to_their_sentences() -> None:
    """Known, unknown, not applicable, in error and in conflict: the codes and the sentences of the interpreter's trace."""
    given = [{"nom": str(place), **record} for place, (record, _) in enumerate(ROWS)]
    assert check(invented(), given, dt.date(2017, 1, 1)) == {"known", "unknown", "not_applicable", "error", "conflict"}


def test_codes_name_clauses_alone_unless_branches_are_asked() -> None:
    """The same table without branches: the same codes up to their mark, and every other column alike."""
    pack, given = invented(), [{"nom": str(place), **record} for place, (record, _) in enumerate(ROWS)]
    plain, told = (pack.evaluate_table(given, on=dt.date(2017, 1, 1), because=because).to_pylist() for because in ("clause", "branch"))
    cut = [{name: value.partition(BRANCH)[0] if name.endswith("__because") else value for name, value in row.items()} for row in told]
    assert plain == cut


def test_a_branch_is_found_again_where_it_is_written() -> None:
    """The second branch of `choisi` is on its own line; a branch that the clause does not have names nothing."""
    program = compiled(INVENTED)
    found = find_clause(program, "choisi@2016-01-01#2")
    assert found is not None
    assert found.branch == "2"
    assert found.position is not None
    assert found.position.line == compiled_line("    sinon si b vaut quotient")
    assert [find_clause(program, f"choisi@2016-01-01{mark}") for mark in ("#4", "#0", "#", "#2.1", "#x")] == [None] * 5


def compiled_line(text: str) -> int:
    """Return the line of the compiled text, which has a header of its own, on which a line of the invented one stands."""
    header = compiled(INVENTED).definitions["dossier", "quotient"].versions[0].provenance.position.line
    lines = INVENTED.split("\n")
    return header + lines.index(text) - lines.index("  règle quotient : taux vaut x / y")


@pytest.mark.parametrize("name", DAYS)
def test_no_other_branch_has_a_part_in_the_answer(name: str) -> None:
    """Where a code names a branch, making all the others of its clause unknown to the law changes nothing; making that one so does.

    The interpreter judges the altered pack: codes come from conditions, this comes from values.
    """
    pack, on = shipped(name), DAYS[name]
    answers = list(pack.answers(on))
    table = pack.evaluate_table(records(name), on=on, answers=answers, because="branch")
    checked = 0
    for path in answers:
        for row, code in enumerate(table[f"{path}__because"].to_pylist()):
            if code is None or BRANCH not in code or (row + len(path)) % 3:  # one in three, for time
                continue
            definition = pack.program.answers_by_path[path]
            clause, _, label = code.partition(BRANCH)
            wanted = traced(pack.program, records(name)[row], on, [path])[path]
            same = traced(
                altered(pack.program, definition, clause, lambda other, label=label: other != label), records(name)[row], on, [path]
            )
            lost = traced(
                altered(pack.program, definition, clause, lambda other, label=label: other == label), records(name)[row], on, [path]
            )
            assert (same[path].status, same[path].value) == (wanted.status, wanted.value)
            if not any(need.startswith("hypothèse:") for need in wanted.needs):  # a branch may be sure under each reading alone
                assert same[path].needs == wanted.needs
            assert "inconnu:essai" in lost[path].needs
            checked += 1
    assert checked > 5


def altered(program: Program, definition: Definition, clause: str, hidden: Callable[[str], bool]) -> Program:
    """Return a program in which some branches of a clause are unknown to the law."""
    exception = clause.partition("@")[0].partition("/")[2]
    changed = attrs.evolve(
        definition,
        versions=tuple(attrs.evolve(v, body=v.body if exception else hiding(v.body, "", hidden)) for v in definition.versions),
        exceptions=tuple(attrs.evolve(e, body=hiding(e.body, "", hidden)) if e.name == exception else e for e in definition.exceptions),
    )
    return attrs.evolve(program, definitions={**program.definitions, definition.key: changed})


def hiding(body: Expr, above: str, hidden: Callable[[str], bool]) -> Expr:
    """Return a body whose hidden branches, named by their numbers from the outermost choice in, are unknown to the law."""
    match body:
        case Round():
            return attrs.evolve(body, operand=hiding(body.operand, above, hidden))
        case Apply(operands=(first, *rest)) if body.operator.value in ("plafonné à", "au moins"):
            return attrs.evolve(body, operands=(hiding(first, above, hidden), *rest))
        case Conditional():
            numbers = numbered(above)
            branches = tuple(Branch(branch.condition, hiding(branch.value, next(numbers), hidden)) for branch in body.branches)
            return attrs.evolve(body, branches=branches, otherwise=hiding(body.otherwise, next(numbers), hidden))
        case Table():
            numbers = numbered(above)
            rows = tuple(attrs.evolve(row, value=hiding(row.value, next(numbers), hidden)) for row in body.rows)
            last = body.otherwise
            return attrs.evolve(body, rows=rows, otherwise=last and attrs.evolve(last, value=hiding(last.value, next(numbers), hidden)))
        case _:
            return UnknownLaw("essai", body.type, position=body.position) if above and hidden(above) else body


def numbered(above: str) -> Iterator[str]:
    """Yield `1`, `2` … within nothing, `2.1`, `2.2` … within `2`."""
    return (f"{above}.{number}" if above else str(number) for number in range(1, 10_000))
