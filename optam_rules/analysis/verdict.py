"""What became of an obligation: proved, refuted by a record that the interpreter replayed, or open, and what it took to find out."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

import attrs

from optam_rules.base.phrases import Phrase
from optam_rules.core.case import Case, RawTables
from optam_rules.core.judgement import Outcome


@attrs.frozen
class Replay:
    """What one side of an obligation gave on a witness, as the interpreter judged it with a trace."""

    program: str
    on: dt.date
    readings: Mapping[str, str]
    outcome: Outcome


@attrs.frozen
class Witness:
    """A case that breaks an obligation, and its replays: one, or the old side's and the new side's."""

    case: Case
    replays: tuple[Replay, ...]

    @property
    def record(self) -> Mapping[str, Any]:
        """The raw record, as a user would write it."""
        return self.case.record

    @property
    def on(self) -> dt.date:
        """The day on which the first side was judged."""
        return self.replays[0].on

    @property
    def readings(self) -> Mapping[str, str]:
        """The readings under which the first side was judged."""
        return self.replays[0].readings

    @property
    def references(self) -> RawTables:
        """The rows of reference tables that the judgement was given."""
        return self.case.references

    @property
    def outcome(self) -> Outcome:
        """What the first side gave."""
        return self.replays[0].outcome


@attrs.frozen
class Spent:
    """What an obligation took: seconds, cases drawn, those of them that decided it, and the encodings that the solver tried."""

    seconds: float = 0.0
    drawn: int = 0
    decided: int = 0
    encodings: tuple[str, ...] = ()


@attrs.frozen
class Proved:
    """It holds for every case of `scope`, which says in words which ones."""

    scope: Phrase
    spent: Spent = Spent()


@attrs.frozen
class Refuted:
    """It does not hold: `witness` breaks it."""

    witness: Witness
    spent: Spent = Spent()


@attrs.frozen
class Open:
    """Neither: `reason` says in words why, and what would help."""

    reason: Phrase
    spent: Spent = Spent()


Verdict = Proved | Refuted | Open


@attrs.frozen
class Budget:
    """What may be spent on one obligation, and how far its lists go.

    `seconds` bound the solver and `examples` the search; the solver starts again with each of `seeds` while unsure. `years` and
    `members` bound the lists that a proof covers (`members` where their elements have a text for identifiant); they stand in its scope.
    Without `shrinks`, the values of what the search finds stay as they were drawn.
    """

    seconds: float = 10.0
    examples: int = 200
    seeds: tuple[int, ...] = (0, 1)
    years: int = 4
    members: int = 3
    shrinks: bool = True
