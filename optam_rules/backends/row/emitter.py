"""From expressions of the core to statements of a function of whole records: straight code on integers, dates and names.

At the first datum that is absent, division by zero, conflict or answer sans objet the function gives up: there is no rule here on what is
unknown. What an answer rests on is folded wherever it does not depend on the record. What is not compiled raises NotWholeError.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import product
from typing import Any, cast

import attrs

from optam_rules.backends.row import numbers
from optam_rules.backends.row.blocks import Blocks, Choice, Piece, TooDeepError, both
from optam_rules.backends.row.emitting import NUMERIC, Scope, exact
from optam_rules.backends.row.folds import aggregate
from optam_rules.backends.row.numbers import NotWholeError, Ratio
from optam_rules.backends.row.tables import table
from optam_rules.backends.row.writer import Writer, identifier
from optam_rules.base.numbers import Number, ratio, round_to
from optam_rules.core.absence import Rest, Value, known, strongest
from optam_rules.core.choice import resting_on_clause, undefeated
from optam_rules.core.compute import Failure, compute, mean, total
from optam_rules.core.ir import (
    SELF,
    Aggregate,
    Answer,
    Apply,
    Branch,
    Collection,
    Conditional,
    EvaluationDate,
    Expr,
    Field,
    Fold,
    HypothesisRead,
    Literal,
    Lookup,
    NotApplicable,
    ParameterRead,
    Round,
    Table,
    UnknownLaw,
    Variable,
)
from optam_rules.core.known import PartialError
from optam_rules.core.meaning import of_parameter, of_reading
from optam_rules.core.operators import COMPARISONS, EQUALITIES, PYTHON_SIGNS, Operator
from optam_rules.core.program import Definition, ExceptionClause, Program, Provenance, Version
from optam_rules.core.record import Absent
from optam_rules.core.types import EntityType, Scalar, SetType, Type
from optam_rules.core.walk import subexpressions

_DATUM_BITS = 142  # a datum has 40 digits at most, an amount in cents two more
_YEAR_BITS = 14
_MAX_GUARDS = 5  # exceptions in force
# How a statement ends that a record needs only where some datum of its own is absent; those of other records are always tested.
IF_ABSENT = ".__class__ is Absent: raise PartialError  # d'une donnée du dossier"
_MAX_NESTED = 15  # definitions emitted one in another, some ten Python frames each, of which there are a thousand
_ARITHMETIC = frozenset({Operator.ADD, Operator.SUBTRACT, Operator.MULTIPLY})  # never divisions, which give records up


def names_read() -> dict[str, Any]:
    """Return what the functions read by name."""
    names: dict[str, Any] = {"Absent": Absent, "PartialError": PartialError, "Failure": Failure, "compute": compute, "ratio": ratio}
    return names | {"total": total, "mean": mean, "both": both, "strongest": strongest, "half_even": numbers.half_even}


def in_order(program: Program, paths: Sequence[str]) -> list[str]:
    """Put answers after those that they read, so that each is worked out once."""
    rank = {key: place for place, key in enumerate(program.questions)}  # in the order of a topological sort
    return sorted(paths, key=lambda path: rank[program.answers_by_path[path].key])


class WholeEmitter:
    """Emits statements and returns pieces."""

    tracing = False

    def __init__(self, program: Program, writer: Writer, day: dt.date, assume: Mapping[str, str]) -> None:
        self.program = program
        self.writer = writer
        self.blocks = Blocks(writer)
        self.day = day
        self.assume = assume
        self._repeated: frozenset[Expr] = frozenset()
        self._nested = 0  # definitions being emitted, one in another
        self.needed: set[str] = set()  # data of the judged record that every record must tell

    def answer(self, path: str) -> Piece | None:
        """Emit an answer, or nothing at all where it cannot be compiled."""
        definition, needed = self.program.answers_by_path[path], set(self.needed)
        field, _, rest = path.partition(".")
        piece = self.blocks.attempt(lambda: self.definition(self.record("soi", field) if rest else "soi", definition))
        if piece is None:
            self.needed = needed
        return piece

    # --- definitions -------------------------------------------------------------------------------------------------------------

    def definition(self, record: str, definition: Definition) -> Piece:
        """Emit what is in force of a definition of a record."""
        return self.blocks.remembered((record, definition.key), lambda: self.blocks.kept(self.written(record, definition), definition.name))

    def written(self, record: str, definition: Definition) -> Piece:
        """Emit what is in force of a definition, where nothing before it did."""
        if self._nested >= _MAX_NESTED:
            if self.blocks.outermost and record == "soi":
                raise TooDeepError(lambda: self.definition(record, definition))
            raise NotWholeError
        outer = self._repeated
        self._repeated = _repeated(definition)
        self._nested += 1
        try:
            return self._in_force(record, definition)
        finally:
            self._nested -= 1
            self._repeated = outer

    def _in_force(self, record: str, definition: Definition) -> Piece:
        version = definition.version_at(self.day)
        if version is None:
            self.blocks.give_up()
        scope = {SELF: record}
        clauses = [clause for clause in definition.exceptions if self.day in clause.interval]
        if not clauses:
            return self.clause(version, scope)
        if len(clauses) > _MAX_GUARDS:
            raise NotWholeError
        guards = [self.blocks.kept(self._guard(definition, clause, scope)) for clause in clauses]
        chosen: dict[ExceptionClause | Version | None, list[tuple[bool, ...]]] = {}
        for held in product((False, True), repeat=len(clauses)):
            left = undefeated(definition, [clause for clause, holds in zip(clauses, held, strict=True) if holds])
            outcome = version if not left else left[0] if len(left) == 1 else None
            chosen.setdefault(outcome, []).append(held)
        codes = [cast("str", guard.code) for guard in guards]
        choices = [
            Choice(_any_of(codes, combinations), guards, lambda outcome=outcome: self.clause(outcome, scope))  # type: ignore[misc]
            for outcome, combinations in chosen.items()
        ]
        return self.blocks.one_of(choices)

    def _guard(self, definition: Definition, clause: ExceptionClause, scope: Scope) -> Piece:
        undercuts = definition.undercuts_of(clause, self.day)
        pieces = [self.expression(expr, scope) for expr in (clause.condition, *(undercut.condition for undercut in undercuts))]
        return self.guard(clause, pieces, [undercut.provenance for undercut in undercuts])

    def guard(self, clause: ExceptionClause, pieces: Sequence[Piece], origins: Sequence[Provenance]) -> Piece:
        """Emit whether an exception is enabled, from its condition and those that neutralise it, which come from `origins`."""
        condition, *undercuts = pieces
        parts = [condition, *(self._on(_not(found), origin) for found, origin in zip(undercuts, origins, strict=True))]
        return self._on(self.kleene(parts, False), clause.provenance)

    def clause(self, clause: ExceptionClause | Version | None, scope: Scope) -> Piece:
        """Emit the body of what gives the value."""
        if clause is None:  # a conflict, or values that may agree
            self.blocks.give_up()
        return self._on(self.expression(clause.body, scope), clause.provenance)

    def _on(self, piece: Piece, origin: Provenance) -> Piece:
        value = resting_on_clause(known(None), origin)
        return attrs.evolve(piece, rest=self.blocks.rest([piece.rest, (value.standing, value.hypotheses)]))

    # --- expressions -------------------------------------------------------------------------------------------------------------

    def expression(self, expr: Expr, scope: Scope) -> Piece:
        """Emit an expression; arithmetic that its definition writes more than once is worked out once."""
        if expr in self._repeated:
            return self.blocks.remembered(self._place(expr, scope), lambda: self.blocks.kept(self._expression(expr, scope)))
        return self._expression(expr, scope)

    def _expression(self, expr: Expr, scope: Scope) -> Piece:
        match expr:
            case Literal():
                return self._constant(known(expr.value), expr.type)
            case EvaluationDate():
                return Piece("day")
            case ParameterRead():
                return self.parameter(expr)
            case HypothesisRead():
                return self._constant(of_reading(expr.name, self.assume.get(expr.name), tentative=False), expr.type)
            case UnknownLaw() | NotApplicable() | Lookup():
                self.blocks.give_up()  # a row of a table that the caller supplies is looked up by who knows what its absence means
            case Collection():
                return self.collected(expr, [self.expression(item, scope) for item in expr.items])
            case Variable() if not isinstance(expr.type, EntityType):
                name = scope[expr.name]
                return self.blocks.remembered((name, "=element"), lambda: self._held(name, expr.type, natural=False))
            case Field():
                return self.field(self.target(expr.target, scope), expr)
            case Answer():
                if expr.at is not None:
                    raise NotWholeError
                return self.definition(self.target(expr.target, scope), self.program.definitions[expr.entity, expr.name])
            case Apply():
                return self._apply(expr, scope)
            case Round():
                return self._round(expr, scope)
            case Conditional():
                return self._conditional(expr, scope)
            case Table():
                return table(self, expr, scope)
            case Aggregate():
                return aggregate(self, expr, scope)
        raise NotWholeError

    def collected(self, expr: Collection, pieces: Sequence[Piece]) -> Piece:
        """Emit a list or a set of its items."""
        listed = f"({''.join(f'{exact(piece)}, ' for piece in pieces)})"
        return Piece(
            f"frozenset({listed})" if isinstance(expr.type, SetType) else listed, self.blocks.rest([piece.rest for piece in pieces])
        )

    def parameter(self, expr: ParameterRead) -> Piece:
        """Return the value of a parameter on the day judged."""
        if expr.at is not None:
            raise NotWholeError
        return self._constant(of_parameter(expr, self.program.parameters[expr.name], known(self.day)), expr.type)

    def _constant(self, value: Value, type_: Type) -> Piece:
        if not value.known:
            self.blocks.give_up()
        rest: Rest = (value.standing, value.hypotheses)
        if type_ in NUMERIC:
            return Piece(numbers.constant(cast("Number", value.content)), rest)
        if isinstance(value.content, bool):
            return Piece(str(value.content), rest)
        return Piece(self.shared(value.content), rest)

    def elements(self, source: Expr, code: str, scope: Scope) -> None:
        """Tell where the elements stand that a loop goes through: without trace, it does not matter."""

    def element(self, element: str, values: str) -> None:
        """Begin with an element: without trace, nothing is to be done."""

    def quantified(self, expr: Aggregate, condition: Piece, body: Piece) -> Piece:
        """Emit what an element counts as in `tous` or `existe`."""
        exists = expr.fold is Fold.EXISTS
        return body if expr.condition is None else self.kleene([condition if exists else _not(condition), body], not exists)

    def shared(self, content: object) -> str:
        """Return what stands for a constant: itself where Python writes it so, else a name."""
        if isinstance(content, str) or (isinstance(content, int) and not isinstance(content, bool)):
            return repr(content)
        if isinstance(content, frozenset) and content and all(isinstance(item, str | int) for item in content):
            return f"{{{', '.join(sorted(map(repr, content)))}}}"
        return self.writer.constant(content)

    def target(self, expr: Expr, scope: Scope) -> str:
        """Return the name of a record's values."""
        if isinstance(expr, Variable):
            return scope[expr.name]
        if not isinstance(expr, Field):
            raise NotWholeError
        return self.record(self.target(expr.target, scope), expr.name)

    def record(self, owner: str, field: str) -> str:
        """Return the name of the values of a record that another one holds."""

        def make() -> Piece:
            return Piece(self.blocks.named(f"{self._datum(owner, field)}.values", "values"))

        return cast("str", self.blocks.remembered((owner, ("=values", field)), make).code)

    def _datum(self, owner: str, field: str) -> str:
        name = self.writer.assign(f"{owner}[{field!r}]", identifier(field))
        if owner == "soi" and self.blocks.outermost:
            self.needed.add(field)  # every record is looked through for these at once
        elif owner == "soi":
            self.writer.line(f"if {name}{IF_ABSENT}")
        else:
            self.blocks.give_up_if(f"{name}.__class__ is Absent")
        return name

    def field(self, owner: str, expr: Field) -> Piece:
        """Emit a datum of a record."""

        def make() -> Piece:
            return self._held(self._datum(owner, expr.name), expr.type, natural=expr.type in NUMERIC and self._natural(expr))

        return self.blocks.remembered((owner, expr.name), make)

    def _held(self, name: str, type_: Type, *, natural: bool) -> Piece:
        """Take a constant that a name holds."""
        if type_ not in NUMERIC:
            return Piece(name)
        if type_ in (Scalar.INTEGER, Scalar.MONEY):
            return Piece(Ratio(name, 1, _DATUM_BITS, natural))
        above, below = self.writer.fresh(), self.writer.fresh("below")
        self.writer.line(f"{above}, {below} = {name}.as_integer_ratio()")
        return Piece(Ratio(above, below, _DATUM_BITS, natural))

    def _natural(self, expr: Field) -> bool:
        spec = self.program.entities[cast("EntityType", expr.target.type).name].fields[expr.name]
        return spec.low is not None and cast("Number", spec.low) >= 0

    def _ratio(self, piece: Piece) -> Ratio:
        if not isinstance(piece.code, Ratio):
            raise NotWholeError
        return piece.code

    def _apply(self, expr: Apply, scope: Scope) -> Piece:
        return self.applied(expr, [self.expression(operand, scope) for operand in expr.operands])

    def applied(self, expr: Apply, pieces: Sequence[Piece]) -> Piece:
        """Emit an operator on its operands."""
        first, last = pieces[0], pieces[-1]
        rest = self.blocks.rest([piece.rest for piece in pieces])
        match expr.operator:
            case Operator.AND | Operator.OR:
                return self.kleene(pieces, expr.operator is Operator.OR)
            case Operator.IMPLIES:
                return self.kleene([_not(first), last], True)
            case Operator.NOT:
                return _not(first)
            case Operator.IS_KNOWN:
                return Piece("True", first.rest)
            case Operator.DOES_NOT_APPLY:
                return Piece("False", first.rest)
            case Operator.DEFAULT:
                return first
            case Operator.AMONG:
                return Piece(f"({exact(first)} in {exact(last)})", rest)
            case Operator.CALENDAR_YEAR:
                return Piece(Ratio(f"{first.code}.year", 1, _YEAR_BITS), rest)
            case operator if isinstance(first.code, Ratio) and isinstance(last.code, Ratio) and operator is not Operator.DATE:
                return Piece(self._arithmetic(operator, first.code, last.code), rest)
            case operator if operator in EQUALITIES or (operator in COMPARISONS and expr.operands[0].type is Scalar.DATE):
                return Piece(f"({exact(first)} {PYTHON_SIGNS[operator]} {exact(last)})", rest)
            case _:
                return self._computed(expr, pieces, rest)

    def _computed(self, expr: Apply, pieces: Sequence[Piece], rest: Rest | str) -> Piece:
        """Leave dates and durations to the one implementation of their arithmetic."""
        operands = ", ".join(exact(piece) for piece in pieces)
        constants = f"{self.writer.constant(expr.operator)}, ({operands},), {self.writer.constant(expr.month_end)}"
        name = self.writer.assign(f"compute({constants})")
        self.blocks.give_up_if(f"{name}.__class__ is Failure")
        return Piece(Ratio(name, 1, _DATUM_BITS) if expr.type is Scalar.INTEGER else name, rest)

    def _arithmetic(self, operator: Operator, left: Ratio, right: Ratio) -> Ratio | str:
        match operator:
            case Operator.ADD:
                return numbers.added(left, right, "+")
            case Operator.SUBTRACT:
                return numbers.added(left, right, "-")
            case Operator.MULTIPLY:
                return numbers.multiplied(left, right)
            case Operator.NEGATE:
                return attrs.evolve(left, code=f"(-{left.code})")
            case Operator.DIVIDE:
                return self._divided(left, right)
            case Operator.CAP | Operator.FLOOR:
                left, right = self.blocks.kept(Piece(left)).code, self.blocks.kept(Piece(right)).code  # type: ignore[assignment]
                worse = numbers.compared(Operator.GREATER if operator is Operator.CAP else Operator.LESS, left, right)
                choices = [Choice(worse, [], lambda: Piece(right)), Choice("", [], lambda: Piece(left))]
                return self._ratio(self.blocks.one_of(choices))
            case _:
                return numbers.compared(operator, left, right)

    def _divided(self, left: Ratio, right: Ratio) -> Ratio:
        if right.code.isdigit():
            return numbers.over(left, right, right.code) if int(right.code) else self.blocks.give_up()
        above, below = self.blocks.named(left.code), self.blocks.named(right.code)
        positive = self.blocks.holds(f"({below} > 0)")
        if not positive:
            self.blocks.give_up_if(f"not {below}")
        if positive or right.natural:
            return numbers.over(attrs.evolve(left, code=above), right, below)
        divisor, signed = self.writer.fresh(), self.writer.fresh()
        self.writer.line(f"{signed}, {divisor} = ({above}, {below}) if {below} > 0 else (-{above}, -{below})")
        return numbers.over(attrs.evolve(left, code=signed), right, divisor)

    def kleene(self, pieces: Sequence[Piece], deciding: bool) -> Piece:
        """Emit `ou` (deciding = true) or `et`; where operands rest on the same, it does not matter which decides."""
        code = f"({(' or ' if deciding else ' and ').join(cast('str', piece.code) for piece in pieces)})"
        rests = {piece.rest for piece in pieces}
        if len(rests) == 1 and not isinstance(pieces[0].rest, str):
            return Piece(code, pieces[0].rest)
        pieces = [self.blocks.kept(piece) for piece in pieces]
        value = self.writer.assign(f"({(' or ' if deciding else ' and ').join(cast('str', piece.code) for piece in pieces)})")
        those = ", ".join(f"({piece.code}, {self.blocks.written(piece.rest)})" for piece in pieces)
        same = "value" if deciding else "not value"
        rest = self.writer.fresh("rest")
        with self.writer.block(f"if {value}:" if deciding else f"if not {value}:"):
            self.writer.line(f"{rest} = strongest([rest for value, rest in ({those},) if {same}])")
        with self.writer.block("else:"):
            self.writer.line(f"{rest} = {self._all_rests([piece.rest for piece in pieces])}")
        return Piece(value, rest)

    def _all_rests(self, rests: Sequence[Rest | str]) -> str:
        code = ""
        for rest in rests:
            code = f"both({code}, {self.blocks.written(rest)})" if code else self.blocks.written(rest)
        return code

    def _round(self, expr: Round, scope: Scope) -> Piece:
        operand = expr.operand
        if isinstance(operand, Conditional):  # branch by branch: constants are rounded here, and quotients need no name
            branches = tuple(attrs.evolve(branch, value=attrs.evolve(expr, operand=branch.value)) for branch in operand.branches)
            otherwise = attrs.evolve(expr, operand=operand.otherwise)
            return self._conditional(attrs.evolve(operand, branches=branches, otherwise=otherwise), scope)
        return self.rounded(expr, self.expression(operand, scope))

    def rounded(self, expr: Round, piece: Piece) -> Piece:
        """Emit a rounding of a number."""
        number = self._ratio(piece)
        if (fixed := number.fixed) is not None:
            return Piece(numbers.constant(round_to(fixed, expr.quantum, expr.mode)), piece.rest)
        if isinstance(number.below, int) and (number.below * expr.quantum) % 1 == 0 and number.below * expr.quantum == 1:
            return piece  # a multiple already
        above, below = numbers.quanta(number, expr.quantum)
        count = numbers.quotient(expr.mode, self.blocks.named(number.code), above, self.blocks.named(below))
        return Piece(numbers.of_quanta(number, expr.quantum, count), piece.rest)

    def _conditional(self, expr: Conditional, scope: Scope) -> Piece:
        return self.blocks.one_of(self._choices(expr.branches, expr.otherwise, [], scope))

    def _choices(self, branches: Sequence[Branch], otherwise: Expr, read: Sequence[Piece], scope: Scope) -> list[Choice]:
        """Return the choices of branches; `read` is what was read to come to the first."""
        if not branches:
            return [Choice("", read, lambda: self.expression(otherwise, scope))]
        branch, *others = branches
        condition = self.expression(branch.condition, scope)
        read = [*read, condition]
        choice = Choice(cast("str", condition.code), read, lambda: self.expression(branch.value, scope))
        if others and self._worth_waiting(others[0].condition, scope):
            return [choice, Choice("", [], lambda: self.blocks.one_of(self._choices(others, otherwise, read, scope)))]
        return [choice, *self._choices(others, otherwise, read, scope)]

    def _worth_waiting(self, condition: Expr, scope: Scope) -> bool:
        """Tell whether a condition takes arithmetic that is best left alone where the branch before it holds.

        Not where it reads an answer that was not worked out yet: others may read it too, and would each work it out.
        """
        new = [part for part in subexpressions(condition) if not self.blocks.knows(self._place(part, scope))]
        return any(part in self._repeated for part in new) and not any(isinstance(part, Answer) for part in new)

    def _place(self, expr: Expr, scope: Scope) -> tuple[str, object]:
        """Return the place under which what an expression gives is remembered."""
        match expr:
            case Answer(Variable(name), entity, answer, None):
                return scope[name], self.program.definitions[entity, answer].key
            case _:
                return "=expression", (tuple(sorted(scope.items())), expr)


def _repeated(definition: Definition) -> frozenset[Expr]:
    """Return the arithmetic that a definition writes more than once."""
    parts = Counter(
        part
        for expr in definition.expressions()
        for part in subexpressions(expr)
        if isinstance(part, Apply) and part.operator in _ARITHMETIC and part.type in NUMERIC
    )
    return frozenset(part for part, count in parts.items() if count > 1)


def _not(piece: Piece) -> Piece:
    return attrs.evolve(piece, code=f"(not {piece.code})")


def _any_of(codes: Sequence[str], combinations: Sequence[tuple[bool, ...]]) -> str:
    """Return a condition that holds on some combinations of truth values."""
    parts = (" and ".join(code if holds else f"not {code}" for code, holds in zip(codes, held, strict=True)) for held in combinations)
    return " or ".join(f"({part})" for part in parts)
