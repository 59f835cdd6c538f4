"""The lexicons: the same terminals, no word for two things in one place, and keywords however they are typed."""

from __future__ import annotations

import re
import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from optam_rules.base.suggestions import unaccented
from optam_rules.syntax.grammar import grammar_text
from optam_rules.syntax.lexicon import LANGUAGES, lexicon
from tests.unit.syntax.texts import HEADER, items, read


def test_lexicons_have_the_same_terminals() -> None:
    """Every keyword of one lexicon stands in the other, in the same order."""
    french, english = (list(lexicon(language).keywords) for language in ("fr", "en"))
    assert french == english


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_terminal_is_used(language: str) -> None:
    """A terminal of the lexicon stands in a production, and a keyword terminal of a production in the lexicon."""
    productions, terminals = grammar_text("fr").split("// --- terminals that no lexicon changes")
    rules = "\n".join(line for line in productions.splitlines() if not line.startswith("//"))
    own = set(re.findall(r"^([A-Z_]+)(?:\.-?\d+)?:", terminals.split("// --- the keywords")[0], re.MULTILINE))
    used = set(re.findall(r"(?<![\w\"])_?[A-Z][A-Z_]+\b", rules))
    assert set(lexicon(language).keywords) == used - own


@pytest.mark.parametrize("language", LANGUAGES)
def test_shared_spellings_are_known(language: str) -> None:
    """Only these words spell two terminals; the contextual lexer tells them apart, never in one state (see test_grammar)."""
    owners: dict[str, set[str]] = {}
    for terminal, spellings in lexicon(language).keywords.items():
        for spelling in spellings:
            owners.setdefault(spelling, set()).add(terminal)
    shared = {spelling: terminals for spelling, terminals in owners.items() if len(terminals) > 1}
    expected = {"points": {"T_POINTS", "_POINTS_UNIT"}} | ({"au": {"_TO", "_AT"}} if language == "fr" else {})
    assert expected == shared


SPELLINGS = sorted({spelling for spellings in lexicon("fr").keywords.values() for spelling in spellings})


@given(st.sampled_from(SPELLINGS), st.sampled_from([" ", "\n", "\t ", "\u00a0", "  \n  "]), st.data())
@settings(deadline=None)
def test_keywords_with_or_without_accents(spelling: str, blank: str, data: st.DataObject) -> None:
    """A keyword matches with any of its accents left out or decomposed, and any white space between its words."""
    letters = [data.draw(st.sampled_from([char, unaccented(char)])) for char in spelling]
    typed = unicodedata.normalize("NFC", "".join(letters).replace(" ", blank))
    terminal = next(t for t, spellings in lexicon("fr").keywords.items() if spelling in spellings)
    assert re.fullmatch(lexicon("fr").pattern(terminal), typed)


def test_whole_file_without_accents() -> None:
    """A file typed without an accent says the same as the accented one."""
    text = (
        HEADER + "entité principale m\n donnée d : durée en jours\nrègle r : booléen vaut x à défaut (d est connu)"
        " plafonné à y\nparamètre p : entier = 1 depuis 2016-10-24"
    )
    assert read(text)[0] == read(unaccented(text).replace("essai", "Essai"))[0]


@pytest.mark.parametrize("name", ["sixieme", "sinon2", "etat", "oui", "nonante", "a", "defaut", "vide", "connu", "date_effet", "pointe"])
def test_words_that_begin_like_keywords_are_names(name: str) -> None:
    """A name may begin with a keyword, or be one word of a longer one."""
    (rule,) = items(f"règle {name} : booléen vaut {name} et non {name}")
    assert name == getattr(rule, "name", None)


@pytest.mark.parametrize("language", LANGUAGES)
def test_single_words_are_reserved(language: str) -> None:
    """Every keyword of one word, types included, is refused as a name, and accepted between grave accents."""
    start = "" if language == "fr" else "langue en\n"
    head = "règle {} : booléen vaut x" if language == "fr" else "rule {} : boolean is x"
    for word in lexicon(language).reserved:
        refused = read(start + HEADER + head.format(word))[1]
        assert ["E112"] == [diagnostic.code for diagnostic in refused], word
        assert [] == read(start + HEADER + head.format(f"`{word}`"))[1]
