"""From the definitions of an entity, on a day and under chosen readings, to one SQL expression each over the columns of its data.

What is translated: whole-cent amounts, integers, booleans, dates and texts of one record; rates, lists of records, reference tables and
exceptions are not, and `UntranslatableError` says which was met. An amount is a DECIMAL in euros with two decimals: no operation rounds.

A NULL column stands for an unknown datum. Under `nullable=False` the caller warrants that no column is NULL; otherwise each expression
waits for all that it reads, which is never more than the interpreter knows (S3).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence

import attrs

from optam_rules.backends.sql.dialect import Dialect
from optam_rules.base.phrases import Phrase, Word, filled, joined
from optam_rules.core.ir import (
    SELF,
    Aggregate,
    Answer,
    Any_,
    Apply,
    Cell,
    Collection,
    Conditional,
    Constant,
    EvaluationDate,
    Expr,
    Field,
    Fold,
    HypothesisRead,
    Literal,
    Lookup,
    NotApplicable,
    OneOf,
    ParameterRead,
    Range,
    Round,
    Table,
    UnknownLaw,
    Variable,
)
from optam_rules.core.operators import Operator
from optam_rules.core.program import Definition, Program
from optam_rules.core.types import EnumType, Scalar, Type

MONEY = "DECIMAL(18,2)"

_INFIX = {
    Operator.ADD: "+",
    Operator.SUBTRACT: "-",
    Operator.EQUAL: "=",
    Operator.NOT_EQUAL: "<>",
    Operator.LESS: "<",
    Operator.AT_MOST: "<=",
    Operator.GREATER: ">",
    Operator.AT_LEAST: ">=",
    Operator.AND: "AND",
    Operator.OR: "OR",
}
_EXTREME = {Operator.CAP: "LEAST", Operator.FLOOR: "GREATEST"}
_FOLDS = {Fold.MINIMUM: "LEAST", Fold.MAXIMUM: "GREATEST"}
_PLAIN = frozenset({Scalar.MONEY, Scalar.INTEGER, Scalar.BOOLEAN, Scalar.DATE, Scalar.TEXT})


# What is not translated, in words of the language.
_CONSTRUCTS: Mapping[type[Expr], Phrase] = {
    Aggregate: Phrase("calcul sur une liste", "computation over a list"),
    Answer: Phrase("réponse d'un autre dossier ou d'un autre jour", "answer of another record or of another day"),
    Collection: Phrase("collection", "collection"),
    Field: Phrase("donnée d'un autre dossier, taux ou liste", "datum of another record, rate or list"),
    HypothesisRead: Phrase("question ouverte", "open question"),
    Lookup: Phrase("référentiel", "reference table"),
    NotApplicable: Phrase("sans objet", "not applicable"),
    ParameterRead: Phrase("paramètre lu à une autre date", "parameter read on another date"),
    Round: Phrase("arrondi", "rounding"),
    Table: Phrase("table", "table"),
    UnknownLaw: Phrase("inconnu", "unknown"),
    Variable: Phrase("dossier entier", "whole record"),
}


class UntranslatableError(Exception):
    """A construct that SQL would not compute exactly, or not at all; `reason` says which."""

    def __init__(self, reason: Word) -> None:
        self.reason = reason
        super().__init__(str(reason))


@attrs.frozen
class Translation:
    """Translates the answers of the main entity; `columns` maps its data to SQL expressions."""

    program: Program
    on: dt.date
    assume: Mapping[str, str]
    columns: Mapping[str, str]
    dialect: Dialect
    nullable: bool = False

    def answer(self, name: str) -> str:
        """Return the expression of an answer of the main entity."""
        return self.expression(self._body(self.program.definitions[self.program.main.name, name]))

    def expression(self, expr: Expr) -> str:
        """Translate one expression."""
        match expr:
            case Literal(value, type_):
                return self.constant(value, type_)
            case EvaluationDate():
                return self.constant(self.on, Scalar.DATE)
            case Field(Variable(name), field, type_) if name == SELF and (type_ in _PLAIN or isinstance(type_, EnumType)):
                return self.columns[field]
            case Answer(Variable(name), entity, answer, None) if name == SELF:
                return self.expression(self._body(self.program.definitions[entity, answer]))
            case ParameterRead(name, None, type_):
                return self._parameter(name, type_)
            case Conditional():
                return self._conditional(expr)
            case Table():
                return self._table(expr)
            case Aggregate(fold, _, Collection(items), None, Variable()) if fold in _FOLDS:
                return self._strict(items, lambda parts: f"{_FOLDS[fold]}({', '.join(parts)})")
            case Apply():
                return self._apply(expr)
            case _:
                raise UntranslatableError(_CONSTRUCTS[type(expr)])

    def constant(self, value: Constant, type_: Type) -> str:
        """Write a constant."""
        match type_:
            case Scalar.MONEY if isinstance(value, int):
                return f"CAST({value // 100}.{value % 100:02} AS {MONEY})" if value >= 0 else f"(-{self.constant(-value, type_)})"
            case Scalar.INTEGER | Scalar.BOOLEAN:
                return str(value).upper()
            case Scalar.DATE:
                return f"DATE '{value}'"
            case Scalar.TEXT | EnumType():
                return self.dialect.text(str(value))
            case _:
                raise UntranslatableError(str(type_))

    def _body(self, definition: Definition) -> Expr:
        version = definition.version_at(self.on)
        if version is None:
            raise UntranslatableError(self._on_the_day(definition.name))
        if definition.exceptions:
            raise UntranslatableError(f"exception {definition.exceptions[0].name}")
        return version.body

    def _parameter(self, name: str, type_: Type) -> str:
        value = self.program.parameters[name].at(self.on)
        if value is None:
            raise UntranslatableError(self._on_the_day(name))
        return self.constant(value, type_)

    def _strict(self, operands: Sequence[Expr], write: Callable[[list[str]], str]) -> str:
        """Write what waits for every operand: LEAST, GREATEST and CASE of SQL would pass over a NULL."""
        parts = [self.expression(operand) for operand in operands]
        if not self.nullable:
            return write(parts)
        return f"CASE WHEN {' OR '.join(f'{part} IS NULL' for part in parts)} THEN NULL ELSE {write(parts)} END"

    def _conditional(self, expr: Conditional) -> str:
        operands = [part for branch in expr.branches for part in (branch.condition, branch.value)] + [expr.otherwise]

        def write(parts: list[str]) -> str:
            whens = " ".join(f"WHEN {condition} THEN {value}" for condition, value in zip(parts[:-1:2], parts[1:-1:2], strict=True))
            return f"CASE {whens} ELSE {parts[-1]} END"

        return self._strict(operands, write)

    def _table(self, table: Table) -> str:
        """Translate a decision table: columns of open questions are settled now, the others in SQL."""
        rows: list[tuple[str, str]] = []
        for row in table.rows:
            conditions = [self._cell(column, cell) for column, cell in zip(table.columns, row.cells, strict=True)]
            if None in conditions:
                continue
            tests = [condition for condition in conditions if condition]
            value = self.expression(row.value)
            if not tests:
                return value
            rows.append((" AND ".join(tests), value))
        if table.otherwise is None or self.nullable:
            raise UntranslatableError(_CONSTRUCTS[Table])
        return f"CASE {' '.join(f'WHEN {test} THEN {value}' for test, value in rows)} ELSE {self.expression(table.otherwise.value)} END"

    def _cell(self, column: Expr, cell: Cell) -> str | None:
        """Return the condition of a cell: empty where it always holds, `None` where the chosen reading excludes it."""
        match column, cell:
            case _, Any_():
                return ""
            case HypothesisRead(name), OneOf(values):
                if name not in self.assume:
                    raise UntranslatableError(Phrase(f"hypothèse {name}", f"assumption {name}"))
                return "" if self.assume[name] in values else None
            case _, OneOf(values):
                listed = ", ".join(self.constant(value, column.type) for value in sorted(values, key=str))
                return f"{self.expression(column)} IN ({listed})"
            case _, Range(low, low_closed, high, high_closed):
                tested = self.expression(column)
                limits = [(low, ">=" if low_closed else ">"), (high, "<=" if high_closed else "<")]
                given = [(limit, sign) for limit, sign in limits if limit is not None]
                return " AND ".join(f"{tested} {sign} {self.constant(limit, column.type)}" for limit, sign in given)
            case _:
                raise UntranslatableError(Phrase("cellule de table", "cell of a table"))

    def _on_the_day(self, name: str) -> Phrase:
        return Phrase(f"{name}, au {self.on}", f"{name}, on {self.on}")

    def _apply(self, expr: Apply) -> str:
        operator, operands = expr.operator, expr.operands
        if any(operand.type not in _PLAIN and not isinstance(operand.type, EnumType) for operand in operands) or expr.type not in _PLAIN:
            types = joined(Phrase(" et ", " and "), (str(operand.type) for operand in operands))
            raise UntranslatableError(filled("{operator} sur {types}", "{operator} on {types}", operator=operator.value, types=types))
        if operator in _EXTREME:
            return self._strict(operands, lambda parts: f"{_EXTREME[operator]}({', '.join(parts)})")
        if operator is Operator.DATE:
            return self._date(operands)
        parts = [self.expression(operand) for operand in operands]
        match operator:
            case Operator.NOT:
                return f"(NOT {parts[0]})"
            case Operator.IMPLIES:
                return f"((NOT {parts[0]}) OR {parts[1]})"
            case Operator.NEGATE:
                return f"(-{parts[0]})"
            case Operator.CALENDAR_YEAR:
                return f"CAST(year({parts[0]}) AS INT)"
            case _ if operator in _INFIX:
                return f"({f' {_INFIX[operator]} '.join(parts)})"
            case _:
                raise UntranslatableError(operator.value)

    def _date(self, operands: Sequence[Expr]) -> str:
        year, month, day = operands
        numbers = [self._known_integer(part) for part in (month, day)]
        try:
            # In a common year: a day that exists in it exists in every year, so that SQL has nothing to refuse.
            dt.date(2001, *numbers)
        except ValueError as error:
            raise UntranslatableError(Operator.DATE.value) from error
        return f"make_date({self.expression(year)}, {numbers[0]}, {numbers[1]})"

    def _known_integer(self, expr: Expr) -> int:
        match expr:
            case Literal(value):
                found: object = value
            case ParameterRead(name, None):
                found = self.program.parameters[name].at(self.on)
            case _:
                found = None
        if not isinstance(found, int):
            raise UntranslatableError(Operator.DATE.value)
        return found
