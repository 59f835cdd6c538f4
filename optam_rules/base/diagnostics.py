"""A diagnostic: code, position or path, message, hint; as text with the place underlined and as JSON."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import attrs

from optam_rules.base.codes import CATALOGUE
from optam_rules.base.source import Position


@attrs.frozen
class Diagnostic:
    """One fault or warning. `position` is a place in a text, `path` a place in a record."""

    code: str
    message: str
    position: Position | None = None
    path: str | None = None
    hint: str | None = None
    expected: tuple[str, ...] = ()
    related: tuple[tuple[Position, str], ...] = ()

    @property
    def severity(self) -> str:
        """`error` or `warning`."""
        return "warning" if self.code.startswith("W") else "error"

    def to_json(self) -> dict[str, Any]:
        """Return the stable JSON form."""
        data: dict[str, Any] = {"code": self.code, "severity": self.severity, "message": self.message}
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
        if self.hint is not None:
            data["hint"] = self.hint
        if self.expected:
            data["expected"] = list(self.expected)
        if self.related:
            data["related"] = [{"file": p.file, "line": p.line, "column": p.column, "message": text} for p, text in self.related]
        return data


def diagnose(
    code: str,
    position: Position | None = None,
    *,
    path: str | None = None,
    hint: str | None = None,
    expected: Iterable[str] = (),
    related: Iterable[tuple[Position, str]] = (),
    **words: object,
) -> Diagnostic:
    """Make a diagnostic whose message is the catalogue's wording of `code`, filled with `words`."""
    entry = CATALOGUE[code]
    message = entry.message.format(**words)
    return Diagnostic(code, message, position, path, hint or entry.hint, tuple(expected), tuple(related))


_EXCERPT_WIDTH = 160


def render_text(diagnostic: Diagnostic) -> str:
    """Render for a person: one line, then the excerpt with the place underlined, what was expected and the hint."""
    level = "avertissement" if diagnostic.severity == "warning" else "erreur"
    position = diagnostic.position
    place = f"{position}: " if position else f"{diagnostic.path}: " if diagnostic.path else ""
    lines = [f"{place}{level} {diagnostic.code}: {diagnostic.message}"]
    if position:
        lines += _excerpt(position)
    if diagnostic.expected:
        lines.append(f"  attendu : {', '.join(diagnostic.expected)}")
    lines += [f"  voir {place} : {text}" for place, text in diagnostic.related]
    if diagnostic.hint:
        lines.append(f"  aide : {diagnostic.hint}")
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
