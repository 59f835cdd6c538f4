"""Tells from the first words of a piece what it seems to declare, without parsing it: what to keep quiet about when it is unreadable."""

from __future__ import annotations

import re
from functools import cache

from optam_rules.syntax.lexicon import lexicon
from optam_rules.syntax.scan import BLANK, DECLARATIONS, VERBS, Piece

_NAME = re.compile(r"`[^\W\d]\w{0,100}`|[^\W\d]\w{0,100}")
_NUMBER = re.compile(r"(?:[A-Z]{1,3}\.?[ \u00a0]*)?[0-9][0-9.-]*|[IVXLCDM]+(?!\w)")
# Pieces whose every word may be a name that others use.
_LISTING = frozenset({"_ENUM", "_HYPOTHESIS"})
_NAMING = frozenset({"_CLAUSE", "MAIN_ENTITY", "ENTITY", "_INPUT", "_PARAMETER", "_REFERENCE_TABLE", "_RULE", "_EXCEPTION", "_TABLE"})
_HEADINGS = frozenset({"_ARTICLE", "_ANNEX", "_CLAUSE"})


def declared_names(text: str, part: Piece, language: str) -> frozenset[str]:
    """Return the names that a piece seems to declare."""
    terminal, start = _kind(text, part, language)
    if terminal in _LISTING:
        return frozenset(match[0].strip("`") for match in _NAME.finditer(text, start, part.end))
    match = _NAME.match(text, _skip_blank(text, start, part.end), part.end) if terminal in _NAMING else None
    return frozenset({match[0].strip("`")}) if match else frozenset()


def declared_article(text: str, part: Piece, language: str) -> tuple[bool, str | None]:
    """Tell whether a piece opens a unit of law, and its number as citations print it, if it can be told."""
    terminal, start = _kind(text, part, language)
    if terminal not in _HEADINGS or part.word == "_REPEAL":
        return False, None
    pattern = _NAME if terminal == "_CLAUSE" else _NUMBER
    match = pattern.match(text, _skip_blank(text, start, part.end), part.end)
    if match is None:
        return True, None
    number = " ".join(match[0].strip("`").split())
    return True, f"annexe {number}" if terminal == "_ANNEX" else number


def name_after(text: str, start: int) -> frozenset[str]:
    """Return the name that follows the word at `start`: what a declaration with a misspelled first word declares."""
    word = _NAME.match(text, start)
    match = _NAME.match(text, _skip_blank(text, word.end(), len(text))) if word else None
    return frozenset({match[0].strip("`")}) if match else frozenset()


def _kind(text: str, part: Piece, language: str) -> tuple[str | None, int]:
    """Return the word that opens a piece, the one after its verb in an amendment, and where it ends."""
    opening = _openings(language)
    first = opening.match(text, part.start, part.end)
    if first is None or part.word is None:
        return None, part.start
    if part.word not in VERBS:
        return part.word, first.end()
    second = opening.match(text, _skip_blank(text, first.end(), part.end), part.end)
    if second is None:
        return None, first.end()
    return next(terminal for terminal in DECLARATIONS if second[terminal] is not None), second.end()


def _skip_blank(text: str, start: int, end: int) -> int:
    match = BLANK.match(text, start, end)
    return match.end() if match else start


@cache
def _openings(language: str) -> re.Pattern[str]:
    words = lexicon(language)
    longest_first = sorted(DECLARATIONS, key=lambda terminal: -max(map(len, words.keywords[terminal])))
    return re.compile("|".join(f"(?P<{terminal}>{words.pattern(terminal)})" for terminal in longest_first))
