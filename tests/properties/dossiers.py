"""Raw records as trees: which data they hold, and what is left when some are hidden."""

from __future__ import annotations

import copy
import re
from collections.abc import Iterator
from typing import Any

Raw = dict[str, Any]
Place = tuple[str | int, ...]
NAMING = ("identifiant", "annee")
_PART = re.compile(r"([^.\[\]]+)|\[([^\]]*)\]")


def places(raw: object, prefix: Place = ()) -> Iterator[Place]:
    """List the data of a record: fields of records, also inside lists; what names a record is left alone."""
    if isinstance(raw, dict):
        for name, value in raw.items():
            if name not in NAMING:
                yield (*prefix, name)
            yield from places(value, (*prefix, name))
    elif isinstance(raw, list):
        for index, value in enumerate(raw):
            yield from places(value, (*prefix, index))


def at(raw: object, place: Place) -> Any:
    """Return what stands at a place."""
    for part in place:
        raw = raw[part]  # type: ignore[index]
    return raw


def without(raw: Raw, hidden: set[Place]) -> Raw:
    """Return a copy in which the data at some places are absent."""
    left = copy.deepcopy(raw)
    for place in sorted(hidden, key=len, reverse=True):
        at(left, place[:-1]).pop(place[-1], None)
    return left


def place_of(raw: Raw, path: str) -> Place:
    """Find the place that a need names: `exercices[annee=2015].depassements`, `groupe.membres[identifiant=B].titres`."""
    place: Place = ()
    for name, index in _PART.findall(path):
        if name:
            place = (*place, name)
            continue
        elements = at(raw, place)
        key, _, value = index.partition("=")
        place = (
            *place,
            int(index) if not value else next(i for i, e in enumerate(elements) if isinstance(e, dict) and str(e[key]) == value),
        )
    return place


def covered(place: Place, by: set[Place]) -> bool:
    """Tell whether a place is one of some places or inside one."""
    return any(place[: len(other)] == other for other in by)
