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
from optam_rules.base.errors import InternalError
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


YEARS = """
entité exercice "Exercice"
  donnée annee : entier entre 1945 et 2200 "Année"
  donnée recus : montant entre 0 € et 1_000 € "Reçus"
  donnée exces : montant entre 0 € et 1_000 € "Excès"
entité principale dossier "Dossier"
  donnée nom : chaîne "Nom"
  donnée exercices : liste de exercice "Exercices"
  donnée arrivee : date "Arrivée"
règle moyenne_des_taux : taux
  vaut moyenne(e.exces / e.recus pour e dans exercices tel que e.recus > 0 €) si vide 0 %
règle taux_des_sommes : taux
  vaut 0 % si somme(e.recus pour e dans exercices tel que e.recus > 0 €) = 0 €
  sinon somme(e.exces pour e dans exercices tel que e.recus > 0 €) / somme(e.recus pour e dans exercices tel que e.recus > 0 €)
règle du_mois : date vaut arrivee + 1 mois (fin de mois inférieur)
"""


@pytest.mark.parametrize(
    ("text", "condition"),
    [
        (CAP, "engagement <= 100 %"),
        (CAP, "taux_demande <= 100 % implique engagement = taux_demande"),
        (YEARS, "moyenne_des_taux >= 0 %"),
        (YEARS, "tous(e.exces = 0 € pour e dans exercices) implique taux_des_sommes = 0 %"),
        (YEARS, "du_mois >= arrivee + 28 jours et du_mois <= arrivee + 31 jours"),
    ],
)
def test_what_holds_for_every_record_is_proved(text: str, condition: str) -> None:
    """A cap, a mean of rates that are not negative, a sum of nothing, a month that has 28 to 31 days: proved without a record drawn."""
    pytest.importorskip("z3")
    program = compiled(f'{text}propriété "elle tient" {condition}\n')
    verdict = discharge(Holds(program, program.properties[0]), budget=Budget(seconds=30, examples=0, years=2))
    assert isinstance(verdict, Proved), verdict
    assert str(verdict.scope).startswith("tout dossier, complet ou non")


@pytest.mark.parametrize(
    ("text", "condition"),
    [
        (CAP, "engagement = taux_demande"),
        (YEARS, "moyenne_des_taux = taux_des_sommes"),
        (YEARS, "du_mois > arrivee + 28 jours"),
    ],
)
def test_the_solver_refutes_with_a_record_that_replays(text: str, condition: str) -> None:
    """A mean of rates is no rate of sums, and a month after 31 January comes 28 days later: found without a record drawn."""
    pytest.importorskip("z3")
    program = compiled(f'{text}propriété "elle ne tient pas" {condition}\n')
    obligation = Holds(program, program.properties[0])
    verdict = discharge(obligation, budget=Budget(seconds=30, examples=0, years=2))
    assert replays(obligation, verdict)
    assert 0 == verdict.spent.drawn


def test_two_spellings_of_one_rule_are_proved_the_same() -> None:
    """A cap, and the lower of two rates in a conditional: the same status and value on partial records too."""
    pytest.importorskip("z3")
    new = CAP.replace("taux_demande plafonné à 100 %", "taux_demande si taux_demande < 100 % sinon 100 %")
    verdict = discharge(SameAnswer(Side(compiled(CAP)), Side(compiled(new)), "engagement", "engagement"), budget=Budget(examples=0))
    assert isinstance(verdict, Proved), verdict


def test_an_exact_model_that_does_not_replay_is_an_internal_error(monkeypatch: pytest.MonkeyPatch) -> None:
    """A witness of the solver that the interpreter does not confirm is never a result."""
    pytest.importorskip("z3")
    program = compiled(CAP + 'propriété "trop bas" engagement <= 90 %\n')
    monkeypatch.setattr("optam_rules.analysis.formulas.replayed", lambda obligation, case: None)
    with pytest.raises(InternalError, match="E902"):
        discharge(Holds(program, program.properties[0]), budget=SMALL)


def test_without_the_solver_a_search_is_said_to_be_one(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is called proved, the verdict names the extra, and what is false is refuted all the same."""
    monkeypatch.setattr("optam_rules.analysis.prove.available", lambda: False)
    true, false = (compiled(f'{CAP}propriété "p" engagement <= {cap} %\n') for cap in (100, 90))
    verdict = discharge(Holds(true, true.properties[0]), budget=SMALL)
    assert isinstance(verdict, Open)
    assert 'pip install "optam-rules[prove]"' in str(verdict.reason)
    assert replays(Holds(false, false.properties[0]), discharge(Holds(false, false.properties[0]), budget=SMALL))


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


def test_a_chain_too_long_for_formulas_stays_open_and_says_so() -> None:
    """200 definitions, each the one before, are more levels than formulas are written for: cases are drawn, and none contradicts."""
    text = DATA + "règle r0 : montant vaut honoraires\n" + "".join(f"règle r{i} : montant vaut r{i - 1}\n" for i in range(1, 201))
    program = compiled(text + 'propriété "p" r200 >= 0 €\n')
    verdict = discharge(Holds(program, program.properties[0]), budget=SMALL)
    assert isinstance(verdict, Open)
    assert "une suite de règles de plus de 150 niveaux ne s'écrit pas pour le solveur" in str(verdict.reason)


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


CHAIN = (
    YEARS
    + """
règle retenu : taux vaut taux_des_sommes plafonné à 80 %
règle double : taux vaut retenu * 2
règle engagement : taux vaut double plafonné à 100 %
"""
)


def test_what_lies_deep_is_left_free_where_that_is_enough() -> None:
    """The cap holds whatever the capped rate is, once no rule below can fail: nothing below is put in formulas."""
    pytest.importorskip("z3")
    program = compiled(CHAIN + 'propriété "le plafond" engagement <= 100 %\n')
    verdict = discharge(Holds(program, program.properties[0]), budget=Budget(seconds=30, examples=0, years=2))
    assert isinstance(verdict, Proved), verdict
    assert ("règles au-delà du rang 1 laissées libres",) == verdict.spent.encodings


def test_errors_are_ruled_out_one_rule_after_the_other() -> None:
    """No rule of the chain errs where those that it reads do not; a divisor left unguarded at the bottom is found through all of them."""
    pytest.importorskip("z3")
    budget = Budget(seconds=30, examples=0, years=2)
    verdict = discharge(NeverErrs(compiled(CHAIN), "engagement"), budget=budget)
    assert isinstance(verdict, Proved), verdict
    assert ("de règle en règle",) == verdict.spent.encodings
    unguarded = compiled(CHAIN.replace("vaut 0 % si somme(e.recus pour e dans exercices tel que e.recus > 0 €) = 0 €\n  sinon", "vaut"))
    obligation = NeverErrs(unguarded, "engagement")
    assert replays(obligation, discharge(obligation, budget=budget))


def test_what_two_programs_share_is_left_free_and_what_differs_is_not() -> None:
    """A cap written twice above a shared chain is proved the same without the chain; a cap changed below it is found."""
    pytest.importorskip("z3")
    budget = Budget(seconds=30, examples=0, years=2)
    spelt = CHAIN.replace("double plafonné à 100 %", "double plafonné à 120 % plafonné à 100 %")
    verdict = discharge(SameAnswer(Side(compiled(CHAIN)), Side(compiled(spelt)), "engagement", "engagement"), budget=budget)
    assert isinstance(verdict, Proved), verdict
    assert verdict.spent.encodings[0].startswith("règles au-delà du rang ")
    lower = compiled(CHAIN.replace("plafonné à 80 %", "plafonné à 40 %"))
    obligation = SameAnswer(Side(compiled(CHAIN)), Side(lower), "engagement", "engagement")
    assert replays(obligation, discharge(obligation, budget=budget))
