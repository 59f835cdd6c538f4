"""From the tests of a pack to their results: each is judged and compared with what it expects."""

from __future__ import annotations

from collections.abc import Collection, Mapping

import attrs

from optam_rules.analysis import judging
from optam_rules.backends.interpreter.judge import judge
from optam_rules.backends.interpreter.probe import Probe
from optam_rules.base.diagnostics import Diagnostic
from optam_rules.base.phrases import Lang, Phrase, Word
from optam_rules.base.source import Position
from optam_rules.core.asking import References
from optam_rules.core.ir import Constant
from optam_rules.core.judgement import Outcome, Status
from optam_rules.core.program import Expectation, Program, TestCase
from optam_rules.core.record import Record
from optam_rules.core.schema import read_record, read_references, read_value
from optam_rules.core.values import plain_text


@attrs.frozen
class Mismatch:
    """An expectation that did not come out, and what came out instead."""

    path: str
    expected: Word
    outcome: Outcome = attrs.field(repr=False)
    position: Position = attrs.field(repr=False)

    @property
    def found(self) -> str:
        """What came out, in French words."""
        return in_words(self.outcome)


@attrs.frozen
class TestResult:
    """What became of a test: the faults of its record, or what came out otherwise than expected; neither when it passed."""

    test: TestCase
    faults: tuple[Diagnostic, ...] = ()
    mismatches: tuple[Mismatch, ...] = ()

    __test__ = False

    @property
    def passed(self) -> bool:
        """Tell whether every expectation came out."""
        return not self.faults and not self.mismatches


@attrs.frozen
class ReadTest:
    """A test whose record and tables were read against the vocabulary; it serves every program that has the same one."""

    test: TestCase
    record: Record
    references: References
    values: tuple[Constant | None, ...]  # of each expectation; `None` where it names a status


def run_test(program: Program, test: TestCase) -> TestResult:
    """Run one test of a pack."""
    read = read_test(program, test)
    return run_read(program, read) if isinstance(read, ReadTest) else TestResult(test, read)


def read_test(program: Program, test: TestCase) -> ReadTest | tuple[Diagnostic, ...]:
    """Read the record, the tables and the expected values of a test, or return the faults of the first two."""
    record, faults = read_record(program, test.record)
    references, more = read_references(program, test.references)
    if record is None or more:
        return (*faults, *more)
    types = program.answers_by_path
    values = (
        read_value(program, expected.value, types[expected.path].type) if expected.status == Status.KNOWN else None
        for expected in test.expected
    )
    return ReadTest(test, record, references, tuple(values))


def run_read(program: Program, read: ReadTest) -> TestResult:
    """Judge the record of a test and compare."""
    test = read.test
    paths = [expectation.path for expectation in test.expected]
    judged = judging.judge(program, read.record, test.on, answers=paths, assume=test.assume, references=read.references)
    return _compared(read, judged.outcomes)


def interpret_read(program: Program, read: ReadTest, *, answers: Collection[str] | None = None, probe: Probe | None = None) -> TestResult:
    """Do the same by the reference interpreter, for a program judged too few times to be compiled, or under a probe.

    Where `answers` are given, they alone are judged and compared.
    """
    test = read.test
    paths = [expectation.path for expectation in test.expected if answers is None or expectation.path in answers]
    outcomes = judge(program, read.record, test.on, answers=paths, assume=test.assume, references=read.references, trace=False, probe=probe)
    return _compared(read, outcomes)


def _compared(read: ReadTest, outcomes: Mapping[str, Outcome]) -> TestResult:
    """Compare the answers that were judged."""
    pairs = zip(read.test.expected, read.values, strict=True)
    compared = (_compare(expected, value, outcomes[expected.path]) for expected, value in pairs if expected.path in outcomes)
    return TestResult(read.test, (), tuple(mismatch for mismatch in compared if mismatch))


def _compare(expectation: Expectation, value: Constant | None, outcome: Outcome) -> Mismatch | None:
    expected: Word
    if value is None:
        same, expected = outcome.status == expectation.status, _WORDS[Status(expectation.status)]
    else:
        same = outcome.status is Status.KNOWN and outcome.value == value
        expected = plain_text(value, outcome.type)
    return None if same else Mismatch(expectation.path, expected, outcome, expectation.position)


_WORDS = {
    Status.UNKNOWN: Phrase("inconnu", "unknown"),
    Status.NOT_APPLICABLE: Phrase("sans objet", "not applicable"),
    Status.CONFLICT: Phrase("conflit", "conflict"),
    Status.ERROR: Phrase("erreur", "error"),
}


def in_words(outcome: Outcome, lang: Lang = "fr") -> str:
    """Say an outcome in a few words: its value, or why there is none."""
    if outcome.status is Status.KNOWN and outcome.value is not None:
        return plain_text(outcome.value, outcome.type)
    words = _WORDS[outcome.status].told(lang)
    if outcome.status is Status.UNKNOWN:
        needs = ", ".join(sorted(outcome.needs))
        return f"{words} ({Phrase(f'attend {needs}', f'waits for {needs}').told(lang)})"
    return f"{words} ({outcome.fault.told(lang)})" if outcome.fault else words
