"""Titles, paragraphs and tables of the page that the demonstration prints."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from optam_rules.core.answers import Judgement
from optam_rules.core.judgement import Status
from optam_rules.core.program import Program
from optam_rules.tools.report.explain import explain
from optam_rules.tools.report.judgement import short
from optam_rules.tools.report.table import table
from optam_rules.tools.report.tree import draw, fill
from optam_rules.tools.report.words import missing_words

WIDTH = 118


def title(text: str) -> str:
    """Return a title, ruled."""
    return f"{text}\n{'=' * len(text)}"


def subtitle(text: str) -> str:
    """Return a smaller title, ruled."""
    return f"{text}\n{'-' * len(text)}"


def paragraph(text: str) -> str:
    """Return a paragraph cut at the width of the page."""
    return "\n".join(fill(text, WIDTH))


def bullet(text: str) -> str:
    """Return an item of a list, cut at the width of the page."""
    return "\n".join(fill(text, WIDTH, "- ", "  "))


def both(names: Sequence[str]) -> str:
    """Return `a, b et c`."""
    return " et ".join(filter(None, [", ".join(names[:-1]), names[-1]]))


def answers_table(program: Program, judgements: Sequence[Judgement], columns: Mapping[str, str], facts: Mapping[str, Sequence[str]]) -> str:
    """One line a doctor: the facts that one recognises him by, then the answers."""
    head = ("médecin", *facts, *columns.values())
    rows = [
        (
            judgement.identifiant or "",
            *(column[place] for column in facts.values()),
            *(short(judgement.answers[name].outcome, program.enumerations) for name in columns),
        )
        for place, judgement in enumerate(judgements)
    ]
    return table(head, rows)


def what_is_missing(program: Program, judgements: Sequence[Judgement], columns: Mapping[str, str]) -> str:
    """One item a doctor and what he lacks: the answers that wait for it, and what each reading of an open question gives."""
    told: dict[tuple[str, str], list[str]] = {}
    for judgement in judgements:
        for name, heading in columns.items():
            outcome = judgement.answers[name].outcome
            if outcome.status is Status.UNKNOWN:
                words = " ; ".join(missing_words(program, outcome.needs, labels=True))
                readings = ", ".join(f"{short(other, program.enumerations)} si {reading}" for reading, other in outcome.alternatives)
                settled = f"{words}. Soit {readings}" if readings else words
                told.setdefault((judgement.identifiant or "", settled), []).append(heading)
    return "\n".join(bullet(f"{who}, {', '.join(headings)} : {words}") for (who, words), headings in told.items()) or "Rien."


def reasons(program: Program, judgement: Judgement, name: str, *, depth: int) -> str:
    """The explanation of one answer, cut at the width of the page."""
    tree = explain(program, judgement.on, name, judgement.answers[name].outcome, depth=depth)
    return f"{judgement.identifiant}, au {judgement.on}\n{draw(tree, width=WIDTH)}"
