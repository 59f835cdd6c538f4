"""`et` beside `ou` without parentheses: `et` binds first, which a reader may not know."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence

from optam_rules.analysis.lint.finding import Edit, Finding
from optam_rules.base.diagnostics import diagnose
from optam_rules.base.phrases import Phrase
from optam_rules.base.source import Position
from optam_rules.elaborate.faults import snippet
from optam_rules.syntax.abstract import BinaryExpr, BinaryOperator, FileSyntax
from optam_rules.syntax.tokens import COMMENT, Token, tokens
from optam_rules.syntax.walk import nodes


def mixed(file: FileSyntax) -> Iterator[Finding]:
    """Find each `et` that is an operand of an `ou` and has no parentheses of its own."""
    ors = [node for node in nodes(file.items) if isinstance(node, BinaryExpr) and node.operator is BinaryOperator.OR]
    ands = [
        (operand.position, _otherwise(node, operand))
        for node in ors
        for operand in (node.left, node.right)
        if isinstance(operand, BinaryExpr) and operand.operator is BinaryOperator.AND
    ]
    words = [token for token in tokens(file.source).tokens if token.terminal != COMMENT] if ands else []
    for place, otherwise in ands:
        if not _enclosed(place, words):
            start, end = place.source.to_original(place.start), place.source.to_original(place.end)
            form = f"`({snippet(place)})`"
            hint = Phrase(
                f"écrivez {form} si le texte le dit ainsi, sinon `{otherwise}`",
                f"write {form} if the text says so, otherwise `{otherwise}`",
            )
            yield Finding(diagnose("W501", place, hint=hint), (Edit(start, start, "("), Edit(end, end, ")")))


def _otherwise(node: BinaryExpr, operand: BinaryExpr) -> str:
    """Return the other grouping of `a et b ou c`."""
    first, last = snippet(operand.left.position), snippet(operand.right.position)
    if operand is node.left:
        return f"{first} et ({last} ou {snippet(node.right.position)})"
    return f"({snippet(node.left.position)} ou {first}) et {last}"


def _enclosed(place: Position, words: Sequence[Token]) -> bool:
    """Tell whether parentheses stand right around an operand; an `ou` beside it excludes those of a call."""
    first = bisect_left(words, place.start, key=lambda token: token.start)
    after = bisect_left(words, place.end, key=lambda token: token.start)
    return words[first - 1].terminal == "LPAR" and words[after].terminal == "RPAR" if first > 0 and after < len(words) else False
