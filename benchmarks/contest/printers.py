"""The trees of `optam-16` in the words of each peer."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from benchmarks.optam16.trees import Tree

_JSON_LOGIC = {
    "+": "+",
    "*": "*",
    "-": "-",
    "==": "==",
    "!=": "!=",
    "<=": "<=",
    ">=": ">=",
    ">": ">",
    "and": "and",
    "or": "or",
    "min": "min",
}


def json_logic(tree: Tree) -> Any:
    """Print as JSON logic; a quotient through its remainder, for `/` gives a float."""
    match tree:
        case int():
            return tree
        case str():
            return {"var": tree}
        case ("if", *parts):
            return {"if": [json_logic(part) for part in parts]}  # type: ignore[arg-type]
        case ("in", tested, *values):
            return {"in": [json_logic(tested), values]}  # type: ignore[arg-type]
        case ("div", above, below):
            n, d = json_logic(above), json_logic(below)  # type: ignore[arg-type]
            return {"/": [{"-": [n, {"%": [n, d]}]}, d]}
        case (operator, *parts):
            return {_JSON_LOGIC[str(operator)]: [json_logic(part) for part in parts]}  # type: ignore[arg-type]
    raise TypeError(tree)


def infix(tree: Tree, words: Mapping[str, str]) -> str:
    """Print as an expression with infix operators; `words` gives what differs: and, or, div, if, min, in."""
    if not isinstance(tree, tuple):
        return str(tree)
    operator, *rest = tree
    parts = [infix(part, words) for part in rest]  # type: ignore[arg-type]
    match operator:
        case "in":
            return words["in"].format(parts[0], ", ".join(parts[1:]))
        case "if" | "div" | "min":
            return words[str(operator)].format(*parts)
        case _:
            return f"({f' {words.get(str(operator), operator)} '.join(parts)})"


C_LIKE = {
    "and": "&&",
    "or": "||",
    "div": "(({}) / ({}))",
    "if": "(({}) ? ({}) : ({}))",
    "min": "(({0}) < ({1}) ? ({0}) : ({1}))",
    "in": "({} in [{}])",
}
ZEN = {"and": "and", "or": "or", "div": "floor(({}) / ({}))", "if": "(({}) ? ({}) : ({}))", "min": "min([{}, {}])", "in": "({} in [{}])"}
RULE_ENGINE = {"div": "(({}) // ({}))", "if": "(({}) ? ({}) : ({}))", "min": "(({0}) < ({1}) ? ({0}) : ({1}))", "in": "({} in [{}])"}
SQL = {
    "and": "AND", "or": "OR", "==": "=", "!=": "<>", "div": "(({}) // ({}))", "if": "CASE WHEN {} THEN {} ELSE {} END",
    "min": "least({}, {})", "in": "({} IN ({}))",
}  # fmt: skip


def algebra(tree: Tree, get: Callable[[str], Any], where: Callable[[Any, Any, Any], Any], among: Callable[[Any, list[int]], Any]) -> Any:
    """Compute on what overloads operators: arrays of NumPy, expressions of Polars."""
    if isinstance(tree, int):
        return tree
    if isinstance(tree, str):
        return get(tree)
    operator, *rest = tree
    if operator == "in":
        return among(get(str(rest[0])), [int(str(value)) for value in rest[1:]])
    parts = [algebra(part, get, where, among) for part in rest]  # type: ignore[arg-type]
    match operator:
        case "if":
            return where(*parts)
        case "min":
            return where(parts[0] < parts[1], *parts)
        case "div":
            return parts[0] // parts[1]
        case _:
            result = parts[0]
            for part in parts[1:]:
                result = _BINARY[str(operator)](result, part)
            return result


_BINARY: dict[str, Callable[[Any, Any], Any]] = {
    "+": lambda a, b: a + b,
    "-": lambda a, b: a - b,
    "*": lambda a, b: a * b,
    "==": lambda a, b: a == b,
    "!=": lambda a, b: a != b,
    "<=": lambda a, b: a <= b,
    ">=": lambda a, b: a >= b,
    ">": lambda a, b: a > b,
    "and": lambda a, b: a & b,
    "or": lambda a, b: a | b,
}
