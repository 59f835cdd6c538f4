"""What the tests of a pack cover, told to people, written as JSON, and as LCOV for the tools that show coverage beside a text."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from optam_rules.analysis.coverage.elements import Kind
from optam_rules.analysis.coverage.measure import ArticleCoverage, Covered, PackCoverage
from optam_rules.base.phrases import COLON, Lang, Phrase, counted, filled, joined
from optam_rules.base.source import Position
from optam_rules.tools.report.table import table

SCHEMA = "coverage-1"
HEADINGS = (Phrase("élément", "element"), Phrase("couverts", "covered"), Phrase("en tout", "in all"), Phrase("part", "share"))
_TEST = Phrase("test", "test")
_UNCOVERED = Phrase("non couvert", "not covered")
_NO_ARTICLE = Phrase("hors de tout article", "outside any article")
_UNREACHED = Phrase(
    "laissé de côté, qu'aucune réponse ne lit et que seule une propriété peut éprouver",
    "left aside, which no answer reads and only a property can try",
)
# The kinds whose being reached at all is what LCOV counts by line; the goals of the others are its branches.
_LINES = (Kind.VERSION, Kind.EXCEPTION, Kind.PARAMETER, Kind.BRANCH, Kind.ROW)
_BRANCHES = (Kind.EXCEPTION, Kind.BRANCH, Kind.BOUND, Kind.CONDITION)


def share(covered: int, total: int) -> str:
    """Say a part in per cent, rounded down: 100 % is never said of what is not whole."""
    return f"{100 * covered // total} %" if total else "—"


def summary(report: PackCoverage) -> list[tuple[Phrase, int, int]]:
    """Return (what, covered, in all): the articles, then each kind of element, then the sentences and the clauses of the text."""
    rows = [(Phrase("article", "article"), sum(article.covered for article in report.articles), len(report.articles))]
    rows += [(kind.value, sum(covered.covered for covered in report.of(kind)), len(report.of(kind))) for kind in Kind]
    cited = sum(bool(sentence.cited_by) for sentence in report.sentences)
    return [*rows, (Phrase("phrase citée par une règle", "sentence that a rule cites"), cited, len(report.sentences))]


def coverage_text(report: PackCoverage, lang: Lang = "fr") -> str:
    """Tell the summary, then, article by article, what no test shows and where it stands."""
    program, tests = report.program, counted(len(report.tests), _TEST)
    head = filled(
        "couverture de {pack} (version {version}) par {tests}",
        "coverage of {pack} (version {version}) by {tests}",
        pack=program.id,
        version=program.version,
        tests=tests,
    )
    rows = [(what.told(lang), str(covered), str(total), share(covered, total)) for what, covered, total in summary(report)]
    lines = [head.told(lang), table([heading.told(lang) for heading in HEADINGS], rows)]
    if report.failed or report.unread:
        failed, unread = counted(report.failed, _TEST), counted(report.unread, _TEST)
        lines.append(
            filled(
                "dont {failed} en échec et {unread} illisible",
                "of which {failed} failed and {unread} could not be read",
                failed=failed,
                unread=unread,
            ).told(lang)
        )
    for article in report.articles:
        lines += _article(article, lang)
    if report.unreached:
        names = ", ".join(f"`{name}`" for name in report.unreached)
        lines.append(f"\n{_UNREACHED.told(lang)}{COLON.told(lang)}{names}")
    if report.uncited:
        uncited = counted(len(report.uncited), Phrase("clause", "clause"))
        lines.append(
            "\n"
            + filled(
                "{uncited} sans citation du texte de l'article : --coverage-json et --coverage-html les listent",
                "{uncited} without a citation of the article's text: --coverage-json and --coverage-html list them",
                uncited=uncited,
            ).told(lang)
        )
    return "\n".join(lines)


def _article(article: ArticleCoverage, lang: Lang) -> Iterator[str]:
    left = sorted((covered for covered in article.elements if not covered.covered), key=lambda covered: _order(covered.element.position))
    if left:
        state = "" if article.covered else COLON.told(lang) + _UNCOVERED.told(lang)
        yield f"\n{article_title(article, lang)}{state}"
        yield from (f"  {covered.element.position}{COLON.told(lang)}{told(covered).told(lang)}" for covered in left)


def _order(position: Position) -> tuple[str, int]:
    return position.file, position.start


def article_title(article: ArticleCoverage, lang: Lang = "fr") -> str:
    """Name a unit of law as its heading does."""
    return f"{article.number} — {article.title}" if article.number is not None else _NO_ARTICLE.told(lang)


def told(covered: Covered) -> Phrase:
    """Say what no test shows of an element."""
    element = covered.element
    if element.kind is Kind.BOUND:
        return filled(
            "borne {name} : aucun test dessus, ni de part et d'autre", "bound {name}: no test on it, nor on both sides", name=element.name
        )
    missing = joined(Phrase(" ni ", " nor "), covered.missing)
    return filled(
        "{kind} `{name}` : jamais {missing}",
        "{kind} `{name}`: never {missing}",
        kind=element.kind.value,
        name=element.name,
        missing=missing,
    )


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
        "summary": {str(what): {"covered": covered, "total": total} for what, covered, total in summary(report)},
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
        "kind": str(element.kind.value),
        "name": str(element.name),
        "definition": ".".join(element.definition) if element.definition is not None else None,
        "article": element.article,
        **place(element.position),
        "covered": covered.covered,
        "goals": [{"goal": str(goal), "tests": list(tests)} for goal, tests in zip(element.goals, covered.tests, strict=True)],
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
