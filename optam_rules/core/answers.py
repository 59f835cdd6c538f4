"""Judgements as a caller reads them: from an Outcome in the core's units to values in public ones."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from fractions import Fraction
from typing import cast

import attrs

from optam_rules.base.calendar import Duration
from optam_rules.base.numbers import Number, euros
from optam_rules.core.html import table
from optam_rules.core.ir import Constant
from optam_rules.core.judgement import Outcome, Status, Step
from optam_rules.core.types import ListType, Scalar, SetType, Type
from optam_rules.core.values import plain_text

PublicValue = bool | int | Fraction | Decimal | dt.date | Duration | str | tuple["PublicValue", ...] | frozenset["PublicValue"]


@attrs.frozen(eq=False, repr=False, slots=False)
class Answer:
    """An answer of a judgement, in public units (see `value`).

    Where `_told` is given, the steps that led here are worked out when they are looked at.
    """

    _found: Outcome
    _told: Callable[[], Mapping[str, Outcome]] | None = None
    _path: str = ""

    @property
    def outcome(self) -> Outcome:
        """The same in the core's units, with its steps where a trace was asked."""
        return self._found if self._told is None else self._told()[self._path]

    def __eq__(self, other: object) -> bool:
        return self.outcome == other.outcome if isinstance(other, Answer) else NotImplemented

    def __hash__(self) -> int:
        return hash(self._found.value)

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.outcome!r})"

    def __reduce__(self) -> tuple[type[Answer], tuple[Outcome]]:
        return Answer, (self.outcome,)

    @property
    def status(self) -> Status:
        """`known`, `unknown`, `not_applicable`, `conflict` or `error`; equal to that string."""
        return self._found.status

    @property
    def value(self) -> PublicValue | None:
        """The value where known.

        Amounts are euros, a Decimal with two places; rates and points a Fraction (25 % is 1/4, 5 points 1/20); values of enumerations
        their names; dates, durations, booleans and integers as such.
        """
        return None if self._found.value is None else public_value(self._found.value, self._found.type)

    @property
    def needs(self) -> frozenset[str]:
        """What an unknown answer waits for: paths of inputs, `hypothèse:NAME`, `référentiel:NAME[...]`, `inconnu:NAME`."""
        return self._found.needs

    @property
    def standing(self) -> str:
        """The weakest of what was read to decide: `texte`, `caisse`, `doctrine` or `hypothèse`."""
        return str(self._found.standing)

    @property
    def hypotheses(self) -> tuple[str, ...]:
        """The hypotheses that the answer rests on, in words, and the readings chosen, as `name=reading`."""
        return self._found.hypotheses

    @property
    def alternatives(self) -> Mapping[str, PublicValue | None]:
        """The value under each reading of the open questions that the answer waits for; `None` where still not known."""
        return {reading: Answer(outcome).value for reading, outcome in self._found.alternatives}

    @property
    def alternatives_status(self) -> Mapping[str, Status]:
        """The status under each of those readings: why a value of `alternatives` is `None`."""
        return {reading: outcome.status for reading, outcome in self._found.alternatives}

    @property
    def because(self) -> tuple[Step, ...]:
        """The steps that led here, the answer's own first; empty where no trace was asked."""
        return self.outcome.steps


class Answers(Mapping[str, Answer]):
    """The answers of a judgement by path, each made when it is looked at; `told` gives them with the steps that led there."""

    __slots__ = ("_outcomes", "_told")

    def __init__(self, outcomes: Mapping[str, Outcome], told: Callable[[], Mapping[str, Outcome]] | None = None) -> None:
        self._outcomes = outcomes
        self._told = told

    def __getitem__(self, path: str) -> Answer:
        return Answer(self._outcomes[path], self._told, path)

    def __reduce__(self) -> tuple[type[Answers], tuple[dict[str, Outcome]]]:
        """Send outcomes to another process as they stand, steps included: what works them out stays here."""
        return Answers, (dict(self._outcomes if self._told is None else self._told()),)

    def __iter__(self) -> Iterator[str]:
        return iter(self._outcomes)

    def __len__(self) -> int:
        return len(self._outcomes)

    def __repr__(self) -> str:
        return repr(dict(self))


@attrs.frozen(slots=False)  # made for each record: without slots its parts are set at once
class Judgement:
    """The answers for one record on one date. `digest` identifies pack, vocabulary and reference tables together.

    `notes` tells what holds for all answers, such as a date past the verified one; `known_on` the day up to which what was published
    counts, where the call gave one; `by_reference` which answers compiled rows left to the reference interpreter, each with the reason
    (always empty where a trace was asked).
    """

    identifiant: str | None
    on: dt.date
    pack: str
    version: str
    digest: str
    answers: Mapping[str, Answer]
    notes: tuple[str, ...] = ()

    def _repr_html_(self) -> str:
        """Return what a notebook shows: a line an answer, with its value, or what it waits for, and what it rests on."""
        who = self.identifiant or "sans identifiant"
        rows = [
            (name, str(answer.status), _shown(answer.outcome), answer.standing, ", ".join(sorted(answer.needs)))
            for name, answer in self.answers.items()
        ]
        return table(f"{who}, au {self.on} ({self.pack}, {self.version})", ("réponse", "état", "valeur", "fondement", "attend"), rows)

    known_on: dt.date | None = None
    by_reference: Mapping[str, str] = attrs.field(factory=dict)


def _shown(outcome: Outcome) -> str:
    return "" if outcome.value is None else plain_text(outcome.value, outcome.type)


def public_value(value: Constant, type_: Type) -> PublicValue:
    """Return a constant in public units."""
    match type_:
        case Scalar.MONEY:
            return euros(cast("Number", value))
        case Scalar.RATE | Scalar.POINTS:
            return value if isinstance(value, Fraction) else Fraction(cast("Number", value))
        case ListType(item):
            return tuple(public_value(part, item) for part in cast("tuple[Constant, ...]", value))
        case SetType(item):
            return frozenset(public_value(part, item) for part in cast("frozenset[Constant]", value))
        case _:
            return cast("PublicValue", value)
