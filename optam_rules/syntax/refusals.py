"""Parses one piece, and turns the parser's refusal into a diagnostic: what was found, what was expected, what was meant."""

from __future__ import annotations

import re
from collections.abc import Callable
from types import MappingProxyType
from typing import TYPE_CHECKING

import attrs

from optam_rules.base.diagnostics import Diagnostic, diagnose
from optam_rules.base.source import Position, Source
from optam_rules.syntax.expected import EXPRESSIONS, expected_words, suggestion
from optam_rules.syntax.faults import Faults
from optam_rules.syntax.outline import name_after
from optam_rules.syntax.scan import DECLARATIONS, Piece, unclosed
from optam_rules.syntax.tables import parser
from optam_rules.syntax.wrong_forms import Refusal, advice

if TYPE_CHECKING:
    from lark import Token, UnexpectedInput
    from lark.parsers.lalr_interactive_parser import InteractiveParser

    from optam_rules.syntax.reader import Node

_WORD = re.compile(r"\w{1,100}|.", re.DOTALL)
_SHOWN = 60
_CLOSED_BY = MappingProxyType({"{": ("RBRACE", "}"), "(": ("RPAR", ")")})


@attrs.frozen
class Parsed:
    """The parse tree of a piece, if it has one, and the names that an unreadable rest of it seems to declare."""

    tree: Node | None
    beyond: frozenset[str] = frozenset()


def read_tree(source: Source, part: Piece, language: str, article: str | None, faults: Faults) -> Parsed:
    """Parse a piece; a refusal is noted in `faults`."""
    from lark import UnexpectedInput  # lark is imported when a parser first runs

    text = source.text[part.start : part.end]
    lark = parser(language)
    try:
        return Parsed(lark.parse(text))
    except UnexpectedInput as error:
        if faults.full:
            faults.add([None])
            return Parsed(None)
        refusal = _refusal(error, text, language)
    faults.add([_explained(refusal, source, part, article)])
    if "$END" not in refusal.accepts or refusal.terminal != "NAME" or not refusal.opens_line or part.word is None:
        return Parsed(None)
    # What stands before is whole: the rest is a declaration whose first word is misspelled.
    beyond = name_after(text, refusal.start)
    try:
        return Parsed(lark.parse(text[: refusal.start]), beyond)
    except UnexpectedInput:
        return Parsed(None, beyond)


def _refusal(error: UnexpectedInput, text: str, language: str) -> Refusal:
    from lark import UnexpectedToken

    state: InteractiveParser = error.interactive_parser
    token = error.token if isinstance(error, UnexpectedToken) else None
    previous = _previous(error, state)
    if token is None:
        start = error.pos_in_stream or 0
        end = min(start + 1, len(text))
    elif token.type == "$END":
        start = end = (previous.end_pos or 0) if previous is not None else 0
    else:
        start, end = token.start_pos or 0, token.end_pos or 0
    return Refusal(
        language=language,
        text=text,
        start=start,
        end=end,
        terminal=token.type if token is not None else None,
        accepts=frozenset(state.accepts()),  # type: ignore[no-untyped-call]
        previous=previous.type if previous is not None else "",
        previous_start=(previous.start_pos or 0) if previous is not None else 0,
        takes_as_name=_name_test(state, text, start, end),
    )


def _previous(error: UnexpectedInput, state: InteractiveParser) -> Token | None:
    """Return the last token that the parser took, where it can be told."""
    history = getattr(error, "token_history", None) or [None]
    last = getattr(state.lexer_thread.state, "last_token", None)
    if history[-1] is None and last is getattr(error, "token", None):
        # The lexer gave the refused token itself: the last one taken ends what has been read so far.
        value = state.parser_state.value_stack[-1] if state.parser_state.value_stack else None
        while value is not None and not hasattr(value, "type"):
            value = value.children[-1] if value.children else None
        return value
    return history[-1] or last


def _name_test(state: InteractiveParser, text: str, start: int, end: int) -> Callable[[], bool]:
    def takes_as_name() -> bool:
        """Tell whether a name here would let the parser go on over the next word."""
        from lark import Token, UnexpectedInput

        cursor = state.copy(deepcopy_values=False)  # type: ignore[no-untyped-call]
        try:
            cursor.feed_token(Token("NAME", text[start:end], start, end_pos=end))
            following = next(iter(cursor.lexer_thread.lex(cursor.parser_state)), None)
            if following is None:
                return "$END" in cursor.accepts()
            cursor.feed_token(following)
        except UnexpectedInput:
            return False
        return True

    return takes_as_name


def _explained(refusal: Refusal, source: Source, part: Piece, article: str | None) -> Diagnostic:
    def place(start: int, end: int) -> Position:
        return Position(source, part.start + start, part.start + end, article)

    found = _shown(refusal.found)
    if part.word is None:
        hint = suggestion(found, DECLARATIONS, refusal.language)
        first = _WORD.match(refusal.text)
        return diagnose("E124", place(0, first.end() if first else 0), hint=hint, found=_shown(first[0]) if first else "")
    special = advice(refusal)
    if special is not None and special.code is not None:
        return diagnose(special.code, place(special.start, special.end), hint=special.hint, found=_shown(special.found))
    expected = expected_words(refusal.accepts, refusal.language)
    hint = special.hint if special is not None else suggestion(found, refusal.accepts, refusal.language)
    opened = unclosed(refusal.text[: refusal.start], refusal.language)
    related: list[tuple[Position, str]] = []
    awaits_more = refusal.terminal in EXPRESSIONS  # not a sign that something has ended
    if opened is not None and hint is None and not awaits_more and _CLOSED_BY[refusal.text[opened]][0] in refusal.accepts:
        closing = _CLOSED_BY[refusal.text[opened]][1]
        hint = f"`{refusal.text[opened]}` n'est pas fermée : il manque `{closing}`"
        related.append((place(opened, opened + 1), "ouverte ici"))
    if refusal.at_end:
        return diagnose("E111", place(refusal.start, refusal.end), hint=hint, expected=expected, related=related)
    if refusal.terminal is None and found != ",":
        name = f"U+{ord(refusal.found):04X}"
        return diagnose("E108", place(refusal.start, refusal.end), hint=hint, expected=expected, found=found, name=name)
    return diagnose("E110", place(refusal.start, refusal.end), hint=hint, expected=expected, related=related, found=found)


def _shown(text: str) -> str:
    """Return a text as a message shows it: on one line, not too long, nothing invisible."""
    line = " ".join(text.split())[:_SHOWN]
    return "".join(char if char.isprintable() else f"U+{ord(char):04X}" for char in line)
