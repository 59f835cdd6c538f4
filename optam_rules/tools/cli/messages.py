"""What the command says, in the language of the call that runs: phrases, counts of faults, and errors of the call itself."""

from __future__ import annotations

import click

from optam_rules.base.phrases import Lang, Phrase, Word
from optam_rules.base.phrases import told as told_in
from optam_rules.tools.language import asked

ERROR, WARNING = Phrase("erreur", "error"), Phrase("avertissement", "warning")


def language() -> Lang:
    """Return the language of the call that runs, which its contexts carry; without a call, that of the surroundings."""
    context = click.get_current_context(silent=True)
    lang = context.obj if context is not None else None
    return asked(lang if isinstance(lang, str) else None)


def told(word: Word) -> str:
    """Return a phrase in the language of the call; a name or a number as it is."""
    return told_in(word, language())


def wrong_call(fr: str, en: str) -> click.UsageError:
    """Return an error of the call, for the command that runs."""
    return click.UsageError(told(Phrase(fr, en)), click.get_current_context(silent=True))
