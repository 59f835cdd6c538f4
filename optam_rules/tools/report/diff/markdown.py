"""A view of a comparison written as Markdown that fits a merge request: a table first, details folded."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator

from optam_rules.base.phrases import COLON, Phrase, counted
from optam_rules.tools.report.diff.articles import THEN, ChangeView
from optam_rules.tools.report.diff.headings import (
    AFTER,
    AS_DECLARED,
    BEFORE,
    BY,
    CHANGE,
    CHANGED,
    CHANGES,
    COMPARED,
    DECLARATION,
    DIFFERING,
    EFFECT,
    EXAMPLE,
    NEW,
    OLD,
    PROVED,
    REFUSED,
    SEMICOLON,
    TOUCHED,
    UNDECIDED,
    others,
)
from optam_rules.tools.report.diff.impact import RECORD, ImpactView
from optam_rules.tools.report.diff.view import ANSWER, AnswerView, View, WitnessView, summary
from optam_rules.tools.report.tree import draw

_BECOMES = Phrase("ce qu'elle devient", "what becomes of it")
_WHY = Phrase("pourquoi", "why")
_SPECIAL = str.maketrans({char: f"\\{char}" for char in "\\`*_[]<>|#~"})
MAX_LISTED = 200  # a comment of a merge request has a limit; the rest is in the JSON


def as_markdown(view: View) -> str:
    """Write a comparison."""
    return "\n".join(_lines(view)) + "\n"


def _lines(view: View) -> Iterator[str]:
    say, colon = view.say, view.say(COLON)
    yield from (f"## {_plain(view.old.name)} → {_plain(view.new.name)}{colon}{view.verdict}", "")
    yield f"- {say(OLD)}{colon}{_plain(say(SEMICOLON).join(view.old.facts))}"
    yield f"- {say(NEW)}{colon}{_plain(say(SEMICOLON).join(view.new.facts))}"
    yield from (f"- {view.days}", f"- {summary(view)}", "")
    if view.unexpected is not None:
        yield from (f"### {say(DECLARATION)}", "")
        yield from _list(view.unexpected or [say(AS_DECLARED)])
    if view.differing:
        example = f"{say(EXAMPLE)}{colon}{say(BEFORE)}"
        yield from (f"### {say(DIFFERING)}", "", f"| {say(ANSWER)} | {say(_BECOMES)} | {example} | {say(AFTER)} |", "|---|---|---|---|")
        for answer in view.differing:
            old, new = (answer.witness.old, answer.witness.new) if answer.witness else ("", "")
            yield f"| {_code(answer.path)} {_plain(answer.label)} | {_plain(answer.headline)} | {_plain(old)} | {_plain(new)} |"
        yield ""
        for answer in view.differing:
            yield from _details(view, answer)
    for title, answers in ((UNDECIDED, view.undecided), (PROVED, view.proved)):
        if answers:
            yield from (f"### {say(title)}", "")
            yield from _list(f"{each.path}{colon}{say(SEMICOLON).join(each.notes)}" for each in answers)
    if view.articles:
        yield from (f"### {say(CHANGES)}", "")
        for article in view.articles:
            yield f"<details><summary>{_html(article.heading)}{colon}{say(counted(len(article.changes), CHANGE))}</summary>"
            yield ""
            for change in article.changes:
                yield from _change(view, change)
            yield from ("</details>", "")
    if view.impact is not None:
        yield from _impact(view, view.impact)


def _details(view: View, answer: AnswerView) -> Iterator[str]:
    if not (answer.notes or answer.causes or answer.witness):
        return
    colon = view.say(COLON)
    yield from (f"<details><summary>{_html(answer.path)}{colon}{view.say(_WHY)}</summary>", "")
    yield from _list([*answer.notes, *(f"{view.say(BY)}{colon}{cause}" for cause in answer.causes)])
    if answer.witness is not None:
        yield from _witness(view, answer.witness)
    yield from ("</details>", "")


def _witness(view: View, witness: WitnessView) -> Iterator[str]:
    yield from _list([*witness.parting, *witness.given])
    yield from _fenced("json", witness.record)
    for title, tree in ((OLD, witness.old_reasons), (NEW, witness.new_reasons)):
        if tree is not None:
            yield from _fenced("text", f"{view.say(title)}{view.say(COLON)}{draw(tree)}")


def _change(view: View, change: ChangeView) -> Iterator[str]:
    colon = view.say(COLON)
    places = view.say(THEN).join(place for place in (change.old_place, change.new_place) if place)
    yield from (f"- {_plain(change.words)}{f' ({_code(places)})' if places else ''}", "")
    lines: list[str] = []
    for name, old, new in change.aspects:
        if "\n" in f"{old}{new}":
            compared = difflib.unified_diff((old or "").splitlines(), (new or "").splitlines(), n=99, lineterm="")
            lines += [line for line in compared if not line.startswith(("---", "+++", "@@"))]
        else:
            lines += [f"-{name}{colon}{old}"] * (old is not None) + [f"+{name}{colon}{new}"] * (new is not None)
    if lines:
        yield from _fenced("diff", "\n".join(lines))


def _impact(view: View, impact: ImpactView) -> Iterator[str]:
    say, colon = view.say, view.say(COLON)
    yield from (f"### {say(EFFECT)}", "", impact.headline, "")
    for answer in impact.answers:
        yield from (f"- {_code(answer.path)} {_plain(answer.label)}{colon}{say(counted(answer.changed, RECORD))}",)
        yield from (f"  - {_plain(line)}" for line in answer.lines)
    yield ""
    for group in impact.groups:
        yield from (f"| {_plain(group.title)} | {say(CHANGED)} | {say(COMPARED)} |", "|---|---|---|")
        yield from (f"| {_plain(label)} | {changed} | {total} |" for label, changed, total in group.rows)
        yield ""
    for title, rows in ((TOUCHED, impact.touched), (REFUSED, impact.refused)):
        if rows:
            yield from (f"<details><summary>{say(title)}{colon}{len(rows)}</summary>", "")
            yield from _list(f"{who}{colon}{say(SEMICOLON).join(words)}" for who, words in rows[:MAX_LISTED])
            if len(rows) > MAX_LISTED:
                yield from (say(others(len(rows) - MAX_LISTED)), "")
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
