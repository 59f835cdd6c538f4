"""Words told to a person, in either language: a `Phrase` holds both, names and numbers are the same in both."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Literal

import attrs

Lang = Literal["fr", "en"]
LANGS: tuple[Lang, ...] = ("fr", "en")


@attrs.frozen
class Phrase:
    """Words of a sentence in French and in English. As a string it is French, the language of messages by default."""

    fr: str
    en: str

    def __str__(self) -> str:
        return self.fr

    def told(self, lang: Lang) -> str:
        """Return the words in a language."""
        return self.en if lang == "en" else self.fr


COLON = Phrase(" : ", ": ")

# What fills a message: a sentence is a phrase; a name, a number, a piece of text or a date is told as it is.
Word = str | int | dt.date | Phrase


def told(word: Word, lang: Lang) -> str:
    """Return a word in a language; a date in ISO form in both."""
    return word.told(lang) if isinstance(word, Phrase) else str(word)


def joined(separator: str | Phrase, words: Iterable[Word]) -> Phrase:
    """Return words one after the other, as one phrase."""
    held: Sequence[Word] = tuple(words)
    return Phrase(*(told(separator, lang).join(told(word, lang) for word in held) for lang in LANGS))


def write(text: str) -> Phrase:
    """Return the hint that shows what to write."""
    return Phrase(f"écrivez `{text}`", f"write `{text}`")


def did_you_mean(near: str | None, verb: str = "écrire") -> Phrase | None:
    """Return the hint that shows a word that may have been meant, if there is one; `verb` is that of the French sentence."""
    return Phrase(f"vouliez-vous {verb} `{near}` ?", f"did you mean `{near}`?") if near is not None else None


def filled(fr: str, en: str, **words: Word) -> Phrase:
    """Return a phrase whose `{}` fields are filled in each language."""
    french, english = ({name: told(word, lang) for name, word in words.items()} for lang in LANGS)
    return Phrase(fr.format(**french), en.format(**english))


def named(name: str) -> Phrase:
    """Return a name alone, as messages quote it."""
    return Phrase(f"`{name}`", f"`{name}`")


def install(extra: str) -> Phrase:
    """Return the hint that installs an extra."""
    command = f'pip install "optam-rules[{extra}]"'
    return Phrase(command, command)


def counted(number: int, noun: Phrase) -> Phrase:
    """Return a number of things, `2 clés`: the French plural begins at two, the English one is left out for one alone."""
    return Phrase(f"{number} {noun.fr}{'s' if number > 1 else ''}", f"{number} {noun.en}{'' if number == 1 else 's'}")
