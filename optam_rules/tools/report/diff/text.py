"""A view of a comparison written as text for a terminal."""

from __future__ import annotations

from collections.abc import Iterator

from optam_rules.tools.report.diff.articles import ChangeView
from optam_rules.tools.report.diff.impact import ImpactView
from optam_rules.tools.report.diff.view import AnswerView, View, WitnessView, summary
from optam_rules.tools.report.tree import draw
from optam_rules.tools.report.words import counted

_LONG = 100  # a text longer than this is shown on lines of its own


def as_text(view: View, *, explained: bool = False, tests: bool = False) -> str:
    """Write a comparison; with `explained`, both explanations of each witness; with `tests`, changes of tests one by one."""
    return "\n".join(_lines(view, explained=explained, tests=tests))


def _lines(view: View, *, explained: bool, tests: bool) -> Iterator[str]:
    yield f"ancien : {view.old.name} ({' ; '.join(view.old.facts)})"
    yield f"nouveau : {view.new.name} ({' ; '.join(view.new.facts)})"
    yield f"{view.days} : {view.verdict}"
    yield summary(view)
    if view.differing:
        yield from ("", "Réponses qui diffèrent")
        for answer in view.differing:
            yield from _answer(answer, explained=explained)
    if view.undecided:
        yield from ("", "Réponses indécises")
        for answer in view.undecided:
            yield from _answer(answer, explained=explained)
    if view.proved:
        yield from ("", "Réponses prouvées égales")
        for answer in view.proved:
            yield from _answer(answer, explained=explained)
    if view.articles:
        yield from ("", "Changements du texte")
        for article in view.articles:
            if article.heading == "tests" and not tests:
                yield f"  tests : {counted(len(article.changes), 'changement')}"
                continue
            yield f"  {article.heading}"
            for change in article.changes:
                yield from _change(change)
    if view.impact is not None:
        yield from _impact(view.impact)
    if view.unexpected is not None:
        yield from ("", "Déclaration de changements")
        yield from (f"  {problem}" for problem in view.unexpected or ("tout ce qui change est déclaré, et tout ce qui est déclaré change",))


def _answer(answer: AnswerView, *, explained: bool) -> Iterator[str]:
    label = f" — {answer.label}" if answer.label else ""
    yield f"  {answer.path}{label} : {answer.headline}"
    yield from (f"    {note}" for note in answer.notes)
    yield from (f"    par : {cause}" for cause in answer.causes)
    if answer.witness is not None:
        yield from _witness(answer.witness, explained=explained)


def _witness(witness: WitnessView, *, explained: bool) -> Iterator[str]:
    yield f"    exemple : {witness.old}, puis {witness.new}"
    yield from (f"      {line}" for line in (*witness.parting, *witness.given))
    yield from (f"      {line}" for line in witness.record.splitlines())
    if explained:
        for title, tree in (("ancien", witness.old_reasons), ("nouveau", witness.new_reasons)):
            if tree is not None:
                yield f"      {title} :"
                yield from (f"        {line}" for line in draw(tree).splitlines())


def _change(change: ChangeView) -> Iterator[str]:
    places = ", puis ".join(place for place in (change.old_place, change.new_place) if place)
    yield f"    {change.words}{f' [{places}]' if places else ''}"
    for name, old, new in change.aspects:
        if max(len(old or ""), len(new or "")) > _LONG or "\n" in f"{old}{new}":
            yield f"      {name} :"
            yield from (f"        - {line}" for line in (old or "").splitlines())
            yield from (f"        + {line}" for line in (new or "").splitlines())
        elif old is not None and new is not None:
            yield f"      {name} : {old}, puis {new}"
        else:
            yield f"      {name} : {old if new is None else new}{' (avant)' if new is None else ''}"


def _impact(impact: ImpactView) -> Iterator[str]:
    yield from ("", "Effet sur les dossiers", f"  {impact.headline}")
    for answer in impact.answers:
        yield f"  {answer.path}{f' — {answer.label}' if answer.label else ''} : {counted(answer.changed, 'dossier')}"
        yield from (f"    {line}" for line in answer.lines)
        for group in answer.groups:
            yield f"    {group.title} : {' ; '.join(f'{label} {changed}' for label, changed, _ in group.rows)}"
    for group in impact.groups:
        yield f"  {group.title}"
        yield from (f"    {label} : {changed} sur {total}" for label, changed, total in group.rows)
    if impact.touched:
        yield "  Qui change"
        for who, moves in impact.touched:
            yield f"    {who}"
            yield from (f"      {move}" for move in moves)
    if impact.refused:
        yield "  Refusés"
        for who, faults in impact.refused:
            yield f"    {who}"
            yield from (f"      {fault}" for fault in faults)
