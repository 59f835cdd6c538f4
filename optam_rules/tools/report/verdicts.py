"""Verdicts on the obligations of a pack, told to people, as JSON and as the cases of a JUnit report."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from optam_rules.analysis.obligations import Holds
from optam_rules.analysis.verdict import Open, Proved, Refuted, Replay, Verdict, Witness
from optam_rules.analysis.verify import Checked
from optam_rules.base.phrases import COLON, Lang, Phrase, filled
from optam_rules.core.judgement import Outcome, Status, Step
from optam_rules.core.program import Program
from optam_rules.core.values import to_json
from optam_rules.tools.report.explain import explain
from optam_rules.tools.report.results import Result, case_text
from optam_rules.tools.report.tree import draw
from optam_rules.tools.report.wording import Language

SCHEMA = "optam-verdicts-1"
_KINDS = {"NoGap": "table", "NeverConflicts": "conflit", "NeverErrs": "erreur", "Total": "valeur", "Holds": "propriété"}
_PROVED, _REFUTED, _OPEN = Phrase("prouvé", "proved"), Phrase("réfuté", "refuted"), Phrase("ouvert", "open")
_FOR = Phrase("pour", "for")


def told(program: Program, checked: Sequence[Checked], language: Language = Language.FRENCH) -> str:
    """Tell each property, each refutation with its witness and why, each thing left open, and how many were proved of the rest."""
    seen: dict[str, Phrase] = {}
    return "\n".join(part for one in checked for part in _one(program, one, seen, language))


def _one(program: Program, one: Checked, seen: dict[str, Phrase], language: Language) -> Iterator[str]:
    lang = language.lang
    colon = COLON.told(lang)
    match one.verdict:
        case Proved(scope) if isinstance(one.obligation, Holds):
            yield f"{_PROVED.told(lang)}{colon}« {one.title} »\n  {_FOR.told(lang)} {scope.told(lang)}"
        case Proved():
            return
        case Open(reason):
            yield f"{_OPEN.told(lang)}{colon}{_named(one, lang)}\n  {reason.told(lang)}"
        case Refuted(witness):
            origin = _origin(witness.outcome)
            known = seen.get(origin) if origin and not isinstance(one.obligation, Holds) else None
            refuted = f"{one.position}{colon}{_REFUTED.told(lang)}{colon}"
            if known is not None:
                words = filled("{what}, de même que {other}", "{what}, just as {other}", what=one.words, other=known)
                yield refuted + words.told(lang)
                return
            seen[origin] = one.words
            yield f"{refuted}{_named(one, lang)}\n{_indented(witness_text(program, witness, language))}"


def witness_text(program: Program, witness: Witness, language: Language = Language.FRENCH) -> str:
    """Tell a witness: day, readings, record, rows of tables, and what the steps that nothing else reads came to."""
    outcome = witness.outcome
    lines = [case_text(_outcome(outcome, language.lang), witness, language.lang)]
    for step in _ends(outcome.steps):
        node = explain(program, witness.on, step.key, _outcome_of(step, outcome.steps), depth=1, language=language)
        lines.append(draw(node))
    return "\n".join(lines)


def counts(checked: Iterable[Checked]) -> tuple[int, int, int]:
    """Count what was proved, refuted and left open."""
    verdicts = [one.verdict for one in checked]
    return tuple(sum(isinstance(verdict, kind) for verdict in verdicts) for kind in (Proved, Refuted, Open))  # type: ignore[return-value]


def summary(pack: str, checked: Sequence[Checked], lang: Lang = "fr") -> str:
    """Say how many obligations became what."""
    proved, refuted, left = counts(checked)
    words = Phrase(
        ", ".join(
            f"{number} {noun}{'s' if number > 1 else ''}" for number, noun in ((proved, "prouvée"), (refuted, "réfutée"), (left, "ouverte"))
        )
        + f" sur {len(checked)} obligations",
        f"{proved} proved, {refuted} refuted, {left} open of {len(checked)} obligations",
    )
    return pack + COLON.told(lang) + words.told(lang)


def verdicts_json(program: Program, checked: Sequence[Checked], lang: Lang = "fr") -> dict[str, Any]:
    """Return the verdicts as JSON; scopes and reasons are in the language of messages, titles are names."""
    pack = {"id": program.id, "version": program.version, "digest": program.digest}
    return {"schema": SCHEMA, "pack": pack, "obligations": [_json(one, lang) for one in checked]}


def results(checked: Iterable[Checked], program: Program, *, strict: bool, language: Language = Language.FRENCH) -> Iterator[Result]:
    """Yield a result each, for JUnit: what is open is skipped, or fails where `strict`."""
    for one in checked:
        match one.verdict:
            case Refuted(witness):
                yield Result(one.title, one.position, witness_text(program, witness, language))
            case Open(reason) if strict:
                yield Result(one.title, one.position, reason.told(language.lang))
            case Open(reason):
                yield Result(one.title, one.position, skipped=reason.told(language.lang))
            case Proved():
                yield Result(one.title, one.position)


def _json(one: Checked, lang: Lang) -> dict[str, Any]:
    place = {"file": one.position.file, "line": one.position.line}
    spent = one.verdict.spent
    held: dict[str, Any] = {"kind": _KINDS[type(one.obligation).__name__], "title": one.title, "position": place}
    held |= _verdict_json(one.verdict, lang)
    return held | {"seconds": round(spent.seconds, 3), "drawn": spent.drawn, "decided": spent.decided, "encodings": list(spent.encodings)}


def _verdict_json(verdict: Verdict, lang: Lang) -> dict[str, Any]:
    match verdict:
        case Proved(scope):
            return {"verdict": "proved", "scope": scope.told(lang)}
        case Open(reason):
            return {"verdict": "open", "reason": reason.told(lang)}
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


def _named(one: Checked, lang: Lang) -> str:
    return f"« {one.title} »" if isinstance(one.obligation, Holds) else one.words.told(lang)


def _outcome(outcome: Outcome, lang: Lang) -> str:
    match outcome.status:
        case Status.CONFLICT:
            return Phrase("en conflit", "in conflict").told(lang)
        case Status.ERROR:
            fault = f" ({outcome.fault.told(lang)})" if outcome.fault else ""
            return Phrase("en erreur", "in error").told(lang) + fault
        case Status.KNOWN:
            return (Phrase("fausse", "false") if outcome.value is False else Phrase("contredit", "contradicted")).told(lang)
        case _:
            return Phrase("sans valeur", "without a value").told(lang)


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
