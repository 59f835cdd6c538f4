"""Turns a text of the language into the same text as the formatter writes it, in its own lexicon or in the other one.

Lines stay where their author cut them; what is set is what no meaning hangs on: indentation, spaces, the columns of tables, accents of
keywords, blank lines beyond one. Only words of the lexicon change with the lexicon, names and quoted texts do not.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import attrs

from optam_rules.base.source import Source
from optam_rules.syntax.lexicon import Lexicon, lexicon
from optam_rules.syntax.parse import parse
from optam_rules.syntax.scan import VERBS
from optam_rules.syntax.source import source_of
from optam_rules.syntax.spacing import Spaced, spaced
from optam_rules.syntax.tokens import COMMENT, Token, tokens

_STEP = "  "
_UNITS = frozenset({"_ARTICLE", "_ANNEX", "_CLAUSE"})
# Declarations at the margin wherever they stand; the others are set in under an article or an entity.
_MARGIN = _UNITS | {"_CONVENTION", "_AMENDMENT", *VERBS, "MAIN_ENTITY", "ENTITY", "_ENUM", "_TEST", "_PROPERTY"}
# Words that open a line of their declaration, one step in; any other line goes on with the one before, two steps in.
_CLAUSES = frozenset(
    {"_IN_FORCE", "_PUBLISHED", "_KNOWN_ON", "_PER_FUND", "_PER_DOCTRINE", "_HYPOTHESIS", "_CITES", "_REFERENCE"}
    | {"PARTIAL", "CUMULATIVE", "STRING", "_BETWEEN", "OPTIONAL", "_IS", "_OVERRIDES", "_OTHERWISE", "_BY", "VBAR", "EQUAL"}
    | {"_ASSUMING", "_GIVEN", "_EXPECT", "_VERSION", "_SOURCE", "_AMENDS"}
)
_OPENING = frozenset({"LPAR", "LBRACE", "LEFT_BRACKET", "_DATE_OF", "_MONTH_END_OPEN"})
_CLOSING = frozenset({"RPAR", "RBRACE", "RIGHT_BRACKET"})
# A line that opens with one of these, or follows one, goes on with an expression: one step in from the line it began on.
_OPERATORS = frozenset(
    {"PLUS", "MINUS", "STAR", "CROSS", "SLASH", "EQUAL", "NOT_EQUAL", "LESS", "AT_MOST", "GREATER", "AT_LEAST", "AMONG", "CONTAINS"}
    | {"AND", "OR", "IMPLIES", "DEFAULT"}
)
_ELIDED = frozenset({"_LIST_OF", "_SET_OF"})
_VOWEL = re.compile("[aeiouyàâäéèêëîïôöùûü]")
_THOUSANDS = re.compile("[\u00a0\u202f]")


class PrintedOtherwiseError(Exception):
    """Raised where the printed text would not read back as the same tree; a fault of the formatter, nothing is written."""


def print_source(source: Source, language: str | None = None) -> str:
    """Print a source that parses without error, in `language` where one is given.

    Raises PrintedOtherwiseError rather than return a text of another meaning.
    """
    cut = tokens(source)
    target = language or cut.language
    printer = _Printer(lexicon(cut.language), lexicon(target))
    body = printer.run(tuple(spaced(cut.tokens)))
    line = _language_line(source.name, cut.language_line, cut.language, target)
    text = f"{line}\n\n{body}" if line else body
    before, _ = parse(source)
    after, faults = parse(source_of(source.name, text))
    if any(fault.severity == "error" for fault in faults) or (before.header, before.items) != (after.header, after.items):
        raise PrintedOtherwiseError(source.name)
    return text


def _language_line(name: str, written: str | None, language: str, target: str) -> str | None:
    """Return the line that names the lexicon: as written where it stays, or needed where the file's name does not tell it."""
    if written is not None and language == target:
        return " ".join(written.split())
    named = "en" if name.endswith(".en.conv") else "fr"
    return None if target == named else f"langue {target}"


@attrs.define
class _Line:
    """A line of output. A row of a table keeps its columns apart, and `words` what follows; `whole` where its arrow is on the line too."""

    indent: str
    table: int = 0
    words: list[str] = attrs.field(factory=list)
    cells: list[str] = attrs.field(factory=list)
    whole: bool = False
    otherwise: bool = False
    blank_before: bool = False
    trailing: str | None = None

    def text(self, widths: Sequence[int]) -> str:
        """Return the line, its columns as wide as the widest of its table."""
        wide = widths if self.whole else [0] * len(self.cells)
        if self.whole and self.otherwise:  # one cell, as wide as all the columns with their bars
            wide = [sum(widths) + len(" | ") * (len(widths) - 1)]
        columns = " | ".join(cell.ljust(width) for cell, width in zip(self.cells, wide, strict=True))
        row = f"| {columns}" if self.cells else ""
        return f"{self.indent}{row}{''.join(self.words)}{f'  {self.trailing}' if self.trailing else ''}".rstrip()


@attrs.define
class _Printer:
    """The state of one print: which brackets are open, in which declaration."""

    source: Lexicon
    target: Lexicon
    lines: list[_Line] = attrs.field(factory=list)
    base: str = ""
    inside: bool = False  # under an article or an entity
    opened: list[str] = attrs.field(factory=list)  # the indentation of the line of each open bracket
    piece: str = ""
    tables: int = 0
    begun: str = ""  # the indentation of the line on which the current expression began
    last: Token | None = None  # comments aside

    def run(self, found: tuple[Spaced, ...]) -> str:
        """Print the tokens of a whole file."""
        before: Token | None = None
        for place, following in zip(found, _followers(found), strict=True):
            token = place.token
            if token.opens:
                self.base, self.inside = _place(token.opens, self.inside)
                self.piece, self.opened, self.last = token.opens[-1], [], None
                self.tables += self.piece == "_TABLE"
            if token.terminal == COMMENT and before is not None and token.lines == 0:
                self.lines[-1].trailing = token.text.rstrip()
            elif token.terminal == COMMENT:
                self._open(self._indent_of_comment(following), token).words.append(token.text.rstrip())
            else:
                breaks = before is None or token.opens or token.lines or before.terminal == COMMENT or place.opens_row
                line = self._open(self._indent(token), token) if breaks else self.lines[-1]
                if breaks and not self._goes_on(token):
                    self.begun = line.indent
                self._write(line, place, "" if breaks else place.space, following)
                self.last = token
            before = token
        widths = _widths(self.lines)
        return "".join(("\n" if line.blank_before else "") + line.text(widths.get(line.table, ())) + "\n" for line in self.lines)

    def _open(self, indent: str, token: Token) -> _Line:
        self.lines.append(_Line(indent, self.tables, blank_before=bool(self.lines) and token.lines > 1))
        return self.lines[-1]

    def _write(self, line: _Line, place: Spaced, space: str, following: Token | None) -> None:
        """Write a token at the end of a line, and keep count of brackets."""
        token = place.token
        text = self._text(token, following)
        if self.last is not None and self.last.terminal in _ELIDED and line.words and line.words[-1].endswith("'"):
            space = ""
        if place.opens_row or (place.in_cells and line.cells and token.terminal == "VBAR"):
            line.cells.append("")
        elif place.in_cells and line.cells and token.terminal != "_ARROW":
            line.cells[-1] += space + text if line.cells[-1] else text
            line.otherwise = token.terminal == "_OTHERWISE"
        else:
            line.words.append(space + text)
            line.whole |= token.terminal == "_ARROW" and bool(line.cells)
        if not place.in_cells or token.terminal not in {"LEFT_BRACKET", "RIGHT_BRACKET"}:  # the bounds of a range may open either way
            if token.terminal in _OPENING:
                self.opened.append(line.indent)
            elif token.terminal in _CLOSING:
                self.opened.pop()

    def _indent(self, token: Token) -> str:
        """Return the indentation of a line that opens with a token."""
        if token.opens:
            return self.base
        if self.opened:
            return self.opened[-1] + ("" if token.terminal in _CLOSING else _STEP)
        if self._goes_on(token):
            return self.begun + _STEP
        condition = token.terminal == "_IF" and self.piece in {"_EXCEPTION", "_DISAPPLIES"}
        clause = token.terminal in _CLAUSES or condition or self.piece in {"_PROPERTY", "_CONTROL"}
        return self.base + (_STEP if clause else 2 * _STEP)

    def _goes_on(self, token: Token) -> bool:
        """Tell whether an expression goes on with a token; the `=` of a parameter opens its values."""
        if self.last is None or (self.piece == "_PARAMETER" and token.terminal == "EQUAL"):
            return False
        return token.terminal in _OPERATORS or self.last.terminal in _OPERATORS

    def _indent_of_comment(self, following: Token | None) -> str:
        """Set a comment in as what it stands above."""
        if following is None:
            return self.base
        return _place(following.opens, self.inside)[0] if following.opens else self._indent(following)

    def _text(self, token: Token, following: Token | None) -> str:
        match token.terminal:
            case "NAME":
                name = token.text.strip("`")
                return f"`{name}`" if name in self.target.reserved else name
            case "QUOTATION":
                return self._quotation(token.text)
            case "NUMBER":
                return _THOUSANDS.sub("_", token.text)
            case "ARTICLE_NUMBER":
                return " ".join(token.text.split())
            case terminal if terminal in self.source.keywords:
                return self._keyword(terminal, token.text, following)
        return token.text

    def _keyword(self, terminal: str, text: str, following: Token | None) -> str:
        """Spell a keyword: as its author chose where the lexicon has as many spellings, else as it prefers, elided where French does."""
        chosen = self.target.keywords[terminal]
        if self.source is self.target or len(chosen) == len(self.source.keywords[terminal]):
            return chosen[self.source.spelled(terminal, text)]
        elided = next((spelling for spelling in chosen if spelling.endswith("'")), None)
        word = self._text(following, None) if following is not None else ""
        return elided if elided is not None and _VOWEL.match(word.lower()) else chosen[0]

    def _quotation(self, text: str) -> str:
        """Set in the lines of a text between « and », each where its author cut it."""
        first, *others = text.split("\n")
        inner = self.base + _STEP
        lines = [first.rstrip()]
        for index, line in enumerate(others):
            bare = line.strip()
            blank = not bare and (index + 1 < len(others)) and not lines[-1].strip()
            if not blank:
                lines.append(f"{self.base if bare == '»' else inner}{bare}".rstrip() if bare else "")
        return "\n".join(lines)


def _followers(found: Sequence[Spaced]) -> list[Token | None]:
    """Return what follows each token, comments aside: `None` after the last."""
    followers: list[Token | None] = []
    following: Token | None = None
    for place in reversed(found):
        followers.append(following)
        if place.token.terminal != COMMENT:
            following = place.token
    followers.reverse()
    return followers


def _place(opens: tuple[str, ...], inside: bool) -> tuple[str, bool]:
    """Return the indentation of a declaration, and whether those that follow stand under it."""
    first, last = opens[0], opens[-1]
    under = (last in _UNITS and first != "_REPEAL") or last in {"MAIN_ENTITY", "ENTITY"}
    if first in _MARGIN:
        return "", under or (inside and first in {"_TEST", "_PROPERTY"})
    return (_STEP if inside else ""), inside


def _widths(lines: Sequence[_Line]) -> dict[int, list[int]]:
    """Return the widths of the columns of each table, rows cut over several lines aside."""
    widths: dict[int, list[int]] = {}
    for line in lines:
        if line.whole and not line.otherwise:
            known = widths.setdefault(line.table, [0] * len(line.cells))
            widths[line.table] = [max(width, len(cell)) for width, cell in zip(known, line.cells, strict=True)]
    return widths
