"""Types and dimensions of expressions, and the core that they become."""

from __future__ import annotations

import datetime as dt
from fractions import Fraction
from itertools import product

import pytest

from optam_rules.base.calendar import Duration, MonthEnd
from optam_rules.base.source import Position, Source
from optam_rules.core.ir import (
    SELF,
    Aggregate,
    Answer,
    Apply,
    Collection,
    EvaluationDate,
    Expr,
    Field,
    Fold,
    HypothesisRead,
    Literal,
    Lookup,
    NotApplicable,
    ParameterRead,
    UnknownLaw,
    Variable,
)
from optam_rules.core.operators import Operator
from optam_rules.core.types import EntityType, EnumType, ListType, Scalar, SetType, Type
from tests.unit.elaborate.texts import body, codes, fault

HERE = Position(Source("t", "", ""), 0, 0)
ME = Variable(SELF, EntityType("medecin"), position=HERE)


def datum(name: str, type_: Type, target: Expr = ME) -> Field:
    """Make the read of a datum."""
    return Field(target, name, type_, position=HERE)


def literal(value: int | Fraction | dt.date | Duration | str | bool, type_: Type) -> Literal:
    """Make a literal."""
    return Literal(value, type_, position=HERE)


def apply(operator: Operator, type_: Type, *operands: Expr, month_end: MonthEnd | None = None) -> Apply:
    """Make the application of an operator."""
    return Apply(operator, operands, type_, month_end, position=HERE)


SAMPLES = {
    Scalar.BOOLEAN: "volontaire",
    Scalar.INTEGER: "anciennete",
    Scalar.RATE: "taux_demande",
    Scalar.POINTS: "ecart",
    Scalar.MONEY: "honoraires",
    Scalar.DATE: "installation",
    Scalar.DAYS: "(installation - 2020-01-01)",
    Scalar.MONTHS: "2 mois",
    Scalar.TEXT: "identifiant",
}
# SOURCE: language.md S2, "the whole table", written out again line by line from that page.
DIMENSIONS = {
    ("montant", "+", "montant"): "montant",
    ("montant", "-", "montant"): "montant",
    ("montant", "*", "taux"): "montant",
    ("taux", "*", "montant"): "montant",
    ("montant", "*", "entier"): "montant",
    ("entier", "*", "montant"): "montant",
    ("montant", "/", "montant"): "taux",
    ("montant", "/", "entier"): "montant",
    ("taux", "-", "taux"): "points",
    ("taux", "+", "points"): "taux",
    ("taux", "-", "points"): "taux",
    ("points", "+", "taux"): "taux",
    ("taux", "*", "taux"): "taux",
    ("taux", "*", "entier"): "taux",
    ("entier", "*", "taux"): "taux",
    ("taux", "/", "entier"): "taux",
    ("points", "+", "points"): "points",
    ("points", "-", "points"): "points",
    ("entier", "+", "entier"): "entier",
    ("entier", "-", "entier"): "entier",
    ("entier", "*", "entier"): "entier",
    ("entier", "/", "entier"): "taux",
    ("date", "+", "durée en jours"): "date",
    ("date", "-", "durée en jours"): "date",
    ("date", "+", "durée en mois"): "date",
    ("date", "-", "durée en mois"): "date",
    ("date", "-", "date"): "durée en jours",
}


@pytest.mark.parametrize(("left", "symbol", "right"), list(product(SAMPLES, "+-*/", SAMPLES)), ids=str)
def test_dimensions_are_those_of_the_page(left: Scalar, symbol: str, right: Scalar) -> None:
    """Each pair of types is combined as S2 says, and by nothing else."""
    months = " (fin de mois inférieur)" if (left, right) == (Scalar.DATE, Scalar.MONTHS) and symbol in "+-" else ""
    written = f"{SAMPLES[left]} {symbol} {SAMPLES[right]}{months}"
    wanted = DIMENSIONS.get((left.value, symbol, right.value))
    if wanted is None:
        assert ["E302"] == fault("entier", written)
    else:
        rounded = " arrondi à 0.01 € (demi pair)" if wanted == "montant" else ""
        assert Scalar(wanted) is body(wanted, written + rounded).type


@pytest.mark.parametrize(("left", "symbol", "right"), list(product(SAMPLES, ("<", ">=", "=", "≠"), SAMPLES)), ids=str)
def test_only_one_type_is_compared_with_itself(left: Scalar, symbol: str, right: Scalar) -> None:
    """Equality is for two of one type, order for two of one ordered type."""
    ordered = left not in (Scalar.BOOLEAN, Scalar.TEXT)
    found = fault("booléen", f"{SAMPLES[left]} {symbol} {SAMPLES[right]}")
    expected = ["E303"] if left is not right else [] if ordered or symbol in "=≠" else ["E304"]
    assert expected == found


def test_names_become_reads() -> None:
    """A bare name is a datum, a definition, a parameter, a hypothesis or a value, as its declaration says."""
    more = 'paramètre p : entier = 3 depuis 0001-01-01\nrègle q : entier vaut 1\nhypothèse h = a | b "?"'
    assert datum("anciennete", Scalar.INTEGER) == body("entier", "anciennete")
    assert ParameterRead("p", None, Scalar.INTEGER, position=HERE) == body("entier", "p", more=more)
    assert Answer(ME, "medecin", "q", None, Scalar.INTEGER, position=HERE) == body("entier", "q", more=more)
    read = HypothesisRead("h", EnumType("h"), position=HERE)
    assert apply(Operator.EQUAL, Scalar.BOOLEAN, read, literal("a", EnumType("h"))) == body("booléen", "h = a", more=more)
    assert EvaluationDate(Scalar.DATE, position=HERE) == body("date", "date d'évaluation")


def test_dots_read_other_entities() -> None:
    """A dot reads a datum or a definition of the entity before it."""
    group = datum("groupe", EntityType("groupe"))
    assert datum("ouvert", Scalar.BOOLEAN, group) == body("booléen", "groupe.ouvert")
    more = "règle taux_commun de groupe : taux vaut 10 %"
    assert Answer(group, "groupe", "taux_commun", None, Scalar.RATE, position=HERE) == body("taux", "groupe.taux_commun", more=more)


def test_value_is_told_by_its_place() -> None:
    """`aucun` is a value of two enumerations: the other operand, the set or the type of the rule tells which."""
    sector, title = EnumType("secteur"), EnumType("titre")
    assert apply(Operator.EQUAL, Scalar.BOOLEAN, literal("aucun", sector), datum("secteur", sector)) == body("booléen", "aucun = secteur")
    contains = apply(Operator.AMONG, Scalar.BOOLEAN, literal("aucun", title), datum("titres", SetType(title)))
    assert contains == body("booléen", "titres contient aucun") == body("booléen", "aucun parmi titres")
    assert literal("aucun", title) == body("titre", "aucun")
    assert literal("aucun", sector) == body("secteur", "secteur.aucun")


def test_value_named_like_a_datum_of_another_type_stays_a_value() -> None:
    """Where the enumeration is expected, its value wins over a datum that could not stand there."""
    more = "énumération couleur { volontaire ; rouge }\nrègle teinte : couleur vaut rouge"
    teint = Answer(ME, "medecin", "teinte", None, EnumType("couleur"), position=HERE)
    expected = apply(Operator.EQUAL, Scalar.BOOLEAN, teint, literal("volontaire", EnumType("couleur")))
    assert expected == body("booléen", "teinte = volontaire", more=more)


def test_collections_are_constants_where_their_items_are() -> None:
    """`{ 2 ; 1 }` is a set or a list as its place wants; with anything read inside it is built when judging."""
    among = body("booléen", "anciennete parmi { 2 ; 1 }")
    assert isinstance(among, Apply)
    assert Literal(frozenset({1, 2}), SetType(Scalar.INTEGER), position=HERE) == among.operands[1]
    assert Literal((2, 1), ListType(Scalar.INTEGER), position=HERE) == body("liste de entier", "{ 2 ; 1 }")
    assert Literal((), ListType(Scalar.INTEGER), position=HERE) == body("liste de entier", "{ }")
    built = Collection((datum("anciennete", Scalar.INTEGER), literal(1, Scalar.INTEGER)), ListType(Scalar.INTEGER), position=HERE)
    assert built == body("liste de entier", "{ anciennete ; 1 }")


def test_chains_of_conditions_are_one_operator() -> None:
    """`a et b et c` has three operands, like `toutes les conditions { a ; b ; c }`; mixed chains nest."""
    a = datum("volontaire", Scalar.BOOLEAN)
    assert apply(Operator.AND, Scalar.BOOLEAN, a, a, a) == body("booléen", "volontaire et volontaire et volontaire")
    assert apply(Operator.AND, Scalar.BOOLEAN, a, a) == body("booléen", "toutes les conditions { volontaire ; volontaire }")
    mixed = apply(Operator.OR, Scalar.BOOLEAN, apply(Operator.AND, Scalar.BOOLEAN, a, a), a)
    assert mixed == body("booléen", "volontaire et volontaire ou volontaire")
    assert apply(Operator.IMPLIES, Scalar.BOOLEAN, a, apply(Operator.NOT, Scalar.BOOLEAN, a)) == body(
        "booléen", "volontaire implique non volontaire"
    )


def test_unary_minus_on_a_literal_is_a_literal() -> None:
    """`-5 €` is minus 500 cents; `-ecart` is computed."""
    assert literal(-500, Scalar.MONEY) == body("montant", "-5 €")
    assert literal(Duration(-2, "mois"), Scalar.MONTHS) == body("durée en mois", "-(2 mois)")
    assert literal(Fraction(-1, 40), Scalar.POINTS) == body("points", "-(2.5 points)")
    assert apply(Operator.NEGATE, Scalar.POINTS, datum("ecart", Scalar.POINTS)) == body("points", "-ecart")


def test_absence_takes_the_type_of_its_place() -> None:
    """`inconnu` names the definition that does not know, the exception where it is in one."""
    assert UnknownLaw("r", Scalar.RATE, position=HERE) == body("taux", "inconnu")
    assert NotApplicable(Scalar.RATE, position=HERE) == body("taux", "sans objet")
    default = apply(Operator.DEFAULT, Scalar.INTEGER, datum("anciennete", Scalar.INTEGER), literal(0, Scalar.INTEGER))
    assert default == body("entier", "anciennete à défaut 0")
    assert apply(Operator.IS_KNOWN, Scalar.BOOLEAN, datum("groupe", EntityType("groupe"))) == body("booléen", "groupe est connu")


def test_folds_run_over_lists_and_sets() -> None:
    """An aggregate names its variable; `maximum({ a ; b })` has one that the text does not show."""
    years, element = datum("exercices", ListType(EntityType("exercice"))), EntityType("exercice")
    e = Variable("e", element, position=HERE)
    paid = datum("depassements", Scalar.MONEY, e)
    total = Aggregate(Fold.SUM, "e", years, datum("actif", Scalar.BOOLEAN, e), paid, None, Scalar.MONEY, position=HERE)
    assert total == body("montant", "somme(e.depassements pour e dans exercices tel que e.actif)")
    count = Aggregate(Fold.COUNT, "e", years, None, None, None, Scalar.INTEGER, position=HERE)
    assert count == body("entier", "nombre(pour e dans exercices)")
    largest = body("entier", "maximum({ 1 ; 2 }) si vide 0")
    assert isinstance(largest, Aggregate)
    assert largest.body == Variable(largest.variable, Scalar.INTEGER, position=HERE)
    assert largest.if_empty == literal(0, Scalar.INTEGER)


@pytest.mark.parametrize(
    ("item", "fold", "result"),
    [
        ("annee", "moyenne", "taux"),
        ("annee", "somme", "entier"),
        ("depassements", "somme", "montant"),
        ("depassements", "maximum", "montant"),
        ("actif", "tous", "booléen"),
    ],
)
def test_fold_keeps_its_type_save_a_mean_of_integers(item: str, fold: str, result: str) -> None:
    """The mean of integers is a rate; other folds have the type of what they fold."""
    assert Scalar(result) is body(result, f"{fold}(e.{item} pour e dans exercices)").type


def test_lookup_checks_its_keys() -> None:
    """A reference table is read with all its keys, each of its type."""
    more = "référentiel moyennes (secteur ; annee : entier) : taux"
    keys = (datum("secteur", EnumType("secteur")), literal(3, Scalar.INTEGER))
    assert Lookup("moyennes", keys, Scalar.RATE, position=HERE) == body("taux", "moyennes[secteur ; 3]", more=more)
    assert ["E301"] == fault("taux", "moyennes[secteur ; 3 %]", more=more)


def test_other_dates_are_for_parameters_and_tables() -> None:
    """`p au d` reads a parameter or a table on another day."""
    more = "paramètre p : entier = 3 depuis 0001-01-01\ntable t : entier selon volontaire | vrai -> 1 | faux -> 0"
    day = literal(dt.date(2019, 1, 1), Scalar.DATE)
    assert ParameterRead("p", day, Scalar.INTEGER, position=HERE) == body("entier", "p au 2019-01-01", more=more)
    assert Answer(ME, "medecin", "t", day, Scalar.INTEGER, position=HERE) == body("entier", "t au 2019-01-01", more=more)


def test_month_end_goes_with_the_sum() -> None:
    """The rule for missing days is part of the operation."""
    expected = apply(
        Operator.ADD,
        Scalar.DATE,
        datum("installation", Scalar.DATE),
        literal(Duration(12, "mois"), Scalar.MONTHS),
        month_end=MonthEnd.UPPER,
    )
    assert expected == body("date", "installation + 1 an (fin de mois supérieur)")


@pytest.mark.parametrize(
    ("written", "found"),
    [
        ("2020-01-31 + 1 mois", ["E314"]),
        ("2020-01-31 + 2 mois", []),
        ("2020-01-28 + duree", []),
        ("2020-01-29 + duree", ["E313"]),
        ("installation + 1 mois", ["E313"]),
        ("installation + 30 jours", []),
        ("date(2020 ; 2 ; 30)", ["E314"]),
        ("date(anciennete ; 2 ; 30)", []),
        ("9999-12-31 + 1 jour", ["E323"]),
    ],
)
def test_days_that_may_not_exist_are_told(written: str, found: list[str]) -> None:
    """S7: months on a date that is not constant say their rule; on a constant a missing day is an error at once."""
    assert found == fault("date", written, more="paramètre duree : durée en mois = 1 mois depuis 0001-01-01")


def test_faulty_names_do_not_cascade() -> None:
    """What a faulty name is used in stays silent: one typing error, one diagnostic."""
    assert ["E201"] == fault("montant", "somme(faute.depassements pour e dans exercices) * (faute + 3) plafonné à faute")
    assert ["E204"] == codes("règle a : montnat vaut 3 * inconnu_ici.x\nrègle b : entier vaut a + 1 %")[:1]
    assert ["E205"] == fault("entier", "groupe.inexistant + 1 %")


def test_variable_may_not_hide_a_name() -> None:
    """A variable that is also a datum, another variable or a value that it may take is refused."""
    assert ["E217"] == fault("booléen", "existe(anciennete.actif pour anciennete dans exercices)")
    assert ["E217"] == fault("booléen", "existe(praticien = praticien pour praticien dans titres)")


def test_literal_without_unit_gets_a_hint() -> None:
    """`0` where an amount is wanted proposes `0 €`, whichever the place."""
    for text in ("honoraires > 0", "honoraires = 0", "0 <= honoraires"):
        assert ["E303"] == fault("booléen", text)
    assert ["E302"] == fault("montant", "honoraires + 1")


@pytest.mark.parametrize(
    ("type_", "written", "found"),
    [
        ("booléen", "teinte = aucun", ["E206"]),  # a value of two other enumerations
        ("entier", "perdu au 2020-01-01", ["E201"]),
        ("entier", "anciennete au anciennete", ["E301"]),
        ("booléen", "anciennete parmi { titres ; titres }", ["E301", "E301"]),
        ("entier", "nombre({ titres ; titres })", ["E317"]),
        ("entier", "nombre({ perdu ; 1 })", ["E201"]),
        ("entier", "perdu à défaut 1", ["E201"]),
        ("entier", "-perdu", ["E201"]),
        ("booléen", "titres contient anciennete", ["E303"]),
        ("booléen", "perdus contient aucun", ["E201"]),
        ("booléen", "{ 1 ; 2 } contient perdu", ["E201"]),
        ("booléen", "perdu parmi { aucun }", ["E201"]),
        ("booléen", "{ aucun } contient secteur", []),
        ("booléen", "secteur est sans objet et perdu est sans objet", ["E201"]),
        ("entier", "année civile de installation", []),
        ("entier", "année civile de anciennete", ["E301"]),
        ("date", "date(anciennete ; 1 ; volontaire)", ["E301"]),
        ("taux", "inconnu à défaut 3 %", []),
        ("taux", "3 % à défaut inconnu", []),
        ("taux", "inconnu à défaut inconnu", []),
        ("entier", "maximum(liste_perdue)", ["E201"]),
        ("entier", "somme(perdu pour e dans exercices) si vide perdu", ["E201"]),
        ("entier", "somme(e.annee pour e dans exercices tel que e.annee) si vide 1 €", ["E301", "E301"]),
        ("entier", "anciennete * volontaire", ["E302"]),
    ],
)
def test_each_fault_is_told_once(type_: str, written: str, found: list[str]) -> None:
    """The faults of an expression, one for each thing that is wrong."""
    more = "énumération couleur { rouge ; vert }\nrègle teinte : couleur vaut rouge"
    assert found == fault(type_, written, more=more)


def test_constants_read_nothing() -> None:
    """A parameter's value is written out: no reference table, no aggregate, no definition."""
    more = "référentiel moyennes (secteur) : taux\n"
    assert ["E319"] == codes(f"{more}paramètre p : taux = moyennes[aucun] depuis 2020-01-01")
    assert ["E319"] == codes("paramètre p : liste de entier = { 1 ; somme({ 1 ; 2 }) } depuis 2020-01-01")
    assert [] == codes("paramètre p : liste de taux = { 1 % ; 1 / 3 } depuis 2020-01-01")
