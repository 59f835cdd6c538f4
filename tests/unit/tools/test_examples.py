"""Every code of the catalogue has a wrong and a right example, and both are run."""

from __future__ import annotations

from functools import cache

import pytest

from optam_rules.analysis.lint.run import lint
from optam_rules.analysis.packtests import run_test
from optam_rules.base.codes import CATALOGUE
from optam_rules.base.diagnostics import Diagnostic
from optam_rules.base.examples import DEFAULT_FILE, HABITS, Example, Mistake, example, mistakes, printed
from optam_rules.library.packs import lone_file
from optam_rules.syntax.parse import parse
from optam_rules.syntax.source import read_source
from tests.support.english import heard, untranslated
from tests.support.examples import examples, run

# Without an example, for the reason that the page gives.
WITHOUT = {"E134", "E545", "E606", "E701", "E901", "E902"}
# What a sound text of three lines may still be told: nothing reads it.
UNUSED = {"W201", "W202"}


@pytest.mark.parametrize("held", list(examples()), ids=lambda held: held.code)
def test_the_wrong_example_is_told_and_the_right_one_is_not(held: Example) -> None:
    """The wrong one gives the code at the place said, in the words that the page shows; the right one gives no error at all.

    In English, what is told of the wrong one holds no French.
    """
    with heard() as told:
        wrong = run(held, held.wrong)
    right = run(held, held.right)
    assert held.code in {diagnostic.code for diagnostic in told} or held.code.startswith("E6")  # error values are no diagnostics
    assert [] == untranslated(told)
    assert held.code in wrong.said
    assert any(line.lstrip().startswith(held.at) for line in wrong.text.splitlines() if held.code in line), wrong.text
    assert [printed(held.code, lang).strip() for lang in ("fr", "en")] == [wrong.page, run(held, held.wrong, "en").page]
    assert (0, set()) == (right.code, right.said - (UNUSED - {held.code})), right.text


def test_the_tests_of_right_examples_pass() -> None:
    """What a right example expects of itself is what it gives."""
    failed = []
    for held in examples():
        for name, text in held.right.files:
            if name == DEFAULT_FILE and 'test "' in text:
                program, _ = lone_file(name, text.encode())
                assert program is not None
                failed += [(held.code, test.title) for test in program.tests if not run_test(program, test).passed]
    assert [] == failed


@pytest.mark.parametrize("mistake", mistakes(), ids=lambda mistake: f"{mistake.code}-{mistake.wrong[:40]}")
def test_a_mistake_of_habit_is_told_what_to_write(mistake: Mistake) -> None:
    """The first message about the wrong form is the one said, hint included, and no other code comes with it; the right form has none."""
    told, right = habit(mistake.wrong), habit(mistake.right)
    assert ({mistake.code}, mistake.hint) == ({diagnostic.code for diagnostic in told}, told[0].hint)
    assert [] == right
    assert [] == untranslated(told)


@cache
def habit(text: str) -> list[Diagnostic]:
    """Return what a check and a lint tell of a form in its place, save that nothing reads it."""
    data = f"{HABITS}{text}\n".encode()
    program, found = lone_file(DEFAULT_FILE, data)
    if program is not None:
        source, _ = read_source(DEFAULT_FILE, data)
        assert source is not None
        found = tuple(finding.diagnostic for finding in lint([parse(source)[0]], found))
    return [diagnostic for diagnostic in found if diagnostic.code not in UNUSED]


def test_few_codes_have_no_example() -> None:
    """They are listed here, and each says why."""
    reasons = {code: example(code) for code in CATALOGUE if not isinstance(example(code), Example)}
    assert WITHOUT == set(reasons)
    assert all(reasons[code] != example(code, "en") for code in WITHOUT)


def test_a_wrong_and_a_right_example_differ() -> None:
    """In a file or in the command."""
    assert [] == [held.code for held in examples() if held.wrong == held.right]
