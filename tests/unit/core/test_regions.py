"""Atoms of table columns: gaps, overlaps and possible rows, against a slow oracle that tries every value."""

from __future__ import annotations

import datetime as dt
from fractions import Fraction
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from optam_rules.base.calendar import Duration
from optam_rules.base.source import Position, Source
from optam_rules.core.ir import Any_, Cell, Literal, OneOf, Range, Row, Table
from optam_rules.core.regions import Column, TooManyCellsError, coverage, cut_column, is_empty, possible_rows
from optam_rules.core.types import EnumType, Scalar, Type

HERE = Position(Source("t", "", ""), 0, 0)
READINGS = ("hautes_incluses", "basses_incluses")


def table(types: list[Type], rows: list[tuple[Cell, ...]], *, otherwise: bool = False) -> Table:
    """Make a table whose column expressions matter only by their types."""
    value = Literal(1, Scalar.INTEGER, position=HERE)
    columns = tuple(Literal(0, type_, position=HERE) for type_ in types)
    domains = tuple(READINGS if isinstance(type_, EnumType) else () for type_ in types)
    last = Row((), value, HERE) if otherwise else None
    return Table(columns, tuple(Row(cells, value, HERE) for cells in rows), last, Scalar.INTEGER, domains, position=HERE)


def one(*values: bool | int | Fraction | dt.date | Duration | str) -> OneOf:
    """Make a cell of some values."""
    return OneOf(frozenset(values))


def up_to(high: int | Fraction | dt.date | Duration) -> Range:
    """Make the cell `<= high`."""
    return Range(None, False, high, True)


def above(low: int | Fraction | dt.date | Duration) -> Range:
    """Make the cell `> low`."""
    return Range(low, False, None, False)


PART_VERSEE: list[tuple[Cell, ...]] = [
    (up_to(Fraction(1, 100)), Any_()),
    (Range(Fraction(1, 100), False, Fraction(2, 100), False), Any_()),
    (one(Fraction(2, 100)), one("hautes_incluses")),
    (one(Fraction(2, 100)), one("basses_incluses")),
    (above(Fraction(2, 100)), Any_()),
]
PALIERS: list[Type] = [Scalar.POINTS, EnumType("bornes")]


def test_complete_table_has_no_gap_and_no_overlap() -> None:
    """The scale of the design page covers each gap in points exactly once."""
    found = coverage(table(PALIERS, PART_VERSEE))
    assert (None, None) == (found.gap, found.overlap)


def test_gap_is_shown_by_a_value_of_each_column() -> None:
    """Without its fourth row the scale leaves 2 points open under the other reading."""
    assert (Fraction(2, 100), "basses_incluses") == coverage(table(PALIERS, PART_VERSEE[:3] + PART_VERSEE[4:])).gap


def test_overlap_is_shown_by_rows_and_values() -> None:
    """`<= 100` and `>= 100` share 100 alone."""
    found = coverage(table([Scalar.MONEY], [(up_to(100),), (Range(100, True, None, False),)]))
    assert (0, 1, (100,)) == found.overlap


def test_counted_types_have_nothing_between_neighbours() -> None:
    """`<= 1` and `>= 2` leave no gap among integers, but one among rates."""
    rows: list[tuple[Cell, ...]] = [(up_to(1),), (Range(2, True, None, False),)]
    assert coverage(table([Scalar.INTEGER], rows)).gap is None
    assert (Fraction(3, 2),) == coverage(table([Scalar.RATE], rows)).gap


def test_gap_between_dates_is_a_day() -> None:
    """Between 1 and 3 January stands 2 January."""
    rows: list[tuple[Cell, ...]] = [(up_to(dt.date(2012, 1, 1)),), (Range(dt.date(2012, 1, 3), True, None, False),)]
    assert (dt.date(2012, 1, 2),) == coverage(table([Scalar.DATE], rows)).gap


def test_calendar_ends_with_year_9999() -> None:
    """Nothing stands before the first day nor after the last."""
    rows: list[tuple[Cell, ...]] = [(one(dt.date.min),), (Range(dt.date.min, False, dt.date.max, False),), (one(dt.date.max),)]
    assert coverage(table([Scalar.DATE], rows)).gap is None
    assert is_empty(above(dt.date.max), Scalar.DATE)


def test_durations_count_months() -> None:
    """A gap between 12 and 14 months is 13 months."""
    rows: list[tuple[Cell, ...]] = [(up_to(Duration(12, "mois")),), (Range(Duration(14, "mois"), True, None, False),)]
    assert (Duration(13, "mois"),) == coverage(table([Scalar.MONTHS], rows)).gap


def test_text_has_always_another_value() -> None:
    """No list of texts is complete: the witness is a text that no cell names."""
    assert ("autre2",) == coverage(table([Scalar.TEXT], [(one("a", "autre"),)])).gap


def test_booleans_have_two_values() -> None:
    """True and false are complete."""
    assert coverage(table([Scalar.BOOLEAN], [(one(True),), (one(False),)])).gap is None


@pytest.mark.parametrize(
    ("cell", "type_", "empty"),
    [
        (Range(1, False, 2, False), Scalar.INTEGER, True),
        (Range(1, False, 2, False), Scalar.RATE, False),
        (Range(2, True, 1, True), Scalar.RATE, True),
        (Range(1, True, 1, True), Scalar.POINTS, False),
        (Range(1, True, 1, False), Scalar.POINTS, True),
        (Any_(), Scalar.POINTS, False),
    ],
)
def test_empty_cells_are_told(cell: Cell, type_: Type, empty: bool) -> None:
    """A cell may hold nothing: bounds the wrong way round, or no integer between."""
    assert empty is is_empty(cell, type_)


def test_known_columns_select_one_row() -> None:
    """2 points with the reading chosen select the third row."""
    assert ([2], False) == possible_rows(table(PALIERS, PART_VERSEE), [Fraction(2, 100), "hautes_incluses"])


def test_unknown_column_leaves_the_rows_of_its_completions() -> None:
    """At 2 points the reading matters, at 1.5 it does not."""
    scale = table(PALIERS, PART_VERSEE)
    assert ([2, 3], False) == possible_rows(scale, [Fraction(2, 100), None])
    assert ([1], False) == possible_rows(scale, [Fraction(3, 200), None])


def test_otherwise_needs_a_case_that_no_row_holds() -> None:
    """`sinon` is possible only under the reading whose row is missing."""
    scale = table(PALIERS, PART_VERSEE[:3] + PART_VERSEE[4:], otherwise=True)
    assert ([2], True) == possible_rows(scale, [Fraction(2, 100), None])
    assert ([0, 1, 2, 3], False) == possible_rows(scale, [None, "hautes_incluses"])


def test_large_single_column_is_quick() -> None:
    """5,000 ranges of one column are within the limit."""
    rows: list[tuple[Cell, ...]] = [(Range(n, True, n + 1, False),) for n in range(5000)]
    found = coverage(table([Scalar.INTEGER], [(Range(None, False, 0, False),), *rows, (Range(5000, True, None, False),)]))
    assert (None, None) == (found.gap, found.overlap)


def test_wide_table_is_refused_not_explored() -> None:
    """Twenty columns that each settle one row leave 2^20 sets of rows: beyond the limit."""
    wide: list[tuple[Cell, ...]] = [tuple(one(True) if column == row else Any_() for column in range(20)) for row in range(20)]
    with pytest.raises(TooManyCellsError):
        coverage(table([Scalar.BOOLEAN] * 20, wide))


# --- against trying every value ------------------------------------------------------------------------------------------------

_bound = st.none() | st.integers(0, 5)
cells = st.one_of(
    st.just(Any_()),
    st.frozensets(st.integers(0, 5), min_size=1, max_size=3).map(OneOf),
    st.builds(Range, _bound, st.booleans(), _bound, st.booleans()),
)
# Quarters from below the least to above the greatest bound: each atom of a dense column cut at integers holds one.
QUARTERS = [Fraction(n, 4) for n in range(-4, 25)]


def holds(cell: Cell, value: Fraction | int) -> bool:
    """Tell by its meaning whether a cell holds a value."""
    match cell:
        case Any_():
            return True
        case OneOf(values):
            return value in values
        case Range(low, low_closed, high, high_closed):
            assert low is None or isinstance(low, int)
            assert high is None or isinstance(high, int)
            left = low is None or low < value or (low_closed and low == value)
            return left and (high is None or value < high or (high_closed and value == high))


@given(st.lists(st.tuples(cells, cells), max_size=5), st.sampled_from([Scalar.RATE, Scalar.INTEGER]))
def test_coverage_agrees_with_trying_every_value(rows: list[tuple[Cell, Cell]], type_: Scalar) -> None:
    """Gap and overlap are found exactly where some pair of values shows one, and the witness does show it."""
    values = [v for v in QUARTERS if type_ is Scalar.RATE or v.denominator == 1]
    selected = [[r for r, row in enumerate(rows) if holds(row[0], a) and holds(row[1], b)] for a, b in product(values, values)]
    found = coverage(table([type_, type_], list(rows)))
    assert any(not hit for hit in selected) == (found.gap is not None)
    assert any(len(hit) > 1 for hit in selected) == (found.overlap is not None)
    if found.gap is not None:
        a, b = found.gap
        assert isinstance(a, int | Fraction)
        assert isinstance(b, int | Fraction)
        assert not any(holds(row[0], a) and holds(row[1], b) for row in rows)
    if found.overlap is not None:
        first, second, (a, b) = found.overlap
        assert isinstance(a, int | Fraction)
        assert isinstance(b, int | Fraction)
        assert all(holds(rows[r][0], a) and holds(rows[r][1], b) for r in (first, second))


@given(st.lists(st.tuples(cells, cells), max_size=5), st.sampled_from(QUARTERS), st.booleans())
def test_possible_rows_agree_with_every_completion(rows: list[tuple[Cell, Cell]], value: Fraction, first: bool) -> None:
    """A row is possible when some value of the unknown column selects it, `sinon` when some value selects none."""
    pairs = [(value, other) if first else (other, value) for other in QUARTERS]
    selected = [{r for r, row in enumerate(rows) if holds(row[0], a) and holds(row[1], b)} for a, b in pairs]
    known = [value, None] if first else [None, value]
    expected = sorted(set().union(*selected)), any(not hit for hit in selected)
    assert expected == possible_rows(table([Scalar.RATE, Scalar.RATE], list(rows), otherwise=True), known)


@given(st.lists(cells, max_size=6), st.sampled_from(QUARTERS))
def test_column_finds_the_rows_of_any_value(held: list[Cell], value: Fraction) -> None:
    """The rows at a value are those whose cell holds it."""
    column: Column = cut_column(held, Scalar.RATE)
    assert sum(1 << r for r, cell in enumerate(held) if holds(cell, value)) == column.rows_at(value)
