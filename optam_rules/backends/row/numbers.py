"""From exact arithmetic on known numbers to Python expressions on integers: no fraction is made where integers say the same.

A number is `code / below`: an integer over a constant (cents, millionths), or over the integer in a name. Nothing is reduced on the way;
`bits` bounds both integers, so that what the reference refuses as too large (E603) is never met here.
"""

from __future__ import annotations

from fractions import Fraction
from math import lcm

import attrs

from optam_rules.base.numbers import ROUNDINGS, Number, Rounding, simplify
from optam_rules.core.compute import MAX_BITS
from optam_rules.core.operators import PYTHON_SIGNS, Operator

# Far below what is refused, so that sums and products of a few such numbers are still within it.
MAX_PIECE_BITS = MAX_BITS // 4


class NotWholeError(Exception):
    """Raised for what the functions of whole records do not compute; those of partial ones do."""


@attrs.frozen
class Ratio:
    """A known number: `code`, a name or an expression in parentheses, over `below`, positive, a constant or in a name.

    `natural` where it is known not to be negative.
    """

    code: str
    below: int | str
    bits: int
    natural: bool = False

    @property
    def exact(self) -> str:
        """The expression of the number as other parts of the program hold it."""
        if self.below == 1:
            return self.code
        return f"ratio({self.code}, {self.below})"

    @property
    def fixed(self) -> Number | None:
        """The number itself, where no record changes it."""
        digits = self.code.strip("()")
        return simplify(Fraction(int(digits), self.below)) if digits.lstrip("-").isdigit() and isinstance(self.below, int) else None


def constant(value: Number) -> Ratio:
    """Return a number of the text."""
    bits = max(value.numerator.bit_length(), value.denominator.bit_length())
    return Ratio(str(value.numerator) if value >= 0 else f"({value.numerator})", value.denominator, bits, natural=value >= 0)


def times(code: str, factor: int | str) -> str:
    """Return a product of an integer's expression and a factor."""
    if factor == 1:
        return code
    if code == "1":
        return str(factor)
    return str(int(code) * factor) if code.isdigit() and isinstance(factor, int) else f"({code} * {factor})"


def _product(left: int | str, right: int | str) -> int | str:
    if isinstance(left, int) and isinstance(right, int):
        return left * right
    return left if right == 1 else right if left == 1 else f"{left} * {right}"


def common(left: Ratio, right: Ratio) -> tuple[str, str, int | str, int]:
    """Return two numbers over one denominator: both numerators, the denominator, the bits of all three."""
    if left.below == right.below:
        return left.code, right.code, left.below, max(left.bits, right.bits)
    bits = left.bits + right.bits
    if isinstance(left.below, int) and isinstance(right.below, int):
        below = lcm(left.below, right.below)
        return times(left.code, below // left.below), times(right.code, below // right.below), below, bits
    return times(left.code, right.below), times(right.code, left.below), _product(left.below, right.below), bits


def compared(operator: Operator, left: Ratio, right: Ratio) -> str:
    """Return a comparison; denominators are positive."""
    above, under, _, _ = common(left, right)
    return f"({above} {PYTHON_SIGNS[operator]} {under})"


def added(left: Ratio, right: Ratio, sign: str) -> Ratio:
    """Return a sum or a difference."""
    above, under, below, bits = common(left, right)
    return _within(Ratio(f"({above} {sign} {under})", below, bits + 1, natural=sign == "+" and left.natural and right.natural))


def multiplied(left: Ratio, right: Ratio) -> Ratio:
    """Return a product."""
    return _within(
        Ratio(f"({left.code} * {right.code})", _product(left.below, right.below), left.bits + right.bits, left.natural and right.natural)
    )


def over(left: Ratio, right: Ratio, divisor: str) -> Ratio:
    """Return a quotient; `divisor` names `right.code`, known to be positive, or made so."""
    above = times(left.code, right.below)
    below: int | str = int(divisor) if divisor.isdigit() else divisor
    return _within(Ratio(above, _product(left.below, below), left.bits + right.bits, left.natural and right.natural))


def quanta(number: Ratio, quantum: Number) -> tuple[int, str]:
    """Return what to multiply the integer of a number by, and what to divide it by, to count quanta."""
    return quantum.denominator, str(_product(number.below, quantum.numerator))


def quotient(mode: Rounding, code: str, factor: int, below: str) -> str:
    """Return the whole number that a mode takes `code * factor / below` to; `code` and `below` are names or digits."""
    above = code if factor == 1 else f"{factor} * {code}"
    match mode:
        case Rounding.DOWN:
            return f"({above} // {below})"
        case Rounding.UP:
            return f"(-(-{above} // {below}))"
        case Rounding.HALF_UP:
            return f"(({2 * factor} * {code} + {below}) // (2 * {below}))"
        case Rounding.HALF_EVEN:
            return f"half_even({above}, {below})"


def of_quanta(number: Ratio, quantum: Number, count: str) -> Ratio:
    """Return as many quanta, of a number that was rounded."""
    code = count if quantum.numerator == 1 else f"({count} * {quantum.numerator})"
    bits = max(number.bits * 2, quantum.numerator.bit_length(), quantum.denominator.bit_length()) + quantum.denominator.bit_length() + 2
    return _within(Ratio(code, quantum.denominator, bits, number.natural))


def half_even(above: int, below: int) -> int:
    """Return a quotient rounded to the nearest integer, halves to the even one."""
    steps: int = ROUNDINGS[Rounding.HALF_EVEN](*divmod(above, below), below)
    return steps


def _within(number: Ratio) -> Ratio:
    if number.bits > MAX_PIECE_BITS:
        raise NotWholeError
    return number
