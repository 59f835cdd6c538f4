"""From two sets of named things to pairs: by name, then, among those left over, by one and the same form."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Mapping
from typing import Generic, TypeVar

import attrs

Name = TypeVar("Name", bound=Hashable)
Item = TypeVar("Item")


@attrs.frozen
class Pairs(Generic[Name, Item]):
    """Things of both sides as (old name, new name), the old order first; and those of one side only."""

    both: tuple[tuple[Name, Name], ...]
    removed: tuple[Name, ...]
    added: tuple[Name, ...]


def pair(old: Mapping[Name, Item], new: Mapping[Name, Item], form: Callable[[Name, Item], object] | None = None) -> Pairs[Name, Item]:
    """Pair things by name, then by form where one thing alone on each side has that form: it was renamed."""
    both = [(name, name) for name in old if name in new]
    removed = [name for name in old if name not in new]
    added = [name for name in new if name not in old]
    if form is not None:
        renamed = _alike({name: form(name, old[name]) for name in removed}, {name: form(name, new[name]) for name in added})
        both += renamed
        removed = [name for name in removed if name not in {before for before, _ in renamed}]
        added = [name for name in added if name not in {after for _, after in renamed}]
    return Pairs(tuple(both), tuple(removed), tuple(added))


def _alike(old: Mapping[Name, object], new: Mapping[Name, object]) -> list[tuple[Name, Name]]:
    by_form: dict[object, tuple[list[Name], list[Name]]] = defaultdict(lambda: ([], []))
    for side, names in enumerate((old, new)):
        for name, shape in names.items():
            by_form[shape][side].append(name)
    # Where several have one form, nothing tells which became which.
    return [(before[0], after[0]) for before, after in by_form.values() if len(before) == 1 == len(after)]
