"""The changes of text of a comparison turned into words, grouped by article."""

from __future__ import annotations

from collections.abc import Iterable

import attrs

from optam_rules.analysis.compare.change import Change, How, What
from optam_rules.analysis.compare.result import Diff
from optam_rules.base.source import Position
from optam_rules.core.program import Program
from optam_rules.tools.report.words import citation


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


def change_words(change: Change) -> str:
    """Say a change in a few words: `modification de l'exception taux_de_groupe de taux_engagement (article 41.1)`."""
    name = f"« {change.name} »" if change.what in (What.PROPERTY, What.TEST, What.ROW) else change.name
    owner = f"{_OWNED[change.what]}{change.owner}" if change.what in _OWNED and change.owner else ""
    was = f", qui s'appelait {change.old_name}" if change.how is How.RENAMED else ""
    return f"{_HOW[change.how]} {_of(change)}{name}{owner}{was}{_where(change)}"


def _of(change: Change) -> str:
    if change.what is What.ARTICLE:
        return "de l'" if change.name.startswith(("article", "annexe")) else "de la clause "
    return _OF[change.what]


def _where(change: Change) -> str:
    articles = [] if change.what in (What.ARTICLE, What.TEST) else list(change.articles)
    return f" (article {', puis '.join(articles)})" if articles else ""


def by_article(diff: Diff) -> tuple[ArticleView, ...]:
    """Group changes by the article where they stand, the new one first; what stands in none comes last."""
    programs = diff.comparison.old.program, diff.comparison.new.program
    groups: dict[str, list[ChangeView]] = {}
    for change in sorted(diff.comparison.alignment.changes, key=lambda each: _LATE.get(each.what, 0)):
        groups.setdefault(_heading(programs, change), []).append(_change(change))
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


def _change(change: Change) -> ChangeView:
    aspects = tuple((aspect.name, aspect.old, aspect.new) for aspect in change.aspects)
    return ChangeView(change.how, change_words(change), _place(change.old), _place(change.new), aspects, change.of_substance)


def _place(position: Position | None) -> str:
    return f"{position.file}:{position.line}" if position is not None else ""


def counts(changes: Iterable[Change]) -> dict[How, int]:
    """Count changes by what became of their subject."""
    found = dict.fromkeys(How, 0)
    for change in changes:
        found[change.how] += 1
    return found
