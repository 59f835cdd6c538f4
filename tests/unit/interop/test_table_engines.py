"""The engines of a table: NumPy and the compiled loop give the same columns, and tell which judged; what is missing is named."""

from __future__ import annotations

import datetime as dt
import importlib.util
from decimal import Decimal
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pytest

from optam_rules import CallError, MissingExtraError, Pack
from optam_rules.interop import table_engines
from optam_rules.library.manifest import Manifest
from tests.support.programs import compiled

ON = dt.date(2017, 6, 8)
RULES = """
énumération couleur { rouge "Rouge" ; vert "Vert" }
entité principale dossier "Dossier"
  donnée identifiant : chaîne "Identifiant"
  donnée p : montant entre 0 € et 10_000_000 € "p"
  donnée q : montant entre 0 € et 10_000_000 € "q"
  donnée n : entier "n"
  donnée t : taux entre 0 % et 100 % "t"
  donnée k : couleur "k"
  donnée b : booléen "b"
  donnée d : date "d"
règle part : taux vaut p / q si q > 0 € sinon 0 % arrondi à 0.0001 % (demi supérieur)
règle exacte : taux vaut p / q
règle due : montant vaut p * t arrondi à 0.01 € (demi pair)
règle tenue : booléen vaut part <= t et b
règle double : entier vaut n * 2
règle autre : couleur vaut rouge si b sinon k
règle le_jour : date vaut d
règle rang : entier vaut 1
exception tardive de rang selon caisse "lettre" si d > 2017-01-15 vaut 2
"""


@pytest.fixture
def pack() -> Pack:
    """Return a pack of one text."""
    program = compiled(RULES)
    return Pack(program, Manifest(program.id, program.title, program.version, None, program.interval, None, ()))


def records(size: int) -> pa.Table:
    """Return rows of every kind: complete, with a null here and there, without divisor, out of bounds, with numbers of 62 bits."""
    rows = range(size)
    return pa.table(
        {
            "identifiant": [f"P{row}" for row in rows],
            "p": pa.array([None if row % 11 == 3 else Decimal(row * 12_345) / 100 for row in rows], pa.decimal128(18, 2)),
            "q": pa.array([Decimal(-1 if row % 29 == 7 else row % 13 * 4_000) / 100 for row in rows], pa.decimal128(18, 2)),
            "n": pa.array([2**61 + row if row % 17 == 5 else -row for row in rows], pa.int64()),
            "t": pa.array([Decimal(row % 101) / 100 for row in rows], pa.decimal128(5, 2)),
            "k": pa.array([None if row % 23 == 9 else ("rouge", "vert")[row % 2] for row in rows]).dictionary_encode(),
            "b": pa.array([None if row % 31 == 4 else row % 3 == 0 for row in rows]),
            "d": pa.array([dt.date(2017, 1, 1 + row % 31) for row in rows]),
        }
    )


def judged(pack: Pack, data: Any, engine: str, **asked: Any) -> pa.Table:
    """Judge by an engine; what counts the compiled rows is left in the metadata."""
    return pack.evaluate_table(data, on=ON, engine=engine, **asked)


def told(table: pa.Table) -> int:
    """Return how many records the loop judged."""
    assert table.schema.metadata is not None
    return int(table.schema.metadata[b"optam.compiled"])


@pytest.mark.parametrize("rates", ["text", "decimal"])
def test_both_engines_give_the_same_columns(pack: Pack, rates: str) -> None:
    """Row by row and column by column, over several batches and threads; NumPy compiles nothing, the kernel judges most rows."""
    pytest.importorskip("numba")
    data = records(400)
    by_numpy, by_kernel = (judged(pack, data, engine, rates=rates, batch_size=64) for engine in ("numpy", "kernel"))
    assert by_numpy.equals(by_kernel)
    assert by_kernel.column("refused").null_count == 400 - len([row for row in range(400) if row % 29 == 7])
    assert told(by_numpy) == 0
    assert 200 < told(by_kernel) < 400


def test_a_fault_in_a_later_block(pack: Pack) -> None:
    """Decimals that the loop reads itself: of 20,000 rows, one out of bounds, or of 70 bits, is refused, and no other changes."""
    pytest.importorskip("numba")
    some = records(64).drop_null()
    sound = some.filter(pc.greater_equal(some["q"], Decimal(0))).slice(0, 32)
    rows = 625 * len(sound)
    whole = pa.concat_tables([sound] * 625).combine_chunks()
    whole = whole.set_column(0, "identifiant", pa.array([f"P{row}" for row in range(rows)]))
    clean = judged(pack, whole, "kernel")
    assert clean.equals(judged(pack, whole, "numpy"))
    for wrong in (Decimal("-0.01"), Decimal(2**70)):
        held = whole["q"].cast(pa.decimal128(38, 2)).to_pylist()
        held[19_000] = wrong
        data = whole.set_column(2, "q", pa.array(held, pa.decimal128(38, 2)))
        found = judged(pack, data, "kernel")
        assert found.equals(judged(pack, data, "numpy"))
        assert [row for row, faults in enumerate(found["refused"].to_pylist()) if faults] == [19_000]
        assert found.slice(0, 19_000).equals(clean.slice(0, 19_000))


def test_a_refused_row_is_not_one_that_the_kernel_judged(pack: Pack) -> None:
    """Of six complete rows, one out of bounds, and one whose double passes 2^63, are refused: the kernel judged four, no more than were."""
    pytest.importorskip("numba")
    data = records(64).drop_null()
    held = data.filter(pc.and_(pc.greater(data["q"], Decimal(0)), pc.less(data["n"], 1))).slice(0, 6)
    for name, row, wrong in (("q", 1, Decimal("-0.01")), ("n", 4, 2**63 - 1)):
        values = held[name].to_pylist()
        values[row] = wrong
        held = held.set_column(held.schema.get_field_index(name), name, pa.array(values, held.schema.field(name).type))
    found = judged(pack, held, "kernel", answers=["part", "double"])
    assert [row for row, faults in enumerate(found["refused"].to_pylist()) if faults] == [1, 4]
    assert told(found) == 4
    assert told(judged(pack, held.slice(1, 1), "kernel", answers=["part"])) == 0


@pytest.mark.parametrize("scale", [9, 18, 30])
def test_decimals_whose_product_no_integer_of_64_bits_holds(scale: int) -> None:
    """0.5 * 0.5 * 0.5 is 0.125, 12.50 % of one: over 10^9, 10^18 and 10^30, whose cubes pass 2^62. The other answer is compiled."""
    pytest.importorskip("numba")
    data = 'entité principale dossier "Dossier"\n  donnée t : taux "t"\n  donnée b : booléen "b"\n'
    program = compiled(data + "règle cube : taux vaut t * t * t arrondi à 0.01 % (demi pair)\nrègle contraire : booléen vaut non b\n")
    pack = Pack(program, Manifest(program.id, program.title, program.version, None, program.interval, None, ()))
    table = pa.table({"t": pa.array([Decimal("0.5"), Decimal("-0.5"), Decimal("0.1")], pa.decimal128(38, scale)), "b": [True, False, True]})
    found = judged(pack, table, "kernel")
    assert found["cube"].to_pylist() == ["0.125", "-0.125", "0.001"]
    assert found["contraire"].to_pylist() == [False, True, False]
    assert told(found) == 3


def test_pieces_slices_and_nothing(pack: Pack) -> None:
    """A table of several chunks, a slice of one that begins inside a byte of its bitmaps, and a table without rows."""
    pytest.importorskip("numba")
    whole = records(200)
    for data in (pa.concat_tables([whole.slice(0, 70), whole.slice(70, 3), whole.slice(73)]), whole.slice(13, 101), whole.slice(0, 0)):
        by_numpy, by_kernel = (judged(pack, data, engine) for engine in ("numpy", "kernel"))
        assert by_numpy.equals(by_kernel)
        assert by_kernel.num_rows == data.num_rows


def test_records_are_judged_by_it_too(pack: Pack) -> None:
    """A list of records, as a table of them."""
    pytest.importorskip("numba")
    raws = [{name: value for name, value in row.items() if value is not None} for row in records(60).to_pylist()]
    by_numpy, by_kernel = (judged(pack, raws, engine) for engine in ("numpy", "kernel"))
    assert by_numpy.equals(by_kernel)
    assert told(by_kernel) > 0


def test_auto_compiles_for_long_tables_alone(pack: Pack, monkeypatch: pytest.MonkeyPatch) -> None:
    """Left to itself, a call compiles once it has judged so many records; a loop compiled for that day serves every call after that."""
    pytest.importorskip("numba")
    day = dt.date(2018, 2, 3)  # no other test asks for it
    data = records(64).slice(0, 40)
    assert told(pack.evaluate_table(data, on=day)) == 0
    monkeypatch.setattr(table_engines, "WORTH_COMPILING", 16)
    later = told(pack.evaluate_table(data, on=day, batch_size=8))
    assert 0 < later < 40
    monkeypatch.setattr(table_engines, "WORTH_COMPILING", 1 << 22)
    assert told(pack.evaluate_table(data, on=day)) >= later


def test_without_numba(pack: Pack, monkeypatch: pytest.MonkeyPatch) -> None:
    """Asked for, the kernel tells which extra brings it; left to itself, NumPy judges."""
    found = importlib.util.find_spec
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None if name == "numba" else found(name))
    monkeypatch.setattr(table_engines, "WORTH_COMPILING", 0)
    with pytest.raises(MissingExtraError) as caught:
        judged(pack, records(3), "kernel")
    (fault,) = caught.value.diagnostics
    assert fault.code == "E701"
    assert "optam-rules[kernel]" in str(fault.hint)
    assert told(judged(pack, records(3), "auto")) == 0


def test_an_engine_that_is_none(pack: Pack) -> None:
    """An unknown engine is named, with those that there are."""
    with pytest.raises(CallError) as caught:
        judged(pack, records(3), "gpu")
    (fault,) = caught.value.diagnostics
    assert fault.code == "E827"
    assert "numpy" in fault.message
