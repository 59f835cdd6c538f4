"""Faults planted in small texts: which are planted, which tests see them, and what is said of the others."""

from __future__ import annotations

import pytest

from optam_rules.analysis.coverage.measure import measure
from optam_rules.analysis.mutation.changes import Kind
from optam_rules.analysis.mutation.mutants import mutants
from optam_rules.analysis.mutation.rewrite import with_child
from optam_rules.analysis.mutation.run import MutationReport, Settings, mutate
from optam_rules.analysis.packtests import run_test
from optam_rules.analysis.verdict import Open, Refuted
from optam_rules.core.program import Program
from optam_rules.core.walk import children, subexpressions
from optam_rules.library.packs import lone_file
from optam_rules.tools.report.mutation import witness_test

HEADER = """convention "Essai" version "1"
article 1 "Plafond" en vigueur du 2017-01-01
"""


def _program(text: str, *tests: str) -> Program:
    """Compile a text whose tests are `date | given | expected`."""
    written = "".join(
        f'\ntest "{place}" au {day} sachant {given} attendu {expected}'
        for place, (day, given, expected) in enumerate((test.split(" | ") for test in tests), 1)
    )
    program, faults = lone_file("essai.conv", (HEADER + text + written + "\n").encode())
    assert program is not None, faults
    return program


def _planted(text: str) -> set[tuple[str, str]]:
    return {(mutant.kind.name, str(mutant.words)) for mutant in mutants(_program(text)) if mutant.kind is not Kind.DATE}


# --- what is planted -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "règle r : booléen vaut adherent_cas et demande_taux_groupe",
            {
                ("CONNECTIVE", "et → ou"),
                ("DROPPED", "`adherent_cas` retiré"),
                ("DROPPED", "`demande_taux_groupe` retiré"),
                ("NEGATED", "`adherent_cas` nié"),
                ("NEGATED", "`demande_taux_groupe` nié"),
            },
        ),
        ("règle r : booléen vaut non adherent_cas", {("NEGATED", "`non` retiré")}),
        (
            "règle r (n) : taux vaut 12 % plafonné à 10 %".replace(" (n)", ""),
            {
                ("CAP", "plafonné à 10 % : retiré"),
                ("CONSTANT", "12 % → 12.1 %"),
                ("CONSTANT", "12 % → 11.9 %"),
                ("CONSTANT", "10 % → 10.1 %"),
                ("CONSTANT", "10 % → 9.9 %"),
            },
        ),
        (
            "règle r : booléen vaut secteur = secteur_2",
            {("COMPARISON", "= → ≠"), ("CONSTANT", "secteur_2 → non_conventionne")},
        ),
        (
            "règle r : taux vaut 1 % arrondi à 1 % (demi pair)",
            {
                ("ROUNDING", "arrondi retiré"),
                ("ROUNDING", "arrondi demi pair → demi supérieur"),
                ("ROUNDING", "arrondi demi pair → inférieur"),
                ("ROUNDING", "arrondi demi pair → supérieur"),
                ("CONSTANT", "1 % → 1.1 %"),
                ("CONSTANT", "1 % → 0.9 %"),
            },
        ),
        (
            "règle r : booléen vaut existe(e.annee = 2015 pour e dans exercices tel que e.actif_essai)\n"
            "règle actif_essai de exercice : booléen vaut vrai",
            {
                ("FOLD", "existe → tous"),
                ("DROPPED", "tel que `e.actif_essai` retiré"),
                ("NEGATED", "`e.actif_essai` nié"),
                ("COMPARISON", "= → ≠"),
                ("CONSTANT", "2015 → 2016"),
                ("CONSTANT", "2015 → 2014"),
                ("CONSTANT", "vrai → faux"),
            },
        ),
        (
            "règle r : date vaut date_premiere_installation + 1 mois (fin de mois inférieur)",
            {
                ("ARITHMETIC", "+ → -"),
                ("MONTH_END", "fin de mois inférieur → supérieur"),
                ("CONSTANT", "1 mois → 2 mois"),
                ("CONSTANT", "1 mois → 0 mois"),
            },
        ),
        (
            "paramètre p : ensemble de secteur = { secteur_1 ; secteur_2 } depuis 2017-01-01\nrègle r : booléen vaut secteur parmi p",
            {("PARAMETER", "{ secteur_1 ; secteur_2 } → { secteur_2 }"), ("PARAMETER", "{ secteur_1 ; secteur_2 } → { secteur_1 }")},
        ),
    ],
)
def test_each_construct_has_its_faults(text: str, expected: set[tuple[str, str]]) -> None:
    """Every fault that a slip of the hand could make, and no other."""
    assert _planted(text) == expected


def test_exceptions_priorities_and_undercuts_are_dropped() -> None:
    """X has an exception of its own, so it is not dropped alone; what overrides, neutralises or accumulates is."""
    text = """règle r : taux cumulable vaut 10 %
    exception x de r si adherent_cas vaut 20 %
    exception y de x si demande_taux_groupe vaut 30 %
    exception z de r si meme_chose l'emporte sur x vaut 40 %
    neutralise x si secteur = secteur_1
    règle meme_chose : booléen vaut vrai"""
    kinds = {Kind.EXCEPTION, Kind.PRIORITY, Kind.UNDERCUT, Kind.CUMULATIVE}
    assert {(m.kind.name, str(m.words)) for m in mutants(_program(text)) if m.kind in kinds} == {
        ("EXCEPTION", "exception `y` retirée"),
        ("EXCEPTION", "exception `z` retirée"),
        ("PRIORITY", "`l'emporte sur x` retiré"),
        ("UNDERCUT", "`neutralise x` retiré"),
        ("CUMULATIVE", "cumulable : faux"),
    }


TABLE = """règle points_essai : points vaut 1 point
table t : taux selon points_essai
  | <= 1 point           -> 10 %
  | ]1 point ; 2 points[ -> 20 %
  | >= 2 points          -> 30 %
"""


def test_bounds_of_a_table_move_in_all_rows_that_name_them() -> None:
    """A bound is one number of the law: 1 point moves in both rows, so that no gap and no overlap is planted."""
    planted = _planted(TABLE)
    assert {words for kind, words in planted if kind == "BOUND"} == {
        "1 point → 1.1 point",
        "1 point → 0.9 point",
        "2 points → 2.1 points",
        "2 points → 1.9 point",
    }
    assert {words for kind, words in planted if kind == "CLOSED"} == {"1 point passe de l'autre côté", "2 points passe de l'autre côté"}
    assert {words for kind, words in planted if kind == "ROWS"} == {"`10 %` et `20 %` échangées", "`20 %` et `30 %` échangées"}


def test_a_date_of_an_article_moves_with_all_that_it_dates() -> None:
    """Both rules begin with their article: one fault a day, not one a rule; where versions follow each other, both ends move."""
    text = """règle a : taux vaut 1 %
    règle b : taux en vigueur du 2017-01-01 au 2017-12-31 vaut 1 %
    règle b : taux en vigueur du 2018-01-01 vaut 2 %"""
    program = _program(text)
    moved = [mutant for mutant in mutants(program) if mutant.kind is Kind.DATE]
    assert [(str(mutant.words), len(mutant.changed)) for mutant in moved if isinstance(mutant.changed, tuple)] == [
        ("depuis 2017-01-01 → depuis 2017-01-02", 2),
        ("depuis 2017-01-01 → depuis 2016-12-31", 2),
        ("depuis 2018-01-01 → depuis 2018-01-02", 1),
        ("depuis 2018-01-01 → depuis 2017-12-31", 1),
    ]
    later = moved[2].apply(program).definitions["medecin", "b"]
    assert [str(version.interval) for version in later.versions] == ["du 2017-01-01 au 2018-01-01", "depuis le 2018-01-02"]


def test_what_is_rewritten_with_its_own_parts_is_the_same() -> None:
    """Putting each part of an expression back in its place changes nothing, for every construct of the texts above."""
    rule = "règle r : taux vaut minimum({ t ; 5 % }) si adherent_cas sinon moyenne(t pour e dans exercices) si vide 1 % plafonné à 9 %"
    whole = [part for expr in _program(TABLE + rule).expressions() for part in subexpressions(expr)]
    assert len({type(part) for part in whole}) > 6
    for part in whole:
        for index, child in enumerate(children(part)):
            assert with_child(part, index, child) == part


# --- what sees it --------------------------------------------------------------------------------------------------------------


def _mutate(text: str, *tests: str, seconds: float = 0) -> MutationReport:
    """Mutate the rule `r`; without a second of proof, what survives stays open."""
    return mutate(_program(text, *tests), Settings(frozenset({"r"}), seconds=seconds, examples=20))


@pytest.fixture(scope="module")
def half_tested() -> MutationReport:
    """Mutate a rule of two branches of which one is tested."""
    return _mutate(RULE, "2017-06-08 | adherent_cas = vrai | r = 10 %", seconds=60)


RULE = "règle r : taux vaut 10 % si adherent_cas sinon 20 %"


def test_tests_kill_what_they_see_and_only_that(half_tested: MutationReport) -> None:
    """The test of the first branch sees it changed, dropped, or taken for the other; not the second branch's value."""
    report = half_tested
    assert {(str(one.mutant.words), one.by) for one in report.killed} == {
        ("10 % → 10.1 %", "1"),
        ("10 % → 9.9 %", "1"),
        ("`adherent_cas` nié", "1"),
        ("branche `10 % si adherent_cas` retirée", "1"),
    }
    assert {str(one.mutant.words) for one in report.survivors} == {"20 % → 20.1 %", "20 % → 19.9 %"}
    assert report.score == (4, 6)


def test_a_survivor_comes_with_a_test_that_kills_it(half_tested: MutationReport) -> None:
    """Pasted into the pack, the test passes without the fault, and fails with it."""
    assert half_tested.survivors
    for survivor in half_tested.survivors:
        assert isinstance(survivor.verdict, Refuted)
        written = witness_test(half_tested, survivor)
        assert "adherent_cas = faux" in written
        program, faults = lone_file("essai.conv", (HEADER + RULE + "\n" + written + "\n").encode())
        assert program is not None, faults
        (case,) = program.tests
        assert run_test(program, case).passed
        assert not run_test(survivor.mutant.apply(program), case).passed


def test_properties_kill_too() -> None:
    """No test, but a property that bounds the rate at 20 %: a tenth of a point more breaks it, and it says which."""
    report = _mutate(RULE + '\npropriété "au plus 20 %" r <= 20 %')
    assert {(str(one.mutant.words), one.by) for one in report.killed} == {("20 % → 20.1 %", "au plus 20 %")}


def test_what_nothing_tells_apart_stays_open_unless_it_is_proved() -> None:
    """Where r is 20 % at most, capping it at 20 % changes nothing. Without a proof, the cap that is dropped counts as not killed."""
    report = _mutate(RULE + " plafonné à 20 %", "2017-06-08 | adherent_cas = faux | r = 20 %", seconds=2)
    left = [*report.equivalent, *(one for one in report.survivors if isinstance(one.verdict, Open))]
    assert "plafonné à 20 % : retiré" in {str(one.mutant.words) for one in left}
    assert report.planted == len(report.killed) + len(report.equivalent) + len(report.survivors)


def test_a_failing_test_kills_nothing() -> None:
    """It fails without any fault: it is told, and left aside."""
    report = _mutate(RULE, "2017-06-08 | adherent_cas = vrai | r = 11 %")
    assert report.failing == ("1",)
    assert report.killed == ()


def test_a_sample_is_the_same_each_time() -> None:
    """Drawn from all, in the order of the text, by a seed."""
    program = _program(RULE + "\n" + TABLE)
    first, again, other = (mutate(program, Settings(sample=5, seed=seed, seconds=0, examples=1)) for seed in (1, 1, 2))
    names = [[str(one.mutant.words) for one in report.survivors] for report in (first, again, other)]
    assert names[0] == names[1] != names[2]
    assert (first.planted, first.total) == (5, len(list(mutants(program))))


def test_references_and_readings_are_written_too() -> None:
    """A witness that needs a row of a table and a reading gives a test that reads back with both."""
    text = """référentiel moyennes_essai (region) : taux
    hypothèse h = une | autre "Laquelle ?"
    règle r : taux vaut moyennes_essai[region] si h = une"""
    text = text.replace("règle r : taux", "règle r : taux partielle")
    report = _mutate(text, seconds=60)
    (survivor,) = [one for one in report.survivors if str(one.mutant.words) == "= → ≠"]
    written = witness_test(report, survivor)
    program, faults = lone_file("essai.conv", (HEADER + text + "\n" + written + "\n").encode())
    assert program is not None, faults
    assert run_test(program, program.tests[0]).passed
    assert not run_test(survivor.mutant.apply(program), program.tests[0]).passed


def test_what_covers_does_not_always_kill() -> None:
    """The second branch is evaluated by a test that expects something else: covered, and its value may be anything."""
    text = RULE + "\nrègle s : booléen vaut r est connu"
    tests = ("2017-06-08 | adherent_cas = faux | s = vrai",)
    assert all(covered.covered for covered in measure(_program(text, *tests)).elements if covered.element.name == "20 %")
    report = _mutate(text, *tests)
    assert "20 % → 20.1 %" in {str(one.mutant.words) for one in report.survivors}
