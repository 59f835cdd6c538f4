"""The bounded aggregates by column: the elements of all lists at once, then one result a list (S3)."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

import attrs
import numpy as np

from optam_rules.backends.columnar import ratio as ratios
from optam_rules.backends.columnar.apply import bounded, compare
from optam_rules.backends.columnar.content import (
    Bits,
    CannotError,
    Codes,
    Content,
    Elements,
    Entity,
    Fixed,
    Flags,
    Several,
    of_constants,
    select,
    take,
)
from optam_rules.backends.columnar.ratio import Array, Ratio
from optam_rules.backends.columnar.vector import (
    ERROR,
    KNOWN,
    NOTHING,
    RECOMPUTE,
    TEXT,
    UNKNOWN,
    Low,
    Needs,
    Vec,
    chosen,
    kleene,
    lower,
    negation,
    united,
    within,
)
from optam_rules.core.ir import Aggregate, Expr, Fold, Scalarlike
from optam_rules.core.operators import Operator
from optam_rules.core.types import ListType, SetType, Type

if TYPE_CHECKING:
    from optam_rules.backends.columnar.plan import Plan, Scope

_TWICE_COUNTED = (Fold.SUM, Fold.MEAN, Fold.COUNT)  # where an item met twice matters


@attrs.frozen(eq=False)
class _Segments:
    """The elements of one list a row: element `i` belongs to row `parents[i]`; the elements of a row stand together, rows in order."""

    lengths: Array
    parents: Array

    @property
    def size(self) -> int:
        """Number of rows."""
        return len(self.lengths)

    def any(self, mask: Array) -> Array:
        """Tell which rows have an element of the mask."""
        found = np.zeros(self.size, bool)
        found[self.parents[np.broadcast_to(mask, self.parents.shape)]] = True
        return found

    def extreme(self, ufunc: np.ufunc, column: Array, empty: int) -> Array:
        """Reduce small integers by `minimum` or `maximum`; `empty` for a row without element."""
        found = np.full(self.size, empty, np.int8)
        if len(self.parents):
            full = np.nonzero(self.lengths)[0]
            starts = (np.cumsum(self.lengths) - self.lengths)[full]
            found[full] = ufunc.reduceat(np.broadcast_to(column, self.parents.shape), starts)
        return found

    def only(self, mask: Array) -> tuple[_Segments, Array]:
        """Return the elements of the mask, and their places among all of them."""
        kept = np.nonzero(np.broadcast_to(mask, self.parents.shape))[0]
        parents = self.parents[kept]
        return _Segments(np.bincount(parents, minlength=self.size), parents), kept


def fold(plan: Plan, expr: Aggregate, scope: Scope) -> Vec:
    """Return the values of an aggregate on every row of a scope."""
    source = plan.evaluate(expr.source, scope)
    if source.content is None:
        return source
    segments, element = _elements(source, expr, scope.size)
    inner = attrs.evolve(scope, size=len(segments.parents), name=expr.variable, value=element, outer=scope, parents=segments.parents)
    quantifier = expr.fold in (Fold.ALL, Fold.EXISTS)
    value = _quantifier(plan, expr, inner, segments) if quantifier else _number(plan, expr, scope, inner, segments)
    if source.status is None:
        return value.resting_on(source.standing)
    return chosen(source.status == KNOWN, value.resting_on(source.standing), attrs.evolve(source, content=None))


def _elements(source: Vec, expr: Aggregate, size: int) -> tuple[_Segments, Vec]:
    known = np.broadcast_to(source.among(KNOWN), (size,))
    match source.content:
        case Elements(frame, starts, lengths):
            counts = np.where(known, lengths, 0)
            parents = np.repeat(np.arange(size), counts)
            within_list = np.arange(len(parents)) - np.repeat(np.cumsum(counts) - counts, counts)
            in_order = frame.size == len(parents) and bool((starts[known] == (np.cumsum(counts) - counts)[known]).all())
            rows = None if in_order else starts[parents] + within_list
            return _Segments(counts, parents), Vec(Entity(frame, rows))
        case Fixed(value):
            items = sorted(value, key=str) if isinstance(value, frozenset) else value
            contents = of_constants(cast("list[Scalarlike]", list(cast("tuple[Scalarlike, ...]", items))), _item_type(expr))
            return _repeated(contents, len(cast("tuple[Scalarlike, ...]", items)), known, size)
        case Bits(masks, domain):
            held = (np.broadcast_to(masks, (size,))[:, None] >> np.arange(len(domain))) & known[:, None].astype(np.int64)
            parents, codes = np.nonzero(held)
            return _Segments(np.bincount(parents, minlength=size), parents), Vec(Codes(codes, domain))
        case Several(items, is_set):
            if is_set and expr.fold in _TWICE_COUNTED:
                raise CannotError("une somme, une moyenne ou un nombre sur un ensemble calculé")
            return _interleaved(items, known, size)
    raise CannotError("une liste de valeurs du dossier")


def _item_type(expr: Aggregate) -> Type:
    held = expr.source.type
    if not isinstance(held, ListType | SetType):
        raise CannotError("un agrégat sur autre chose qu'une liste")
    return held.item


def _repeated(items: Content, count: int, known: Array, size: int) -> tuple[_Segments, Vec]:
    counts = np.where(known, count, 0)
    parents = np.repeat(np.arange(size), counts)
    places = np.arange(len(parents)) % max(count, 1)
    return _Segments(counts, parents), Vec(take(items, places))


def _interleaved(items: tuple[Content, ...], known: Array, size: int) -> tuple[_Segments, Vec]:
    counts = np.where(known, len(items), 0)
    parents = np.repeat(np.arange(size), counts)
    places = np.arange(len(parents)) % max(len(items), 1)
    if not items:
        return _Segments(counts, parents), Vec(Flags(np.zeros(1, bool)))
    found = take(items[0], parents)
    for place, item in enumerate(items[1:], start=1):
        found = select(places == place, take(item, parents), found)
    return _Segments(counts, parents), Vec(found)


# --- tous, existe --------------------------------------------------------------------------------------------------------------


def _quantifier(plan: Plan, expr: Aggregate, inner: Scope, segments: _Segments) -> Vec:
    """Fold by Kleene: an element counts as `condition et body` in `existe`, as `condition implique body` in `tous`."""
    exists = expr.fold is Fold.EXISTS
    element = plan.evaluate(cast("Expr", expr.body), inner)
    if expr.condition is not None:
        condition = plan.guard(expr.condition, inner)
        element = kleene([condition, element], deciding=False) if exists else kleene([negation(condition), element], deciding=True)
    decides = np.broadcast_to(element.is_truth(exists), segments.parents.shape)
    decided = segments.any(decides)
    standings = np.asarray(element.standing, np.int8)
    best = segments.extreme(np.maximum, np.where(decides, standings, np.int8(-1)), -1)
    whole = segments.extreme(np.minimum, standings, TEXT)
    status = segments.extreme(np.maximum, element.status, KNOWN) if element.status is not None else None
    if status is not None:
        status = np.where(decided & (status != RECOMPUTE), np.int8(KNOWN), status)
    needs = within(_by_row(element.needs, segments), status == UNKNOWN) if status is not None else NOTHING
    return Vec(Flags(decided if exists else ~decided), status, np.where(decided, best, whole), needs)


def _by_row(needs: Needs, segments: _Segments) -> Needs:
    return {need: segments.any(mask) for need, mask in needs.items()}


# --- somme, moyenne, nombre, minimum, maximum ----------------------------------------------------------------------------------


def _number(plan: Plan, expr: Aggregate, scope: Scope, inner: Scope, segments: _Segments) -> Vec:
    condition = plan.guard(expr.condition, inner) if expr.condition is not None else None
    body = plan.evaluate(expr.body, inner) if expr.body is not None else None
    kept = np.ones(inner.size, bool) if condition is None else np.broadcast_to(~condition.is_truth(False), (inner.size,))
    status, standing, needs = _absent(condition, body, kept, segments)
    chosen_ones, places = segments.only(kept)
    content = _folded(expr.fold, body, chosen_ones, places)
    no_answer = np.zeros(segments.size, bool)
    if expr.fold not in (Fold.COUNT, Fold.SUM):
        no_answer = (chosen_ones.lengths == 0) & ((status if status is not None else KNOWN) == KNOWN)
    result = Vec(content, status, standing, needs)
    if no_answer.any():
        if expr.if_empty is not None:
            otherwise = plan.evaluate(expr.if_empty, scope)
            read = condition.standing if condition is not None else TEXT
            # An element's condition is read where there are elements: a row without any does not rest on it.
            conditions = TEXT if isinstance(read, int) and read >= TEXT else segments.extreme(np.minimum, np.asarray(read, np.int8), TEXT)
            return chosen(no_answer, otherwise.resting_on(conditions), result)
        known = status if status is not None else np.zeros(1, np.int8)
        return attrs.evolve(result, status=np.where(no_answer, np.int8(ERROR), known))
    return result


def _absent(condition: Vec | None, body: Vec | None, kept: Array, segments: _Segments) -> tuple[Array | None, Low, Needs]:
    """Return the status, standing and needs of a strict fold over all conditions and the bodies of elements not left out."""
    statuses: list[Array] = []
    standing: Low = TEXT
    needs: list[Needs] = []
    if condition is not None:
        if condition.status is not None:
            statuses.append(condition.status)
        standing = condition.standing
        needs.append(condition.needs)
    if body is not None:
        if body.status is not None:
            statuses.append(np.where(kept, body.status, np.int8(KNOWN)))
        if not isinstance(body.standing, int) or body.standing < TEXT:
            standing = lower(standing, np.where(kept, np.asarray(body.standing, np.int8), np.int8(TEXT)))
        needs.append(within(body.needs, kept))
    if not isinstance(standing, int) or standing < TEXT:
        standing = segments.extreme(np.minimum, np.asarray(standing, np.int8).reshape(-1), TEXT)
    if not statuses:
        return None, standing, NOTHING
    worst_of = statuses[0] if len(statuses) == 1 else np.maximum(*statuses)
    status = segments.extreme(np.maximum, worst_of, KNOWN)
    return status, standing, within(_by_row(united(needs), segments), status == UNKNOWN)


def _folded(kind: Fold, body: Vec | None, segments: _Segments, places: Array) -> Content | None:
    """Fold the bodies of the elements that count; those not known are in rows whose result means nothing."""
    if kind is Fold.COUNT:
        return ratios.integers(segments.lengths.astype(np.int64))
    if body is None or body.content is None:
        return ratios.constant(0) if kind is Fold.SUM else None  # no body is known: the sum of nothing is all that may be read
    content = take(body.content, places)
    if kind in (Fold.SUM, Fold.MEAN):
        if not isinstance(content, Ratio):
            raise CannotError("une somme de ce qui n'est pas un nombre")
        total = bounded(_sum(content, segments))
        if kind is Fold.SUM:
            return total
        return bounded(ratios.divide(total, ratios.integers(np.maximum(segments.lengths, 1).astype(np.int64)))[0])
    return _extreme(Operator.LESS if kind is Fold.MINIMUM else Operator.GREATER, content, segments)


def _sum(content: Ratio, segments: _Segments) -> Ratio:
    if content.whole:
        return ratios.integers(ratios.segment_sums(content, segments.parents, segments.lengths))
    found = ratios.integers(np.zeros(segments.size, np.int64))
    for rows, elements in _rounds(segments):
        added = ratios.add(ratios.take(found, rows), ratios.spread(ratios.take(content, elements), len(rows)))
        found = added if len(rows) == segments.size else ratios.put(found, rows, added)
    return found


def _extreme(operator: Operator, content: Content, segments: _Segments) -> Content | None:
    """Return the smallest or largest element of each row, the first of equals."""
    if not len(segments.parents):
        return None
    best = np.minimum(np.cumsum(segments.lengths) - segments.lengths, len(segments.parents) - 1)
    for rows, elements in _rounds(segments):
        beats = compare(operator, take(content, elements), take(content, best[rows]))
        beats = np.broadcast_to(beats, rows.shape)
        best[rows[beats]] = elements[beats]
    return take(content, best)


def _rounds(segments: _Segments) -> list[tuple[Array, Array]]:
    """Return, for each rank in a list, the rows that have an element of that rank and the places of these elements."""
    starts = np.cumsum(segments.lengths) - segments.lengths
    longest = int(segments.lengths.max()) if segments.size else 0
    found = []
    for rank in range(longest):
        rows = np.nonzero(segments.lengths > rank)[0]
        found.append((rows, starts[rows] + rank))
    return found
