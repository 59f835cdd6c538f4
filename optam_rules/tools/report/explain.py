"""An outcome and its steps turned into a tree of sentences, French or English, that a lawyer can check line by line."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from itertools import groupby

import attrs

from optam_rules.core.ir import Constant
from optam_rules.core.judgement import Bound, GuardRead, InputRead, Outcome, Status, Step
from optam_rules.core.program import Program
from optam_rules.core.standing import Standing
from optam_rules.core.types import Type
from optam_rules.tools.report.tree import Node
from optam_rules.tools.report.values import brief, show
from optam_rules.tools.report.wording import Language, note, say
from optam_rules.tools.report.words import citation, interval_words, missing_words, place_words, split_path, standing_words


@attrs.frozen
class _Teller:
    """What every sentence needs: the program for labels, the day judged, and the steps by key."""

    program: Program
    on: dt.date
    steps: Mapping[str, Step]
    language: Language

    def show(self, value: Constant | None, type_: Type) -> str:
        return "" if value is None else show(value, type_, self.program.enumerations, self.language)

    def say(self, key: str, **words: object) -> str:
        return say(self.language, key, **words)


def explain(
    program: Program, on: dt.date, name: str, outcome: Outcome, *, depth: int | None = None, language: Language = Language.FRENCH
) -> Node:
    """Tell an answer as a tree: what it is, by which clause, from what, what bound it, what it rests on, what is missing.

    `depth` is the number of levels of intermediate results told in full; `None` tells them all. What is told once is not told again: a
    result read twice, and the clause, the hypotheses and the needs that an intermediate result shares with what it serves. Its standing
    follows it in brackets where it is weaker than the text itself.
    """
    teller = _Teller(program, on, {step.key: step for step in outcome.steps}, language)
    alternatives = tuple(Node(text) for text in _alternatives(teller, outcome))
    if not outcome.steps:
        rest = [
            *_missing(teller, outcome.needs),
            standing_words(outcome.standing, language),
            *(_hypothesis(teller, text) for text in outcome.hypotheses),
        ]
        return Node(f"{name}{_told(teller, outcome)}", (*map(Node, rest), *alternatives))
    root = attrs.evolve(outcome.steps[0], needs=outcome.needs)
    node = _tell(teller, root, depth)
    return attrs.evolve(node, children=(*alternatives, *node.children))


@attrs.define
class _Telling:
    """A step on its way to a node: what it says itself, the steps that it read and that are not told yet, the nodes of those that are."""

    step: Step
    headline: str
    own: list[str]
    left: Iterator[Step]
    depth: int | None  # levels told below
    read: list[Node] = attrs.field(factory=list)

    def node(self, teller: _Teller) -> Node:
        if not self.read and len(self.own) == 1 and self.own[0].startswith(teller.say("known")):
            return Node(f"{self.headline} ({self.own[0]})")
        return Node(self.headline, (*map(Node, self.own), *self.read))


def _tell(teller: _Teller, root: Step, depth: int | None) -> Node:
    """Tell a step and those that led to it: a chain of them may be longer than Python's frames would last, so that nothing calls itself."""
    told: set[str] = set()
    around = [_begin(teller, root, None, told, depth)]
    while True:
        current = around[-1]
        step = next(current.left, None)
        if step is not None:
            around.append(_begin(teller, step, current.step, told, None if current.depth is None else current.depth - 1))
            continue
        node = around.pop().node(teller)
        if not around:
            return node
        around[-1].read.append(node)


def _begin(teller: _Teller, step: Step, above: Step | None, told: set[str], depth: int | None) -> _Telling:
    headline = _headline(teller, step, above)
    if step.key in told:
        return _Telling(step, teller.say("told_above", told=headline), [], iter(()), depth)
    told.add(step.key)
    if depth == 0:
        return _Telling(step, headline, [], iter(()), depth)
    read = (teller.steps[key] for key in step.reads if key in teller.steps)
    return _Telling(step, headline, list(_sentences(teller, step, above)), read, depth)


def _headline(teller: _Teller, step: Step, above: Step | None) -> str:
    place, name = split_path(step.key)
    seen_from = split_path(above.key)[0] if above is not None else ""
    where = place_words(teller.program, place, seen_from, teller.language)
    label = f" — {step.label}" if step.label else ""
    weak = f" [{teller.say(f'standing_{step.standing}')}]" if above is not None and step.standing is not Standing.TEXT else ""
    named = teller.say("record_data", places=where, names=name) if where else name
    return f"{named}{_told(teller, step)}{label}{weak}"


def _told(teller: _Teller, result: Step | Outcome) -> str:
    match result.status:
        case Status.KNOWN:
            return f" = {teller.show(result.value, result.type)}"
        case status:
            return teller.say(str(status))


def _sentences(teller: _Teller, step: Step, above: Step | None) -> Iterator[str]:
    if above is None or _clause(teller, step) != _clause(teller, above):
        yield from _clause(teller, step)
    for guard in step.guards:
        yield _guard(teller, step, guard)
    yield from _inputs(teller, step)
    for name, value, type_ in step.parameters:
        yield teller.say("parameter", name=name, value=teller.show(value, type_))
    for bound in step.bounds:
        yield _bound(teller, bound)
    yield from (note(teller.language, text) for text in step.notes)
    if step.fault is not None:
        message = step.fault.told(teller.language.lang)
        yield teller.say("cause", message=message, code=step.fault.code, place=step.fault.position)
    if step.conflict:
        yield teller.say("irreconcilable", places=" ; ".join(map(str, step.conflict)))
    if above is None or step.needs != above.needs:
        yield from _missing(teller, step.needs)
    if above is None:
        yield standing_words(step.standing, teller.language)
    if above is None or step.hypotheses != above.hypotheses:
        yield from (_hypothesis(teller, text) for text in step.hypotheses)


def _clause(teller: _Teller, step: Step) -> list[str]:
    if step.article is None:
        return []
    cited = citation(teller.program, step.article, teller.on)
    words = teller.say("exception_of", name=step.taken, cited=cited) if step.taken else cited
    amendment = teller.say("amended_by", title=step.amendment) if step.amendment else ""
    source = teller.say("after_source", source=step.source) if step.source else ""
    parts = [teller.say("by", words=words), amendment, interval_words(*step.interval, teller.language), step.reference or "", source]
    return [", ".join(part for part in parts if part)]


def _guard(teller: _Teller, step: Step, guard: GuardRead) -> str:
    origin = [teller.say("after_source", source=guard.source)] if guard.source and guard.name != step.taken else []
    if guard.article is not None and guard.article != step.article:
        origin.insert(0, citation(teller.program, guard.article, teller.on))
    where = f" ({', '.join(origin)})" if origin else ""
    return teller.say("exception", name=guard.name, where=where, fate=teller.say(f"fate_{_fate(step, guard)}"))


def _fate(step: Step, guard: GuardRead) -> str:
    """Return which wording tells what became of an exception."""
    match guard.held, guard.neutralised:
        case False, _:
            return "no_object" if guard.not_applicable else "not_met"
        case _, True:
            return "neutralised"
        case None, _:
            return "unknown"
        case True, None:
            return "maybe_neutralised"
        case _:
            pass
    if guard.name == step.taken:
        return "taken"
    if step.status is Status.CONFLICT:
        return "conflict"
    if step.taken is not None:
        return "overridden"
    return "among_others"


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
            same.setdefault(f"{kind} {sentence}", []).append(place_words(teller.program, place, seen_from, teller.language))
    for sentence, places in same.items():
        kind, _, data = sentence.partition(" ")
        where = f", {' ; '.join(place or teller.say('same_record') for place in places)}" if any(places) else ""
        yield teller.say("inputs", kind=teller.say(kind), where=where, data=data)


def _is_reference(teller: _Teller, read: InputRead) -> bool:
    return read.path.removeprefix(_REFERENCE).partition("[")[0] in teller.program.references


def _references(teller: _Teller, step: Step) -> Iterator[str]:
    for read in step.inputs:
        if _is_reference(teller, read):
            row = read.path.removeprefix(_REFERENCE)
            key = "reference_row" if read.status is Status.KNOWN else "reference_absent"
            yield teller.say(key, row=row, value=teller.show(read.value, read.type))


_REFERENCE = "référentiel:"


def _input(teller: _Teller, name: str, read: InputRead) -> str:
    match read.status:
        case Status.KNOWN:
            return f"known {name} = {teller.show(read.value, read.type)}"
        case Status.NOT_APPLICABLE:
            return f"no-object {name}"
        case _:
            return f"absent {name}"


def _bound(teller: _Teller, bound: Bound) -> str:
    values = (bound.before, bound.limit, bound.after)
    before, limit, after = (brief(value, bound.type, teller.program.enumerations, teller.language) for value in values)
    key = f"{_BOUNDS[bound.kind]}_{'binds' if bound.bound else 'idle'}"
    return teller.say(key, before=before, limit=limit, after=after)


_BOUNDS = {"plafonné à": "cap", "au moins": "floor", "arrondi à": "round"}


def _missing(teller: _Teller, needs: frozenset[str]) -> Iterator[str]:
    for words in missing_words(teller.program, needs, labels=True, language=teller.language):
        yield teller.say("missing", words=words)


def _hypothesis(teller: _Teller, text: str) -> str:
    name, equals, reading = text.partition("=")
    if equals and name.isidentifier():
        return teller.say("reading_chosen", name=name, reading=reading)
    return teller.say("assumption", text=text)


def _alternatives(teller: _Teller, outcome: Outcome) -> Iterator[str]:
    names = [need.removeprefix("hypothèse:") for need in sorted(outcome.needs) if need.startswith("hypothèse:")]
    for label, other in outcome.alternatives:
        reading = f"{names[0]}={label}" if "=" not in label and names else label
        yield teller.say("by_reading", reading=reading.replace("=", " = "), told=_told(teller, other).lstrip(" :="))
