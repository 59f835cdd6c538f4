"""A view of a comparison written as text for a terminal."""

from __future__ import annotations

from collections.abc import Iterator

from optam_rules.base.phrases import COLON, Phrase, counted
from optam_rules.tools.report.diff.articles import THEN, ChangeView
from optam_rules.tools.report.diff.headings import (
    AS_DECLARED,
    BEFORE,
    BY,
    CHANGE,
    CHANGES,
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
)
from optam_rules.tools.report.diff.impact import RECORD, ImpactView
from optam_rules.tools.report.diff.view import AnswerView, View, WitnessView, summary
from optam_rules.tools.report.tree import draw

_LONG = 100  # a text longer than this is shown on lines of its own


def as_text(view: View, *, explained: bool = False, tests: bool = False) -> str:
    """Write a comparison; with `explained`, both explanations of each witness; with `tests`, changes of tests one by one."""
    return "\n".join(_lines(view, explained=explained, tests=tests))


def _lines(view: View, *, explained: bool, tests: bool) -> Iterator[str]:
    say, colon = view.say, view.say(COLON)
    for title, side in ((OLD, view.old), (NEW, view.new)):
        yield f"{say(title)}{colon}{side.name} ({view.say(SEMICOLON).join(side.facts)})"
    yield f"{view.days}{colon}{view.verdict}"
    yield summary(view)
    for title, answers in ((DIFFERING, view.differing), (UNDECIDED, view.undecided), (PROVED, view.proved)):
        if answers:
            yield from ("", say(title))
            for answer in answers:
                yield from _answer(view, answer, explained=explained)
    if view.articles:
        yield from ("", say(CHANGES))
        for article in view.articles:
            if article.of_tests and not tests:
                yield f"  {article.heading}{colon}{say(counted(len(article.changes), CHANGE))}"
                continue
            yield f"  {article.heading}"
            for change in article.changes:
                yield from _change(view, change)
    if view.impact is not None:
        yield from _impact(view, view.impact)
    if view.unexpected is not None:
        yield from ("", say(DECLARATION))
        yield from (f"  {problem}" for problem in view.unexpected or (say(AS_DECLARED),))


def _answer(view: View, answer: AnswerView, *, explained: bool) -> Iterator[str]:
    label = f" — {answer.label}" if answer.label else ""
    colon = view.say(COLON)
    yield f"  {answer.path}{label}{colon}{answer.headline}"
    yield from (f"    {note}" for note in answer.notes)
    yield from (f"    {view.say(BY)}{colon}{cause}" for cause in answer.causes)
    if answer.witness is not None:
        yield from _witness(view, answer.witness, explained=explained)


def _witness(view: View, witness: WitnessView, *, explained: bool) -> Iterator[str]:
    colon = view.say(COLON)
    yield f"    {view.say(EXAMPLE)}{colon}{witness.old}{view.say(THEN)}{witness.new}"
    yield from (f"      {line}" for line in (*witness.parting, *witness.given))
    yield from (f"      {line}" for line in witness.record.splitlines())
    if explained:
        for title, tree in ((OLD, witness.old_reasons), (NEW, witness.new_reasons)):
            if tree is not None:
                yield f"      {view.say(title)}{colon}".rstrip()
                yield from (f"        {line}" for line in draw(tree).splitlines())


def _change(view: View, change: ChangeView) -> Iterator[str]:
    colon, then = view.say(COLON), view.say(THEN)
    places = then.join(place for place in (change.old_place, change.new_place) if place)
    yield f"    {change.words}{f' [{places}]' if places else ''}"
    for name, old, new in change.aspects:
        if max(len(old or ""), len(new or "")) > _LONG or "\n" in f"{old}{new}":
            yield f"      {name}{colon}".rstrip()
            yield from (f"        - {line}" for line in (old or "").splitlines())
            yield from (f"        + {line}" for line in (new or "").splitlines())
        elif old is not None and new is not None:
            yield f"      {name}{colon}{old}{then}{new}"
        else:
            yield f"      {name}{colon}{old if new is None else new}{f' ({view.say(BEFORE)})' if new is None else ''}"


def _impact(view: View, impact: ImpactView) -> Iterator[str]:
    say, colon = view.say, view.say(COLON)
    yield from ("", say(EFFECT), f"  {impact.headline}")
    for answer in impact.answers:
        yield f"  {answer.path}{f' — {answer.label}' if answer.label else ''}{colon}{say(counted(answer.changed, RECORD))}"
        yield from (f"    {line}" for line in answer.lines)
        for group in answer.groups:
            yield f"    {group.title}{colon}{view.say(SEMICOLON).join(f'{label} {changed}' for label, changed, _ in group.rows)}"
    for group in impact.groups:
        yield f"  {group.title}"
        yield from (
            f"    {label}{colon}{say(Phrase(f'{changed} sur {total}', f'{changed} of {total}'))}" for label, changed, total in group.rows
        )
    for title, rows in ((TOUCHED, impact.touched), (REFUSED, impact.refused)):
        if rows:
            yield f"  {say(title)}"
            for who, lines in rows:
                yield f"    {who}"
                yield from (f"      {line}" for line in lines)
