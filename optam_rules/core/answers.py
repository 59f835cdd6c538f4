"""Judgements as a caller reads them: from outcomes in the core's units to values in public ones, each worked out when it is looked at.

What judges many records makes one Judgement a record and nothing else: a Shared that holds for all, and the items that a function gave.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import ItemsView, Iterator, Mapping, ValuesView
from types import MappingProxyType
from typing import Any, Protocol

import attrs

from optam_rules.core.judgement import Outcome, Status, Step
from optam_rules.core.known import Held, KnownJudged, Layout
from optam_rules.core.public import PublicValue, public_value
from optam_rules.core.values import plain_text

_KNOWN = Status.KNOWN
_NOTHING: Mapping[str, str] = MappingProxyType({})
_new = object.__new__


class Steps(Protocol):
    """What gives the outcomes of a record with the steps that led to them, worked out when they are looked at."""

    def __call__(self) -> Mapping[str, Outcome]:
        """Return the outcomes by path."""
        ...

    @property
    def steps(self) -> Mapping[str, tuple[Step, ...]] | None:
        """The steps that led to each answer, by path, once they are worked out."""
        ...

    def worked_out(self) -> Mapping[str, tuple[Step, ...]]:
        """Return the steps that led to each answer, by path."""
        ...


class Answer:
    """An answer of a judgement, in public units (see `value`).

    Where `told` is given, the steps that led here are worked out when they are looked at.
    """

    __slots__ = ("_found", "_held", "_path", "_told")  # by hand: one is made for each look at an answer

    _found: Any  # an Outcome, or the item that `_held` reads
    _held: Held | None
    _told: Steps | None
    _path: str  # where no `_held` tells it

    def __init__(self, found: Outcome, told: Steps | None = None, path: str = "") -> None:
        self._found = found
        self._held = None
        self._told = told
        self._path = path

    @property
    def outcome(self) -> Outcome:
        """The same in the core's units, with its steps where a trace was asked."""
        if self._told is None:
            return self._outcome
        return self._told()[self._path if self._held is None else self._held.path]

    @property
    def _outcome(self) -> Outcome:
        found: Outcome = self._found if self._held is None else self._held.outcome(self._found)
        return found

    def __eq__(self, other: object) -> bool:
        return self.outcome == other.outcome if isinstance(other, Answer) else NotImplemented

    def __hash__(self) -> int:
        return hash(self._outcome.value)

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.outcome!r})"

    def __reduce__(self) -> tuple[type[Answer], tuple[Outcome]]:
        return Answer, (self.outcome,)

    @property
    def status(self) -> Status:
        """`known`, `unknown`, `not_applicable`, `conflict` or `error`; equal to that string."""
        return _KNOWN if self._held is not None else self._found.status

    @property
    def value(self) -> PublicValue | None:
        """The value where known.

        Amounts are euros, a Decimal with two places; rates and points a Fraction (25 % is 1/4, 5 points 1/20); values of enumerations
        their names; dates, durations, booleans and integers as such.
        """
        held, found = self._held, self._found
        if held is not None:
            public: PublicValue = found if held.public is None else held.public(found)
            return public
        return None if found.value is None else public_value(found.value, found.type)

    @property
    def needs(self) -> frozenset[str]:
        """What an unknown answer waits for: paths of inputs, `hypothèse:NAME`, `référentiel:NAME[...]`, `inconnu:NAME`."""
        return self._outcome.needs

    @property
    def standing(self) -> str:
        """The weakest of what was read to decide: `texte`, `caisse`, `doctrine` or `hypothèse`."""
        return str(self._outcome.standing)

    @property
    def hypotheses(self) -> tuple[str, ...]:
        """The hypotheses that the answer rests on, in words, and the readings chosen, as `name=reading`."""
        return self._outcome.hypotheses

    @property
    def alternatives(self) -> Mapping[str, PublicValue | None]:
        """The value under each reading of the open questions that the answer waits for; `None` where still not known."""
        return {reading: Answer(outcome).value for reading, outcome in self._outcome.alternatives}

    @property
    def alternatives_status(self) -> Mapping[str, Status]:
        """The status under each of those readings: why a value of `alternatives` is `None`."""
        return {reading: outcome.status for reading, outcome in self._outcome.alternatives}

    @property
    def because(self) -> tuple[Step, ...]:
        """The steps that led here, the answer's own first; empty where no trace was asked."""
        told = self._told
        if told is None:
            return self._outcome.steps
        steps = told.steps
        if steps is None:
            steps = told.worked_out()
        return steps[self._path if self._held is None else self._held.path]


class Answers(Mapping[str, Answer]):
    """The answers of a judgement by path, each made when it is looked at; `told` gives them with the steps that led there."""

    __slots__ = ("_held", "_items", "_outcomes", "_told")

    _held: Mapping[str, Held] | None

    def __init__(self, outcomes: Mapping[str, Outcome], told: Steps | None = None) -> None:
        self._outcomes = outcomes
        self._told = told
        self._held = None
        if isinstance(outcomes, KnownJudged):
            self._held, self._items = outcomes.layout.answers, outcomes.items_held

    def __getitem__(self, path: str) -> Answer:
        if self._held is None:
            return Answer(self._outcomes[path], self._told, path)
        answer = _new(Answer)
        answer._held = held = self._held[path]
        answer._found = self._items[held.place]
        answer._told = self._told
        return answer

    def values(self) -> ValuesView[Answer]:
        """Return the answers in the order asked."""
        return _Values(self)

    def items(self) -> ItemsView[str, Answer]:
        """Return the answers with their paths, in the order asked."""
        return _Items(self)

    def each(self) -> Iterator[Answer]:
        """Make the answers one by one."""
        if self._held is None:
            for path, outcome in self._outcomes.items():
                yield Answer(outcome, self._told, path)
            return
        items, told = self._items, self._told
        for held in self._held.values():
            answer = _new(Answer)
            answer._held = held
            answer._found = items[held.place]
            answer._told = told
            yield answer

    def __reduce__(self) -> tuple[type[Answers], tuple[dict[str, Outcome]]]:
        """Send outcomes to another process as they stand, steps included: what works them out stays here."""
        return Answers, (dict(self._outcomes if self._told is None else self._told()),)

    def __iter__(self) -> Iterator[str]:
        return iter(self._outcomes)

    def __len__(self) -> int:
        return len(self._outcomes)

    def __repr__(self) -> str:
        return repr(dict(self))


class _Values(ValuesView[Answer]):
    _mapping: Answers

    def __iter__(self) -> Iterator[Answer]:
        return self._mapping.each()


class _Items(ItemsView[str, Answer]):
    _mapping: Answers

    def __iter__(self) -> Iterator[tuple[str, Answer]]:
        return zip(self._mapping, self._mapping.each(), strict=True)


@attrs.frozen
class Shared:
    """What the judgements of one call share; `layout` where one function gives all their answers."""

    on: dt.date
    pack: str
    version: str
    digest: str
    notes: tuple[str, ...] = ()
    known_on: dt.date | None = None
    by_reference: Mapping[str, str] = _NOTHING
    layout: Layout | None = None


class Judgement:
    """The answers for one record on one date. `digest` identifies pack, vocabulary and reference tables together.

    `notes` tells what holds for all answers, such as a date past the verified one; `known_on` the day up to which what was published
    counts, where the call gave one; `by_reference` which answers compiled rows left to the reference interpreter, each with the reason
    (always empty where a trace was asked).
    """

    __slots__ = ("_answers", "_items", "_name", "_shared", "_told")  # by hand: one is made for each record
    __match_args__ = ("identifiant", "on", "pack", "version", "digest", "answers", "notes", "known_on", "by_reference")
    __hash__ = None  # type: ignore[assignment]

    _shared: Shared
    _name: str | None
    _answers: Mapping[str, Answer]  # set at the first look where the items of a function stand for them
    _items: tuple[Any, ...]
    _told: Steps | None

    def __init__(
        self,
        identifiant: str | None,
        on: dt.date,
        pack: str,
        version: str,
        digest: str,
        answers: Mapping[str, Answer],
        notes: tuple[str, ...] = (),
        known_on: dt.date | None = None,
        by_reference: Mapping[str, str] = _NOTHING,
    ) -> None:
        self._shared = Shared(on, pack, version, digest, notes, known_on, by_reference)
        self._name = identifiant
        self._answers = answers

    @property
    def identifiant(self) -> str | None:
        """What names the record, where it says."""
        return self._name

    @property
    def on(self) -> dt.date:
        """The day judged."""
        return self._shared.on

    @property
    def pack(self) -> str:
        """Name of the pack."""
        return self._shared.pack

    @property
    def version(self) -> str:
        """Version of the pack."""
        return self._shared.version

    @property
    def digest(self) -> str:
        """`sha256:` of what was judged with."""
        return self._shared.digest

    @property
    def notes(self) -> tuple[str, ...]:
        """What holds for all answers."""
        return self._shared.notes

    @property
    def known_on(self) -> dt.date | None:
        """The day up to which what was published counts."""
        return self._shared.known_on

    @property
    def by_reference(self) -> Mapping[str, str]:
        """The answers left to the reference interpreter, each with the reason."""
        return dict(self._shared.by_reference)

    @property
    def answers(self) -> Mapping[str, Answer]:
        """The answers by path, in the order asked."""
        try:
            return self._answers
        except AttributeError:
            layout = self._shared.layout
            if layout is None:
                raise
            found = self._answers = Answers(KnownJudged(layout, self._items), self._told)
            return found

    def __eq__(self, other: object) -> bool:
        return self._parts() == other._parts() if isinstance(other, Judgement) else NotImplemented

    def __reduce__(self) -> tuple[type[Judgement], tuple[Any, ...]]:
        return Judgement, self._parts()

    def __repr__(self) -> str:
        parts = zip(self.__match_args__, self._parts(), strict=True)
        return f"{type(self).__name__}({', '.join(f'{name}={value!r}' for name, value in parts)})"

    def _parts(self) -> tuple[Any, ...]:
        return tuple(getattr(self, name) for name in self.__match_args__)

    def _repr_html_(self) -> str:
        """Return what a notebook shows: a line an answer, with its value, or what it waits for, and what it rests on."""
        from optam_rules.core.html import table

        who = self.identifiant or "sans identifiant"
        rows = [
            (name, str(answer.status), _shown(answer.outcome), answer.standing, ", ".join(sorted(answer.needs)))
            for name, answer in self.answers.items()
        ]
        return table(f"{who}, au {self.on} ({self.pack}, {self.version})", ("réponse", "état", "valeur", "fondement", "attend"), rows)


def judgement_of(shared: Shared, name: str | None, answers: Mapping[str, Answer]) -> Judgement:
    """Return the judgement that some answers stand for."""
    judgement = _new(Judgement)
    judgement._shared = shared
    judgement._name = name
    judgement._answers = answers
    return judgement


def known_judgement(shared: Shared, name: str | None, items: tuple[Any, ...], told: Steps | None = None) -> Judgement:
    """Return the judgement that the items of a function stand for, laid out as `shared` says."""
    judgement = _new(Judgement)
    judgement._shared = shared
    judgement._name = name
    judgement._items = items
    judgement._told = told
    return judgement


def _shown(outcome: Outcome) -> str:
    return "" if outcome.value is None else plain_text(outcome.value, outcome.type)
