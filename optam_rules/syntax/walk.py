"""From a node of the abstract syntax to all the nodes it is made of, itself first."""

from __future__ import annotations

from collections.abc import Iterator

import attrs

from optam_rules.base.calendar import Duration, Interval
from optam_rules.base.source import Position, Source

# What nodes hold that is no node.
_LEAVES = (Position, Source, Interval, Duration)


def nodes(node: object) -> Iterator[object]:
    """Yield a node and those below it, in the order of their fields; deep trees need no deep stack."""
    waiting = [node]
    while waiting:
        current = waiting.pop()
        if isinstance(current, tuple):
            waiting.extend(reversed(current))
        elif not isinstance(current, _LEAVES) and attrs.has(kind := type(current)):
            yield current
            waiting.extend(getattr(current, field.name) for field in reversed(attrs.fields(kind)))
