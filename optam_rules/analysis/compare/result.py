"""The result of a comparison as callers and reports read it: both sides named, what differs, and whom it touches."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

import attrs

from optam_rules.analysis.compare.diff import AnswerDiff, Comparison
from optam_rules.analysis.compare.impact import Impact
from optam_rules.analysis.obligations import Side


@attrs.frozen
class SideInfo:
    """A side: the words that named it, its pack, and the date and readings that it fixes."""

    text: str
    pack: str
    version: str
    digest: str
    on: dt.date | None
    readings: Mapping[str, str]

    @classmethod
    def of(cls, text: str, side: Side) -> SideInfo:
        """Describe a side."""
        program = side.program
        return cls(text, program.id, program.version, program.digest, side.day, side.readings)


@attrs.frozen
class Diff:
    """What differs between two sides; `impact` where records were given."""

    old: SideInfo
    new: SideInfo
    comparison: Comparison
    impact: Impact | None = None

    @property
    def answers(self) -> tuple[AnswerDiff, ...]:
        """The answers of both sides, each with what becomes of it."""
        return self.comparison.answers

    @property
    def differs(self) -> bool:
        """Tell whether an answer was shown to differ, appears or disappears."""
        return self.comparison.differs

    @property
    def undecided(self) -> bool:
        """Tell whether an answer is neither shown to differ nor proved the same."""
        return self.comparison.undecided
