"""The loop compiled from rules: what Numba makes of it beside the reference, and the rows that it leaves to the plan."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

import numpy as np
import pytest

from optam_rules.backends.columnar.fused.judge import Fuser, judge_fused
from optam_rules.backends.columnar.fused.kernel import Loop, interpreted
from optam_rules.backends.columnar.fused.kernel import compiled as machine_code
from optam_rules.backends.columnar.fused.pieces import LARGEST, CannotFuseError, Lines, Num, constant
from optam_rules.backends.columnar.judge import Columns
from optam_rules.backends.columnar.records import frame_of
from optam_rules.base.numbers import Rounding, round_to
from optam_rules.core.program import Program
from tests.conformance.backends import REFERENCE, Asked, row_of
from tests.conformance.test_backends import whole
from tests.support.programs import compiled

ON = dt.date(2017, 6, 8)
RULES = """
énumération couleur { rouge "Rouge" ; vert "Vert" ; bleu "Bleu" }
entité principale dossier "Dossier"
  donnée n : entier entre -1_000_000 et 1_000_000 "n"
  donnée m : entier "m"
  donnée p : montant entre 0 € et 10_000_000 € "p"
  donnée q : montant "q"
  donnée b : booléen "b"
  donnée c : booléen facultative "c"
  donnée d : date "d"
  donnée k : couleur "k"
  donnée xs : liste de ligne "lignes"
entité ligne "Ligne"
  donnée i : entier "i"
  donnée v : montant "v"
règle demi : taux vaut n / 2 arrondi à 100 % (demi supérieur)
règle pair : taux vaut n / 2 arrondi à 100 % (demi pair)
règle dessous : taux vaut n / 4 arrondi à 100 % (inférieur)
règle dessus : taux vaut n / 4 arrondi à 100 % (supérieur)
règle part : taux vaut p / q arrondi à 0.1 % (demi supérieur)
règle exacte : taux vaut p / q
règle gardee : taux vaut p / q si q > 0 € sinon 0 % arrondi à 0.0001 % (demi supérieur)
règle produit : entier vaut m * m
règle total : montant vaut somme(e.v pour e dans xs)
règle supposee : booléen hypothèse "à défaut de texte" vaut vrai
règle une_chere : booléen vaut existe(e.v > 10 € et supposee pour e dans xs)
règle avec_total : booléen vaut total > q ou b
table selon_couleur : taux selon k ; b
  | rouge          | *    -> 10 %
  | { vert ; bleu } | vrai -> 20 %
  | sinon -> 30 %
règle payee : montant vaut p * selon_couleur arrondi à 0.01 € (demi supérieur)
règle base : entier vaut 1
exception tardive de base selon caisse "lettre" si d > 2017-01-01 vaut 2
exception verte de base selon doctrine "revue" si k = vert l'emporte sur tardive vaut 3
règle contestee : entier vaut 0
exception une de contestee si b vaut 1
exception autre de contestee si k = rouge vaut 2
règle sure : booléen vaut b ou c
"""


def judged(program: Program, raws: Sequence[Mapping[str, Any]], build: Any, answers: Sequence[str] | None = None) -> tuple[Asked, Columns]:
    """Judge records together by a loop."""
    asked = Asked(program, raws, ON, list(answers or program.answers_by_path), {}, {})
    frame = frame_of(program, asked.records)
    columns = judge_fused(program, frame, ON, answers=asked.answers, assume={}, references={}, fuser=Fuser(program, build))
    return asked, columns


def by_loop(columns: Columns) -> int:
    """Return how many records the loop judged."""
    return 0 if columns.fused is None else int(np.count_nonzero(columns.fused))


def agree(asked: Asked, columns: Columns) -> None:
    """Hold every answer against the reference."""
    for place, expected in enumerate(REFERENCE(asked)):
        found = row_of(columns, len(asked.raws), place)
        assert not found.beyond
        for path, outcome in found.outcomes.items():
            assert whole(expected.outcomes[path], "columnar") == whole(outcome, "columnar"), (path, asked.raws[place])


def record(place: int, **other: Any) -> dict[str, Any]:
    """Return a record that tells all, a different one for each place: odd and even numbers on both sides of zero, every colour."""
    return {
        "n": place - 20,
        "m": 1000 * place,
        "p": f"{place * 7}.{place % 100:02d}",
        "q": f"{place * 3 + 1}.50",
        "b": place % 2 == 0,
        "c": place % 3 == 0,
        "d": f"2017-01-{1 + place % 3:02d}",
        "k": ("rouge", "vert", "bleu")[place % 3],
        "xs": [{"i": 1, "v": f"{place}.10"}, {"i": 2, "v": "0.05"}],
        **other,
    }


@pytest.fixture(scope="module")
def machine() -> Loop:
    """Return what builds machine code, where Numba is installed."""
    pytest.importorskip("numba")
    return machine_code  # type: ignore[return-value]


def test_machine_code_answers_as_the_reference(machine: Any) -> None:
    """Complete records, halves under and over zero, beside records with an absence, a zero divisor, a conflict or a huge number.

    Of 44 records, the loop leaves those that are not whole for it: four told below, and every even one whose colour is red, for which two
    exceptions are in conflict (places 0, 6, 12, 18, 24, 30, 36: seven). Lines above 10 € rest on our hypothesis (places 10 on), others on
    the text: the fewer are left too, places 0 to 9 but the two told already.
    """
    others = [record(41, q="0.00"), record(43, k=None), record(45, m=4_000_000_000_000_000_000), record(47, c="sans_objet", b=False)]
    asked, columns = judged(compiled(RULES), [*(record(place) for place in range(40)), *others], machine)
    agree(asked, columns)
    assert by_loop(columns) == 44 - 4 - 7 - 8


def test_the_same_text_as_python() -> None:
    """Run as Python, the loop leaves the same rows and answers the same."""
    others = [record(41, q="0.00"), record(43, k=None), record(45, m=4_000_000_000_000_000_000), record(47, c="sans_objet", b=False)]
    asked, columns = judged(compiled(RULES), [*(record(place) for place in range(40)), *others], interpreted)
    agree(asked, columns)
    assert by_loop(columns) == 44 - 4 - 7 - 8


def test_an_answer_seldom_known_does_not_spoil_the_others() -> None:
    """Where most records do not tell a datum, the answers that read it are the plan's, and the loop judges the others on all rows."""
    raws = [record(place, c=None if place % 4 else True, k="vert") for place in range(12)]
    asked, columns = judged(compiled(RULES), raws, interpreted, ["sure", "demi", "gardee", "payee"])
    agree(asked, columns)
    assert by_loop(columns) == 12


def test_nothing_to_judge_and_nothing_known() -> None:
    """No record, or records that tell nothing, are the plan's alone."""
    for raws in ([], [{}, {}]):
        asked, columns = judged(compiled(RULES), raws, interpreted)
        agree(asked, columns)
        assert by_loop(columns) == 0


@pytest.mark.parametrize("mode", Rounding)
def test_rounding_is_the_one_implementation(mode: Rounding, machine: Any) -> None:
    """Layouts and their neighbours, to 1, 0.01 and 100, over 2 and over 400, under and over zero, are those of `base.numbers`."""
    numbers = [*range(-9, 10), 10**9 + 1, -(10**9) - 1]
    for den, quantum in ((2, 1), (400, Fraction(1, 100)), (2, 100)):
        lines = Lines()
        found, lost = lines.rounded(Num("x0", -(2**40), 2**40, den, den), quantum, mode)
        assert lost == "False"
        body = "\n        ".join(["x0 = a[i]", *lines.needed([found.code]), f"o[i] = {found.code}"])
        given, made = np.array(numbers, np.int64), np.empty(len(numbers), np.int64)
        machine(f"def loop(a, o, n):\n    for i in range(n):\n        {body}\n")(given, made, len(numbers))
        assert isinstance(found.den, int)
        assert [round_to(Fraction(x, den), quantum, mode) for x in numbers] == [Fraction(value, found.den) for value in made.tolist()]


def test_what_never_fits_is_not_the_loops() -> None:
    """A constant beyond a limit, or a number whose bounds both are on one side, would be lost on every row, and may pass 64 bits."""
    for number in (Num("11", 11, 11), Num("x0", 11, 20), Num("x0", -20, -11)):
        with pytest.raises(CannotFuseError):
            Lines().fitting(number, 10)
    assert Lines().fitting(Num("10", 10, 10), 10) == (Num("10", 10, 10), "False")


def test_what_may_not_fit_is_left() -> None:
    """A product of numbers up to 2^40 does not fit 62 bits: rows beyond 2^31 are lost, and the product is at most 2^62."""
    lines = Lines()
    wide = Num("x0", -(2**40), 2**40)
    product, lost = lines.product(wide, Num("x1", -(2**40), 2**40))
    assert product.size == LARGEST
    assert lines.needed([lost]) == [
        "v0 = (x0 > 2147483648) | (x0 < -2147483648)",
        "v1 = (x1 > 2147483648) | (x1 < -2147483648)",
        "v2 = v0 | v1",
    ]
    with pytest.raises(CannotFuseError):
        constant(LARGEST + 1)
