"""From a fault met by a pass to its diagnostic, with the hints that all passes share."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import attrs

from optam_rules.base.diagnostics import Diagnostic, diagnose
from optam_rules.base.phrases import Phrase, Word, did_you_mean, joined
from optam_rules.base.source import Position
from optam_rules.base.suggestions import nearest
from optam_rules.core.types import Type

_SHOWN = 60
_LISTED = 8


@attrs.define
class Faults:
    """The diagnostics of one elaboration, in the order they are met."""

    found: list[Diagnostic] = attrs.field(factory=list)
    # Each name compared costs time: past this many in one elaboration, unknown names get no suggestion.
    _comparisons_left: int = 200_000

    def tell(
        self,
        code: str,
        position: Position | None,
        *,
        hint: Phrase | None = None,
        expected: Iterable[Word] = (),
        related: Iterable[tuple[Position, Phrase]] = (),
        **words: Word | Type | None,
    ) -> None:
        """Add a diagnostic; a type is told as the language writes it."""
        said = {name: word if isinstance(word, Word) else str(word) for name, word in words.items()}
        self.found.append(diagnose(code, position, path=None, hint=hint, expected=expected, related=related, **said))

    def meant(self, name: str, known: Iterable[str]) -> Phrase | None:
        """Return the hint that names the nearest known name, if one is near enough."""
        if self._comparisons_left < 0:
            return None
        candidates = list(known)
        self._comparisons_left -= len(candidates)
        return did_you_mean(nearest(name, candidates))

    @property
    def any_error(self) -> bool:
        """Tell whether something was refused."""
        return any(diagnostic.severity == "error" for diagnostic in self.found)


def snippet(position: Position) -> str:
    """Return the text at a position on one line, cut where it is long."""
    text = " ".join(position.source.text[position.start : min(position.end, position.start + 10 * _SHOWN)].split())
    return text if len(text) <= _SHOWN else text[: _SHOWN - 1] + "…"


def word_at(position: Position, word: str) -> Position:
    """Return the place of a word inside a declaration, or the declaration's own where the word is not written there."""
    text = position.source.text
    start = text.find(word, position.start, position.end)
    while start >= 0:
        end = start + len(word)
        if not _in_word(text[start - 1 : start]) and not _in_word(text[end : end + 1]):
            return Position(position.source, start, end, position.article)
        start = text.find(word, start + 1, position.end)
    return position


def _in_word(char: str) -> bool:
    return char.isalnum() or char == "_"


def holds(outer: Position, inner: Position) -> bool:
    """Tell whether one place lies inside another."""
    return outer.source is inner.source and outer.start <= inner.start and inner.end <= outer.end


AND, OR = Phrase(" et ", " and "), Phrase(" ou ", " or ")


def listed(names: Sequence[str], joint: Phrase = AND) -> Word:
    """Join names as a sentence does: `a`, `b` et `c`."""
    quoted = [f"`{name}`" for name in names[:_LISTED]]
    if len(names) > _LISTED:
        return f"{', '.join(quoted)}…"
    return quoted[0] if len(quoted) == 1 else joined(joint, (", ".join(quoted[:-1]), quoted[-1]))
