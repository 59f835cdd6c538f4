"""From two programs to whether they are one law: the same on every day, however it is cut into versions and wherever it is written."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Protocol, TypeVar

import attrs

from optam_rules.base.calendar import ONE_DAY, Interval
from optam_rules.core.program import ArticleText, Definition, Parameter, Program


class _Dated(Protocol):
    @property
    def interval(self) -> Interval: ...


T = TypeVar("T", bound=_Dated)


def same_law(one: Program, other: Program) -> bool:
    """Tell whether two programs have the same vocabulary, words, definitions and properties; tests and digests do not count."""
    return (
        one.entities == other.entities
        and one.enumerations == other.enumerations
        and one.references == other.references
        and one.hypotheses == other.hypotheses
        and one.properties == other.properties
        and joined_articles(one.articles) == joined_articles(other.articles)
        and {name: joined_parameter(each) for name, each in one.parameters.items()}
        == {name: joined_parameter(each) for name, each in other.parameters.items()}
        and {key: joined_definition(each) for key, each in one.definitions.items()}
        == {key: joined_definition(each) for key, each in other.definitions.items()}
    )


def joined_definition(definition: Definition) -> Definition:
    """Return a definition whose clauses are cut no finer than what they say."""
    return attrs.evolve(
        definition,
        versions=joined(definition.versions),
        exceptions=joined(definition.exceptions),
        undercuts=joined(definition.undercuts),
    )


def joined_parameter(parameter: Parameter) -> Parameter:
    """Return a parameter whose values are cut no finer than what they say."""
    values = (attrs.evolve(each, provenance=each.provenance or parameter.provenance) for each in parameter.values)
    return attrs.evolve(parameter, values=joined(values))


def joined_articles(articles: Sequence[ArticleText]) -> tuple[ArticleText, ...]:
    """Return units of law cut no finer than what they say, in one order."""
    return tuple(sorted(joined(articles), key=lambda each: (each.kind, each.number, each.interval.start or dt.date.min)))


def joined(parts: Iterable[T]) -> tuple[T, ...]:
    """Join the parts that say the same on days that follow each other; the order of those that differ is kept by their first days."""
    left = sorted(parts, key=lambda each: each.interval.start or dt.date.min)
    found: list[T] = []
    for part in left:
        place = next((at for at, before in enumerate(found) if _follows(before, part)), None)
        if place is None:
            found.append(part)
        else:
            interval = Interval(found[place].interval.start, part.interval.end)
            found[place] = _at(part, interval)
    return tuple(found)


def _follows(before: _Dated, after: _Dated) -> bool:
    end, start = before.interval.end, after.interval.start
    return end is not None and start is not None and end + ONE_DAY == start and _at(before, after.interval) == after


def _at(part: T, interval: Interval) -> T:
    return attrs.evolve(part, interval=interval)  # type: ignore[misc]
