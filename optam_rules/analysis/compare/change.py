"""What a change of text is: its subject, what became of it, the aspects that differ and its place on both sides."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum
from textwrap import dedent

import attrs

from optam_rules.base.calendar import Interval
from optam_rules.base.phrases import Phrase, Word
from optam_rules.base.source import Position
from optam_rules.core.program import Provenance
from optam_rules.core.standing import Standing


class What(StrEnum):
    """What a change is about; the value is the French word."""

    ARTICLE = "article"
    DEFINITION = "définition"
    VERSION = "version"
    EXCEPTION = "exception"
    UNDERCUT = "neutralisation"
    ROW = "ligne"
    PARAMETER = "paramètre"
    VALUE = "valeur"
    HYPOTHESIS = "hypothèse"
    REFERENCE = "référentiel"
    ENTITY = "entité"
    FIELD = "donnée"
    ENUMERATION = "énumération"
    OPTION = "valeur d'énumération"
    PROPERTY = "propriété"
    TEST = "test"


class How(StrEnum):
    """What became of it."""

    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"
    RENAMED = "renamed"


# Aspects that no answer's value depends on.
_WORDING = frozenset({"article", "fondement", "source", "hypothèse", "référence", "citations", "libellé", "titre", "question", "nature"})


_ENGLISH = {Standing.TEXT: "text", Standing.CAISSE: "fund (caisse)", Standing.DOCTRINE: "doctrine", Standing.HYPOTHESIS: "assumption"}


@attrs.frozen
class Aspect:
    """One thing that differs, in words of the text; `None` where a side has none."""

    name: str
    old: Word | None
    new: Word | None


@attrs.frozen
class Change:
    """Something written anew. `owner` is what it belongs to (the table of a row, the rule of an exception), by its newest name.

    `old_name` differs from `name` where it was renamed. Positions and articles are absent on the side that lacks the thing.
    """

    what: What
    how: How
    name: str
    old_name: str
    owner: str | None = None
    aspects: tuple[Aspect, ...] = ()
    old: Position | None = attrs.field(default=None, repr=False)
    new: Position | None = attrs.field(default=None, repr=False)
    old_article: str | None = None
    new_article: str | None = None

    @property
    def of_substance(self) -> bool:
        """Tell whether an answer could change by it: not where only words, standing or place differ."""
        return self.how in (How.ADDED, How.REMOVED) or any(aspect.name not in _WORDING for aspect in self.aspects)

    @property
    def articles(self) -> tuple[str, ...]:
        """The articles that it stands in, on either side."""
        return tuple(dict.fromkeys(article for article in (self.old_article, self.new_article) if article is not None))


def aspects(pairs: Iterable[tuple[str, object, object]]) -> tuple[Aspect, ...]:
    """Return the aspects (name, old, new) that differ; `None` and the empty text are nothing."""
    return tuple(Aspect(name, _words(old), _words(new)) for name, old, new in pairs if old != new)


def origin_aspects(old: Provenance, new: Provenance) -> tuple[Aspect, ...]:
    """Return what differs in what two clauses stand in and rest on."""
    return aspects(
        [
            ("article", old.article, new.article),
            ("fondement", standing_words(old.standing), standing_words(new.standing)),
            ("source", old.source, new.source),
            ("hypothèse", old.hypothesis, new.hypothesis),
            ("référence", old.reference, new.reference),
            ("citations", " ; ".join(old.cites), " ; ".join(new.cites)),
        ]
    )


def standing_words(standing: Standing | None) -> Phrase | None:
    """Say what a clause rests on, where it says so itself."""
    return Phrase(str(standing), _ENGLISH[standing]) if standing is not None else None


def excerpt(position: Position | None) -> str | None:
    """Return the text at a position, without its indentation."""
    if position is None:
        return None
    text = position.source.text
    start = text.rfind("\n", 0, position.start) + 1
    indent = text[start : position.start]
    lead = indent if not indent.strip() else ""
    return dedent(lead + text[position.start : position.end]).strip()


def _words(value: object) -> Word | None:
    if isinstance(value, Interval):
        return value.phrase
    return value if isinstance(value, Phrase) else None if value is None or value == "" else str(value)
