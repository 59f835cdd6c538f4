"""Amounts that may fall between two cents must say how they round."""

from __future__ import annotations

import pytest

from tests.unit.elaborate.texts import codes, fault

WHOLE = [
    "honoraires",
    "honoraires + 0.01 € - honoraires",
    "honoraires * 3",
    "3 * honoraires",
    "honoraires * 200 %",
    "-honoraires",
    "somme(e.depassements pour e dans exercices)",
    "maximum({ honoraires ; 10 € })",
    "minimum(e.depassements pour e dans exercices) si vide 0 €",
    "honoraires plafonné à 10 €",
    "honoraires * 7 % arrondi à 0.01 € (demi pair)",
    "honoraires / 3 arrondi à 1 € (inférieur) plafonné à 10 €",
    "10 € * 50 %",
    "honoraires si volontaire sinon 3 €",
    "inconnu",
    "honoraires à défaut 0 €",
]
BETWEEN = [
    "honoraires * 7 %",
    "honoraires * taux_demande",
    "honoraires / 3",
    "0.01 € / 2",
    "honoraires + honoraires * 1 %",
    "moyenne(e.depassements pour e dans exercices)",
    "somme(e.depassements / 2 pour e dans exercices)",
    "maximum({ honoraires ; honoraires / 2 })",
    "minimum(e.depassements pour e dans exercices) si vide honoraires / 2",
    "honoraires plafonné à honoraires / 2",
    "honoraires si volontaire sinon honoraires * 1 %",
    "honoraires arrondi à 1 € (inférieur) plafonné à honoraires / 2",
]


@pytest.mark.parametrize("expr", WHOLE)
def test_whole_cents_need_no_rounding(expr: str) -> None:
    """Sums, integer multiples, extremes and rounded amounts stay whole."""
    assert [] == fault("montant", expr)


@pytest.mark.parametrize("expr", BETWEEN)
def test_fractions_of_cents_need_rounding(expr: str) -> None:
    """A rate, a division or a mean may leave the cents, wherever it stands."""
    assert ["E310"] == fault("montant", expr)


def test_exceptions_tables_and_parameters_are_held_to_cents_too() -> None:
    """Each base, exception, row and dated value of an amount is checked for itself."""
    assert ["E310"] == codes("règle r : montant vaut 1 €\nexception x de r si volontaire vaut honoraires / 2")
    assert ["E310"] == codes("table t : montant selon volontaire | vrai -> 1 € | faux -> honoraires / 2")
    assert ["E310"] == codes("paramètre p : montant = 1 € / 3 depuis 2020-01-01")
    assert ["E310"] == codes("règle r : liste de montant vaut { 1 € ; honoraires / 2 }")
    assert [] == codes("règle r : liste de montant vaut { 1 € ; 10 € / 4 }")
    assert ["E310"] == codes("paramètre p : ensemble de montant = { 1 € ; 10 € / 3 } depuis 2020-01-01")
