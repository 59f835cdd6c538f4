"""The calls of the library, one part a module: what judges records is loaded at once, what reads texts of packs on first use.

A pack that is read from the cache of compiled packs is judged without the parser, the checker or the linter having been imported.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from optam_rules.api.calls import AfterVerified, Asked, Call, Refusal
from optam_rules.api.pack import Pack, load

if TYPE_CHECKING:
    from optam_rules.api.means import Moyennes, moyennes
    from optam_rules.api.texts import CatalogueEntry, catalogue, check, format_text, lint, mend, record_texts
    from optam_rules.api.years import Doubts, Exercices, exercices

__all__ = [
    "AfterVerified",
    "Asked",
    "Call",
    "CatalogueEntry",
    "Doubts",
    "Exercices",
    "Moyennes",
    "Pack",
    "Refusal",
    "catalogue",
    "check",
    "exercices",
    "format_text",
    "lint",
    "load",
    "mend",
    "moyennes",
    "record_texts",
]

_HOMES = {"Doubts": "years", "Exercices": "years", "exercices": "years", "Moyennes": "means", "moyennes": "means"}


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(f"module 'optam_rules.api' has no attribute {name!r}")
    value = getattr(import_module(f"optam_rules.api.{_HOMES.get(name, 'texts')}"), name)
    globals()[name] = value
    return value
