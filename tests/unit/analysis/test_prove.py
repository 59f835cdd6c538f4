"""Verdicts: what is refuted comes with a case that the interpreter replays; nothing else is called refuted."""

from __future__ import annotations

import datetime as dt

import pytest

from optam_rules.analysis.obligations import (
    Holds,
    NeverConflicts,
    NeverErrs,
    NeverHigher,
    NeverLower,
    Obligation,
    SameAnswer,
    Side,
    Total,
    broken,
    questions,
    standing_obligations,
    window,
)
from optam_rules.analysis.prove import discharge
from optam_rules.analysis.replay import answers
from optam_rules.analysis.verdict import Budget, Open, Proved, Refuted, Verdict
from optam_rules.base.calendar import Interval
from tests.support.programs import compiled

SMALL = Budget(seconds=5, examples=60)
DATA = """
entité principale dossier "Dossier"
  donnée nom : chaîne "Nom"
  donnée taux_demande : taux entre 0 % et 300 % "Taux demandé"
  donnée honoraires : montant entre 0 € et 1_000_000 € "Honoraires"
  donnée depassements : montant entre 0 € et 1_000_000 € "Dépassements"
  donnée arrivee : date "Arrivée"
  donnée membre : booléen facultative "Membre"
"""
CAP = DATA + "règle engagement : taux vaut taux_demande plafonné à 100 %\n"
LATER = DATA + "règle tot : booléen vaut arrivee <= 2017-06-08\n"


def refuted(verdict: Verdict) -> Refuted:
    """Return a refutation, or fail."""
    assert isinstance(verdict, Refuted), verdict
    return verdict


def replays(obligation: Obligation, verdict: Verdict) -> bool:
    """Tell whether the witness of a refutation breaks its obligation when it is judged once more."""
    return broken(obligation, answers(refuted(verdict).witness.case, questions(obligation)))


def test_a_false_property_is_refuted_by_a_record_that_replays() -> None:
    """The cap is 100 %: no more than 90 % is false of a request above it, and the witness holds nothing else."""
    program = compiled(CAP + 'propriété "trop bas" engagement <= 90 %\n')
    obligation = Holds(program, program.properties[0])
    verdict = discharge(obligation, budget=SMALL)
    assert replays(obligation, verdict)
    assert {"nom", "taux_demande"} == set(refuted(verdict).witness.record)


def test_a_true_property_is_never_refuted() -> None:
    """The cap holds: proved, or open where nothing proves."""
    program = compiled(CAP + 'propriété "le plafond" engagement <= 100 %\n')
    assert isinstance(discharge(Holds(program, program.properties[0]), budget=SMALL), Proved | Open)


RISING = """paramètre p : taux = 10 % depuis 2017-01-01 ; 20 % depuis 2018-01-01
règle r : taux en vigueur du 2017-01-01 vaut p
"""
EXCEPTIONS = """règle r : entier vaut 0
exception a de r si honoraires > 2 € vaut 1
exception b de r si honoraires {} 2 € vaut 2
"""
LATE = """règle s : entier en vigueur du 2017-01-01 vaut 1
règle r : entier en vigueur du {} vaut s
"""


@pytest.mark.parametrize(
    ("rule", "kind", "found"),
    [
        ("règle r : taux vaut depassements / honoraires\n", NeverErrs, True),
        ("règle r : taux vaut depassements / honoraires si honoraires > 0 € sinon 0 %\n", NeverErrs, False),
        (EXCEPTIONS.format(">="), NeverConflicts, True),
        (EXCEPTIONS.format("<="), NeverConflicts, False),
        (LATE.format("2016-01-01"), Total, True),
        (LATE.format("2017-01-01"), Total, False),
    ],
)
def test_standing_obligations(rule: str, kind: type[NeverErrs | NeverConflicts | Total], found: bool) -> None:
    """A zero divisor, two exceptions at once, a definition read before it is in force: found where it can be, never where it cannot."""
    obligation = kind(compiled(DATA + rule), "r")
    verdict = discharge(obligation, budget=SMALL)
    assert found == (isinstance(verdict, Refuted) and replays(obligation, verdict))


def test_which_obligations_a_pack_owes() -> None:
    """No conflict only where two exceptions are within reach, a value only where no `sans objet` is said."""
    program = compiled(DATA + "règle r : entier vaut 0\nrègle p : entier partielle vaut 1 si membre\n")
    owed = [(type(obligation).__name__, obligation.path) for obligation in standing_obligations(program)]
    assert [("NeverErrs", "r"), ("Total", "r"), ("NeverErrs", "p")] == owed


def test_two_programs_that_differ_by_one_day_part_on_that_day() -> None:
    """A limit moved from 8 to 9 June 2017: only a record of 9 June tells the two apart."""
    old, new = compiled(LATER), compiled(LATER.replace("06-08", "06-09"))
    obligation = SameAnswer(Side(old), Side(new), "tot", "tot")
    verdict = discharge(obligation, budget=SMALL)
    assert replays(obligation, verdict)
    assert "2017-06-09" == refuted(verdict).witness.record["arrivee"]
    assert [False, True] == [replay.outcome.value for replay in refuted(verdict).witness.replays]


def test_two_dates_of_one_program_are_two_sides() -> None:
    """A parameter that rises: the later day gives a higher rate, never a lower one."""
    program = compiled(
        DATA + "paramètre p : taux = 10 % depuis 2017-01-01 ; 20 % depuis 2018-01-01\nrègle r : taux en vigueur du 2017-01-01 vaut p\n"
    )
    old, new = Side(program, day=dt.date(2017, 6, 1)), Side(program, day=dt.date(2018, 6, 1))
    higher, lower = NeverHigher(old, new, "r", "r"), NeverLower(old, new, "r", "r")
    assert replays(higher, discharge(higher, budget=SMALL))
    assert not isinstance(discharge(lower, budget=SMALL), Refuted)
    assert [dt.date(2017, 6, 1), dt.date(2018, 6, 1)] == [r.on for r in refuted(discharge(higher, budget=SMALL)).witness.replays]


def test_two_readings_are_two_sides() -> None:
    """Readings that a side fixes are those it is judged under."""
    program = compiled(DATA + 'hypothèse borne = haute | basse "laquelle ?"\nrègle r : entier vaut 1 si borne = haute sinon 2\n')
    obligation = SameAnswer(Side(program, {"borne": "haute"}), Side(program, {"borne": "basse"}), "r", "r")
    witness = refuted(discharge(obligation, budget=SMALL)).witness
    assert [1, 2] == [replay.outcome.value for replay in witness.replays]


def test_a_datum_that_one_side_alone_knows_is_passed_by_the_other() -> None:
    """The new text asks for one datum more: records hold it, and the old side reads them all the same."""
    old = compiled(CAP)
    new = compiled(CAP.replace("donnée membre", 'donnée annee : entier "Année"\n  donnée membre') + "règle s : entier vaut annee\n")
    assert not isinstance(discharge(SameAnswer(Side(old), Side(new), "engagement", "engagement"), budget=SMALL), Refuted)


def test_different_entities_stay_open() -> None:
    """Two programs whose records are about different things cannot be compared."""
    other = compiled('entité principale autre "Autre"\n  donnée n : entier "n"\nrègle engagement : entier vaut n\n')
    assert isinstance(discharge(SameAnswer(Side(compiled(CAP)), Side(other), "engagement", "engagement"), budget=SMALL), Open)


def test_reference_rows_are_drawn() -> None:
    """A rule that needs the row of a table is decided, and refuted with that row in the witness."""
    text = 'référentiel moyennes (specialite) : taux "Moyennes"\n'
    data = 'énumération specialite { cardiologie "C" ; radiologie "R" }\nentité principale d "D"\n  donnée specialite : specialite "S"\n'
    program = compiled(data + text + 'règle r : taux vaut moyennes[specialite]\npropriété "bas" r <= 10 %\n')
    obligation = Holds(program, program.properties[0])
    verdict = discharge(obligation, budget=SMALL)
    assert replays(obligation, verdict)
    assert [1] == [len(rows) for rows in refuted(verdict).witness.references.values()]


def test_the_days_of_an_obligation_are_bounded() -> None:
    """The interval asked, and generous days where nothing bounds them."""
    program = compiled(CAP)
    comparison = SameAnswer(Side(program), Side(program), "engagement", "engagement", Interval(dt.date(2017, 1, 1), dt.date(2017, 1, 31)))
    assert Interval(dt.date(2017, 1, 1), dt.date(2017, 1, 31)) == window(comparison)
    assert Interval(dt.date(1970, 1, 1), dt.date(2030, 12, 31)) == window(NeverErrs(program, "engagement"))
