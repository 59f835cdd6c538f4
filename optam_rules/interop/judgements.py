"""From judgements to their JSON contract: `judgements-1.schema.json`, beside this file, documents every key."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

import attrs

from optam_rules.base.diagnostics import Diagnostic
from optam_rules.base.phrases import Lang
from optam_rules.base.source import Position
from optam_rules.core.answers import Judgement
from optam_rules.core.ir import Constant
from optam_rules.core.judgement import Bound, Fault, GuardRead, InputRead, Outcome, Status, Step
from optam_rules.core.types import Type
from optam_rules.core.values import to_json

SCHEMA = "urn:optam-rules:schema/judgements-1.json"


@attrs.frozen
class Header:
    """What all judgements of an output share: the pack and what identifies it, the date (`None` where each record has its own).

    `lang` is the language of messages.
    """

    pack: str
    version: str
    digest: str
    on: dt.date | None
    assume: Mapping[str, str] = attrs.field(factory=dict)
    known_on: dt.date | None = None
    lang: Lang = "fr"


@attrs.frozen
class Judged:
    """A record judged; `position` as in `interop.raw`."""

    position: int
    judgement: Judgement


@attrs.frozen
class Refused:
    """A record refused, with all its faults."""

    position: int
    identifiant: str | None
    diagnostics: tuple[Diagnostic, ...]


Result = Judged | Refused


def judgements_to_json(header: Header, results: Iterable[Result]) -> dict[str, Any]:
    """Return the whole document, in memory; `interop.writers` writes the same to a stream."""
    records: list[dict[str, Any]] = []
    refused: list[dict[str, Any]] = []
    for result in results:
        (records if isinstance(result, Judged) else refused).append(result_to_json(header, result))
    return {**header_to_json(header), "records": records, "refused": refused}


def header_to_json(header: Header) -> dict[str, Any]:
    """Return what stands before the records."""
    form: dict[str, Any] = {
        "schema": SCHEMA,
        "pack": {"id": header.pack, "version": header.version, "digest": header.digest},
        "on": header.on.isoformat() if header.on is not None else None,
    }
    if header.known_on is not None:
        form["known_on"] = header.known_on.isoformat()
    return form | ({"assume": dict(sorted(header.assume.items()))} if header.assume else {})


def result_to_json(header: Header, result: Result) -> dict[str, Any]:
    """Return one record judged or refused; the date stands in it where the header has none."""
    if isinstance(result, Refused):
        faults = [diagnostic.to_json(header.lang) for diagnostic in result.diagnostics]
        return {"identifiant": result.identifiant, "position": result.position, "diagnostics": faults}
    judgement = result.judgement
    form: dict[str, Any] = {"identifiant": judgement.identifiant, "position": result.position}
    if header.on is None:
        form["on"] = judgement.on.isoformat()
    form["answers"] = {name: outcome_to_json(answer.outcome, header.lang) for name, answer in judgement.answers.items()}
    return form | ({"notes": list(judgement.notes)} if judgement.notes else {})


def outcome_to_json(outcome: Outcome, lang: Lang = "fr") -> dict[str, Any]:
    """Return an answer."""
    form: dict[str, Any] = {
        "status": str(outcome.status),
        "value": _value(outcome.value, outcome.type),
        "needs": sorted(outcome.needs),
        "standing": str(outcome.standing),
        "hypotheses": list(outcome.hypotheses),
        "alternatives": {reading: _value(other.value, other.type) for reading, other in outcome.alternatives},
        "alternatives_status": {reading: str(other.status) for reading, other in outcome.alternatives},
        "because": [step_to_json(step, lang) for step in outcome.steps],
    }
    if outcome.status is Status.ERROR and outcome.fault is not None:
        form["fault"] = _fault(outcome.fault, lang)
    if outcome.status is Status.CONFLICT:
        form["conflict"] = [_position(position) for position in outcome.conflict]
    return form


def step_to_json(step: Step, lang: Lang = "fr") -> dict[str, Any]:
    """Return a step of a trace."""
    return {
        "key": step.key,
        "definition": step.definition,
        "label": step.label,
        "article": step.article,
        "amendment": step.amendment,
        "reference": step.reference,
        "position": _position(step.position),
        "status": str(step.status),
        "value": _value(step.value, step.type),
        "type": str(step.type),
        "standing": str(step.standing),
        "source": step.source,
        "hypotheses": list(step.hypotheses),
        "taken": step.taken,
        "guards": [_guard(guard) for guard in step.guards],
        "bounds": [_bound(bound) for bound in step.bounds],
        "inputs": [_input(read) for read in step.inputs],
        "parameters": [{"name": name, "value": _value(value, type_), "type": str(type_)} for name, value, type_ in step.parameters],
        "reads": list(step.reads),
        "notes": list(step.notes),
        "fault": _fault(step.fault, lang) if step.fault is not None else None,
        "conflict": [_position(position) for position in step.conflict],
        "needs": sorted(step.needs),
        "interval": {"from": _day(step.interval[0]), "to": _day(step.interval[1])},
    }


def _value(value: Constant | None, type_: Type) -> Any:
    return None if value is None else to_json(value, type_)


def _day(day: dt.date | None) -> str | None:
    return day.isoformat() if day is not None else None


def _position(position: Position | None) -> dict[str, Any] | None:
    if position is None:
        return None
    return {"file": position.file, "line": position.line, "column": position.column, "article": position.article}


def _fault(fault: Fault, lang: Lang) -> dict[str, Any]:
    return {"code": fault.code, "message": fault.told(lang), "position": _position(fault.position)}


def _guard(guard: GuardRead) -> dict[str, Any]:
    return {
        "name": guard.name,
        "article": guard.article,
        "position": _position(guard.position),
        "held": guard.held,
        "neutralised": guard.neutralised,
        "not_applicable": guard.not_applicable,
        "standing": str(guard.standing),
        "source": guard.source,
    }


def _bound(bound: Bound) -> dict[str, Any]:
    values = {"before": bound.before, "limit": bound.limit, "after": bound.after}
    return {
        "kind": bound.kind,
        **{name: _value(value, bound.type) for name, value in values.items()},
        "bound": bound.bound,
        "type": str(bound.type),
    }


def _input(read: InputRead) -> dict[str, Any]:
    return {"path": read.path, "status": str(read.status), "value": _value(read.value, read.type), "type": str(read.type)}
