"""From the values of the parts of an expression to its own: what each node of the core means, once for all backends (S1 to S13)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from typing import cast

from optam_rules.base.numbers import round_to
from optam_rules.core.absence import NOT_APPLICABLE, Value, all_needs, fault, join, known, non_answer, unknown, weakest
from optam_rules.core.asking import HYPOTHESIS_NEED
from optam_rules.core.compute import Failure, compute
from optam_rules.core.ir import Apply, Collection, Constant, Lookup, ParameterRead, Round, Row, Table
from optam_rules.core.judgement import Status
from optam_rules.core.program import Parameter, ReferenceTable
from optam_rules.core.record import Absent, FieldValue
from optam_rules.core.regions import possible_rows
from optam_rules.core.standing import Standing
from optam_rules.core.types import SetType
from optam_rules.core.values import plain_text


def of_field(held: FieldValue, path: str) -> Value:
    """Return the value of what a record holds at `path`."""
    if isinstance(held, Absent):
        return unknown(path) if held is Absent.UNKNOWN else NOT_APPLICABLE
    return known(held)


def of_parameter(expr: ParameterRead, parameter: Parameter, day: Value) -> Value:
    """Return the value of a parameter on a day; E605 where it has none."""
    if not day.known:
        return day
    read_on = cast("dt.date", day.content)
    constant = parameter.at(read_on)
    if constant is None:
        return fault("E605", expr.position, name=expr.name, day=day.content)
    origin = parameter.origin_at(read_on)
    hypotheses = frozenset({origin.hypothesis} if origin.hypothesis else ())
    return known(constant).resting_on(min(origin.standing, day.standing), hypotheses | day.hypotheses)


def of_reading(name: str, reading: str | None, *, tentative: bool) -> Value:
    """Return the value of an open question: unknown without a reading; one that no caller chose leaves no mark on the answer."""
    if reading is None:
        return unknown(HYPOTHESIS_NEED + name)
    if tentative:
        return known(reading)
    return known(reading).resting_on(Standing.HYPOTHESIS, frozenset({f"{name}={reading}"}))


def row_path(expr: Lookup, table: ReferenceTable, keys: Sequence[Value]) -> str:
    """Return how needs and traces name a row of a reference table, its keys known."""
    words = (plain_text(cast("Constant", key.content), spec[1]) for key, spec in zip(keys, table.keys, strict=True))
    return f"{expr.table}[{' ; '.join(words)}]"


def of_lookup(expr: Lookup, table: ReferenceTable, rows: Mapping[tuple[Constant, ...], Constant] | None, keys: Sequence[Value]) -> Value:
    """Return the value of a row of a reference table; an absent row is unknown."""
    absent = non_answer(keys)
    if absent is not None:
        if absent.status is Status.UNKNOWN and rows is None:
            return absent.waiting_for(frozenset({f"référentiel:{expr.table}"}))
        return absent
    standing, hypotheses = weakest(keys)
    constant = (rows or {}).get(tuple(cast("Constant", key.content) for key in keys))
    value = unknown(f"référentiel:{row_path(expr, table, keys)}") if constant is None else known(constant)
    return value.resting_on(min(standing, table.provenance.standing), hypotheses)


def of_operator(expr: Apply, values: Sequence[Value]) -> Value:
    """Apply a strict operator to the values of its operands."""
    absent = non_answer(values)
    if absent is not None:
        return absent
    result = compute(expr.operator, [cast("Constant", value.content) for value in values], expr.month_end)
    value = fault(result.code, expr.position) if isinstance(result, Failure) else known(result)
    return value.resting_on(*weakest(values))


def is_known(value: Value) -> Value:
    """Return `est connu`."""
    return known(value.status is not Status.UNKNOWN).resting_on(value.standing, value.hypotheses)


def does_not_apply(value: Value) -> Value:
    """Return `est sans objet`."""
    if value.status in (Status.KNOWN, Status.NOT_APPLICABLE):
        return known(value.status is Status.NOT_APPLICABLE).resting_on(value.standing, value.hypotheses)
    return value


def instead_of(value: Value, fallback: Value) -> Value:
    """Return what `à défaut` gives for an unknown value; a fallback that is unknown too waits for both."""
    return fallback.waiting_for(value.needs) if fallback.status is Status.UNKNOWN else fallback


def of_rounding(expr: Round, value: Value) -> Value:
    """Round a value."""
    if not value.known:
        return value
    return value.holding(round_to(cast("int | Fraction", value.content), expr.quantum, expr.mode))


def of_branches(conditions: Sequence[Value], outcomes: Sequence[Value]) -> Value:
    """Return what the branches that may be taken agree on; `conditions` are those looked at."""
    return join(outcomes, all_needs(conditions)).resting_on(*weakest(conditions))


def of_table(table: Table, columns: Sequence[Value], evaluate: Callable[[Row], Value]) -> Value:
    """Return what the rows that the columns may select agree on."""
    absent = non_answer(columns)
    if absent is not None and (
        absent.status is not Status.UNKNOWN or any(not column.known and column.status is not Status.UNKNOWN for column in columns)
    ):
        return absent  # unknown beside a non-answer: unknown first (S13)
    contents = [cast("Constant", column.content) if column.known else None for column in columns]
    indexes, otherwise = possible_rows(table, contents)
    rows = [table.rows[index] for index in indexes]
    if otherwise and table.otherwise is not None:
        rows.append(table.otherwise)
    outcomes = [resting_on_row(row, evaluate(row)) for row in rows]
    return join(outcomes, all_needs(columns)).resting_on(*weakest(columns))


def resting_on_row(row: Row, value: Value) -> Value:
    """Return a value lowered to the standing of its row, where the row has its own."""
    if row.standing is None:
        return value
    hypotheses = frozenset({row.source} if row.standing is Standing.HYPOTHESIS and row.source else ())
    return value.resting_on(row.standing, hypotheses)


def of_collection(expr: Collection, values: Sequence[Value]) -> Value:
    """Return a list or a set of known items."""
    absent = non_answer(values)
    if absent is not None:
        return absent
    contents = [cast("Constant", value.content) for value in values]
    held = frozenset(contents) if isinstance(expr.type, SetType) else tuple(contents)
    return known(cast("Constant", held)).resting_on(*weakest(values))
