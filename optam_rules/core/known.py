"""From the items that a function gives of a record that tells all to outcomes, each made when it is looked at.

Such a function is compiled once for the answers asked; what does not change from record to record stands in its layout.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from operator import itemgetter
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import attrs

from optam_rules.core.judgement import Outcome, Status
from optam_rules.core.public import PublicValue, converter, decoded
from optam_rules.core.standing import Standing
from optam_rules.core.types import Type

if TYPE_CHECKING:
    from optam_rules.core.absence import Rest
    from optam_rules.core.record import Record

_NOTHING_BEYOND: Mapping[str, str] = MappingProxyType({})
_NO_NEEDS: frozenset[str] = frozenset()


class PartialError(Exception):
    """Raised by a function of whole records where the record is not whole for it."""


@attrs.frozen
class Held:
    """How an answer is held among the items of a function: where, and over which constant a number (`None`: as it is).

    `rest` is what it rests on, or `None` where the item is a pair of the value and that.
    """

    path: str
    place: int
    type: Type
    below: int | None
    rest: tuple[Standing, tuple[str, ...]] | None
    public: Callable[[Any], PublicValue] | None = attrs.field(init=False, eq=False, repr=False)  # to public units; `None`: as it is

    def __attrs_post_init__(self) -> None:
        convert = converter(self.type, self.below)
        object.__setattr__(self, "public", convert if self.rest is not None else _of_first(convert))

    def resting_on(self, item: Any) -> tuple[Standing, tuple[str, ...]]:
        """Return what the answer rests on."""
        return self.rest if self.rest is not None else told(item[1])

    def outcome(self, item: Any) -> Outcome:
        """Return the outcome that an item stands for."""
        value = item if self.rest is not None else item[0]
        if self.below is not None:
            value = decoded(value, self.below)
        standing, hypotheses = self.resting_on(item)
        return Outcome(Status.KNOWN, self.type, value, _NO_NEEDS, standing, hypotheses)


def _of_first(convert: Callable[[Any], PublicValue] | None) -> Callable[[Any], PublicValue]:
    return itemgetter(0) if convert is None else lambda item: convert(item[0])


def told(rest: Rest) -> tuple[Standing, tuple[str, ...]]:
    """Return what an answer rests on, in the order in which it is told."""
    return rest[0], tuple(sorted(rest[1]))


@attrs.frozen(eq=False)
class Layout:
    """A function of whole records, and how each answer is held among its items; the answers in the order asked.

    The function raises PartialError where the record does not tell enough.
    """

    function: Callable[[Record, dt.date], tuple[Any, ...]]
    answers: Mapping[str, Held]


class KnownJudged(Mapping[str, Outcome]):
    """What `Judged` is, of a whole record: every answer asked is known, each outcome made when it is looked at."""

    __slots__ = ("items_held", "layout")

    beyond: Mapping[str, str] = _NOTHING_BEYOND  # nothing is left to the reference

    def __init__(self, layout: Layout, items: tuple[Any, ...]) -> None:
        self.layout = layout
        self.items_held = items

    @property
    def outcomes(self) -> Mapping[str, Outcome]:
        """The outcomes by answer."""
        return self

    def __getitem__(self, path: str) -> Outcome:
        held = self.layout.answers[path]
        return held.outcome(self.items_held[held.place])

    def __iter__(self) -> Iterator[str]:
        return iter(self.layout.answers)

    def __len__(self) -> int:
        return len(self.layout.answers)

    def __repr__(self) -> str:
        return f"{type(self).__name__}({dict(self)!r})"
