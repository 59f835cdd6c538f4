"""Turns the parse trees of clauses, types, bodies and table rows into abstract syntax."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, cast

import attrs

from optam_rules.base.calendar import Interval
from optam_rules.base.numbers import Rounding
from optam_rules.base.phrases import Phrase, Word
from optam_rules.syntax import reader as read
from optam_rules.syntax.abstract import (
    Adjustment,
    AdjustmentKind,
    AnyCell,
    Body,
    CellExpr,
    Citation,
    Clauses,
    ConditionalValue,
    ListOf,
    RangeCell,
    RowDecl,
    SetOf,
    StandingClause,
    StandingWord,
    TypeExpr,
    TypeName,
    ValueCell,
)
from optam_rules.syntax.expressions import expression, expressions, literal
from optam_rules.syntax.lexicon import lexicon
from optam_rules.syntax.reader import Reader

if TYPE_CHECKING:
    from lark import Token

    from optam_rules.syntax.reader import Branch, Node

_SCALARS = MappingProxyType(
    {
        "T_BOOLEAN": "booléen",
        "T_INTEGER": "entier",
        "T_RATE": "taux",
        "T_POINTS": "points",
        "T_MONEY": "montant",
        "T_DATE": "date",
        "T_TEXT": "chaîne",
        "T_DAYS": "durée en jours",
        "T_MONTHS": "durée en mois",
    }
)
_STANDINGS = MappingProxyType(
    {
        "per_fund": StandingWord.CAISSE,
        "per_doctrine": StandingWord.DOCTRINE,
        "assumption": StandingWord.HYPOTHESIS,
    }
)
_ROUNDINGS = MappingProxyType({"HALF_UP": Rounding.HALF_UP, "HALF_EVEN": Rounding.HALF_EVEN, "DOWN": Rounding.DOWN, "UP": Rounding.UP})
_ADJUSTMENTS = MappingProxyType({"cap": AdjustmentKind.CAP, "floor": AdjustmentKind.FLOOR, "round": AdjustmentKind.ROUND})
_TERMINALS = MappingProxyType(
    {
        "in_force": "_IN_FORCE",
        "per_fund": "_PER_FUND",
        "per_doctrine": "_PER_DOCTRINE",
        "assumption": "_HYPOTHESIS",
        "citation": "_CITES",
        "partial": "PARTIAL",
        "cumulative": "CUMULATIVE",
        "legal_reference": "_REFERENCE",
        "published": "_PUBLISHED",
        "between": "_BETWEEN",
        "optional": "OPTIONAL",
    }
)
_COMMON = frozenset({"in_force", "per_fund", "per_doctrine", "assumption", "citation", "label"})
# The clauses that have a meaning on each kind of declaration.
ALLOWED = MappingProxyType(
    {
        "heading": _COMMON - {"citation", "label"} | {"legal_reference", "published"},
        "parameter": _COMMON,
        "reference": _COMMON,
        "rule": _COMMON | {"partial", "cumulative"},
        "exception": _COMMON | {"partial"},
        "undercut": _COMMON,
        "table": _COMMON | {"cumulative"},
        "test": _COMMON - {"in_force", "label"},
        "property": _COMMON - {"label"},
    }
)


def type_expr(reader: Reader, node: Branch) -> TypeExpr:
    """Build a type."""
    tree = cast("Node", node)
    position = reader.position(tree)
    match tree.data:
        case "list_of":
            return ListOf(_type_name(reader, tree.children[0]), position=position)
        case "set_of":
            return SetOf(_type_name(reader, tree.children[0]), position=position)
        case _:
            return _type_name(reader, tree)


def _type_name(reader: Reader, node: Branch) -> TypeName:
    token = cast("Token", cast("Node", node).children[0])
    spelled = _SCALARS.get(token.type)
    return TypeName(spelled if spelled is not None else read.name(reader, token), position=reader.position(token))


@attrs.frozen
class HeadingClauses:
    """The clauses of a heading, and the reference to its official text."""

    clauses: Clauses
    reference: str | None


def heading_clauses(reader: Reader, node: Branch) -> HeadingClauses:
    """Build what follows the title of a unit of law."""
    found = _once_each(reader, cast("Node", node), "heading")
    reference = found.get("legal_reference")
    text = None
    if reference is not None:
        token = cast("Token", cast("Node", reference).children[0])
        text = read.string(token) if token.type == "STRING" else str(token)
    return HeadingClauses(_clauses(reader, found, ()), text)


def clauses(reader: Reader, node: Branch, owner: str) -> Clauses:
    """Build the clauses of a declaration of kind `owner` (a key of ALLOWED)."""
    tree = cast("Node", node)
    found = _once_each(reader, tree, owner)
    citations = tuple(
        Citation(read.string(child.children[0]), position=reader.position(child))
        for child in cast("list[Node]", tree.children)
        if _clause_kind(child) == "citation"
    )
    return _clauses(reader, found, citations)


def _once_each(reader: Reader, node: Node, owner: str) -> dict[str, Branch]:
    """Return the clauses by kind, noting those that stand twice or have no sense there; the three standings count as one."""
    found: dict[str, Branch] = {}
    seen: dict[str, str] = {}
    for child in node.children:
        kind = _clause_kind(child)
        group = "standing" if kind in _STANDINGS else kind
        if kind not in ALLOWED[owner]:
            reader.fault("E121", child, clause=clause_word(reader, kind), owner=_OWNER_NAMES[owner])
        elif group in seen and kind != "citation":
            reader.fault("E120", child, clause=clause_word(reader, kind), first=clause_word(reader, seen[group]))
        seen.setdefault(group, kind)
        found.setdefault(kind, child)
    return found


def clause_word(reader: Reader, kind: str) -> Word:
    """Return how the file's lexicon writes a clause."""
    return lexicon(reader.language).word(_TERMINALS[kind]) if kind in _TERMINALS else Phrase("libellé", "label")


def _clause_kind(child: Branch) -> str:
    return str(getattr(child, "data", None) or cast("Token", child).type.lower())


_OWNER_NAMES = MappingProxyType(
    {
        "heading": Phrase("un article, une annexe ou une clause", "an article, an annex or a clause"),
        "parameter": Phrase("un paramètre", "a parameter"),
        "reference": Phrase("un référentiel", "a reference table"),
        "rule": Phrase("une règle", "a rule"),
        "exception": Phrase("une exception", "an exception"),
        "undercut": Phrase("une neutralisation", "a disapplication"),
        "table": Phrase("une table", "a table"),
        "test": Phrase("un test", "a test"),
        "property": Phrase("une propriété", "a property"),
    }
)


def _clauses(reader: Reader, found: dict[str, Branch], citations: tuple[Citation, ...]) -> Clauses:
    dates = cast("Node | None", found.get("in_force"))
    word = next((kind for kind in _STANDINGS if kind in found), None)
    label = cast("Node | None", found.get("label"))
    published = cast("Node | None", found.get("published"))
    return Clauses(
        interval=interval(reader, dates) if dates is not None else None,
        interval_position=reader.position(dates) if dates is not None else None,
        standing=standing(reader, found[word]) if word is not None else None,
        citations=citations,
        partial="partial" in found,
        cumulative="cumulative" in found,
        label=read.string(label.children[0]) if label is not None else None,
        published=read.date(reader, published.children[0]) if published is not None else None,
    )


def interval(reader: Reader, node: Node) -> Interval:
    """Build `en vigueur du D [au D]`."""
    start, end = node.children
    return Interval(read.date(reader, start), read.date(reader, end) if end is not None else None)


def standing(reader: Reader, node: Branch) -> StandingClause:
    """Build `selon caisse "…"`, `selon doctrine "…"` or `hypothèse "…"`."""
    tree = cast("Node", node)
    return StandingClause(_STANDINGS[tree.data], read.string(tree.children[0]), position=reader.position(tree))


def body(reader: Reader, node: Branch) -> Body:
    """Build `vaut …` with its branches and adjustments."""
    tree = cast("Node", node)
    *parts, adjustments = cast("list[Node]", tree.children)
    branches: list[ConditionalValue] = []
    otherwise = None
    for part in parts:
        match part.data:
            case "branch":
                value, condition = expressions(reader, part.children)
                branches.append(ConditionalValue(value, condition))
            case "further_branch":
                condition, value = expressions(reader, part.children)
                branches.append(ConditionalValue(value, condition))
            case "otherwise":
                otherwise = expression(reader, part.children[0])
            case _:
                otherwise = expression(reader, part)
    read.count_items(reader, tree, len(branches))
    if len(adjustments.children) > reader.limits.nesting:
        reader.fault("E130", adjustments, limit=reader.limits.nesting)
    built = tuple(_adjustment(reader, cast("Node", child)) for child in adjustments.children)
    return Body(tuple(branches), otherwise, built, position=reader.position(tree))


def _adjustment(reader: Reader, node: Node) -> Adjustment:
    operand, *mode = node.children
    rounding = _ROUNDINGS[cast("Token", mode[0]).type] if mode else None
    return Adjustment(_ADJUSTMENTS[node.data], expression(reader, operand), rounding, position=reader.position(node))


def row(reader: Reader, node: Branch) -> RowDecl:
    """Build a row of a table; the `sinon` row has no cells."""
    tree = cast("Node", node)
    head, value, clause = tree.children
    head = cast("Node", head)
    cells = None if head.data == "otherwise_row" else tuple(_cell(reader, cast("Node", cell)) for cell in head.children)
    return RowDecl(
        cells,
        expression(reader, value),
        standing(reader, clause) if clause is not None else None,
        position=reader.position(tree),
    )


def _cell(reader: Reader, node: Node) -> CellExpr:
    position = reader.position(node)
    match node.data:
        case "any_cell":
            return AnyCell(position=position)
        case "range_cell":
            opening, low, high, closing = node.children
            return RangeCell(
                literal(reader, low),
                cast("Token", opening).type == "LEFT_BRACKET",
                literal(reader, high),
                cast("Token", closing).type == "RIGHT_BRACKET",
                position=position,
            )
        case "bound_cell":
            sign, bound = node.children
            limit, operator = literal(reader, bound), cast("Token", sign).type
            closed = operator in {"AT_MOST", "AT_LEAST"}
            if operator in {"LESS", "AT_MOST"}:
                return RangeCell(None, False, limit, closed, position=position)
            return RangeCell(limit, closed, None, False, position=position)
        case _:
            values = [child for child in node.children if getattr(child, "type", None) != "EQUAL"]
            read.count_items(reader, node, len(values))
            return ValueCell(expressions(reader, values), position=position)
