"""From the answers asked to the statements of one loop, and the inputs that it reads: an expression that it has no way for is an input.

What a row does not tell, a division by zero, a conflict, an answer sans objet makes the row `lost`: the plan judges it. So nothing here
holds a rule on what is unknown; what an answer rests on is folded here wherever it does not depend on the record.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from functools import reduce
from itertools import product
from typing import cast

import attrs

from optam_rules.backends.columnar.fused.pieces import (
    ALWAYS,
    NEVER,
    CannotFuseError,
    Code,
    Content,
    Day,
    Flag,
    Lines,
    Num,
    Piece,
    constant,
)
from optam_rules.base.numbers import Number
from optam_rules.core.absence import Value, known
from optam_rules.core.choice import undefeated
from optam_rules.core.ir import (
    SELF,
    Answer,
    Any_,
    Apply,
    Cell,
    Conditional,
    EvaluationDate,
    Expr,
    HypothesisRead,
    Literal,
    NotApplicable,
    OneOf,
    ParameterRead,
    Range,
    Round,
    Row,
    Table,
    UnknownLaw,
    Variable,
)
from optam_rules.core.meaning import of_parameter, of_reading
from optam_rules.core.operators import COMPARISONS, EQUALITIES, Operator
from optam_rules.core.program import Definition, ExceptionClause, Program, Version
from optam_rules.core.types import NUMERIC, EnumType, ListType, Scalar, SetType, Type

_MAX_DEPTH = 100  # of expressions, definitions included
_MAX_GUARDS = 5  # exceptions in force
_MAX_ROWS = 64  # of a table
_MAX_MEMBERS = 64  # of a set that a value is compared with
_MAX_LINES = 3_000  # beyond, compiling takes longer than it saves
_LOST = Piece(Flag(NEVER), ALWAYS)


@attrs.frozen
class Fused:
    """An answer of the loop: its value, and the clause that gave it (a place among the codes of its definition)."""

    piece: Piece
    clause: str


class Emitter:
    """Emits statements and returns pieces; `leaf` gives an expression as an input, and raises CannotFuseError where it cannot be one."""

    def __init__(self, program: Program, day: dt.date, assume: Mapping[str, str], leaf: Callable[[Expr], Piece], lines: Lines) -> None:
        self.program = program
        self.day = day
        self.assume = assume
        self.lines = lines
        self._leaf = leaf
        self._pieces: dict[Expr, Piece | None] = {}
        self._answers: dict[tuple[str, str], Fused | None] = {}
        self._depth = 0

    def answer(self, definition: Definition) -> Fused | None:
        """Emit a definition on the judged record; nothing where it cannot be, or where no row would be known."""
        if definition.key not in self._answers:
            self._answers[definition.key] = None  # definitions nested too deep find nothing here
            try:
                found = self._definition(definition)
                self._answers[definition.key] = None if found.piece.lost == ALWAYS else found
            except CannotFuseError:
                pass
        return self._answers[definition.key]

    # --- definitions -------------------------------------------------------------------------------------------------------------

    def _definition(self, definition: Definition) -> Fused:
        version = definition.version_at(self.day)
        if version is None or self.lines.size > _MAX_LINES:
            raise CannotFuseError
        clauses = [clause for clause in definition.exceptions if self.day in clause.interval]
        if not clauses:
            return Fused(self._body(version), "0")
        if len(clauses) > _MAX_GUARDS:
            raise CannotFuseError
        guards = [self._guard(definition, clause) for clause in clauses]
        chosen: dict[str | None, tuple[ExceptionClause | Version | None, list[str]]] = {}
        for held in product((False, True), repeat=len(clauses)):
            left = undefeated(definition, [clause for clause, holds in zip(clauses, held, strict=True) if holds])
            outcome = version if not left else left[0] if len(left) == 1 else None
            name = None if outcome is None else outcome.name if isinstance(outcome, ExceptionClause) else ""
            tests = [_flag(guard) if holds else self.lines.negated(_flag(guard)) for guard, holds in zip(guards, held, strict=True)]
            chosen.setdefault(name, (outcome, []))[1].append(self.lines.both(*tests))
        places = {clause.name: str(1 + place) for place, clause in enumerate(definition.exceptions)}
        found, clause_code = self._body(version), "0"
        for name, (outcome, conditions) in chosen.items():
            if outcome is version:
                continue
            condition = self.lines.either(*conditions)
            body = _LOST if outcome is None else self._body(outcome)
            found = self._either(condition, body, found)
            clause_code = self.lines.chosen(condition, places[name] if name is not None else "0", clause_code)
        return Fused(self._resting(found, guards), clause_code)

    def _guard(self, definition: Definition, clause: ExceptionClause) -> Piece:
        parts = [self.expression(clause.condition)]
        undercuts = [
            self._on(self.expression(undercut.condition), int(undercut.provenance.standing))
            for undercut in definition.undercuts_of(clause, self.day)
        ]
        if undercuts:
            parts.append(self._not(self._kleene(undercuts, True)))
        return self._on(self._kleene(parts, False) if undercuts else parts[0], int(clause.provenance.standing))

    def _body(self, clause: ExceptionClause | Version) -> Piece:
        return self._on(self.expression(clause.body), int(clause.provenance.standing))

    def _on(self, piece: Piece, standing: int) -> Piece:
        return attrs.evolve(piece, standing=self.lines.weakest([piece.standing, standing]))

    def _resting(self, piece: Piece, read: Sequence[Piece]) -> Piece:
        """Return a value that was decided by others: lost where one of them is, and no stronger."""
        return attrs.evolve(
            piece,
            lost=self.lines.either(piece.lost, *(other.lost for other in read)),
            standing=self.lines.weakest([piece.standing, *(other.standing for other in read)]),
            reads=piece.reads.union(*(other.reads for other in read)),
        )

    # --- expressions -------------------------------------------------------------------------------------------------------------

    def expression(self, expr: Expr) -> Piece:
        """Emit an expression, once; as an input where there is no other way."""
        if expr not in self._pieces:
            self._depth += 1
            self._pieces[expr] = self._emitted(expr) if self._depth <= _MAX_DEPTH else None
            self._depth -= 1
        found = self._pieces[expr]
        if found is None:
            raise CannotFuseError
        return found

    def _emitted(self, expr: Expr) -> Piece | None:
        try:
            return self._expression(expr)
        except CannotFuseError:
            try:
                return self._leaf(expr)
            except CannotFuseError:
                return None

    def _expression(self, expr: Expr) -> Piece:
        match expr:
            case Literal():
                return self.constant(known(expr.value), expr.type)
            case EvaluationDate():
                return Piece(Day(str(self.day.toordinal())))
            case ParameterRead(at=None):
                return self.constant(of_parameter(expr, self.program.parameters[expr.name], known(self.day)), expr.type)
            case HypothesisRead():
                return self.constant(of_reading(expr.name, self.assume.get(expr.name), tentative=False), expr.type)
            case UnknownLaw() | NotApplicable():
                return attrs.evolve(_LOST, content=self._filler(expr.type))
            case Answer(target=Variable(name=name), at=None) if name == SELF:
                fused = self.answer(self.program.definitions[expr.entity, expr.name])
                if fused is None:
                    raise CannotFuseError
                return fused.piece
            case Apply():
                return self._apply(expr)
            case Round():
                piece = self.expression(expr.operand)
                content, lost = self.lines.rounded(_number(piece), expr.quantum, expr.mode)
                return attrs.evolve(piece, content=content, lost=self.lines.either(piece.lost, lost))
            case Conditional():
                return self._conditional(expr)
            case Table():
                return self._table(expr)
        raise CannotFuseError

    def constant(self, value: Value, type_: Type) -> Piece:
        """Return a constant; one that is not known is lost on every row."""
        if not value.known:
            return attrs.evolve(_LOST, content=self._filler(type_), standing=int(value.standing))
        return Piece(self._constant(value.content, type_), standing=int(value.standing))

    def _constant(self, content: object, type_: Type) -> Content:
        match type_:
            case Scalar.BOOLEAN:
                return Flag(str(content))
            case Scalar.DATE:
                return Day(str(cast("dt.date", content).toordinal()))
            case EnumType():
                domain = self.program.domain(type_)
                return Code(str(domain.index(cast("str", content))), domain)
            case _ if type_ in NUMERIC:
                return constant(cast("Number", content))
        raise CannotFuseError

    def _filler(self, type_: Type) -> Content:
        match type_:
            case Scalar.BOOLEAN:
                return Flag(NEVER)
            case Scalar.DATE:
                return Day("1")
            case EnumType():
                return Code("0", self.program.domain(type_))
            case _ if type_ in NUMERIC:
                return Num("0", 0, 0)
        raise CannotFuseError

    def _apply(self, expr: Apply) -> Piece:
        operator = expr.operator
        if operator is Operator.AMONG:
            return self._among(expr)
        pieces = [self.expression(operand) for operand in expr.operands]
        first, last = pieces[0], pieces[-1]
        match operator:
            case Operator.AND | Operator.OR:
                return self._kleene(pieces, operator is Operator.OR)
            case Operator.IMPLIES:
                return self._kleene([self._not(first), last], True)
            case Operator.NOT:
                return self._not(first)
            case Operator.IS_KNOWN:
                return attrs.evolve(first, content=Flag(ALWAYS))
            case Operator.DOES_NOT_APPLY:
                return attrs.evolve(first, content=Flag(NEVER))
            case Operator.DEFAULT:
                return first
        content, lost = self._strict(operator, first.content, last.content)
        found = self._resting(attrs.evolve(first, content=content), pieces[1:])
        return attrs.evolve(found, lost=self.lines.either(found.lost, lost))

    def _strict(self, operator: Operator, left: Content, right: Content) -> tuple[Content, str]:
        match left, right:
            case Num(), Num():
                return self._arithmetic(operator, left, right)
            case (Day(one), Day(other)) if operator in COMPARISONS or operator in EQUALITIES:
                return self.lines.compared(operator, Num(one, 1, 2), Num(other, 1, 2))
            case (Day(one), Day(other)) if operator in (Operator.CAP, Operator.FLOOR):
                worse = self.lines.named(f"{one} {'>' if operator is Operator.CAP else '<'} {other}")
                return Day(self.lines.chosen(worse, other, one)), NEVER
            case (Flag(one), Flag(other)) if operator in EQUALITIES:
                sames = self.lines.either(self.lines.both(one, other), self.lines.both(self.lines.negated(one), self.lines.negated(other)))
                return Flag(sames if operator is Operator.EQUAL else self.lines.negated(sames)), NEVER
            case (Code(one, domain), Code(other, same)) if operator in EQUALITIES and domain == same:
                return self.lines.compared(operator, Num(one, 0, 1), Num(other, 0, 1))
        raise CannotFuseError

    def _arithmetic(self, operator: Operator, left: Num, right: Num) -> tuple[Content, str]:
        match operator:
            case Operator.ADD:
                return self.lines.added(left, right, 1)
            case Operator.SUBTRACT:
                return self.lines.added(left, right, -1)
            case Operator.MULTIPLY:
                return self.lines.multiplied(left, right)
            case Operator.NEGATE:
                return self.lines.negated_number(left), NEVER
            case Operator.DIVIDE:
                return self.lines.divided(left, right)
            case Operator.CAP | Operator.FLOOR:
                worse, lost = self.lines.compared(Operator.GREATER if operator is Operator.CAP else Operator.LESS, left, right)
                found, more = self.lines.chosen_number(worse.code, right, left)
                return found, self.lines.either(lost, more)
            case _ if operator in COMPARISONS or operator in EQUALITIES:
                return self.lines.compared(operator, left, right)
        raise CannotFuseError

    def _among(self, expr: Apply) -> Piece:
        left, right = expr.operands
        if not isinstance(right, Literal) or not isinstance(right.type, SetType | ListType):
            raise CannotFuseError
        members = cast("frozenset[Number]", right.value)
        if len(members) > _MAX_MEMBERS:
            raise CannotFuseError
        piece = self.expression(left)
        found, lost = self._one_of(piece.content, members, right.type.item)
        return attrs.evolve(piece, content=Flag(found), lost=self.lines.either(piece.lost, lost))

    def _one_of(self, content: Content, values: frozenset[Number] | frozenset[object], type_: Type) -> tuple[str, str]:
        tests = [self._strict(Operator.EQUAL, content, self._constant(value, type_)) for value in sorted(values, key=str)]
        return self.lines.either(*(cast("Flag", test).code for test, _ in tests)), self.lines.either(*(lost for _, lost in tests))

    def _not(self, piece: Piece) -> Piece:
        return attrs.evolve(piece, content=Flag(self.lines.negated(_flag(piece))))

    def _kleene(self, pieces: Sequence[Piece], deciding: bool) -> Piece:
        """Emit `ou` (deciding = true) or `et`: an operand that decides alone makes up for the others that are lost."""
        lines = self.lines
        decides = [_flag(piece) if deciding else lines.negated(_flag(piece)) for piece in pieces]
        sure = [lines.both(code, lines.negated(piece.lost)) for code, piece in zip(decides, pieces, strict=True)]
        decided = lines.either(*sure)
        lost = lines.both(lines.either(*(piece.lost for piece in pieces)), lines.negated(decided))
        standing: int | str = lines.weakest([piece.standing for piece in pieces])
        if len({piece.standing for piece in pieces}) > 1 or isinstance(standing, str):
            best = "-1"
            for code, piece in zip(sure, pieces, strict=True):
                better = lines.both(code, lines.named(f"{best} < {piece.standing}"))
                best = lines.chosen(better, str(piece.standing), best)
            standing = lines.chosen_standing(decided, best, standing)
        reads = frozenset[int]().union(*(piece.reads for piece in pieces))
        return Piece(Flag(decided if deciding else lines.negated(decided)), lost, standing, reads)

    def _either(self, condition: str, first: Piece, second: Piece) -> Piece:
        """Return one of two pieces; one that is lost everywhere has no form of its own."""
        lines = self.lines
        lost = lines.either(lines.both(condition, first.lost), lines.both(lines.negated(condition), second.lost))
        if first.lost == ALWAYS or second.lost == ALWAYS:
            there = second if first.lost == ALWAYS else first
            return attrs.evolve(there, lost=lost, reads=first.reads | second.reads)
        content, more = self._select(condition, first.content, second.content)
        standing = lines.chosen_standing(condition, first.standing, second.standing)
        return Piece(content, lines.either(lost, more), standing, first.reads | second.reads)

    def _select(self, condition: str, first: Content, second: Content) -> tuple[Content, str]:
        match first, second:
            case Num(), Num():
                return self.lines.chosen_number(condition, first, second)
            case Flag(one), Flag(other):
                lines = self.lines
                return Flag(lines.either(lines.both(condition, one), lines.both(lines.negated(condition), other))), NEVER
            case Day(one), Day(other):
                return Day(self.lines.chosen(condition, one, other)), NEVER
            case (Code(one, domain), Code(other, same)) if domain == same:
                return Code(self.lines.chosen(condition, one, other), domain), NEVER
        raise CannotFuseError

    def _conditional(self, expr: Conditional) -> Piece:
        conditions = [self.expression(branch.condition) for branch in expr.branches]
        found = self.expression(expr.otherwise)
        for condition, branch in zip(reversed(conditions), reversed(expr.branches), strict=True):
            chosen = self._either(_flag(condition), self.expression(branch.value), found)
            found = self._resting(chosen, [condition])
        return found

    def _table(self, expr: Table) -> Piece:
        if len(expr.rows) > _MAX_ROWS:
            raise CannotFuseError
        columns = [self.expression(column) for column in expr.columns]
        found = _LOST if expr.otherwise is None else self._row(expr.otherwise)
        misfits: list[str] = []
        for row in reversed(expr.rows):
            tests = [
                self._cell(cell, column.content, part.type) for cell, column, part in zip(row.cells, columns, expr.columns, strict=True)
            ]
            misfits += [lost for _, lost in tests]
            found = self._either(self.lines.both(*(test for test, _ in tests)), self._row(row), found)
        found = self._resting(found, columns)
        return attrs.evolve(found, lost=self.lines.either(found.lost, *misfits))

    def _row(self, row: Row) -> Piece:
        piece = self.expression(row.value)
        return piece if row.standing is None else self._on(piece, int(row.standing))

    def _cell(self, cell: Cell, content: Content, type_: Type) -> tuple[str, str]:
        match cell:
            case Any_():
                return ALWAYS, NEVER
            case OneOf(values):
                return self._one_of(content, cast("frozenset[object]", values), type_)
            case Range(low, low_closed, high, high_closed):
                bounds = [
                    (Operator.AT_LEAST if low_closed else Operator.GREATER, low),
                    (Operator.AT_MOST if high_closed else Operator.LESS, high),
                ]
                tests = [self._strict(operator, content, self._constant(bound, type_)) for operator, bound in bounds if bound is not None]
                codes = [cast("Flag", test).code for test, _ in tests]
                return self.lines.both(*codes), reduce(self.lines.either, (lost for _, lost in tests), NEVER)


def _number(piece: Piece) -> Num:
    if not isinstance(piece.content, Num):
        raise CannotFuseError
    return piece.content


def _flag(piece: Piece) -> str:
    if not isinstance(piece.content, Flag):
        raise CannotFuseError
    return piece.content.code
