"""From expressions that a loop takes as they are to the columns that it reads, worked out by the plan, and what it may take for granted."""

from __future__ import annotations

from typing import cast

import attrs
import numpy as np

from optam_rules.backends.columnar.content import CannotError, Codes, Days, Flags
from optam_rules.backends.columnar.frame import Frame, Unread
from optam_rules.backends.columnar.fused.pieces import TEXT, CannotFuseError, Code, Content, Day, Flag, Num, Piece
from optam_rules.backends.columnar.plan import Plan, Scope
from optam_rules.backends.columnar.ratio import Array, Ratio
from optam_rules.backends.columnar.vector import KNOWN, Vec
from optam_rules.base.numbers import Number
from optam_rules.core.bounds import numerators
from optam_rules.core.ir import SELF, Expr, Field, Literal, Variable
from optam_rules.core.types import NUMERIC, EnumType, Scalar

# A number whose text declares no bounds is taken to stay below this, and a denominator of its own row below that; others are the plan's.
_USUAL_TOP, _USUAL_DEN = 2**47, 2**31
_MOST_ABSENT = 0.2  # of the rows: what is missing more often is left to the plan, with the answers that read it
_ONE_TO_A_DATE = 1, 3_652_059  # ordinals


@attrs.frozen
class Shape:
    """What a loop takes for granted of an input: its denominator (`None`: one a row) and what it rests on, on most rows at least."""

    den: int | None
    standing: int


@attrs.define(eq=False)
class Inputs:
    """The inputs of one batch, worked out as they are asked for; input `i` has the names `xi`, and `yi` for a denominator of its own."""

    plan: Plan
    frame: Frame
    met: list[tuple[Expr, Shape]] = attrs.field(factory=list, init=False)
    _columns: dict[Expr, Vec | None] = attrs.field(factory=dict, init=False)

    def leaf(self, expr: Expr) -> Piece:
        """Return an expression as an input. Raises CannotFuseError where it has no column of integers, or few rows know it."""
        shape = self.shape(expr)
        if shape is None:
            raise CannotFuseError
        if (expr, shape) not in self.met:
            self.met.append((expr, shape))
        place = self.met.index((expr, shape))
        return Piece(self._content(expr, shape, f"x{place}", f"y{place}"), standing=shape.standing, reads=frozenset({place}))

    def shape(self, expr: Expr) -> Shape | None:
        """Return what may be taken for granted of an expression on this batch, nothing where it is no input."""
        unread = self._unread(expr)
        if unread is not None:
            return Shape(unread.den, TEXT)
        vec = self._column(expr)
        if vec is None:
            return None
        standing = vec.standing if isinstance(vec.standing, int) else int(np.bincount(vec.standing).argmax())
        if not isinstance(vec.content, Ratio):
            return Shape(1, standing)
        return Shape(int(vec.content.den[0]) if len(vec.content.den) == 1 else None, standing)

    def names(self, place: int) -> list[str]:
        """Return the names of the columns of an input, a boolean's marked."""
        expr, shape = self.met[place]
        mark = "!" if expr.type is Scalar.BOOLEAN else ""
        return [f"x{place}{mark}", *([f"y{place}"] if shape.den is None else [])]

    def arrays(self, expr: Expr, shape: Shape) -> list[Array | Unread]:
        """Return the columns of an input, as many as it has names."""
        unread = self._unread(expr)
        if unread is not None:
            low, high = _bounds(self, expr, shape)
            unread.low, unread.high = max(unread.low, low), min(unread.high, high)
            return [unread]
        content = cast("Vec", self._column(expr)).content
        match content:
            case Flags(values):
                return [values]
            case Days(ordinals):
                return [ordinals]
            case Ratio(num, den):
                return [num] if shape.den is not None else [num, den]
            case Codes(codes, domain):
                places = {text: place for place, text in enumerate(self._domain(cast("EnumType", expr.type)))}
                if tuple(places) == domain:
                    return [codes]
                return [np.array([places[text] for text in domain], np.int64)[codes]]
        raise TypeError(f"{type(content).__name__} is no column of integers")

    def beyond(self, expr: Expr, shape: Shape) -> Array | None:
        """Return the rows on which an input is not known, or not what the loop takes it to be; `None` where there is none."""
        if self._unread(expr) is not None:
            return None
        vec = cast("Vec", self._column(expr))
        found = None if vec.status is None else vec.status != KNOWN
        if not isinstance(vec.standing, int) and (otherwise := vec.standing != shape.standing).any():
            found = otherwise if found is None else found | otherwise
        if isinstance(vec.content, Ratio):
            low, high = _bounds(self, expr, shape)
            num, den = vec.content.num, vec.content.den
            # What its text declares is held by whoever reads records; there, no number is outside of one bound and within the other.
            if vec.content.top > max(-low, high):
                outside = (num < low) | (num > high)
                found = outside if found is None else found | outside
            if shape.den is None and vec.content.bottom > _USUAL_DEN:
                found = den > _USUAL_DEN if found is None else found | (den > _USUAL_DEN)
        return found

    def read(self, expr: Expr) -> bool:
        """Read an input that turned out not to be what the loop takes it to be; tell whether it is one."""
        unread = self._unread(expr)
        if unread is None or unread.sound:
            return False
        self._column(expr)
        return True

    def _unread(self, expr: Expr) -> Unread | None:
        """Return the column of a datum that nobody has read yet."""
        if not isinstance(expr, Field) or not isinstance(expr.target, Variable) or expr.target.name != SELF:
            return None
        return self.frame.unread(expr.name)

    def _column(self, expr: Expr) -> Vec | None:
        """Return the column of an expression, nothing where it is not of integers or not known on most rows."""
        if expr not in self._columns:
            self._columns[expr] = self._worked_out(expr)
        return self._columns[expr]

    def _worked_out(self, expr: Expr) -> Vec | None:
        scalar = expr.type in NUMERIC or expr.type in (Scalar.BOOLEAN, Scalar.DATE) or isinstance(expr.type, EnumType)
        if not scalar or isinstance(expr, Literal | Variable):
            return None
        try:
            vec = self.plan.finished(expr, Scope.of(self.frame))
        except CannotError:
            return None
        if vec.status is not None:
            missing = np.count_nonzero(vec.status != KNOWN) / len(vec.status)
            if missing > _MOST_ABSENT:
                return None
        match vec.content:
            case Ratio(num, den):
                return None if num.dtype == object or den.dtype == object else vec
            case Flags() | Days() | Codes():
                return vec
        return None

    def _content(self, expr: Expr, shape: Shape, name: str, below: str) -> Content:
        match expr.type:
            case Scalar.BOOLEAN:
                return Flag(name)
            case Scalar.DATE:
                return Day(name)
            case EnumType():
                return Code(name, self._domain(expr.type))
        low, high = _bounds(self, expr, shape)
        return Num(name, low, high, *((shape.den, shape.den) if shape.den is not None else (below, _USUAL_DEN)))

    def _domain(self, type_: EnumType) -> tuple[str, ...]:
        return self.plan.program.domain(type_)


def _bounds(inputs: Inputs, expr: Expr, shape: Shape) -> tuple[int, int]:
    """Return what the integer of a number stays between: what its text declares, where it is a datum over one denominator."""
    top = _USUAL_TOP if shape.den is None or shape.den < _USUAL_DEN else 2**62
    if isinstance(expr, Field) and isinstance(expr.target, Variable) and expr.target.name == SELF and shape.den is not None:
        spec = inputs.plan.program.main.fields[expr.name]
        return numerators(cast("Number | None", spec.low), cast("Number | None", spec.high), shape.den, top)
    return -top, top
