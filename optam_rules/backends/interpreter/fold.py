"""The bounded aggregates: from a list and a body to a sum, a mean, an extreme, a count, `tous` or `existe` (S3)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING, cast

from optam_rules.backends.interpreter.value import TRUE, Value, known, negation, non_answer, weakest
from optam_rules.base.numbers import Number
from optam_rules.core.compute import Failure, mean, order_key, total
from optam_rules.core.ir import Aggregate, Constant, Expr, Fold
from optam_rules.core.record import Record

if TYPE_CHECKING:
    from optam_rules.backends.interpreter.evaluate import Environment, Evaluation


def fold(evaluation: Evaluation, expr: Aggregate, environment: Environment) -> Value:
    """Return the value of an aggregate."""
    source = evaluation.evaluate(expr.source, environment)
    if not source.known:
        return source
    scopes = [{**environment, expr.variable: known(element)} for element in _elements(source)]
    if expr.fold in (Fold.ALL, Fold.EXISTS):
        value = _quantifier(evaluation, expr, scopes)
    else:
        value = _number(evaluation, expr, scopes, environment)
    return value.resting_on(source.standing, source.hypotheses)


def _elements(source: Value) -> list[Constant | Record]:
    """List the elements; those of a set in the order of their text, so that a trace is the same on every run."""
    content = source.content
    if isinstance(content, frozenset):
        return sorted(content, key=str)
    return list(cast("tuple[Constant | Record, ...]", content))


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
    absent = non_answer([*read, *bodies])
    if absent is not None:
        return absent
    if not kept and expr.if_empty is not None and expr.fold in (Fold.MEAN, Fold.MINIMUM, Fold.MAXIMUM):
        return evaluation.evaluate(expr.if_empty, environment).resting_on(*weakest(read))
    return _folded(evaluation, expr, kept, bodies).resting_on(*weakest([*read, *bodies]))


def _folded(evaluation: Evaluation, expr: Aggregate, count: int, bodies: list[Value]) -> Value:
    """Fold known bodies."""
    contents = [cast("Constant", body.content) for body in bodies]
    if expr.fold is Fold.COUNT:
        return known(count)
    if not contents and expr.fold is not Fold.SUM:
        return evaluation.fault("E604", expr.position, fold=expr.fold.value)
    match expr.fold:
        case Fold.SUM | Fold.MEAN:
            operation: Callable[[list[Number]], Number | Failure] = total if expr.fold is Fold.SUM else mean
            result = operation(cast("list[Number]", contents))
            return evaluation.fault(result.code, expr.position) if isinstance(result, Failure) else known(result)
        case Fold.MINIMUM:
            return known(min(contents, key=lambda content: cast("Number", order_key(content))))
        case _:
            return known(max(contents, key=lambda content: cast("Number", order_key(content))))
