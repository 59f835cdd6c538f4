"""From the call and its surroundings to the language of messages: `--messages`, then OPTAM_LANG, then the locale; else French.

A locale counts as the C library reads it: the first of LC_ALL, LC_MESSAGES and LANG that is set. One that opens with `en` asks for
English; any other, C and POSIX among them, leaves French.
"""

from __future__ import annotations

import os
from collections.abc import Mapping

import click

from optam_rules.base.phrases import Lang, Phrase

VARIABLE = "OPTAM_LANG"
_LOCALES = ("LC_ALL", "LC_MESSAGES", "LANG")


def language() -> Lang:
    """Return the language of messages of the command that runs."""
    context = click.get_current_context(silent=True)
    return asked(context.find_root().params.get("messages")) if context is not None else asked(None)


def asked(option: str | None) -> Lang:
    """Return the language that the value of `--messages` asks for, or without one the locale."""
    chosen = option or _by_locale(os.environ)
    return "en" if chosen == "en" else "fr"


def told(phrase: Phrase) -> str:
    """Return a phrase in the language of messages."""
    return phrase.told(language())


def _by_locale(environment: Mapping[str, str]) -> Lang:
    locale = next((value for name in _LOCALES if (value := environment.get(name))), "")
    return "en" if locale.lower().partition("_")[0].partition(".")[0] == "en" else "fr"


ERROR, WARNING = Phrase("erreur", "error"), Phrase("avertissement", "warning")
