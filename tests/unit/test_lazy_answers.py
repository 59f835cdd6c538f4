"""Judgements made of the items of one function: what is looked at is what the interpreter gives, in public units."""

from __future__ import annotations

import datetime as dt
import pickle
from decimal import Decimal
from fractions import Fraction

import pytest

from optam_rules.analysis.judging import COLD
from optam_rules.api.calls import Call
from optam_rules.backends.interpreter import judge as interpreter
from optam_rules.backends.row.judge import WARM
from optam_rules.core.answers import Judgement
from optam_rules.core.judgement import Status
from optam_rules.core.schema import read_record
from tests.support.programs import compiled

DAY = dt.date(2017, 8, 1)
TEXT = """
énumération couleur { rouge "Rouge" ; vert "Vert" }
entité principale dossier "Dossier"
  donnée nom : chaîne "Nom"
  donnée m : montant entre 0 € et 1_000_000 € "m"
  donnée t : taux entre 0 % et 1000 % "t"
  donnée a : booléen facultative "a"
  donnée quand : date "quand"
  donnée teinte : couleur "teinte"
article 1 "Un" en vigueur du 2017-01-01
  règle montant_double : montant vaut m * 2
  règle fraction_du_taux : taux vaut t / 3
  règle taux_arrondi : taux vaut t arrondi à 1 % (demi supérieur)
  règle nul : taux vaut 0 %
  règle ecart : points vaut t - 10 %
  règle date_vue : date vaut quand
  règle couleur_vue : couleur vaut teinte
  règle entier_vu : entier vaut année civile de quand
  règle fonde : booléen vaut a
  exception selon_la_caisse de fonde selon caisse "lettre" si m > 10 € vaut vrai
"""
PROGRAM = compiled(TEXT)
ANSWERS = tuple(PROGRAM.answers_by_path)
RAW = {"nom": "A", "m": "12.34", "t": "50 %", "a": False, "quand": "2017-02-03", "teinte": "vert"}
# 50 % / 3 is 1/6; 50 % less 10 % is 40 points; over 10 euros the exception of the caisse holds.
VALUES = {
    "montant_double": Decimal("24.68"), "fraction_du_taux": Fraction(1, 6), "taux_arrondi": Fraction(1, 2), "nul": Fraction(0),
    "ecart": Fraction(2, 5), "date_vue": dt.date(2017, 2, 3), "couleur_vue": "vert", "entier_vu": 2017, "fonde": True,
}  # fmt: skip


def _call(*, trace: bool = False, note: str | None = None) -> Call:
    """Return a call that has judged enough records for its function to be compiled."""
    call = Call(PROGRAM, DAY, {}, {}, ANSWERS, trace, "sha256:ab", note)
    for _ in range(COLD + WARM + 1):
        call.evaluate(RAW)
    assert call._function is not None
    return call


def _judged(raw: dict[str, object], *, trace: bool = False, note: str | None = None) -> Judgement:
    return _call(trace=trace, note=note).evaluate(raw)


def test_values_are_in_public_units() -> None:
    """Euros with two places, fractions of rates and points, days, words, integers and booleans: by hand, of the exact type."""
    answers = _judged(RAW).answers
    assert VALUES == {path: answer.value for path, answer in answers.items()}
    assert {path: type(value) for path, value in VALUES.items()} == {path: type(answer.value) for path, answer in answers.items()}
    assert {Status.KNOWN} == {answer.status for answer in answers.values()}
    assert "24.68" == str(answers["montant_double"].value)
    assert ("caisse", "texte") == (answers["fonde"].standing, answers["date_vue"].standing)


@pytest.mark.parametrize("missing", [(), ("m",), ("a", "t"), tuple(RAW)])
@pytest.mark.parametrize("trace", [True, False])
def test_a_judgement_is_the_interpreter_s(missing: tuple[str, ...], trace: bool) -> None:
    """Outcomes whole, with data missing too, with their steps where a trace is asked; the name of the record beside them."""
    raw = {name: value for name, value in RAW.items() if name not in missing}
    record, _ = read_record(PROGRAM, raw)
    assert record is not None
    wanted = interpreter.judge(PROGRAM, record, DAY, answers=ANSWERS, assume={}, references={}, trace=trace)
    judgement = _judged(raw, trace=trace)
    assert wanted == {path: answer.outcome for path, answer in judgement.answers.items()}
    assert (raw.get("nom"), DAY, PROGRAM.id, "sha256:ab") == (judgement.identifiant, judgement.on, judgement.pack, judgement.digest)


@pytest.mark.parametrize("trace", [True, False])
def test_a_judgement_goes_to_another_process_and_compares(trace: bool) -> None:
    """Pickled and read back it is equal, and told in the same words; of another record it is not."""
    judgement = _judged(RAW, trace=trace, note="au-delà")
    back = pickle.loads(pickle.dumps(judgement))
    assert judgement == back
    assert repr(judgement) == repr(back)
    assert judgement != _judged({**RAW, "m": "12.35"}, trace=trace, note="au-delà")
    assert ("au-delà",) == judgement.notes
    assert [("au-delà" in answer.because[0].notes) if trace else answer.because for answer in judgement.answers.values()] == [
        True if trace else () for _ in ANSWERS
    ]


def test_a_judgement_is_not_changed() -> None:
    """What callers read cannot be set, and what they get of it is theirs."""
    judgement = _judged(RAW)
    with pytest.raises(AttributeError):
        judgement.on = DAY  # type: ignore[misc]
    judgement.by_reference["x"] = "y"  # type: ignore[index]
    assert {} == judgement.by_reference
