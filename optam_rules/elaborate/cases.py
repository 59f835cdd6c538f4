"""From conditions to the finitely many cases that they tell apart, and to a case that meets given requirements.

Each expression that conditions look at is an input: a boolean or an enumeration by its values, an ordered one by the intervals that its
comparisons with constants cut (`core.regions`), two compared with each other by which is greater. Anything else is a boolean of its own.
Inputs are taken as independent, so a case found may be impossible for reasons that the text does not show; a search that finds none proves
that there is none.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import attrs

from optam_rules.core.compute import Failure
from optam_rules.core.ir import Apply, Cell, Expr, OneOf, Range, Scalarlike
from optam_rules.core.operators import COMPARISONS, EQUALITIES, Operator
from optam_rules.core.regions import Column, cut_column
from optam_rules.core.types import EnumType
from optam_rules.elaborate.constants import constant
from optam_rules.elaborate.faults import snippet
from optam_rules.elaborate.show import show

MAX_LOOKS = 100_000  # leaves of conditions evaluated for one definition
MAX_LOOKS_IN_ALL = 1_500_000  # in one elaboration, and half as many for what only warns


class TooManyCasesError(Exception):
    """Raised when a search exceeds its budget."""


@attrs.define
class Budget:
    """How many leaves of conditions may still be looked at in one elaboration."""

    left: int = MAX_LOOKS_IN_ALL


@attrs.frozen
class _Leaf:
    input: int
    row: int


@attrs.frozen
class _Gate:
    """`et` (deciding = false), `ou` (deciding = true) over its parts; `negated` turns the whole around."""

    parts: tuple[_Formula, ...]
    deciding: bool
    negated: bool


_Formula = bool | _Leaf | _Gate

_SIGN = EnumType("signe")
_SIGNS = ("<", "=", ">")
_HOLDS: Mapping[Operator, str] = {
    Operator.LESS: "<",
    Operator.AT_MOST: "<=",
    Operator.GREATER: ">",
    Operator.AT_LEAST: ">=",
    Operator.EQUAL: "=",
    Operator.NOT_EQUAL: "<>",
}
_FLIPPED: Mapping[Operator, Operator] = {
    Operator.LESS: Operator.GREATER,
    Operator.AT_MOST: Operator.AT_LEAST,
    Operator.GREATER: Operator.LESS,
    Operator.AT_LEAST: Operator.AT_MOST,
    Operator.EQUAL: Operator.EQUAL,
    Operator.NOT_EQUAL: Operator.NOT_EQUAL,
}


@attrs.define
class Cases:
    """The inputs that some conditions look at, and the conditions over them."""

    domains: Mapping[str, tuple[str, ...]]
    budget: Budget
    formulas: list[_Formula] = attrs.field(factory=list)
    _inputs: dict[object, int] = attrs.field(factory=dict)
    _expressions: list[tuple[Expr, Expr | None]] = attrs.field(factory=list)
    _cells: list[list[Cell]] = attrs.field(factory=list)
    _columns: list[Column] = attrs.field(factory=list)

    @classmethod
    def of(cls, conditions: Sequence[Expr], domains: Mapping[str, tuple[str, ...]], budget: Budget) -> Cases:
        """Read conditions; they keep their places in `formulas`."""
        cases = cls(domains, budget)
        cases.formulas = [cases._formula(condition) for condition in conditions]
        for (first, second), cells in zip(cases._expressions, cases._cells, strict=True):
            type_ = _SIGN if second is not None else first.type
            domain = _SIGNS if second is not None else domains.get(type_.name, ()) if isinstance(type_, EnumType) else ()
            cases._columns.append(cut_column(cells, type_, domain))
        return cases

    # --- reading conditions -----------------------------------------------------------------------------------------------------

    def _formula(self, expr: Expr) -> _Formula:
        match expr:
            case Apply(Operator.AND, operands):
                return _Gate(tuple(self._formula(operand) for operand in operands), False, False)
            case Apply(Operator.OR, operands):
                return _Gate(tuple(self._formula(operand) for operand in operands), True, False)
            case Apply(Operator.NOT, (operand,)):
                return _Gate((self._formula(operand),), True, True)
            case Apply(Operator.IMPLIES, (left, right)):
                return _Gate((_Gate((self._formula(left),), True, True), self._formula(right)), True, False)
        value = constant(expr)
        if isinstance(value, bool):
            return value
        match expr:
            case Apply(operator, (left, right)) if operator in COMPARISONS or operator in EQUALITIES:
                return self._compared(operator, left, right)
            case Apply(Operator.AMONG, (item, whole)):
                values = constant(whole)
                if isinstance(values, tuple | frozenset):
                    return self._leaf(item, None, OneOf(frozenset(values)))
        return self._leaf(expr, None, OneOf(frozenset({True})))

    def _compared(self, operator: Operator, left: Expr, right: Expr) -> _Formula:
        low, high = constant(left), constant(right)
        if low is not None and high is None:
            left, right, high, operator = right, left, low, _FLIPPED[operator]
        if high is None or isinstance(high, Failure | tuple | frozenset):
            if (right, left) in self._inputs:
                left, right, operator = right, left, _FLIPPED[operator]
            return self._leaf(left, right, OneOf(frozenset(_SIGNS) & frozenset(_signs(operator))))
        match operator:
            case Operator.EQUAL:
                return self._leaf(left, None, OneOf(frozenset({high})))
            case Operator.NOT_EQUAL:
                return _Gate((self._leaf(left, None, OneOf(frozenset({high}))),), True, True)
            case _:
                return self._leaf(left, None, _range(operator, high))

    def _leaf(self, first: Expr, second: Expr | None, cell: Cell) -> _Formula:
        key: object = first if second is None else (first, second)
        place = self._inputs.setdefault(key, len(self._cells))
        if place == len(self._cells):
            self._expressions.append((first, second))
            self._cells.append([])
        self._cells[place].append(cell)
        return _Leaf(place, len(self._cells[place]) - 1)

    # --- searching --------------------------------------------------------------------------------------------------------------

    def find(self, wanted: Sequence[tuple[int, bool]]) -> list[str] | None:
        """Return a case where conditions (by place) take wanted values, each input in words; `None` if there is none.

        Raises TooManyCasesError past the budget.
        """
        looks = min(MAX_LOOKS, self.budget.left)
        start = looks
        atoms: dict[int, int] = {}
        # Each frame: the input that is tried, and what is left to try of it.
        frames: list[tuple[int, Iterator[int]]] = []
        try:
            while True:
                undecided = None
                refuted = False
                for place, truth in wanted:
                    value, spent = self._evaluate(self.formulas[place], atoms)
                    looks -= spent
                    if value is None:
                        undecided = place if undecided is None else undecided
                    elif value is not truth:
                        refuted = True
                        break
                if looks < 0:
                    raise TooManyCasesError
                if not refuted and undecided is None:
                    return self._in_words(atoms)
                if not refuted and undecided is not None:
                    place = self._first_open(self.formulas[undecided], atoms)
                    frames.append((place, iter([atom for _, atom in self._columns[place].options])))
                while frames:
                    place, rest = frames[-1]
                    atoms.pop(place, None)
                    if (atom := next(rest, None)) is not None:
                        atoms[place] = atom
                        break
                    frames.pop()
                if not frames:
                    return None
        finally:
            self.budget.left -= start - looks

    def _evaluate(self, formula: _Formula, atoms: Mapping[int, int]) -> tuple[bool | None, int]:
        """Return the value of a condition where the inputs tried decide it, and how many leaves were looked at."""
        match formula:
            case bool():
                return formula, 1
            case _Leaf(place, row):
                atom = atoms.get(place)
                return (None if atom is None else bool(self._columns[place].hits[atom] >> row & 1)), 1
            case _Gate(parts, deciding, negated):
                spent = 0
                value: bool | None = not deciding
                for part in parts:
                    found, looked = self._evaluate(part, atoms)
                    spent += looked
                    if found is deciding:
                        value = deciding
                        break
                    if found is None:
                        value = None
                return (value if value is None else value is not negated), spent

    def _first_open(self, formula: _Formula, atoms: Mapping[int, int]) -> int:
        waiting = [formula]
        while waiting:
            current = waiting.pop()
            if isinstance(current, _Leaf) and current.input not in atoms:
                return current.input
            if isinstance(current, _Gate):
                waiting.extend(reversed([part for part in current.parts if self._evaluate(part, atoms)[0] is None]))
        raise AssertionError("an undecided condition has an input that was not tried")

    def _in_words(self, atoms: Mapping[int, int]) -> list[str]:
        words = []
        for place in sorted(atoms):
            first, second = self._expressions[place]
            value = self._columns[place].representatives[atoms[place]]
            sign, right = ("=", show(value, first.type)) if second is None else (value, snippet(second.position))
            words.append(f"`{snippet(first.position)}` {sign} `{right}`")
        return words


def _signs(operator: Operator) -> list[str]:
    return list(_HOLDS[operator])


def _range(operator: Operator, bound: Scalarlike) -> Range:
    if isinstance(bound, bool | str):
        raise TypeError(f"{bound!r} has no order")
    match operator:
        case Operator.LESS | Operator.AT_MOST:
            return Range(None, False, bound, operator is Operator.AT_MOST)
        case _:
            return Range(bound, operator is Operator.AT_LEAST, None, False)
