"""A view of a comparison written as Markdown that fits a merge request: a table first, details folded."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator

from optam_rules.tools.report.diff.articles import ChangeView
from optam_rules.tools.report.diff.impact import ImpactView
from optam_rules.tools.report.diff.view import AnswerView, View, WitnessView, summary
from optam_rules.tools.report.tree import draw
from optam_rules.tools.report.words import counted

_SPECIAL = str.maketrans({char: f"\\{char}" for char in "\\`*_[]<>|#~"})
MAX_LISTED = 200  # a comment of a merge request has a limit; the rest is in the JSON


def as_markdown(view: View) -> str:
    """Write a comparison."""
    return "\n".join(_lines(view)) + "\n"


def _lines(view: View) -> Iterator[str]:
    yield from (f"## {_plain(view.old.name)} → {_plain(view.new.name)} : {view.verdict}", "")
    yield f"- ancien : {_plain(' ; '.join(view.old.facts))}"
    yield f"- nouveau : {_plain(' ; '.join(view.new.facts))}"
    yield from (f"- {view.days}", f"- {summary(view)}", "")
    if view.unexpected is not None:
        yield from ("### Déclaration de changements", "")
        yield from _list(view.unexpected or ["tout ce qui change est déclaré, et tout ce qui est déclaré change"])
    if view.differing:
        yield from ("### Réponses qui diffèrent", "", "| réponse | ce qu'elle devient | exemple : avant | après |", "|---|---|---|---|")
        for answer in view.differing:
            old, new = (answer.witness.old, answer.witness.new) if answer.witness else ("", "")
            yield f"| {_code(answer.path)} {_plain(answer.label)} | {_plain(answer.headline)} | {_plain(old)} | {_plain(new)} |"
        yield ""
        for answer in view.differing:
            yield from _details(answer)
    for title, answers in (("Réponses indécises", view.undecided), ("Réponses prouvées égales", view.proved)):
        if answers:
            yield from (f"### {title}", "")
            yield from _list(f"{each.path} : {' ; '.join(each.notes)}" for each in answers)
    if view.articles:
        yield from ("### Changements du texte", "")
        for article in view.articles:
            yield f"<details><summary>{_html(article.heading)} : {counted(len(article.changes), 'changement')}</summary>"
            yield ""
            for change in article.changes:
                yield from _change(change)
            yield from ("</details>", "")
    if view.impact is not None:
        yield from _impact(view.impact)


def _details(answer: AnswerView) -> Iterator[str]:
    if not (answer.notes or answer.causes or answer.witness):
        return
    yield from (f"<details><summary>{_html(answer.path)} : pourquoi</summary>", "")
    yield from _list([*answer.notes, *(f"par : {cause}" for cause in answer.causes)])
    if answer.witness is not None:
        yield from _witness(answer.witness)
    yield from ("</details>", "")


def _witness(witness: WitnessView) -> Iterator[str]:
    yield from _list([*witness.parting, *witness.given])
    yield from _fenced("json", witness.record)
    for title, tree in (("ancien", witness.old_reasons), ("nouveau", witness.new_reasons)):
        if tree is not None:
            yield from _fenced("text", f"{title} : {draw(tree)}")


def _change(change: ChangeView) -> Iterator[str]:
    places = ", puis ".join(place for place in (change.old_place, change.new_place) if place)
    yield from (f"- {_plain(change.words)}{f' ({_code(places)})' if places else ''}", "")
    lines: list[str] = []
    for name, old, new in change.aspects:
        if "\n" in f"{old}{new}":
            compared = difflib.unified_diff((old or "").splitlines(), (new or "").splitlines(), n=99, lineterm="")
            lines += [line for line in compared if not line.startswith(("---", "+++", "@@"))]
        else:
            lines += [f"-{name} : {old}"] * (old is not None) + [f"+{name} : {new}"] * (new is not None)
    if lines:
        yield from _fenced("diff", "\n".join(lines))


def _impact(impact: ImpactView) -> Iterator[str]:
    yield from ("### Effet sur les dossiers", "", impact.headline, "")
    for answer in impact.answers:
        yield from (f"- {_code(answer.path)} {_plain(answer.label)} : {counted(answer.changed, 'dossier')}",)
        yield from (f"  - {_plain(line)}" for line in answer.lines)
    yield ""
    for group in impact.groups:
        yield from (f"| {_plain(group.title)} | changent | comparés |", "|---|---|---|")
        yield from (f"| {_plain(label)} | {changed} | {total} |" for label, changed, total in group.rows)
        yield ""
    for title, rows in (("Qui change", impact.touched), ("Refusés", impact.refused)):
        if rows:
            yield from (f"<details><summary>{title} : {len(rows)}</summary>", "")
            yield from _list(f"{who} : {' ; '.join(words)}" for who, words in rows[:MAX_LISTED])
            if len(rows) > MAX_LISTED:
                yield from (f"{len(rows) - MAX_LISTED} autres dans la forme json.", "")
            yield from ("</details>", "")


def _list(lines: Iterable[str]) -> Iterator[str]:
    yield from (f"- {_plain(line)}" for line in lines)
    yield ""


def _fenced(language: str, text: str) -> Iterator[str]:
    """Fence a text with more backticks than it holds in a row."""
    fence = "```"
    while fence in text:
        fence += "`"
    yield from (f"{fence}{language}", text, fence, "")


def _plain(text: str) -> str:
    """Write words so that Markdown takes none of them for its own."""
    return " ".join(text.translate(_SPECIAL).split())


def _code(text: str) -> str:
    return f"`{text.replace('`', ' ')}`"


def _html(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;")
