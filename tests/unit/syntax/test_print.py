"""The formatter: what it sets, what it leaves, and that neither it nor a translation ever changes a tree or a comment."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.lark import from_lark
from lark import Lark

from optam_rules.base.source import Source
from optam_rules.syntax.grammar import grammar_text
from optam_rules.syntax.lexicon import lexicon
from optam_rules.syntax.parse import parse
from optam_rules.syntax.print import print_source
from optam_rules.syntax.source import read_source, source_of
from optam_rules.syntax.tokens import COMMENT, tokens
from tests.unit.syntax.texts import HEADER

TEXTS = sorted((Path(__file__).parents[3] / "conventions").rglob("*.conv"))


def printed(text: str, language: str | None = None) -> str:
    """Print declarations that stand under a header, and drop the header's line."""
    return print_source(source_of("essai.conv", HEADER + text), language).removeprefix(HEADER)


def test_indentation_spaces_and_accents_are_set() -> None:
    """Declarations stand under their article, clauses one step in, what goes on two; keywords get their accents back."""
    text = (
        'article  40 "Qui peut" en  vigueur du 2017-01-01\n'
        "regle r:taux\n"
        'selon caisse  "x"\n'
        "vaut a\n"
        "si  non( b )et c>=- 5 €\n"
        "   et d\n"
        "sinon moyenne ( e . x/1_000 pour e dans xs ) plafonne a 100%\n"
    )
    assert printed(text) == (
        'article 40 "Qui peut" en vigueur du 2017-01-01\n'
        "  règle r : taux\n"
        '    selon caisse "x"\n'
        "    vaut a\n"
        "      si non (b) et c >= -5 €\n"
        "        et d\n"
        "    sinon moyenne(e.x / 1_000 pour e dans xs) plafonné à 100 %\n"
    )


def test_the_columns_of_a_table_are_set_in_line() -> None:
    """Each column is as wide as its widest cell, `sinon` as wide as all; rows over several lines are left aside; ranges stay close."""
    text = (
        "table t:taux selon e;f\n"
        "|]1 point;2 points[|*->90 %\n"
        "| <= 1 point | { a ; b } -> 1 % # vu\n"
        "| {\n  x ;\n  y\n} | a -> 2 %\n"
        "|sinon->inconnu\n"
    )
    assert printed(text) == (
        "table t : taux selon e ; f\n"
        "  | ]1 point ; 2 points[ | *         -> 90 %\n"
        "  | <= 1 point           | { a ; b } -> 1 %  # vu\n"
        "  | {\n    x ;\n    y\n  } | a -> 2 %\n"
        "  | sinon                            -> inconnu\n"
    )


def test_line_cuts_and_comments_stay_where_they_are() -> None:
    """A line that its author cut stays cut; a comment is set in as what it stands above; of several blank lines one remains."""
    text = '# un\n\n\n\narticle 1 "A"\n# deux\nrègle r : booléen # trois\n# quatre\n'
    text += "vaut toutes les conditions {\na ;\n# cinq\nb }\n# six\n"
    assert printed(text) == (
        '# un\n\narticle 1 "A"\n  # deux\n  règle r : booléen  # trois\n    # quatre\n'
        "    vaut toutes les conditions {\n      a ;\n      # cinq\n      b }\n  # six\n"
    )


def test_words_of_the_law_are_set_in() -> None:
    """The lines of a `texte` stand one step in, its blank lines between paragraphs stay."""
    text = 'article 1 "A"\ntexte «\nun\n\n\n   deux\n  »\nrègle r : taux vaut 1 %\n'
    assert printed(text) == 'article 1 "A"\n  texte «\n    un\n\n    deux\n  »\n  règle r : taux vaut 1 %\n'


def test_a_translation_changes_the_words_of_the_language_alone() -> None:
    """Names, texts and comments stay; a name that is a word of the other lexicon gets grave accents, and loses them on the way back."""
    text = 'règle rate : ensemble d\'entier "Le taux"\n'
    text += "  vaut { 1 } si table_x est connu et existe(x = 2 points pour x dans xs) sinon {}  # si\n"
    english = printed(text, "en")
    assert english == (
        f"langue en\n\n{HEADER}"
        'rule `rate` : set of integer "Le taux"\n  is { 1 } if table_x is known and exists(x = 2 points for x in xs) otherwise { }  # si\n'
    )
    assert print_source(source_of("essai.conv", english), "fr") == HEADER + text.replace("{}", "{ }")


def test_a_text_that_its_name_calls_english_says_when_it_is_french() -> None:
    """`x.en.conv` translated to French opens with `langue fr`; translated back, it needs no such line."""
    source = source_of("x.en.conv", 'convention "E" version "1"\nrule r : rate is 1 %\n')
    french = print_source(source, "fr")
    assert french == 'langue fr\n\nconvention "E" version "1"\nrègle r : taux vaut 1 %\n'
    assert print_source(source_of("x.en.conv", french), "en") == source.text


@pytest.mark.parametrize("path", TEXTS, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_shipped_texts_keep_tree_and_comments(path: Path) -> None:
    """Every shipped text comes back from English with the same comments (its tree is compared each time that it is printed)."""
    source, _ = read_source(path.name, path.read_bytes())
    assert source is not None
    english = source_of(path.name, print_source(source, "en"))
    assert comments(source) == comments(english)


def comments(source: Source) -> list[str]:
    """List the comments of a text."""
    return [token.text for token in tokens(source).tokens if token.terminal == COMMENT]


# --- generated trees -----------------------------------------------------------------------------------------------------------

_BLANKS = st.sampled_from([" ", " ", " ", "\n", "\n\n\n  ", " # un mot\n", "\t"])
_TERMINALS = {
    "NAME": st.sampled_from(["a", "b2", "montant_du", "rate", "`table`", "œuvre"]),
    "NUMBER": st.sampled_from(["0", "1", "12", "1_000", "1\u00a0234", "2.5"]),
    "DATE": st.sampled_from(["2017-01-01", "2024-02-29"]),
    "ARTICLE_NUMBER": st.sampled_from(["40", "41.1", "R. 871-2", "44 bis"]),
    "LEGAL_ID": st.just("LEGIARTI000037439171"),
    "STRING": st.sampled_from(['""', '"x"', '"si alors ; # « »"', '"l\'« un »"']),
    "QUOTATION": st.sampled_from(["« mot »", "«\n  un\n\n   deux »"]),
}


@cache
def declarations(language: str) -> st.SearchStrategy[str]:
    """Draw texts of one declaration from the grammar itself, words between any white space and comments."""
    # The grammar ignores white space and comments: the strategy puts them between all tokens. Keywords are drawn in any of their spellings.
    text = grammar_text(language)
    words = lexicon(language)
    explicit = {
        **_TERMINALS,
        **{terminal: st.sampled_from(list(spellings)) for terminal, spellings in words.keywords.items()},
        "_WHITE": _BLANKS,
        "_COMMENT": st.just(" # mot\n"),
        "NOT_EQUAL": st.sampled_from(["!=", "≠"]),
        "AT_MOST": st.sampled_from(["<=", "≤"]),
        "AT_LEAST": st.sampled_from([">=", "≥"]),
        "_ARROW": st.sampled_from(["->", "→"]),
    }
    return from_lark(Lark(text, parser="lalr"), start="start", explicit=explicit)


def _headed(drawn: str, language: str) -> str:
    """Put before a declaration the header that it needs: an amendment's for its verbs, none for a header."""
    words = lexicon(language).keywords
    if drawn.lstrip().startswith((*words["_CONVENTION"], *words["_AMENDMENT"])):
        return drawn
    if drawn.lstrip().startswith((*words["_REPLACE"], *words["_INSERT"], *words["_REPEAL"])):
        return f'{words["_AMENDMENT"][0]} "A" {words["_AMENDS"][0]} "E"\n{drawn}'
    return f'{words["_CONVENTION"][0]} "E" {words["_VERSION"][0]} "1"\n{drawn}'


@pytest.mark.parametrize(("language", "other"), [("fr", "en"), ("en", "fr")])
@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_no_generated_tree_is_lost(language: str, other: str, data: st.DataObject) -> None:
    """Any text drawn from the grammar that reads without fault prints as itself, twice the same, and survives both lexicons."""
    drawn = data.draw(declarations(language))
    source = source_of("essai.conv", f"langue {language}\n{_headed(drawn, language)}\n")
    before, faults = parse(source)
    if any(fault.severity == "error" for fault in faults):
        return
    once = print_source(source)
    assert once == print_source(source_of("essai.conv", once))
    there = print_source(source, other)
    back = source_of("essai.conv", print_source(source_of("essai.conv", there), language))
    assert before.items == parse(back)[0].items
    assert comments(source) == comments(back)
