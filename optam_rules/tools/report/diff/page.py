"""A view of a comparison written as one HTML page that a lawyer can read anywhere: nothing is fetched, everything is escaped."""

from __future__ import annotations

import difflib
from collections.abc import Iterator

from markupsafe import Markup

from optam_rules.base.phrases import Phrase
from optam_rules.tools.report.diff import headings
from optam_rules.tools.report.diff.articles import ChangeView
from optam_rules.tools.report.diff.impact import AnswerImpactView
from optam_rules.tools.report.diff.plots import group_bars, histogram
from optam_rules.tools.report.diff.view import View, summary
from optam_rules.tools.report.pages import template

MAX_LISTED = 2000  # records told one by one; a page of a whole register would not open


def as_page(view: View) -> str:
    """Write a comparison."""
    lang = view.language.lang

    def moves(answer: AnswerImpactView) -> Markup:
        title = Phrase(f"{answer.path} : de combien les dossiers changent", f"{answer.path}: by how much records change")
        return Markup(histogram(answer.deltas, answer.unit, title.told(lang), lang))

    return template("diff.html.j2").render(
        view=view,
        lang=lang,
        say=lambda french, english: Phrase(french, english).told(lang),
        told=view.say,
        words=headings,
        summary=summary(view),
        lines_of=lambda change: list(_lines(change)),
        # INVARIANT: the only markup that is not escaped by the template is drawn by matplotlib, which escapes what it is given.
        bars=lambda group: Markup(group_bars(group, lang)),
        histogram=moves,
        max_listed=MAX_LISTED,
    )


def _lines(change: ChangeView) -> Iterator[tuple[str, str]]:
    """Yield the lines of what differs, each with its class: `old`, `new`, `same` or `name`."""
    for name, old, new in change.aspects:
        yield "name", name
        if "\n" in f"{old}{new}":
            for line in difflib.ndiff((old or "").splitlines(), (new or "").splitlines()):
                kind = {"-": "old", "+": "new", " ": "same"}.get(line[0])
                if kind is not None:
                    yield kind, line[2:]
        else:
            if old is not None:
                yield "old", old
            if new is not None:
                yield "new", new
