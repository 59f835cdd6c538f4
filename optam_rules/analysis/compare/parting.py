"""From the traces of two judgements of one record to the first step at which they part, and what differs there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import attrs

from optam_rules.core.ir import Constant
from optam_rules.core.judgement import Step
from optam_rules.core.types import Type


@attrs.frozen
class Parting:
    """The step at which two traces part: all that it read of other steps was the same, and its result is not.

    `None` where a side has no such step, its definition not being in force. `parameters` lists those read with two values.
    """

    old: Step | None
    new: Step | None
    parameters: tuple[tuple[str, Type, Constant | None, Constant | None], ...] = ()

    @property
    def other_clause(self) -> bool:
        """Tell whether another clause gave the result: another article, or another exception."""
        return self.old is not None and self.new is not None and (self.old.taken, self.old.article) != (self.new.taken, self.new.article)


def parting(old: Sequence[Step], new: Sequence[Step], renamed: Mapping[str, str]) -> Parting:
    """Find the first step, in the order of reading, whose result differs although what it read did not.

    `renamed` maps old names of definitions to new ones. Each trace begins with the answer's own step.
    """
    olds, news = {step.key: step for step in old}, {step.key: step for step in new}
    if not old or not new:
        return Parting(old[0] if old else None, new[0] if new else None)
    before, after = old[0], new[0]
    while (deeper := _first_read_apart(before, after, olds, news, renamed)) is not None:
        before, after = deeper
    return Parting(before, after, _parameters(before, after))


def _first_read_apart(
    before: Step, after: Step, olds: Mapping[str, Step], news: Mapping[str, Step], renamed: Mapping[str, str]
) -> tuple[Step, Step] | None:
    for key in before.reads:
        other = _renamed(key, renamed)
        if other in after.reads and key in olds and other in news:
            first, last = olds[key], news[other]
            if (first.status, first.value) != (last.status, last.value):
                return first, last
    return None


def _renamed(key: str, renamed: Mapping[str, str]) -> str:
    place, dot, name = key.rpartition(".")
    return f"{place}{dot}{renamed.get(name, name)}"


def _parameters(old: Step, new: Step) -> tuple[tuple[str, Type, Constant | None, Constant | None], ...]:
    before = {name: (value, type_) for name, value, type_ in old.parameters}
    after = {name: (value, type_) for name, value, type_ in new.parameters}
    found = []
    for name in dict.fromkeys([*before, *after]):
        first, last = before.get(name), after.get(name)
        if first != last:
            type_ = (last or first or (None, None))[1]
            if type_ is not None:
                found.append((name, type_, first[0] if first else None, last[0] if last else None))
    return tuple(found)
