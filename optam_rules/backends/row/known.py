"""From what a function of whole records gives to outcomes, each made when it is looked at."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType
from typing import Any

import attrs

from optam_rules.backends.row.numbers import decoded
from optam_rules.backends.row.whole import Whole
from optam_rules.core.judgement import Outcome, Status
from optam_rules.core.program import Program
from optam_rules.core.record import Record
from optam_rules.core.types import Type

_NOTHING_BEYOND: Mapping[str, str] = MappingProxyType({})


@attrs.frozen
class Layout:
    """Where each answer stands among the items, and of which type it is; the answers in the order asked."""

    whole: Whole
    function: Callable[[Record, dt.date], tuple[Any, ...]]
    places: Mapping[str, tuple[int, Type]]

    @classmethod
    def of(cls, program: Program, whole: Whole, asked: tuple[str, ...]) -> Layout:
        """Lay out the answers asked that the function gives."""
        places = {path: place for place, path in enumerate(whole.answers)}
        return cls(whole, whole.function, {path: (places[path], program.answers_by_path[path].type) for path in asked if path in places})


class KnownJudged(Mapping[str, Outcome]):
    """What `Judged` is, of a whole record: every answer asked is known, each outcome made when it is looked at."""

    __slots__ = ("_items", "_layout")

    beyond: Mapping[str, str] = _NOTHING_BEYOND  # nothing is left to the reference

    def __init__(self, layout: Layout, items: tuple[Any, ...]) -> None:
        self._layout = layout
        self._items = items

    @property
    def outcomes(self) -> Mapping[str, Outcome]:
        """The outcomes by answer."""
        return self

    def __getitem__(self, path: str) -> Outcome:
        place, type_ = self._layout.places[path]
        held = self._layout.whole.answers[path]
        item = self._items[place]
        value, rest = item if held.rest is None else (item, held.rest)
        if held.below is not None:
            value = decoded(value, held.below)
        return Outcome(Status.KNOWN, type_, value, standing=rest[0], hypotheses=tuple(sorted(rest[1])))

    def __iter__(self) -> Iterator[str]:
        return iter(self._layout.places)

    def __len__(self) -> int:
        return len(self._layout.places)

    def __repr__(self) -> str:
        return f"{type(self).__name__}({dict(self)!r})"
