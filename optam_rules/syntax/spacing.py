"""Turns the tokens of a declaration into the space before each, when they stand on one line, and tells which open the rows of a table."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import attrs

from optam_rules.syntax.tokens import COMMENT, Token

_CALLED = frozenset({"NAME", "SUM", "MEAN", "MINIMUM", "MAXIMUM", "COUNT", "ALL", "EXISTS"})
# What may end an operand: a minus after one subtracts, after anything else it is a sign.
_OPERANDS = frozenset(
    {"NAME", "NUMBER", "PERCENT", "DATE", "STRING", "RPAR", "RBRACE", "RIGHT_BRACKET"}
    | {"_EURO", "_POINTS_UNIT", "_DAYS_UNIT", "_MONTHS_UNIT", "_YEARS_UNIT"}
    | {"_UNKNOWN", "_NOT_APPLICABLE", "_EVALUATION_DATE", "_TRUE", "_FALSE"}
)
_BRACKETS = frozenset({"LEFT_BRACKET", "RIGHT_BRACKET"})


@attrs.frozen
class Spaced:
    """A token, the space that goes before it, and where it stands in a table: in which row, and before or after its arrow."""

    token: Token
    space: str
    opens_row: bool = False
    in_cells: bool = False


@attrs.define
class _State:
    """What the tokens so far tell of the next one's space."""

    piece: str = ""
    last: Token | None = None
    sign: bool = False  # the last token was the sign of what follows
    bound: bool = False  # the last token opened a range
    ranged: bool = False  # inside a range
    rows: bool = False  # past the columns of a table
    cells: bool = False  # in the cells of a row
    depth: int = 0


def spaced(tokens: Iterable[Token]) -> Iterator[Spaced]:
    """Yield every token with its space; comments have none."""
    state = _State()
    for token in tokens:
        if token.opens:
            state = _State(token.opens[-1], state.last if len(token.opens) > 1 else None)
        if token.terminal == COMMENT:
            yield Spaced(token, "")
            continue
        opens_row = state.piece == "_TABLE" and token.terminal == "VBAR" and state.depth == 0 and not state.cells
        if opens_row:
            state.rows = state.cells = True
        bracket = state.cells and token.terminal in _BRACKETS
        closes_range = bracket and state.ranged
        yield Spaced(token, "" if closes_range else _space(state, token), opens_row, state.cells)
        _advance(state, token, bracket=bracket)


def _advance(state: _State, token: Token, *, bracket: bool) -> None:
    terminal = token.terminal
    state.sign = terminal == "MINUS" and (state.last is None or state.last.terminal not in _OPERANDS)
    state.bound = bracket and not state.ranged
    if bracket:
        state.ranged = not state.ranged
    if terminal in {"LPAR", "LBRACE"}:
        state.depth += 1
    elif terminal in {"RPAR", "RBRACE"}:
        state.depth -= 1
    if terminal == "_ARROW":
        state.cells = False
    state.last = token


def _space(state: _State, token: Token) -> str:
    if state.last is None or state.sign or state.bound:
        return ""
    left, right = state.last.terminal, token.terminal
    if left in {"LPAR", "DOT", "_DATE_OF"} or right in {"RPAR", "DOT"}:
        return ""
    if not state.cells and (left == "LEFT_BRACKET" or right == "RIGHT_BRACKET"):
        return ""
    if right == "LPAR":
        return "" if left in _CALLED and state.piece != "_REFERENCE_TABLE" else " "
    if right == "LEFT_BRACKET" and not state.cells:
        return ""
    return " "
