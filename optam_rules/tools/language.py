"""From a call and its surroundings to the language of what is said: an option's value, then OPTAM_LANG, then the locale; else French.

A locale counts as the C library reads it: the first of LC_ALL, LC_MESSAGES and LANG that is set. One that opens with `en` asks for
English; any other, C and POSIX among them, leaves French. A word that is no language is passed over here; whoever reads the option or the
variable refuses it. Nothing of the library is imported: pytest starts with this module in projects that have no pack.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from optam_rules.base.phrases import Lang

VARIABLE = "OPTAM_LANG"
_LOCALES = ("LC_ALL", "LC_MESSAGES", "LANG")


def asked(option: str | None = None) -> Lang:
    """Return the language that a value of `--messages` asks for, or without one the surroundings."""
    known: dict[str | None, Lang] = {"fr": "fr", "en": "en"}
    return known.get(option) or known.get(os.environ.get(VARIABLE)) or _by_locale()


def _by_locale() -> Lang:
    locale = next((value for name in _LOCALES if (value := os.environ.get(name))), "")
    return "en" if locale.lower().partition("_")[0].partition(".")[0] == "en" else "fr"
