"""The bounded aggregates: from a list and a body to a sum, a mean, an extreme, a count, `tous` or `existe` (S3)."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING, cast

from optam_rules.core.absence import TRUE, Value, known, negation
from optam_rules.core.folding import elements, folded
from optam_rules.core.ir import Aggregate, Expr, Fold

if TYPE_CHECKING:
    from optam_rules.backends.interpreter.evaluate import Environment, Evaluation


def fold(evaluation: Evaluation, expr: Aggregate, environment: Environment) -> Value:
    """Return the value of an aggregate."""
    source = evaluation.evaluate(expr.source, environment)
    if not source.known:
        return source
    scopes = [{**environment, expr.variable: known(element)} for element in elements(source.content)]
    if expr.fold in (Fold.ALL, Fold.EXISTS):
        value = _quantifier(evaluation, expr, scopes)
    else:
        value = _number(evaluation, expr, scopes, environment)
    return value.resting_on(source.standing, source.hypotheses)


def _quantifier(evaluation: Evaluation, expr: Aggregate, scopes: Sequence[Environment]) -> Value:
    """Fold by Kleene: an element counts as `condition et body` in `existe`, as `condition implique body` in `tous`."""
    exists = expr.fold is Fold.EXISTS

    def element(scope: Environment) -> Value:
        body = partial(evaluation.evaluate, cast("Expr", expr.body), scope)
        if expr.condition is None:
            return body()
        condition = expr.condition
        if exists:
            return evaluation.decide([lambda: evaluation.guard(condition, scope), body], deciding=False)
        return evaluation.decide([lambda: negation(evaluation.guard(condition, scope)), body], deciding=True)

    return evaluation.decide([partial(element, scope) for scope in scopes], deciding=exists)


def _number(evaluation: Evaluation, expr: Aggregate, scopes: Sequence[Environment], environment: Environment) -> Value:
    read: list[Value] = []
    bodies: list[Value] = []
    kept = 0
    for scope in scopes:
        condition = TRUE if expr.condition is None else evaluation.guard(expr.condition, scope)
        read.append(condition)
        if condition.known and not condition.content:
            continue
        kept += 1
        if expr.body is not None:
            bodies.append(evaluation.evaluate(expr.body, scope))
    return folded(expr, kept, read, bodies, None if expr.if_empty is None else partial(evaluation.evaluate, expr.if_empty, environment))
