"""From a program to a verdict on each thing that it owes: its properties, and what every pack owes of its definitions and tables."""

from __future__ import annotations

from collections.abc import Iterator
from time import monotonic

import attrs

from optam_rules.analysis.obligations import Holds, Standing, definition_at, standing_obligations, title
from optam_rules.analysis.prove import discharge
from optam_rules.analysis.verdict import Budget, Open, Proved, Verdict
from optam_rules.base.phrases import Phrase
from optam_rules.base.source import Position
from optam_rules.core.ir import Table
from optam_rules.core.program import Definition, Program
from optam_rules.core.regions import TooManyCellsError, coverage
from optam_rules.core.walk import subexpressions

# No obligation takes more than this, whatever is left, and a hard one takes more than its even share.
_MOST = 10.0
_SHARES = 4


@attrs.frozen
class NoGap:
    """The tables of a definition hold every value of their columns, each in one row."""

    program: Program
    path: str


@attrs.frozen
class Checked:
    """An obligation and what became of it. `words` say it, `position` is where the text states what it is about."""

    obligation: Holds | Standing | NoGap
    words: Phrase
    position: Position
    verdict: Verdict

    @property
    def title(self) -> str:
        """What it says, in French: its name, by which tools know it from one run to the next."""
        return str(self.words)


def verify(program: Program, *, seconds: float = 60.0, budget: Budget = Budget(examples=50)) -> Iterator[Checked]:  # noqa: B008 - frozen
    """Yield a verdict on each obligation of a program: tables, properties, then definitions, each in the order of the text.

    `seconds` are shared out among the obligations; once they are spent, those left are open. `budget` bounds lists and draws; its own
    seconds are not looked at.
    """
    deadline = monotonic() + seconds
    yield from _tables(program)
    owed: list[Holds | Standing] = [Holds(program, invariant) for invariant in program.properties]
    owed += standing_obligations(program)
    for index, obligation in enumerate(owed):
        left = deadline - monotonic()
        if left <= 0:
            verdict: Verdict = Open(Phrase("le temps donné au pack est écoulé", "the time given to the pack is spent"))
        else:
            share = min(_MOST, left, _SHARES * left / (len(owed) - index))
            verdict = discharge(obligation, budget=attrs.evolve(budget, seconds=share))
        yield Checked(obligation, title(obligation), _position(obligation), verdict)


def _tables(program: Program) -> Iterator[Checked]:
    """Count again what elaboration has shown: it refuses a table with a gap or an overlap."""
    paths = {definition.key: path for path, definition in reversed(list(program.answers()))}
    for key, definition in program.definitions.items():
        tables = [part for expr in definition.expressions() for part in subexpressions(expr) if isinstance(part, Table)]
        if tables:
            path = paths.get(key, ".".join(key))
            verdict = _complete(tables)
            words = Phrase(f"`{path}` : table sans trou ni recouvrement", f"`{path}`: table without a gap or an overlap")
            yield Checked(NoGap(program, path), words, _place(definition), verdict)


def _complete(tables: list[Table]) -> Verdict:
    for table in tables:
        try:
            found = coverage(table)
        except TooManyCellsError:
            return Open(Phrase("une table trop grande pour être parcourue en entier", "a table too large to be gone through"))
        if found.overlap is not None or (found.gap is not None and table.otherwise is None):
            return Open(Phrase("une table que l'élaboration devait refuser", "a table that elaboration should have refused"))
    return Proved(Phrase("toute valeur des colonnes", "any value of the columns"))


def _position(obligation: Holds | Standing) -> Position:
    if isinstance(obligation, Holds):
        return obligation.invariant.provenance.position
    return _place(definition_at(obligation.program, obligation.path))


def _place(definition: Definition) -> Position:
    return definition.versions[0].provenance.position
