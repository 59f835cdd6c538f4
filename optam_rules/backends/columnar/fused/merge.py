"""From answers on every row, and those of some rows judged again, to one column of answers."""

from __future__ import annotations

import attrs
import numpy as np

from optam_rules.backends.columnar.content import Codes, Content, Days, Flags, one_domain
from optam_rules.backends.columnar.judge import AnswerColumn
from optam_rules.backends.columnar.ratio import Array, Ratio
from optam_rules.backends.columnar.vector import Low, Vec, chosen


def merged(whole: AnswerColumn, rows: Array, again: AnswerColumn, size: int) -> AnswerColumn:
    """Return the column with some rows replaced, in order, by those of another; arrays of one element a row are changed in place."""
    clauses = whole.clauses
    if len(clauses) != 1 or (again.clauses != clauses[0]).any():
        clauses = _put(np.broadcast_to(clauses, (size,)), rows, again.clauses)
    return attrs.evolve(whole, value=_merged(whole.value, rows, again.value, size), clauses=clauses)


def _merged(whole: Vec, rows: Array, again: Vec, size: int) -> Vec:
    status = None if again.status is None else _put(np.zeros(size, np.int8), rows, again.status)
    needs = {need: _put(np.zeros(size, bool), rows, mask) for need, mask in again.needs.items()}
    standing = _standing(whole.standing, rows, again.standing, size)
    content = whole.content if again.content is None or whole.content is None else _content(whole.content, rows, again.content)
    if content is not None:
        return Vec(content, status, standing, needs)
    # What has two forms is chosen from columns of one element a row.
    mask, places = np.zeros(size, bool), np.zeros(size, np.int64)
    mask[rows], places[rows] = True, np.arange(len(rows))
    spread = Vec(again.content).take(places)
    return Vec(chosen(mask, spread, Vec(whole.content)).content, status, standing, needs)


def _standing(whole: Low, rows: Array, again: Low, size: int) -> Low:
    if isinstance(whole, int) and (again == whole if isinstance(again, int) else bool((again == whole).all())):
        return whole
    return _put(np.broadcast_to(np.asarray(whole, np.int8), (size,)), rows, np.asarray(again, np.int8))


def _content(whole: Content, rows: Array, again: Content) -> Content | None:
    """Return one content where both have one form, else nothing."""
    match whole, again:
        case Flags(values), Flags(others):
            return Flags(_put(values, rows, others))
        case Days(ordinals), Days(others):
            return Days(_put(ordinals, rows, others))
        case Codes(codes, domain), Codes():
            _, others, shared = one_domain(whole, again)
            return Codes(_put(codes, rows, others), domain) if shared[: len(domain)] == domain else None
        case Ratio(num, den, top, bottom), Ratio(other, below, high, _) if (
            len(den) == len(below) == 1 and den[0] == below[0] and other.dtype != object
        ):
            return Ratio(_put(num, rows, other), den, max(top, high), bottom)
    return None


def _put(column: Array, rows: Array, values: Array) -> Array:
    """Return a column with the values of some rows; it is changed in place where it may be written."""
    held = column if column.flags.writeable else column.copy()
    held[rows] = values
    return held
