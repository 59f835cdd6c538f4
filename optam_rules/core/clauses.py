"""Codes of the clauses that answers come from: short enough for a column of a table, and found again in the pack that judged.

A code is `definition@since` for the version of a definition, `definition/exception@since` for an exception; without a date where the
clause has always held.
"""

from __future__ import annotations

import datetime as dt

import attrs

from optam_rules.base.calendar import Interval
from optam_rules.core.program import Definition, Program, Provenance
from optam_rules.core.standing import Standing


@attrs.frozen
class Clause:
    """What a code stands for: the definition, the exception where it is one, the days on which it holds, and what it rests on."""

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


def find_clause(program: Program, code: str) -> Clause | None:
    """Return the clause of a code, or `None` where the program has none."""
    for definition in program.definitions.values():
        for version in definition.versions:
            if clause_code(definition.name, None, version.interval.start) == code:
                return _clause(code, definition, None, version.provenance, version.interval)
        for clause in definition.exceptions:
            if clause_code(definition.name, clause.name, clause.interval.start) == code:
                return _clause(code, definition, clause.name, clause.provenance, clause.interval)
    return None


def _clause(code: str, definition: Definition, exception: str | None, origin: Provenance, interval: Interval) -> Clause:
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
        interval=interval,
    )
