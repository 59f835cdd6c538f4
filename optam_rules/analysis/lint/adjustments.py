"""Caps and floors of a rule and of its exceptions: each body has its own, so one that is forgotten in an exception is lost there."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from optam_rules.analysis.lint.finding import Finding
from optam_rules.base.diagnostics import diagnose
from optam_rules.base.phrases import Phrase
from optam_rules.elaborate.faults import snippet
from optam_rules.syntax.abstract import (
    Adjustment,
    AdjustmentKind,
    Amend,
    Body,
    ExceptionDecl,
    FileSyntax,
    NotApplicableExpr,
    RuleDecl,
    UnknownExpr,
)

_BOUNDS = (AdjustmentKind.CAP, AdjustmentKind.FLOOR)


def adjustments(files: Sequence[FileSyntax]) -> Iterator[Finding]:
    """Find exceptions without a bound of their rule, and bounds written twice in one body. All files of a pack are looked at together."""
    declared = [item.declaration if isinstance(item, Amend) else item for file in files for item in file.items]
    rules: dict[str, list[Body]] = {}
    parents = {item.name: item.parent for item in declared if isinstance(item, ExceptionDecl)}
    for item in declared:
        if isinstance(item, RuleDecl):
            rules.setdefault(item.name, []).append(item.body)
    for item in declared:
        if isinstance(item, ExceptionDecl):
            yield from _missing(item, rules.get(_rule(item.parent, parents), []))
        if isinstance(item, RuleDecl | ExceptionDecl):
            yield from _repeated(item.body)


def _rule(name: str, parents: dict[str, str]) -> str:
    """Climb from an exception of exceptions to the rule; a loop is told elsewhere."""
    seen = {name}
    while name in parents and parents[name] not in seen:
        name = parents[name]
        seen.add(name)
    return name


def _missing(item: ExceptionDecl, bodies: Sequence[Body]) -> Iterator[Finding]:
    values = [branch.value for branch in item.body.branches] + ([item.body.otherwise] if item.body.otherwise is not None else [])
    if all(isinstance(value, UnknownExpr | NotApplicableExpr) for value in values):
        return  # nothing to bound
    own = {adjustment.kind for adjustment in item.body.adjustments}
    for kind in _BOUNDS:
        bounding = [adjustment for body in bodies for adjustment in body.adjustments if adjustment.kind is kind]
        if bounding and kind not in own:
            there = (bounding[0].position, Phrase(f"`{kind.value}` dans la règle", f"`{kind.value}` in the rule"))
            bound = f"{kind.value} {snippet(bounding[0].operand.position)}"
            hint = Phrase(
                f"ajoutez `{bound}` à l'exception ; si la source ne la borne pas, dites-le par `# lint: W502 la raison`",
                f"add `{bound}` to the exception; if the source does not bound it, say so with `# lint: W502 the reason`",
            )
            yield Finding(diagnose("W502", item.position, name=item.name, kind=kind.value, hint=hint, related=[there]))


def _repeated(body: Body) -> Iterator[Finding]:
    seen: list[Adjustment] = []
    for adjustment in body.adjustments:
        if adjustment.kind in _BOUNDS:
            if adjustment in seen:
                yield Finding(diagnose("W503", adjustment.position, kind=adjustment.kind.value))
            seen.append(adjustment)
