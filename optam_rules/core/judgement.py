"""What a backend answers: the status and value of each answer, what it waits for, what it rests on, and the steps that led there."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from enum import StrEnum

import attrs

from optam_rules.base.codes import wording
from optam_rules.base.phrases import Lang
from optam_rules.base.source import Position
from optam_rules.core.ir import Constant
from optam_rules.core.standing import Standing
from optam_rules.core.types import Type


class Status(StrEnum):
    """The five kinds of answers (S13)."""

    KNOWN = "known"
    UNKNOWN = "unknown"
    NOT_APPLICABLE = "not_applicable"
    CONFLICT = "conflict"
    ERROR = "error"


@attrs.frozen
class Fault:
    """An error value: its code in the catalogue, the message in French, where it arose, and what fills the wording."""

    code: str
    message: str
    position: Position = attrs.field(repr=False, eq=False)
    words: tuple[tuple[str, str], ...] = ()

    def told(self, lang: Lang) -> str:
        """Return the message in a language."""
        return self.message if lang == "fr" else wording(self.code, lang).message.format(**dict(self.words))


@attrs.frozen(slots=False)  # many a record: without slots its parts are set at once
class InputRead:
    """A datum that a step read: its path from the judged record and its value (`None` where it is absent)."""

    path: str
    status: Status
    value: Constant | None
    type: Type


@attrs.frozen(slots=False)  # many a record: without slots its parts are set at once
class Bound:
    """A cap, floor or rounding met in a step. `bound` tells whether it changed the value."""

    kind: str  # "plafonné à", "au moins", "arrondi à"
    before: Constant
    limit: Constant
    after: Constant
    bound: bool
    type: Type


@attrs.frozen
class GuardRead:
    """An exception looked at: its name, whether its condition held (True, False or None for unknown) and whether it was neutralised."""

    name: str
    article: str | None
    position: Position = attrs.field(repr=False, eq=False)
    held: bool | None
    neutralised: bool | None
    standing: Standing
    source: str | None
    not_applicable: bool = False


@attrs.frozen(slots=False)  # many a record: without slots its parts are set at once
class Step:
    """A definition evaluated on one entity; `reads` names the steps it used, as keys of the same trace."""

    key: str  # path of the definition from the judged record, e.g. `groupe.membres[identifiant=B].taux_engagement`
    definition: str
    label: str
    article: str | None
    reference: str | None
    position: Position | None = attrs.field(repr=False, eq=False)
    status: Status
    value: Constant | None
    type: Type
    standing: Standing
    source: str | None
    hypotheses: tuple[str, ...]
    taken: str | None  # name of the exception that gave the value
    guards: tuple[GuardRead, ...]
    bounds: tuple[Bound, ...]
    inputs: tuple[InputRead, ...]
    parameters: tuple[tuple[str, Constant, Type], ...]
    reads: tuple[str, ...]
    notes: tuple[str, ...]
    fault: Fault | None
    conflict: tuple[Position, ...]
    needs: frozenset[str]
    interval: tuple[dt.date | None, dt.date | None]
    amendment: str | None = None  # title of the amendment that wrote the clause


@attrs.frozen(slots=False)  # made for each answer: without slots its parts are set at once
class Outcome:
    """An answer. `value` only where known; `steps` empty where no trace was asked, its first step the answer's own."""

    status: Status
    type: Type
    value: Constant | None = None
    needs: frozenset[str] = frozenset()
    standing: Standing = Standing.TEXT
    hypotheses: tuple[str, ...] = ()
    alternatives: tuple[tuple[str, Outcome], ...] = ()
    fault: Fault | None = None
    conflict: tuple[Position, ...] = ()
    steps: tuple[Step, ...] = ()


@attrs.frozen
class Judged:
    """What a backend made of a record: an outcome for each answer asked but those of `beyond`, left to the reference with the reason."""

    outcomes: Mapping[str, Outcome]
    beyond: Mapping[str, str] = attrs.field(factory=dict)
