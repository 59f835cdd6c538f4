"""Trees of sentences as drawn."""

from __future__ import annotations

from optam_rules.tools.report.page import nested
from optam_rules.tools.report.tree import Node, draw, fill

TREE = Node("racine", (Node("première", (Node("feuille"),)), Node("dernière")))


def test_a_tree_is_drawn_with_branches() -> None:
    """A child that is not the last keeps the trunk open beside its own children."""
    assert draw(TREE) == "racine\n├─ première\n│  └─ feuille\n└─ dernière"


def test_a_tree_is_lists_in_lists_on_a_page() -> None:
    """Each list stands in the item that it supports, the last ones closed; what is said is escaped."""
    deep = Node("a < b", (Node("c", (Node("d", (Node("e"),)),)), Node("f"), Node("g", (Node("h"),))))
    expected = "<li>a &lt; b<ul><li>c<ul><li>d<ul><li>e</li></ul></li></ul></li><li>f</li><li>g<ul><li>h</li></ul></li></ul></li>"
    assert expected == nested(deep)
    assert "<li>seul</li>" == nested(Node("seul"))


def test_a_line_is_never_cut_without_a_width() -> None:
    """Output that goes to a file or a pipe has one sentence a line, whatever its length."""
    assert draw(Node("mot " * 500 + "fin")).count("\n") == 0


def test_a_line_is_never_cut_inside_french_punctuation() -> None:
    """A guillemet stays with its word, and a percent sign with its number."""
    assert fill("il dit « oui » ; 46,5 % de 12 000 € ou non ?", 12) == ["il dit", "« oui » ;", "46,5 % de", "12 000 € ou", "non ?"]


def test_a_cut_line_keeps_the_branches() -> None:
    """On a narrow terminal, the rest of a sentence stands under its beginning."""
    tree = Node("racine", (Node("une phrase un peu longue pour ce terminal étroit", (Node("feuille"),)), Node("dernière")))
    expected = """\
racine
├─ une phrase un peu longue pour ce
│  │  terminal étroit
│  └─ feuille
└─ dernière"""
    assert draw(tree, width=40) == expected
