"""From a message told in English to the French left in it; what a message quotes is nobody's sentence, and is not looked at."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from unittest import mock

from optam_rules.base.diagnostics import Diagnostic, Told
from optam_rules.base.phrases import Lang
from optam_rules.core.types import Scalar

_QUOTED = re.compile(r"`` .*? ``|`[^`]*`|«[^»]*»|“[^”]*”|\"[^\"]*\"")
# Words that no English sentence of ours holds, and letters that only French has.
_FRENCH = re.compile(
    r"\b(?:le|la|les|un|une|des|du|de|au|aux|est|sont|et|ou|pas|ne|ni|ce|cette|ces|dans|sur|pour|par|avec|sans|il|elle|que|qui|se|son|sa"
    r"|leur|attendue?s?|aucune?|clé|règle|texte|ligne|lignes|colonne|donnée|nombre|montant|taux|objet|liste|fichier|depuis|jusqu)\b"
    r"|\b(?:[ldnscj]|qu)'|[éèêàùçîôœ]",
    re.IGNORECASE,
)


# Words that no French sentence of ours holds.
_ENGLISH = re.compile(
    r"\b(?:the|of|and|with|without|which|that|is|are|not|otherwise|from|by|for|this|each|required|missing|unknown|files?|folder)\b",
    re.IGNORECASE,
)


def english_left(text: str) -> list[str]:
    """Return the English words of a French text, those that it quotes aside, and what is written after a dash: names of options."""
    return _ENGLISH.findall(re.sub(r"--[a-z-]+", "", _QUOTED.sub("`", text)))


def french_left(text: str) -> list[str]:
    """Return the French words of an English text, those that it quotes aside."""
    return _FRENCH.findall(_QUOTED.sub("`", text))


def _is_sentence(expected: str) -> bool:
    """Tell a sentence from a value of an enumeration and from a type, which are names."""
    return not expected.isidentifier() and expected not in {scalar.value for scalar in Scalar}


def untranslated(diagnostics: Iterable[Diagnostic]) -> list[tuple[str, str]]:
    """Return the sentences of diagnostics, told in English, in which French is left, each with its code."""
    return [
        (diagnostic.code, sentence)
        for diagnostic in diagnostics
        for said in [diagnostic.told("en")]
        for sentence in (said.message, said.hint or "", *filter(_is_sentence, said.expected), *(text for _, text in said.related))
        if french_left(sentence)
    ]


@contextmanager
def heard() -> Iterator[list[Diagnostic]]:
    """Give the diagnostics that are told, in whatever language, while the block runs."""
    held: list[Diagnostic] = []
    telling = Diagnostic.told

    def told(diagnostic: Diagnostic, lang: Lang = "fr") -> Told:
        held.append(diagnostic)
        return telling(diagnostic, lang)

    with mock.patch.object(Diagnostic, "told", told):
        yield held
