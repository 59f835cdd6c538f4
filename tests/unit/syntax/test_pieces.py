"""Cutting a file into pieces: one fault hides no other, and what is unreadable is known by name."""

from __future__ import annotations

import unicodedata
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from optam_rules.syntax import abstract as tree
from optam_rules.syntax.faults import Faults
from optam_rules.syntax.limits import DEFAULT, Limits
from optam_rules.syntax.parse import parse
from optam_rules.syntax.scan import scan
from optam_rules.syntax.source import read_source, source_of
from optam_rules.syntax.tokens import COMMENT, tokens
from tests.golden.goldens import accepted_by_the_parser
from tests.unit.syntax.texts import HEADER, codes, faults, items, read


def pieces(text: str, language: str = "fr") -> list[str]:
    """Cut a text and return each piece without the blanks around it."""
    source = source_of("a.conv", text)
    return [text[part.start : part.end].strip() for part in scan(source, language, 0, DEFAULT, Faults(0)).pieces]


CUT_WHERE_DECLARATIONS_OPEN = [
    ["règle r : taux vaut 1 %", "exception x de r si a vaut 2 %", "neutralise x si b"],
    ['article 1 "règle x"', "texte « règle x : taux vaut 1 % »", "règle r : taux # règle s : taux\n vaut 1 %"],
    ["remplace règle r : taux vaut 1 %", 'insère # mot\n article 2 "A"', "abroge table t à compter du 2020-01-01"],
    ['règle r : taux hypothèse "h" vaut 1 %', 'hypothèse h = a | b "?"'],
    ["règle `table` : taux vaut `règle`", "table t : taux selon x | a -> b", 'propriété "p" a'],
    ["règle r : taux vaut a", "règle s : taux vaut b"],
    ["règle", "règle s : taux vaut b"],
    ["règle table : taux vaut b", "exception test de règle si a vaut b"],
    ["règle r : taux vaut table.article + e.test"],
    ['test "t" au 2016-01-01 sachant test = 1 ; table = 2 attendu règle = 3'],
]


@pytest.mark.parametrize("expected", CUT_WHERE_DECLARATIONS_OPEN, ids=lambda expected: expected[0])
@pytest.mark.parametrize("between", ["\n", " ", "\n\n# règle de commentaire\n  "])
def test_cut_where_declarations_open(expected: list[str], between: str) -> None:
    """A piece opens at a declaration word, not inside texts, comments or names, nor where the word is used as a name."""
    found = [piece.split("\n\n# règle de commentaire")[0] for piece in pieces(between.join(expected))]
    assert expected == found


def test_longest_word_opens() -> None:
    """In English `reference table` and `main entity` open one piece each."""
    text = ["main entity m", "reference table t (a) : rate", "table u : rate by x", "entity e"]
    assert text == pieces(" ".join(text), "en")


def test_three_faults_three_diagnostics() -> None:
    """Each wrong declaration gives its own diagnostic, and the good ones between them are read."""
    text = (
        HEADER + "règle a : taux veut 1 %\nrègle b : taux vaut 2 %\nexception x de b vaut 3 %\nrègle c : taux vaut 4 %\n"
        "énumération s { u v }\nhypothèse h = p q"
    )
    syntax, diagnostics = read(text)
    assert ["E110"] * 4 == [diagnostic.code for diagnostic in diagnostics]
    assert ["b", "c"] == [item.name for item in syntax.items if isinstance(item, tree.RuleDecl)]
    assert frozenset("axsuvhpq") == syntax.broken


@pytest.mark.parametrize(
    ("text", "broken"),
    [
        ("règle r", {"r"}),
        ("règle `table`", {"table"}),
        ("règle # mot\n  r", {"r"}),
        ("entité principale m (", {"m"}),
        ("remplace règle r", {"r"}),
        ("paramètre p : taux", {"p"}),
        ("référentiel t", {"t"}),
        ("donnée d", {"d"}),
        ("clause c", {"c"}),
        ("table t", {"t"}),
        ("exception x de r", {"x"}),
        ("neutralise x", set()),
        ('test "t" a', set()),
        ("règle r : date vaut 2016-13-01", {"r"}),
        ('règle r : taux "sans fin', {"r"}),
        ("règle r : entier vaut " + "a." * 200 + "a", {"r"}),
        ("règle r : taux vaut a\nregl s : taux vaut", {"s"}),
        ("énumération e { a b }", {"e", "a", "b"}),
    ],
)
def test_names_of_what_is_unreadable(text: str, broken: set[str]) -> None:
    """The names that an unreadable piece declares are kept, so that later passes do not miss them."""
    syntax, diagnostics = read(HEADER + text)
    assert diagnostics
    assert broken == syntax.broken


def test_misspelled_word_of_a_declaration() -> None:
    """A declaration whose first word is misspelled is told, and read all the same."""
    syntax, diagnostics = read(
        HEADER + "règle a : taux vaut 1 %\nregl b : taux vaut 2 %\nExeption x de b si c vaut 3 %\nrègle d : taux vaut e"
    )
    assert ["E110", "E110"] == [diagnostic.code for diagnostic in diagnostics]
    assert ["a", "b", "x", "d"] == [getattr(item, "name", None) for item in syntax.items]
    assert frozenset() == syntax.broken


def test_misspelled_header() -> None:
    """A misspelled header is told once, and stands."""
    syntax, diagnostics = read('Convntion "C" version "1"\nrègle a : taux vaut 1 %')
    assert ["E124"] == [diagnostic.code for diagnostic in diagnostics]
    assert isinstance(syntax.header, tree.ConventionHeader)


@pytest.mark.parametrize(
    "text",
    ["rule cap : rate is 100 %", HEADER + "rule cap : rate is 100 %"],
)
def test_the_other_lexicon_is_named(text: str) -> None:
    """A text in English words that does not say so is told the French word, and the line that chooses English."""
    (first, *_) = read(text)[1]
    assert first.hint == "écrivez `règle`, ou choisissez l'autre lexique par `langue en` en première ligne"


def test_unread_quotation_stops_at_the_next_declaration() -> None:
    """A quotation that is not closed hides nothing beyond the line where a declaration opens."""
    assert ["E106", "E110"] == codes('article 1 "A"\ntexte « mots\nrègle r : taux vaut 1 % 2')


def test_header_is_missing_only_once() -> None:
    """A header with a fault is not also a missing header."""
    assert ["E111"] == [diagnostic.code for diagnostic in read('convention "C"')[1]]
    assert ["E122"] == [diagnostic.code for diagnostic in read("")[1]]


@pytest.mark.parametrize(
    ("name", "first", "lexicon", "expected"),
    [
        ("a.conv", "", None, "fr"),
        ("a.en.conv", "", None, "en"),
        ("a.conv", "langue en\n", None, "en"),
        ("a.conv", "  language en # mot\n", None, "en"),
        ("a.en.conv", "langue fr\n", None, "fr"),
        ("a.en.conv", "langue fr\n", "en", "en"),
        ("a.conv", "langue de\n", None, "fr"),
    ],
)
def test_choice_of_lexicon(name: str, first: str, lexicon: str | None, expected: str) -> None:
    """The caller chooses the lexicon before the first line, the first line before the name of the file."""
    syntax, diagnostics = parse(source_of(name, first + HEADER), lexicon=lexicon)
    assert expected == syntax.lexicon
    assert (["E136"] if "de" in first else []) == [diagnostic.code for diagnostic in diagnostics]
    assert syntax.header is not None
    assert len(first) == syntax.header.position.start


def test_comments_are_kept() -> None:
    """Comments are found with their places and line ends, alone on their line or not, and not inside texts."""
    text = HEADER + '# un\nrègle r : taux "# non" # deux\n  vaut 1 % # trois\n'
    found = [(token.text, token.lines) for token in tokens(source_of("a.conv", text)).tokens if token.terminal == COMMENT]
    assert [("# un", 1), ("# deux", 0), ("# trois", 0)] == found
    beside_the_language = tokens(source_of("a.conv", "langue fr # mot\n" + HEADER))
    assert ("langue fr", ["# mot"]) == (
        beside_the_language.language_line,
        [token.text for token in beside_the_language.tokens if token.terminal == COMMENT],
    )


def test_hidden_characters_are_allowed_in_words_of_the_law() -> None:
    """Bidirectional controls may stand in `texte` and comments, nowhere else."""
    assert [] == codes('# \u202e\narticle 1 "A"\ntexte « \u2067 »')
    assert ["E104"] == codes('règle r : taux "\u2067" vaut 1 %')


def test_faults_of_characters_know_their_article() -> None:
    """A fault found before the headings are read tells the article it stands in all the same."""
    found = faults('règle a : taux "\u2067" vaut 1 %\narticle 41.1 "A"\nrègle b : taux "\u2067" vaut 1 %\nrègle c : taux "')
    assert [None, "41.1", "41.1"] == [diagnostic.position.article for diagnostic in found if diagnostic.position]


def test_mixed_scripts_do_not_stop_reading() -> None:
    """A name of mixed scripts is a warning: the declaration is read."""
    syntax, (warning,) = read(HEADER + "règle tаux2 : taux vaut 1 %")
    assert ("W101", "warning") == (warning.code, warning.severity)
    assert 1 == len(syntax.items)


def test_diagnostics_come_in_the_order_of_the_text() -> None:
    """Faults of characters and of form come together, in the order of the text."""
    found = faults("règle a\nrègle b `x\nrègle c : date vaut 2016-13-01\nfin")
    starts = [diagnostic.position.start for diagnostic in found if diagnostic.position]
    assert sorted(starts) == starts
    assert ["E111", "E107", "E115"] == [diagnostic.code for diagnostic in found][:3]


@pytest.mark.parametrize("path", accepted_by_the_parser(), ids=lambda path: path.stem)
def test_files_of_other_systems(path: Path) -> None:
    """Decomposed accents, Windows line ends, typographic apostrophes and a mark at the start change nothing."""
    text = path.read_text(encoding="utf-8")
    other = "\ufeff" + unicodedata.normalize("NFD", text).replace("'", "’").replace("\n", "\r\n")
    source, _ = read_source(path.name, other.encode())
    assert source is not None
    syntax, diagnostics = parse(source)
    assert [] == diagnostics
    assert read(text)[0] == syntax


DECLARATIONS = [
    text
    for path in accepted_by_the_parser()
    if path.stem not in {"E1-avenant", "E1-en-tete"}
    for text in [path.read_text(encoding="utf-8").split("\n", 1)[1]]
]


@given(st.lists(st.sampled_from(DECLARATIONS), max_size=4), st.data())
@settings(deadline=None)
def test_files_join(parts: list[str], data: st.DataObject) -> None:
    """Declarations say the same one after another as apart, whatever stands before them, faults included."""
    expected = [item for part in parts for item in items(part)]
    wrong = data.draw(st.integers(0, len(parts)))
    joined = HEADER + "".join([*parts[:wrong], "règle fautive : taux veut 1 %\n", *parts[wrong:]])
    syntax, diagnostics = read(joined, limits=Limits())
    assert expected == list(syntax.items)
    assert ["E110"] == [diagnostic.code for diagnostic in diagnostics]
