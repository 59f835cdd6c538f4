"""The bounded aggregates in formulas: each element counts where it is there and its condition holds (S3)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, cast

import attrs

from optam_rules.backends.smt.terms import Arith, Bool
from optam_rules.backends.smt.value import Content, Many, Sym
from optam_rules.core.ir import Aggregate, Expr, Fold

if TYPE_CHECKING:
    from optam_rules.backends.smt.encode import Encoder, Scope


def fold(encoder: Encoder, expr: Aggregate, scope: Scope) -> Sym:
    """Return the value of an aggregate over a list or set."""
    source = encoder.encode(expr.source, scope)
    if source.content is None:
        return source
    items = [(there, {**scope, expr.variable: encoder.values.known(item)}) for there, item in cast("Many", source.content).items]
    value = _quantifier(encoder, expr, items) if expr.fold in (Fold.ALL, Fold.EXISTS) else _number(encoder, expr, items, scope)
    return encoder.values.either(encoder.values.is_known(source), value, attrs.evolve(source, content=None))


def _quantifier(encoder: Encoder, expr: Aggregate, items: Sequence[tuple[Bool, Scope]]) -> Sym:
    values = encoder.values
    exists = expr.fold is Fold.EXISTS
    elements = []
    for there, scope in items:
        element = encoder.encode(cast("Expr", expr.body), scope)
        if expr.condition is not None:
            condition = values.guard(encoder.encode(expr.condition, scope))
            element = values.kleene([condition if exists else values.negation(condition), element], deciding=not exists)
        elements.append(values.where(there, element, neutral=not exists))
    return values.kleene(elements, deciding=exists)


def _number(encoder: Encoder, expr: Aggregate, items: Sequence[tuple[Bool, Scope]], scope: Scope) -> Sym:
    values, terms = encoder.values, encoder.terms
    read: list[Sym] = []
    kept: list[tuple[Bool, Content]] = []
    for there, inside in items:
        counts = there
        if expr.condition is not None:
            condition = values.where(there, values.guard(encoder.encode(expr.condition, inside)), neutral=False)
            read.append(condition)
            counts = terms.some([condition.unknown, condition.conflict, condition.error, condition.content])
        if expr.body is not None:
            body = encoder.encode(expr.body, inside)
            read.append(values.either(counts, body, values.known(None)))
            kept.append((counts, body.content))
        else:
            kept.append((counts, terms.integer(1)))
    statuses = values.strict([attrs.evolve(one, content=True) for one in read], lambda: None)
    return values.either(values.is_known(statuses), _folded(encoder, expr, kept, scope), statuses)


def _folded(encoder: Encoder, expr: Aggregate, kept: Sequence[tuple[Bool, Content]], scope: Scope) -> Sym:
    """Fold known bodies."""
    values, terms = encoder.values, encoder.terms
    held = [(counts, content) for counts, content in kept if content is not None]
    count: Any = terms.integer(0)
    total: Any = terms.integer(0)
    for counts, content in held:
        count = _plus(encoder, count, terms.either(counts, terms.integer(1), terms.integer(0)))
        if expr.fold in (Fold.SUM, Fold.MEAN):
            total = _plus(encoder, total, terms.either(counts, content, terms.integer(0)))
    if expr.fold is Fold.COUNT:
        return values.known(count)
    if expr.fold is Fold.SUM:
        return values.known(total)
    content = _mean(encoder, count, total, len(held)) if expr.fold is Fold.MEAN else _extreme(encoder, expr.fold, held)
    none = terms.no(terms.some(counts for counts, _ in held))
    empty = encoder.encode(expr.if_empty, scope) if expr.if_empty is not None else values.always(error=True)
    return values.either(none, empty, values.known(content))


def _plus(encoder: Encoder, left: Arith, right: Arith) -> Arith:
    return encoder.terms.computed(left + right, left, right)


def _mean(encoder: Encoder, count: Arith, total: Arith, most: int) -> Content:
    """Return the mean as a case for each count, so that no divisor is a variable."""
    terms = encoder.terms
    if not most:
        return None
    found = terms.divide(total, terms.integer(most))
    for number in range(most - 1, 0, -1):
        found = terms.either(terms.folded(count == number), terms.divide(total, terms.integer(number)), found)
    return found


def _extreme(encoder: Encoder, which: Fold, held: Sequence[tuple[Bool, Content]]) -> Content:
    terms = encoder.terms
    found: tuple[Bool, Any] | None = None
    for counts, content in held:
        if found is None:
            found = (counts, content)
            continue
        any_before, best = found
        better = terms.folded(content < best if which is Fold.MINIMUM else content > best)
        takes = terms.every([counts, terms.some([terms.no(any_before), better])])
        found = (terms.some([any_before, counts]), terms.either(takes, content, best))
    return None if found is None else found[1]
