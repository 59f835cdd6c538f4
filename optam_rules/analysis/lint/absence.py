"""`est connu` and `à défaut` in what answers: with them, knowing more may change an answer that was known."""

from __future__ import annotations

from collections.abc import Iterator

from optam_rules.analysis.lint.finding import Finding
from optam_rules.base.diagnostics import diagnose
from optam_rules.syntax.abstract import BinaryExpr, BinaryOperator, FileSyntax, PropertyDecl, TestDecl, UnaryExpr, UnaryOperator
from optam_rules.syntax.walk import nodes

_WORDS = frozenset({UnaryOperator.IS_KNOWN, BinaryOperator.DEFAULT})


def absence(file: FileSyntax) -> Iterator[Finding]:
    """Find both operators outside tests and properties."""
    for item in file.items:
        if isinstance(item, TestDecl | PropertyDecl):
            continue
        for node in nodes(item):
            if isinstance(node, UnaryExpr | BinaryExpr) and node.operator in _WORDS:
                yield Finding(diagnose("W504", node.position, word=node.operator.value))
