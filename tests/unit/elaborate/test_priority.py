"""Exceptions, their trees and what overrides what."""

from __future__ import annotations

import pytest

from tests.unit.elaborate.texts import codes, definition, program

RULE = "règle r : entier vaut 1\n"


def test_exceptions_of_exceptions_belong_to_the_rule() -> None:
    """A tree of exceptions, written in any order, hangs on one definition; parents and overrides keep their names."""
    text = f"exception c de b si volontaire vaut 4\nexception b de a si volontaire vaut 3\n{RULE}exception a de r si volontaire vaut 2"
    found = {clause.name: clause for clause in definition(text, "r").exceptions}
    assert {"a": "r", "b": "a", "c": "b"} == {name: clause.parent for name, clause in found.items()}


def test_exception_is_about_the_entity_of_its_rule() -> None:
    """The condition and value of an exception read the entity of the rule it is of."""
    text = 'règle admis de groupe : booléen vaut ouvert\nexception x de admis si nom = "a" vaut faux'
    assert "x" == program(text).definitions["groupe", "admis"].exceptions[0].name
    assert ["E201"] == codes("règle admis de groupe : booléen vaut ouvert\nexception x de admis si volontaire vaut faux")


@pytest.mark.parametrize(
    ("exceptions", "found"),
    [
        ("exception a de r si volontaire l'emporte sur b vaut 2\nexception b de r si volontaire vaut 3", []),
        (
            "exception a de r si volontaire l'emporte sur c vaut 2\nexception b de r si volontaire vaut 3\n"
            "exception c de b si volontaire vaut 4",
            [],
        ),
        ("exception a de r si volontaire l'emporte sur a vaut 2", ["E403"]),
        ("exception a de r si volontaire vaut 2\nexception b de a si volontaire l'emporte sur a vaut 3", ["E403"]),
        ("exception a de r si volontaire l'emporte sur b vaut 2\nexception b de a si volontaire vaut 3", ["E403"]),
        ("exception a de r si volontaire l'emporte sur r vaut 2", ["E220"]),
        ("exception a de a si volontaire vaut 2", ["E401"]),
        ("exception a de b si volontaire vaut 2\nexception b de a si volontaire vaut 3\nexception c de b si volontaire vaut 3", ["E401"]),
        ("exception a de x si volontaire vaut 2\nexception b de a si volontaire vaut 3", ["E220"]),
        ("neutralise a si volontaire", ["E220"]),
        ("exception a de r si volontaire vaut 2 €", ["E301"]),
        ("exception a de r si anciennete vaut 2", ["E301"]),
    ],
)
def test_priorities_are_checked(exceptions: str, found: list[str]) -> None:
    """Overrides stay among exceptions of one rule that are not already ranked; what hangs on nothing is told once."""
    assert found == codes(RULE + exceptions)


def test_one_exception_may_have_versions() -> None:
    """Two exceptions of one name on different days are versions of it; on one day, or of two rules, a clash."""
    first = "exception x de r en vigueur du 2020-01-01 au 2020-12-31 si volontaire vaut 2\n"
    assert 2 == len(definition(f"{RULE}{first}exception x de r en vigueur du 2021-01-01 si volontaire vaut 3", "r").exceptions)
    assert ["E413"] == codes(f"{RULE}{first}exception x de r en vigueur du 2020-12-31 si volontaire vaut 3")
    assert ["E202"] == codes(f"{RULE}{first}règle s : entier vaut 1\nexception x de s en vigueur du 2021-01-01 si volontaire vaut 3")


def test_long_trees_are_walked() -> None:
    """A chain of two thousand exceptions, each overriding a stranger, is checked without recursion."""
    chain = "".join(f"exception e{n} de {'r' if n == 0 else f'e{n - 1}'} si volontaire l'emporte sur z vaut {n}\n" for n in range(2000))
    assert [] == codes(f"{RULE}{chain}exception z de r si volontaire vaut 0")


def test_overrides_in_a_ring_are_told_once() -> None:
    """Three exceptions that each override the next are one fault."""
    ring = "".join(f"exception {a} de r si volontaire l'emporte sur {b} vaut 2\n" for a, b in ("ab", "bc", "ca"))
    assert ["E404"] == codes(RULE + ring)
