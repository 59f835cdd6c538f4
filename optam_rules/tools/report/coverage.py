"""What the tests of a pack cover, told to people, written as JSON, and as LCOV for the tools that show coverage beside a text."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from optam_rules.analysis.coverage.elements import Kind
from optam_rules.analysis.coverage.measure import ArticleCoverage, Covered, PackCoverage
from optam_rules.base.source import Position
from optam_rules.tools.report.table import table
from optam_rules.tools.report.words import counted

SCHEMA = "coverage-1"
# The kinds whose being reached at all is what LCOV counts by line; the goals of the others are its branches.
_LINES = (Kind.VERSION, Kind.EXCEPTION, Kind.PARAMETER, Kind.BRANCH, Kind.ROW)
_BRANCHES = (Kind.EXCEPTION, Kind.BRANCH, Kind.BOUND, Kind.CONDITION)


def share(covered: int, total: int) -> str:
    """Say a part in per cent, rounded down: 100 % is never said of what is not whole."""
    return f"{100 * covered // total} %" if total else "—"


def summary(report: PackCoverage) -> list[tuple[str, int, int]]:
    """Return (what, covered, in all): the articles, then each kind of element, then the sentences and the clauses of the text."""
    rows = [("article", sum(article.covered for article in report.articles), len(report.articles))]
    rows += [(kind.value, sum(covered.covered for covered in report.of(kind)), len(report.of(kind))) for kind in Kind]
    cited = sum(bool(sentence.cited_by) for sentence in report.sentences)
    return [*rows, ("phrase citée par une règle", cited, len(report.sentences))]


def coverage_text(report: PackCoverage) -> str:
    """Tell the summary, then, article by article, what no test shows and where it stands."""
    program = report.program
    head = f"couverture de {program.id} (version {program.version}) par {counted(len(report.tests), 'test')}"
    rows = [(what, str(covered), str(total), share(covered, total)) for what, covered, total in summary(report)]
    lines = [head, table(("élément", "couverts", "en tout", "part"), rows)]
    if report.failed or report.unread:
        lines.append(f"dont {counted(report.failed, 'test')} en échec et {counted(report.unread, 'test')} illisible")
    for article in report.articles:
        lines += _article(article)
    if report.unreached:
        names = ", ".join(f"`{name}`" for name in report.unreached)
        lines.append(f"\nlaissé de côté, qu'aucune réponse ne lit et que seule une propriété peut éprouver : {names}")
    if report.uncited:
        where = "--coverage-json et --coverage-html les listent"
        lines.append(f"\n{counted(len(report.uncited), 'clause')} sans citation du texte de l'article : {where}")
    return "\n".join(lines)


def _article(article: ArticleCoverage) -> Iterator[str]:
    left = sorted((covered for covered in article.elements if not covered.covered), key=lambda covered: _order(covered.element.position))
    if left:
        yield f"\n{article_title(article)}{'' if article.covered else ' : non couvert'}"
        yield from (f"  {covered.element.position} : {told(covered)}" for covered in left)


def _order(position: Position) -> tuple[str, int]:
    return position.file, position.start


def article_title(article: ArticleCoverage) -> str:
    """Name a unit of law as its heading does."""
    return f"{article.number} — {article.title}" if article.number is not None else "hors de tout article"


def told(covered: Covered) -> str:
    """Say what no test shows of an element."""
    element = covered.element
    if element.kind is Kind.BOUND:
        return f"borne {element.name} : aucun test dessus, ni de part et d'autre"
    return f"{element.kind.value} `{element.name}` : jamais {' ni '.join(covered.missing)}"


# --- JSON -----------------------------------------------------------------------------------------------------------------------


def coverage_json(report: PackCoverage) -> dict[str, Any]:
    """Return the whole report; tests are named by their place in `tests`, which follows the order of the texts."""
    program = report.program
    return {
        "schema": SCHEMA,
        "pack": {"id": program.id, "version": program.version, "digest": program.digest},
        "tests": [{"title": test.title, "on": test.on.isoformat(), **place(test.provenance.position)} for test in report.tests],
        "failed": report.failed,
        "unread": report.unread,
        "summary": {what: {"covered": covered, "total": total} for what, covered, total in summary(report)},
        "articles": [
            {"number": article.number, "title": article.title, "covered": article.covered, **_counts(article)}
            for article in report.articles
        ],
        "elements": [_element(covered) for covered in report.elements],
        "sentences": [{"article": s.article, "text": s.text, "cited_by": list(s.cited_by)} for s in report.sentences],
        "unreached": list(report.unreached),
        "uncited": [{"name": clause.name, "article": clause.article, **place(clause.position)} for clause in report.uncited],
    }


def place(position: Position) -> dict[str, Any]:
    """Return where something stands, as every JSON of ours writes it."""
    return {"file": position.file, "line": position.line, "column": position.column}


def _counts(article: ArticleCoverage) -> dict[str, int]:
    return {
        "clauses": len(article.clauses),
        "clauses_covered": sum(clause.covered for clause in article.clauses),
        "elements": len(article.elements),
        "elements_covered": sum(covered.covered for covered in article.elements),
    }


def _element(covered: Covered) -> dict[str, Any]:
    element = covered.element
    return {
        "kind": element.kind.value,
        "name": element.name,
        "definition": ".".join(element.definition) if element.definition is not None else None,
        "article": element.article,
        **place(element.position),
        "covered": covered.covered,
        "goals": [{"goal": goal, "tests": list(tests)} for goal, tests in zip(element.goals, covered.tests, strict=True)],
    }


# --- LCOV -----------------------------------------------------------------------------------------------------------------------


def by_file(elements: Sequence[Covered]) -> dict[str, dict[int, list[Covered]]]:
    """Sort elements by file and by line."""
    files: dict[str, dict[int, list[Covered]]] = {}
    for covered in elements:
        position = covered.element.position
        files.setdefault(position.file, {}).setdefault(position.line, []).append(covered)
    return {file: dict(sorted(lines.items())) for file, lines in sorted(files.items())}


def lcov(report: PackCoverage, path_of: Callable[[str], str]) -> str:
    """Write a tracefile; `path_of` turns the name that a position gives its file into a path that other tools can open.

    Lines count the tests that reach what begins there; branches are the fates of exceptions, the branches of conditionals, the sides of
    bounds, and the outcomes that a condition decides alone; functions are definitions.
    """
    lines: list[str] = ["TN:"]
    for file, places in by_file(report.elements).items():
        lines.append(f"SF:{path_of(file)}")
        lines += _functions(places)
        lines += _branches(places)
        counts = {line: min(reached) for line, held in places.items() if (reached := [_hits(c) for c in held if c.element.kind in _LINES])}
        lines += [f"DA:{line},{count}" for line, count in counts.items()]
        lines += [f"LF:{len(counts)}", f"LH:{sum(count > 0 for count in counts.values())}", "end_of_record"]
    return "\n".join(lines) + "\n"


def _hits(covered: Covered) -> int:
    return len(covered.tests[0])


def _functions(places: dict[int, list[Covered]]) -> list[str]:
    found = [(line, c) for line, held in places.items() for c in held if c.element.kind is Kind.DEFINITION]
    names = [f"FN:{line},{c.element.name}" for line, c in found]
    counts = [f"FNDA:{_hits(c)},{c.element.name}" for _, c in found]
    return [*names, *counts, f"FNF:{len(found)}", f"FNH:{sum(_hits(c) > 0 for _, c in found)}"]


def _branches(places: dict[int, list[Covered]]) -> list[str]:
    lines: list[str] = []
    hit = 0
    for line, held in places.items():
        for block, covered in enumerate(c for c in held if c.element.kind in _BRANCHES):
            for branch, tests in enumerate(covered.tests):
                lines.append(f"BRDA:{line},{block},{branch},{len(tests)}")
                hit += bool(tests)
    return [*lines, f"BRF:{len(lines)}", f"BRH:{hit}"]
