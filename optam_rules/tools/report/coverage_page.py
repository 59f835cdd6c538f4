"""What the tests of a pack cover, as a page that reads its text line by line, each line marked; it stands alone, without script."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import attrs

from optam_rules.analysis.coverage.measure import Covered, PackCoverage, Sentence, Uncited
from optam_rules.base.phrases import Lang, Phrase, told
from optam_rules.base.source import Source
from optam_rules.tools.report.coverage import HEADINGS, article_title, by_file, share, summary
from optam_rules.tools.report.pages import template


@attrs.frozen
class _Note:
    """An element shown under its line."""

    state: str
    text: str
    goals: tuple[tuple[str, tuple[str, ...]], ...]  # what is to be seen, and the titles of the tests that show it


@attrs.frozen
class _Line:
    number: int
    text: str
    state: str  # "tout", "partie", "rien", or "" where the line holds no element
    notes: tuple[_Note, ...]


@attrs.frozen
class _File:
    name: str
    lines: tuple[_Line, ...]


@attrs.frozen
class _Article:
    title: str
    anchor: str
    covered: bool
    clauses: str
    elements: str
    sentences: tuple[Sentence, ...]
    uncited: tuple[Uncited, ...]


def coverage_page(report: PackCoverage, lang: Lang = "fr") -> str:
    """Return the page as HTML."""
    return template("coverage.html.j2").render(
        lang=lang,
        say=lambda french, english: Phrase(french, english).told(lang),
        headings=[heading.told(lang) for heading in HEADINGS],
        program=report.program,
        tests=len(report.tests),
        failed=report.failed + report.unread,
        summary=[(what.told(lang), covered, total, share(covered, total)) for what, covered, total in summary(report)],
        articles=list(_articles(report, lang)),
        files=list(_files(report, lang)),
    )


def _files(report: PackCoverage, lang: Lang) -> Iterator[_File]:
    sources = {covered.element.position.file: covered.element.position.source for covered in report.elements}
    titles = [test.title for test in report.tests]
    for file, places in by_file(report.elements).items():
        yield _File(file, tuple(_lines(sources[file], places, titles, lang)))


def _lines(source: Source, places: dict[int, list[Covered]], titles: Sequence[str], lang: Lang) -> Iterator[_Line]:
    for number in range(1, source.original.count("\n") + 1):
        held = places.get(number, [])
        notes = tuple(_note(covered, titles, lang) for covered in held)
        yield _Line(number, source.line_text(number), _worst(notes), notes)


def _worst(notes: Sequence[_Note]) -> str:
    states = {note.state for note in notes}
    if not states or states == {"tout"}:
        return "tout" if states else ""
    return "rien" if states == {"rien"} else "partie"


def _note(covered: Covered, titles: Sequence[str], lang: Lang) -> _Note:
    element = covered.element
    state = "tout" if covered.covered else "partie" if covered.seen else "rien"
    goals = tuple(
        (goal.told(lang), tuple(titles[place] for place in tests)) for goal, tests in zip(element.goals, covered.tests, strict=True)
    )
    return _Note(state, f"{element.kind.value.told(lang)} {told(element.name, lang)}", goals)


def _articles(report: PackCoverage, lang: Lang) -> Iterator[_Article]:
    for article in report.articles:
        first = article.elements[0].element.position
        yield _Article(
            article_title(article, lang),
            f"{first.file}-{first.line}",
            article.covered,
            f"{sum(clause.covered for clause in article.clauses)} / {len(article.clauses)}",
            f"{sum(covered.covered for covered in article.elements)} / {len(article.elements)}",
            tuple(sentence for sentence in report.sentences if sentence.article == article.number and not sentence.cited_by),
            tuple(clause for clause in report.uncited if clause.article == article.number),
        )
