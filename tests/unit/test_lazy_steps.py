"""Steps are worked out when they are looked at: the same as the interpreter's, whichever way a record was judged."""

from __future__ import annotations

import datetime as dt
import pickle

import pytest

import optam_rules
from optam_rules.analysis.judging import COLD, judge_with_trace
from optam_rules.core.answers import Judgement
from optam_rules.core.schema import read_record

DAY = dt.date(2021, 3, 1)


@pytest.fixture(scope="module")
def pack() -> optam_rules.Pack:
    """Load a small shipped pack and judge enough records for the compiled functions to be used."""
    pack = optam_rules.load("sanctions")
    for _ in range(COLD):
        pack.evaluate({}, on=DAY, trace=False)
    return pack


def _judged(pack: optam_rules.Pack, raw: dict[str, object], **asked: object) -> Judgement:
    return pack.evaluate(raw, on=DAY, **asked)  # type: ignore[arg-type]


@pytest.mark.parametrize("raw", [{}, {"identifiant": "A"}])
def test_steps_are_those_of_the_interpreter(pack: optam_rules.Pack, raw: dict[str, object]) -> None:
    """Every answer of a judgement with trace, whole, is what the interpreter gives with its steps; without trace it has none."""
    judgement = _judged(pack, raw)
    record = read_record(pack.program, raw)[0]
    assert record is not None
    wanted = judge_with_trace(pack.program, record, DAY, answers=list(judgement.answers), assume={}, references={}).outcomes
    assert wanted == {path: answer.outcome for path, answer in judgement.answers.items()}
    assert all(answer.because for answer in judgement.answers.values())
    assert not any(answer.because for answer in _judged(pack, raw, trace=False).answers.values())


def test_status_and_value_do_not_wait_for_the_steps(pack: optam_rules.Pack, monkeypatch: pytest.MonkeyPatch) -> None:
    """The interpreter is called at the first look at a step, once, and not before."""
    seen: list[bool] = []
    real = optam_rules.analysis.judging.interpreter.judge  # type: ignore[attr-defined]

    def spied(*arguments: object, **named: object) -> object:
        seen.append(True)
        return real(*arguments, **named)

    judgement = _judged(pack, {})
    monkeypatch.setattr("optam_rules.analysis.judging.interpreter.judge", spied)
    assert [answer.status for answer in judgement.answers.values()]
    assert not seen
    assert [answer.because for answer in judgement.answers.values()]
    assert [True] == seen


def test_the_note_of_a_call_is_in_the_trace(pack: optam_rules.Pack) -> None:
    """Judged past the verified day, the first step of each answer says so, and the judgement too."""
    judgement = pack.evaluate({}, on=dt.date(2999, 1, 1), after_verified="extend")
    (note,) = judgement.notes
    assert all(note in answer.because[0].notes for answer in judgement.answers.values())


def test_an_answer_without_steps_has_no_note() -> None:
    """Nothing is worked out of a contract that the record does not tell: past the verified day its answers are unknown all the same.

    The interpreter judges the first records, compiled functions the last: each is asked.
    """
    call = optam_rules.load("patients").prepare(on=dt.date(2999, 1, 1), trace=True, after_verified="extend")
    for judgement in [call.evaluate({}) for _ in range(COLD + 1)]:
        untold, told = judgement.answers["contrat.responsable"], judgement.answers["juge_au_jour_de_l_acte"]
        assert ("unknown", frozenset({"contrat"}), ()) == (untold.status, untold.needs, untold.because)
        assert judgement.notes[0] in told.because[0].notes


@pytest.mark.parametrize("trace", [True, False])
def test_judgements_go_to_other_processes(pack: optam_rules.Pack, trace: bool) -> None:
    """Pickled and read back, a judgement is equal, steps included."""
    judgement = _judged(pack, {}, trace=trace)
    back = pickle.loads(pickle.dumps(judgement))
    assert judgement == back
    assert [answer.because for answer in judgement.answers.values()] == [answer.because for answer in back.answers.values()]
