"""Measure rows: what it costs to load a pack and to judge one record at a time, as ratios to code written by hand in the same run.

`python -m benchmarks.rows` prints a table; a rate is the best of several rounds, each round running every engine in turn, so that a machine
that slows down slows all of them. Times are the processor's, of this process or of fresh ones. Nothing here is a test: the table is
read, not asserted; the answers are, against the code written by hand, before anything is timed.
"""

from __future__ import annotations

import datetime as dt
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any, cast

import optam_rules
from benchmarks.optam16 import by_hand
from benchmarks.optam16.by_hand import ANSWERS, RATES
from benchmarks.optam16.records import columns, integers, raw_record
from optam_rules.analysis import judging
from optam_rules.core.program import Program
from optam_rules.core.record import Record
from optam_rules.core.schema import RecordReader

PACK = Path(__file__).parent / "optam16" / "pack"
DAY = dt.date(2017, 6, 8)
RECORDS, SLOW, TRACED, ROUNDS = 5_000, 1_000, 50, 7
WARM, FRESH = 50, 7  # records judged before, and fresh processes, of which the best is told
ONE = ("prime_due",)
_LOADED = """
import time
start = time.process_time()
import optam_rules
imported = time.process_time()
load = optam_rules.load
ready = time.process_time()
pack = load("cm-2016")
loaded = time.process_time()
from datetime import date
record = {"identifiant": "A", "secteur": "secteur_2"}
pack.evaluate(record, on=date(2017, 6, 8), answers=["eligible_optam"], trace=False)
first = time.process_time()
pack.evaluate(record, on=date(2017, 6, 8), answers=["eligible_optam"], trace=False)
second = time.process_time()
print(imported - start, ready - imported, loaded - ready, first - loaded, second - first)
"""
# What is imported on the way is not counted: it serves every pack.
_HELD = """
import gc, os, tracemalloc
from datetime import date
import optam_rules
from benchmarks.optam16.records import columns, integers, raw_record
load, pack, drawn = optam_rules.load, os.environ["OPTAM_PACK"], integers(columns(100))
raws = [{"identifiant": "A", "secteur": "secteur_2"}] * 100 if pack == "cm-2016" else [raw_record(each) for each in drawn]
def judged(held):
    call = held.prepare(on=date(2017, 6, 8))
    for raw in raws:
        call.evaluate(raw)
    return call
import optam_rules.backends.row.whole, optam_rules.core.quick
tracemalloc.start()
held = load(pack)
gc.collect()
loaded = tracemalloc.get_traced_memory()[0]
call = judged(held)
gc.collect()
print(loaded / 2**20, (tracemalloc.get_traced_memory()[0] - loaded) / 2**20)
"""
_ATTRS = "import time; start = time.process_time(); import attrs; print(time.process_time() - start)"


def main() -> None:
    """Print the table."""
    program = optam_rules.load(PACK).program
    drawn = integers(columns(RECORDS))
    raws = [raw_record(record) for record in drawn]
    reader = RecordReader(program)
    records = [cast("Record", reader.read(raw)[0]) for raw in raws]
    print(f"{_agreeing(program, drawn, records)} records agree with the code written by hand, {len(ANSWERS)} answers each")
    for name, rate, ratio in _rates(program, drawn, raws, records):
        print(f"{name:58} {rate:12,.0f} a second {ratio:8.3f} of by hand")
    for name, milliseconds in loading().items():
        print(f"{name:58} {milliseconds:12.2f} ms")
    for name, held in memory().items():
        print(f"{name + ', held':58} {held['loaded']:12.2f} MiB, its compiled functions {held['compiled']:.2f} MiB")


def _agreeing(program: Program, drawn: Sequence[Mapping[str, int]], records: Sequence[Record]) -> int:
    """Compare every answer with the code written by hand. Raises ValueError at the first that differs."""
    judge = judging.prepare(program, DAY, answers=ANSWERS, assume={}, references={})
    for integer, record in zip(drawn, records, strict=True):
        expected = by_hand.answers(integer)
        outcomes = judge(record).outcomes
        for name, value in zip(ANSWERS, expected, strict=True):
            wanted = Fraction(cast("int", value), 1_000_000) if name in RATES else value
            if outcomes[name].value != wanted:
                raise ValueError(f"{name}: {outcomes[name].value} instead of {wanted} for {integer}")
    return len(records)


def _rates(
    program: Program, drawn: Sequence[Mapping[str, int]], raws: Sequence[Mapping[str, Any]], records: Sequence[Record]
) -> list[tuple[str, float, float]]:
    """Return each engine's rate and its ratio to the code written by hand."""
    pack = optam_rules.load(PACK)
    whole = judging.prepare(program, DAY, answers=ANSWERS, assume={}, references={})
    one = judging.prepare(program, DAY, answers=ONE, assume={}, references={})
    traced = judging.prepare_with_trace(program, DAY, answers=ANSWERS, assume={}, references={})
    call, single = pack.prepare(on=DAY, answers=ANSWERS), pack.prepare(on=DAY, answers=ONE)
    telling, reader = pack.prepare(on=DAY, answers=ANSWERS, trace=True), RecordReader(program)

    def looked_at(record: Record) -> list[object]:
        return [answer.value for answer in call.judge(record).answers.values()]

    def written_out(record: Record) -> list[object]:
        return [answer.because for answer in telling.judge(record).answers.values()]

    def each_time(raw: Mapping[str, Any]) -> object:
        return pack.evaluate(raw, on=DAY, answers=ANSWERS, trace=False)

    engines: dict[str, tuple[Callable[[Any], object], Sequence[Any]]] = {
        "by hand, all answers, from a mapping of integers": (by_hand.answers, drawn),
        "compiled rows, all answers, from records already read": (whole, records),
        "compiled rows, one answer, from records already read": (one, records),
        "judgements, all answers": (call.judge, records),
        "judgements, one answer": (single.judge, records),
        "judgements, every value looked at, in public units": (looked_at, records[:SLOW]),
        "judgements with trace, steps left alone": (telling.judge, records),
        "judgements with trace, every step written out": (written_out, records[:TRACED]),
        "the interpreter, all answers, with trace": (traced, records[:TRACED]),
        "reading plain mappings, alone": (reader.read, raws[:SLOW]),
        "the same the long way, as where there is a fault": (reader.read_drafted, raws[:TRACED]),
        "judgements from plain mappings, `Call.evaluate`": (call.evaluate, raws[:SLOW]),
        "judgements from plain mappings, `Pack.evaluate`": (each_time, raws[:SLOW]),
    }
    for engine, items in engines.values():
        _rate(engine, items[:WARM])
    best = dict.fromkeys(engines, 0.0)
    for _ in range(ROUNDS):
        for name, (engine, items) in engines.items():
            best[name] = max(best[name], _rate(engine, items))
    first = next(iter(best.values()))
    return [(name, rate, rate / first) for name, rate in best.items()]


def _rate(engine: Callable[[Any], object], items: Sequence[Any]) -> float:
    start = time.process_time()
    for item in items:
        engine(item)
    return len(items) / (time.process_time() - start)


def loading() -> dict[str, float]:
    """Time fresh processes in turn, in milliseconds: the best of each, for a shared machine only ever adds to it.

    Modules are read from their bytecode, as an installed package's are.
    """
    with tempfile.TemporaryDirectory() as folder:
        bytecode = {"PYTHONPYCACHEPREFIX": f"{folder}/bytecode", "PYTHONDONTWRITEBYTECODE": ""}
        cached = bytecode | {"OPTAM_CACHE": f"{folder}/packs"}
        _fresh(_LOADED, cached)
        source = _fresh(_LOADED, bytecode | {"OPTAM_CACHE": "non"})
        pairs = [(_fresh(_ATTRS, bytecode)[0], _fresh(_LOADED, cached)) for _ in range(FRESH)]
    least = [min(times) for times in zip(*(times for _, times in pairs), strict=True)]
    found = {
        "import attrs": min(alone for alone, _ in pairs),
        "import optam_rules": least[0],
        "import what judges, at the first use": least[1],
        "load cm-2016 from its texts": source[2],
        "load cm-2016 from the cache": least[2],
        "first answer after that": least[3],
        "second answer": least[4],
    }
    return {name: seconds * 1000 for name, seconds in found.items()}


def memory() -> dict[str, dict[str, float]]:
    """Return what packs hold in fresh processes, in MiB: read from the cache, and more once the functions of all answers are compiled."""
    with tempfile.TemporaryDirectory() as folder:
        found = {}
        for name, pack in (("cm-2016", "cm-2016"), ("optam-16", str(PACK))):
            _fresh(_HELD, {"OPTAM_CACHE": folder, "OPTAM_PACK": pack})
            loaded, compiled = _fresh(_HELD, {"OPTAM_CACHE": folder, "OPTAM_PACK": pack})
            found[name] = {"loaded": loaded, "compiled": compiled}
    return found


def _fresh(code: str, variables: Mapping[str, str]) -> list[float]:
    found = subprocess.run([sys.executable, "-c", code], env={**os.environ, **variables}, capture_output=True, text=True, check=True)
    return [float(word) for word in found.stdout.split()]


if __name__ == "__main__":
    main()
