"""What a definition read and went through, gathered while it is evaluated and frozen as a Step (S10)."""

from __future__ import annotations

import attrs

from optam_rules.core.ir import Constant
from optam_rules.core.judgement import Bound, InputRead
from optam_rules.core.types import Type


@attrs.frozen
class StepRead:
    """Another step of the same trace, by its key."""

    key: str


@attrs.frozen
class ParameterSeen:
    """A parameter and the value it had."""

    name: str
    value: Constant
    type: Type


@attrs.frozen
class Note:
    """A remark in words: a condition that was sans objet, a repair of an unknown ..."""

    text: str


Event = InputRead | StepRead | ParameterSeen | Bound | Note


@attrs.define
class Frame:
    """The events of one definition, in order; `keep` forgets those of operands that decided nothing."""

    events: list[Event] = attrs.field(factory=list)

    def mark(self) -> int:
        """Return the place of the next event."""
        return len(self.events)

    def keep(self, starts: list[int], kept: frozenset[int]) -> None:
        """Keep, of the operands whose events begin at `starts`, those of `kept`."""
        ends = [*starts[1:], len(self.events)]
        self.events[starts[0] :] = [event for i in sorted(kept) for event in self.events[starts[i] : ends[i]]]
