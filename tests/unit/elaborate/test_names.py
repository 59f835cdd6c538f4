"""Names: what is declared, what clashes, what is told once."""

from __future__ import annotations

import pytest

from optam_rules.core.types import EntityType, EnumType, ListType, Scalar, SetType
from optam_rules.elaborate.pipeline import elaborate
from optam_rules.syntax.parse import parse
from optam_rules.syntax.source import source_of
from tests.unit.elaborate.texts import HEADER, VOCABULARY, codes, elaborated, info, parsed, program


def test_types_are_resolved() -> None:
    """Words of the language, entities and enumerations, alone or in lists and sets."""
    fields = program("").entities["medecin"].fields
    found = {name: fields[name].type for name in ("identifiant", "secteur", "titres", "honoraires", "groupe", "exercices")}
    expected = {
        "identifiant": Scalar.TEXT,
        "secteur": EnumType("secteur"),
        "titres": SetType(EnumType("titre")),
        "honoraires": Scalar.MONEY,
        "groupe": EntityType("groupe"),
        "exercices": ListType(EntityType("exercice")),
    }
    assert expected == found


def test_labels_default_to_names() -> None:
    """An entity, a datum, a value or a rule without label is called by its name."""
    found = program('énumération couleur { rouge "Rouge" ; vert }\nrègle r : couleur "La couleur" vaut rouge\nrègle s : couleur vaut vert')
    assert {"rouge": "Rouge", "vert": "vert"} == found.enumerations["couleur"].values
    assert ("Médecin", "volontaire") == (found.entities["medecin"].label, found.entities["medecin"].fields["volontaire"].label)
    assert ["La couleur", "s"] == [found.definitions["medecin", name].label for name in "rs"]


@pytest.mark.parametrize(
    "text",
    [
        'paramètre p : taux = 1 % depuis 2020-01-01\nhypothèse p = a | b "?"',
        "entité secteur",
        "énumération x { a ; a }",
        "règle volontaire : booléen vaut vrai",
        "paramètre p : taux = 1 % depuis 2020-01-01\nrègle p : taux vaut 1 %",
        "référentiel r (secteur) : taux\nrègle r de groupe : taux vaut 1 %",
        "référentiel r (secteur ; secteur) : taux",
        "entité a\ndonnée x : entier\ndonnée x : taux",
        "règle r : taux vaut 1 %\nexception r de r si volontaire vaut 2 %",
    ],
)
def test_one_name_has_one_meaning(text: str) -> None:
    """A second declaration is told, and nothing else because of it."""
    assert ["E202"] == codes(text)


@pytest.mark.parametrize(
    "text",
    [
        "règle ouvert de groupe : booléen vaut vrai",  # a datum of its own entity
        'paramètre p : taux = 1 % depuis 2020-01-01\nhypothèse p = a | b "?"\nrègle r : booléen vaut p = a et p > 3 €',
        "énumération x { a }\nénumération x { b }\nrègle r : x vaut b",
        "règle r : taux vaut 1 %\nrègle r : montant en vigueur du 2020-01-01 vaut 1 €\nrègle s : montant vaut r + 1 €",
    ],
)
def test_disputed_names_are_silent(text: str) -> None:
    """Uses of a name that is declared twice are not checked against either meaning."""
    assert 1 == len(codes(text))


def test_same_names_on_several_entities_are_no_clash() -> None:
    """Each entity has its own data and definitions; a datum may bear the name of an entity or enumeration."""
    assert [] == codes("règle nom : entier vaut 1\nrègle anciennete de groupe : entier vaut 1\nrègle exercice de groupe : entier vaut 1")


def test_value_that_its_own_thing_may_take_is_ambiguous() -> None:
    """A parameter, definition, datum or hypothesis may not be called like one of its own values."""
    for text in (
        "paramètre secteur_1 : secteur = aucun depuis 2020-01-01",
        "règle secteur_1 : secteur vaut secteur_2",
        'hypothèse haut = haut | bas "?"',
        "entité a\ndonnée secteur_1 : secteur",
    ):
        assert ["E203"] == codes(text)


def test_pieces_that_could_not_be_read_are_not_complained_about() -> None:
    """Names that unreadable declarations seem to declare are taken as declared."""
    broken = "règle cassee : taux vaut ((\nénumération cassee_aussi { ; }\nexception perdue de r si si vaut 1\n"
    uses = "règle r : taux vaut cassee + 1 €\nrègle s : cassee_aussi vaut rien_de_connu\n"
    override = "exception y de r si volontaire l'emporte sur perdue vaut 1 %"
    tree, faults = parse(source_of("essai.conv", HEADER + broken + uses + override))
    assert faults
    found, diagnostics = elaborate(info(), [tree], [parsed(VOCABULARY)])
    assert ["E201"] == [diagnostic.code for diagnostic in diagnostics]
    assert found is None


def test_own_main_entity_stands_before_the_parents() -> None:
    """A pack may be about another entity than its vocabulary; its rules are then about its own."""
    found = program("entité principale contrat\ndonnée prix : montant\nrègle cher : booléen vaut prix > 100 €")
    assert "contrat" == found.main.name
    assert ("contrat", "cher") in found.definitions


def test_many_unknown_names_are_quickly_told() -> None:
    """Suggestions have a budget: two thousand unknown names among two thousand known ones take no minute."""
    text = "".join(f"règle regle_{n} : entier vaut inconnue_{n} + 1\n" for n in range(2000))
    assert 2000 == len(elaborated(text)[1])


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("paramètre p : liste de exercice = 1 depuis 2020-01-01", ["E317"]),
        ("référentiel r (secteur) : groupe", ["E317"]),
        ("référentiel r (titres : ensemble de titre) : taux", ["E317"]),
        ("règle r : groupe vaut groupe", ["E317"]),
        ("entité a\ndonnée d : ensemble de groupe", ["E317"]),
        ("entité a\ndonnée d : date entre 2020-01-01 et 2019-01-01", ["E322"]),
        ("entité a\ndonnée d : date entre 2019-01-01 et 2020-01-01", []),
        ("entité a\ndonnée d : date entre 2019 et 2020-01-01", ["E301"]),
        ("entité a\ndonnée d : chaîne entre 1 et 2", ["E304"]),
    ],
)
def test_types_have_their_places(text: str, found: list[str]) -> None:
    """Records are no values of definitions, keys or sets; bounds are of the datum's type."""
    assert found == codes(text)[:1]


def test_very_ambiguous_values_are_told_briefly() -> None:
    """A value of fifty enumerations does not make a message of fifty names."""
    text = "".join(f"énumération e{n} {{ meme }}\n" for n in range(50))
    message = elaborated(f"{text}règle r : booléen vaut meme = meme")[1][0].message
    assert 150 > len(message)
