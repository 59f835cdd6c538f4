"""What the tree builders share: positions, names, numbers, dates and texts out of tokens, and the faults met on the way."""

from __future__ import annotations

import datetime as dt
import re
from typing import TYPE_CHECKING

import attrs

from optam_rules.base.numbers import Number, parse_decimal
from optam_rules.base.phrases import Phrase, Word, write
from optam_rules.base.source import Position, Source
from optam_rules.syntax.faults import Faults
from optam_rules.syntax.limits import Limits

if TYPE_CHECKING:  # lark is imported by the parser alone, when it first runs
    from lark import Token, Tree

    Node = Tree[Token]
    Branch = Node | Token

_THOUSANDS = re.compile("[_\u00a0\u202f]")
_GROUPED = re.compile("[0-9]{1,3}(?:[_\u00a0\u202f][0-9]{3})+(?:\\.[0-9]+)?")
_ESCAPE = re.compile(r"\\(.)")
_PARAGRAPH = re.compile(r"\n[^\S\n]*\n\s*")
# Stand for what could not be read: the declaration is dropped, since the fault has been noted.
_NO_DATE = dt.date(1, 1, 1)
_NO_NUMBER = 0


@attrs.frozen
class Reader:
    """One piece being read: where it stands, in which article, and where its faults go."""

    source: Source
    offset: int
    language: str
    limits: Limits
    faults: Faults
    article: str | None = None
    in_test: bool = False

    def position(self, node: Branch) -> Position:
        """Return the stretch of a tree or token."""
        place = getattr(node, "meta", node)  # a tree keeps its place apart, a token carries it
        start: int = place.start_pos  # type: ignore[union-attr,assignment]
        end: int = place.end_pos  # type: ignore[union-attr,assignment]
        return Position(self.source, self.offset + start, self.offset + end, self.article)

    def fault(self, code: str, node: Branch, *, hint: Phrase | None = None, **words: Word) -> None:
        """Note a fault at a node."""
        self.faults.note(code, self.position(node), hint=hint, **words)


def name(reader: Reader, token: Branch) -> str:
    """Read a name, without its grave accents."""
    text = str(token).strip("`")
    if len(text) > reader.limits.name_length:
        reader.fault("E132", token, shown=text[:20], limit=reader.limits.name_length)
    return text


def string(token: Branch) -> str:
    """Read a text between quotation marks."""
    text = str(token)[1:-1]
    return _ESCAPE.sub(r"\1", text) if "\\" in text else text


def quotation(token: Branch) -> str:
    """Read the words between « and »: white space is not kept, blank lines between paragraphs are."""
    paragraphs = _PARAGRAPH.split(str(token)[1:-1].strip())
    return "\n\n".join(" ".join(paragraph.split()) for paragraph in paragraphs)


def date(reader: Reader, token: Branch) -> dt.date:
    """Read an ISO date."""
    try:
        return dt.date.fromisoformat(str(token))
    except ValueError:
        reader.fault("E115", token, date=str(token))
        return _NO_DATE


def number(reader: Reader, token: Branch) -> Number:
    """Read digits with a decimal point and thousands separators."""
    text = str(token)
    bare = _THOUSANDS.sub("", text)
    if sum(map(str.isdigit, bare)) > reader.limits.digits:
        reader.fault("E131", token, shown=text[:20], limit=reader.limits.digits)
        return _NO_NUMBER
    if bare != text and not _GROUPED.fullmatch(text):
        whole, point, decimals = bare.partition(".")
        reader.fault("E118", token, found=text, hint=write(f"{int(whole):_}{point}{decimals}"))
        return _NO_NUMBER
    value = parse_decimal(bare)
    return _NO_NUMBER if value is None else value


def whole_number(reader: Reader, token: Branch, code: str) -> int:
    """Read a number without decimals, or note the fault `code`."""
    value = number(reader, token)
    if not isinstance(value, int) or "." in str(token):
        reader.fault(code, token, found=str(token))
        return _NO_NUMBER
    return value


def decimals(token: Branch) -> int:
    """Count the digits after the decimal point."""
    return len(str(token).partition(".")[2])


def count_items(reader: Reader, node: Branch, items: int) -> None:
    """Note a collection that holds more than the limit."""
    if items > reader.limits.items:
        reader.fault("E133", node, limit=reader.limits.items)
