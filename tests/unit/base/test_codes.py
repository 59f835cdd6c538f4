"""The catalogue in both languages: every code told in each, with the same fields, in the same order of families."""

import string
import subprocess
import sys

import attrs
import pytest

from optam_rules.base.codes import CATALOGUE, Code, english, wording

# Wordings that are the same words in both languages; none today.
SAME_IN_BOTH: frozenset[tuple[str, str]] = frozenset()
_PARTS = [field.name for field in attrs.fields(Code) if field.name != "code"]


def placeholders(text: str) -> list[str]:
    """Return the names of the fields of a wording."""
    return sorted(name for _, name, _, _ in string.Formatter().parse(text) if name is not None)


def test_both_catalogues_tell_the_same_codes() -> None:
    """No code is told in one language alone."""
    assert list(CATALOGUE) == list(english.CATALOGUE)


@pytest.mark.parametrize("code", CATALOGUE)
def test_a_code_has_the_same_parts_and_fields_in_both_languages(code: str) -> None:
    """What the raise site fills is filled in both; an English wording left in French is seen."""
    french, told = wording(code, "fr"), wording(code, "en")
    assert placeholders(french.message) == placeholders(told.message)
    for part in _PARTS:
        first, second = getattr(french, part), getattr(told, part)
        assert (first is None) == (second is None), part
        assert first is None or first != second or (code, part) in SAME_IN_BOTH, part


@pytest.mark.parametrize("code", CATALOGUE)
def test_an_english_wording_is_written_as_english_is(code: str) -> None:
    """Lower case and no final period in messages and hints; sentences elsewhere; no space before a colon or a semicolon."""
    told = wording(code, "en")
    for line in filter(None, (told.message, told.hint)):
        assert not line.endswith(".")
        assert line.startswith(("{", "`", "«", "JSON")) or line[0].islower()
    for sentence in (told.meaning, told.remedy):
        assert sentence.endswith((".", ".`"))
    for part in _PARTS:
        plain = "x".join((getattr(told, part) or "").split("`")[::2])
        assert " :" not in plain
        assert " ;" not in plain


def test_a_code_that_does_not_exist_has_no_wording() -> None:
    """A misspelt code is an error of the caller, in either language."""
    for lang in ("fr", "en"):
        with pytest.raises(KeyError):
            wording("E000", lang)


def test_english_is_not_read_until_asked_for() -> None:
    """Importing the library does not import the English catalogue."""
    script = "import sys, optam_rules; print('optam_rules.base.codes.english' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout == "False\n"
