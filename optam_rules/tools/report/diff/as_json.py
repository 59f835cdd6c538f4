"""A comparison turned into JSON: `diff-1.schema.json`, beside this file, documents every key."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from optam_rules.analysis.compare.change import Change
from optam_rules.analysis.compare.diff import AnswerDiff
from optam_rules.analysis.compare.expected import Unexpected
from optam_rules.analysis.compare.impact import AnswerImpact, Impact, Move, Spread
from optam_rules.analysis.compare.parting import Parting
from optam_rules.analysis.compare.result import Diff, SideInfo
from optam_rules.analysis.verdict import Open, Proved, Refuted, Spent, Verdict
from optam_rules.base.calendar import Interval
from optam_rules.base.phrases import Lang, Word
from optam_rules.base.source import Position
from optam_rules.core.ir import Constant
from optam_rules.core.judgement import Outcome, Step
from optam_rules.core.types import Scalar, Type
from optam_rules.core.values import to_json

SCHEMA = "urn:optam-rules:schema/diff-1.json"


def diff_json(diff: Diff, unexpected: Sequence[Unexpected] | None = None, lang: Lang = "fr") -> dict[str, Any]:
    """Return the JSON form of a comparison; `unexpected` as its declaration of changes left it, absent without one."""
    data: dict[str, Any] = {
        "schema": SCHEMA,
        "old": _side(diff.old),
        "new": _side(diff.new),
        "window": _days(diff.comparison.window),
        "differs": diff.differs,
        "undecided": diff.undecided,
        "answers": [_answer(each, lang) for each in diff.answers],
        "changes": [_change(each) for each in diff.comparison.alignment.changes],
    }
    if diff.impact is not None:
        data["impact"] = _impact(diff.impact)
    if unexpected is not None:
        data["unexpected"] = [{"answer": each.answer, "problem": each.problem.told(lang)} for each in unexpected]
    return data


def _side(side: SideInfo) -> dict[str, Any]:
    on = None if side.on is None else side.on.isoformat()
    pack = {"id": side.pack, "version": side.version, "digest": side.digest}
    return {"side": side.text, "pack": pack, "on": on, "assume": dict(side.readings)}


def _text(word: Word | None) -> str | None:
    return None if word is None else str(word)


def _days(interval: Interval) -> dict[str, str | None]:
    return {"from": interval.start.isoformat() if interval.start else None, "to": interval.end.isoformat() if interval.end else None}


def _answer(answer: AnswerDiff, lang: Lang) -> dict[str, Any]:
    data: dict[str, Any] = {
        "kind": str(answer.kind),
        "old": answer.old_path,
        "new": answer.new_path,
        "type": str(answer.type),
        "articles": list(answer.articles),
    }
    if answer.verdict is not None:
        data["verdict"] = _verdict(answer.verdict, lang)
    if answer.direction is not None:
        data["direction"] = {
            "way": str(answer.direction.way),
            "proved": answer.direction.proved,
            "never_higher": _verdict(answer.direction.never_higher, lang),
            "never_lower": _verdict(answer.direction.never_lower, lang),
        }
    if answer.parting is not None:
        data["parting"] = _parting(answer.parting)
    return data


def _verdict(verdict: Verdict, lang: Lang) -> dict[str, Any]:
    match verdict:
        case Proved(scope, spent):
            return {"verdict": "proved", "scope": scope.told(lang), "spent": _spent(spent)}
        case Open(reason, spent):
            return {"verdict": "open", "reason": reason.told(lang), "spent": _spent(spent)}
        case Refuted(witness, spent):
            found = {
                "record": witness.record,
                "on": witness.on.isoformat(),
                "references": {
                    name: [{"keys": [_raw(key) for key in keys], "value": _raw(value)} for keys, value in rows.items()]
                    for name, rows in witness.references.items()
                },
                "sides": [
                    {"on": replay.on.isoformat(), "assume": dict(replay.readings), "answer": _outcome(replay.outcome)}
                    for replay in witness.replays
                ],
            }
            return {"verdict": "refuted", "witness": found, "spent": _spent(spent)}


def _raw(value: object) -> object:
    return value if isinstance(value, bool | int | str | None) else str(value)


def _spent(spent: Spent) -> dict[str, Any]:
    """Tell what was drawn and tried; not the time, which makes two runs differ."""
    return {"drawn": spent.drawn, "decided": spent.decided, "encodings": list(spent.encodings)}


def _outcome(outcome: Outcome) -> dict[str, Any]:
    data: dict[str, Any] = {"status": str(outcome.status), "value": _value(outcome.value, outcome.type)}
    if outcome.needs:
        data["needs"] = sorted(outcome.needs)
    return data


def _value(value: Constant | None, type_: Type) -> Any:
    return None if value is None else to_json(value, type_)


def _parting(found: Parting) -> dict[str, Any]:
    return {
        "old": _step(found.old),
        "new": _step(found.new),
        "parameters": [
            {"name": name, "old": _value(before, type_), "new": _value(after, type_)} for name, type_, before, after in found.parameters
        ],
    }


def _step(step: Step | None) -> dict[str, Any] | None:
    if step is None:
        return None
    return {
        "step": step.key,
        "definition": step.definition,
        "article": step.article,
        "exception": step.taken,
        "status": str(step.status),
        "value": _value(step.value, step.type),
    }


def _change(change: Change) -> dict[str, Any]:
    return {
        "what": change.what.name.lower(),
        "how": str(change.how),
        "name": change.name,
        "old_name": change.old_name,
        "owner": change.owner,
        "of_substance": change.of_substance,
        "old": _place(change.old, change.old_article),
        "new": _place(change.new, change.new_article),
        "aspects": [{"name": each.name, "old": _text(each.old), "new": _text(each.new)} for each in change.aspects],
    }


def _place(position: Position | None, article: str | None) -> dict[str, Any] | None:
    if position is None:
        return None
    return {"file": position.file, "line": position.line, "column": position.column, "article": article}


def _impact(found: Impact) -> dict[str, Any]:
    return {
        "compared": found.compared,
        "changed": len(found.touched),
        "refused": [
            {
                "identifiant": each.identifiant,
                "position": each.position,
                "old": [fault.to_json() for fault in each.old_faults],
                "new": [fault.to_json() for fault in each.new_faults],
            }
            for each in found.refused
        ],
        "answers": [_answer_impact(each) for each in found.answers],
        "groups": {name: dict(values) for name, values in found.groups.items()},
        "compared_groups": {name: dict(values) for name, values in found.totals.items()},
        "records": [
            {"identifiant": each.identifiant, "position": each.position, "answers": {move.path: _move(move) for move in each.moves}}
            for each in found.touched
        ],
    }


def _answer_impact(answer: AnswerImpact) -> dict[str, Any]:
    data: dict[str, Any] = {
        "answer": answer.path,
        "changed": answer.changed,
        "shifts": [{"old": before, "new": after, "records": number} for (before, after), number in answer.shifts.items()],
        "groups": {name: dict(values) for name, values in answer.groups.items()},
    }
    if answer.spread is not None:
        data["spread"] = _spread(answer.spread, _delta_type(answer.type))
    return data


def _delta_type(type_: Type) -> Type:
    """Return the type of a difference: one of rates is in points."""
    return Scalar.POINTS if type_ is Scalar.RATE else type_


def _spread(spread: Spread, type_: Type) -> dict[str, Any]:
    return {
        "records": spread.count,
        "lower": spread.lower,
        "higher": spread.higher,
        "minimum": to_json(spread.minimum, type_),
        "median": to_json(spread.median, type_),
        "maximum": to_json(spread.maximum, type_),
    }


def _move(move: Move) -> dict[str, Any]:
    data = {"old": _outcome(move.old), "new": _outcome(move.new)}
    if move.delta is not None:
        data["delta"] = to_json(move.delta, _delta_type(move.new.type))
    return data
