"""An outcome and its steps turned into a tree of French sentences that a lawyer can check line by line."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from itertools import groupby
from typing import assert_never

import attrs

from optam_rules.core.ir import Constant
from optam_rules.core.judgement import Bound, GuardRead, InputRead, Outcome, Status, Step
from optam_rules.core.program import Program
from optam_rules.core.standing import Standing
from optam_rules.core.types import Type
from optam_rules.tools.report.tree import Node
from optam_rules.tools.report.values import brief, show
from optam_rules.tools.report.words import citation, interval_words, missing_words, place_words, split_path, standing_words


@attrs.frozen
class _Teller:
    """What every sentence needs: the program for labels, the day judged, and the steps by key."""

    program: Program
    on: dt.date
    steps: Mapping[str, Step]

    def show(self, value: Constant | None, type_: Type) -> str:
        return "" if value is None else show(value, type_, self.program.enumerations)


def explain(program: Program, on: dt.date, name: str, outcome: Outcome, *, depth: int | None = None) -> Node:
    """Tell an answer as a tree: what it is, by which clause, from what, what bound it, what it rests on, what is missing.

    `depth` is the number of levels of intermediate results told in full; `None` tells them all. What is told once is not told again: a
    result read twice, and the clause, the hypotheses and the needs that an intermediate result shares with what it serves. Its standing
    follows it in brackets where it is weaker than the text itself.
    """
    teller = _Teller(program, on, {step.key: step for step in outcome.steps})
    alternatives = tuple(Node(text) for text in _alternatives(teller, outcome))
    if not outcome.steps:
        rest = [*_missing(teller, outcome.needs), standing_words(outcome.standing), *map(_hypothesis, outcome.hypotheses)]
        return Node(f"{name}{_told(teller, outcome)}", (*map(Node, rest), *alternatives))
    root = attrs.evolve(outcome.steps[0], needs=outcome.needs)
    node = _tell(teller, root, None, set(), depth)
    return attrs.evolve(node, children=(*alternatives, *node.children))


def _tell(teller: _Teller, step: Step, above: Step | None, told: set[str], depth: int | None) -> Node:
    headline = _headline(teller, step, above)
    if step.key in told:
        return Node(f"{headline} (expliqué plus haut)")
    told.add(step.key)
    if depth == 0:
        return Node(headline)
    own = list(_sentences(teller, step, above))
    below = None if depth is None else depth - 1
    read = [_tell(teller, teller.steps[key], step, told, below) for key in step.reads if key in teller.steps]
    if not read and len(own) == 1 and own[0].startswith("lu"):
        return Node(f"{headline} ({own[0]})")
    return Node(headline, (*map(Node, own), *read))


def _headline(teller: _Teller, step: Step, above: Step | None) -> str:
    place, name = split_path(step.key)
    seen_from = split_path(above.key)[0] if above is not None else ""
    where = place_words(teller.program, place, seen_from)
    label = f" — {step.label}" if step.label else ""
    weak = f" [{step.standing}]" if above is not None and step.standing is not Standing.TEXT else ""
    return f"{f'{where} : ' if where else ''}{name}{_told(teller, step)}{label}{weak}"


def _told(teller: _Teller, result: Step | Outcome) -> str:
    match result.status:
        case Status.KNOWN:
            return f" = {teller.show(result.value, result.type)}"
        case Status.UNKNOWN:
            return " : inconnu"
        case Status.NOT_APPLICABLE:
            return " : sans objet"
        case Status.CONFLICT:
            return " : conflit entre règles"
        case Status.ERROR:
            return " : calcul impossible"
        case _:
            assert_never(result.status)


def _sentences(teller: _Teller, step: Step, above: Step | None) -> Iterator[str]:
    if above is None or _clause(teller, step) != _clause(teller, above):
        yield from _clause(teller, step)
    for guard in step.guards:
        yield _guard(teller, step, guard)
    yield from _inputs(teller, step)
    for name, value, type_ in step.parameters:
        yield f"paramètre {name} = {teller.show(value, type_)}"
    for bound in step.bounds:
        yield _bound(teller, bound)
    yield from step.notes
    if step.fault is not None:
        yield f"cause : {step.fault.message} ({step.fault.code}), en {step.fault.position}"
    if step.conflict:
        yield f"positions inconciliables : {' ; '.join(map(str, step.conflict))}"
    if above is None or step.needs != above.needs:
        yield from _missing(teller, step.needs)
    if above is None:
        yield standing_words(step.standing)
    if above is None or step.hypotheses != above.hypotheses:
        yield from map(_hypothesis, step.hypotheses)


def _clause(teller: _Teller, step: Step) -> list[str]:
    if step.article is None:
        return []
    cited = citation(teller.program, step.article, teller.on)
    words = f"exception {step.taken}, {cited}" if step.taken else cited
    amendment = f"avenant « {step.amendment} »" if step.amendment else ""
    parts = [
        f"selon : {words}",
        amendment,
        interval_words(*step.interval),
        step.reference or "",
        f"d'après « {step.source} »" if step.source else "",
    ]
    return [", ".join(part for part in parts if part)]


def _guard(teller: _Teller, step: Step, guard: GuardRead) -> str:
    origin = [f"d'après « {guard.source} »"] if guard.source and guard.name != step.taken else []
    if guard.article is not None and guard.article != step.article:
        origin.insert(0, citation(teller.program, guard.article, teller.on))
    where = f" ({', '.join(origin)})" if origin else ""
    return f"exception {guard.name}{where} {_fate(step, guard)}"


def _fate(step: Step, guard: GuardRead) -> str:
    match guard.held, guard.neutralised:
        case False, _:
            reason = "est sans objet, ce qui compte comme non remplie" if guard.not_applicable else "n'est pas remplie"
            return f"écartée : sa condition {reason}"
        case _, True:
            return "neutralisée : elle ne s'applique pas"
        case None, _:
            return "en suspens : on ne sait pas si sa condition est remplie"
        case True, None:
            return "en suspens : sa condition est remplie, mais on ne sait pas si elle est neutralisée"
        case _:
            pass
    if guard.name == step.taken:
        return "retenue : sa condition est remplie"
    if step.status is Status.CONFLICT:
        return "en conflit : sa condition est remplie, comme celle d'une autre, et rien ne dit laquelle l'emporte"
    if step.taken is not None:
        return "écartée : sa condition est remplie, mais une autre l'emporte"
    return "applicable : sa condition est remplie, comme celle d'autres exceptions"


def _inputs(teller: _Teller, step: Step) -> Iterator[str]:
    """Say what was read of the record: one line a record read, records that gave the same words together."""
    yield from _references(teller, step)
    seen_from = split_path(step.key)[0]
    told: dict[str, list[str]] = {}
    for read in step.inputs:
        if _is_reference(teller, read):
            continue
        place, name = split_path(read.path)
        told.setdefault(place, [])
        if f"[{name}=" not in place:  # the year of `exercices[annee=2013]` is already told
            told[place].append(_input(teller, name, read))
    same: dict[str, list[str]] = {}
    for place, words in sorted(told.items()):
        for kind, some in groupby(sorted(words), key=lambda word: word.partition(" ")[0]):
            sentence = " ; ".join(word.partition(" ")[2] for word in some)
            same.setdefault(f"{kind} {sentence}", []).append(place_words(teller.program, place, seen_from))
    for sentence, places in same.items():
        kind, _, data = sentence.partition(" ")
        where = " ; ".join(place or "le même" for place in places) if any(places) else ""
        yield f"{_KINDS[kind]}{f', {where}' if where else ''} : {data}"


def _is_reference(teller: _Teller, read: InputRead) -> bool:
    return read.path.removeprefix(_REFERENCE).partition("[")[0] in teller.program.references


def _references(teller: _Teller, step: Step) -> Iterator[str]:
    for read in step.inputs:
        if _is_reference(teller, read):
            row = read.path.removeprefix(_REFERENCE)
            known = read.status is Status.KNOWN
            yield (
                f"lu au référentiel : {row} = {teller.show(read.value, read.type)}" if known else f"absent des référentiels fournis : {row}"
            )


_REFERENCE = "référentiel:"
_KINDS = {"known": "lu", "no-object": "déclaré sans objet", "absent": "absent du dossier"}


def _input(teller: _Teller, name: str, read: InputRead) -> str:
    match read.status:
        case Status.KNOWN:
            return f"known {name} = {teller.show(read.value, read.type)}"
        case Status.NOT_APPLICABLE:
            return f"no-object {name}"
        case _:
            return f"absent {name}"


def _bound(teller: _Teller, bound: Bound) -> str:
    before, limit, after = (brief(value, bound.type, teller.program.enumerations) for value in (bound.before, bound.limit, bound.after))
    match bound.kind, bound.bound:
        case "plafonné à", True:
            return f"plafonné à {limit} : ramené de {before} à {after}"
        case "plafonné à", False:
            return f"plafonné à {limit} : le plafond ne joue pas ({before})"
        case "au moins", True:
            return f"au moins {limit} : relevé de {before} à {after}"
        case "au moins", False:
            return f"au moins {limit} : le minimum ne joue pas ({before})"
        case _, True:
            return f"arrondi à {limit} : {before} devient {after}"
        case _:
            return f"arrondi à {limit} : l'arrondi ne change rien ({before})"


def _missing(teller: _Teller, needs: frozenset[str]) -> Iterator[str]:
    for words in missing_words(teller.program, needs, labels=True):
        yield f"il manque, pour le dire, {words}"


def _hypothesis(text: str) -> str:
    name, equals, reading = text.partition("=")
    if equals and name.isidentifier():
        return f"lecture choisie : {name} = {reading}"
    return f"hypothèse retenue : « {text} »"


def _alternatives(teller: _Teller, outcome: Outcome) -> Iterator[str]:
    names = [need.removeprefix("hypothèse:") for need in sorted(outcome.needs) if need.startswith("hypothèse:")]
    for label, other in outcome.alternatives:
        reading = f"{names[0]}={label}" if "=" not in label and names else label
        yield f"selon la lecture {reading.replace('=', ' = ')} : {_told(teller, other).lstrip(' :=')}"
