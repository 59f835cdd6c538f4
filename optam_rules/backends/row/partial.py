"""From a definition to a Python function over values that may be unknown: one statement or block for each node of the core.

What a node means is told by `optam_rules.core.meaning`, and not here again; what is emitted is which parts are looked at, and when.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from typing import Any, assert_never

from optam_rules.backends.row.state import State
from optam_rules.backends.row.writer import Writer, build, identifier
from optam_rules.core import absence, choice, folding, meaning
from optam_rules.core.absence import NOT_APPLICABLE, TRUE, Value, known, unknown
from optam_rules.core.ir import (
    SELF,
    Aggregate,
    Answer,
    Apply,
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
from optam_rules.core.judgement import Status
from optam_rules.core.operators import Operator
from optam_rules.core.program import Definition, ExceptionClause, Program, Version
from optam_rules.core.record import Record
from optam_rules.core.walk import subexpressions

# Deeper blocks go on in a function of their own: Python refuses 20 loops in one another.
_MAX_DEPTH = 12
_NAMES: Mapping[str, Any] = {
    "UNKNOWN": Status.UNKNOWN,
    "KNOWN": Status.KNOWN,
    "TRUE": TRUE,
    "known": known,
    "Guarded": choice.Guarded,
    **{function.__name__: function for function in (absence.kleene, absence.negation, absence.as_condition)},
    **{function.__name__: function for function in (choice.choose, choice.enabled, choice.neutralised_by, choice.resting_on_clause)},
    **{function.__name__: function for function in (folding.elements, folding.folded)},
    **{
        function.__name__: function
        for function in (
            meaning.does_not_apply,
            meaning.instead_of,
            meaning.is_known,
            meaning.of_branches,
            meaning.of_collection,
            meaning.of_operator,
            meaning.of_parameter,
            meaning.of_rounding,
            meaning.of_table,
        )
    },
}

Function = Callable[[State, Record], Value]
# The Python name of a variable, and whether it is the bare record or element (else a value).
_Scope = Mapping[str, str]


def compile_definition(program: Program, definition: Definition, versions: dt.date, day: dt.date) -> Function:
    """Compile a definition with what is in force on the day `versions`; parameters are those of `day`, the evaluation date."""
    writer = Writer(dict(_NAMES))
    emitter = _Emitter(program, writer, day)
    name = identifier(f"{definition.entity}_{definition.name}")
    nodes = sum(1 for expr in definition.expressions() for _ in subexpressions(expr))
    with writer.function(f"{name}(s, soi)", definition.label):
        writer.line(f"s.spend({nodes})")
        writer.line(f"return {emitter.definition(definition, versions)}")
    file = f"<{program.id} {program.digest[7:15]} {definition.entity}.{definition.name} au {versions}, {day}>"
    function: Function = build(writer.namespace, writer.taken(), name, file)
    return function


def compile_expression(program: Program, expr: Expr, entity: str, day: dt.date) -> Function:
    """Compile an expression about a record of `entity`, such as a property's condition."""
    writer = Writer(dict(_NAMES))
    emitter = _Emitter(program, writer, day)
    with writer.function("expression(s, soi)", entity):
        writer.line(f"s.spend({sum(1 for _ in subexpressions(expr))})")
        writer.line(f"return {emitter.expression(expr, {SELF: 'soi'})}")
    file = f"<{program.id} {program.digest[7:15]} {entity} {expr.position.start} au {day}>"
    function: Function = build(writer.namespace, writer.taken(), "expression", file)
    return function


class _Emitter:
    """Emits statements that leave a value in a name, and returns that name."""

    def __init__(self, program: Program, writer: Writer, day: dt.date) -> None:
        self.program = program
        self.writer = writer
        self.day = day

    # --- definitions -------------------------------------------------------------------------------------------------------------

    def definition(self, definition: Definition, day: dt.date) -> str:
        """Emit the version and the exceptions in force on a day."""
        writer = self.writer
        version = definition.version_at(day)
        if version is None:
            return writer.constant(choice.out_of_force(definition))
        scope: _Scope = {SELF: "soi"}
        clauses = [clause for clause in definition.exceptions if day in clause.interval]
        if not clauses:
            return self._on_clause(self.expression(version.body, scope), version)
        guards = [self._guard(definition, clause, day, scope) for clause in clauses]
        body = writer.fresh("body")
        with writer.block(f"def {body}(chosen):"):
            choices: list[ExceptionClause | Version] = [*clauses, version]
            for chosen in choices:
                with writer.block(f"if chosen is {writer.constant(chosen)}:"):
                    writer.line(f"return {self.expression(chosen.body, scope)}")
        return writer.assign(f"choose({writer.constant(definition)}, {writer.constant(version)}, ({', '.join(guards)},), {body})[0]")

    def _guard(self, definition: Definition, clause: ExceptionClause, day: dt.date, scope: _Scope) -> str:
        writer = self.writer
        condition = self.expression(clause.condition, scope)
        undercuts = []
        for undercut in definition.undercuts_of(clause, day):
            value = self.expression(undercut.condition, scope)
            undercuts.append(self._on_origin(f"as_condition({value})", undercut.provenance))
        neutralised = f"neutralised_by({_tuple(undercuts)})"
        origin = writer.constant(clause.provenance)
        return writer.assign(f"Guarded({writer.constant(clause)}, enabled(as_condition({condition}), {neutralised}, {origin}))", "guard")

    def _on_clause(self, value: str, clause: Version) -> str:
        return self._on_origin(value, clause.provenance)

    def _on_origin(self, value: str, origin: Any) -> str:
        return self.writer.assign(f"resting_on_clause({value}, {self.writer.constant(origin)})")

    # --- expressions -------------------------------------------------------------------------------------------------------------

    def expression(self, expr: Expr, scope: _Scope) -> str:
        """Emit an expression."""
        if self.writer.depth > _MAX_DEPTH and not isinstance(expr, Literal | Field | ParameterRead):
            return self._apart(expr, scope)
        return self._expression(expr, scope)

    def _apart(self, expr: Expr, scope: _Scope) -> str:
        """Emit an expression as a function of its own, called here."""
        name = self.writer.fresh("part")
        variables = ", ".join(dict.fromkeys(scope.values()))
        with self.writer.function(f"{name}(s, {variables})"):
            self.writer.line(f"return {self._expression(expr, scope)}")
        return self.writer.assign(f"{name}(s, {variables})")

    def _expression(self, expr: Expr, scope: _Scope) -> str:
        writer = self.writer
        match expr:
            case Literal():
                return writer.constant(known(expr.value))
            case UnknownLaw():
                return writer.constant(unknown(f"inconnu:{expr.label}"))
            case NotApplicable():
                return writer.constant(NOT_APPLICABLE)
            case EvaluationDate():
                return "s.day"
            case Variable():
                return writer.assign(f"known({scope[expr.name]})")
            case Field():
                return self._field(expr, scope)
            case Answer():
                return self._answer(expr, scope)
            case ParameterRead():
                return self._parameter(expr, scope)
            case HypothesisRead():
                return writer.assign(f"s.reading({expr.name!r})")
            case Lookup():
                return writer.assign(f"s.lookup({writer.constant(expr)}, {self._all(expr.keys, scope)})")
            case Apply():
                return self._apply(expr, scope)
            case Round():
                return writer.assign(f"of_rounding({writer.constant(expr)}, {self.expression(expr.operand, scope)})")
            case Conditional():
                return self._conditional(expr, scope)
            case Aggregate():
                return self._aggregate(expr, scope)
            case Collection():
                return writer.assign(f"of_collection({writer.constant(expr)}, {self._all(expr.items, scope)})")
            case Table():
                return self._table(expr, scope)
            case _:
                assert_never(expr)

    def _all(self, parts: tuple[Expr, ...], scope: _Scope) -> str:
        return _tuple([self.expression(part, scope) for part in parts])

    def _field(self, expr: Field, scope: _Scope) -> str:
        if isinstance(expr.target, Variable):
            return self.writer.assign(f"s.field({scope[expr.target.name]}, {expr.name!r})")
        return self.writer.assign(f"s.field_of({self.expression(expr.target, scope)}, {expr.name!r})")

    def _answer(self, expr: Answer, scope: _Scope) -> str:
        writer = self.writer
        definition = writer.constant(self.program.definitions[expr.entity, expr.name])
        if expr.at is not None:
            target = self.expression(expr.target, scope)
            return writer.assign(f"s.answer_at({target}, {definition}, {self.expression(expr.at, scope)})")
        if isinstance(expr.target, Variable):
            return writer.assign(f"s.answer({scope[expr.target.name]}, {definition})")
        return writer.assign(f"s.answer_of({self.expression(expr.target, scope)}, {definition})")

    def _parameter(self, expr: ParameterRead, scope: _Scope) -> str:
        writer, parameter = self.writer, self.program.parameters[expr.name]
        if expr.at is not None:
            day = self.expression(expr.at, scope)
        elif parameter.at(self.day) is None:
            day = "s.day"  # a fault that names the day
        else:
            return writer.constant(meaning.of_parameter(expr, parameter, known(self.day)))
        return writer.assign(f"of_parameter({writer.constant(expr)}, {writer.constant(parameter)}, {day})")

    def _apply(self, expr: Apply, scope: _Scope) -> str:
        writer, operands = self.writer, expr.operands
        match expr.operator:
            case Operator.AND | Operator.OR:
                return writer.assign(f"kleene({self._all(operands, scope)}, {expr.operator is Operator.OR})[0]")
            case Operator.IMPLIES:
                left, right = (self.expression(operand, scope) for operand in operands)
                return writer.assign(f"kleene((negation({left}), {right}), True)[0]")
            case Operator.NOT:
                return writer.assign(f"negation({self.expression(operands[0], scope)})")
            case Operator.IS_KNOWN:
                return writer.assign(f"is_known({self.expression(operands[0], scope)})")
            case Operator.DOES_NOT_APPLY:
                return writer.assign(f"does_not_apply({self.expression(operands[0], scope)})")
            case Operator.DEFAULT:
                value = writer.assign(self.expression(operands[0], scope))
                with writer.block(f"if {value}.status is UNKNOWN:"):
                    writer.line(f"{value} = instead_of({value}, {self.expression(operands[1], scope)})")
                return value
            case _:
                return writer.assign(f"of_operator({writer.constant(expr)}, {self._all(operands, scope)})")

    def _conditional(self, expr: Conditional, scope: _Scope) -> str:
        writer = self.writer
        conditions, outcomes = writer.assign("[]", "conditions"), writer.assign("[]", "outcomes")
        going_on = writer.assign("True", "on")
        for branch in expr.branches:
            with writer.block(f"if {going_on}:"):
                condition = writer.assign(f"as_condition({self.expression(branch.condition, scope)})")
                writer.line(f"{conditions}.append({condition})")
                with writer.block(f"if {condition}.status is UNKNOWN or {condition}.content is True:"):
                    writer.line(f"{outcomes}.append({self.expression(branch.value, scope)})")
                with writer.block(f"elif {condition}.status is not KNOWN:"):
                    writer.line(f"{outcomes}.append({condition})")
                writer.line(f"{going_on} = {condition}.status is UNKNOWN or {condition}.content is False")
        with writer.block(f"if {going_on}:"):
            writer.line(f"{outcomes}.append({self.expression(expr.otherwise, scope)})")
        return writer.assign(f"of_branches({conditions}, {outcomes})")

    def _table(self, expr: Table, scope: _Scope) -> str:
        writer = self.writer
        columns = self._all(expr.columns, scope)
        value = writer.fresh("row")
        with writer.block(f"def {value}(row):"):
            rows = (*expr.rows, *((expr.otherwise,) if expr.otherwise is not None else ()))
            for row in rows:
                with writer.block(f"if row is {writer.constant(row)}:"):
                    writer.line(f"return {self.expression(row.value, scope)}")
        return writer.assign(f"of_table({writer.constant(expr)}, {columns}, {value})")

    # --- aggregates --------------------------------------------------------------------------------------------------------------

    def _aggregate(self, expr: Aggregate, scope: _Scope) -> str:
        writer = self.writer
        source = self.expression(expr.source, scope)
        value = writer.assign(source)
        nodes = sum(1 for part in (expr.condition, expr.body) if part is not None for _ in subexpressions(part))
        with writer.block(f"if {value}.known:"):
            items = writer.assign(f"elements({value}.content)")
            writer.line(f"s.spend({nodes} * len({items}))")
            quantifier = expr.fold in (Fold.ALL, Fold.EXISTS)
            folded = self._quantifier(expr, scope, items) if quantifier else self._number(expr, scope, items)
            writer.line(f"{value} = {folded}.resting_on({value}.standing, {value}.hypotheses)")
        return value

    def _scope(self, expr: Aggregate, scope: _Scope) -> tuple[str, _Scope]:
        name = self.writer.fresh("e")
        return name, {**scope, expr.variable: name}

    def _quantifier(self, expr: Aggregate, scope: _Scope, items: str) -> str:
        """Fold by Kleene: an element counts as `condition et body` in `existe`, as `condition implique body` in `tous`."""
        writer, exists = self.writer, expr.fold is Fold.EXISTS
        found = writer.assign("[]", "found")
        element, inner = self._scope(expr, scope)
        with writer.block(f"for {element} in {items}:"):
            if expr.condition is None:
                value = self.expression(_given(expr.body), inner)
            else:
                condition = writer.assign(f"as_condition({self.expression(expr.condition, inner)})")
                body = self.expression(_given(expr.body), inner)
                first = condition if exists else f"negation({condition})"
                value = writer.assign(f"kleene(({first}, {body}), {not exists})[0]")
            writer.line(f"{found}.append({value})")
        return f"kleene({found}, {exists})[0]"

    def _number(self, expr: Aggregate, scope: _Scope, items: str) -> str:
        writer = self.writer
        read, bodies, kept = writer.assign("[]", "read"), writer.assign("[]", "bodies"), writer.assign("0", "kept")
        element, inner = self._scope(expr, scope)
        with writer.block(f"for {element} in {items}:"):
            condition = "TRUE"
            if expr.condition is not None:
                condition = writer.assign(f"as_condition({self.expression(expr.condition, inner)})")
            writer.line(f"{read}.append({condition})")
            if expr.condition is not None:
                with writer.block(f"if {condition}.known and not {condition}.content:"):
                    writer.line("continue")
            writer.line(f"{kept} += 1")
            if expr.body is not None:
                writer.line(f"{bodies}.append({self.expression(expr.body, inner)})")
        if_empty = "None"
        if expr.if_empty is not None:
            if_empty = writer.fresh("empty")
            with writer.block(f"def {if_empty}():"):
                writer.line(f"return {self.expression(expr.if_empty, scope)}")
        return writer.assign(f"folded({writer.constant(expr)}, {kept}, {read}, {bodies}, {if_empty})")


def _tuple(parts: list[str]) -> str:
    return f"({', '.join(parts)},)" if parts else "()"


def _given(expr: Expr | None) -> Expr:
    if expr is None:
        raise AssertionError("`tous` and `existe` have a body")
    return expr
