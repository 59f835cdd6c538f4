"""The exceptions that cross the API, each derived from `OptamError` and from the builtin a caller expects."""

from __future__ import annotations

from collections.abc import Sequence

from optam_rules.base.diagnostics import Diagnostic, render_text
from optam_rules.base.phrases import Lang


class OptamError(Exception):
    """Anything this library refuses; `diagnostics` tells what, where and what to do."""

    def __init__(self, diagnostics: Sequence[Diagnostic]) -> None:
        self.diagnostics = tuple(diagnostics)
        super().__init__(self.told())

    def __reduce__(self) -> tuple[type[OptamError], tuple[tuple[Diagnostic, ...]]]:
        # An exception is made anew from its `args`, which here are a text: in a pool of processes, the caller would wait for ever.
        return type(self), (self.diagnostics,)

    def told(self, lang: Lang = "fr") -> str:
        """Return every diagnostic as text, in `fr` or `en`; in French, this is what the exception says as a string."""
        return "\n".join(render_text(diagnostic, lang) for diagnostic in self.diagnostics)


class PackError(OptamError, ValueError):
    """A pack's text has errors; every one of them is in `diagnostics`."""


class PackNotFoundError(OptamError, LookupError):
    """No pack of that name, or no folder at that path."""


class RecordError(OptamError, ValueError):
    """A record does not fit the vocabulary; every fault is in `diagnostics`, each with its path."""


class CallError(OptamError, ValueError):
    """An argument of the call is wrong: a date past the verified one, an unknown answer, hypothesis or reading."""


class MissingExtraError(OptamError, ImportError):
    """An optional library is needed and not installed; the message names the extra."""


class InternalError(OptamError, AssertionError):
    """Two parts of this library disagree (E902): a fault of ours, never of a text or a record."""
