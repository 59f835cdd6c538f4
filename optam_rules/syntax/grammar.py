"""Turns the grammar file and a lexicon into the text of one complete Lark grammar; imports no Lark."""

from __future__ import annotations

import hashlib
from functools import cache

from optam_rules._resources import shipped
from optam_rules.syntax.lexicon import lexicon, lexicon_text


@cache
def grammar_text(language: str) -> str:
    """Return the rules with the lexicon's keywords as terminals.

    Keywords come before names and numbers, and the more words a keyword has the earlier it is tried: `si vide` before `si`.
    """
    words = lexicon(language)
    lines = [_rules_text()]
    for terminal, spellings in words.keywords.items():
        priority = 10 * max(len(spelling.split()) for spelling in spellings)
        pattern = words.pattern(terminal).replace("/", r"\/")
        lines.append(f"{terminal}.{priority}: /{pattern}/")
    return "\n".join(lines) + "\n"


@cache
def grammar_digest(language: str) -> str:
    """Return what the tables of a language depend on, Lark aside."""
    return hashlib.sha256((_rules_text() + "\0" + lexicon_text(language)).encode()).hexdigest()


@cache
def _rules_text() -> str:
    return (shipped("grammar") / "convention.lark").read_text(encoding="utf-8")
