"""Turns a source without fault into its tokens and comments, each with its terminal and place, for whoever prints the text again.

The tokens are those that the parser itself took, so that a word is a keyword here exactly where it is one there.
"""

from __future__ import annotations

import attrs

from optam_rules.base.source import Source
from optam_rules.syntax.faults import Faults
from optam_rules.syntax.limits import DEFAULT
from optam_rules.syntax.parse import language_of
from optam_rules.syntax.scan import VERBS, scan
from optam_rules.syntax.tables import parser

COMMENT = "_COMMENT"


@attrs.frozen
class Token:
    """A token or a comment: its terminal, its text as read, its place, and the declaration it belongs to.

    `opens` holds the terminals of the words that open its declaration where it is the first token of one: two in an amendment
    (`remplace règle`). `lines` counts the line ends between the token before and this one.
    """

    terminal: str
    text: str
    start: int
    end: int
    lines: int
    opens: tuple[str, ...] = ()


@attrs.frozen
class Tokens:
    """A text cut: its lexicon, its first line where that names the lexicon, and its tokens in order."""

    language: str
    language_line: str | None
    tokens: tuple[Token, ...]


def tokens(source: Source) -> Tokens:
    """Cut a source that parses without error; what cannot be parsed raises lark's own error."""
    faults = Faults(0)
    language, start = language_of(source, None, faults)
    scanned = scan(source, language, start, DEFAULT, faults)
    lark = parser(language)
    found: list[tuple[int, int, str, tuple[str, ...]]] = [(c.start, c.end, COMMENT, ()) for c in scanned.comments]
    for part in scanned.pieces:
        state = lark.parse_interactive(source.text[part.start : part.end])
        read = [(token.start_pos or 0, token.end_pos or 0, token.type) for token in state.iter_parse()]
        for index, (begin, end, terminal) in enumerate(read):
            opens = tuple(word for _, _, word in read[: 2 if read[0][2] in VERBS else 1]) if index == 0 else ()
            found.append((part.start + begin, part.start + end, terminal, opens))
    found.sort()
    line = source.text[:start].strip() or None
    result: list[Token] = []
    before = start
    for begin, end, terminal, opens in found:
        result.append(Token(terminal, source.text[begin:end], begin, end, source.text.count("\n", before, begin), opens))
        before = end
    return Tokens(language, line, tuple(result))
