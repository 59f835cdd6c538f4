"""What clauses rest on: rules that no article holds, hypotheses whose reason is not told, packs not checked for long."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from optam_rules.analysis.lint.finding import Finding
from optam_rules.base.diagnostics import diagnose
from optam_rules.base.source import Position
from optam_rules.syntax.abstract import (
    ConventionHeader,
    ExceptionDecl,
    FileSyntax,
    HypothesisDecl,
    ParameterDecl,
    RuleDecl,
    StandingClause,
    StandingWord,
    TableDecl,
    UndercutDecl,
)
from optam_rules.syntax.walk import nodes

# A reason of fewer words says no more than that there is one.
_FEWEST_WORDS = 3
# A pack whose law was last looked at longer ago is worth another look.
_FRESH_DAYS = 365


def without_article(file: FileSyntax) -> Iterator[Finding]:
    """Find what answers and stands under no unit of law."""
    for item in file.items:
        if isinstance(item, RuleDecl | ExceptionDecl | UndercutDecl | TableDecl | ParameterDecl) and item.position.article is None:
            name = item.target if isinstance(item, UndercutDecl) else item.name
            yield Finding(diagnose("W505", item.position, name=name))


def without_reason(file: FileSyntax) -> Iterator[Finding]:
    """Find hypotheses whose words are too few to be a reason, or a question."""
    for node in nodes(file.items):
        match node:
            case StandingClause(word=StandingWord.HYPOTHESIS) if len(node.text.split()) < _FEWEST_WORDS:
                yield Finding(diagnose("W506", node.position, found=node.text))
            case HypothesisDecl() if len(node.text.split()) < _FEWEST_WORDS:
                yield Finding(diagnose("W506", node.position, found=node.text))


def not_checked_for_long(file: FileSyntax, verified: dt.date | None, today: dt.date | None) -> Iterator[Finding]:
    """Tell a pack whose verified date is more than a year before `today`; nothing where either is not known."""
    if verified is None or today is None or not isinstance(file.header, ConventionHeader):
        return
    if (today - verified).days > _FRESH_DAYS:
        yield Finding(diagnose("W507", _first_line(file.header.position), verified=verified, today=today))


def _first_line(place: Position) -> Position:
    return Position(place.source, place.start, min(place.end, place.start + len("convention")))
