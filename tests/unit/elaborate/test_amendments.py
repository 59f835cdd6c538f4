"""Amendments are checked for being well formed."""

from __future__ import annotations

import pytest

from optam_rules.elaborate.pipeline import elaborate
from tests.unit.elaborate.texts import HEADER, VOCABULARY, info, parsed

PARENT = """article 44 "Suivi" en vigueur du 2020-01-01
paramètre p : taux = 1 % depuis 2020-01-01
règle r : taux vaut p
exception x de r si volontaire vaut 2 %
table t : entier selon volontaire | vrai -> 1 | faux -> 2
"""


def found(text: str, *, given: bool = True) -> list[str]:
    """Return the codes of an amendment to the small convention above."""
    amendment = parsed(f'avenant "Avenant 1" modifie "Essai" version "1"\n{text}')
    parents = [parsed(VOCABULARY, "voc.conv"), parsed(HEADER + PARENT, "essai.conv")] if given else []
    return [d.code for d in elaborate(info(), [amendment], parents)[1]]


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("remplace règle r : taux vaut 3 %", []),
        ("remplace table t : entier selon volontaire | * -> 1", []),
        ('remplace article 44 "Suivi" en vigueur du 2021-01-01\nrègle s : taux vaut 1 %', []),
        ("insère règle s : taux vaut 3 %", []),
        ('insère article 45 "Fin" en vigueur du 2021-01-01\nrègle s : taux vaut 1 %\ntable u : entier selon volontaire | * -> 1', []),
        ("abroge exception x à compter du 2021-01-01", []),
        ('abroge paramètre p à compter du 2021-01-01\ntest "t" au 2021-01-01 attendu r = 1 %', []),
        ("remplace règle t : taux vaut 3 %", ["E235"]),
        ("abroge règle s à compter du 2021-01-01", ["E235"]),
        ("insère règle r : taux vaut 3 %", ["E237"]),
        ("remplace exception x de r si volontaire vaut 3 %", []),
        ("remplace paramètre p : taux = 2 % depuis 2021-01-01", []),
        ("insère référentiel moyennes (secteur) : taux", []),
        ("remplace référentiel moyennes (secteur) : taux", ["E235"]),
        ("insère entité groupe", ["E237"]),
        ('insère hypothèse h = a | b "?"', []),
        ("abroge annexe 3 à compter du 2021-01-01", ["E235"]),
        ("règle s : taux vaut 3 %", ["E233", "E234"]),
        ("abroge règle r à compter du 2021-01-01\nrègle s : taux vaut 3 %", ["E234"]),
        ("", ["E233"]),
    ],
)
def test_targets_exist_and_something_changes(text: str, codes: list[str]) -> None:
    """What is replaced or repealed exists, what is inserted does not, and each declaration has its verb."""
    assert codes == found(text)


def test_alone_an_amendment_is_checked_for_its_form() -> None:
    """Without the convention that it amends nothing can be missing."""
    assert [] == found("remplace règle inconnue : taux vaut 3 %\nabroge article 12 à compter du 2021-01-01", given=False)
    assert ["E233"] == found("", given=False)


def test_version_of_the_convention_is_checked() -> None:
    """An amendment to another version is told."""
    amendment = parsed('avenant "Avenant 1" modifie "Essai" version "2"\nabroge règle r à compter du 2021-01-01')
    parents = [parsed(VOCABULARY, "voc.conv"), parsed(HEADER + PARENT, "essai.conv")]
    assert ["E227"] == [d.code for d in elaborate(info(), [amendment], parents)[1]]
