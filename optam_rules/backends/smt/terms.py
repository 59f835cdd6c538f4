"""Formulas with their constants folded: what is known without a solver never reaches it.

One `Terms` is one solver context with its constraints, so that proofs in several threads do not meet.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from enum import Enum
from fractions import Fraction
from typing import Any

import attrs
import z3

from optam_rules.base.calendar import Duration
from optam_rules.base.numbers import Number, Rounding
from optam_rules.base.phrases import Phrase
from optam_rules.core.ir import Scalarlike

Bool = Any  # z3.BoolRef
Arith = Any  # z3.ArithRef


class UnencodableError(Exception):
    """Raised where a construct has no formula here; `what` says which."""

    def __init__(self, fr: str, en: str) -> None:
        super().__init__(fr)
        self.what = Phrase(fr, en)


class Quotient(Enum):
    """What stands for a quotient whose divisor is not a constant; the value is what verdicts call it."""

    FREE = "quotients libres"  # any function of numerator and divisor: what it proves holds, its models may not exist
    PRODUCT = "quotients par produits"
    NATIVE = "division du solveur"


@attrs.define(eq=False)
class Terms:
    """Makes terms of one context and gathers the constraints that go with them.

    `outside` tells that a date left the years that dates are encoded for; nothing is claimed there.
    """

    quotient: Quotient
    context: Any = attrs.field(factory=z3.Context)
    constraints: list[Bool] = attrs.field(factory=list)
    outsides: list[Bool] = attrs.field(factory=list)
    quotients: int = 0
    _true: Bool = attrs.field(init=False)
    _false: Bool = attrs.field(init=False)
    _words: dict[str, int] = attrs.field(factory=dict)
    _fresh: int = 0
    _divided: dict[tuple[int, int], Arith] = attrs.field(factory=dict)
    _kept: list[Any] = attrs.field(factory=list)  # terms whose identity is a key: they must not be freed

    def __attrs_post_init__(self) -> None:
        self._true, self._false = z3.BoolVal(True, self.context), z3.BoolVal(False, self.context)

    # --- constants and variables ------------------------------------------------------------------------------------------------

    def boolean(self, value: bool) -> Bool:
        """Return a constant."""
        return self._true if value else self._false

    def is_true(self, condition: Bool) -> bool:
        """Tell whether a condition is the constant: one term of a context is one address, and asking the solver costs far more."""
        return bool(condition.ast.value == self._true.ast.value)

    def is_false(self, condition: Bool) -> bool:
        """Tell whether a condition is the constant."""
        return bool(condition.ast.value == self._false.ast.value)

    def integer(self, value: int) -> Arith:
        """Return a constant."""
        return z3.IntVal(value, self.context)

    def number(self, value: Number) -> Arith:
        """Return a constant: an integer where it is whole."""
        if value.denominator == 1:
            return self.integer(int(value))
        return z3.RealVal(f"{value.numerator}/{value.denominator}", self.context)

    def constant(self, value: Scalarlike) -> Any:
        """Return a constant of the core: dates as day numbers, durations as counts, texts and values of enumerations as numbers of ours."""
        match value:
            case bool():
                return self.boolean(value)
            case dt.date():
                return self.integer(value.toordinal())
            case Duration():
                return self.integer(value.count)
            case str():
                return self.integer(self.word(value))
            case _:
                return self.number(value)

    def word(self, text: str) -> int:
        """Return the number that stands for a text."""
        return self._words.setdefault(text, len(self._words))

    def text(self, number: int) -> str:
        """Return the text that a number stands for; one that nobody wrote where it stands for none."""
        found = list(self._words)
        return found[number] if 0 <= number < len(found) else f"texte-{number}"

    def new_integer(self, name: str) -> Arith:
        """Return a variable of its own."""
        self._fresh += 1
        return z3.Int(f"{name}#{self._fresh}", self.context)

    def new_real(self, name: str) -> Arith:
        """Return a variable of its own."""
        self._fresh += 1
        return z3.Real(f"{name}#{self._fresh}", self.context)

    def new_boolean(self, name: str) -> Bool:
        """Return a variable of its own."""
        self._fresh += 1
        return z3.Bool(f"{name}#{self._fresh}", self.context)

    def require(self, condition: Bool) -> None:
        """Add a constraint."""
        if not self.is_true(condition):
            self.constraints.append(condition)

    def key(self, term: Any) -> int:
        """Return what tells a term from another, for as long as this object lives."""
        self._kept.append(term)
        return int(term.get_id())

    # --- booleans ---------------------------------------------------------------------------------------------------------------

    def every(self, conditions: Iterable[Bool]) -> Bool:
        """Return their conjunction."""
        left = self._distinct(conditions, self.is_true)
        if any(self.is_false(condition) for condition in left):
            return self.boolean(False)
        return self.boolean(True) if not left else left[0] if len(left) == 1 else z3.And(*left)

    def some(self, conditions: Iterable[Bool]) -> Bool:
        """Return their disjunction."""
        left = self._distinct(conditions, self.is_false)
        if any(self.is_true(condition) for condition in left):
            return self.boolean(True)
        return self.boolean(False) if not left else left[0] if len(left) == 1 else z3.Or(*left)

    def no(self, condition: Bool) -> Bool:
        """Return its negation."""
        if self.is_true(condition) or self.is_false(condition):
            return self.boolean(self.is_false(condition))
        return condition.arg(0) if z3.is_not(condition) else z3.Not(condition)

    def either(self, condition: Bool, first: Any, other: Any) -> Any:
        """Return `first` where the condition holds, else `other`; of booleans or of numbers."""
        if self.is_true(condition) or first.ast.value == other.ast.value:
            return first
        if self.is_false(condition):
            return other
        return z3.If(condition, first, other)

    def same(self, first: Any, other: Any) -> Bool:
        """Return whether two booleans or two numbers are equal."""
        if first.ast.value == other.ast.value:
            return self.boolean(True)
        return self.folded(first == other)

    def folded(self, condition: Bool) -> Bool:
        """Fold a comparison of constants."""
        if all(self.value_of(part) is not None for part in condition.children()):
            return z3.simplify(condition)
        return condition

    @staticmethod
    def _distinct(conditions: Iterable[Bool], neutral: Callable[[Any], bool]) -> list[Bool]:
        return list({condition.ast.value: condition for condition in conditions if not neutral(condition)}.values())

    # --- numbers ----------------------------------------------------------------------------------------------------------------

    @staticmethod
    def value_of(term: Any) -> Number | None:
        """Return the number of a constant term, else `None`."""
        if z3.is_int_value(term):
            return int(term.as_long())
        if z3.is_rational_value(term):
            found = Fraction(term.numerator_as_long(), term.denominator_as_long())
            return found.numerator if found.denominator == 1 else found
        return None

    def computed(self, term: Arith, *operands: Arith) -> Arith:
        """Fold an operation on constants."""
        return z3.simplify(term) if all(self.value_of(operand) is not None for operand in operands) else term

    def real(self, term: Arith) -> Arith:
        """Return a number as a real one."""
        return z3.ToReal(term) if z3.is_int(term) else term

    def divide(self, numerator: Arith, divisor: Arith) -> Arith:
        """Return a quotient; where the divisor is zero it is any number, and the caller gives an error value."""
        known = self.value_of(divisor)
        if known is not None:
            return self.computed(self.real(numerator) / self.real(divisor), numerator, divisor) if known else self.integer(0)
        key = (self.key(numerator), self.key(divisor))
        if key not in self._divided:
            self.quotients += 1
            self._divided[key] = self._quotient(self.real(numerator), self.real(divisor))
        return self._divided[key]

    def _quotient(self, numerator: Arith, divisor: Arith) -> Arith:
        if self.quotient is Quotient.NATIVE:
            return numerator / divisor
        if self.quotient is Quotient.PRODUCT:
            found = self.new_real("quotient")
            self.require(z3.Implies(divisor != 0, found * divisor == numerator))
            return found
        real = z3.RealSort(self.context)
        found = z3.Function("quotient", real, real, real)(numerator, divisor)
        # What is true of every quotient, so that signs and shares are proved without knowing it.
        self.require(z3.Implies(z3.And(numerator >= 0, divisor > 0), found >= 0))
        self.require(z3.Implies(divisor > 0, z3.And((numerator <= divisor) == (found <= 1), (numerator == 0) == (found == 0))))
        return found

    def rounded(self, term: Arith, quantum: Number, mode: Rounding) -> Arith:
        """Round to a multiple of `quantum`, as `round_to` does."""
        if z3.is_int(term) and quantum == 1:
            return term
        steps = self.real(term) / self.real(self.number(quantum))
        floor = z3.ToInt(steps)
        half = z3.RealVal("1/2", self.context)
        rest = steps - z3.ToReal(floor)
        match mode:
            case Rounding.DOWN:
                found = floor
            case Rounding.UP:
                found = z3.If(rest > 0, floor + 1, floor)
            case Rounding.HALF_UP:
                found = z3.If(rest >= half, floor + 1, floor)
            case Rounding.HALF_EVEN:
                found = z3.If(z3.Or(rest > half, z3.And(rest == half, floor % 2 == 1)), floor + 1, floor)
        return self.computed(found if quantum == 1 else z3.ToReal(found) * self.real(self.number(quantum)), term)
