"""Turns the parse trees of expressions and literals into abstract syntax."""

from __future__ import annotations

import re
from collections.abc import Callable
from types import MappingProxyType
from typing import TYPE_CHECKING, cast

from optam_rules.base.calendar import Duration, MonthEnd
from optam_rules.base.numbers import Number, divide, simplify
from optam_rules.base.phrases import Phrase, write
from optam_rules.syntax import reader as read
from optam_rules.syntax.abstract import (
    AllOf,
    AnyOf,
    Assignment,
    AtExpr,
    BinaryExpr,
    BinaryOperator,
    CollectionExpr,
    DateExpr,
    DotExpr,
    EvaluationDateExpr,
    Expression,
    FoldExpr,
    FoldName,
    LiteralExpr,
    LiteralKind,
    LookupExpr,
    NameExpr,
    NotApplicableExpr,
    RecordExpr,
    UnaryExpr,
    UnaryOperator,
    UnknownExpr,
)
from optam_rules.syntax.reader import Reader

if TYPE_CHECKING:
    from lark import Token

    from optam_rules.syntax.reader import Branch, Node

_POINT_FOR_THOUSANDS = re.compile(r"([0-9]{1,3})[.]([0-9]{3})")
BINARY = MappingProxyType(
    {
        "PLUS": BinaryOperator.ADD,
        "MINUS": BinaryOperator.SUBTRACT,
        "STAR": BinaryOperator.MULTIPLY,
        "CROSS": BinaryOperator.MULTIPLY,
        "SLASH": BinaryOperator.DIVIDE,
        "EQUAL": BinaryOperator.EQUAL,
        "NOT_EQUAL": BinaryOperator.NOT_EQUAL,
        "LESS": BinaryOperator.LESS,
        "AT_MOST": BinaryOperator.AT_MOST,
        "GREATER": BinaryOperator.GREATER,
        "AT_LEAST": BinaryOperator.AT_LEAST,
        "AMONG": BinaryOperator.AMONG,
        "CONTAINS": BinaryOperator.CONTAINS,
        "AND": BinaryOperator.AND,
        "OR": BinaryOperator.OR,
        "IMPLIES": BinaryOperator.IMPLIES,
        "DEFAULT": BinaryOperator.DEFAULT,
    }
)
_FOLDS = MappingProxyType({fold.name: fold for fold in FoldName})
_MONTH_ENDS = MappingProxyType({"DOWN": MonthEnd.LOWER, "UP": MonthEnd.UPPER})
_DAY_MONTH = re.compile(r"[0-9]{1,2}")
_YEAR = re.compile(r"[0-9]{4}")


def expression(reader: Reader, node: Branch) -> Expression:
    """Build an expression; the nesting of `node` has been checked, so that recursion is bounded."""
    tree = cast("Node", node)
    return _BUILDERS[tree.data](reader, tree)


def expressions(reader: Reader, nodes: list[Branch]) -> tuple[Expression, ...]:
    """Build each of several expressions."""
    return tuple(expression(reader, node) for node in nodes)


def literal(reader: Reader, node: Branch) -> LiteralExpr:
    """Build a literal, with its sign where one is written."""
    built = expression(reader, node)
    if not isinstance(built, LiteralExpr):
        raise TypeError(f"the grammar lets no {type(built).__name__} stand for a literal")
    return built


def _integer(reader: Reader, node: Node) -> LiteralExpr:
    value = read.whole_number(reader, node.children[0], "E116")
    return LiteralExpr(LiteralKind.INTEGER, value, position=reader.position(node))


def _percent(reader: Reader, node: Node) -> LiteralExpr:
    value = divide(read.number(reader, node.children[0]), 100)
    return LiteralExpr(LiteralKind.RATE, value, position=reader.position(node))


def _points(reader: Reader, node: Node) -> LiteralExpr:
    value = divide(read.number(reader, node.children[0]), 100)
    return LiteralExpr(LiteralKind.POINTS, value, position=reader.position(node))


def _with_thousands(form: str) -> Phrase:
    return Phrase(f"si le point sépare les milliers, écrivez {form}", f"if the point separates thousands, write {form}")


def _money(reader: Reader, node: Node) -> LiteralExpr:
    value: Number = simplify(read.number(reader, node.children[0]) * 100)
    if value.denominator != 1 or read.decimals(node.children[0]) > 2:
        thousands = _POINT_FOR_THOUSANDS.fullmatch(str(node.children[0]))
        hint = _with_thousands(f"`{thousands[1]}_{thousands[2]} €`") if thousands else None
        reader.fault("E117", node, hint=hint, found=str(node.children[0]))
    return LiteralExpr(LiteralKind.MONEY, value, position=reader.position(node))


def _days(reader: Reader, node: Node) -> LiteralExpr:
    count = read.whole_number(reader, node.children[0], "E119")
    return LiteralExpr(LiteralKind.DAYS, Duration(count, "jours"), position=reader.position(node))


def _months(reader: Reader, node: Node) -> LiteralExpr:
    count = read.whole_number(reader, node.children[0], "E119")
    return LiteralExpr(LiteralKind.MONTHS, Duration(count, "mois"), position=reader.position(node))


def _years(reader: Reader, node: Node) -> LiteralExpr:
    count = read.whole_number(reader, node.children[0], "E119")
    return LiteralExpr(LiteralKind.MONTHS, Duration(12 * count, "mois"), position=reader.position(node))


def _negative(reader: Reader, node: Node) -> LiteralExpr:
    positive = literal(reader, node.children[1])
    match positive.value:
        case Duration(count, unit):
            value: Number | Duration = Duration(-count, unit)
        case number:
            value = -cast("Number", number)
    return LiteralExpr(positive.kind, value, position=reader.position(node))


def _date(reader: Reader, node: Node) -> LiteralExpr:
    return LiteralExpr(LiteralKind.DATE, read.date(reader, node.children[0]), position=reader.position(node))


def _text(reader: Reader, node: Node) -> LiteralExpr:
    return LiteralExpr(LiteralKind.TEXT, read.string(node.children[0]), position=reader.position(node))


def _true(reader: Reader, node: Node) -> LiteralExpr:
    return LiteralExpr(LiteralKind.BOOLEAN, True, position=reader.position(node))


def _false(reader: Reader, node: Node) -> LiteralExpr:
    return LiteralExpr(LiteralKind.BOOLEAN, False, position=reader.position(node))


def _name(reader: Reader, node: Node) -> NameExpr:
    return NameExpr(read.name(reader, node.children[0]), position=reader.position(node))


def _dot(reader: Reader, node: Node) -> DotExpr:
    target, name = node.children
    return DotExpr(expression(reader, target), read.name(reader, name), position=reader.position(node))


def _qualified(reader: Reader, node: Node) -> DotExpr:
    target, name = node.children
    start = NameExpr(read.name(reader, target), position=reader.position(target))
    return DotExpr(start, read.name(reader, name), position=reader.position(node))


def _at(reader: Reader, node: Node) -> AtExpr:
    target, date = expressions(reader, node.children)
    return AtExpr(target, date, position=reader.position(node))


def _date_of(reader: Reader, node: Node) -> DateExpr:
    year, month, day = expressions(reader, node.children)
    return DateExpr(year, month, day, position=reader.position(node))


def lookup(reader: Reader, node: Node) -> LookupExpr:
    """Build `moyennes[specialite ; region]`."""
    name, *keys = node.children
    read.count_items(reader, node, len(keys))
    return LookupExpr(read.name(reader, name), expressions(reader, keys), position=reader.position(node))


def _binary(reader: Reader, node: Node) -> BinaryExpr:
    left, token, right, *end = node.children
    operator = BINARY[cast("Token", token).type]
    if operator is BinaryOperator.DIVIDE:
        _refuse_french_date(reader, node)
    month_end = _MONTH_ENDS[cast("Token", end[0]).type] if end else None
    return BinaryExpr(operator, expression(reader, left), expression(reader, right), month_end, position=reader.position(node))


def _refuse_french_date(reader: Reader, node: Node) -> None:
    """Note `24/10/2016`, which the grammar reads as two divisions."""
    left, _, right = node.children
    inner = cast("Node", left)
    if inner.data != "binary" or cast("Token", inner.children[1]).type != "SLASH":
        return
    day, month, year = (_digits(part) for part in (inner.children[0], inner.children[2], right))
    if _DAY_MONTH.fullmatch(day) and _DAY_MONTH.fullmatch(month) and _YEAR.fullmatch(year):
        iso = f"{year}-{month:0>2}-{day:0>2}"
        reader.fault("E114", node, found=f"{day}/{month}/{year}", hint=write(iso))


def _digits(node: Branch) -> str:
    tree = cast("Node", node)
    return str(tree.children[0]) if tree.data == "integer" else ""


def _unary(operator: UnaryOperator) -> Callable[[Reader, Node], UnaryExpr]:
    def build(reader: Reader, node: Node) -> UnaryExpr:
        return UnaryExpr(operator, expression(reader, node.children[-1]), position=reader.position(node))

    return build


def _all_of(reader: Reader, node: Node) -> AllOf:
    read.count_items(reader, node, len(node.children))
    return AllOf(expressions(reader, node.children), position=reader.position(node))


def _any_of(reader: Reader, node: Node) -> AnyOf:
    read.count_items(reader, node, len(node.children))
    return AnyOf(expressions(reader, node.children), position=reader.position(node))


def _collection(reader: Reader, node: Node) -> CollectionExpr:
    read.count_items(reader, node, len(node.children))
    return CollectionExpr(expressions(reader, node.children), position=reader.position(node))


def _record(reader: Reader, node: Node) -> RecordExpr:
    if not reader.in_test:
        reader.fault("E126", node, found=str(node.children[0])[:60])
    entity, *fields = node.children
    read.count_items(reader, node, len(fields))
    built = tuple(assignment(reader, cast("Node", field)) for field in fields)
    return RecordExpr(read.name(reader, entity), built, position=reader.position(node))


def assignment(reader: Reader, node: Node) -> Assignment:
    """Build `path = value`."""
    where, _, value = node.children
    return Assignment(path(reader, where), expression(reader, value), position=reader.position(node))


def path(reader: Reader, node: Branch) -> str:
    """Build a dotted name."""
    return ".".join(read.name(reader, token) for token in cast("Node", node).children)


def _fold_of(reader: Reader, node: Node) -> FoldExpr:
    fold, source = node.children
    return FoldExpr(_fold_name(fold), None, None, expression(reader, source), None, None, position=reader.position(node))


def _fold(reader: Reader, node: Node) -> FoldExpr:
    fold, body, variable, source, condition = node.children
    return FoldExpr(
        _fold_name(fold),
        expression(reader, body),
        read.name(reader, variable),
        expression(reader, source),
        expression(reader, condition) if condition is not None else None,
        None,
        position=reader.position(node),
    )


def _count(reader: Reader, node: Node) -> FoldExpr:
    fold, variable, source, condition = node.children
    return FoldExpr(
        _fold_name(fold),
        None,
        read.name(reader, variable),
        expression(reader, source),
        expression(reader, condition) if condition is not None else None,
        None,
        position=reader.position(node),
    )


def _fold_if_empty(reader: Reader, node: Node) -> FoldExpr:
    fold, if_empty = expressions(reader, node.children)
    if not isinstance(fold, FoldExpr):
        raise TypeError("the grammar puts an aggregate before `si vide`")
    return FoldExpr(fold.fold, fold.body, fold.variable, fold.source, fold.condition, if_empty, position=reader.position(node))


def _fold_name(token: Branch) -> FoldName:
    return _FOLDS[cast("Token", token).type]


_BUILDERS: MappingProxyType[str, Callable[[Reader, Node], Expression]] = MappingProxyType(
    {
        "integer": _integer,
        "percent": _percent,
        "points": _points,
        "money": _money,
        "days": _days,
        "months": _months,
        "years": _years,
        "negative": _negative,
        "date": _date,
        "text": _text,
        "true": _true,
        "false": _false,
        "unknown": lambda reader, node: UnknownExpr(position=reader.position(node)),
        "not_applicable": lambda reader, node: NotApplicableExpr(position=reader.position(node)),
        "evaluation_date": lambda reader, node: EvaluationDateExpr(position=reader.position(node)),
        "date_of": _date_of,
        "name": _name,
        "dot": _dot,
        "qualified": _qualified,
        "at": _at,
        "lookup": lookup,
        "binary": _binary,
        "negate": _unary(UnaryOperator.NEGATE),
        "calendar_year": _unary(UnaryOperator.CALENDAR_YEAR),
        "not_": _unary(UnaryOperator.NOT),
        "is_known": _unary(UnaryOperator.IS_KNOWN),
        "does_not_apply": _unary(UnaryOperator.DOES_NOT_APPLY),
        "all_of": _all_of,
        "any_of": _any_of,
        "collection": _collection,
        "record": _record,
        "fold_of": _fold_of,
        "fold": _fold,
        "count": _count,
        "fold_if_empty": _fold_if_empty,
    }
)
_LEAVES = frozenset(
    {"integer", "percent", "points", "money", "days", "months", "years", "negative", "date", "text", "true", "false", "unknown",
     "not_applicable", "evaluation_date", "name"}
)  # fmt: skip
# Trees that make an expression deeper; the parser counts them against the nesting limit.
NESTED = frozenset(_BUILDERS) - _LEAVES
