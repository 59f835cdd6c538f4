"""From a definition to one that answers, in its place, which clause decides and by which of its branches: a code is an answer like another.

Each body keeps its conditions and gives, for the value of a branch or of a row of a table, the number of a code. Every backend judges it as
it judges any definition: it is known where one clause and one branch are sure, whether or not the value itself is.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from functools import lru_cache

import attrs

from optam_rules.core.clauses import BRANCH, branches_of, choice_of, clause_code
from optam_rules.core.ir import Branch, Conditional, Expr, Literal, Row, Table
from optam_rules.core.program import Definition, Program
from optam_rules.core.types import Scalar

# No name of the language holds a space: what is added to a program hides nothing.
_SUFFIX = " branche"


@attrs.frozen(eq=False)
class Branched:
    """A program with a definition more for each answer whose code may name a branch: its path, and the codes that its values number."""

    program: Program
    paths: Mapping[str, str]
    codes: Mapping[str, tuple[str, ...]]


@lru_cache(maxsize=64)
def with_branches(program: Program, day: dt.date, answers: tuple[str, ...]) -> Branched:
    """Add to a program what tells the branches of some answers on a day."""
    definitions = dict(program.definitions)
    paths: dict[str, str] = {}
    codes: dict[str, tuple[str, ...]] = {}
    for path in answers:
        definition = program.answers_by_path[path]
        telling = _telling(definition, day)
        if telling is not None:
            added, codes[path] = telling
            definitions[added.key] = added
            paths[path] = path + _SUFFIX
    return Branched(attrs.evolve(program, definitions=definitions) if paths else program, paths, codes)


def _telling(definition: Definition, day: dt.date) -> tuple[Definition, tuple[str, ...]] | None:
    """Return the definition of the numbers of codes, and these; none where no clause has branches that day."""
    version = definition.version_at(day)
    if version is None:
        return None
    codes: list[str] = []

    def numbered(body: Expr, code: str) -> Expr:
        labels = [label for label, _ in branches_of(body)]
        first = len(codes)
        codes.extend([f"{code}{BRANCH}{label}" for label in labels] or [code])
        numbers = iter(range(first, len(codes)))
        return _replaced(body, lambda leaf: Literal(next(numbers), Scalar.INTEGER, position=leaf.position))

    base = numbered(version.body, clause_code(definition.name, None, version.interval.start))
    clauses = []
    for clause in definition.exceptions:
        body = numbered(clause.body, clause_code(definition.name, clause.name, clause.interval.start))
        clauses.append(
            attrs.evolve(clause, body=body, parent=clause.parent + _SUFFIX if clause.parent == definition.name else clause.parent)
        )
    if not any(BRANCH in code for code in codes):
        return None
    added = attrs.evolve(
        definition,
        name=definition.name + _SUFFIX,
        type=Scalar.INTEGER,
        versions=(attrs.evolve(version, body=base),),
        exceptions=tuple(clauses),
        is_table=False,
    )
    return added, tuple(codes)


def _replaced(body: Expr, number: Callable[[Expr], Literal]) -> Expr:
    """Return a choice with a number for each of its branches, in their order; any other body is one number."""
    match choice_of(body):
        case None:
            return number(body)
        case Conditional() as choice:
            branches = tuple(Branch(branch.condition, _replaced(branch.value, number)) for branch in choice.branches)
            return attrs.evolve(choice, branches=branches, otherwise=_replaced(choice.otherwise, number), type=Scalar.INTEGER)
        case Table() as choice:

            def replaced(row: Row) -> Row:
                return attrs.evolve(row, value=_replaced(row.value, number))

            rows = tuple(replaced(row) for row in choice.rows)
            otherwise = None if choice.otherwise is None else replaced(choice.otherwise)
            return attrs.evolve(choice, rows=rows, otherwise=otherwise, type=Scalar.INTEGER)
