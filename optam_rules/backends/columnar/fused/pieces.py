"""From exact arithmetic to statements on 64-bit integers that cannot overflow: every number carries the interval that it stays in.

A number is `code / den`: an integer over a constant or over the positive integer in a name. Where an operation could leave 64 bits, the
rows whose operand is larger than fits are left (`lost`), and the operand is known to be smaller from there on.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from math import gcd, lcm

import attrs

from optam_rules.base.numbers import Number, Rounding
from optam_rules.core.operators import PYTHON_SIGNS, Operator
from optam_rules.core.standing import Standing

LARGEST = 2**62
_EXACT_FLOAT = 2**53
_HALF = 2**31
TEXT = int(Standing.TEXT)
_NAME = re.compile(r"v[0-9]+")
NEVER, ALWAYS = "False", "True"


class CannotFuseError(Exception):
    """Raised for an expression that the loop does not compute; the plan then does, for the whole column."""


@attrs.frozen
class Num:
    """A number: the name or digits of an integer that stays from `low` to `high`, over `den`, positive and at most `most`."""

    code: str
    low: int
    high: int
    den: int | str = 1
    most: int = 1

    @property
    def size(self) -> int:
        """The largest size that the integer can have."""
        return max(-self.low, self.high)


@attrs.frozen
class Flag:
    """A boolean: a name, `True` or `False`."""

    code: str


@attrs.frozen
class Code:
    """A value of an enumeration: its place in `domain`."""

    code: str
    domain: tuple[str, ...]


@attrs.frozen
class Day:
    """A date: its number."""

    code: str


Content = Num | Flag | Code | Day


@attrs.frozen
class Piece:
    """A value where it is known; `lost` tells where it is not, or would not fit; `reads` are the inputs that it depends on."""

    content: Content
    lost: str = NEVER
    standing: int | str = TEXT
    reads: frozenset[int] = frozenset()


class Lines:
    """The statements of the loop, each name assigned once."""

    def __init__(self) -> None:
        self._lines: list[str] = []
        self._known: dict[str, str] = {}

    @property
    def size(self) -> int:
        """Number of statements."""
        return len(self._lines)

    def named(self, code: str) -> str:
        """Return a name for an expression, a new one where none holds it."""
        if code.isidentifier() or code.lstrip("-").isdigit():
            return code
        name = self._known.get(code)
        if name is None:
            name = self._known[code] = f"v{len(self._known)}"
            self._lines.append(f"{name} = {code}")
        return name

    def needed(self, codes: Sequence[str]) -> list[str]:
        """Return the statements that some expressions need, in order."""
        wanted = {name for code in codes for name in _NAME.findall(code)}
        kept = []
        for line in reversed(self._lines):
            name, _, code = line.partition(" = ")
            if name in wanted:
                kept.append(line)
                wanted.update(_NAME.findall(code))
        return kept[::-1]

    # --- booleans ----------------------------------------------------------------------------------------------------------------

    def either(self, *codes: str) -> str:
        """Return a disjunction."""
        held = list(dict.fromkeys(code for code in codes if code != NEVER))
        if ALWAYS in held:
            return ALWAYS
        return self.named(" | ".join(held)) if held else NEVER

    def both(self, *codes: str) -> str:
        """Return a conjunction."""
        held = list(dict.fromkeys(code for code in codes if code != ALWAYS))
        if NEVER in held:
            return NEVER
        return self.named(" & ".join(held)) if held else ALWAYS

    def negated(self, code: str) -> str:
        """Return a negation."""
        if code in (NEVER, ALWAYS):
            return ALWAYS if code == NEVER else NEVER
        return self.named(f"{code} == False")

    def chosen(self, condition: str, first: str, second: str) -> str:
        """Return `first` where a condition holds, else `second`; names, digits or constants."""
        if first == second or condition == ALWAYS:
            return first
        if condition == NEVER:
            return second
        return self.named(f"{first} if {condition} else {second}")

    # --- standings ---------------------------------------------------------------------------------------------------------------

    def weakest(self, standings: Sequence[int | str]) -> int | str:
        """Return the least of some standings."""
        fixed = min((standing for standing in standings if isinstance(standing, int)), default=TEXT)
        names = list(dict.fromkeys(standing for standing in standings if isinstance(standing, str)))
        if not names or fixed == 0:
            return fixed
        found = names[0]
        for other in [*names[1:], *([str(fixed)] if fixed < TEXT else [])]:
            found = self.named(f"{found} if {found} < {other} else {other}")
        return found

    def chosen_standing(self, condition: str, first: int | str, second: int | str) -> int | str:
        """Return one of two standings."""
        found = self.chosen(condition, str(first), str(second))
        return int(found) if found.isdigit() else found

    # --- numbers -----------------------------------------------------------------------------------------------------------------

    def fitting(self, number: Num, limit: int) -> tuple[Num, str]:
        """Return a number no larger than a limit, and where it was larger. Raises CannotFuseError where it always is."""
        if number.size <= limit:
            return number, NEVER
        if limit < 1 or number.low > limit or number.high < -limit:
            raise CannotFuseError
        name = self.named(number.code)
        outside = [f"({name} > {limit})"] if number.high > limit else []
        outside += [f"({name} < {-limit})"] if number.low < -limit else []
        return attrs.evolve(number, low=max(number.low, -limit), high=min(number.high, limit)), self.named(" | ".join(outside))

    def _scaled(self, number: Num, factor: int) -> tuple[Num, str]:
        """Return the integer of a number times a constant > 0, over its denominator as it was."""
        if factor == 1:
            return number, NEVER
        number, lost = self.fitting(number, LARGEST // factor)
        return self._made(f"{number.code} * {factor}", number.low * factor, number.high * factor, number), lost

    def _made(self, code: str, low: int, high: int, over: Num) -> Num:
        return Num(str(low) if low == high else self.named(code), low, high, over.den, over.most)

    def product(self, left: Num, right: Num) -> tuple[Num, str]:
        """Return the product of the integers of two numbers, over 1."""
        if left.size * right.size > LARGEST:
            if right.size <= _HALF:
                left, lost = self.fitting(left, LARGEST // max(right.size, 1))
            elif left.size <= _HALF:
                right, lost = self.fitting(right, LARGEST // max(left.size, 1))
            else:
                left, first = self.fitting(left, _HALF)
                right, second = self.fitting(right, _HALF)
                lost = self.either(first, second)
        else:
            lost = NEVER
        ends = [left.low * right.low, left.low * right.high, left.high * right.low, left.high * right.high]
        code = left.code if right.code == "1" else right.code if left.code == "1" else f"{left.code} * {right.code}"
        return self._made(code, min(ends), max(ends), Num("", 0, 0)), lost

    def _below(self, number: Num) -> Num:
        """Return the denominator of a number as a number."""
        if isinstance(number.den, int):
            return Num(str(number.den), number.den, number.den)
        return Num(number.den, 1, number.most)

    @staticmethod
    def _over(number: Num, below: Num) -> Num:
        """Return a number over another; that one is positive."""
        if below.low == below.high:
            return attrs.evolve(number, den=below.low, most=below.low)
        return attrs.evolve(number, den=below.code, most=below.high)

    def _over_product(self, number: Num, left: Num, right: Num) -> tuple[Num, str]:
        below, lost = self.product(self._below(left), self._below(right))
        return self._over(number, below), lost

    def common(self, left: Num, right: Num) -> tuple[Num, Num, str]:
        """Return two numbers over one denominator, and where they do not fit."""
        if left.den == right.den:
            return left, right, NEVER
        if isinstance(left.den, int) and isinstance(right.den, int):
            shared = lcm(left.den, right.den)
            if shared > LARGEST:
                raise CannotFuseError
            first, lost = self._scaled(left, shared // left.den)
            second, more = self._scaled(right, shared // right.den)
            below = Num(str(shared), shared, shared)
            return self._over(first, below), self._over(second, below), self.either(lost, more)
        first, lost = self.product(left, self._below(right))
        second, more = self.product(right, self._below(left))
        below, again = self.product(self._below(left), self._below(right))
        return self._over(first, below), self._over(second, below), self.either(lost, more, again)

    def compared(self, operator: Operator, left: Num, right: Num) -> tuple[Flag, str]:
        """Return a comparison."""
        if left.den == right.den:
            return Flag(self.named(f"{left.code} {PYTHON_SIGNS[operator]} {right.code}")), NEVER
        if isinstance(left.den, int) and isinstance(right.den, int):
            left, right, lost = self.common(left, right)
        else:
            first, lost = self.product(left, self._below(right))
            second, more = self.product(right, self._below(left))
            left, right, lost = first, second, self.either(lost, more)
        return Flag(self.named(f"{left.code} {PYTHON_SIGNS[operator]} {right.code}")), lost

    def added(self, left: Num, right: Num, sign: int) -> tuple[Num, str]:
        """Return a sum (`sign` 1) or a difference (-1)."""
        left, right, lost = self.common(left, right)
        left, first = self.fitting(left, LARGEST // 2)
        right, second = self.fitting(right, LARGEST // 2)
        low, high = (right.low, right.high) if sign > 0 else (-right.high, -right.low)
        word = "+" if sign > 0 else "-"
        return self._made(f"{left.code} {word} {right.code}", left.low + low, left.high + high, left), self.either(lost, first, second)

    def multiplied(self, left: Num, right: Num) -> tuple[Num, str]:
        """Return a product."""
        above, lost = self.product(left, right)
        found, more = self._over_product(above, left, right)
        return self._lowest(found), self.either(lost, more)

    @staticmethod
    def _lowest(number: Num) -> Num:
        """Bring a constant to lowest terms."""
        if number.low != number.high or not isinstance(number.den, int):
            return number
        common = gcd(number.low, number.den)
        value, den = number.low // common, number.den // common
        return Num(str(value), value, value, den, den)

    def negated_number(self, number: Num) -> Num:
        """Return the opposite."""
        return self._made(f"-{number.code}", -number.high, -number.low, number)

    def divided(self, left: Num, right: Num) -> tuple[Num, str]:
        """Return a quotient; the rows where the divisor is zero are lost."""
        above, lost = self.product(left, self._below(right))
        below, more = self.product(self._below(left), attrs.evolve(right, den=1, most=1))
        if below.low == below.high == 0:
            return attrs.evolve(above, den=1, most=1), ALWAYS
        lost = self.either(lost, more)
        if below.high < 0 or below.low < 0:
            negative = self.named(f"{below.code} < 0")
            size = max(above.high, -above.low)
            above = self._made(f"-{above.code} if {negative} else {above.code}", -size, size, above)
            below = self._made(f"abs({below.code})", 0 if below.high >= 0 else -below.high, below.size, below)
        if below.low <= 0:
            lost = self.either(lost, self.named(f"{below.code} == 0"))
            below = Num(self.named(f"{below.code} if {below.code} > 0 else 1"), 1, max(below.high, 1))
        return self._over(above, below), lost

    def chosen_number(self, condition: str, first: Num, second: Num) -> tuple[Num, str]:
        """Return one of two numbers, in one form."""
        if first == second:
            return first, NEVER
        if isinstance(first.den, int) and isinstance(second.den, int):
            first, second, lost = self.common(first, second)
            below = self._below(first)
        else:
            lost = NEVER
            one, other = self._below(first), self._below(second)
            code = self.chosen(condition, one.code, other.code)
            below = Num(code, min(one.low, other.low), max(one.high, other.high))
        code = self.chosen(condition, first.code, second.code)
        found = Num(code, min(first.low, second.low), max(first.high, second.high))
        return self._over(found, below), lost

    def rounded(self, number: Num, quantum: Number, mode: Rounding) -> tuple[Num, str]:
        """Round to a multiple of a quantum: the floor of a quotient in floats, corrected in integers, then the mode's own rule."""
        above, lost = self._scaled(attrs.evolve(number, den=1, most=1), quantum.denominator)
        below, more = self._scaled(self._below(number), quantum.numerator)
        if below.code == "1":
            steps = above
        else:
            # SOURCE: both are below 2**53, so the guess is one off at most.
            above, first = self.fitting(above, _EXACT_FLOAT - 1)
            below, second = self.fitting(below, _EXACT_FLOAT // 2)
            lost = self.either(lost, more, first, second)
            guess = self.named(f"floor({above.code} / {below.code})")
            rest = self.named(f"{above.code} - {guess} * {below.code}")
            floor = self.named(f"{guess} - ({rest} < 0) + ({rest} >= {below.code})")
            left = self.named(f"{above.code} - {floor} * {below.code}")
            low, high = (above.low // below.low, above.high // below.low + 1) if below.low == below.high else (above.low, above.high)
            steps = self._made(f"{mode.name}({floor}, {left}, {below.code})", min(low, 0), max(high, 1), Num("", 0, 0))
        scaled, again = self._scaled(attrs.evolve(steps, den=1, most=1), quantum.numerator)
        den = quantum.denominator
        return self._lowest(self._over(scaled, Num(str(den), den, den))), self.either(lost, again)


def constant(value: Number) -> Num:
    """Return a number of the text. Raises CannotFuseError for one that does not fit."""
    if max(abs(value.numerator), value.denominator) > LARGEST:
        raise CannotFuseError
    return Num(str(value.numerator), value.numerator, value.numerator, value.denominator, value.denominator)
