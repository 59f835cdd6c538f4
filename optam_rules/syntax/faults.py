"""Collects the diagnostics of one file, up to a limit; beyond it they are only counted."""

from __future__ import annotations

from collections.abc import Iterable

import attrs

from optam_rules.base.diagnostics import Diagnostic, diagnose
from optam_rules.base.phrases import Phrase, Word
from optam_rules.base.source import Position


@attrs.define
class Faults:
    """The faults met so far in one run; local to that run."""

    limit: int
    kept: list[Diagnostic] = attrs.field(factory=list)
    left_out: int = 0

    @property
    def full(self) -> bool:
        """Tell whether a further fault would only be counted."""
        return len(self.kept) >= self.limit

    @property
    def count(self) -> int:
        """Return the number of faults met, kept or not."""
        return len(self.kept) + self.left_out

    def note(self, code: str, position: Position, *, hint: Phrase | None = None, **words: Word) -> None:
        """Add the fault `code`, built from the catalogue."""
        if self.full:
            self.left_out += 1
        else:
            self.kept.append(diagnose(code, position, path=None, hint=hint, expected=(), related=(), **words))

    def add(self, diagnostics: Iterable[Diagnostic | None]) -> None:
        """Add diagnostics already built; `None` stands for one that was not worth building."""
        for diagnostic in diagnostics:
            if diagnostic is None or self.full:
                self.left_out += 1
            else:
                self.kept.append(diagnostic)

    def finished(self, last: Position) -> list[Diagnostic]:
        """Return what was kept, in the order of the text, then how many were left out."""
        ordered = sorted(self.kept, key=lambda d: d.position.start if d.position else 0)
        if self.left_out:
            ordered.append(diagnose("E135", last, shown=len(ordered), left_out=self.left_out))
        return ordered
