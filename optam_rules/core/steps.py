"""What a step of a trace tells of the text, whatever the record: the clause taken, an exception looked at; and which steps led to one."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from optam_rules.base.calendar import Interval
from optam_rules.core.judgement import GuardRead, Outcome, Status, Step
from optam_rules.core.program import Definition, ExceptionClause, Version

ROUNDED = "arrondi à"  # the kind of a bound that is a rounding
DECLARED = "`est connu` : le résultat dépend de ce qui est déclaré, non des faits seuls"


def told_by_text(definition: Definition, taken: ExceptionClause | Version | None) -> dict[str, Any]:
    """Return the fields of a step that its definition and the clause that gave the value decide; `None` where no version is in force."""
    origin = taken.provenance if taken else None
    interval = taken.interval if taken else Interval()
    return {
        "definition": definition.name,
        "label": definition.label,
        "article": origin.article if origin else None,
        "reference": origin.reference if origin else None,
        "position": origin.position if origin else None,
        "type": definition.type,
        "source": origin.source if origin else None,
        "taken": taken.name if isinstance(taken, ExceptionClause) else None,
        "interval": (interval.start, interval.end),
        "amendment": origin.amendment if origin else None,
    }


def guard_read(clause: ExceptionClause, held: bool | None, neutralised: bool | None, *, not_applicable: bool = False) -> GuardRead:
    """Return what a step tells of an exception looked at."""
    origin = clause.provenance
    return GuardRead(clause.name, origin.article, origin.position, held, neutralised, origin.standing, origin.source, not_applicable)


class TracedOutcomes(Mapping[str, Outcome]):
    """The outcomes of known answers from the steps that led to each, made when they are looked at: an answer is what its first step is."""

    __slots__ = ("steps",)

    def __init__(self, steps: Mapping[str, tuple[Step, ...]]) -> None:
        self.steps = steps

    def __getitem__(self, path: str) -> Outcome:
        steps = self.steps[path]
        own = steps[0]
        return Outcome(Status.KNOWN, own.type, own.value, own.needs, own.standing, own.hypotheses, steps=steps)

    def __iter__(self) -> Iterator[str]:
        return iter(self.steps)

    def __len__(self) -> int:
        return len(self.steps)


def steps_from(key: str, find: Callable[[str], Step | None]) -> tuple[Step, ...]:
    """Return the steps that led to one, which is first, each before those it read; `find` gives a step by its key."""
    ordered: dict[str, Step] = {}
    waiting = [key]
    while waiting:
        key = waiting.pop()
        if key not in ordered:
            step = find(key)
            if step is not None:
                ordered[key] = step
                waiting.extend(reversed(step.reads))
    return tuple(ordered.values())
