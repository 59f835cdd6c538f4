"""What declarations become: provenance, bodies, tables, completeness."""

from __future__ import annotations

from fractions import Fraction

import pytest

from optam_rules.base.numbers import Rounding
from optam_rules.core.ir import Any_, Apply, Conditional, NotApplicable, OneOf, Range, Round, Table
from optam_rules.core.operators import Operator
from optam_rules.core.standing import Standing
from tests.unit.elaborate.texts import codes, definition, fault, program

ARTICLE = """article 41.1 "Engagements" en vigueur du 2020-01-01 réf LEGIARTI000037439171 {clauses}
texte « Le taux est plafonné
  à cent pour cent. »
"""


def test_provenance_comes_from_the_article() -> None:
    """Number, reference and standing are the article's; a fragment is cited whatever its line breaks."""
    text = ARTICLE.format(clauses='selon caisse "une lettre"') + 'règle r : taux cite "plafonné à cent" vaut 1 %'
    origin = definition(text, "r").versions[0].provenance
    assert ("41.1", "LEGIARTI000037439171", ("plafonné à cent",)) == (origin.article, origin.reference, origin.cites)
    assert (Standing.CAISSE, "une lettre", None) == (origin.standing, origin.source, origin.hypothesis)


@pytest.mark.parametrize(
    ("own", "expected"),
    [
        ("", (Standing.CAISSE, "une lettre", None)),
        ('selon doctrine "une revue"', (Standing.DOCTRINE, "une revue", None)),
        ('hypothèse "notre lecture"', (Standing.HYPOTHESIS, None, "notre lecture")),
    ],
)
def test_own_standing_stands_before_the_article_s(own: str, expected: tuple[Standing, str | None, str | None]) -> None:
    """A clause of the declaration replaces that of its heading."""
    text = ARTICLE.format(clauses='selon caisse "une lettre"') + f"règle r : taux {own} vaut 1 %"
    origin = definition(text, "r").versions[0].provenance
    assert expected == (origin.standing, origin.source, origin.hypothesis)


def test_items_before_any_heading_belong_to_none() -> None:
    """Without heading there is no article, and the standing is the text's."""
    origin = definition("règle r : taux vaut 1 %", "r").versions[0].provenance
    assert (None, Standing.TEXT) == (origin.article, origin.standing)


def test_articles_are_kept_as_written() -> None:
    """Each heading is a unit of law with its title, words and days."""
    found = program(ARTICLE.format(clauses="") + 'annexe 2 "Calcul" en vigueur du 2021-01-01').articles
    assert [("41.1", "article", "Engagements"), ("annexe 2", "annexe", "Calcul")] == [(a.number, a.kind, a.title) for a in found]
    assert found[0].text is not None
    assert "Le taux est plafonné" in found[0].text
    assert found[1].text is None


def test_adjustments_apply_from_left_to_right() -> None:
    """`plafonné à 2 € au moins 1 € arrondi à 0.01 €` wraps the body in that order."""
    body = definition("règle r : montant vaut honoraires plafonné à 2 € au moins 1 € arrondi à 0.01 € (demi pair)", "r").versions[0].body
    assert isinstance(body, Round)
    assert (1, Rounding.HALF_EVEN) == (body.quantum, body.mode)
    floor = body.operand
    assert isinstance(floor, Apply)
    assert floor.operator is Operator.FLOOR
    cap = floor.operands[0]
    assert isinstance(cap, Apply)
    assert cap.operator is Operator.CAP


@pytest.mark.parametrize(
    ("expr", "branches", "otherwise"),
    [
        ("1 si volontaire sinon 2", 1, "Literal"),
        ("1 si volontaire sinon si non volontaire vaut 2", 1, "Literal"),
        ("1 si secteur = aucun sinon si secteur = secteur_1 vaut 2 sinon si secteur = secteur_2 vaut 3", 3, "NotApplicable"),
    ],
)
def test_last_branch_of_a_total_rule_is_its_otherwise(expr: str, branches: int, otherwise: str) -> None:
    """Without `sinon`, a rule shown total keeps its last value for what remains; `secteur`, facultative, may have no object at all."""
    body = definition(f"règle r : entier vaut {expr}", "r").versions[0].body
    assert isinstance(body, Conditional)
    assert (branches, otherwise) == (len(body.branches), type(body.otherwise).__name__)


def test_partial_rule_does_not_apply_otherwise() -> None:
    """`partielle` answers sans objet where no condition holds."""
    body = definition("règle r : entier partielle vaut 1 si volontaire", "r").versions[0].body
    assert isinstance(body, Conditional)
    assert isinstance(body.otherwise, NotApplicable)
    assert ["E406"] == fault("entier", "1 si volontaire")


def test_table_becomes_rows_with_cells_of_their_columns() -> None:
    """Cells are any value, values or ranges; a row may have its own standing; enumerations bring their values."""
    text = """hypothèse h = a | b "?"
table t : taux selon ecart ; h ; volontaire
| <= 1 point       | *  | *    -> 100 %
| ]1 point ; 2 points] | a | { vrai ; faux } -> 50 % selon doctrine "revue"
| sinon -> inconnu hypothèse "personne ne le dit" """
    found = definition(text, "t")
    table = found.versions[0].body
    assert found.is_table
    assert isinstance(table, Table)
    assert ((), ("a", "b"), ()) == table.domains
    assert (Range(None, False, Fraction(1, 100), True), Any_(), Any_()) == table.rows[0].cells
    both = OneOf(frozenset({True, False}))
    assert (Range(Fraction(1, 100), False, Fraction(1, 50), True), OneOf(frozenset({"a"})), both) == table.rows[1].cells
    assert (None, Standing.DOCTRINE, "revue") == (table.rows[0].standing, table.rows[1].standing, table.rows[1].source)
    assert table.otherwise is not None
    assert (Standing.HYPOTHESIS, "personne ne le dit") == (table.otherwise.standing, table.otherwise.source)


@pytest.mark.parametrize(
    ("rows", "found"),
    [
        ("| <= 1 € -> 1 | > 1 € -> 2", []),
        ("| < 1 € -> 1 | > 1 € -> 2", ["E407"]),
        ("| <= 1 € -> 1 | >= 1 € -> 2", ["E408"]),
        ("| < 1 € -> 1 | > 1 € -> 2 | > 2 € -> 3", ["E407", "E408"]),
        ("| < 1 -> 1 | sinon -> 2", ["E301"]),
        ("| secteur_1 -> 1 | sinon -> 2", ["E301"]),
        ("| ]2 € ; 1 €] -> 1 | sinon -> 2", ["E410"]),
        ("| * | * -> 1", ["E420"]),
        ("| sinon -> 2 | * -> 1", ["E421"]),
        ("| < 1 € -> 1 % | sinon -> 2", ["E301"]),
    ],
)
def test_tables_are_checked(rows: str, found: list[str]) -> None:
    """Types, cells, gaps and overlaps of a table."""
    assert found == codes(f"table t : entier selon honoraires\n{rows}")


def test_fold_breaks_no_wholeness_of_exceptions() -> None:
    """An exception is checked against the type of its rule, and its unknown names it."""
    clause = definition("règle r : taux vaut 1 %\nexception x de r si volontaire vaut inconnu", "r").exceptions[0]
    assert ("x", "UnknownLaw") == (getattr(clause.body, "label", ""), type(clause.body).__name__)


def test_property_is_about_its_entity() -> None:
    """A property reads the data of the entity it names."""
    found = program('propriété "p" de groupe ouvert implique ouvert').properties[0]
    assert ("groupe", "p") == (found.entity, found.title)


def test_cumulative_is_of_the_definition() -> None:
    """`cumulable` is kept for the whole definition."""
    assert definition("règle r : taux cumulable vaut 1 %", "r").cumulative
    assert not definition("règle r : taux vaut 1 %", "r").cumulative
