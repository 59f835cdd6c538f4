"""Turns a lexicon file into keywords: the spellings of each terminal, their patterns, and the words that names must avoid."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from functools import cache
from types import MappingProxyType

import attrs

from optam_rules._resources import shipped
from optam_rules.base.suggestions import unaccented

LANGUAGES = ("fr", "en")


@attrs.frozen
class Lexicon:
    """The keywords of one language: terminal -> spellings, the preferred one first."""

    language: str
    keywords: Mapping[str, tuple[str, ...]]
    # Single words, with and without accents -> terminal. A name must not be one of them (types included).
    reserved: Mapping[str, str]

    def word(self, terminal: str) -> str:
        """Return the preferred spelling of a terminal."""
        return self.keywords[terminal][0]

    def spelled(self, terminal: str, text: str) -> int:
        """Return which spelling of a terminal a text is, accents and white space aside."""
        return next(i for i, spelling in enumerate(self.keywords[terminal]) if re.fullmatch(_spelling_pattern(spelling), text))

    def pattern(self, *terminals: str) -> str:
        """Return a regular expression for any spelling of the terminals, longest first, each up to the end of a word."""
        spellings = sorted((s for t in terminals for s in self.keywords[t]), key=lambda s: (-len(s), s))
        return "|".join(_spelling_pattern(spelling) for spelling in spellings)


@cache
def lexicon(language: str) -> Lexicon:
    """Read the lexicon of `fr` or `en`."""
    data = tomllib.loads(lexicon_text(language))
    keywords = {terminal: tuple(spellings) for terminal, spellings in data["keywords"].items()}
    reserved: dict[str, str] = {}
    for terminal, spellings in keywords.items():
        for spelling in spellings:
            if re.fullmatch(r"\w+", spelling):
                reserved.setdefault(spelling, terminal)
                reserved.setdefault(unaccented(spelling), terminal)
    return Lexicon(language, MappingProxyType(keywords), MappingProxyType(reserved))


@cache
def lexicon_text(language: str) -> str:
    """Return the lexicon file as written."""
    return (shipped("grammar") / f"lexicon.{language}.toml").read_text(encoding="utf-8")


def _spelling_pattern(spelling: str) -> str:
    words = [_word_pattern(word) for word in spelling.split()]
    end = r"(?!\w)" if spelling[-1].isalpha() else ""
    return r"\s+".join(words) + end


def _word_pattern(word: str) -> str:
    letters = []
    for char in word:
        plain = unaccented(char)
        if char == "(":
            letters.append(r"\(\s*")
        else:
            letters.append(f"[{char}{plain}]" if plain != char else re.escape(char))
    return "".join(letters)
