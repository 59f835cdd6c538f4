"""A diagnostic: code, position or path, message, hint; in French or in English, as text with the place underlined and as JSON."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import attrs

from optam_rules.base.codes import wording
from optam_rules.base.phrases import Lang, Phrase, Word, told
from optam_rules.base.source import Position


@attrs.frozen
class Told:
    """What a diagnostic says, in one language."""

    message: str
    hint: str | None
    expected: tuple[str, ...]
    related: tuple[tuple[Position, str], ...]


@attrs.frozen
class Diagnostic:
    """One fault or warning. `position` is a place in a text, `path` a place in a record.

    It keeps what its wording is filled with, and is told in either language by `told`. `message`, `hint`, `expected` and `related` are
    what it says in French.
    """

    code: str
    words: tuple[tuple[str, Word], ...] = ()
    position: Position | None = None
    path: str | None = None
    _hint: Phrase | None = None
    _expected: tuple[Word, ...] = ()
    _related: tuple[tuple[Position, Phrase], ...] = ()

    @property
    def severity(self) -> str:
        """`error` or `warning`."""
        return "warning" if self.code.startswith("W") else "error"

    def told(self, lang: Lang = "fr") -> Told:
        """Return what the diagnostic says in a language, `fr` or `en`."""
        entry = wording(self.code, lang)
        return Told(
            entry.message.format(**{name: told(word, lang) for name, word in self.words}),
            entry.hint if self._hint is None else self._hint.told(lang),
            tuple(told(word, lang) for word in self._expected),
            tuple((place, phrase.told(lang)) for place, phrase in self._related),
        )

    @property
    def message(self) -> str:
        """The message in French."""
        return self.told().message

    @property
    def hint(self) -> str | None:
        """The hint in French, where there is one."""
        return self.told().hint

    @property
    def expected(self) -> tuple[str, ...]:
        """What was expected, in French."""
        return self.told().expected

    @property
    def related(self) -> tuple[tuple[Position, str], ...]:
        """Other places, each with what it has to do with the fault, in French."""
        return self.told().related

    def to_json(self, lang: Lang = "fr") -> dict[str, Any]:
        """Return the stable JSON form, with the sentences in a language."""
        said = self.told(lang)
        data: dict[str, Any] = {"code": self.code, "severity": self.severity, "message": said.message}
        if self.position is not None:
            line, column = self.position.last
            data |= {
                "file": self.position.file,
                "start": {"line": self.position.line, "column": self.position.column},
                "end": {"line": line, "column": column},
            }
            if self.position.article:
                data["article"] = self.position.article
        if self.path is not None:
            data["path"] = self.path
        if said.hint is not None:
            data["hint"] = said.hint
        if said.expected:
            data["expected"] = list(said.expected)
        if said.related:
            data["related"] = [{"file": p.file, "line": p.line, "column": p.column, "message": text} for p, text in said.related]
        return data


def diagnose(
    code: str,
    position: Position | None = None,
    *,
    path: str | None = None,
    hint: Phrase | None = None,
    expected: Iterable[Word] = (),
    related: Iterable[tuple[Position, Phrase]] = (),
    **words: Word,
) -> Diagnostic:
    """Make a diagnostic whose message is the catalogue's wording of `code`, filled with `words`."""
    return Diagnostic(code, tuple(words.items()), position, path, hint, tuple(expected), tuple(related))


_EXCERPT_WIDTH = 160
# The fixed words of a rendering.
_FIXED = {
    "error": Phrase("erreur", "error"),
    "warning": Phrase("avertissement", "warning"),
    "expected": Phrase("attendu : ", "expected: "),
    "related": Phrase("voir {place} : ", "see {place}: "),
    "hint": Phrase("aide : ", "help: "),
}


def render_text(diagnostic: Diagnostic, lang: Lang = "fr") -> str:
    """Render for a person: one line, then the excerpt with the place underlined, what was expected and the hint."""
    fixed = {name: phrase.told(lang) for name, phrase in _FIXED.items()}
    said = diagnostic.told(lang)
    position = diagnostic.position
    place = f"{position}: " if position else f"{diagnostic.path}: " if diagnostic.path else ""
    lines = [f"{place}{fixed[diagnostic.severity]} {diagnostic.code}: {said.message}"]
    if position:
        lines += _excerpt(position)
    if said.expected:
        lines.append(f"  {fixed['expected']}{', '.join(said.expected)}")
    lines += [f"  {fixed['related'].format(place=place)}{text}" for place, text in said.related]
    if said.hint:
        lines.append(f"  {fixed['hint']}{said.hint}")
    return "\n".join(lines)


def _excerpt(position: Position) -> list[str]:
    line, column = position.line, position.column
    text = position.source.line_text(line)
    last_line, last_column = position.last
    stop = last_column if last_line == line else len(text) + 1
    first = max(0, column - 1 - _EXCERPT_WIDTH // 2) if len(text) > _EXCERPT_WIDTH else 0
    shown = "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in text[first : first + _EXCERPT_WIDTH])
    width = max(1, min(stop - column, len(shown) - (column - 1 - first)))
    head = f"  {line} | "
    under = " " * (len(head) + column - 1 - first) + "^" * width
    return [f"{head}{shown}", under] if text else []
