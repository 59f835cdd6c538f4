"""The changes of text of a comparison turned into words, grouped by article."""

from __future__ import annotations

import attrs

from optam_rules.analysis.compare.change import Change, How, What
from optam_rules.analysis.compare.result import Diff
from optam_rules.base.phrases import Lang, Phrase, Word, joined, told
from optam_rules.base.source import Position
from optam_rules.core.program import Program
from optam_rules.tools.report.words import citation, find_article

THEN = Phrase(", puis ", ", then ")


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
    """The changes that stand in one article, or under the vocabulary, the properties or the tests."""

    heading: str
    changes: tuple[ChangeView, ...]
    of_tests: bool = False
    folded: bool = False  # what a page leaves closed: tests and properties


_HOW = {
    How.ADDED: Phrase("ajout", "addition"),
    How.REMOVED: Phrase("suppression", "removal"),
    How.CHANGED: Phrase("modification", "change"),
    How.RENAMED: Phrase("changement de nom", "change of name"),
}
_OF = {
    What.DEFINITION: Phrase("de la définition ", "of the definition "),
    What.VERSION: Phrase("de la définition ", "of the definition "),
    What.EXCEPTION: Phrase("de l'exception ", "of the exception "),
    What.UNDERCUT: Phrase("de ce qui neutralise ", "of what disapplies "),
    What.ROW: Phrase("de la ligne ", "of the row "),
    What.PARAMETER: Phrase("du paramètre ", "of the parameter "),
    What.VALUE: Phrase("du paramètre ", "of the parameter "),
    What.HYPOTHESIS: Phrase("de la question ouverte ", "of the open question "),
    What.REFERENCE: Phrase("du référentiel ", "of the reference table "),
    What.ENTITY: Phrase("de l'entité ", "of the entity "),
    What.FIELD: Phrase("de la donnée ", "of the datum "),
    What.ENUMERATION: Phrase("de l'énumération ", "of the enumeration "),
    What.OPTION: Phrase("de la valeur ", "of the value "),
    What.PROPERTY: Phrase("de la propriété ", "of the property "),
    What.TEST: Phrase("du test ", "of the test "),
}
_OWNER = Phrase(" de ", " of ")
_OWNED = {What.EXCEPTION: _OWNER, What.ROW: Phrase(", table ", ", table "), What.FIELD: _OWNER, What.OPTION: _OWNER}
# What differs, as `Aspect` names it.
_ASPECTS = {
    "texte": "text",
    "valeur": "value",
    "dates": "days",
    "type": "type",
    "libellé": "label",
    "titre": "title",
    "nature": "nature",
    "cumulable": "cumulable",
    "colonnes": "columns",
    "clés": "keys",
    "lectures": "readings",
    "question": "question",
    "déclaration": "declaration",
    "principale": "main",
    "entité": "entity",
    "exception de": "exception of",
    "l'emporte sur": "prevails over",
    "article": "article",
    "fondement": "ground",
    "source": "source",
    "hypothèse": "assumption",
    "référence": "reference",
    "citations": "citations",
}


def change_words(programs: tuple[Program, Program], change: Change) -> Phrase:
    """Say a change in a few words: `modification de l'exception taux_de_groupe de taux_engagement (article 41.1)`.

    `programs` are those of both sides, for what the articles are called.
    """
    name = f"« {change.name} »" if change.what in (What.PROPERTY, What.TEST, What.ROW) else change.name
    owner: tuple[Word, ...] = (_OWNED[change.what], change.owner) if change.what in _OWNED and change.owner else ()
    renamed = change.how is How.RENAMED
    was = Phrase(f", qui s'appelait {change.old_name}", f", which was called {change.old_name}") if renamed else ""
    return joined("", (_HOW[change.how], " ", _of(change), name, *owner, was, _where(programs, change)))


def _of(change: Change) -> Phrase:
    if change.what is What.ARTICLE:
        return Phrase("de l'", "of ") if change.name.startswith(("article", "annexe")) else Phrase("de la clause ", "of the clause ")
    return _OF[change.what]


def _where(programs: tuple[Program, Program], change: Change) -> Word:
    if change.what in (What.ARTICLE, What.TEST):
        return ""
    numbers = zip(programs, (change.old_article, change.new_article), strict=True)
    called = dict.fromkeys(_called(program, number) for program, number in numbers if number is not None)
    return joined("", (" (", joined(THEN, called), ")")) if called else ""


def _called(program: Program, number: str) -> str:
    """Name a unit of law in a few words: `article 41.1`, `annexe 21`, `clause « Engagements calculés »`."""
    unit = find_article(program, number, None)
    if unit is not None and unit.kind == "clause":
        return citation(program, number)
    return number if number.startswith("annexe") else f"article {number}"


def by_article(diff: Diff, lang: Lang = "fr") -> tuple[ArticleView, ...]:
    """Group changes by the article where they stand, the new one first; what stands in none comes last."""
    programs = diff.comparison.old.program, diff.comparison.new.program
    groups: dict[Phrase, list[Change]] = {}
    for change in sorted(diff.comparison.alignment.changes, key=lambda each: _LATE.get(each.what, 0)):
        groups.setdefault(_heading(programs, change), []).append(change)
    return tuple(
        ArticleView(heading.told(lang), tuple(_change(programs, each, lang) for each in changes), heading is TESTS, heading in _FOLDED)
        for heading, changes in groups.items()
    )


_LATE = {What.ENTITY: 1, What.FIELD: 1, What.ENUMERATION: 1, What.OPTION: 1, What.PROPERTY: 2, What.TEST: 3}
_VOCABULARY = Phrase("vocabulaire", "vocabulary")
_PROPERTIES = Phrase("propriétés", "properties")
TESTS = Phrase("tests", "tests")
_NO_ARTICLE = Phrase("hors article", "outside any article")
_FOLDED = (TESTS, _PROPERTIES)


def _heading(programs: tuple[Program, Program], change: Change) -> Phrase:
    if change.what in (What.ENTITY, What.FIELD, What.ENUMERATION, What.OPTION):
        return _VOCABULARY
    if change.what in (What.PROPERTY, What.TEST):
        return _PROPERTIES if change.what is What.PROPERTY else TESTS
    number = change.new_article or change.old_article
    if number is None:
        return _NO_ARTICLE
    cited = citation(programs[1] if change.new_article else programs[0], number)
    return Phrase(cited, cited)


def _change(programs: tuple[Program, Program], change: Change, lang: Lang) -> ChangeView:
    aspects = tuple((_aspect(each.name).told(lang), _side(each.old, lang), _side(each.new, lang)) for each in change.aspects)
    words = change_words(programs, change).told(lang)
    return ChangeView(change.how, words, _place(change.old), _place(change.new), aspects, change.of_substance)


def _aspect(name: str) -> Phrase:
    return Phrase(name, _ASPECTS[name])


def _side(word: Word | None, lang: Lang) -> str | None:
    return None if word is None else told(word, lang)


def _place(position: Position | None) -> str:
    return f"{position.file}:{position.line}" if position is not None else ""
