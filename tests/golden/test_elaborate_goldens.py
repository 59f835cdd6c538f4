"""The goldens of elaboration: what it accepts, and what it says of texts with several faults or rare ones.

One fault of each code, beside a text without it, is in the examples of codes, which tests/unit/tools/test_examples.py runs.
"""

from __future__ import annotations

from functools import partial
from pathlib import Path

import pytest

from optam_rules.analysis.packtests import run_test
from tests.golden.elaborated import accepted_by_the_check, checked, rejected_by_the_check
from tests.golden.goldens import rendered
from tests.support.english import untranslated


@pytest.mark.parametrize("path", rejected_by_the_check(), ids=lambda path: path.stem)
def test_fault_is_explained(path: Path) -> None:
    """A faulty text gives the diagnostics written beside it, among them the code that names it; a program only where all are warnings."""
    program, diagnostics = checked(path)
    assert path.with_suffix(".expected").read_text(encoding="utf-8") == rendered(diagnostics)
    assert [] == untranslated(diagnostics)
    codes = {diagnostic.code for diagnostic in diagnostics}
    assert path.name.split("-")[0] in codes
    assert (program is None) == any(code.startswith("E") for code in codes)


@pytest.mark.parametrize("path", accepted_by_the_check(), ids=lambda path: path.stem)
def test_sound_text_is_accepted(path: Path) -> None:
    """A sound text gives a program and no diagnostic at all, and its own tests, worked out by hand, pass."""
    program, diagnostics = checked(path)
    assert "" == rendered(diagnostics)
    assert program is not None
    assert [] == [result for result in map(partial(run_test, program), program.tests) if not result.passed]
