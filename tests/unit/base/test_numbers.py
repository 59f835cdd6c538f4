"""Exact numbers: rounding against the decimal module, printing against reading."""

from __future__ import annotations

import pickle
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_EVEN, Decimal, localcontext
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from optam_rules.base.numbers import (
    Rounding,
    divide,
    euros,
    finite_decimal,
    format_ratio,
    fraction,
    parse_decimal,
    ratio,
    round_to,
    simplify,
)

CENTS = st.integers(-(10**12), 10**12)


@given(CENTS, st.sampled_from([(Rounding.DOWN, ROUND_FLOOR), (Rounding.UP, ROUND_CEILING), (Rounding.HALF_EVEN, ROUND_HALF_EVEN)]))
def test_rounding_agrees_with_decimal(thousandths: int, modes: tuple[Rounding, str]) -> None:
    """Rounding thousandths to hundredths gives what the decimal module gives in the same mode."""
    ours, theirs = modes
    with localcontext() as context:
        context.prec = 60
        expected = Decimal(thousandths).scaleb(-3).quantize(Decimal("0.01"), theirs)
    assert Fraction(expected) == round_to(Fraction(thousandths, 1000), Fraction(1, 100), ours)


@pytest.mark.parametrize(
    ("number", "half_up", "half_even", "down", "up"),
    [("0.125", "0.13", "0.12", "0.12", "0.13"), ("0.135", "0.14", "0.14", "0.13", "0.14"), ("-0.125", "-0.12", "-0.12", "-0.13", "-0.12")],
)
def test_exact_halves(number: str, half_up: str, half_even: str, down: str, up: str) -> None:
    """An exact half goes up, to the even digit, down or up; `up` is towards plus infinity, also below zero."""
    modes = (Rounding.HALF_UP, Rounding.HALF_EVEN, Rounding.DOWN, Rounding.UP)
    assert [Fraction(x) for x in (half_up, half_even, down, up)] == [round_to(Fraction(number), Fraction(1, 100), mode) for mode in modes]


@given(st.fractions(), st.fractions(min_value=Fraction(1, 1000), max_value=1000), st.sampled_from(Rounding))
def test_rounded_numbers_are_near_multiples(number: Fraction, quantum: Fraction, mode: Rounding) -> None:
    """A rounded number is a multiple of the quantum, less than one quantum away, and is left alone by a second rounding."""
    rounded = round_to(number, quantum, mode)
    assert (Fraction(rounded) / quantum).denominator == 1
    assert abs(rounded - number) < quantum
    assert rounded == round_to(rounded, quantum, mode)


@given(st.fractions())
def test_printed_ratios_read_back(number: Fraction) -> None:
    """What is printed, as a decimal or as a fraction, is the number again."""
    text = format_ratio(number)
    numerator, _, denominator = text.partition("/")
    assert number == (Fraction(int(numerator), int(denominator)) if denominator else Fraction(text))


def test_printed_forms() -> None:
    """25 % prints as 0.25, 23/60 as a fraction, whole numbers without point, small decimals with their zeros."""
    assert ["0.25", "23/60", "1", "-0.125", "0.001"] == [
        format_ratio(n) for n in (Fraction(1, 4), Fraction(23, 60), 1, Fraction(-1, 8), Fraction(1, 1000))
    ]
    assert finite_decimal(Fraction(1, 3)) is None


@given(st.integers(-(10**15), 10**15), st.integers(0, 15))
def test_decimals_are_read_from_their_digits(digits: int, places: int) -> None:
    """A decimal string is read as its exact value."""
    text = str(Decimal(digits).scaleb(-places).quantize(Decimal(1).scaleb(-places)))
    if "E" not in text:
        assert Fraction(digits, 10**places) == parse_decimal(text)


@pytest.mark.parametrize("text", ["", ".", "1.", ".5", "1e3", "1,5", "NaN", "inf", "0x10", " 1", "1_000", "١", "9" * 60])
def test_other_forms_are_no_decimals(text: str) -> None:
    """Exponents, commas, other digits and endless numbers are not read."""
    assert parse_decimal(text) is None


def test_quotients_and_whole_numbers_are_simple() -> None:
    """A whole quotient is an int, any other a Fraction."""
    assert (4, int) == (divide(8, 2), type(divide(8, 2)))
    assert Fraction(1, 3) == divide(1, 3)
    assert isinstance(simplify(Fraction(6, 3)), int)


def test_ratios_of_thousands_of_digits_are_printed() -> None:
    """The mean of hundreds of rates has a denominator of thousands of digits; what is printed is exact all the same."""
    huge = 10**5000
    assert f"1{'0' * 4999}1/3" == format_ratio(Fraction(huge + 1, 3))
    assert f"-1/{'3' * 5000}" == format_ratio(Fraction(-1, (huge - 1) // 3))
    assert f"1{'0' * 5000}.5" == finite_decimal(Fraction(2 * huge + 1, 2))


def test_euros_have_two_decimals() -> None:
    """Cents become euros; a fraction of a cent is refused."""
    assert ["12.50", "0.00", "-0.01"] == [str(euros(cents)) for cents in (1250, 0, -1)]
    with pytest.raises(ValueError, match="whole number of cents"):
        euros(Fraction(1, 2))


@pytest.mark.parametrize("above", [0, 1, -1, 6, -6, 35, 10**40, -(10**40) + 1])
@pytest.mark.parametrize("below", [1, 2, 9, 100, 3 * 10**40])
def test_fractions_made_at_once_are_those_of_python(above: int, below: int) -> None:
    """Equal, in lowest terms, of the same hash, and fit for arithmetic and pickling; whole ratios are integers."""
    made, wanted = fraction(above, below), Fraction(above, below)
    assert (wanted, wanted.numerator, wanted.denominator, hash(wanted)) == (made, made.numerator, made.denominator, hash(made))
    assert wanted + 1 == made + 1
    assert wanted == pickle.loads(pickle.dumps(made))
    assert (wanted, int if wanted.denominator == 1 else Fraction) == (ratio(above, below), type(ratio(above, below)))
