"""The form of a contestant, and how its answers are held against those written by hand."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from enum import StrEnum
from importlib.metadata import version
from typing import Any

import attrs

from benchmarks.optam16.by_hand import ANSWERS, answers
from benchmarks.optam16.records import Columns, columns, integers
from benchmarks.optam16.trees import OPTIONS, TIERS

Row = tuple[Any, ...]


class Part(StrEnum):
    """What a contestant is in the comparison."""

    LIMIT = "limit"
    OURS = "ours"
    PEER = "peer"


@attrs.frozen
class Workload:
    """Records of `optam-16` in the two forms that engines start from."""

    drawn: Columns
    records: Sequence[Mapping[str, int]]

    @classmethod
    def of(cls, count: int, *, rows: bool = True, start: int = 0) -> Workload:
        """Draw records, from a place among them."""
        drawn = columns(count, start)
        return cls(drawn, integers(drawn) if rows else ())

    @property
    def count(self) -> int:
        """How many records."""
        return len(next(iter(self.drawn.values())))


@attrs.frozen
class Ready:
    """A contestant before its records: `run` judges all of them, `rows` turns its result into sixteen values a record."""

    run: Callable[[], Any]
    rows: Callable[[Any], Sequence[Row]]


@attrs.frozen
class Contestant:
    """One engine: `prepare` gives it the records in its own form, which is not timed; it raises ImportError where it is not installed.

    Not `exact`: its numbers cannot hold all answers, and what it gets wrong is counted.
    """

    name: str
    part: Part
    prepare: Callable[[Workload], Ready]
    distribution: str | None = None
    remark: str = ""
    asked: tuple[str, ...] = ANSWERS
    exact: bool = True

    def version(self) -> str:
        """Return the version that ran."""
        return version(self.distribution) if self.distribution else ""


def expected(records: Sequence[Mapping[str, int]]) -> list[Row]:
    """Return the answers by hand, enumerations by their place."""
    option, tier = ANSWERS.index("option_du_praticien"), ANSWERS.index("palier")
    found = []
    for record in records:
        row = list(answers(record))
        row[option], row[tier] = OPTIONS.index(str(row[option])), TIERS.index(str(row[tier]))
        found.append(tuple(row))
    return found


def wrong_records(got: Sequence[Row], wanted: Sequence[Row], asked: Collection[str] = ANSWERS) -> int:
    """Count the records on which an engine differs in some answer asked."""
    return sum(bool(mismatches(got[place : place + 1], wanted[place : place + 1], asked)) for place in range(len(wanted)))


def mismatches(got: Sequence[Row], wanted: Sequence[Row], asked: Collection[str] = ANSWERS) -> dict[str, int]:
    """Count, by answer asked, the records on which an engine differs; one that gives no row for a record differs in all."""
    counts = dict.fromkeys(asked, 0)
    for place, want in enumerate(wanted):
        have = got[place] if place < len(got) else (None,) * len(ANSWERS)
        for name, a, b in zip(ANSWERS, have, want, strict=True):
            if name in counts:
                counts[name] += a != b
    return {name: count for name, count in counts.items() if count}
