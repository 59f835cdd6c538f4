"""The function of whole records: that it is used, when, and that it gives up where it must."""

from __future__ import annotations

import datetime as dt
import gc
import linecache

from optam_rules.backends.row import judge as row
from optam_rules.backends.row.whole import compile_whole
from optam_rules.core.judgement import Judged, Outcome, Status
from optam_rules.core.known import KnownJudged
from optam_rules.core.schema import read_record
from optam_rules.core.standing import Standing
from tests.support.programs import compiled

DAY = dt.date(2017, 8, 1)
TEXT = """
entité principale dossier "Dossier"
  donnée m : montant entre 0 € et 1_000_000 € "m"
  donnée base : montant entre 0 € et 1_000_000 € "base"
  donnée t : taux entre 0 % et 1000 % "t"
  donnée a : booléen facultative "a"
  donnée b : booléen "b"
article 1 "Un" en vigueur du 2017-01-01
  règle rapport : taux vaut m / base
  règle part : montant vaut m * t arrondi à 0.01 € (demi pair)
  règle fonde : booléen vaut a
  exception selon_la_caisse de fonde selon caisse "lettre" si b vaut vrai
  règle double : entier vaut 1
  exception un de double si a vaut 2
  exception deux de double si b vaut 3
  règle l_un_ou_l_autre : booléen vaut fonde ou b
"""


def judged(raw: dict[str, object], *answers: str, warm: int = 0) -> Judged | KnownJudged:
    """Judge a record after `warm` others."""
    program = compiled(TEXT)
    record, faults = read_record(program, raw)
    assert record is not None, faults
    judge = row.prepare(program, DAY, answers=answers, assume={}, references={}, warm=warm)
    for _ in range(warm):
        judge(record)
    return judge(record)


def known(raw: dict[str, object], answer: str) -> Outcome:
    """Judge one answer by the function of whole records, which must not give up."""
    found = judged(raw, answer)
    assert isinstance(found, KnownJudged)
    return found.outcomes[answer]


def test_the_function_is_compiled_after_some_records_alone() -> None:
    """The first record is judged definition by definition, the one after `warm` others by the function of whole records."""
    assert isinstance(judged({"m": "1", "base": "3"}, "rapport", warm=3), KnownJudged)
    program = compiled(TEXT)
    record, _ = read_record(program, {"m": "1", "base": "3"})
    assert record is not None
    assert isinstance(row.prepare(program, DAY, answers=["rapport"], assume={}, references={}, warm=9)(record), Judged)


def test_only_what_the_asked_answers_read_must_be_told() -> None:
    """`rapport` reads m and base alone: whole without t, a and b; with base absent, it waits for it."""
    assert isinstance(judged({"m": "1", "base": "3"}, "rapport"), KnownJudged)
    outcome = judged({"m": "1"}, "rapport").outcomes["rapport"]
    assert (Status.UNKNOWN, {"base"}) == (outcome.status, set(outcome.needs))


def test_it_gives_up_on_errors_and_conflicts() -> None:
    """A base of zero is the error E601; `a` and `b` both true, a conflict of two exceptions."""
    fault = judged({"m": "1", "base": "0"}, "rapport").outcomes["rapport"].fault
    assert "E601" == (fault and fault.code)
    assert Status.CONFLICT is judged({"a": True, "b": True}, "double").outcomes["double"].status
    assert 2 == known({"a": True, "b": False}, "double").value


def test_halves_are_rounded_to_the_even_cent() -> None:
    """50 % of 0.01 €, 0.03 € and 0.05 € are 0.5, 1.5 and 2.5 cents: 0, 2 and 2."""
    found = [known({"m": amount, "t": "50 %"}, "part").value for amount in ("0.01", "0.03", "0.05")]
    assert [0, 2, 2] == found


def test_the_standing_of_what_decides_is_told_record_by_record() -> None:
    """`fonde ou b`: a true b decides from the text, though `fonde` rests on the caisse; with b false the guard of the caisse was read."""
    assert Standing.CAISSE is known({"a": True, "b": True}, "fonde").standing
    assert Standing.TEXT is known({"a": True, "b": True}, "l_un_ou_l_autre").standing
    assert Standing.CAISSE is known({"a": False, "b": False}, "l_un_ou_l_autre").standing


def test_outcomes_are_a_mapping_in_the_order_asked() -> None:
    """The answers asked, in that order, and no other; nothing is left to the reference."""
    found = judged({"m": "1", "base": "4", "t": "25 %", "a": False, "b": False}, "part", "rapport")
    assert (["part", "rapport"], 2, {}) == (list(found.outcomes), len(found.outcomes), dict(found.beyond))
    assert "tuple" not in repr(found.outcomes)
    assert "rapport" in repr(found.outcomes)


def test_a_long_chain_is_one_function_that_grows_with_it() -> None:
    """The rules are emitted once each, however long the chain: twice as many are at most twice as many lines, and no answer is left."""

    def lines(rules: int) -> int:
        text = "règle r0 : montant vaut m\n" + "".join(
            f"règle r{i} : montant vaut r{i - 1} + 1 € plafonné à {i} €\n" for i in range(1, rules + 1)
        )
        program = compiled('entité principale dossier "Dossier"\n  donnée m : montant entre 0 € et 9 € "m"\n' + text)
        whole = compile_whole(program, [f"r{rules}"], DAY, {})
        assert whole is not None
        return len(linecache.getlines(whole.function.__code__.co_filename))

    short, long = lines(200), lines(400)
    assert 200 < short < long <= 2 * short


def test_functions_of_one_name_each_keep_their_source() -> None:
    """One text compiled twice under the same answers and day: each function shows its own source, and the other's end takes none of it."""
    first, second = (compile_whole(compiled(TEXT), ["fonde"], DAY, {}) for _ in range(2))
    assert first is not None
    assert second is not None
    files = [layout.function.__code__.co_filename for layout in (first, second)]
    assert len(set(files)) == 2
    del first
    gc.collect()
    assert [[], True] == [linecache.getlines(files[0]), "def whole(record, day):" in "".join(linecache.getlines(files[1]))]
