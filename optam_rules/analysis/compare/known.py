"""From the tests that two packs carry to witnesses among their records: people wrote them, so they read well and cost little to try.

What no test shows is left to `prove.discharge`.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence

from optam_rules.analysis.judging import judge, judge_with_trace
from optam_rules.analysis.obligations import Comparison, Side, broken, window
from optam_rules.analysis.replay import plainest, replayed
from optam_rules.analysis.verdict import Refuted, Spent
from optam_rules.core.case import Case
from optam_rules.core.judgement import Outcome, Status
from optam_rules.core.program import TestCase
from optam_rules.core.references import read_references
from optam_rules.core.schema import read_record


def refuted_by_tests(obligations: Sequence[Comparison], *, examples: int) -> dict[int, Refuted]:
    """Return, by place, the comparisons of two same sides that the record of a test breaks: the smallest such record, made plainer.

    At most `examples` records are tried, the smallest first. One that both sides answer with a value tells more than one that a side
    leaves unknown: that one is kept only where no other is found.
    """
    if not obligations:
        return {}
    old, new, days = obligations[0].old, obligations[0].new, window(obligations[0])
    best: dict[int, Case] = {}
    told: set[int] = set()  # those of which both sides have a value
    drawn = 0
    for case in sorted(_cases(old, new), key=_size):
        left = [place for place in range(len(obligations)) if place not in told]
        if not left or drawn == examples:
            break
        if old.day is None and case.on not in days:
            continue
        drawn += 1
        before = _judged(old, case, list(dict.fromkeys(obligations[place].old_path for place in left)))
        after = _judged(new, case, list(dict.fromkeys(obligations[place].new_path for place in left)))
        if before is None or after is None:
            continue
        for place in left:
            outcomes = before[obligations[place].old_path], after[obligations[place].new_path]
            if broken(obligations[place], outcomes):
                known = all(outcome.status is Status.KNOWN for outcome in outcomes)
                if known:
                    told.add(place)
                if known or place not in best:
                    best[place] = case
    found = ((place, replayed(obligations[place], case)) for place, case in sorted(best.items()))
    spent = Spent(drawn=drawn, decided=drawn)
    return {place: Refuted(plainest(obligations[place], witness), spent) for place, witness in found if witness is not None}


def judged(side: Side, case: Case, path: str) -> Outcome | None:
    """Judge one answer of a case on one side, with its trace, its own step first; `None` where the side refuses the record."""
    outcomes = _judged(side, case, [path], trace=True)
    return None if outcomes is None else outcomes[path]


def _cases(old: Side, new: Side) -> Iterator[Case]:
    """Yield the records of the tests of both sides, each once, with a reading of every open question."""
    first = {name: question.readings[0] for side in (new, old) for name, question in side.program.hypotheses.items()}
    seen: set[str] = set()
    for test in (*new.program.tests, *old.program.tests):
        text = _text(test)
        if text not in seen:
            seen.add(text)
            tables = {name: {_keys(key): value for key, value in rows.items()} for name, rows in test.references.items()}
            yield Case(test.record, old.day or test.on, first | dict(test.assume), tables)


def _text(test: TestCase) -> str:
    return repr((test.record, test.on, sorted(test.assume.items()), test.references))


def _keys(key: object) -> tuple[object, ...]:
    return key if isinstance(key, tuple) else (key,)


def _size(case: Case) -> tuple[int, str]:
    text = json.dumps(case.record, default=str, sort_keys=True)
    return len(text) + sum(len(rows) * 20 for rows in case.references.values()), text


def _judged(side: Side, case: Case, paths: Sequence[str], *, trace: bool = False) -> Mapping[str, Outcome] | None:
    program = side.program
    record, _ = read_record(program, case.record, ignore_unknown_fields=True)
    tables, faults = read_references(program, {name: dict(rows) for name, rows in case.references.items() if name in program.references})
    if record is None or faults:
        return None
    readings = {name: reading for name, reading in case.readings.items() if name in program.hypotheses} | dict(side.readings)
    ask = judge_with_trace if trace else judge
    return ask(program, record, side.day or case.on, answers=paths, assume=readings, references=tables).outcomes
