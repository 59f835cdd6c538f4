"""The language for Pygments, in documents and notebooks: `optam` (French) and `optam-en`, from the same lexicons as the parser."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, ClassVar

from pygments.lexer import RegexLexer, bygroups
from pygments.token import Comment, Keyword, Literal, Name, Number, Operator, Punctuation, String, Text

from optam_rules.syntax.lexicon import lexicon
from optam_rules.syntax.scan import DECLARATIONS

_CONSTANTS = ("_TRUE", "_FALSE", "_UNKNOWN", "_NOT_APPLICABLE", "CONFLICT", "ERROR")
_UNITS = ("_POINTS_UNIT", "_DAYS_UNIT", "_MONTHS_UNIT", "_YEARS_UNIT")


def _rules(language: str) -> Iterator[tuple[Any, ...]]:
    words = lexicon(language)
    types = tuple(terminal for terminal in words.keywords if terminal.startswith("T_") or terminal in {"_LIST_OF", "_SET_OF"})
    declared = tuple(terminal for terminal in words.keywords if terminal in DECLARATIONS)
    others = tuple(terminal for terminal in words.keywords if terminal not in {*types, *declared, *_CONSTANTS, *_UNITS})
    yield r"\s+", Text.Whitespace
    yield r"#[^\n]*", Comment.Single
    yield r'"(?:[^"\\\n]|\\["\\])*"', String.Double
    yield r"«[^«»]*(?:«[^«»]*»[^«»]*)*»", String.Doc
    yield r"`[^`\n]*`", Name
    yield r"[0-9]{4}-[0-9]{2}-[0-9]{2}(?![0-9])", Literal.Date
    yield rf"([0-9](?:[0-9_\u00a0\u202f]*[0-9])?(?:\.[0-9]+)?)(\s*)(%|€|(?:{words.pattern(*_UNITS)}))", bygroups(Number, Text, Keyword.Type)
    yield r"[0-9](?:[0-9_\u00a0\u202f]*[0-9])?(?:\.[0-9]+)*", Number
    for terminals, token in ((declared, Keyword.Declaration), (_CONSTANTS, Keyword.Constant), (others, Keyword), (types, Keyword.Type)):
        yield rf"(?<!\w)(?:{words.pattern(*terminals)})", token
    yield r"[^\W\d]\w*", Name
    yield r"->|→|[<>]=?|!=|[=≠≤≥+*×/-]", Operator
    yield r"[{}()\[\];:.|]", Punctuation


class OptamLexer(RegexLexer):
    """The French lexicon."""

    name = "optam"
    aliases: ClassVar[list[str]] = ["optam", "conv"]
    filenames: ClassVar[list[str]] = ["*.conv"]
    url = ""
    tokens: ClassVar[dict[str, list[Any]]] = {"root": list(_rules("fr"))}


class OptamEnglishLexer(RegexLexer):
    """The English lexicon."""

    name = "optam (English)"
    aliases: ClassVar[list[str]] = ["optam-en"]
    filenames: ClassVar[list[str]] = ["*.en.conv"]
    url = ""
    tokens: ClassVar[dict[str, list[Any]]] = {"root": list(_rules("en"))}
