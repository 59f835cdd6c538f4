"""A comparison turned into what its reports say, in French words and in order; how it is laid out is left to each report."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence

import attrs

from optam_rules.analysis.compare.diff import AnswerDiff, Kind, Way
from optam_rules.analysis.compare.expected import Unexpected
from optam_rules.analysis.compare.result import Diff, SideInfo
from optam_rules.analysis.verdict import Open, Proved, Refuted
from optam_rules.base.calendar import ALWAYS
from optam_rules.core.judgement import Outcome, Step
from optam_rules.core.program import Program
from optam_rules.tools.report.diff.articles import ArticleView, by_article, change_words
from optam_rules.tools.report.diff.impact import ImpactView, impact_view
from optam_rules.tools.report.explain import explain
from optam_rules.tools.report.judgement import short
from optam_rules.tools.report.tree import Node
from optam_rules.tools.report.values import show
from optam_rules.tools.report.words import citation, counted, split_path


@attrs.frozen
class SideView:
    """A side in words: how it was named, its pack, its date, its readings."""

    name: str
    facts: tuple[str, ...]


@attrs.frozen
class WitnessView:
    """A record that the two sides judge otherwise: the smallest found, both answers, where they part, both explanations."""

    record: str
    given: tuple[str, ...]
    old: str
    new: str
    parting: tuple[str, ...]
    old_reasons: Node | None
    new_reasons: Node | None


@attrs.frozen
class AnswerView:
    """An answer in words: what becomes of it, which changes of text touch it, and a witness where there is one."""

    path: str
    label: str
    kind: Kind
    headline: str
    notes: tuple[str, ...]
    causes: tuple[str, ...]
    witness: WitnessView | None


@attrs.frozen
class View:
    """A comparison in words."""

    old: SideView
    new: SideView
    days: str
    verdict: str
    counts: tuple[tuple[str, int], ...]
    differing: tuple[AnswerView, ...]
    undecided: tuple[AnswerView, ...]
    proved: tuple[AnswerView, ...]
    identical: tuple[str, ...]
    articles: tuple[ArticleView, ...]
    impact: ImpactView | None
    unexpected: tuple[str, ...] | None


def view(diff: Diff, unexpected: Sequence[Unexpected] | None = None) -> View:
    """Put a comparison in words; `unexpected` is what a declaration of changes left over, `None` where there is none."""
    answers = [_answer(diff, each) for each in diff.answers if each.kind is not Kind.IDENTICAL]
    identical = tuple(
        each.path + (f" (était {each.old_path})" if each.renamed else "") for each in diff.answers if each.kind is Kind.IDENTICAL
    )
    of = {kind: sum(each.kind is kind for each in diff.answers) for kind in Kind}
    return View(
        _side(diff.old),
        _side(diff.new),
        _days(diff),
        _verdict(diff),
        tuple((words[of[kind] > 1], of[kind]) for kind, words in _COUNTED.items() if of[kind]),
        tuple(each for each in answers if each.kind in (Kind.CHANGED, Kind.RETYPED, Kind.ADDED, Kind.REMOVED)),
        tuple(each for each in answers if each.kind is Kind.OPEN),
        tuple(each for each in answers if each.kind is Kind.PROVED),
        identical,
        by_article(diff),
        impact_view(diff) if diff.impact is not None else None,
        None if unexpected is None else tuple(f"{each.answer} : {each.problem}" for each in unexpected),
    )


def _renamed(answer: AnswerDiff) -> str:
    return f"{answer.path} (s'appelait {answer.old_path})" if answer.renamed else answer.path


# What one answer does, and what several do.
_COUNTED = {
    Kind.CHANGED: ("change", "changent"),
    Kind.RETYPED: ("change de type", "changent de type"),
    Kind.ADDED: ("apparaît", "apparaissent"),
    Kind.REMOVED: ("disparaît", "disparaissent"),
    Kind.OPEN: ("reste indécise", "restent indécises"),
    Kind.PROVED: ("est prouvée égale", "sont prouvées égales"),
    Kind.IDENTICAL: ("ne peut pas changer", "ne peuvent pas changer"),
}


def _side(side: SideInfo) -> SideView:
    facts = [f"pack {side.pack}, version {side.version}"]
    if side.on is not None:
        facts.append(f"au {side.on}")
    facts += [f"lecture retenue : {name} = {reading}" for name, reading in side.readings.items()]
    return SideView(side.text, tuple(facts))


def _days(diff: Diff) -> str:
    if diff.old.on is not None and diff.old.on == diff.new.on:
        return f"comparés au {diff.old.on}"
    if diff.old.on is not None:
        return f"l'ancien au {diff.old.on}, le nouveau au {diff.new.on}"
    window = diff.comparison.window
    return "comparés tous les jours" if window == ALWAYS else f"comparés sur leurs jours communs, {window}"


def _verdict(diff: Diff) -> str:
    if diff.differs:
        return "le sens change"
    if diff.undecided:
        return "aucune différence trouvée, mais des réponses restent indécises"
    return "même sens, aucune réponse ne peut différer"


def _answer(diff: Diff, answer: AnswerDiff) -> AnswerView:
    program = diff.comparison.new.program if answer.new_path else diff.comparison.old.program
    definition = program.answers_by_path[answer.path]
    programs = diff.comparison.old.program, diff.comparison.new.program
    return AnswerView(
        answer.path,
        definition.label,
        answer.kind,
        _headline(answer),
        tuple(_notes(answer)),
        tuple(change_words(programs, change) for change in answer.changes),
        _witness(diff, answer),
    )


def _headline(answer: AnswerDiff) -> str:
    match answer.kind:
        case Kind.CHANGED:
            return "change" + _way(answer)
        case Kind.RETYPED:
            return f"change de type : {answer.type}"
        case Kind.ADDED:
            return "apparaît"
        case Kind.REMOVED:
            return "disparaît"
        case Kind.OPEN:
            return "indécise"
        case Kind.PROVED:
            return "prouvée égale"
        case _:
            return "ne peut pas changer"


def _way(answer: AnswerDiff) -> str:
    if answer.direction is None:
        return ""
    sure = "" if answer.direction.proved else " (trouvé en cherchant, non prouvé)"
    match answer.direction.way:
        case Way.NEVER_HIGHER:
            return f", jamais vers le haut{sure}"
        case Way.NEVER_LOWER:
            return f", jamais vers le bas{sure}"
        case Way.EITHER:
            return ", dans les deux sens"
        case Way.NEITHER:
            return f", mais jamais d'une valeur à une autre{sure}"


def _notes(answer: AnswerDiff) -> Iterable[str]:
    if answer.renamed:
        yield f"s'appelait {answer.old_path}"
    match answer.verdict:
        case Proved(scope):
            yield f"portée de la preuve : {scope}"
        case Open(reason):
            yield str(reason)


def _witness(diff: Diff, answer: AnswerDiff) -> WitnessView | None:
    if not isinstance(answer.verdict, Refuted):
        return None
    case = answer.verdict.witness.case
    sides = (diff.comparison.old, diff.comparison.new)
    paths = (answer.old_path or "", answer.new_path or "")
    told = [
        None if outcome is None else explain(side.program, side.day or case.on, path, outcome, depth=1)
        for side, path, outcome in zip(sides, paths, answer.explained, strict=True)
    ]
    given = [] if diff.old.on is not None else [f"jugé au {case.on}"]
    fixed = {*diff.old.readings, *diff.new.readings}
    read = {name for outcome in answer.explained if outcome is not None for name in _readings_read(outcome)}
    given += [f"lecture supposée : {name} = {reading}" for name, reading in case.readings.items() if name in read - fixed]
    given += [
        f"référentiel {table} : {' ; '.join(map(str, keys))} -> {value}"
        for table, rows in case.references.items()
        for keys, value in rows.items()
    ]
    values = [_value(side.program, outcome) for side, outcome in zip(sides, answer.explained, strict=True)]
    record = json.dumps(case.record, ensure_ascii=False, indent=2, default=str)
    return WitnessView(record, tuple(given), values[0], values[1], tuple(_parting(diff, answer)), told[0], told[1])


def _readings_read(outcome: Outcome) -> set[str]:
    """Return the open questions whose chosen reading an answer rests on, as its hypotheses name them."""
    return {text.partition("=")[0] for text in outcome.hypotheses if "=" in text}


def _value(program: Program, outcome: Outcome | None) -> str:
    return "sans objet" if outcome is None else short(outcome, program.enumerations)


def _parting(diff: Diff, answer: AnswerDiff) -> Iterable[str]:
    """Say at which step the two judgements part, and what differs there."""
    found = answer.parting
    if found is None:
        return
    if found.old is None or found.new is None:
        missing = "ancien" if found.old is None else "nouveau"
        yield f"la définition n'est pas en vigueur du côté {missing}"
        return
    old, new = found.old, found.new
    programs = diff.comparison.old.program, diff.comparison.new.program
    name = split_path(new.key)[1]
    if new.key == answer.new_path:
        yield "rien de ce qu'elle lit ne diffère avant elle : l'écart naît dans sa propre règle"
    else:
        label = f" ({new.label})" if new.label else ""
        yield f"l'écart naît à l'étape {name}{label} : {_step_value(programs[0], old)}, puis {_step_value(programs[1], new)}"
    if found.other_clause:
        yield f"une autre clause décide : {_clause(programs[0], old)}, puis {_clause(programs[1], new)}"
    for parameter, type_, before, after in found.parameters:
        if before is not None and after is not None:
            words = [show(value, type_, program.enumerations) for value, program in zip((before, after), programs, strict=True)]
            yield f"le paramètre {parameter} vaut {words[0]}, puis {words[1]}"
    limits = [
        [f"{bound.kind} {show(bound.limit, bound.type, p.enumerations)}" for bound in step.bounds]
        for step, p in zip((old, new), programs, strict=True)
    ]
    yield from (f"{limit} : seulement avant" for limit in limits[0] if limit not in limits[1])
    yield from (f"{limit} : seulement après" for limit in limits[1] if limit not in limits[0])


def _step_value(program: Program, step: Step) -> str:
    return short(Outcome(step.status, step.type, step.value), program.enumerations)


def _clause(program: Program, step: Step) -> str:
    cited = citation(program, step.article) if step.article else "hors article"
    return f"l'exception {step.taken} ({cited})" if step.taken else cited


def summary(view: View) -> str:
    """Say the counts in one sentence."""
    return ", ".join(f"{counted(number, 'réponse')} {words}" for words, number in view.counts) or "aucune réponse à comparer"
