"""What a rule reads beside the record, by column: dated parameters and the reference tables of the caller."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, cast

import numpy as np

from optam_rules.backends.columnar.content import CannotError, Content, Days, of_constant, of_constants, take, to_constants
from optam_rules.backends.columnar.ratio import Array
from optam_rules.backends.columnar.vector import (
    ERROR,
    KNOWN,
    NOTHING,
    TEXT,
    UNKNOWN,
    Join,
    Vec,
    all_rows,
    chosen,
    lower,
    strict,
    united,
    within,
)
from optam_rules.core.ir import Constant, Lookup, ParameterRead, Scalarlike
from optam_rules.core.types import Type
from optam_rules.core.values import plain_text

if TYPE_CHECKING:
    from optam_rules.backends.columnar.plan import Plan, Scope

_MAX_KEYS = 100_000  # distinct keys of one batch
_LAST_DAY = dt.date.max.toordinal()


def parameter(plan: Plan, expr: ParameterRead, scope: Scope) -> Vec:
    """Return a dated parameter, at the evaluation date or at the dates of a column."""
    spec = plan.program.parameters[expr.name]
    if expr.at is None:
        constant = spec.at(plan.day)
        if constant is None:
            return all_rows(ERROR)
        return Vec(of_constant(constant, expr.type), None, int(spec.origin_at(plan.day).standing))
    day = plan.evaluate(expr.at, scope)
    if not isinstance(day.content, Days):
        return strict([day], None)
    ordinals = np.broadcast_to(day.content.ordinals, (scope.size,))
    found, left = Join(scope.size), np.ones(scope.size, bool)
    for dated in spec.values:
        start = dated.interval.start.toordinal() if dated.interval.start is not None else 1
        end = dated.interval.end.toordinal() if dated.interval.end is not None else _LAST_DAY
        rows = left & (ordinals >= start) & (ordinals <= end)
        if rows.any():
            standing = (dated.provenance or spec.provenance).standing
            found.add(rows, Vec(of_constant(dated.value, expr.type), None, int(standing)))
            left = left & ~rows
    if left.any():
        found.add(left, all_rows(ERROR))
    value = found.result(NOTHING)
    if day.status is not None:
        value = chosen(day.status == KNOWN, value, Vec(None, day.status, TEXT, day.needs))
    return value.resting_on(day.standing)


def lookup(plan: Plan, expr: Lookup, scope: Scope) -> Vec:
    """Return the rows of a reference table; one that the caller did not give is unknown."""
    spec = plan.program.references[expr.table]
    rows = plan.references.get(expr.table)
    keys = [plan.evaluate(key, scope) for key in expr.keys]
    whole = strict(keys, None)
    there = np.ones(scope.size, bool) if whole.status is None else np.broadcast_to(whole.status == KNOWN, (scope.size,))
    needs = whole.needs
    if rows is None and whole.status is not None:
        needs = united([needs, within({f"référentiel:{expr.table}": np.ones(scope.size, bool)}, whole.status == UNKNOWN)])
    places = np.nonzero(there)[0]
    if not len(places):
        return Vec(None, whole.status, whole.standing, needs)
    contents = [cast("Content", key.content) for key in keys]
    wanted = list(zip(*(to_constants(content, places) for content in contents), strict=True))
    distinct = list(dict.fromkeys(wanted))
    if len(distinct) > _MAX_KEYS:
        raise CannotError("un référentiel lu sous plus de 100 000 clés")
    index = {key: code for code, key in enumerate(distinct)}
    codes = np.zeros(scope.size, np.int64)
    codes[places] = [index[key] for key in wanted]
    held = [(rows or {}).get(cast("tuple[Constant, ...]", key)) for key in distinct]
    absent = there & np.array([value is None for value in held], bool)[codes]
    known = [value for value in held if value is not None]
    content = _gathered(known, held, codes, expr)
    status = whole.status
    if absent.any():
        types = [type_ for _, type_ in spec.keys]
        needs = united([needs, _absent_rows(expr.table, types, distinct, held, codes, absent)])
        status = np.where(absent, np.int8(UNKNOWN), status if status is not None else np.int8(KNOWN))
    standing = np.where(there, lower(whole.standing, int(spec.provenance.standing)), np.asarray(whole.standing, np.int8))
    return Vec(content, status, standing, needs)


def _gathered(known: list[Constant], held: list[Constant | None], codes: Array, expr: Lookup) -> Content | None:
    if not known:
        return None
    filled = [cast("Scalarlike", value if value is not None else known[0]) for value in held]
    column = of_constants(filled, expr.type)

    return take(column, codes)


def _absent_rows(
    table: str, types: list[Type], keys: list[tuple[Constant, ...]], held: list[Constant | None], codes: Array, absent: Array
) -> dict[str, Array]:
    needs: dict[str, Array] = {}
    for code, (key, value) in enumerate(zip(keys, held, strict=True)):
        if value is None:
            words = " ; ".join(plain_text(part, type_) for part, type_ in zip(key, types, strict=True))
            needs[f"référentiel:{table}[{words}]"] = absent & (codes == code)
    return needs
