"""The abstract syntax of each construct, node by node; the goldens in both lexicons hold the same forms together."""

from __future__ import annotations

import datetime as dt
from fractions import Fraction
from typing import cast

import pytest

from optam_rules.base.calendar import Duration, Interval, MonthEnd
from optam_rules.base.numbers import Rounding
from optam_rules.syntax import abstract as tree
from optam_rules.syntax.abstract import BinaryOperator as Op
from optam_rules.syntax.abstract import FoldName, LiteralKind, UnaryOperator
from optam_rules.syntax.source import source_of
from tests.unit.syntax.texts import HEADER, items, read

AT = cast("tree.Position", None)  # places are no part of the comparison


def name(spelled: str) -> tree.NameExpr:
    """Build a bare name."""
    return tree.NameExpr(spelled, position=AT)


def literal(kind: LiteralKind, value: object) -> tree.LiteralExpr:
    """Build a literal."""
    return tree.LiteralExpr(kind, value, position=AT)  # type: ignore[arg-type]


def integer(value: int) -> tree.LiteralExpr:
    """Build an integer."""
    return literal(LiteralKind.INTEGER, value)


def binary(left: tree.Expression, operator: Op, right: tree.Expression, end: MonthEnd | None = None) -> tree.BinaryExpr:
    """Build an operation."""
    return tree.BinaryExpr(operator, left, right, end, position=AT)


def unary(operator: UnaryOperator, operand: tree.Expression) -> tree.UnaryExpr:
    """Build an operation on one operand."""
    return tree.UnaryExpr(operator, operand, position=AT)


def dot(target: tree.Expression, member: str) -> tree.DotExpr:
    """Build an access."""
    return tree.DotExpr(target, member, position=AT)


A, B, C, D, E, X = (name(letter) for letter in "abcdex")
ONE_PERCENT = literal(LiteralKind.RATE, Fraction(1, 100))
NOT, NEGATE = UnaryOperator.NOT, UnaryOperator.NEGATE


def fold(
    which: FoldName,
    source: tree.Expression,
    *,
    body: tree.Expression | None = None,
    condition: tree.Expression | None = None,
    if_empty: tree.Expression | None = None,
    variable: str | None = "x",
) -> tree.FoldExpr:
    """Build an aggregate."""
    return tree.FoldExpr(which, body, variable, source, condition, if_empty, position=AT)


def collection(*values: tree.Expression) -> tree.CollectionExpr:
    """Build a list or set."""
    return tree.CollectionExpr(values, position=AT)


EXPRESSIONS: list[tuple[str, tree.Expression]] = [
    # literals, in the units of the core: cents, ratios, months
    ("2013", integer(2013)),
    ("1_000_000", integer(1_000_000)),
    ("25 %", literal(LiteralKind.RATE, Fraction(1, 4))),
    ("100%", literal(LiteralKind.RATE, 1)),
    ("5 points", literal(LiteralKind.POINTS, Fraction(1, 20))),
    ("1 point", literal(LiteralKind.POINTS, Fraction(1, 100))),
    ("12.5 €", literal(LiteralKind.MONEY, 1250)),
    ("1_234.56 €", literal(LiteralKind.MONEY, 123456)),
    ("3 ans", literal(LiteralKind.MONTHS, Duration(36, "mois"))),
    ("1 mois", literal(LiteralKind.MONTHS, Duration(1, "mois"))),
    ("15 jours", literal(LiteralKind.DAYS, Duration(15, "jours"))),
    ("2016-10-24", literal(LiteralKind.DATE, dt.date(2016, 10, 24))),
    ('"dit \\"a\\" et \\\\"', literal(LiteralKind.TEXT, 'dit "a" et \\')),
    ('"# ni commentaire, ni « citation"', literal(LiteralKind.TEXT, "# ni commentaire, ni « citation")),
    ("vrai", literal(LiteralKind.BOOLEAN, True)),
    ("faux", literal(LiteralKind.BOOLEAN, False)),
    ("inconnu", tree.UnknownExpr(position=AT)),
    ("sans objet", tree.NotApplicableExpr(position=AT)),
    ("date d'évaluation", tree.EvaluationDateExpr(position=AT)),
    ("date d’évaluation", tree.EvaluationDateExpr(position=AT)),
    # names
    ("a", A),
    ("`si`", name("si")),
    ("a.b.c", dot(dot(A, "b"), "c")),
    ("a[b ; c]", tree.LookupExpr("a", (B, C), position=AT)),
    ("a[b].c", dot(tree.LookupExpr("a", (B,), position=AT), "c")),
    ("a au 2016-10-24", tree.AtExpr(A, literal(LiteralKind.DATE, dt.date(2016, 10, 24)), position=AT)),
    ("a.b au d + 1", binary(tree.AtExpr(dot(A, "b"), D, position=AT), Op.ADD, integer(1))),
    ("a au (d + 1)", tree.AtExpr(A, binary(D, Op.ADD, integer(1)), position=AT)),
    # precedence, loosest first
    ("a implique b implique c", binary(A, Op.IMPLIES, binary(B, Op.IMPLIES, C))),
    ("a ou b implique c ou d", binary(binary(A, Op.OR, B), Op.IMPLIES, binary(C, Op.OR, D))),
    ("a ou b et c", binary(A, Op.OR, binary(B, Op.AND, C))),
    ("a ou b ou c", binary(binary(A, Op.OR, B), Op.OR, C)),
    ("a et b et c", binary(binary(A, Op.AND, B), Op.AND, C)),
    ("non a et b", binary(unary(NOT, A), Op.AND, B)),
    ("non a = b", unary(NOT, binary(A, Op.EQUAL, B))),
    ("non non a", unary(NOT, unary(NOT, A))),
    ("a = b à défaut c", binary(A, Op.EQUAL, binary(B, Op.DEFAULT, C))),
    ("a à défaut b à défaut c", binary(binary(A, Op.DEFAULT, B), Op.DEFAULT, C)),
    ("a à défaut b + c", binary(A, Op.DEFAULT, binary(B, Op.ADD, C))),
    ("a - b - c", binary(binary(A, Op.SUBTRACT, B), Op.SUBTRACT, C)),
    ("a - b * c", binary(A, Op.SUBTRACT, binary(B, Op.MULTIPLY, C))),
    ("a / b × c", binary(binary(A, Op.DIVIDE, B), Op.MULTIPLY, C)),
    ("-a * b", binary(unary(NEGATE, A), Op.MULTIPLY, B)),
    ("a - -1", binary(A, Op.SUBTRACT, unary(NEGATE, integer(1)))),
    ("-a.b", unary(NEGATE, dot(A, "b"))),
    ("(a + b) * c", binary(binary(A, Op.ADD, B), Op.MULTIPLY, C)),
    # comparisons
    *((f"a {sign} b", binary(A, operator, B)) for sign, operator in (
        ("=", Op.EQUAL), ("≠", Op.NOT_EQUAL), ("!=", Op.NOT_EQUAL), ("<", Op.LESS), ("<=", Op.AT_MOST), ("≤", Op.AT_MOST),
        (">", Op.GREATER), (">=", Op.AT_LEAST), ("≥", Op.AT_LEAST), ("parmi", Op.AMONG), ("contient", Op.CONTAINS),
    )),
    ("a + 1 est connu", unary(UnaryOperator.IS_KNOWN, binary(A, Op.ADD, integer(1)))),
    ("a est sans objet et b", binary(unary(UnaryOperator.DOES_NOT_APPLY, A), Op.AND, B)),
    ("a = sans objet", binary(A, Op.EQUAL, tree.NotApplicableExpr(position=AT))),
    # dates
    ("a + 1 mois (fin de mois inférieur) - b (fin de mois supérieur)",
     binary(binary(A, Op.ADD, literal(LiteralKind.MONTHS, Duration(1, "mois")), MonthEnd.LOWER), Op.SUBTRACT, B, MonthEnd.UPPER)),
    ("date(a ; 3 ; 31) - b", binary(tree.DateExpr(A, integer(3), integer(31), position=AT), Op.SUBTRACT, B)),
    ("date ( année civile de a + 1 ; 1 ; 1 )", tree.DateExpr(
        binary(unary(UnaryOperator.CALENDAR_YEAR, A), Op.ADD, integer(1)), integer(1), integer(1), position=AT)),
    # conditions and lists
    ("toutes les conditions { a ; b ou c }", tree.AllOf((A, binary(B, Op.OR, C)), position=AT)),
    ("l'une des conditions { a }", tree.AnyOf((A,), position=AT)),
    ("{}", collection()),
    ("{ a ; { b } }", collection(A, collection(B))),
    ("a parmi { b ; c }", binary(A, Op.AMONG, collection(B, C))),
    # aggregates
    ("moyenne(x pour x dans a)", fold(FoldName.MEAN, A, body=X)),
    ("somme(x.b / c pour x dans a tel que x parmi b)",
     fold(FoldName.SUM, A, body=binary(dot(X, "b"), Op.DIVIDE, C), condition=binary(X, Op.AMONG, B))),
    ("nombre(pour x dans a)", fold(FoldName.COUNT, A)),
    ("nombre(a)", fold(FoldName.COUNT, A, variable=None)),
    ("maximum({ a ; b })", fold(FoldName.MAXIMUM, collection(A, B), variable=None)),
    ("minimum(a) si vide 0", fold(FoldName.MINIMUM, A, variable=None, if_empty=integer(0))),
    ("minimum(a) si vide b.c + d", binary(fold(FoldName.MINIMUM, A, variable=None, if_empty=dot(B, "c")), Op.ADD, D)),
    ("tous(x pour x dans a) et existe(x pour x dans b)",
     binary(fold(FoldName.ALL, A, body=X), Op.AND, fold(FoldName.EXISTS, B, body=X))),
]  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), EXPRESSIONS, ids=[text for text, _ in EXPRESSIONS])
def test_expression(text: str, expected: tree.Expression) -> None:
    """An expression reads as its tree, and its place is its own stretch of text."""
    (rule,) = items(f"règle r : entier vaut {text}")
    assert isinstance(rule, tree.RuleDecl)
    assert expected == rule.body.otherwise


def test_places_are_exact() -> None:
    """Each node knows its own stretch, parentheses apart, and the article it stands in."""
    text = HEADER + 'article 41.1 "Objet"\nrègle r : taux vaut (a + b) * c.d plafonné à 100 %'
    syntax, _ = read(text)
    rule = syntax.items[1]
    assert isinstance(rule, tree.RuleDecl)
    product = rule.body.otherwise
    assert isinstance(product, tree.BinaryExpr)
    nodes = (product, product.left, product.right, rule.body.adjustments[0], rule.body, rule.type, rule)
    texts = [syntax.source.text[node.position.start : node.position.end] for node in nodes]
    expected = ["(a + b) * c.d", "a + b", "c.d", "plafonné à 100 %", "vaut (a + b) * c.d plafonné à 100 %", "taux"]
    assert [*expected, "règle r : taux vaut (a + b) * c.d plafonné à 100 %"] == texts
    assert {"41.1"} == {node.position.article for node in nodes}


def test_places_in_a_decomposed_text() -> None:
    """Columns count the characters as written: `réglé` decomposed has two characters more."""
    written = HEADER + "re\u0301gle\u0301 "
    source = source_of("a.conv", written + "x")
    assert (2, 9) == source.line_column(source.text.index("x"))


def test_articles_of_places() -> None:
    """Every place tells the number of the heading above it, as citations print it."""
    text = (
        HEADER + "règle a : entier vaut 1\n"
        'article  R. 871-2 "x"\nrègle b : entier vaut 1\nannexe 21 "x"\nrègle c : entier vaut 1\nclause `table` "x"\n'
        'règle d : entier vaut 1\narticle 4 bis "x" en vigueur le 2016\nrègle e : entier vaut 1'
    )
    syntax, (fault,) = read(text)
    rules = {item.name: item.position.article for item in syntax.items if isinstance(item, tree.RuleDecl)}
    assert {"a": None, "b": "R. 871-2", "c": "annexe 21", "d": "table", "e": "4"} == rules
    assert fault.position is not None
    assert "4" == fault.position.article


NO_CLAUSES = tree.Clauses()
RATE = tree.TypeName("taux", position=AT)


def body(value: tree.Expression) -> tree.Body:
    """Build an unconditional body."""
    return tree.Body((), value, (), position=AT)


def test_headers() -> None:
    """The two headers, with what is optional in them."""
    convention, amendment = (
        read('convention "C" version "2016-10-20" source "JO" langage 1')[0].header,
        read('avenant "A" modifie "C" version "1" source "JO"')[0].header,
    )
    assert tree.ConventionHeader("C", "2016-10-20", "JO", 1, position=AT) == convention
    assert tree.AmendmentHeader("A", "C", "1", "JO", position=AT) == amendment
    assert tree.ConventionHeader("C", "1", None, 1, position=AT) == read('convention "C" version "1"')[0].header
    assert tree.AmendmentHeader("A", "C", None, None, position=AT) == read('avenant "A" modifie "C"')[0].header


def test_headings() -> None:
    """Units of law, with dates, reference and standing in any order."""
    found = items(
        'article 41.1 "A" en vigueur du 2016-10-24 au 2020-01-01 réf LEGIARTI000037439171 selon caisse "m"\n'
        'annexe 21 "B" hypothèse "h" réf "https://x"\nclause part_versee "C"'
    )
    dates = Interval(dt.date(2016, 10, 24), dt.date(2020, 1, 1))
    fund = tree.StandingClause(tree.StandingWord.CAISSE, "m", position=AT)
    ours = tree.StandingClause(tree.StandingWord.HYPOTHESIS, "h", position=AT)
    clauses = tree.Clauses(interval=dates, standing=fund)
    assert tree.Heading(tree.HeadingKind.ARTICLE, "41.1", "A", clauses, "LEGIARTI000037439171", position=AT) == found[0]
    assert tree.Heading(tree.HeadingKind.ANNEX, "annexe 21", "B", tree.Clauses(standing=ours), "https://x", position=AT) == found[1]
    assert tree.Heading(tree.HeadingKind.CLAUSE, "part_versee", "C", NO_CLAUSES, None, position=AT) == found[2]


def test_words_of_the_law() -> None:
    """White space inside the words is not kept, paragraphs are; a quotation may quote."""
    (found,) = items("texte «\n  Le « médecin »\n  signe.\n\n  Il   adhère. # mot »")
    assert tree.LawText("Le « médecin » signe.\n\nIl adhère. # mot", position=AT) == found


def test_vocabulary() -> None:
    """Entities, data with bounds in their own unit, enumerations."""
    found = items(
        'entité principale m "M"\nentité e\ndonnée d : montant entre -1 € et 2.5 € facultative "D"\n'
        'donnée t : ensemble de titre\ndonnée l : liste de e\nénumération s { a "A" ; b }'
    )
    assert tree.EntityDecl("m", True, "M", position=AT) == found[0]
    assert tree.EntityDecl("e", False, None, position=AT) == found[1]
    money = tree.TypeName("montant", position=AT)
    low, high = literal(LiteralKind.MONEY, -100), literal(LiteralKind.MONEY, 250)
    assert tree.FieldDecl("d", money, low, high, True, "D", position=AT) == found[2]
    titles = tree.SetOf(tree.TypeName("titre", position=AT), position=AT)
    assert tree.FieldDecl("t", titles, None, None, False, None, position=AT) == found[3]
    years = tree.ListOf(tree.TypeName("e", position=AT), position=AT)
    assert tree.FieldDecl("l", years, None, None, False, None, position=AT) == found[4]
    values = (tree.EnumValue("a", "A", position=AT), tree.EnumValue("b", None, position=AT))
    assert tree.EnumDecl("s", values, position=AT) == found[5]


def test_signed_bounds() -> None:
    """A sign before a bound belongs to the literal, durations included."""
    (found,) = items("donnée d : durée en mois entre -1 an et 3 mois")
    assert isinstance(found, tree.FieldDecl)
    assert literal(LiteralKind.MONTHS, Duration(-12, "mois")) == found.low
    assert literal(LiteralKind.MONTHS, Duration(3, "mois")) == found.high


def test_parameters_references_hypotheses() -> None:
    """Dated values, keys of a reference table, readings of an open question."""
    found = items(
        "paramètre p : taux = 1 % depuis 2016-10-24 ; a depuis 2020-01-01\n"
        'référentiel m (specialite ; r : region) : taux\nhypothèse h = x | y "?"'
    )
    values = (tree.DatedExpr(ONE_PERCENT, dt.date(2016, 10, 24), position=AT), tree.DatedExpr(A, dt.date(2020, 1, 1), position=AT))
    assert tree.ParameterDecl("p", RATE, values, NO_CLAUSES, position=AT) == found[0]
    keys = (("specialite", tree.TypeName("specialite", position=AT)), ("r", tree.TypeName("region", position=AT)))
    assert tree.ReferenceDecl("m", keys, RATE, None, None, NO_CLAUSES, position=AT) == found[1]
    assert tree.HypothesisDecl("h", ("x", "y"), "?", position=AT) == found[2]


def test_rule() -> None:
    """A rule with every clause, its branches and its adjustments in order."""
    (found,) = items(
        'règle r de groupe : taux cite "f" cumulable en vigueur du 2017-07-01 "L" selon doctrine "d" partielle cite "g"\n'
        "vaut a si b sinon si c vaut d sinon e plafonné à x arrondi à 0.01 € (demi supérieur) au moins 1 %"
    )
    clauses = tree.Clauses(
        interval=Interval(dt.date(2017, 7, 1), None),
        standing=tree.StandingClause(tree.StandingWord.DOCTRINE, "d", position=AT),
        citations=(tree.Citation("f", position=AT), tree.Citation("g", position=AT)),
        partial=True,
        cumulative=True,
        label="L",
    )
    adjustments = (
        tree.Adjustment(tree.AdjustmentKind.CAP, X, None, position=AT),
        tree.Adjustment(tree.AdjustmentKind.ROUND, literal(LiteralKind.MONEY, 1), Rounding.HALF_UP, position=AT),
        tree.Adjustment(tree.AdjustmentKind.FLOOR, ONE_PERCENT, None, position=AT),
    )
    branches = (tree.ConditionalValue(A, B), tree.ConditionalValue(D, C))
    assert tree.RuleDecl("r", "groupe", RATE, clauses, tree.Body(branches, E, adjustments, position=AT), position=AT) == found


def test_rule_without_otherwise() -> None:
    """Branches without `sinon` leave none in the tree."""
    (found,) = items("règle r : taux vaut a si b")
    expected = tree.Body((tree.ConditionalValue(A, B),), None, (), position=AT)
    assert tree.RuleDecl("r", None, RATE, NO_CLAUSES, expected, position=AT) == found


def test_exceptions() -> None:
    """Rebutting and undercutting exceptions."""
    rebutting, undercutting = items("exception x de r si a l'emporte sur y ; z vaut b\nneutralise x si c")
    assert tree.ExceptionDecl("x", "r", NO_CLAUSES, A, ("y", "z"), body(B), position=AT) == rebutting
    assert tree.UndercutDecl("x", NO_CLAUSES, C, position=AT) == undercutting


def test_table() -> None:
    """Every form of cell, a row's own standing, the last row."""
    (found,) = items(
        'table t : taux selon a ; b.c\n| ]1 ; 2] | * -> a selon caisse "m"\n| [1 ; 2[ | <= -1 -> a\n| < 1 | > 1 -> a\n| >= 1 | = 1 -> a\n'
        "| a | { a ; b.c ; 1 } -> a\n| sinon -> inconnu"
    )
    fund = tree.StandingClause(tree.StandingWord.CAISSE, "m", position=AT)
    one, two = integer(1), integer(2)

    def between(low: tree.LiteralExpr | None, low_closed: bool, high: tree.LiteralExpr | None, high_closed: bool) -> tree.RangeCell:
        return tree.RangeCell(low, low_closed, high, high_closed, position=AT)

    def row(left: tree.CellExpr, right: tree.CellExpr, standing: tree.StandingClause | None = None) -> tree.RowDecl:
        return tree.RowDecl((left, right), A, standing, position=AT)

    rows = (
        row(between(one, False, two, True), tree.AnyCell(position=AT), fund),
        row(between(one, True, two, False), between(None, False, integer(-1), True)),
        row(between(None, False, one, False), between(one, False, None, False)),
        row(between(one, True, None, False), tree.ValueCell((one,), position=AT)),
        row(tree.ValueCell((A,), position=AT), tree.ValueCell((A, dot(B, "c"), one), position=AT)),
        tree.RowDecl(None, tree.UnknownExpr(position=AT), None, position=AT),
    )
    assert tree.TableDecl("t", None, RATE, NO_CLAUSES, (A, dot(B, "c")), rows, position=AT) == found


def test_test() -> None:
    """Choices, data with records, rows of references, and each kind of expected answer."""
    (found,) = items(
        'test "T" au 2017-06-08 en supposant h = x ; k = y sachant a.b = 1 ; m[c ; d] = 1 % ; l = { e(f = 1) ; e() }\n'
        "attendu r = 1 ; g.r = inconnu ; s = sans objet ; u = conflit ; v = erreur"
    )
    assert isinstance(found, tree.TestDecl)
    assert (("h", "x"), ("k", "y")) == tuple((question, reading) for question, reading, _ in found.assume)
    one = integer(1)
    records = collection(
        tree.RecordExpr("e", (tree.Assignment("f", one, position=AT),), position=AT), tree.RecordExpr("e", (), position=AT)
    )
    assert (tree.Assignment("a.b", one, position=AT), tree.Assignment("l", records, position=AT)) == found.given
    assert ((tree.LookupExpr("m", (C, D), position=AT), ONE_PERCENT),) == found.lookups
    kinds = tree.ExpectedKind
    expected = (
        ("r", kinds.VALUE, one),
        ("g.r", kinds.UNKNOWN, None),
        ("s", kinds.NOT_APPLICABLE, None),
        ("u", kinds.CONFLICT, None),
        ("v", kinds.ERROR, None),
    )
    assert expected == tuple((answer.path, answer.kind, answer.value) for answer in found.expected)
    assert ("T", dt.date(2017, 6, 8), NO_CLAUSES) == (found.title, found.on, found.clauses)


def test_property() -> None:
    """A property may open with a text, since its title is its label."""
    found = items('propriété "P" de groupe cite "f" "a" = b\npropriété "Q" a')
    cited = tree.Clauses(citations=(tree.Citation("f", position=AT),))
    assert tree.PropertyDecl("P", "groupe", cited, binary(literal(LiteralKind.TEXT, "a"), Op.EQUAL, B), position=AT) == found[0]
    assert tree.PropertyDecl("Q", None, NO_CLAUSES, A, position=AT) == found[1]


def test_amendment() -> None:
    """What an amendment replaces, inserts and repeals."""
    text = (
        'avenant "A" modifie "C"\nremplace règle r : taux vaut 1 %\ninsère article 12 "N"\n'
        "abroge annexe 21 à compter du 2020-01-01 abroge exception x à compter du 2020-01-01"
    )
    syntax, diagnostics = read(text)
    assert [] == diagnostics
    rule = tree.RuleDecl("r", None, RATE, NO_CLAUSES, body(ONE_PERCENT), position=AT)
    heading = tree.Heading(tree.HeadingKind.ARTICLE, "12", "N", NO_CLAUSES, None, position=AT)
    day = dt.date(2020, 1, 1)
    expected = (
        tree.Amend(tree.AmendmentVerb.REPLACE, rule, position=AT),
        tree.Amend(tree.AmendmentVerb.INSERT, heading, position=AT),
        tree.Repeal("annexe", "annexe 21", day, position=AT),
        tree.Repeal("exception", "x", day, position=AT),
    )
    assert expected == syntax.items


def test_example_of_the_reference() -> None:
    """An article, a clause and a property as the description of the language shows them."""
    found = items(
        'article 41.1 "Engagements du médecin" en vigueur du 2016-10-24 réf LEGIARTI000037439171\n'
        "  paramètre annees_reference : ensemble de entier = { 2013 ; 2014 ; 2015 } depuis 2016-10-24\n"
        "  règle taux_depassement_constate : taux\n"
        "    vaut moyenne(e.depassements / e.honoraires_remboursables pour e dans exercices tel que e.annee parmi annees_reference)\n"
        "  exception taux_de_groupe de taux_engagement en vigueur du 2017-07-01\n"
        '    selon caisse "message aux organisations représentatives, juin 2017"\n'
        "    si toutes les conditions { groupe.ouvert_au_taux_commun ; demande_taux_groupe }\n"
        "    vaut groupe.taux_commun plafonné à plafond\n"
        'clause part_versee "Part versée de la rémunération spécifique" en vigueur du 2017-01-01\n'
        '  table part_versee : taux selon doctrine "SYNMAD, 23 octobre 2017" selon ecart_aux_engagements ; bornes_des_paliers\n'
        "    | <= 1 point           | *               -> 100 %\n    | ]1 point ; 2 points[  | *               -> 90 %\n"
        "    | = 2 points           | hautes_incluses -> 90 %\n    | = 2 points           | basses_incluses -> 70 %\n"
        'propriété "le plafond tient toujours"\n  eligible_optam implique taux_engagement <= 100 %\n'
    )
    kinds = [type(item).__name__ for item in found]
    assert ["Heading", "ParameterDecl", "RuleDecl", "ExceptionDecl", "Heading", "TableDecl", "PropertyDecl"] == kinds
