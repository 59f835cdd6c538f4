"""From files to the same files as they could be read on a day: what was published later is left out, and the earlier state holds."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence

import attrs

from optam_rules.base.calendar import ONE_DAY, Interval
from optam_rules.syntax.abstract import (
    Amend,
    AmendmentHeader,
    Clauses,
    DatedExpr,
    FileSyntax,
    Heading,
    History,
    Item,
    ParameterDecl,
    Pending,
    TestDecl,
)


def publication_days(files: Iterable[FileSyntax]) -> frozenset[dt.date]:
    """Return every day on which something of the files was published."""
    return frozenset(day for file in files for day in _days_of(file))


def _days_of(file: FileSyntax) -> Iterator[dt.date]:
    if isinstance(file.header, AmendmentHeader) and file.header.published is not None:
        yield file.header.published
    for item in file.items:
        match item.declaration if isinstance(item, Amend) else item:
            case Heading(clauses=Clauses(published=dt.date() as day)):
                yield day
            case ParameterDecl(values=values):
                yield from (value.published for value in values if value.published is not None)


def as_known(files: Sequence[FileSyntax], day: dt.date | None) -> list[FileSyntax]:
    """Leave out of the files what is published after `day`; `None` leaves nothing out.

    Of two values of a parameter that hold from one day on, the last one published stays. A unit of law that is left out gives its days
    back to the version that it follows. Tests are left out where `day` is given: they tell what holds once everything is published.
    """
    kept: list[FileSyntax] = []
    left_out: list[Heading] = []
    for file in files:
        items: list[Item] = []
        open_ = True
        for item in file.items:
            said = item.declaration if isinstance(item, Amend) else item
            if isinstance(said, Heading):
                open_ = not _after(said.clauses.published, day)
                if not open_:
                    left_out.append(said)
            if open_ and not (day is not None and isinstance(item, TestDecl)):
                items += [known for known in [_item(item, day)] if known is not None]
        kept.append(attrs.evolve(file, items=tuple(items)))
    if left_out:
        kept = [attrs.evolve(file, items=tuple(_given_back(item, left_out) for item in file.items)) for file in kept]
    return kept


def _after(published: dt.date | None, day: dt.date | None) -> bool:
    return published is not None and day is not None and published > day


def _item(item: Item, day: dt.date | None) -> Item | None:
    match item:
        case ParameterDecl():
            return _parameter(item, day)
        case Amend(declaration=ParameterDecl() as parameter):
            known = _parameter(parameter, day)
            return attrs.evolve(item, declaration=known) if known is not None else None
        case _:
            return item


def _parameter(parameter: ParameterDecl, day: dt.date | None) -> ParameterDecl | None:
    """Return a parameter with the values known on a day, `None` where none is."""
    if all(value.published is None for value in parameter.values):
        return parameter
    known = [value for value in parameter.values if not _after(value.published, day)]
    later = tuple(
        Pending(value.since, value.published, f"paramètre {parameter.name}")
        for value in parameter.values
        if value.published is not None and _after(value.published, day)
    )
    if not known:
        return None
    clauses = waiting(parameter.clauses, later)
    return attrs.evolve(parameter, values=_last_published(known), clauses=clauses)


def _last_published(values: Sequence[DatedExpr]) -> tuple[DatedExpr, ...]:
    """Keep one value for each day of effect; two that no publication tells apart both stay, for the check to tell."""
    ordered = sorted(values, key=lambda value: (value.since, value.published or dt.date.min))
    return tuple(
        value
        for place, value in enumerate(ordered)
        if place + 1 == len(ordered)
        or ordered[place + 1].since != value.since
        or (ordered[place + 1].published or dt.date.min) == (value.published or dt.date.min)
    )


def waiting(clauses: Clauses, later: tuple[Pending, ...]) -> Clauses:
    """Note on a declaration the changes that were not published yet."""
    if not later:
        return clauses
    history = clauses.history or History()
    return attrs.evolve(clauses, history=attrs.evolve(history, pending=(*history.pending, *later)))


def _given_back(item: Item, left_out: Sequence[Heading]) -> Item:
    """Extend the version of a unit of law that ends just before one that is left out."""
    if not isinstance(item, Heading) or item.clauses.interval is None or item.clauses.interval.end is None:
        return item
    for later in left_out:
        interval, published = later.clauses.interval, later.clauses.published
        if interval is None or interval.start is None or published is None:
            continue
        if (later.kind, later.number) == (item.kind, item.number) and interval.start - ONE_DAY == item.clauses.interval.end:
            pending = Pending(interval.start, published, f"{later.kind.value} {later.number}")
            clauses = attrs.evolve(item.clauses, interval=Interval(item.clauses.interval.start, interval.end))
            return _given_back(attrs.evolve(item, clauses=waiting(clauses, (pending,))), left_out)
    return item
