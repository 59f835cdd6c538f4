"""Every code of the catalogue has a wrong and a right example, and both are run."""

from __future__ import annotations

import pytest

from optam_rules.base.examples import Example, example, printed
from tests.support.examples import CODES, examples, run

# Without an example, for the reason that the page gives.
WITHOUT = {"E134"}
# What a sound text of three lines may still be told: nothing reads it.
UNUSED = {"W201", "W202"}


@pytest.mark.parametrize("held", list(examples()), ids=lambda held: held.code)
def test_the_wrong_example_is_told_and_the_right_one_is_not(held: Example) -> None:
    """The wrong one gives the code at the place said, in the words that the page shows; the right one gives no error at all."""
    wrong, right = run(held, held.wrong), run(held, held.right)
    assert held.code in wrong.said
    assert any(line.lstrip().startswith(held.at) for line in wrong.text.splitlines() if held.code in line), wrong.text
    assert printed(held.code, "fr").strip() == wrong.page
    assert (0, set()) == (right.code, right.said - (UNUSED - {held.code})), right.text


def test_few_codes_have_no_example() -> None:
    """They are listed here, and each says why."""
    reasons = {code: example(code) for code in CODES if not isinstance(example(code), Example)}
    assert WITHOUT == set(reasons)
    assert all(reasons.values())


def test_a_wrong_and_a_right_example_differ() -> None:
    """In a file or in the command."""
    assert [] == [held.code for held in examples() if held.wrong == held.right]
