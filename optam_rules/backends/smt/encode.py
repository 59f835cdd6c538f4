"""From an expression of the core to a value in formulas: one small method for each kind of node, as in the interpreter."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, assert_never, cast

import attrs
import z3

from optam_rules.backends.smt.dates import Dates
from optam_rules.backends.smt.decide import decide
from optam_rules.backends.smt.fold import fold
from optam_rules.backends.smt.record import Thing, World
from optam_rules.backends.smt.rows import table
from optam_rules.backends.smt.terms import Arith, Bool, Terms, UnencodableError
from optam_rules.backends.smt.value import Content, Many, Sym, Values
from optam_rules.base.calendar import Interval
from optam_rules.core.ir import (
    SELF,
    Aggregate,
    Answer,
    Apply,
    Collection,
    Conditional,
    Constant,
    EvaluationDate,
    Expr,
    Field,
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
from optam_rules.core.operators import Operator
from optam_rules.core.program import Parameter, Program
from optam_rules.core.types import EnumType, Scalar, SetType, Type

Scope = Mapping[str, Sym]
# Expressions nested deeper than this, definitions included, are not encoded: Python's frames are finite.
_MAX_DEPTH = 150
_FIRST_DAY, _LAST_DAY = 1, 3_652_059  # 0001-01-01 and 9999-12-31


@attrs.define(eq=False)
class Tables:
    """The reference tables of a proof: each a function of its keys, and the places where it was read."""

    world: World
    reads: dict[str, list[tuple[tuple[Any, ...], Bool, Any]]] = attrs.field(factory=dict)

    def read(self, name: str, keys: tuple[Any, ...]) -> tuple[Bool, Any]:
        """Return whether there is a row, and its value. Rates and amounts of tables are taken to be zero or more."""
        spec, terms = self.world.words.references[name], self.world.terms
        sorts = [z3.BoolSort(terms.context) if z3.is_bool(key) else key.sort() for key in keys]
        boolean = spec.type is Scalar.BOOLEAN
        real = spec.type in (Scalar.RATE, Scalar.POINTS)
        result = z3.BoolSort(terms.context) if boolean else z3.RealSort(terms.context) if real else z3.IntSort(terms.context)
        value = z3.Function(name, *sorts, result)(*keys)
        there = z3.Function(f"{name}?", *sorts, z3.BoolSort(terms.context))(*keys) if self.world.partial else terms.boolean(True)
        if isinstance(spec.type, EnumType):
            terms.require(z3.Or(*(value == terms.word(word) for word in self.world.words.enumerations[spec.type.name])))
        elif spec.type in (Scalar.RATE, Scalar.MONEY):
            terms.require(value >= 0)
            self.world.plain.append((spec.type, value))
        if spec.low is not None:
            terms.require(value >= terms.constant(spec.low))
        if spec.high is not None:
            terms.require(value <= terms.constant(spec.high))
        self.reads.setdefault(name, []).append((keys, there, value))
        return there, value


@attrs.define(eq=False)
class Encoder:
    """Encodes what one side reads: a program under some readings, on a day (a constant, or any of `days`).

    Definitions other than those of `expanded` (all where `None`) may have any value, of any status but those that `never` gives for them.
    """

    program: Program
    world: World
    tables: Tables
    dates: Dates
    readings: Mapping[str, Any]
    day: Arith
    days: Interval
    expanded: frozenset[tuple[str, str]] | None = None
    never: Mapping[tuple[str, str], frozenset[str]] = attrs.field(factory=dict)
    _memo: dict[tuple[int, str, str, int], Sym] = attrs.field(factory=dict, init=False)
    _depth: int = attrs.field(default=0, init=False)

    @property
    def terms(self) -> Terms:
        """The terms of the proof."""
        return self.world.terms

    @property
    def values(self) -> Values:
        """What combines values."""
        return self.world.values

    def within(self, interval: Interval, day: Arith) -> Bool:
        """Return whether a day is in an interval; folded where every day of the side is, or none."""
        if day is self.day:
            if interval.covers(self.days):
                return self.terms.boolean(True)
            if interval.intersect(self.days).empty:
                return self.terms.boolean(False)
        bounds = []
        if interval.start is not None:
            bounds.append(self.terms.folded(day >= interval.start.toordinal()))
        if interval.end is not None:
            bounds.append(self.terms.folded(day <= interval.end.toordinal()))
        return self.terms.every(bounds)

    def require_controls(self) -> None:
        """Leave out the records that a control refuses: those whose data are all known and break it, where all were read."""
        for thing in list(self.world.things):
            for control in thing.spec.controls:
                if thing.values.keys() >= set(control.fields):
                    known = self.terms.every(self.values.is_known(thing.values[name]) for name in control.fields)
                    held = self.encode(control.condition, {SELF: self.values.known(thing)})
                    self.terms.require(z3.Implies(z3.And(known, self.values.is_known(held)), held.content))

    def encode(self, expr: Expr, scope: Scope) -> Sym:
        """Return the value of an expression. Raises UnencodableError."""
        if self._depth >= _MAX_DEPTH:
            raise UnencodableError(
                f"une suite de règles de plus de {_MAX_DEPTH} niveaux", f"a chain of rules of more than {_MAX_DEPTH} levels"
            )
        self._depth += 1
        value = self._encode(expr, scope)
        self._depth -= 1
        return value

    def _encode(self, expr: Expr, scope: Scope) -> Sym:
        values, terms = self.values, self.terms
        match expr:
            case Literal():
                return values.known(self.constant(expr.value))
            case Field():
                return self._field(expr, scope)
            case Variable():
                return scope[expr.name]
            case Answer():
                return self._answer(expr, scope)
            case Apply():
                return self._apply(expr, scope)
            case Conditional():
                return self._conditional(expr, scope)
            case Aggregate():
                return fold(self, expr, scope)
            case ParameterRead():
                return self._parameter(expr, scope)
            case Table():
                return table(self, expr, scope)
            case Round():
                operand = self.encode(expr.operand, scope)
                return values.strict([operand], lambda: terms.rounded(operand.content, expr.quantum, expr.mode))
            case Collection():
                return self._collection(expr, scope)
            case EvaluationDate():
                return values.known(self.day)
            case HypothesisRead():
                return values.known(self.readings[expr.name])
            case Lookup():
                return self._lookup(expr, scope)
            case NotApplicable():
                return values.always(absent=True)
            case UnknownLaw():
                return values.always(unknown=True)
            case _:
                assert_never(expr)

    def constant(self, value: Constant) -> Content:
        """Return a constant of the core, a list or a set included."""
        if isinstance(value, tuple | frozenset):
            items = value if isinstance(value, tuple) else sorted(value, key=str)
            return Many(tuple((self.terms.boolean(True), self.terms.constant(item)) for item in items))
        return self.terms.constant(value)

    def definition(self, thing: Thing, entity: str, name: str, day: Arith) -> Sym:
        """Return the value of a definition on a record, encoded once; `day` chooses the versions in force."""
        key = (id(thing), entity, name, self.terms.key(day))
        if key not in self._memo:
            definition = self.program.definitions[entity, name]
            kept = self.expanded is None or (entity, name) in self.expanded
            free = None if kept else self.world.free(thing, definition, day, self.never.get((entity, name), ()))
            self._memo[key] = self._trusted((entity, name), decide(self, thing, definition, day)) if free is None else free
        return self._memo[key]

    def _trusted(self, key: tuple[str, str], value: Sym) -> Sym:
        """Drop the statuses that a definition is known never to have."""
        no = self.terms.boolean(False)
        return attrs.evolve(value, **dict.fromkeys(self.never.get(key, ()), no))

    def _field(self, expr: Field, scope: Scope) -> Sym:
        target = self.encode(expr.target, scope)
        if target.content is None:
            return target
        held = self.world.field(cast("Thing", target.content), expr.name)
        return self.values.either(self.values.is_known(target), held, attrs.evolve(target, content=None))

    def _answer(self, expr: Answer, scope: Scope) -> Sym:
        target = self.encode(expr.target, scope)
        day = self.values.known(self.day) if expr.at is None else self.encode(expr.at, scope)
        if target.content is None or day.content is None:
            return self.values.strict([target, day], lambda: None)
        value = self.definition(cast("Thing", target.content), expr.entity, expr.name, day.content)
        reached = self.terms.every([self.values.is_known(target), self.values.is_known(day)])
        return self.values.either(reached, value, self.values.strict([target, day], lambda: None))

    def _parameter(self, expr: ParameterRead, scope: Scope) -> Sym:
        parameter = self.program.parameters[expr.name]
        day = self.values.known(self.day) if expr.at is None else self.encode(expr.at, scope)
        if day.content is None:
            return day
        return self.values.either(self.values.is_known(day), self._dated(parameter, day.content), attrs.evolve(day, content=None))

    def _dated(self, parameter: Parameter, day: Arith) -> Sym:
        found = self.values.always(error=True)
        for dated in parameter.values:
            found = self.values.either(self.within(dated.interval, day), self.values.known(self.constant(dated.value)), found)
        return found

    def _lookup(self, expr: Lookup, scope: Scope) -> Sym:
        keys = [self.encode(key, scope) for key in expr.keys]
        strict = self.values.strict(keys, lambda: None)
        if any(key.content is None for key in keys):
            return strict
        if expr.table not in self.world.words.references:
            return self.values.either(self.values.is_known(strict), self.values.always(unknown=True), strict)
        there, value = self.tables.read(expr.table, tuple(key.content for key in keys))
        row = attrs.evolve(self.values.known(value), unknown=self.terms.no(there))
        return self.values.either(self.values.is_known(strict), row, strict)

    def _conditional(self, expr: Conditional, scope: Scope) -> Sym:
        values = self.values
        found = self.encode(expr.otherwise, scope)
        for branch in reversed(expr.branches):
            condition = values.guard(self.encode(branch.condition, scope))
            value = self.encode(branch.value, scope)
            found = self.branch(condition, value, found)
        return found

    def branch(self, condition: Sym, value: Sym, rest: Sym) -> Sym:
        """Return `value si condition sinon rest`; where the condition is unknown, what both agree on."""
        values = self.values
        known = values.either(condition.content, value, rest)
        if not self.terms.is_false(condition.unknown):
            known = values.either(condition.unknown, values.join(value, rest), known)
        broken = self.terms.some([condition.conflict, condition.error])
        return values.either(broken, attrs.evolve(condition, content=None), known)

    def _collection(self, expr: Collection, scope: Scope) -> Sym:
        items = [self.encode(item, scope) for item in expr.items]

        def held() -> Many:
            kept: list[tuple[Bool, Content]] = []
            for item in items:
                again = self.values.among(item.content, Many(tuple(kept))) if isinstance(expr.type, SetType) else self.terms.boolean(False)
                kept.append((self.terms.no(again), item.content))
            return Many(tuple(kept))

        return self.values.strict(items, held)

    # --- operators --------------------------------------------------------------------------------------------------------------

    def _apply(self, expr: Apply, scope: Scope) -> Sym:
        values = self.values
        operands = [self.encode(operand, scope) for operand in expr.operands]
        match expr.operator:
            case Operator.AND | Operator.OR:
                return values.kleene(operands, deciding=expr.operator is Operator.OR)
            case Operator.IMPLIES:
                return values.kleene([values.negation(operands[0]), operands[1]], deciding=True)
            case Operator.NOT:
                return values.negation(operands[0])
            case Operator.IS_KNOWN:
                return values.known(self.terms.no(operands[0].unknown))
            case Operator.DEFAULT:
                return values.either(operands[0].unknown, operands[1], operands[0])
            case Operator.DOES_NOT_APPLY:
                return attrs.evolve(operands[0], absent=self.terms.boolean(False), content=operands[0].absent)
        if any(operand.content is None for operand in operands):
            return values.strict(operands, lambda: None)
        content, error = self._computed(expr, [operand.content for operand in operands], [operand.type for operand in expr.operands])
        return values.strict(operands, lambda: content, error)

    def _computed(self, expr: Apply, contents: list[Any], types: list[Type]) -> tuple[Content, Bool | None]:
        """Return what an operator gives on known operands, and when it has no result."""
        terms, left, right = self.terms, contents[0], contents[-1]
        match expr.operator:
            case Operator.EQUAL:
                return self.values.same(left, right), None
            case Operator.NOT_EQUAL:
                return terms.no(self.values.same(left, right)), None
            case Operator.AMONG:
                return self.values.among(left, right), None
            case Operator.LESS:
                return terms.folded(left < right), None
            case Operator.AT_MOST:
                return terms.folded(left <= right), None
            case Operator.GREATER:
                return terms.folded(left > right), None
            case Operator.AT_LEAST:
                return terms.folded(left >= right), None
            case Operator.CAP:
                return terms.either(terms.folded(left > right), right, left), None
            case Operator.FLOOR:
                return terms.either(terms.folded(left < right), right, left), None
            case Operator.NEGATE:
                return terms.computed(-left, left), None
            case Operator.CALENDAR_YEAR:
                return self.dates.calendar_year(left), None
            case Operator.DATE:
                return self.dates.from_parts(*contents)
            case Operator.ADD | Operator.SUBTRACT if types[0] is Scalar.DATE:
                return self._shifted(expr, left, right, types[1])
            case Operator.ADD:
                return terms.computed(left + right, left, right), None
            case Operator.SUBTRACT:
                return terms.computed(left - right, left, right), None
            case Operator.MULTIPLY:
                return terms.computed(left * right, left, right), None
            case Operator.DIVIDE:
                return terms.divide(left, right), terms.folded(right == 0)
        raise UnencodableError(f"l'opérateur `{expr.operator.value}`", f"the operator `{expr.operator.value}`")

    def _shifted(self, expr: Apply, day: Arith, other: Arith, type_: Type) -> tuple[Content, Bool | None]:
        terms = self.terms
        if type_ is Scalar.DATE:
            return terms.computed(day - other, day, other), None
        count = other if expr.operator is Operator.ADD else terms.computed(-other, other)
        if type_ is Scalar.MONTHS:
            return self.dates.shifted(day, count, expr.month_end), None
        found = terms.computed(day + count, day, count)
        return found, terms.some([terms.folded(found < _FIRST_DAY), terms.folded(found > _LAST_DAY)])
