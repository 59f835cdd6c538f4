"""How thorough the tests of the shipped packs are: every article covered, and a sample of faults seen. `make mutate` plants them all."""

from __future__ import annotations

import pytest

import optam_rules
from optam_rules.analysis.coverage.measure import measure
from optam_rules.analysis.mutation.run import Settings, mutate

PACKS = [entry.id for entry in optam_rules.catalogue()]


@pytest.mark.parametrize("name", PACKS)
def test_every_article_is_covered(name: str) -> None:
    """A test of the pack reads each version and each value of a parameter; tests take each exception, and leave it aside."""
    report = measure(optam_rules.load(name).program)
    assert (report.failed, report.unread) == (0, 0)
    left = {
        article.number: [c.element.name for c in article.clauses if not c.covered] for article in report.articles if not article.covered
    }
    assert left == {}


# What no test can see, and why. Counted in acts, a year without acts has no fees (a control refuses them): the branch counted in fees is
# not reached, whether or not it asks which of the two is counted.
UNSEEN = {"`unite_part_opposable = honoraires` retiré"}


def test_a_dozen_faults_are_seen() -> None:
    """Twelve faults drawn among the several hundred of `cas-2011`: a test, or a property, fails with each that changes an answer."""
    report = mutate(optam_rules.load("cas-2011").program, Settings(sample=12, seed=2011, seconds=0, examples=20))
    assert report.planted == 12
    assert [(str(one.mutant.position), str(one.mutant.words)) for one in report.survivors if str(one.mutant.words) not in UNSEEN] == []
