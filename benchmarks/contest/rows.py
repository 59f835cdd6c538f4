"""Engines that take one record at a time: plain Python as the limit, this package, and peers that Python can call."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any

import optam_rules
from benchmarks.contest.entry import Contestant, Part, Ready, Row, Workload, expected
from benchmarks.contest.printers import C_LIKE, RULE_ENGINE, ZEN, infix, json_logic
from benchmarks.optam16.by_hand import ANSWERS, RATES, answers
from benchmarks.optam16.records import FIELDS, raw_record
from benchmarks.optam16.trees import OPTIONS, RULES, TIERS, inlined
from optam_rules.core.schema import RecordReader

ON = dt.date(2017, 6, 8)
PACK = Path(__file__).parent.parent / "optam16" / "pack"
_MONEY = frozenset({"exces_de_reference", "base_de_reference", "prime_due"})


@cache
def pack() -> optam_rules.Pack:
    """Load the pack of the workload."""
    return optam_rules.load(PACK)


def _by_hand(work: Workload) -> Ready:
    records = work.records
    return Ready(lambda: [answers(record) for record in records], lambda _: expected(records))


def _ours(
    *,
    trace: bool,
    asked: Sequence[str] = ANSWERS,
    looked_at: Callable[[optam_rules.Judgement], Any] | None = None,
    row: Callable[[Any], Row] | None = None,
) -> Callable[[Workload], Ready]:
    def prepare(work: Workload) -> Ready:
        call = pack().prepare(on=ON, answers=asked, trace=trace)
        reader = RecordReader(call.program)
        read = [record for record, _ in map(reader.read, map(raw_record, work.records)) if record is not None]
        told = row or _row
        if looked_at is not None:
            return Ready(lambda: [looked_at(call.judge(record)) for record in read], lambda judged: [told(each) for each in judged])
        return Ready(lambda: [call.judge(record) for record in read], lambda judged: [told(each) for each in judged])

    return prepare


def _written_out(judgement: optam_rules.Judgement) -> dict[str, Any]:
    """Look at every step, which is when they are worked out, and keep the values alone: who writes traces lets go of each one."""
    found: dict[str, Any] = {}
    for name, answer in judgement.answers.items():
        if not answer.because:
            raise ValueError("an answer without steps")
        found[name] = answer.value
    return found


def _read(judgement: optam_rules.Judgement) -> optam_rules.Judgement:
    """Look at the value and the status of every answer, which is when they are made."""
    for answer in judgement.answers.values():
        if answer.value is None or answer.status != "known":
            raise ValueError("an answer without value")
    return judgement


def _ours_from_raw(work: Workload) -> Ready:
    raws = [raw_record(record) for record in work.records]
    judge = pack().evaluate
    return Ready(lambda: [judge(raw, on=ON, answers=ANSWERS, trace=False) for raw in raws], lambda judged: [_row(each) for each in judged])


def _row(judgement: optam_rules.Judgement) -> Row:
    return _row_of({name: answer.value for name, answer in judgement.answers.items()})


def _row_of(values: Mapping[str, Any]) -> Row:
    return tuple(_place(name, values[name]) if name in values else None for name in ANSWERS)


def _place(name: str, value: Any) -> Any:
    if name in RATES:
        return value * 1_000_000
    if name in _MONEY:
        return value * 100
    return OPTIONS.index(value) if name == "option_du_praticien" else TIERS.index(value) if name == "palier" else value


def _listed(results: Sequence[Sequence[Any]]) -> list[Row]:
    return [tuple(result) for result in results]


def _zen(work: Workload) -> Ready:
    zen = import_module("zen")
    text = ", ".join(infix(inlined(name), ZEN) for name in RULES)
    evaluate = zen.compile_expression(f"[{text}]").evaluate
    records = work.records
    return Ready(lambda: [evaluate(record) for record in records], _listed)


def _datalogic(work: Workload) -> Ready:
    engine = import_module("datalogic_py").Engine(templating=True)
    rule = engine.compile({name: json_logic(inlined(name)) for name in RULES})
    records = work.records
    return Ready(
        lambda: [rule.evaluate(record) for record in records], lambda told: [tuple(each[name] for name in ANSWERS) for each in told]
    )


def _cel(work: Workload) -> Ready:
    cel = import_module("cel_expr_python.cel")
    environment = cel.NewEnv(variables=dict.fromkeys(FIELDS, cel.Type.INT))
    compiled = environment.compile(f"[{', '.join(f'dyn({infix(inlined(name), C_LIKE)})' for name in RULES)}]")
    records = work.records
    return Ready(lambda: [compiled.eval(data=record).plain_value() for record in records], _listed)


def _rule_engine(work: Workload) -> Ready:
    rule = import_module("rule_engine").Rule
    rules = [rule(infix(inlined(name), RULE_ENGINE)).evaluate for name in RULES]
    records = work.records
    return Ready(lambda: [[evaluate(record) for evaluate in rules] for record in records], _listed)


ROWS: tuple[Contestant, ...] = (
    Contestant("python-by-hand", Part.LIMIT, _by_hand, remark="a function on a dict, integers in, a tuple out"),
    Contestant(
        "optam",
        Part.OURS,
        _ours(trace=False),
        remark="records read beforehand, sixteen answers, no trace; answers are made when looked at",
    ),
    Contestant(
        "optam-read",
        Part.OURS,
        _ours(trace=False, looked_at=_read),
        remark="the same, and the value and status of every answer looked at: Fraction, Decimal",
    ),
    Contestant(
        "optam-one-answer",
        Part.OURS,
        _ours(trace=False, asked=("taux_plafonne",)),
        remark="one answer of sixteen",
        asked=("taux_plafonne",),
    ),
    Contestant(
        "optam-trace",
        Part.OURS,
        _ours(trace=True, looked_at=_written_out, row=_row_of),
        remark="the full trace of every answer, each step looked at, then let go",
    ),
    Contestant("optam-trace-unread", Part.OURS, _ours(trace=True), remark="the same, steps left alone: they are worked out when looked at"),
    Contestant("optam-from-raw", Part.OURS, _ours_from_raw, remark="`pack.evaluate` on text and numbers as users write them"),
    Contestant("zen-engine", Part.PEER, _zen, "zen-engine", "one expression, intermediate results written out"),
    Contestant("datalogic-py", Part.PEER, _datalogic, "datalogic-py", "one template, quotients through the remainder"),
    Contestant("cel-expr-python", Part.PEER, _cel, "cel-expr-python", "one expression, intermediate results written out"),
    Contestant("rule-engine", Part.PEER, _rule_engine, "rule-engine", "sixteen rules, numbers are Decimal"),
)
