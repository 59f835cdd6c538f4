"""The changes of text of a comparison turned into words, grouped by article."""

from __future__ import annotations

import attrs

from optam_rules.analysis.compare.change import Change, How, What
from optam_rules.analysis.compare.result import Diff
from optam_rules.base.source import Position
from optam_rules.core.program import Program
from optam_rules.tools.report.words import citation, find_article


@attrs.frozen
class ChangeView:
    """A change of text in words; `aspects` are (name, old, new), texts of several lines included."""

    how: How
    words: str
    old_place: str
    new_place: str
    aspects: tuple[tuple[str, str | None, str | None], ...]
    of_substance: bool


@attrs.frozen
class ArticleView:
    """The changes that stand in one article."""

    heading: str
    changes: tuple[ChangeView, ...]


_HOW = {How.ADDED: "ajout", How.REMOVED: "suppression", How.CHANGED: "modification", How.RENAMED: "changement de nom"}
_OF = {
    What.DEFINITION: "de la définition ",
    What.VERSION: "de la définition ",
    What.EXCEPTION: "de l'exception ",
    What.UNDERCUT: "de ce qui neutralise ",
    What.ROW: "de la ligne ",
    What.PARAMETER: "du paramètre ",
    What.VALUE: "du paramètre ",
    What.HYPOTHESIS: "de la question ouverte ",
    What.REFERENCE: "du référentiel ",
    What.ENTITY: "de l'entité ",
    What.FIELD: "de la donnée ",
    What.ENUMERATION: "de l'énumération ",
    What.OPTION: "de la valeur ",
    What.PROPERTY: "de la propriété ",
    What.TEST: "du test ",
}
_OWNED = {What.EXCEPTION: " de ", What.ROW: ", table ", What.FIELD: " de ", What.OPTION: " de "}


def change_words(programs: tuple[Program, Program], change: Change) -> str:
    """Say a change in a few words: `modification de l'exception taux_de_groupe de taux_engagement (article 41.1)`.

    `programs` are those of both sides, for what the articles are called.
    """
    name = f"« {change.name} »" if change.what in (What.PROPERTY, What.TEST, What.ROW) else change.name
    owner = f"{_OWNED[change.what]}{change.owner}" if change.what in _OWNED and change.owner else ""
    was = f", qui s'appelait {change.old_name}" if change.how is How.RENAMED else ""
    return f"{_HOW[change.how]} {_of(change)}{name}{owner}{was}{_where(programs, change)}"


def _of(change: Change) -> str:
    if change.what is What.ARTICLE:
        return "de l'" if change.name.startswith(("article", "annexe")) else "de la clause "
    return _OF[change.what]


def _where(programs: tuple[Program, Program], change: Change) -> str:
    if change.what in (What.ARTICLE, What.TEST):
        return ""
    numbers = zip(programs, (change.old_article, change.new_article), strict=True)
    called = dict.fromkeys(_called(program, number) for program, number in numbers if number is not None)
    return f" ({', puis '.join(called)})" if called else ""


def _called(program: Program, number: str) -> str:
    """Name a unit of law in a few words: `article 41.1`, `annexe 21`, `clause « Engagements calculés »`."""
    unit = find_article(program, number, None)
    if unit is not None and unit.kind == "clause":
        return citation(program, number)
    return number if number.startswith("annexe") else f"article {number}"


def by_article(diff: Diff) -> tuple[ArticleView, ...]:
    """Group changes by the article where they stand, the new one first; what stands in none comes last."""
    programs = diff.comparison.old.program, diff.comparison.new.program
    groups: dict[str, list[ChangeView]] = {}
    for change in sorted(diff.comparison.alignment.changes, key=lambda each: _LATE.get(each.what, 0)):
        groups.setdefault(_heading(programs, change), []).append(_change(programs, change))
    return tuple(ArticleView(heading, tuple(changes)) for heading, changes in groups.items())


_LATE = {What.ENTITY: 1, What.FIELD: 1, What.ENUMERATION: 1, What.OPTION: 1, What.PROPERTY: 2, What.TEST: 3}


def _heading(programs: tuple[Program, Program], change: Change) -> str:
    if change.what in (What.ENTITY, What.FIELD, What.ENUMERATION, What.OPTION):
        return "vocabulaire"
    if change.what in (What.PROPERTY, What.TEST):
        return "propriétés" if change.what is What.PROPERTY else "tests"
    number = change.new_article or change.old_article
    if number is None:
        return "hors article"
    return citation(programs[1] if change.new_article else programs[0], number)


def _change(programs: tuple[Program, Program], change: Change) -> ChangeView:
    aspects = tuple((aspect.name, aspect.old, aspect.new) for aspect in change.aspects)
    return ChangeView(change.how, change_words(programs, change), _place(change.old), _place(change.new), aspects, change.of_substance)


def _place(position: Position | None) -> str:
    return f"{position.file}:{position.line}" if position is not None else ""
