"""Columns of exact ratios beside Python's fractions, where 64 bits suffice, where they do not, and where floats cannot tell."""

from __future__ import annotations

import operator
from fractions import Fraction
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from optam_rules.backends.columnar import ratio
from optam_rules.backends.columnar.layouts import BY_NUMPY, Layouts, compiled
from optam_rules.base.numbers import Rounding, format_ratio, round_to

SIZES = st.one_of(st.integers(-20, 20), st.integers(-(10**11), 10**11), st.integers(-(10**25), 10**25))
NUMBERS = st.builds(Fraction, SIZES, st.one_of(st.integers(1, 9), st.integers(1, 10**11)))
COLUMNS = st.integers(1, 4).flatmap(lambda n: st.tuples(*(st.lists(NUMBERS, min_size=n, max_size=n) for _ in range(2))))


def exact(column: ratio.Ratio, size: int) -> list[Fraction]:
    """Return a column as fractions."""
    return [Fraction(number) for number in ratio.to_numbers(column, np.arange(size))]


@settings(max_examples=60, deadline=None, derandomize=True, database=None)
@given(columns=COLUMNS)
def test_arithmetic_is_that_of_fractions(columns: tuple[list[Fraction], list[Fraction]]) -> None:
    """Sums, products, quotients and comparisons of columns of any size are those of the numbers one by one."""
    left, right = columns
    size = len(left)
    first, second = ratio.of_numbers(list(left)), ratio.of_numbers(list(right))
    assert exact(ratio.add(first, second), size) == [a + b for a, b in zip(left, right, strict=True)]
    assert exact(ratio.multiply(first, second), size) == [a * b for a, b in zip(left, right, strict=True)]
    quotient, zero = ratio.divide(first, second)
    found = exact(quotient, size)
    held = np.broadcast_to(zero, (size,)).tolist()
    assert held == [b == 0 for b in right]
    assert [q for q, b in zip(found, right, strict=True) if b] == [a / b for a, b in zip(left, right, strict=True) if b]
    for ufunc, python in ((np.less, operator.lt), (np.less_equal, operator.le), (np.equal, operator.eq)):
        assert np.broadcast_to(ratio.compare(ufunc, first, second), (size,)).tolist() == list(map(python, left, right))


@settings(max_examples=60, deadline=None, derandomize=True, database=None)
@given(
    numbers=st.lists(NUMBERS, min_size=1, max_size=4), mode=st.sampled_from(Rounding), quantum=st.sampled_from([1, 100, Fraction(1, 100)])
)
def test_rounding_is_the_one_implementation(numbers: list[Fraction], mode: Rounding, quantum: Fraction) -> None:
    """Columns round as `base.numbers` does one number."""
    found = exact(ratio.round_to(ratio.of_numbers(list(numbers)), quantum, mode), len(numbers))
    assert found == [round_to(number, quantum, mode) for number in numbers]


@pytest.mark.parametrize("mode", Rounding)
def test_exact_halves(mode: Rounding) -> None:
    """0.5, 1.5, 2.5 and -0.5 to the unit: up 1 2 3 0, to even 0 2 2 0, down 0 1 2 -1, up 1 2 3 0."""
    halves = [Fraction(1, 2), Fraction(3, 2), Fraction(5, 2), Fraction(-1, 2)]
    expected = {Rounding.HALF_UP: [1, 2, 3, 0], Rounding.HALF_EVEN: [0, 2, 2, 0], Rounding.DOWN: [0, 1, 2, -1], Rounding.UP: [1, 2, 3, 0]}
    assert exact(ratio.round_to(ratio.of_numbers(list(halves)), 1, mode), 4) == expected[mode]


def test_ratios_that_no_float_tells_apart() -> None:
    """(10^11 + 1) / 10^11 differs from 10^11 / (10^11 - 1) by about 10^-22: the floats are equal, the order is not."""
    big = 10**11
    first = ratio.of_numbers([Fraction(big + 1, big), Fraction(1, 3)])
    second = ratio.of_numbers([Fraction(big, big - 1), Fraction(1, 3)])
    assert (big + 1) / big == big / (big - 1)
    assert ratio.compare(np.less, first, second).tolist() == [True, False]
    assert ratio.compare(np.equal, first, second).tolist() == [False, True]


def test_int64_is_kept_where_it_fits() -> None:
    """Amounts of a billion euros sum in int64; their product, 10^22, is beyond it and goes to Python's integers, losing nothing."""
    amounts = ratio.integers(np.array([10**11, 10**11 - 1], np.int64))
    assert ratio.add(amounts, amounts).num.dtype == np.int64
    product = ratio.multiply(amounts, amounts)
    assert product.num.tolist() == [10**22, (10**11 - 1) ** 2]


def layouts(form: str) -> Layouts:
    """Return the functions of a form."""
    if form == "numba":
        pytest.importorskip("numba")
    return BY_NUMPY if form == "numpy" else compiled()


@pytest.mark.parametrize("form", ["numpy", "numba"])
def test_halves_of_decimals(form: str) -> None:
    """Numbers of 64 bits come back from their halves with their extremes (zero is among them); one of 65 bits is told."""
    held = layouts(form)
    for numbers in ([], [3], [-1, 0, 2], [2**63 - 1, -(2**63)]):
        low, both, back = np.array(numbers, np.int64), np.empty(2 * len(numbers), np.int64), np.empty(len(numbers), np.int64)
        held.join(low, both)
        assert [int.from_bytes(pair.tobytes(), "little", signed=True) for pair in both.reshape(-1, 2)] == numbers
        assert held.split(both, back) == (min(0, *numbers, 0), max(0, *numbers, 0), False)
        assert back.tolist() == numbers
    wide = np.frombuffer((2**64 + 5).to_bytes(16, "little") + (-(2**63) - 1).to_bytes(16, "little", signed=True), np.int64)
    for place in (0, 1):
        assert held.split(wide[2 * place :][:2], np.empty(1, np.int64))[2]


@pytest.mark.parametrize("form", ["numpy", "numba"])
def test_digits_are_those_of_one_number(form: str) -> None:
    """Texts of decimals are those that `base.numbers` writes: nothing after the last digit but zero, no point where none is left."""
    numbers = [0, 1, -1, 10, 99, -100, 123_456, 1_000_000, -1_000_001, 2**62, -(2**62), *range(995, 1006)]
    for some in (numbers[:1], numbers[:9], numbers):
        for places in (0, 1, 2, 6, 18):
            offsets, held = layouts(form).digits(np.array(some, np.int64), places)
            texts = [held[start:stop].tobytes().decode() for start, stop in pairwise(offsets.tolist())]
            assert texts == [format_ratio(Fraction(number, 10**places)) for number in some]
