"""Judgements turned into one self-contained HTML page: what is said of all, then each record, searched and filtered in the browser.

Needs the extra `web`. A page holds at most `listed` records; its counts are those of all.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, TextIO

import attrs
from markupsafe import Markup, escape

from optam_rules.base.codes import wording
from optam_rules.core.answers import Judgement
from optam_rules.core.judgement import Status
from optam_rules.core.program import Program
from optam_rules.core.standing import Standing
from optam_rules.interop.judgements import Header, Judged, Refused, Result
from optam_rules.tools.report.explain import explain
from optam_rules.tools.report.judgement import rest, short
from optam_rules.tools.report.pages import template
from optam_rules.tools.report.plots import histogram
from optam_rules.tools.report.summary import Summary, caps
from optam_rules.tools.report.tree import Node, walk
from optam_rules.tools.report.wording import Language, note, say
from optam_rules.tools.report.words import missing_words

LISTED = 1000
_MISSING_SHOWN = 15


def write_page(
    stream: TextIO,
    program: Program,
    header: Header,
    results: Iterable[Result],
    *,
    language: Language,
    explained: bool,
    listed: int = LISTED,
) -> None:
    """Write the page of a file of judgements, or of one."""
    summary = Summary()
    records: list[Mapping[str, Any]] = []
    refused: list[Refused] = []
    for result in results:
        summary.add(result)
        if isinstance(result, Refused):
            if len(refused) < listed:
                refused.append(result)
        elif len(records) < listed:
            records.append(_record(program, result, language, explained=explained))
    stream.write(
        template("judgements.html.j2").render(
            say=lambda key, **words: say(language, key, **words),
            language=str(language),
            colon=" : " if language is Language.FRENCH else ": ",
            title=program.title,
            header=header,
            summary=summary,
            answers=[_answer(program, name, summary, language) for name in summary.answers],
            missing=[_Missing(_need(program, need, language), count) for need, count in summary.missing.most_common(_MISSING_SHOWN)],
            faults=[(code, wording(code, language.lang).title, count) for code, count in summary.faults.most_common()],
            records=records,
            refused=refused,
            statuses=list(Status),
        )
    )


@attrs.frozen
class _Missing:
    """What answers wait for, in words, and in how many records."""

    words: str
    count: int


def _record(program: Program, result: Judged, language: Language, *, explained: bool) -> Mapping[str, Any]:
    judgement: Judgement = result.judgement
    return {
        "who": judgement.identifiant or say(language, "nobody"),
        "on": judgement.on.isoformat(),
        "notes": [note(language, text) for text in judgement.notes],
        "answers": [
            {
                "name": name,
                "label": program.answers_by_path[name].label,
                "status": str(answer.status),
                "value": short(answer.outcome, program.enumerations, language),
                "rest": rest(program, answer.outcome, language),
                "tree": nested(explain(program, judgement.on, name, answer.outcome, language=language)) if explained else None,
            }
            for name, answer in judgement.answers.items()
        ],
    }


def nested(tree: Node) -> Markup:
    """Return a tree as items of a list, lists in them."""
    parts: list[str] = []
    open_ = 0  # items that are not closed
    for depth, _, node in walk(tree):
        parts.append("<ul>" if depth == open_ and depth else "</li>" + "</ul></li>" * (open_ - depth - 1) if depth < open_ else "")
        parts.append(f"<li>{escape(node.text)}")
        open_ = depth + 1
    return Markup("".join([*parts, "</li>", "</ul></li>" * (open_ - 1)]))


def _answer(program: Program, name: str, summary: Summary, language: Language) -> Mapping[str, Any]:
    counts = summary.answers[name]
    limits = caps(program, name)
    plot = None
    if counts.rates:
        labels = {"xlabel": say(language, "plot_rate"), "ylabel": say(language, "plot_records"), "cap": say(language, "plot_cap")}
        plot = Markup(histogram(counts.rates, limits, **labels))  # drawn here, from numbers and our own words
    return {
        "name": name,
        "label": program.answers_by_path[name].label,
        "statuses": [(str(status), say(language, f"count_{status}"), counts.statuses[status]) for status in Status],
        "standings": [
            (say(language, f"standing_{standing}"), counts.standings[str(standing)])
            for standing in reversed(Standing)
            if counts.standings[str(standing)]
        ],
        "plot": plot,
        "total": sum(counts.statuses.values()),
    }


def _need(program: Program, need: str, language: Language) -> str:
    return missing_words(program, [need], labels=True, language=language)[0]
