"""From a program to what its law leaves unsettled: unknowns, open questions and hypotheses, each with the answers that depend on it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from enum import Enum
from graphlib import TopologicalSorter
from typing import cast

import attrs

from optam_rules.base.calendar import Interval
from optam_rules.core.ir import Answer, Expr, HypothesisRead, Literal, ParameterRead, Table, UnknownLaw
from optam_rules.core.program import ArticleText, Definition, Parameter, Program, Provenance
from optam_rules.core.standing import Standing
from optam_rules.core.walk import subexpressions


class Kind(Enum):
    """What is unsettled; the value is the French word."""

    UNKNOWN = "inconnu"
    QUESTION = "question ouverte"
    HYPOTHESIS = "hypothèse"


@attrs.frozen
class Unsettled:
    """Something that the sources do not settle.

    `name` is the need that an answer then lists (`inconnu:prime`, `hypothèse:bornes`); empty for a hypothesis of ours, worded by `text`.
    """

    kind: Kind
    name: str
    text: str
    article: str | None
    answers: tuple[str, ...] = ()


class Coverage(Enum):
    """How far a unit of law is encoded; the value is the French word."""

    FULL = "encodé"
    PARTIAL = "en partie"
    NONE = "sans règle"


_Key = tuple[str, str]


def unsettled(program: Program) -> tuple[Unsettled, ...]:
    """List what is unsettled in a program, in the order of the text, with the paths of the answers that depend on it."""
    own = {key: dict.fromkeys(_of(program, definition)) for key, definition in program.definitions.items()}
    reached = _closure(program, own)
    found: dict[Unsettled, None] = {}
    for items in own.values():
        found |= items
    paths = {definition.key: path for path, definition in reversed(list(program.answers()))}
    return tuple(
        attrs.evolve(item, answers=tuple(sorted(path for key, path in paths.items() if item in reached[key])))
        for item in sorted(found, key=_order)
    )


def coverage(program: Program, unit: ArticleText) -> Coverage:
    """Tell how far a unit of law is encoded: nothing drawn from it, something unsettled in what is, or neither."""
    drawn = [definition for definition in program.definitions.values() if clauses_of(definition, unit)]
    if not drawn:
        return Coverage.NONE
    open_here = any(item.article == unit.number for definition in drawn for item in _of(program, definition))
    return Coverage.PARTIAL if open_here or unit.provenance.standing < Standing.CAISSE else Coverage.FULL


def clauses_of(definition: Definition, unit: ArticleText) -> int:
    """Count the clauses of a definition, versions and exceptions, that stand in a unit of law."""
    clauses = [(version.provenance, version.interval) for version in definition.versions]
    clauses += [(clause.provenance, clause.interval) for clause in definition.exceptions]
    return sum(origin.article == unit.number and not interval.intersect(unit.interval).empty for origin, interval in clauses)


def _order(item: Unsettled) -> tuple[int, str, str]:
    return list(Kind).index(item.kind), item.article or "", item.name or item.text


def _closure(program: Program, own: Mapping[_Key, dict[Unsettled, None]]) -> dict[_Key, set[Unsettled]]:
    """Return what each definition depends on, by itself and through those it reads."""
    read = {
        key: {(part.entity, part.name) for expr in definition.expressions() for part in subexpressions(expr) if isinstance(part, Answer)}
        for key, definition in program.definitions.items()
    }
    reached: dict[_Key, set[Unsettled]] = {}
    for key in TopologicalSorter(read).static_order():
        reached[key] = set(own[key]).union(*(reached[other] for other in read[key]))
    return reached


def _of(program: Program, definition: Definition) -> Iterator[Unsettled]:
    """Yield what a definition itself leaves unsettled."""
    for version in definition.versions:
        yield from _clause(program, definition, version.provenance, version.interval, version.body)
    for clause in definition.exceptions:
        yield from _clause(program, definition, clause.provenance, clause.interval, clause.condition, clause.body)
    for undercut in definition.undercuts:
        yield from _clause(program, definition, undercut.provenance, undercut.interval, undercut.condition)


def _clause(program: Program, definition: Definition, origin: Provenance, days: Interval, *parts: Expr) -> Iterator[Unsettled]:
    yield from _ours(origin)
    for expr in (part for whole in parts for part in subexpressions(whole)):
        match expr:
            case UnknownLaw(label):
                yield Unsettled(Kind.UNKNOWN, f"inconnu:{label}", definition.label, origin.article)
            case HypothesisRead(name):
                question = program.hypotheses[name]
                readings = " ou ".join(question.readings)
                yield Unsettled(Kind.QUESTION, f"hypothèse:{name}", f"{question.text} ({readings})", question.provenance.article)
            case ParameterRead(name):
                for source in _sources(program.parameters[name], expr.at, days):
                    yield from _ours(source)
            case Table():
                rows = (*expr.rows, expr.otherwise) if expr.otherwise else expr.rows
                for row in rows:
                    if row.standing is Standing.HYPOTHESIS and row.source:
                        yield Unsettled(Kind.HYPOTHESIS, "", row.source, origin.article)


def _sources(parameter: Parameter, day: Expr | None, days: Interval) -> Iterator[Provenance]:
    """Yield where the values come from that a clause may read: on its own days, on the day it names, on any day where that is computed."""
    for dated in parameter.values:
        match day:
            case None:
                read = not dated.interval.intersect(days).empty
            case Literal(value=value):
                read = cast("dt.date", value) in dated.interval
            case _:
                read = True
        if read:
            yield parameter.origin_of(dated)


def _ours(origin: Provenance) -> Iterator[Unsettled]:
    if origin.hypothesis:
        yield Unsettled(Kind.HYPOTHESIS, "", origin.hypothesis, origin.article)
