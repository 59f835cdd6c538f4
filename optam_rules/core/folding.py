"""From the bodies of a bounded aggregate to its value, once each element was looked at (S3)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import cast

from optam_rules.base.numbers import Number
from optam_rules.core.absence import Value, fault, known, non_answer, weakest
from optam_rules.core.compute import Failure, mean, order_key, total
from optam_rules.core.ir import Aggregate, Constant, Fold
from optam_rules.core.record import Record

Element = Constant | Record


def elements(content: object) -> Sequence[Element]:
    """List the elements; those of a set in the order of their text, so that every run takes them alike."""
    if isinstance(content, frozenset):
        return sorted(content, key=str)
    return cast("tuple[Element, ...]", content)


def folded(expr: Aggregate, kept: int, read: Sequence[Value], bodies: Sequence[Value], if_empty: Callable[[], Value] | None) -> Value:
    """Return a sum, mean, extreme or count of `kept` elements; `read` are the conditions of all, `bodies` the values of those kept.

    `if_empty` gives what `si vide` says, where the aggregate has it.
    """
    absent = non_answer([*read, *bodies])
    if absent is not None:
        return absent
    if not kept and if_empty is not None and expr.fold in (Fold.MEAN, Fold.MINIMUM, Fold.MAXIMUM):
        return if_empty().resting_on(*weakest(read))
    return _of_known(expr, kept, bodies).resting_on(*weakest([*read, *bodies]))


def _of_known(expr: Aggregate, count: int, bodies: Sequence[Value]) -> Value:
    contents = [cast("Constant", body.content) for body in bodies]
    if expr.fold is Fold.COUNT:
        return known(count)
    if not contents and expr.fold is not Fold.SUM:
        return fault("E604", expr.position, fold=expr.fold.value)
    match expr.fold:
        case Fold.SUM | Fold.MEAN:
            operation: Callable[[list[Number]], Number | Failure] = total if expr.fold is Fold.SUM else mean
            result = operation(cast("list[Number]", contents))
            return fault(result.code, expr.position) if isinstance(result, Failure) else known(result)
        case Fold.MINIMUM:
            return known(min(contents, key=lambda content: cast("Number", order_key(content))))
        case _:
            return known(max(contents, key=lambda content: cast("Number", order_key(content))))
