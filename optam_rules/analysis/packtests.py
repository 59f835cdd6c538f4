"""From the tests of a pack to their results: each is judged by the reference interpreter and compared with what it expects."""

from __future__ import annotations

import attrs

from optam_rules.backends.interpreter.judge import judge
from optam_rules.base.diagnostics import Diagnostic
from optam_rules.base.source import Position
from optam_rules.core.judgement import Outcome, Status
from optam_rules.core.program import Expectation, Program, TestCase
from optam_rules.core.schema import read_record, read_references, read_value
from optam_rules.core.values import plain_text


@attrs.frozen
class Mismatch:
    """An expectation that did not come out, in words."""

    path: str
    expected: str
    found: str
    position: Position = attrs.field(repr=False)


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


def run_test(program: Program, test: TestCase) -> TestResult:
    """Run one test of a pack."""
    record, faults = read_record(program, test.record)
    references, more = read_references(program, test.references)
    if record is None or more:
        return TestResult(test, (*faults, *more))
    outcomes = judge(
        program,
        record,
        test.on,
        answers=[expectation.path for expectation in test.expected],
        assume=test.assume,
        references=references,
        trace=False,
    )
    compared = (_compare(program, expectation, outcomes[expectation.path]) for expectation in test.expected)
    return TestResult(test, (), tuple(mismatch for mismatch in compared if mismatch))


def _compare(program: Program, expectation: Expectation, outcome: Outcome) -> Mismatch | None:
    if expectation.status != Status.KNOWN:
        same, expected = outcome.status == expectation.status, _WORDS[Status(expectation.status)]
    else:
        value = read_value(program, expectation.value, outcome.type)
        same = outcome.status is Status.KNOWN and outcome.value == value
        expected = plain_text(value, outcome.type)
    return None if same else Mismatch(expectation.path, expected, in_words(outcome), expectation.position)


_WORDS = {
    Status.UNKNOWN: "inconnu",
    Status.NOT_APPLICABLE: "sans objet",
    Status.CONFLICT: "conflit",
    Status.ERROR: "erreur",
}


def in_words(outcome: Outcome) -> str:
    """Say an outcome in a few words: its value, or why there is none."""
    if outcome.status is Status.KNOWN and outcome.value is not None:
        return plain_text(outcome.value, outcome.type)
    words = _WORDS[outcome.status]
    if outcome.status is Status.UNKNOWN:
        return f"{words} (attend {', '.join(sorted(outcome.needs))})"
    return f"{words} ({outcome.fault.message})" if outcome.fault else words
