"""What becomes of each answer between two texts: the same by construction, proved, changed with a witness, or open."""

from __future__ import annotations

import datetime as dt

import attrs

from optam_rules.analysis.compare.diff import AnswerDiff, Comparison, Kind, Way, compare
from optam_rules.analysis.obligations import Side
from optam_rules.analysis.verdict import Budget, Refuted
from optam_rules.base.calendar import Interval
from optam_rules.core.judgement import Status
from tests.support.prime import TEXT, amended
from tests.support.programs import compiled

QUICK = Budget(seconds=5, examples=60)
NO_PROOF = Budget(seconds=0, examples=60)


def compared(*changes: tuple[str, str], budget: Budget = QUICK) -> Comparison:
    """Compare the small convention with an amended one."""
    return compare(Side(compiled(TEXT)), Side(compiled(amended(*changes))), budget=budget)


def answer(comparison: Comparison, path: str) -> AnswerDiff:
    """Return what becomes of an answer."""
    return next(each for each in comparison.answers if each.path == path)


def kinds(comparison: Comparison) -> dict[str, Kind]:
    """Return the kind of each answer."""
    return {each.path: each.kind for each in comparison.answers}


def test_a_text_compared_with_itself_cannot_differ() -> None:
    """Nothing is asked of a solver, nothing is written anew."""
    found = compared()
    assert {each.kind for each in found.answers} == {Kind.IDENTICAL}
    assert found.alignment.changes == ()
    assert not found.differs
    assert not found.undecided


def test_a_limit_moved_by_a_day_is_found_and_touches_only_what_reads_it() -> None:
    """Who settled on 2017-07-01 is the only one who changes: before, no right; after, one. The bonus follows."""
    found = compared(("2017-07-01", "2017-07-02"))
    assert kinds(found) == {
        "eligible": Kind.CHANGED,
        "taux_de_prime": Kind.IDENTICAL,
        "prime_entiere": Kind.IDENTICAL,
        "prime": Kind.CHANGED,
        "tranche": Kind.IDENTICAL,
    }
    eligible = answer(found, "eligible")
    assert isinstance(eligible.verdict, Refuted)
    assert eligible.verdict.witness.record["date_installation"] == "2017-07-01"
    assert eligible.articles == ("1",)


def test_a_limit_moved_by_a_day_is_found_without_a_solver() -> None:
    """Records are drawn around the dates that both texts name; the right only differs for 2017-07-01."""
    texts = (TEXT, amended(("2017-07-01", "2017-07-02")))
    old, new = (Side(attrs.evolve(compiled(text), interval=Interval(dt.date(2017, 1, 1)))) for text in texts)
    found = compare(old, new, wanted=frozenset({"eligible"}), budget=Budget(seconds=0, examples=200))
    verdict = answer(found, "eligible").verdict
    assert isinstance(verdict, Refuted)
    assert verdict.witness.record["date_installation"] == "2017-07-01"


def test_a_witness_carries_both_explanations_and_the_step_where_they_part() -> None:
    """The bonus differs because the right to it does: the limit is 1 July, then 2 July."""
    found = answer(compared(("2017-07-01", "2017-07-02")), "prime")
    assert found.parting is not None
    assert found.parting.old is not None
    assert found.parting.old.definition == "eligible"
    old, new = found.explained
    assert old is not None
    assert new is not None
    assert old.steps[0].key == new.steps[0].key == "prime"
    assert (old.status, old.value) != (new.status, new.value)
    assert (found.parting.old.status, found.parting.old.value) != (new.steps[0].status, new.steps[0].value)


def test_a_lower_rate_lowers_and_never_raises() -> None:
    """5 % become 4 %: the capped bonus of sector 2 goes down where the cap does not bind, and never up."""
    found = answer(compared(("| secteur_2 -> 5 %", "| secteur_2 -> 4 %")), "prime")
    assert found.kind is Kind.CHANGED
    assert found.direction is not None
    assert found.direction.way is Way.NEVER_HIGHER


def test_a_cap_dropped_raises_and_never_lowers() -> None:
    """Without the cap of 3,000 €, 5 % of more than 60,000 € are more than before; below, nothing changes."""
    found = answer(compared((" plafonné à 3_000 €", "")), "prime_entiere")
    assert found.direction is not None
    assert found.direction.way is Way.NEVER_LOWER
    old, new = (outcome.value if outcome else None for outcome in found.explained)
    assert old == 300_000
    assert isinstance(new, int)
    assert new > 300_000


def test_rates_exchanged_go_both_ways() -> None:
    """2 % and 5 % change places: one sector gains, the other loses."""
    found = answer(compared(("| secteur_1 -> 2 %", "| secteur_1 -> 5 %"), ("| secteur_2 -> 5 %", "| secteur_2 -> 2 %")), "taux_de_prime")
    assert found.direction is not None
    assert found.direction.way is Way.EITHER
    assert found.direction.proved


def test_operands_and_rows_in_another_order_cannot_matter() -> None:
    """`ou` is symmetric and rows do not overlap: the same by construction, although the text changes."""
    found = compared(
        ("secteur = secteur_2 ou date_installation < limite", "date_installation < limite ou secteur = secteur_2"),
        ("| secteur_1 -> 2 %\n    | secteur_2 -> 5 %", "| secteur_2 -> 5 %\n    | secteur_1 -> 2 %"),
    )
    assert {each.kind for each in found.answers} == {Kind.IDENTICAL}
    assert [(change.what.value, change.owner) for change in found.alignment.changes] == [("version", "eligible")]


def test_branches_in_another_order_are_proved_equal_or_left_open_without_a_solver() -> None:
    """Below 10,000 and above 50,000 exclude each other: which is asked first does not matter, which only a proof shows."""
    moved = (
        "vaut 1 si honoraires < 10_000 €\n    sinon si honoraires > 50_000 € vaut 3",
        "vaut 3 si honoraires > 50_000 €\n    sinon si honoraires < 10_000 € vaut 1",
    )
    assert kinds(compared(moved))["tranche"] is Kind.PROVED
    searched = compared(moved, budget=NO_PROOF)
    assert kinds(searched)["tranche"] is Kind.OPEN
    assert searched.undecided
    assert not searched.differs


def test_a_renamed_answer_is_compared_under_both_names_and_those_that_read_it_do_not_change() -> None:
    """`prime_entiere` becomes `prime_pleine`: a new name, the same meaning, also for what reads it."""
    new = TEXT.replace("prime_entiere", "prime_pleine")
    found = compare(Side(compiled(TEXT)), Side(compiled(new)), budget=QUICK)
    renamed = answer(found, "prime_pleine")
    assert (renamed.old_path, renamed.kind, renamed.renamed) == ("prime_entiere", Kind.IDENTICAL, True)
    assert not found.differs


def test_an_answer_added_or_removed_or_of_another_type_differs() -> None:
    """What callers read is no longer there, or no longer of that type."""
    found = compared(
        ('règle tranche : entier "Tranche d\'honoraires"', 'règle classe : entier "Classe"'),
        ("sinon 2\n", "sinon 7\n"),
        ('règle eligible : booléen "Peut adhérer"\n    vaut secteur', 'règle droit : booléen "Droit"\n    vaut secteur'),
        ("vaut prime_entiere si eligible", "vaut prime_entiere si eligible = 1"),
        ("table taux_de_prime", 'règle eligible : entier "Rang"\n    vaut 1 si droit sinon 0\n  table taux_de_prime'),
    )
    shown = kinds(found)
    assert shown["classe"] is Kind.ADDED
    assert shown["tranche"] is Kind.REMOVED
    assert shown["eligible"] is Kind.RETYPED
    assert found.differs


def test_two_dates_of_one_text_differ_by_what_comes_into_force() -> None:
    """A value of 3 % from 2018 on: an answer of 2017 against one of 2018; a rule that never looks at the day cannot change."""
    text = amended(
        ("| secteur_1 -> 2 %", "| secteur_1 -> taux_bas"),
        ("  table taux_de_prime", "  paramètre taux_bas : taux = 2 % depuis 2017-01-01 ; 3 % depuis 2018-01-01\n  table taux_de_prime"),
    )
    program = compiled(text)
    found = compare(Side(program, day=dt.date(2017, 6, 1)), Side(program, day=dt.date(2018, 6, 1)), budget=QUICK)
    assert kinds(found)["taux_de_prime"] is Kind.CHANGED
    assert kinds(found)["eligible"] is Kind.IDENTICAL
    assert [(change.what.value, [(each.old, each.new) for each in change.aspects]) for change in found.alignment.changes] == [
        ("valeur", [("2 %", "3 %")])
    ]
    same = compare(Side(program, day=dt.date(2018, 6, 1)), Side(program, day=dt.date(2019, 6, 1)), budget=QUICK)
    assert {each.kind for each in same.answers} == {Kind.IDENTICAL}


def test_two_readings_of_a_question_differ_where_it_decides() -> None:
    """At 50,000 € just, the two readings give two classes; what does not read the question cannot change."""
    text = amended(
        ("sinon si honoraires > 50_000 € vaut 3", "sinon si honoraires > 50_000 € ou (honoraires = 50_000 € et borne = haute) vaut 3"),
        (
            'article 2 "Prime" en vigueur du 2017-01-01\n',
            'article 2 "Prime" en vigueur du 2017-01-01\n  hypothèse borne = haute | basse "Qui ?"\n',
        ),
    )
    program = compiled(text)
    found = compare(Side(program, {"borne": "haute"}), Side(program, {"borne": "basse"}), budget=QUICK)
    assert {each.path for each in found.answers if each.kind is not Kind.IDENTICAL} == {"tranche"}
    tranche = answer(found, "tranche")
    assert isinstance(tranche.verdict, Refuted)
    assert tranche.verdict.witness.record["honoraires"] == "50000.00"
    assert [outcome.status for outcome in tranche.explained if outcome] == [Status.KNOWN, Status.KNOWN]


def test_only_the_answers_asked_are_compared() -> None:
    """The others are not in the result."""
    found = compare(Side(compiled(TEXT)), Side(compiled(TEXT)), wanted=frozenset({"prime"}), budget=QUICK)
    assert [each.path for each in found.answers] == ["prime"]
