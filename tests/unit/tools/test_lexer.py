"""The lexer for Pygments: no word of a shipped text is an error to it, and the kinds that a reader looks for are told apart."""

from __future__ import annotations

from pathlib import Path

from pygments.lexer import Lexer
from pygments.token import Comment, Error, Keyword, Literal, Number, String

from optam_rules.syntax.print import print_source
from optam_rules.syntax.source import source_of
from optam_rules.tools.lexer import OptamEnglishLexer, OptamLexer

CONVENTIONS = Path(__file__).parents[3] / "conventions"


def assert_whole(lexer: Lexer, text: str) -> None:
    """Nothing is lost and nothing is an error."""
    found = list(lexer.get_tokens(text))
    assert [value for kind, value in found if kind is Error] == []
    assert "".join(value for _, value in found) == text


def test_shipped_texts_hold_no_error() -> None:
    """Every text of every pack, tests included."""
    for path in sorted(CONVENTIONS.rglob("*.conv")):
        assert_whole(OptamLexer(stripnl=False), path.read_text(encoding="utf-8"))


def test_a_text_in_english_holds_no_error() -> None:
    """The other lexicon."""
    text = (CONVENTIONS / "cm-2016" / "engagements.conv").read_text(encoding="utf-8")
    assert_whole(OptamEnglishLexer(stripnl=False), print_source(source_of("a.conv", text), "en"))


def test_kinds_are_told_apart() -> None:
    """A declaration, a type, a quantity, a date, a text, a comment, a keyword of several words, a constant."""
    text = 'règle r : taux "é" # c\n  vaut 2.5 points si date d\'évaluation > 2017-01-01 sinon inconnu\n'
    kinds = {value: kind for kind, value in OptamLexer().get_tokens(text)}
    expected = {
        "règle": Keyword.Declaration,
        "taux": Keyword.Type,
        '"é"': String.Double,
        "# c": Comment.Single,
        "2.5": Number,
        "points": Keyword.Type,
        "date d'évaluation": Keyword,
        "2017-01-01": Literal.Date,
        "inconnu": Keyword.Constant,
    }
    assert expected == {value: kinds[value] for value in expected}
