"""What holds of every pack that the library ships, whatever its law."""

from __future__ import annotations

from pathlib import Path

import pytest

import optam_rules

PACKS = [entry.id for entry in optam_rules.catalogue()]
SOURCES = Path(__file__).parents[2] / "conventions"


@pytest.mark.parametrize("name", PACKS)
def test_no_fault_and_no_warning(name: str) -> None:
    """A shipped pack is clean."""
    assert [] == [str(diagnostic.message) for diagnostic in optam_rules.check(name)]


@pytest.mark.parametrize("name", PACKS)
def test_own_tests_pass(name: str) -> None:
    """Every test that the pack carries comes out as the sources say."""
    results = optam_rules.load(name).test()
    assert {} == {result.test.title: [*result.faults, *result.mismatches] for result in results if not result.passed}


@pytest.mark.parametrize("name", PACKS)
def test_own_tests_have_titles_of_their_own(name: str) -> None:
    """A title names one test."""
    titles = [test.title for test in optam_rules.load(name).program.tests]
    assert sorted(set(titles)) == sorted(titles)


@pytest.mark.parametrize("path", sorted(SOURCES.glob("*/*.conv")), ids=lambda path: f"{path.parent.name}/{path.name}")
def test_the_text_is_in_form(path: Path) -> None:
    """A law reads as `optam fmt` writes it; the packs' own tests, which take longer, are put in form by `make fix`."""
    text = path.read_text(encoding="utf-8")
    assert text == optam_rules.format_text(text, name=path.name)
