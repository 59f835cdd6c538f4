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
from optam_rules.tools.report.words import missing_words


def judgement_text(program: Program, judgement: Judgement, *, explained: bool, width: int | None = None) -> str:
    """Tell a judgement: a head, then its answers."""
    head = f"{judgement.identifiant or 'sans identifiant'}, au {judgement.on} ({judgement.pack}, version {judgement.version})"
    notes = [f"note : {note}" for note in judgement.notes]
    if explained:
        trees = (explain(program, judgement.on, name, answer.outcome) for name, answer in judgement.answers.items())
        return "\n\n".join(["\n".join([head, *notes]), *(draw(tree, width=width) for tree in trees)])
    rows = [
        (name, short(answer.outcome, program.enumerations), _rest(program, answer.outcome)) for name, answer in judgement.answers.items()
    ]
    return "\n".join([head, *notes, table(("réponse", "valeur", "attend, ou repose sur"), rows)])


def short(outcome: Outcome, enumerations: Mapping[str, EnumSpec]) -> str:
    """Say an answer in a cell: its value, or the kind of non-answer."""
    if outcome.status is Status.KNOWN and outcome.value is not None:
        return brief(outcome.value, outcome.type, enumerations)
    return _WORDS[outcome.status]


_WORDS = {
    Status.KNOWN: "",
    Status.UNKNOWN: "inconnu",
    Status.NOT_APPLICABLE: "sans objet",
    Status.CONFLICT: "conflit",
    Status.ERROR: "erreur",
}


def _rest(program: Program, outcome: Outcome) -> str:
    if outcome.needs:
        return f"attend {' ; '.join(missing_words(program, outcome.needs, labels=False))}"
    if outcome.status is Status.ERROR and outcome.fault is not None:
        return f"{outcome.fault.message} ({outcome.fault.code})"
    return str(outcome.standing)
