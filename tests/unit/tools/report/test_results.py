"""Results of a pack's tests and properties, as told and as JUnit XML."""

from __future__ import annotations

import datetime as dt
from xml.etree import ElementTree

import pytest

from optam_rules.analysis.packtests import Mismatch, TestResult
from optam_rules.analysis.search import PropertyResult
from optam_rules.analysis.verdict import Case, Replay, Witness
from optam_rules.base.calendar import ALWAYS
from optam_rules.base.source import Position, Source
from optam_rules.core.ir import Literal
from optam_rules.core.judgement import Outcome, Status
from optam_rules.core.program import Property, Provenance, TestCase
from optam_rules.core.types import Scalar
from optam_rules.tools.report.results import Result, counts, from_property, from_test, junit, skipped, told

PLACE = Position(Source("cm-2016/tests/a.conv", "texte", "texte"), 0, 5)
TEST = TestCase("le plafond", dt.date(2017, 6, 8), {}, {}, {}, (), Provenance(None, PLACE))
PROPERTY = Property("toujours", "medecin", Literal(True, Scalar.BOOLEAN, position=PLACE), ALWAYS, Provenance(None, PLACE))


def test_a_passed_test_has_nothing_to_tell() -> None:
    """No failure, and the date in the title."""
    assert from_test(TestResult(TEST)) == Result("le plafond (au 2017-06-08)", PLACE)


def test_a_failed_test_tells_each_answer() -> None:
    """Place, answer, what was expected and what came out."""
    failed = TestResult(TEST, (), (Mismatch("taux", "1", Outcome(Status.UNKNOWN, Scalar.RATE, None, frozenset({"secteur"})), PLACE),))
    assert told(from_test(failed)) == (
        "cm-2016/tests/a.conv:1:1 : échec : « le plafond (au 2017-06-08) »\n"
        "  cm-2016/tests/a.conv:1:1 : taux : attendu 1, obtenu inconnu (attend secteur)"
    )
    assert told(from_test(failed, "en"), "en") == (
        "cm-2016/tests/a.conv:1:1: failure: « le plafond (au 2017-06-08) »\n"
        "  cm-2016/tests/a.conv:1:1: taux: expected 1, got unknown (waits for secteur)"
    )


@pytest.mark.parametrize(
    ("status", "french", "english"),
    [(Status.KNOWN, "fausse", "false"), (Status.CONFLICT, "en conflit", "in conflict"), (Status.ERROR, "en erreur", "in error")],
)
def test_a_refuted_property_shows_its_record(status: Status, french: str, english: str) -> None:
    """The date, the readings drawn, the record as JSON that can be judged again, and the rows of reference tables."""
    day, readings = dt.date(2017, 7, 1), {"bornes": "hautes"}
    case = Case({"secteur": "secteur_1"}, day, readings, {"moyennes": {("cardiologie", "bretagne"): "0.4"}})
    witness = Witness(case, (Replay("cm-2016", day, readings, Outcome(status, Scalar.BOOLEAN, False)),))
    result = PropertyResult(PROPERTY, 12, 10, witness)
    record, row = '{\n  "secteur": "secteur_1"\n}', "moyennes[cardiologie ; bretagne] = 0.4"
    assert from_property(result).failure == f"{french} au 2017-07-01, bornes = hautes pour ce dossier :\n{record}\nréférentiel {row}"
    assert from_property(result, "en").failure == (
        f"{english} on 2017-07-01, bornes = hautes for this record:\n{record}\nreference table {row}"
    )


def test_a_property_that_no_record_decides_fails() -> None:
    """A property that is never decided says nothing: it must not look like one that holds."""
    result = PropertyResult(PROPERTY, 200, 0, None)
    assert from_property(result).failure == "aucun des 200 dossiers tirés ne décide la propriété"
    assert from_property(result, "en").failure == "none of the 200 records drawn decides the property"


def test_a_property_that_holds_has_nothing_to_tell() -> None:
    """Decided at least once, never refuted."""
    assert from_property(PropertyResult(PROPERTY, 200, 150, None)).failure is None


@pytest.mark.parametrize(
    ("passed", "failed", "left", "french", "english"),
    [
        (1, 0, 0, "1 conforme, 0 échec", "1 passed, 0 failed"),
        (2, 1, 1, "2 conformes, 1 échec, 1 propriété sautée (sans)", "2 passed, 1 failed, 1 property skipped (sans)"),
        (0, 2, 3, "0 conforme, 2 échecs, 3 propriétés sautées (sans)", "0 passed, 2 failed, 3 properties skipped (sans)"),
    ],
)
def test_results_are_counted(passed: int, failed: int, left: int, french: str, english: str) -> None:
    """How many passed, failed and were skipped, with the reason of the last, in either language."""
    results = [Result("bon", PLACE)] * passed + [Result("mauvais", PLACE, "1")] * failed + [skipped(PROPERTY, "sans")] * left
    assert f"p : {french}" == counts("p", results)
    assert f"p: {english}" == counts("p", results, "en")


def test_junit_counts_and_cases() -> None:
    """One case a result; failures and skips counted; characters that XML cannot hold are replaced."""
    results = [Result("bon", PLACE), Result("mauvais \x00", PLACE, "attendu 1\nobtenu 2"), skipped(PROPERTY, "sans hypothesis")]
    suite = ElementTree.fromstring(junit("cm-2016", results))
    assert suite.attrib == {"name": "cm-2016", "tests": "3", "failures": "1", "errors": "0", "skipped": "1"}
    assert [case.attrib["name"] for case in suite] == ["bon", "mauvais \N{REPLACEMENT CHARACTER}", "toujours"]
    assert [[child.tag for child in case] for case in suite] == [[], ["failure"], ["skipped"]]
    assert suite[1][0].attrib["message"] == "attendu 1"
