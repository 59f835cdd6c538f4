"""From what a function of whole records gives to outcomes, each made when it is looked at."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType
from typing import Any

import attrs

from optam_rules.backends.row.numbers import decoded
from optam_rules.backends.row.whole import Whole
from optam_rules.core.absence import Rest
from optam_rules.core.judgement import Outcome, Status
from optam_rules.core.program import Program
from optam_rules.core.record import Record
from optam_rules.core.standing import Standing
from optam_rules.core.types import Type

_NOTHING_BEYOND: Mapping[str, str] = MappingProxyType({})
_NO_NEEDS: frozenset[str] = frozenset()


# Where an answer stands among the items, its type, over which constant it is held, and what it rests on where no record changes that.
_Place = tuple[int, Type, int | None, tuple[Standing, tuple[str, ...]] | None]


@attrs.frozen
class Layout:
    """The function of whole records, and where each answer stands among its items; the answers in the order asked."""

    function: Callable[[Record, dt.date], tuple[Any, ...]]
    places: Mapping[str, _Place]

    @classmethod
    def of(cls, program: Program, whole: Whole, asked: tuple[str, ...]) -> Layout:
        """Lay out the answers asked that the function gives."""
        places: dict[str, _Place] = {
            path: (place, program.answers_by_path[path].type, held.below, None if held.rest is None else _told(held.rest))
            for place, (path, held) in enumerate(whole.answers.items())
        }
        return cls(whole.function, {path: places[path] for path in asked if path in places})


def _told(rest: Rest) -> tuple[Standing, tuple[str, ...]]:
    return rest[0], tuple(sorted(rest[1]))


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
        place, type_, below, told = self._layout.places[path]
        value = self._items[place]
        if told is None:
            value, rest = value
            told = _told(rest)
        if below is not None:
            value = decoded(value, below)
        return Outcome(Status.KNOWN, type_, value, _NO_NEEDS, told[0], told[1])

    def __iter__(self) -> Iterator[str]:
        return iter(self._layout.places)

    def __len__(self) -> int:
        return len(self._layout.places)

    def __repr__(self) -> str:
        return f"{type(self).__name__}({dict(self)!r})"
