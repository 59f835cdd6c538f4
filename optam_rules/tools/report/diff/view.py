"""A comparison turned into what its reports say, in words of a language and in order; how it is laid out is left to each report."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence

import attrs

from optam_rules.analysis.compare.diff import AnswerDiff, Kind, Way
from optam_rules.analysis.compare.expected import Unexpected
from optam_rules.analysis.compare.result import Diff, SideInfo
from optam_rules.analysis.verdict import Open, Proved, Refuted
from optam_rules.base.calendar import ALWAYS
from optam_rules.base.phrases import COLON, Lang, Phrase, counted, filled, joined
from optam_rules.core.judgement import Outcome, Step
from optam_rules.core.program import Program
from optam_rules.tools.report.diff.articles import THEN, ArticleView, by_article, change_words
from optam_rules.tools.report.diff.impact import ImpactView, impact_view
from optam_rules.tools.report.explain import explain
from optam_rules.tools.report.judgement import short
from optam_rules.tools.report.tree import Node
from optam_rules.tools.report.values import show
from optam_rules.tools.report.wording import Language, say
from optam_rules.tools.report.words import citation, split_path


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

    language: Language
    old: SideView
    new: SideView
    days: str
    verdict: str
    counts: tuple[tuple[str, int], ...]  # what that many answers do: `réponses changent`
    differing: tuple[AnswerView, ...]
    undecided: tuple[AnswerView, ...]
    proved: tuple[AnswerView, ...]
    identical: tuple[str, ...]
    articles: tuple[ArticleView, ...]
    impact: ImpactView | None
    unexpected: tuple[str, ...] | None

    def say(self, phrase: Phrase) -> str:
        """Return a phrase in the language of the view."""
        return phrase.told(self.language.lang)


def view(diff: Diff, unexpected: Sequence[Unexpected] | None = None, language: Language = Language.FRENCH) -> View:
    """Put a comparison in words; `unexpected` is what a declaration of changes left over, `None` where there is none."""
    lang = language.lang
    answers = [_answer(diff, each, language) for each in diff.answers if each.kind is not Kind.IDENTICAL]
    identical = tuple(each.path + _was(each).told(lang) for each in diff.answers if each.kind is Kind.IDENTICAL)
    of = {kind: sum(each.kind is kind for each in diff.answers) for kind in Kind}
    return View(
        language,
        _side(diff.old, lang),
        _side(diff.new, lang),
        _days(diff).told(lang),
        _verdict(diff).told(lang),
        tuple((words[of[kind] > 1].told(lang), of[kind]) for kind, words in _COUNTED.items() if of[kind]),
        tuple(each for each in answers if each.kind in (Kind.CHANGED, Kind.RETYPED, Kind.ADDED, Kind.REMOVED)),
        tuple(each for each in answers if each.kind is Kind.OPEN),
        tuple(each for each in answers if each.kind is Kind.PROVED),
        identical,
        by_article(diff, lang),
        impact_view(diff, language) if diff.impact is not None else None,
        None if unexpected is None else tuple(f"{each.answer}{COLON.told(lang)}{each.problem.told(lang)}" for each in unexpected),
    )


def _was(answer: AnswerDiff) -> Phrase:
    if not answer.renamed:
        return Phrase("", "")
    return Phrase(f" (était {answer.old_path})", f" (was {answer.old_path})")


# What one answer does, and what several do.
_COUNTED = {
    Kind.CHANGED: (Phrase("change", "changes"), Phrase("changent", "change")),
    Kind.RETYPED: (Phrase("change de type", "changes its type"), Phrase("changent de type", "change their types")),
    Kind.ADDED: (Phrase("apparaît", "appears"), Phrase("apparaissent", "appear")),
    Kind.REMOVED: (Phrase("disparaît", "disappears"), Phrase("disparaissent", "disappear")),
    Kind.OPEN: (Phrase("reste indécise", "stays undecided"), Phrase("restent indécises", "stay undecided")),
    Kind.PROVED: (Phrase("est prouvée égale", "is proved equal"), Phrase("sont prouvées égales", "are proved equal")),
    Kind.IDENTICAL: (Phrase("ne peut pas changer", "cannot change"), Phrase("ne peuvent pas changer", "cannot change")),
}


def _side(side: SideInfo, lang: Lang) -> SideView:
    facts = [f"pack {side.pack}, version {side.version}"]
    if side.on is not None:
        facts.append(Phrase(f"au {side.on}", f"on {side.on}").told(lang))
    facts += [
        Phrase(f"lecture retenue : {n} = {reading}", f"reading chosen: {n} = {reading}").told(lang) for n, reading in side.readings.items()
    ]
    return SideView(side.text, tuple(facts))


def _days(diff: Diff) -> Phrase:
    old, new = diff.old.on, diff.new.on
    if old is not None and old == new:
        return Phrase(f"comparés au {old}", f"compared on {old}")
    if old is not None:
        return Phrase(f"l'ancien au {old}, le nouveau au {new}", f"the old one on {old}, the new one on {new}")
    window = diff.comparison.window
    if window == ALWAYS:
        return Phrase("comparés tous les jours", "compared on all days")
    return filled("comparés sur leurs jours communs, {days}", "compared on the days they share, {days}", days=window.phrase)


def _verdict(diff: Diff) -> Phrase:
    if diff.differs:
        return Phrase("le sens change", "the meaning changes")
    if diff.undecided:
        return Phrase(
            "aucune différence trouvée, mais des réponses restent indécises", "no difference found, but some answers stay undecided"
        )
    return Phrase("même sens, aucune réponse ne peut différer", "same meaning, no answer can differ")


def _answer(diff: Diff, answer: AnswerDiff, language: Language) -> AnswerView:
    program = diff.comparison.new.program if answer.new_path else diff.comparison.old.program
    definition = program.answers_by_path[answer.path]
    programs = diff.comparison.old.program, diff.comparison.new.program
    return AnswerView(
        answer.path,
        definition.label,
        answer.kind,
        _headline(answer).told(language.lang),
        tuple(note.told(language.lang) for note in _notes(answer)),
        tuple(change_words(programs, change).told(language.lang) for change in answer.changes),
        _witness(diff, answer, language),
    )


def _headline(answer: AnswerDiff) -> Phrase:
    match answer.kind:
        case Kind.CHANGED:
            return joined("", (_COUNTED[Kind.CHANGED][0], _way(answer)))
        case Kind.RETYPED:
            return Phrase(f"change de type : {answer.type}", f"changes its type: {answer.type}")
        case Kind.OPEN:
            return Phrase("indécise", "undecided")
        case Kind.PROVED:
            return Phrase("prouvée égale", "proved equal")
        case kind:
            return _COUNTED[kind][0]


def _way(answer: AnswerDiff) -> Phrase:
    if answer.direction is None:
        return Phrase("", "")
    sure = Phrase("", "") if answer.direction.proved else Phrase(" (trouvé en cherchant, non prouvé)", " (found by searching, not proved)")
    match answer.direction.way:
        case Way.NEVER_HIGHER:
            return filled(", jamais vers le haut{sure}", ", never upwards{sure}", sure=sure)
        case Way.NEVER_LOWER:
            return filled(", jamais vers le bas{sure}", ", never downwards{sure}", sure=sure)
        case Way.EITHER:
            return Phrase(", dans les deux sens", ", both ways")
        case Way.NEITHER:
            return filled(", mais jamais d'une valeur à une autre{sure}", ", but never from one value to another{sure}", sure=sure)


def _notes(answer: AnswerDiff) -> Iterable[Phrase]:
    if answer.renamed:
        yield Phrase(f"s'appelait {answer.old_path}", f"was called {answer.old_path}")
    match answer.verdict:
        case Proved(scope):
            yield filled("portée de la preuve : {scope}", "scope of the proof: {scope}", scope=scope)
        case Open(reason):
            yield reason


def _witness(diff: Diff, answer: AnswerDiff, language: Language) -> WitnessView | None:
    if not isinstance(answer.verdict, Refuted):
        return None
    case, lang = answer.verdict.witness.case, language.lang
    sides = (diff.comparison.old, diff.comparison.new)
    paths = (answer.old_path or "", answer.new_path or "")
    told = [
        None if outcome is None else explain(side.program, side.day or case.on, path, outcome, depth=1, language=language)
        for side, path, outcome in zip(sides, paths, answer.explained, strict=True)
    ]
    given = [] if diff.old.on is not None else [Phrase(f"jugé au {case.on}", f"judged on {case.on}").told(lang)]
    fixed = {*diff.old.readings, *diff.new.readings}
    read = {name for outcome in answer.explained if outcome is not None for name in _readings_read(outcome)}
    given += [
        Phrase(f"lecture supposée : {name} = {reading}", f"reading assumed: {name} = {reading}").told(lang)
        for name, reading in case.readings.items()
        if name in read - fixed
    ]
    given += [
        f"{Phrase(f'référentiel {table} : ', f'reference table {table}: ').told(lang)}{' ; '.join(map(str, keys))} -> {value}"
        for table, rows in case.references.items()
        for keys, value in rows.items()
    ]
    values = [_value(side.program, outcome, language) for side, outcome in zip(sides, answer.explained, strict=True)]
    record = json.dumps(case.record, ensure_ascii=False, indent=2, default=str)
    return WitnessView(record, tuple(given), values[0], values[1], tuple(_parting(diff, answer, language)), told[0], told[1])


def _readings_read(outcome: Outcome) -> set[str]:
    """Return the open questions whose chosen reading an answer rests on, as its hypotheses name them."""
    return {text.partition("=")[0] for text in outcome.hypotheses if "=" in text}


def _value(program: Program, outcome: Outcome | None, language: Language) -> str:
    return say(language, "cell_not_applicable") if outcome is None else short(outcome, program.enumerations, language)


def _parting(diff: Diff, answer: AnswerDiff, language: Language) -> Iterable[str]:
    """Say at which step the two judgements part, and what differs there."""
    found, lang = answer.parting, language.lang
    if found is None:
        return
    if found.old is None or found.new is None:
        yield (_NOT_IN_FORCE_OLD if found.old is None else _NOT_IN_FORCE_NEW).told(lang)
        return
    old, new = found.old, found.new
    programs = diff.comparison.old.program, diff.comparison.new.program
    name = split_path(new.key)[1]
    if new.key == answer.new_path:
        yield _OWN_RULE.told(lang)
    else:
        step = f"{name} ({new.label})" if new.label else name
        values = THEN.told(lang).join(_step_value(program, each, language) for program, each in zip(programs, (old, new), strict=True))
        yield Phrase(f"l'écart naît à l'étape {step} : {values}", f"the difference arises at the step {step}: {values}").told(lang)
    if found.other_clause:
        clauses = joined(THEN, (_clause(programs[0], old), _clause(programs[1], new)))
        yield filled("une autre clause décide : {clauses}", "another clause decides: {clauses}", clauses=clauses).told(lang)
    for parameter, type_, before, after in found.parameters:
        if before is not None and after is not None:
            sides = zip((before, after), programs, strict=True)
            words = joined(THEN, [show(value, type_, program.enumerations, language) for value, program in sides])
            yield filled("le paramètre {name} vaut {words}", "the parameter {name} is {words}", name=parameter, words=words).told(lang)
    limits = [
        [f"{_BOUNDS[bound.kind].told(lang)} {show(bound.limit, bound.type, p.enumerations, language)}" for bound in step.bounds]
        for step, p in zip((old, new), programs, strict=True)
    ]
    yield from (Phrase(f"{limit} : seulement avant", f"{limit}: only before").told(lang) for limit in limits[0] if limit not in limits[1])
    yield from (Phrase(f"{limit} : seulement après", f"{limit}: only after").told(lang) for limit in limits[1] if limit not in limits[0])


_BOUNDS = {
    "plafonné à": Phrase("plafonné à", "capped at"),
    "au moins": Phrase("au moins", "at least"),
    "arrondi à": Phrase("arrondi à", "rounded to"),
}
_NOT_IN_FORCE_OLD = Phrase("la définition n'est pas en vigueur du côté ancien", "the definition is not in force on the old side")
_NOT_IN_FORCE_NEW = Phrase("la définition n'est pas en vigueur du côté nouveau", "the definition is not in force on the new side")
_OWN_RULE = Phrase(
    "rien de ce qu'elle lit ne diffère avant elle : l'écart naît dans sa propre règle",
    "nothing that it reads differs before it: the difference arises in its own rule",
)


def _step_value(program: Program, step: Step, language: Language) -> str:
    return short(Outcome(step.status, step.type, step.value), program.enumerations, language)


def _clause(program: Program, step: Step) -> Phrase:
    cited = citation(program, step.article) if step.article else Phrase("hors article", "outside any article")
    if not step.taken:
        return joined("", (cited,))
    return filled("l'exception {name} ({cited})", "the exception {name} ({cited})", name=step.taken, cited=cited)


def summary(view: View) -> str:
    """Say the counts in one sentence."""
    told = [f"{counted(number, ANSWER).told(view.language.lang)} {words}" for words, number in view.counts]
    return ", ".join(told) or view.say(_NO_ANSWER)


ANSWER = Phrase("réponse", "answer")
_NO_ANSWER = Phrase("aucune réponse à comparer", "no answer to compare")
