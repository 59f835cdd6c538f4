"""What tests cover of a text, on small texts where the answer can be read by eye."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from optam_rules.analysis.coverage.conditions import Atom, Constant, Gate, Negation, Tree, deciders
from optam_rules.analysis.coverage.elements import Kind
from optam_rules.analysis.coverage.measure import PackCoverage, measure, split_sentences
from optam_rules.library.packs import lone_file
from tests.support.programs import compiled

HEADER = """convention "Essai" version "1"
article 1 "Plafond" en vigueur du 2017-01-01
"""


def _measure(text: str, *tests: str) -> PackCoverage:
    """Measure a text whose tests are `date, given, expected`."""
    written = "".join(
        f'\ntest "{place}" au {day} sachant {given} attendu {expected}'
        for place, (day, given, expected) in enumerate((test.split(" | ") for test in tests), 1)
    )
    program, faults = lone_file("essai.conv", (HEADER + text + written + "\n").encode())
    assert program is not None, faults
    report = measure(program)
    assert (report.failed, report.unread) == (0, 0)
    return report


def _seen(report: PackCoverage, kind: Kind) -> dict[str, list[str]]:
    """Return the goals reached of each element of a kind, by name."""
    return {
        str(covered.element.name): [str(goal) for goal, tests in zip(covered.element.goals, covered.tests, strict=True) if tests]
        for covered in report.of(kind)
    }


def test_tests_of_the_law_as_it_was_known_cover_no_other_text() -> None:
    """What they reach is the law as it could be read then."""
    text = "paramètre p : taux = 1 % depuis 2017-01-01 ; 2 % depuis 2018-01-01 publié le 2019-01-01\nrègle r : taux vaut p"
    known = '\ntest "connu" au 2018-06-01 connu au 2018-12-31 attendu r = 1 %'
    report = _measure(text + known, "2018-06-01 | secteur = secteur_1 | r = 2 %")
    assert ["1"] == [test.title for test in report.tests]


# --- conditions that decide alone ----------------------------------------------------------------------------------------------

A, B, C = Atom(0), Atom(1), Atom(2)


@pytest.mark.parametrize(
    ("tree", "values", "expected"),
    [
        (A, [True], [0]),
        (A, [None], []),
        (Gate(False, (A, B)), [True, True], [0, 1]),
        (Gate(False, (A, B)), [False, True], [0]),
        (Gate(False, (A, B)), [False, False], []),
        (Gate(True, (A, B)), [True, True], []),
        (Gate(True, (A, B)), [True, False], [0]),
        (Gate(True, (A, B)), [False, False], [0, 1]),
        (Gate(False, (A, Gate(True, (B, C)))), [True, True, False], [0, 1]),
        (Gate(False, (A, Gate(True, (B, C)))), [True, False, False], [1, 2]),
        (Negation(Gate(False, (A, B))), [True, False], [1]),
        (Gate(True, (A, B)), [False, None], []),  # with A true the outcome is known, with A false it is not: nothing is shown
        (Gate(False, (A, Constant(True))), [True], [0]),
        (Gate(False, (A, Constant(False))), [True], []),
    ],
)
def test_a_condition_decides_alone_where_its_change_changes_the_outcome(
    tree: Tree, values: Sequence[bool | None], expected: list[int]
) -> None:
    """Masking MC/DC, on the truth tables of `et`, `ou` and `non`."""
    assert list(deciders(tree, values)) == expected


def test_outcomes_of_conditions_come_from_the_tests() -> None:
    """(vrai, vrai) shows both true; (faux, vrai) shows the first false: the second is never seen false while it decides."""
    report = _measure(
        "règle r : booléen vaut adherent_cas et demande_taux_groupe",
        "2017-06-08 | adherent_cas = vrai ; demande_taux_groupe = vrai | r = vrai",
        "2017-06-08 | adherent_cas = faux ; demande_taux_groupe = vrai | r = faux",
        "2017-06-08 | adherent_cas = faux ; demande_taux_groupe = faux | r = faux",
    )
    true, false = "vraie et seule à décider", "fausse et seule à décider"
    assert _seen(report, Kind.CONDITION) == {"adherent_cas": [true, false], "demande_taux_groupe": [true]}
    (left,) = [covered for covered in report.of(Kind.CONDITION) if not covered.covered]
    assert [str(goal) for goal in left.missing] == [false]
    assert [covered.tests for covered in report.of(Kind.CONDITION)] == [((0,), (1,)), ((0,), ())]


def test_a_guard_without_object_counts_as_false() -> None:
    """`p` answers `sans objet` to who is not of sector 2: as the whole condition of a branch, that is false."""
    report = _measure(
        "règle p : booléen partielle vaut vrai si secteur = secteur_2\nrègle r : taux vaut 10 % si p sinon 20 %",
        "2017-06-08 | secteur = secteur_1 | r = 20 %",
    )
    assert _seen(report, Kind.CONDITION)["p"] == ["fausse et seule à décider"]


# --- clauses -------------------------------------------------------------------------------------------------------------------

EXCEPTIONS = """règle r : taux vaut 10 %
exception x de r si adherent_cas vaut 20 %
exception y de x si demande_taux_groupe vaut 30 %
neutralise x si secteur = secteur_1
"""


def test_exceptions_are_taken_left_aside_or_neutralised() -> None:
    """X gives 20 %, then does not hold, then is neutralised; y is never taken; nothing neutralises y, so that is not asked of it."""
    report = _measure(
        EXCEPTIONS,
        "2017-06-08 | adherent_cas = vrai ; demande_taux_groupe = faux ; secteur = secteur_2 | r = 20 %",
        "2017-06-08 | adherent_cas = faux ; demande_taux_groupe = faux ; secteur = secteur_2 | r = 10 %",
        "2017-06-08 | adherent_cas = vrai ; demande_taux_groupe = faux ; secteur = secteur_1 | r = 10 %",
    )
    assert _seen(report, Kind.EXCEPTION) == {"x": ["prise", "écartée", "neutralisée"], "y": ["écartée"]}
    assert [[str(goal) for goal in covered.element.goals] for covered in report.of(Kind.EXCEPTION)][1] == ["prise", "écartée"]
    (article,) = report.articles
    assert not article.covered


def test_an_exception_that_another_overrides_is_not_taken() -> None:
    """Both hold: y, the exception of x, gives its value; x was looked at and is neither taken nor left aside."""
    report = _measure(EXCEPTIONS, "2017-06-08 | adherent_cas = vrai ; demande_taux_groupe = vrai ; secteur = secteur_2 | r = 30 %")
    assert _seen(report, Kind.EXCEPTION) == {"x": [], "y": ["prise"]}


def test_an_unknown_condition_covers_neither_branch() -> None:
    """Both values are evaluated to answer `inconnu`; neither is taken."""
    report = _measure("règle r : taux vaut 10 % si adherent_cas sinon 20 %", "2017-06-08 | secteur = secteur_1 | r = inconnu")
    assert _seen(report, Kind.BRANCH) == {"10 %": [], "20 %": []}


def test_versions_parameters_and_definitions_are_read() -> None:
    """The rule's first version and the parameter's second value are read; `s` is never asked."""
    report = _measure(
        """paramètre p : taux = 10 % depuis 2017-01-01 ; 20 % depuis 2018-01-01
        règle r : taux en vigueur du 2017-01-01 au 2018-06-30 vaut p
        règle r : taux en vigueur du 2018-07-01 vaut p
        règle s : taux vaut p""",
        "2018-06-30 | secteur = secteur_1 | r = 20 %",
    )
    assert _seen(report, Kind.VERSION) == {"r, depuis 2017-01-01": ["lue"], "r, depuis 2018-07-01": [], "s, depuis 2017-01-01": []}
    assert _seen(report, Kind.PARAMETER) == {"p = 10 % depuis 2017-01-01": [], "p = 20 % depuis 2018-01-01": ["lue"]}
    assert _seen(report, Kind.DEFINITION) == {"r": ["évaluée"], "s": []}


def test_values_stand_where_they_are_written() -> None:
    """Each version of article 1 gives its own value; only the second cites no words of its text."""
    report = measure(
        compiled("""
entité principale dossier
  donnée identifiant : chaîne
article 1 "Avant" en vigueur du 2017-01-01 au 2017-12-31
  texte « Dix pour cent. »
  paramètre p : taux cite "Dix" = 10 % depuis 2017-01-01
article 1 "Après" en vigueur du 2018-01-01
  texte « Vingt pour cent. »
  paramètre p : taux = 20 % depuis 2018-01-01
article 2 "Lecteur" en vigueur du 2017-01-01
  règle r : taux vaut p
""")
    )
    elements = [covered.element for covered in report.of(Kind.PARAMETER)]
    written = [element.position.source.text[element.position.start : element.position.end] for element in elements]
    assert ['paramètre p : taux cite "Dix" = 10 % depuis 2017-01-01', "paramètre p : taux = 20 % depuis 2018-01-01"] == written
    assert [("p", "1")] == [(clause.name, clause.article) for clause in report.uncited]


# --- tables --------------------------------------------------------------------------------------------------------------------

TABLE = """règle depassement : montant vaut somme(e.depassements pour e dans exercices)
table t : taux selon depassement
  | <= 100 €         -> 10 %
  | ]100 € ; 200 €]  -> 20 %
  | sinon            -> 30 %
"""


def _spent(amount: str, expected: str) -> str:
    return f"2017-06-08 | exercices = {{ exercice(annee = 2015 ; depassements = {amount} €) }} | t = {expected} %"


@pytest.mark.parametrize(
    ("tests", "rows", "covered"),
    [
        ([("100.00", "10")], 1, {"100.00 €"}),
        ([("99.99", "10"), ("100.01", "20")], 2, {"100.00 €"}),
        ([("99.99", "10"), ("100.02", "20")], 2, set()),
        ([("99.99", "10"), ("200.01", "30")], 2, set()),
        ([("100.00", "10"), ("200.00", "20"), ("200.01", "30")], 3, {"100.00 €", "200.00 €"}),
    ],
)
def test_a_bound_is_tried_on_it_or_one_cent_either_side(tests: list[tuple[str, str]], rows: int, covered: set[str]) -> None:
    """100 € itself, or 99.99 € and 100.01 €; two cents above is no longer beside it."""
    report = _measure(TABLE, *(_spent(*test) for test in tests))
    assert sum(row.covered for row in report.of(Kind.ROW)) == rows
    assert {
        str(bound.element.name).partition(" (")[0].replace("\N{NO-BREAK SPACE}", " ") for bound in report.of(Kind.BOUND) if bound.covered
    } == covered


# --- the text ------------------------------------------------------------------------------------------------------------------


def test_sentences_and_clauses_are_tied_by_citations() -> None:
    """`r` cites words of the second sentence; the first is cited by nothing, and `s` cites nothing."""
    report = _measure(
        """texte « Le plafond est l'article R. 871-2 du code. Il vaut dix pour cent, sauf exception ! »
        règle r : taux cite "dix pour cent" vaut 10 %
        règle s : taux vaut 20 %"""
    )
    assert [(s.text, s.cited_by) for s in report.sentences] == [
        ("Le plafond est l'article R. 871-2 du code.", ()),
        ("Il vaut dix pour cent, sauf exception !", ("r",)),
    ]
    assert [clause.name for clause in report.uncited] == ["s"]


def test_sentences_end_where_a_reader_ends_them() -> None:
    """Neither the stop of `R.`, `art.` nor that of a decimal ends a sentence; a semicolon and a colon do."""
    text = "Selon l'art. 3, R. 12,\n le taux\nest de 4.5 %. Deux cas : l'un ; l'autre."
    assert split_sentences(text) == ["Selon l'art. 3, R. 12, le taux est de 4.5 %.", "Deux cas :", "l'un ;", "l'autre."]


def test_what_no_test_reaches_is_told_as_such() -> None:
    """Without a test nothing is covered, and nothing fails."""
    report = _measure(EXCEPTIONS)
    assert not any(covered.covered for covered in report.elements)
    assert len(report.tests) == 0


def test_what_no_answer_reads_is_left_out_and_named() -> None:
    """A rule of the quarters that no answer reads: no test can reach it, so it is neither covered nor missing."""
    report = _measure("règle r : taux vaut 10 %\nrègle t de trimestre : taux vaut 20 %")
    assert report.unreached == ("t",)
    assert list(_seen(report, Kind.DEFINITION)) == ["r"]


def test_a_test_of_the_law_as_it_read_earlier_covers_nothing_here() -> None:
    """It judges by another text, that of its day."""
    text = "règle r : taux vaut 10 % si adherent_cas sinon 20 %"
    program, faults = lone_file(
        "essai.conv", f'{HEADER}{text}\ntest "1" au 2017-06-08 connu au 2017-02-01 sachant adherent_cas = vrai attendu r = 10 %\n'.encode()
    )
    assert program is not None, faults
    assert measure(program).tests == ()
