"""Codes of the clauses that answers come from: short enough for a column of a table, and found again in the pack that judged.

A code is `definition@since` for the version of a definition, `definition/exception@since` for an exception; without a date where the
clause has always held. Where its body is a choice, `#2` is its second branch, or the second row of a table, `#2.1` the first branch within.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import attrs

from optam_rules.base.calendar import Interval
from optam_rules.base.source import Position
from optam_rules.core.ir import Apply, Conditional, Expr, Round, Table
from optam_rules.core.operators import Operator
from optam_rules.core.program import Definition, ExceptionClause, Program, Version
from optam_rules.core.standing import Standing

BRANCH = "#"


@attrs.frozen
class Clause:
    """What a code stands for: the definition, the exception where it is one, the days on which it holds, and what it rests on.

    `branch` is the number of a branch or row in the order of the text, `None` where the code names none; `position` is its place in the
    text, or that of the clause.
    """

    code: str
    definition: str
    label: str
    exception: str | None
    article: str | None
    reference: str | None
    standing: Standing
    source: str | None
    hypothesis: str | None
    interval: Interval
    branch: str | None = None
    position: Position | None = attrs.field(default=None, eq=False, repr=False)


def clause_code(definition: str, exception: str | None, since: dt.date | None) -> str:
    """Return the code of a clause."""
    name = definition if exception is None else f"{definition}/{exception}"
    return name if since is None else f"{name}@{since}"


def clause_codes(definition: Definition, day: dt.date) -> tuple[str, ...]:
    """Return the codes of a definition's clauses on a day: its version's, then each exception's; none where it is not in force."""
    version = definition.version_at(day)
    if version is None:
        return ()
    return (
        clause_code(definition.name, None, version.interval.start),
        *(clause_code(definition.name, clause.name, clause.interval.start) for clause in definition.exceptions),
    )


def branches_of(body: Expr) -> Iterator[tuple[str, Expr]]:
    """Yield the branches of a body, each with its number: `2`, or `2.1` where the second is itself a choice; nothing where it has none."""
    choice = choice_of(body)
    for number, value in enumerate(_values(choice), 1) if choice is not None else ():
        below = [(f"{number}.{rest}", leaf) for rest, leaf in branches_of(value)]
        yield from below or [(str(number), value)]


def choice_of(body: Expr) -> Conditional | Table | None:
    """Return the choice that a body is, under what rounds and bounds it."""
    match body:
        case Conditional() | Table():
            return body
        case Round():
            return choice_of(body.operand)
        case Apply(operator=Operator.CAP | Operator.FLOOR):
            return choice_of(body.operands[0])
        case _:
            return None


def _values(choice: Conditional | Table) -> list[Expr]:
    if isinstance(choice, Conditional):
        return [*(branch.value for branch in choice.branches), choice.otherwise]
    return [row.value for row in (*choice.rows, *((choice.otherwise,) if choice.otherwise is not None else ()))]


def find_clause(program: Program, code: str) -> Clause | None:
    """Return the clause of a code, with the branch that it may name, or `None` where the program has none."""
    clause, mark, branch = str(code).partition(BRANCH)
    for definition in program.definitions.values():
        for version in definition.versions:
            if clause_code(definition.name, None, version.interval.start) == clause:
                return _clause(code, definition, None, version, branch if mark else None)
        for exception in definition.exceptions:
            if clause_code(definition.name, exception.name, exception.interval.start) == clause:
                return _clause(code, definition, exception.name, exception, branch if mark else None)
    return None


def _clause(code: str, definition: Definition, exception: str | None, held: Version | ExceptionClause, branch: str | None) -> Clause | None:
    origin, position = held.provenance, held.provenance.position
    if branch is not None:
        leaf = dict(branches_of(held.body)).get(branch)
        if leaf is None:
            return None
        position = leaf.position
    return Clause(
        code=code,
        definition=definition.name,
        label=definition.label,
        exception=exception,
        article=origin.article,
        reference=origin.reference,
        standing=origin.standing,
        source=origin.source,
        hypothesis=origin.hypothesis,
        interval=held.interval,
        branch=branch,
        position=position,
    )
