"""The parser's goldens: what it accepts in both lexicons, and what it says of wrong forms, several in a text.

One fault of each code, beside a text without it, is in the examples of codes, which tests/unit/tools/test_examples.py runs.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from optam_rules.syntax.parse import parse
from optam_rules.syntax.source import read_source
from tests.golden.goldens import accepted_by_the_parser, rejected_by_the_parser, rendered, said_by_the_parser
from tests.support.english import untranslated


@pytest.mark.parametrize("path", accepted_by_the_parser(), ids=lambda path: path.stem)
def test_both_lexicons_say_the_same(path: Path) -> None:
    """The French and the English text of a construct have no fault and one tree."""
    english = path.with_name(path.stem + ".en.conv")
    assert [] == said_by_the_parser(path) + said_by_the_parser(english)
    french_source, english_source = (read_source(p.name, p.read_bytes())[0] for p in (path, english))
    assert french_source is not None
    assert english_source is not None
    (french, _), (foreign, _) = parse(french_source), parse(english_source)
    assert ("fr", "en") == (french.lexicon, foreign.lexicon)
    assert french.items == foreign.items
    assert french == foreign


@pytest.mark.parametrize("path", rejected_by_the_parser(), ids=lambda path: path.stem)
def test_wrong_form_is_explained(path: Path) -> None:
    """A wrong text gives the diagnostics written beside it, the first of them of the code that names it."""
    diagnostics = said_by_the_parser(path)
    assert path.with_suffix(".expected").read_text(encoding="utf-8") == rendered(diagnostics)
    assert [] == untranslated(diagnostics)
    assert path.name.split("-")[0] in {diagnostic.code for diagnostic in diagnostics}
