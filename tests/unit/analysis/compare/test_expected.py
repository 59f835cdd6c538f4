"""Declarations of intended changes: what they forgive, what they do not, and what is declared in vain."""

from __future__ import annotations

import pytest

from optam_rules.analysis.compare.diff import compare
from optam_rules.analysis.compare.expected import read_expected, unexpected
from optam_rules.analysis.obligations import Side
from optam_rules.analysis.verdict import Budget
from optam_rules.base.errors import CallError
from tests.support.prime import TEXT, amended
from tests.support.programs import compiled

LOWER_RATE = ("| secteur_2 -> 5 %", "| secteur_2 -> 4 %")
DECLARED = """
[[change]]
answer = "taux_de_prime"
direction = "never_higher"
articles = ["2"]
reason = "avenant de 2018"

[[change]]
answer = "prime"

[[change]]
answer = "prime_entiere"
"""


def left(declaration: str, *changes: tuple[str, str]) -> list[tuple[str, str]]:
    """Return what a declaration leaves over of an amended text."""
    comparison = compare(Side(compiled(TEXT)), Side(compiled(amended(*changes))), budget=Budget(seconds=5, examples=40))
    return [(each.answer, str(each.problem)) for each in unexpected(comparison, read_expected("changes.toml", declaration.encode()))]


def test_a_full_declaration_leaves_nothing() -> None:
    """The rate goes down in article 2, and both bonuses follow: all is declared."""
    assert left(DECLARED, LOWER_RATE) == []


def test_a_change_that_nothing_declares_is_left() -> None:
    """The right changes too, which was not intended."""
    assert left(DECLARED, LOWER_RATE, ("2017-07-01", "2017-07-02")) == [("eligible", "change, sans être déclarée")]


def test_a_declared_change_that_does_not_happen_is_stale() -> None:
    """Nothing changes: the three declarations are stale."""
    assert {answer for answer, _ in left(DECLARED)} == {"taux_de_prime", "prime", "prime_entiere"}
    assert all("ne change pas" in problem for _, problem in left(DECLARED))


def test_a_direction_and_articles_are_held() -> None:
    """The rate goes up where it was to go down, and no article 1 is behind it."""
    wrong = DECLARED.replace('["2"]', '["1"]')
    problems = [problem for answer, problem in left(wrong, ("| secteur_2 -> 5 %", "| secteur_2 -> 6 %")) if answer == "taux_de_prime"]
    assert problems == [
        "déclarée comme devant ne jamais augmenter, mais elle paraît ne jamais baisser",
        "des changements qui la touchent sont aussi hors des articles déclarés : 2",
        "aucun changement qui la touche n'est dans : 1",
    ]


def test_a_name_that_is_no_answer_is_told() -> None:
    """A declaration for an answer that neither side has is a mistake, not a success."""
    [(answer, problem)] = left('[[change]]\nanswer = "primes"\n')
    assert answer == "primes"
    assert "réponse d'aucun des deux côtés" in problem


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("[[change]]\n", "le nom d'une réponse est attendu"),
        ('[[change]]\nanswer = "a"\nsens = "either"\n', "clé inconnue"),
        ('[[change]]\nanswer = "a"\ndirection = "up"\n', "l'un de never_higher, never_lower, either est attendu"),
        ('[[change]]\nanswer = "a"\nkind = "open"\n', "l'un de changed, retyped, added, removed est attendu"),
        ('[[change]]\nanswer = "a"\narticles = "41"\n', "une liste de textes est attendue"),
        ('[[change]]\nanswer = "a"\nreason = 3\n', "un texte est attendu"),
        ('[[change]]\nanswer = "a"\n[[change]]\nanswer = "a"\n', "`a` est déjà déclaré"),
        ("change = 3\n", "tables `[[change]]` attendues"),
        ("chnage = []\n", "clé inconnue"),
        ("[[change\n", "TOML"),
    ],
)
def test_a_wrong_declaration_is_refused_with_its_place(text: str, words: str) -> None:
    """An unknown key is never passed in silence."""
    with pytest.raises(CallError) as caught:
        read_expected("changes.toml", text.encode())
    assert words in caught.value.diagnostics[0].message
    assert {fault.code for fault in caught.value.diagnostics} == {"E855"}
