"""Parses one piece and turns the parser's refusal into a diagnostic: what was found, what was expected, what was meant."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache
from typing import TYPE_CHECKING

import attrs

from optam_rules.base.diagnostics import Diagnostic, diagnose
from optam_rules.base.source import Position, Source
from optam_rules.syntax.expected import expected_words, suggestion
from optam_rules.syntax.faults import Faults
from optam_rules.syntax.lexicon import lexicon
from optam_rules.syntax.scan import DECLARATIONS, Piece
from optam_rules.syntax.tables import parser

if TYPE_CHECKING:
    from lark import UnexpectedInput

    from optam_rules.syntax.reader import Node

_IDENTIFIER = r"`[^\W\d]\w{0,100}`|[^\W\d]\w{0,100}"
# Pieces whose every word may be a name that others use.
_LISTING = frozenset({"_ENUM", "_HYPOTHESIS"})
_NAMING = frozenset(
    {"_CLAUSE", "MAIN_ENTITY", "ENTITY", "_INPUT", "_PARAMETER", "_REFERENCE_TABLE", "_RULE", "_EXCEPTION", "_TABLE"}
)


@attrs.frozen
class Refusal:
    """What the parser refused: `found` at [start, end) of the piece's text, after `previous`; `accepts` are terminals."""

    language: str
    text: str
    start: int
    end: int
    terminal: str | None  # None: a character that opens no terminal
    accepts: frozenset[str]
    previous: str  # terminal of the token before, or ""
    takes_as_name: Callable[[], bool]

    @property
    def found(self) -> str:
        """Return the text refused."""
        return self.text[self.start : self.end]

    @property
    def at_end(self) -> bool:
        """Tell whether the piece stops too early."""
        return self.terminal == "$END"

    @property
    def opens_line(self) -> bool:
        """Tell whether nothing stands before on the line."""
        return not self.text[self.text.rfind("\n", 0, self.start) + 1 : self.start].strip()


def read_tree(
    source: Source, part: Piece, language: str, article: str | None, faults: Faults
) -> tuple[Node | None, frozenset[str]]:
    """Return the parse tree of a piece, and the names that an unreadable rest of it seems to declare."""
    from lark import UnexpectedInput  # lark is imported when a parser first runs

    text = source.text[part.start : part.end]
    lark = parser(language)
    try:
        return lark.parse(text), frozenset()
    except UnexpectedInput as error:
        if faults.full:
            faults.add([None])
            return None, frozenset()
        refusal = _refusal(error, text, language)
    faults.add([_explained(refusal, source, part, article)])
    if "$END" in refusal.accepts and refusal.terminal == "NAME" and refusal.opens_line and part.word is not None:
        # What stands before is whole: the rest is a declaration whose first word is misspelled.
        rest = re.compile(rf"\w+\s+({_IDENTIFIER})").match(text, refusal.start)
        return lark.parse(text[: refusal.start]), frozenset({rest[1].strip("`")} if rest else ())
    return None, frozenset()


def declared_names(text: str, part: Piece, language: str) -> frozenset[str]:
    """Return the names that a piece seems to declare, from its first words alone."""
    head = _declared(language).match(text, part.start, part.end)
    if head is None:
        return frozenset()
    terminal = lexicon(language).reserved.get(head["word"], part.word)
    names = re.compile(_IDENTIFIER)
    if part.word in _LISTING or terminal in _LISTING:
        return frozenset(match[0].strip("`") for match in names.finditer(text, head.end("word"), part.end))
    if part.word not in _NAMING and terminal not in _NAMING:
        return frozenset()
    match = names.match(text, head.end())
    return frozenset({match[0].strip("`")}) if match else frozenset()


@cache
def _declared(language: str) -> re.Pattern[str]:
    words = lexicon(language).pattern(*DECLARATIONS)
    return re.compile(rf"(?:(?P<word>{words})\s*)+")


def _refusal(error: UnexpectedInput, text: str, language: str) -> Refusal:
    from lark import Token, UnexpectedInput, UnexpectedToken

    state = error.interactive_parser  # type: ignore[attr-defined]
    accepts = frozenset(state.accepts())
    previous = state.lexer_thread.state.last_token
    if isinstance(error, UnexpectedToken):
        token = error.token
        terminal: str | None = token.type
        history = error.token_history or [None]
        previous = history[-1] if terminal != "$END" else previous
        start, end = (token.start_pos or 0, token.end_pos or 0) if terminal != "$END" else (len(text.rstrip()),) * 2
        if terminal == "$END" and previous is not None:
            start = end = previous.end_pos
    else:
        terminal = None
        start = error.pos_in_stream or 0
        match = re.compile(r"\w{1,100}|.", re.DOTALL).match(text, start)
        end = match.end() if match else start

    def takes_as_name() -> bool:
        """Tell whether a name here would let the parser go on over the next word."""
        try:
            cursor = state.copy(deepcopy_values=False)
            cursor.feed_token(Token("NAME", text[start:end], start, end_pos=end))
            cursor.lexer_thread.state.line_ctr.char_pos = end
            following = next(iter(cursor.lexer_thread.lex(cursor.parser_state)), None)
            if following is None:
                return "$END" in cursor.accepts()
            cursor.feed_token(following)
        except UnexpectedInput:
            return False
        return True

    return Refusal(language, text, start, end, terminal, accepts, previous.type if previous else "", takes_as_name)


def _explained(refusal: Refusal, source: Source, part: Piece, article: str | None) -> Diagnostic:
    start, end = part.start + refusal.start, part.start + refusal.end
    position = Position(source, start, end, article)
    expected = expected_words(refusal.accepts, refusal.language)
    if refusal.at_end:
        return diagnose("E111", position, expected=expected)
    return diagnose(
        "E110",
        position,
        expected=expected,
        hint=suggestion(refusal.found, refusal.accepts, refusal.language),
        found=refusal.found[:60],
    )
