"""Verdicts on the obligations of a pack, told to people, as JSON and as the cases of a JUnit report."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from optam_rules.analysis.obligations import Holds
from optam_rules.analysis.verdict import Open, Proved, Refuted, Replay, Verdict, Witness
from optam_rules.analysis.verify import Checked
from optam_rules.core.judgement import Outcome, Status, Step
from optam_rules.core.program import Program
from optam_rules.core.values import to_json
from optam_rules.tools.report.explain import explain
from optam_rules.tools.report.results import Result, case_text
from optam_rules.tools.report.tree import draw
from optam_rules.tools.report.words import counted

SCHEMA = "optam-verdicts-1"
_KINDS = {"NoGap": "table", "NeverConflicts": "conflit", "NeverErrs": "erreur", "Total": "valeur", "Holds": "propriété"}


def told(program: Program, checked: Sequence[Checked]) -> str:
    """Tell each property, each refutation with its witness and why, each thing left open, and how many were proved of the rest."""
    seen: dict[str, str] = {}
    parts = [part for one in checked for part in _one(program, one, seen)]
    return "\n".join(parts)


def _one(program: Program, one: Checked, seen: dict[str, str]) -> Iterator[str]:
    match one.verdict:
        case Proved(scope) if isinstance(one.obligation, Holds):
            yield f"prouvé : « {one.title} »\n  pour {scope}"
        case Proved():
            return
        case Open(reason):
            yield f"ouvert : {_named(one)}\n  {reason}"
        case Refuted(witness):
            origin = _origin(witness.outcome)
            known = seen.get(origin) if origin and not isinstance(one.obligation, Holds) else None
            if known is not None:
                yield f"{one.position} : réfuté : {one.title}, de même que {known}"
                return
            seen[origin] = one.title
            yield f"{one.position} : réfuté : {_named(one)}\n{_indented(witness_text(program, witness))}"


def witness_text(program: Program, witness: Witness) -> str:
    """Tell a witness: day, readings, record, rows of tables, and what the steps that nothing else reads came to."""
    outcome = witness.outcome
    lines = [case_text(_outcome(outcome), witness)]
    for step in _ends(outcome.steps):
        node = explain(program, witness.on, step.key, _outcome_of(step, outcome.steps), depth=1)
        lines.append(draw(node))
    return "\n".join(lines)


def counts(checked: Iterable[Checked]) -> tuple[int, int, int]:
    """Count what was proved, refuted and left open."""
    verdicts = [one.verdict for one in checked]
    return tuple(sum(isinstance(verdict, kind) for verdict in verdicts) for kind in (Proved, Refuted, Open))  # type: ignore[return-value]


def summary(pack: str, checked: Sequence[Checked]) -> str:
    """Say how many obligations became what."""
    proved, refuted, left = counts(checked)
    return (
        f"{pack} : {counted(proved, 'prouvée')}, {counted(refuted, 'réfutée')}, {counted(left, 'ouverte')} sur {len(checked)} obligations"
    )


def verdicts_json(program: Program, checked: Sequence[Checked]) -> dict[str, Any]:
    """Return the verdicts as JSON."""
    pack = {"id": program.id, "version": program.version, "digest": program.digest}
    return {"schema": SCHEMA, "pack": pack, "obligations": [_json(one) for one in checked]}


def results(checked: Iterable[Checked], program: Program, *, strict: bool) -> Iterator[Result]:
    """Yield a result each, for JUnit: what is open is skipped, or fails where `strict`."""
    for one in checked:
        match one.verdict:
            case Refuted(witness):
                yield Result(one.title, one.position, witness_text(program, witness))
            case Open(reason) if strict:
                yield Result(one.title, one.position, reason)
            case Open(reason):
                yield Result(one.title, one.position, skipped=reason)
            case Proved():
                yield Result(one.title, one.position)


def _json(one: Checked) -> dict[str, Any]:
    place = {"file": one.position.file, "line": one.position.line}
    spent = one.verdict.spent
    held: dict[str, Any] = {"kind": _KINDS[type(one.obligation).__name__], "title": one.title, "position": place}
    held |= _verdict_json(one.verdict)
    return held | {"seconds": round(spent.seconds, 3), "drawn": spent.drawn, "decided": spent.decided, "encodings": list(spent.encodings)}


def _verdict_json(verdict: Verdict) -> dict[str, Any]:
    match verdict:
        case Proved(scope):
            return {"verdict": "proved", "scope": scope}
        case Open(reason):
            return {"verdict": "open", "reason": reason}
        case Refuted(witness):
            return {"verdict": "refuted", "witness": witness_json(witness)}


def witness_json(witness: Witness) -> dict[str, Any]:
    """Return a witness as JSON: its record can be judged again as it stands."""
    tables = {name: [[*key, value] for key, value in rows.items()] for name, rows in witness.references.items()}
    return {"record": dict(witness.record), "references": tables, "replays": [_replay_json(replay) for replay in witness.replays]}


def _replay_json(replay: Replay) -> dict[str, Any]:
    outcome = replay.outcome
    held = {"pack": replay.program, "on": replay.on.isoformat(), "readings": dict(replay.readings), "status": str(outcome.status)}
    value = None if outcome.value is None else to_json(outcome.value, outcome.type)
    steps = [{"key": s.key, "status": str(s.status), "value": None if s.value is None else to_json(s.value, s.type)} for s in outcome.steps]
    return held | {"value": value, "fault": outcome.fault.code if outcome.fault else None, "steps": steps}


def _named(one: Checked) -> str:
    return f"« {one.title} »" if isinstance(one.obligation, Holds) else one.title


def _outcome(outcome: Outcome) -> str:
    match outcome.status:
        case Status.CONFLICT:
            return "en conflit"
        case Status.ERROR:
            return f"en erreur ({outcome.fault.message})" if outcome.fault else "en erreur"
        case Status.KNOWN:
            return "fausse" if outcome.value is False else "contredit"
        case _:
            return "sans valeur"


def _origin(outcome: Outcome) -> str:
    """Return where a conflict or an error value arose: what reads it fails for the same reason."""
    return str(outcome.fault.position) if outcome.fault else ";".join(map(str, outcome.conflict))


def _ends(steps: Sequence[Step]) -> list[Step]:
    """Return the steps that no other step reads."""
    read = {key for step in steps for key in step.reads}
    return [step for step in steps if step.key not in read]


def _outcome_of(step: Step, steps: Sequence[Step]) -> Outcome:
    others = tuple(other for other in steps if other is not step)
    return Outcome(
        step.status, step.type, step.value, step.needs, step.standing, step.hypotheses, (), step.fault, step.conflict, (step, *others)
    )


def _indented(text: str) -> str:
    return "\n".join(f"  {line}" for line in text.splitlines())
