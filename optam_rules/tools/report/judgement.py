"""A judgement turned into text: a table of its answers, or one tree of reasons an answer."""

from __future__ import annotations

from collections.abc import Mapping

from optam_rules.core.answers import Judgement
from optam_rules.core.judgement import Outcome, Status
from optam_rules.core.program import EnumSpec, Program
from optam_rules.tools.report.explain import explain
from optam_rules.tools.report.table import table
from optam_rules.tools.report.tree import draw
from optam_rules.tools.report.values import brief
from optam_rules.tools.report.wording import Language, note, say
from optam_rules.tools.report.words import missing_words


def judgement_text(
    program: Program, judgement: Judgement, *, explained: bool, width: int | None = None, language: Language = Language.FRENCH
) -> str:
    """Tell a judgement: a head, then its answers."""
    who = judgement.identifiant or say(language, "nobody")
    head = say(language, "head", who=who, day=judgement.on, pack=judgement.pack, version=judgement.version)
    notes = [say(language, "note", text=note(language, text)) for text in judgement.notes]
    if explained:
        trees = (explain(program, judgement.on, name, answer.outcome, language=language) for name, answer in judgement.answers.items())
        return "\n\n".join(["\n".join([head, *notes]), *(draw(tree, width=width) for tree in trees)])
    rows = [
        (name, short(answer.outcome, program.enumerations, language), rest(program, answer.outcome, language))
        for name, answer in judgement.answers.items()
    ]
    return "\n".join([head, *notes, table([say(language, f"column_{name}") for name in ("answer", "value", "rest")], rows)])


def short(outcome: Outcome, enumerations: Mapping[str, EnumSpec], language: Language = Language.FRENCH) -> str:
    """Say an answer in a cell: its value, or the kind of non-answer."""
    if outcome.status is Status.KNOWN and outcome.value is not None:
        return brief(outcome.value, outcome.type, enumerations, language)
    return say(language, f"cell_{outcome.status}")


def rest(program: Program, outcome: Outcome, language: Language = Language.FRENCH) -> str:
    """Say in a cell what an answer waits for, why it has no value, or what it rests on."""
    if outcome.needs:
        words = " ; ".join(missing_words(program, outcome.needs, labels=False, language=language))
        return say(language, "waits_for", words=words)
    if outcome.status is Status.ERROR and outcome.fault is not None:
        return f"{outcome.fault.told(language.lang)} ({outcome.fault.code})"
    return say(language, f"standing_{outcome.standing}")
