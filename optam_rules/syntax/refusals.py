"""Parses one piece, and turns the parser's refusal into a diagnostic: what was found, what was expected, what was meant."""

from __future__ import annotations

from collections.abc import Callable
from types import MappingProxyType
from typing import TYPE_CHECKING

import attrs

from optam_rules.base.diagnostics import Diagnostic, diagnose
from optam_rules.base.phrases import Phrase
from optam_rules.base.source import Position, Source
from optam_rules.syntax.expected import EXPRESSIONS, expected_words, nearest_keyword, suggestion
from optam_rules.syntax.faults import Faults
from optam_rules.syntax.outline import declared_names, name_after
from optam_rules.syntax.scan import DECLARATIONS, Piece, unclosed
from optam_rules.syntax.tables import parser
from optam_rules.syntax.wrong_forms import Refusal, advice, other_lexicon

if TYPE_CHECKING:
    from lark import Token, UnexpectedInput
    from lark.parsers.lalr_interactive_parser import InteractiveParser

    from optam_rules.syntax.reader import Node

_SHOWN = 60
_CLOSED_BY = MappingProxyType({"{": ("RBRACE", "}"), "(": ("RPAR", ")")})


@attrs.frozen
class Parsed:
    """A parse tree, and the offset in the file to add to its places."""

    tree: Node
    offset: int


@attrs.frozen
class Reading:
    """The trees of a piece (several where an opening word is misspelled), and the names that an unreadable rest seems to declare."""

    parts: tuple[Parsed, ...]
    broken: frozenset[str] = frozenset()


def read_trees(source: Source, part: Piece, language: str, article: str | None, faults: Faults) -> Reading:
    """Parse a piece; refusals are noted in `faults`.

    Where a line opens with a misspelled declaration word, what stands before it is kept and what follows is read with the right word.
    """
    from lark import UnexpectedInput  # lark is imported when a parser first runs

    lark = parser(language)
    word, offset, text = part.word, part.start, source.text[part.start : part.end]
    parts: list[Parsed] = []
    while True:
        unread = declared_names(text, Piece(0, len(text), word, True), language)
        try:
            return Reading((*parts, Parsed(lark.parse(text), offset)))
        except UnexpectedInput as error:
            if faults.full:
                faults.add([None])
                return Reading(tuple(parts), unread)
            refusal = _refusal(error, text, language)
        faults.add([_explained(refusal, source, offset, word, article)])
        if word is not None and not ("$END" in refusal.accepts and refusal.terminal == "NAME" and refusal.opens_line):
            return Reading(tuple(parts), unread)
        if word is not None:
            parts.append(Parsed(lark.parse(text[: refusal.start]), offset))
        meant = nearest_keyword(refusal.found, DECLARATIONS, language)
        if meant is None or suggestion(refusal.found, refusal.accepts, language) != suggestion(refusal.found, DECLARATIONS, language):
            return Reading(tuple(parts), name_after(text, refusal.start))
        spelling, word = meant
        offset, text = offset + refusal.end - len(spelling), spelling + text[refusal.end :]


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


def _explained(refusal: Refusal, source: Source, offset: int, word: str | None, article: str | None) -> Diagnostic:
    def place(start: int, end: int) -> Position:
        return Position(source, offset + start, offset + end, article)

    found = _shown(refusal.found)
    if word is None:
        openings = frozenset(DECLARATIONS)
        hint = other_lexicon(found, openings, refusal.language) or suggestion(found, openings, refusal.language)
        return diagnose("E124", place(refusal.start, refusal.end), hint=hint, found=found)
    special = advice(refusal)
    if special is not None and special.code is not None:
        return diagnose(special.code, place(special.start, special.end), hint=special.hint, found=_shown(special.found))
    expected = expected_words(refusal.accepts, refusal.language)
    hint = special.hint if special is not None else suggestion(found, refusal.accepts, refusal.language)
    opened = unclosed(refusal.text[: refusal.start], refusal.language)
    related: list[tuple[Position, Phrase]] = []
    awaits_more = refusal.terminal in EXPRESSIONS  # not a sign that something has ended
    if opened is not None and hint is None and not awaits_more and _CLOSED_BY[refusal.text[opened]][0] in refusal.accepts:
        closing = _CLOSED_BY[refusal.text[opened]][1]
        opening = refusal.text[opened]
        hint = Phrase(f"`{opening}` n'est pas fermée : il manque `{closing}`", f"`{opening}` is not closed: `{closing}` is missing")
        related.append((place(opened, opened + 1), Phrase("ouverte ici", "opened here")))
    if refusal.at_end:
        return diagnose("E111", place(refusal.start, refusal.end), hint=hint, expected=expected, related=related)
    if refusal.terminal is None and found != ",":
        code = f" (U+{ord(refusal.found):04X})" if found == refusal.found and not found.isascii() else ""
        return diagnose("E108", place(refusal.start, refusal.end), hint=hint, expected=expected, found=f"`{found}`{code}")
    return diagnose("E110", place(refusal.start, refusal.end), hint=hint, expected=expected, related=related, found=found)


def _shown(text: str) -> str:
    """Return a text as a message shows it: on one line, not too long, nothing invisible."""
    line = " ".join(text.split())[:_SHOWN]
    return "".join(char if char.isprintable() else f"U+{ord(char):04X}" for char in line)
