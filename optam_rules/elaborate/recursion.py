"""From definitions to the cycles among them: a definition may not rest on itself, whichever entities lie between."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import pairwise

from optam_rules.base.phrases import Phrase
from optam_rules.base.source import Position
from optam_rules.core.ir import Answer, Expr
from optam_rules.core.program import Definition
from optam_rules.core.walk import subexpressions
from optam_rules.elaborate.faults import Faults
from optam_rules.elaborate.graphs import arrows, cycles

_SHOWN = 8

Key = tuple[str, str]


def check_recursion(definitions: Mapping[Key, Definition], main: str | None, faults: Faults) -> None:
    """Tell each group of definitions that rest on one another, by a shortest cycle."""
    reads = {key: _reads(definition) for key, definition in definitions.items()}
    for cycle in cycles({key: [other for other in found if other in definitions] for key, found in reads.items()}):
        names = [name if entity == main else f"{entity}.{name}" for entity, name in cycle]
        steps = list(pairwise([*cycle, cycle[0]]))
        places = [reads[reader][read] for reader, read in steps]
        related = [(place, _reads_the_next(name)) for name, place in zip(names[1:_SHOWN], places[1:_SHOWN], strict=True)]
        faults.tell("E405", places[0], cycle=arrows(names), related=related)


def _reads_the_next(name: str) -> Phrase:
    return Phrase(f"`{name}` lit la suivante", f"`{name}` reads the next one")


def _reads(definition: Definition) -> dict[Key, Position]:
    """Return the definitions that one reads, each with the first place where it does."""
    found: dict[Key, Position] = {}
    for whole in _expressions(definition):
        for expr in subexpressions(whole):
            if isinstance(expr, Answer):
                found.setdefault((expr.entity, expr.name), expr.position)
    return found


def _expressions(definition: Definition) -> Iterator[Expr]:
    yield from (version.body for version in definition.versions)
    for clause in definition.exceptions:
        yield from (clause.condition, clause.body)
    yield from (undercut.condition for undercut in definition.undercuts)
