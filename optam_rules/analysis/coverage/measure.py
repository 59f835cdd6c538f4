"""From a program to what its own tests cover of it: element by element, article by article, and sentence by sentence of its texts."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

import attrs

from optam_rules.analysis.coverage.elements import Element, Kind, Plan, is_own, plan
from optam_rules.analysis.coverage.observe import Observation
from optam_rules.analysis.packtests import ReadTest, TestResult, interpret_read, read_test
from optam_rules.base.phrases import Phrase
from optam_rules.base.source import Position
from optam_rules.core.program import ArticleText, Program, Provenance, TestCase

# Where a sentence of a legal text ends: a stop before a space, but not that of an abbreviation (`R. 871-2`, `art. 3`).
_STOP = re.compile(r"(?<!\W[A-Z])(?<!\Wart)(?<!\Wal)[.!?;:]\s+")
_CLAUSES = (Kind.VERSION, Kind.EXCEPTION, Kind.PARAMETER)


@attrs.frozen
class Observed:
    """A test that was run under observation; `goals` as (element, goal), `touched` the identities of nodes of the program."""

    read: ReadTest
    passed: bool
    goals: frozenset[tuple[int, int]]
    touched: frozenset[int]
    definitions: frozenset[tuple[str, str]]


@attrs.frozen
class Covered:
    """An element, and for each of its goals the tests that reach it, by their place among the program's tests."""

    element: Element
    tests: tuple[tuple[int, ...], ...]

    @property
    def seen(self) -> frozenset[int]:
        """The goals reached, by place."""
        return frozenset(place for place, tests in enumerate(self.tests) if tests)

    @property
    def covered(self) -> bool:
        """Tell whether the goals reached are enough."""
        return self.element.covered(self.seen)

    @property
    def missing(self) -> tuple[Phrase, ...]:
        """What no test shows, in words; nothing where it is covered."""
        return () if self.covered else tuple(goal for place, goal in enumerate(self.element.goals) if place not in self.seen)


@attrs.frozen
class ArticleCoverage:
    """A unit of law: its clauses (versions, exceptions, values of parameters) and all that they are made of, covered and in all."""

    number: str | None  # `None`: what stands in no article
    title: str
    clauses: tuple[Covered, ...]
    elements: tuple[Covered, ...]

    @property
    def covered(self) -> bool:
        """Tell whether each of its clauses is covered."""
        return all(clause.covered for clause in self.clauses)


@attrs.frozen
class Sentence:
    """A sentence of a text of the law, in our words, and the clauses that cite words of it."""

    article: str
    text: str
    cited_by: tuple[str, ...]


@attrs.frozen
class Uncited:
    """A clause that cites no words, in an article that has a text."""

    name: str
    article: str
    position: Position = attrs.field(repr=False)


@attrs.frozen
class PackCoverage:
    """What the tests of a pack cover of its own text."""

    program: Program
    tests: tuple[TestCase, ...]
    failed: int
    unread: int
    elements: tuple[Covered, ...]
    articles: tuple[ArticleCoverage, ...]
    sentences: tuple[Sentence, ...]
    uncited: tuple[Uncited, ...]
    unreached: tuple[str, ...]  # definitions that no answer reads, left out

    def of(self, kind: Kind) -> tuple[Covered, ...]:
        """Return the elements of one kind."""
        return tuple(covered for covered in self.elements if covered.element.kind is kind)


def observe(program: Program, watched: Plan) -> Iterator[Observed | TestResult]:
    """Run the tests of a program, each under observation; a test whose record cannot be read gives its faults.

    Tests of the law as it could be read earlier are left out: what they reach is another program.
    """
    for test in _present(program):
        read = read_test(program, test)
        if not isinstance(read, ReadTest):
            yield TestResult(test, read)
            continue
        probe = Observation(watched, test.on)
        result = interpret_read(program, read, probe=probe)
        yield Observed(read, result.passed, frozenset(probe.goals), frozenset(probe.touched), frozenset(probe.definitions))


def _present(program: Program) -> tuple[TestCase, ...]:
    return tuple(test for test in program.tests if test.known_on is None)


def measure(program: Program) -> PackCoverage:
    """Run the tests of a program and tell what they cover. A test that fails covers what it reached all the same, and is counted."""
    watched = plan(program)
    ran = list(observe(program, watched))
    reached: dict[tuple[int, int], list[int]] = {}
    for place, test in enumerate(ran):
        for goal in test.goals if isinstance(test, Observed) else ():
            reached.setdefault(goal, []).append(place)
    elements = tuple(
        Covered(element, tuple(tuple(reached.get((index, goal), ())) for goal in range(len(element.goals))))
        for index, element in enumerate(watched.elements)
    )
    own = [article for article in program.articles if is_own(program, article.provenance.position)]
    return PackCoverage(
        program,
        _present(program),
        sum(isinstance(test, Observed) and not test.passed for test in ran),
        sum(not isinstance(test, Observed) for test in ran),
        elements,
        tuple(_articles(own, elements)),
        tuple(sentence for article in own for sentence in _sentences(program, article)),
        tuple(_uncited(program, own)),
        watched.unreached,
    )


def _articles(own: Sequence[ArticleText], elements: Sequence[Covered]) -> Iterator[ArticleCoverage]:
    """Yield the units from which something is drawn, in the order of the text."""
    titles: dict[str | None, str] = {}
    for article in own:
        titles.setdefault(article.number, article.title)
    for number in dict.fromkeys([*titles, None]):
        held = tuple(covered for covered in elements if covered.element.article == number)
        if held:
            clauses = tuple(covered for covered in held if covered.element.kind in _CLAUSES)
            yield ArticleCoverage(number, titles.get(number, ""), clauses, held)


# --- the words of the law -------------------------------------------------------------------------------------------------------


def split_sentences(text: str) -> list[str]:
    """Cut a text into sentences, each on one line; a stop inside an abbreviation does not cut."""
    squeezed = " ".join(text.split())
    cuts = [0, *(match.end() for match in _STOP.finditer(squeezed)), len(squeezed)]
    return [squeezed[start:end].strip() for start, end in pairwise(cuts) if squeezed[start:end].strip()]


def _sentences(program: Program, article: ArticleText) -> Iterator[Sentence]:
    if article.text is None:
        return
    whole = " ".join(article.text.split())
    citations = [(name, " ".join(words.split())) for name, origin in _clauses(program, article) for words in origin.cites]
    places = [(name, whole.find(words), whole.find(words) + len(words)) for name, words in citations if words in whole]
    start = 0
    for text in split_sentences(article.text):
        start = whole.index(text, start)
        end = start + len(text)
        yield Sentence(article.number, text, tuple(dict.fromkeys(name for name, low, high in places if low < end and start < high)))
        start = end


def _uncited(program: Program, own: Sequence[ArticleText]) -> Iterator[Uncited]:
    for article in own:
        if article.text is not None:
            for name, origin in _clauses(program, article):
                if not origin.cites:
                    yield Uncited(name, article.number, origin.position)


def _clauses(program: Program, article: ArticleText) -> Iterator[tuple[str, Provenance]]:
    """Yield the rules, tables, exceptions and parameters written in a unit of law, by name."""
    for definition in program.definitions.values():
        clauses = [(definition.name, version.provenance, version.interval) for version in definition.versions]
        clauses += [(clause.name, clause.provenance, clause.interval) for clause in definition.exceptions]
        for name, origin, interval in clauses:
            if origin.article == article.number and not interval.intersect(article.interval).empty:
                yield name, origin
    for parameter in program.parameters.values():
        origins = [parameter.origin_of(dated) for dated in parameter.values if not dated.interval.intersect(article.interval).empty]
        yield from dict.fromkeys((parameter.name, origin) for origin in origins if origin.article == article.number)
