"""Turns the parse tree of one piece of a file into the header or the item that it says."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from types import MappingProxyType
from typing import TYPE_CHECKING, cast

import attrs

from optam_rules.base.source import Position
from optam_rules.syntax import reader as read
from optam_rules.syntax.abstract import (
    Amend,
    AmendmentHeader,
    AmendmentVerb,
    Assignment,
    Complete,
    ControlDecl,
    ConventionHeader,
    DatedExpr,
    Declaration,
    EntityDecl,
    EnumDecl,
    EnumValue,
    ExceptionDecl,
    ExpectedExpr,
    ExpectedKind,
    Expression,
    FieldDecl,
    Heading,
    HeadingKind,
    HypothesisDecl,
    Item,
    LawText,
    LiteralExpr,
    LookupExpr,
    NotApplicableExpr,
    ParameterDecl,
    PropertyDecl,
    ReferenceDecl,
    Repeal,
    RuleDecl,
    TableDecl,
    TestDecl,
    TypeExpr,
    TypeName,
    UndercutDecl,
    UnknownExpr,
)
from optam_rules.syntax.clauses import body, clause_word, clauses, heading_clauses, interval, row, type_expr
from optam_rules.syntax.expressions import assignment, expression, expressions, literal, lookup, path
from optam_rules.syntax.reader import Reader

if TYPE_CHECKING:
    from lark import Token

    from optam_rules.syntax.reader import Branch, Node

Header = ConventionHeader | AmendmentHeader
_LANGUAGE_VERSION = 1


def piece(reader: Reader, node: Node) -> Header | Item:
    """Build what one piece of a file says."""
    match node.data:
        case "convention_header":
            return _convention_header(reader, node)
        case "amendment_header":
            return _amendment_header(reader, node)
        case "replace":
            return _amend(reader, node, AmendmentVerb.REPLACE)
        case "insert":
            return _amend(reader, node, AmendmentVerb.INSERT)
        case "complete":
            return _complete(reader, node)
        case "repeal":
            return _repeal(reader, node)
        case _:
            return _declaration(reader, node)


def heading_number(node: Node) -> str | None:
    """Return the number that a heading gives to what follows, or `None` for any other piece."""
    inner = node.children[0] if node.data in {"replace", "insert"} else node
    tree = cast("Node", inner)
    return _unit(cast("Node", tree.children[0]))[1] if tree.data in {"heading", "complete"} else None


# --- headers and amendments ----------------------------------------------------------------------------------------------------


def _convention_header(reader: Reader, node: Node) -> ConventionHeader:
    title, version, source, language = node.children
    if language is not None and str(language) != str(_LANGUAGE_VERSION):
        reader.fault("E138", language, found=str(language)[:20])
    return ConventionHeader(
        read.string(title), read.string(version), _optional_string(source), _LANGUAGE_VERSION, position=reader.position(node)
    )


def _amendment_header(reader: Reader, node: Node) -> AmendmentHeader:
    title, amends, version, source, since, published = node.children
    return AmendmentHeader(
        read.string(title),
        read.string(amends),
        _optional_string(version),
        _optional_string(source),
        _optional_date(reader, since),
        _optional_date(reader, published),
        position=reader.position(node),
    )


def _amend(reader: Reader, node: Node, verb: AmendmentVerb) -> Amend:
    return Amend(verb, _declaration(reader, cast("Node", node.children[0])), position=reader.position(node))


def _repeal(reader: Reader, node: Node) -> Repeal:
    target, since = cast("list[Node]", node.children)
    if target.data not in _REPEALED:
        unit, number = _unit(target)
        return Repeal(unit.value, number, read.date(reader, since), position=reader.position(node))
    name, *owner = target.children
    entity = _optional_name(reader, owner[0]) if owner else None
    return Repeal(_REPEALED[target.data], read.name(reader, name), read.date(reader, since), entity, position=reader.position(node))


def _complete(reader: Reader, node: Node) -> Complete:
    unit, dates = node.children
    kind, number = _unit(cast("Node", unit))
    days = interval(reader, cast("Node", dates)) if dates is not None else None
    return Complete(kind, number, days, position=reader.position(node))


_REPEALED = MappingProxyType(
    {
        "repealed_rule": "règle",
        "repealed_exception": "exception",
        "repealed_table": "table",
        "repealed_parameter": "paramètre",
    }
)

# --- units of law and vocabulary -----------------------------------------------------------------------------------------------


def _unit(node: Node) -> tuple[HeadingKind, str]:
    """Return the kind of a unit of law and how citations print its number."""
    number = " ".join(str(node.children[0]).strip("`").split())
    match node.data:
        case "article":
            return HeadingKind.ARTICLE, number
        case "annex":
            return HeadingKind.ANNEX, f"annexe {number}"
        case _:
            return HeadingKind.CLAUSE, number


def _heading(reader: Reader, node: Node) -> Heading:
    unit, title, rest = cast("list[Node]", node.children)
    kind, number = _unit(unit)
    if kind is HeadingKind.CLAUSE:
        read.name(reader, unit.children[0])
    found = heading_clauses(reader, rest)
    return Heading(kind, number, read.string(title), found.clauses, found.reference, position=reader.position(node))


def _law_text(reader: Reader, node: Node) -> LawText:
    return LawText(read.quotation(node.children[0]), position=reader.position(node))


def _entity(reader: Reader, node: Node) -> EntityDecl:
    word, name, label = node.children
    main = cast("Token", word).type == "MAIN_ENTITY"
    return EntityDecl(read.name(reader, name), main, _optional_string(label), position=reader.position(node))


def _field(reader: Reader, node: Node) -> FieldDecl:
    name, kind, *parts = node.children
    found: dict[str, Branch] = {}
    for part in parts:
        word = str(getattr(part, "data", None) or cast("Token", part).type.lower())
        if word in found:
            reader.fault("E120", part, clause=clause_word(reader, word), first=clause_word(reader, word))
        found[word] = part
    return FieldDecl(
        read.name(reader, name),
        type_expr(reader, kind),
        *_bounds(reader, found.get("between")),
        "optional" in found,
        _optional_string(found.get("string")),
        position=reader.position(node),
    )


def _control(reader: Reader, node: Node) -> ControlDecl:
    title, condition = node.children
    return ControlDecl(read.string(title), expression(reader, condition), position=reader.position(node))


def _bounds(reader: Reader, node: Branch | None) -> tuple[LiteralExpr | None, LiteralExpr | None]:
    if node is None:
        return None, None
    first, _, last = cast("Node", node).children
    return literal(reader, first), literal(reader, last)


def _enumeration(reader: Reader, node: Node) -> EnumDecl:
    name, *values = cast("list[Node]", node.children)
    read.count_items(reader, node, len(values))
    built = tuple(
        EnumValue(read.name(reader, value.children[0]), _optional_string(value.children[1]), position=reader.position(value))
        for value in values
    )
    return EnumDecl(read.name(reader, name), built, position=reader.position(node))


def _parameter(reader: Reader, node: Node) -> ParameterDecl:
    name, kind, found, _, *values = node.children
    read.count_items(reader, node, len(values))
    return ParameterDecl(
        read.name(reader, name),
        type_expr(reader, kind),
        tuple(_dated_value(reader, cast("Node", value)) for value in values),
        clauses(reader, found, "parameter"),
        position=reader.position(node),
    )


def _dated_value(reader: Reader, node: Node) -> DatedExpr:
    value, since, published = node.children
    return DatedExpr(expression(reader, value), read.date(reader, since), _optional_date(reader, published), position=reader.position(node))


def _reference(reader: Reader, node: Node) -> ReferenceDecl:
    name, *keys, kind, between, found = node.children
    return ReferenceDecl(
        read.name(reader, name),
        tuple(_reference_key(reader, cast("Node", key)) for key in keys),
        type_expr(reader, kind),
        *_bounds(reader, between),
        clauses(reader, found, "reference"),
        position=reader.position(node),
    )


def _reference_key(reader: Reader, node: Node) -> tuple[str, TypeExpr]:
    name, *kind = node.children
    spelled = read.name(reader, name)
    return spelled, type_expr(reader, kind[0]) if kind else TypeName(spelled, position=reader.position(name))


def _hypothesis(reader: Reader, node: Node) -> HypothesisDecl:
    name, _, *readings, text = node.children
    read.count_items(reader, node, len(readings))
    return HypothesisDecl(
        read.name(reader, name),
        tuple(read.name(reader, reading) for reading in readings),
        read.string(text),
        position=reader.position(node),
    )


# --- definitions ---------------------------------------------------------------------------------------------------------------


def _rule(reader: Reader, node: Node) -> RuleDecl:
    name, entity, kind, found, content = node.children
    return RuleDecl(
        read.name(reader, name),
        _optional_name(reader, entity),
        type_expr(reader, kind),
        clauses(reader, found, "rule"),
        body(reader, content),
        position=reader.position(node),
    )


def _exception(reader: Reader, node: Node) -> ExceptionDecl:
    name, parent, found, condition, overridden, content = node.children
    names = cast("Node", overridden).children if overridden is not None else []
    read.count_items(reader, node, len(names))
    return ExceptionDecl(
        read.name(reader, name),
        read.name(reader, parent),
        clauses(reader, found, "exception"),
        expression(reader, condition),
        tuple(read.name(reader, other) for other in names),
        body(reader, content),
        position=reader.position(node),
    )


def _undercut(reader: Reader, node: Node) -> UndercutDecl:
    target, found, condition = node.children
    return UndercutDecl(
        read.name(reader, target),
        clauses(reader, found, "undercut"),
        expression(reader, condition),
        position=reader.position(node),
    )


def _table(reader: Reader, node: Node) -> TableDecl:
    name, entity, kind, found, columns, *rows = node.children
    read.count_items(reader, node, len(rows))
    return TableDecl(
        read.name(reader, name),
        _optional_name(reader, entity),
        type_expr(reader, kind),
        clauses(reader, found, "table"),
        expressions(reader, cast("Node", columns).children),
        tuple(row(reader, each) for each in rows),
        position=reader.position(node),
    )


# --- tests and properties ------------------------------------------------------------------------------------------------------


def _test(outer: Reader, node: Node) -> TestDecl:
    reader = attrs.evolve(outer, in_test=True)
    title, on, known_on, found, assuming, given, expected = node.children
    assignments: list[Assignment] = []
    lookups: list[tuple[LookupExpr, Expression]] = []
    for child in _children(given):
        if child.data == "assignment":
            assignments.append(assignment(reader, child))
        else:
            where, _, value = child.children
            lookups.append((lookup(reader, cast("Node", where)), expression(reader, value)))
    read.count_items(reader, node, len(assignments) + len(lookups))
    return TestDecl(
        read.string(title),
        read.date(reader, on),
        tuple(_choice(reader, child) for child in _children(assuming)),
        tuple(assignments),
        tuple(lookups),
        tuple(_expectation(reader, child) for child in _children(expected)),
        clauses(reader, found, "test"),
        _optional_date(reader, known_on),
        position=reader.position(node),
    )


def _choice(reader: Reader, node: Node) -> tuple[str, str, Position]:
    name, _, reading = node.children
    return read.name(reader, name), read.name(reader, reading), reader.position(node)


def _expectation(reader: Reader, node: Node) -> ExpectedExpr:
    where, _, answer = node.children
    kind, value = _expected(reader, answer)
    return ExpectedExpr(path(reader, where), kind, value, position=reader.position(node))


def _expected(reader: Reader, answer: Branch) -> tuple[ExpectedKind, Expression | None]:
    match getattr(answer, "type", None):
        case "CONFLICT":
            return ExpectedKind.CONFLICT, None
        case "ERROR":
            return ExpectedKind.ERROR, None
    match expression(reader, answer):
        case UnknownExpr():
            return ExpectedKind.UNKNOWN, None
        case NotApplicableExpr():
            return ExpectedKind.NOT_APPLICABLE, None
        case value:
            return ExpectedKind.VALUE, value


def _property(reader: Reader, node: Node) -> PropertyDecl:
    title, entity, found, condition = node.children
    return PropertyDecl(
        read.string(title),
        _optional_name(reader, entity),
        clauses(reader, found, "property"),
        expression(reader, condition),
        position=reader.position(node),
    )


def _optional_string(token: Branch | None) -> str | None:
    return read.string(token) if token is not None else None


def _optional_date(reader: Reader, token: Branch | None) -> dt.date | None:
    return read.date(reader, token) if token is not None else None


def _optional_name(reader: Reader, token: Branch | None) -> str | None:
    return read.name(reader, token) if token is not None else None


def _children(node: Branch | None) -> list[Node]:
    return cast("list[Node]", cast("Node", node).children) if node is not None else []


def _declaration(reader: Reader, node: Node) -> Declaration:
    return _DECLARATIONS[node.data](reader, node)


_DECLARATIONS: MappingProxyType[str, Callable[[Reader, Node], Declaration]] = MappingProxyType(
    {
        "heading": _heading,
        "law_text": _law_text,
        "entity": _entity,
        "field": _field,
        "control": _control,
        "enumeration": _enumeration,
        "parameter": _parameter,
        "reference": _reference,
        "hypothesis": _hypothesis,
        "rule": _rule,
        "exception": _exception,
        "undercut": _undercut,
        "table": _table,
        "test": _test,
        "property": _property,
    }
)
