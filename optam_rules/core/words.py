"""From one program or two to what a record may hold that each of them can read."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, cast

import attrs

from optam_rules.core.program import EntitySpec, FieldSpec, Program, ReferenceTable
from optam_rules.core.types import EnumType, ListType, SetType, Type


@attrs.frozen
class Words:
    """The entities, enumerations, reference tables and open questions that records are drawn for.

    Of two programs: the data of either (a side passes what it does not declare), within the bounds and the values of both.
    """

    entities: Mapping[str, EntitySpec]
    enumerations: Mapping[str, tuple[str, ...]]
    references: Mapping[str, ReferenceTable]
    readings: Mapping[str, tuple[str, ...]]


def words_of(programs: Sequence[Program]) -> Words:
    """Return the words that some programs share."""
    enumerations = _merged(
        [{name: tuple(spec.values) for name, spec in program.enumerations.items()} for program in programs],
        lambda first, other: tuple(value for value in first if value in other),
    )
    entities = _merged([program.entities for program in programs], lambda first, other: _entity(first, other))
    references = _merged(
        [program.references for program in programs],
        lambda first, other: first if (first.keys, first.type) == (other.keys, other.type) else None,
    )
    readings = _merged(
        [{name: spec.readings for name, spec in program.hypotheses.items()} for program in programs],
        lambda first, other: tuple(reading for reading in first if reading in other),
    )
    kept = {name: _drawable(spec, enumerations) for name, spec in entities.items()}
    return Words(kept, enumerations, references, {name: found for name, found in readings.items() if found})


def _merged(maps: Sequence[Mapping[str, Any]], both: Callable[[Any, Any], Any]) -> dict[str, Any]:
    """Merge maps by name: what one has alone is kept, what two have is made one by `both`, or left out where it gives nothing."""
    merged: dict[str, Any] = {}
    refused: set[str] = set()
    for held in maps:
        for name, value in held.items():
            found = both(merged[name], value) if name in merged else value
            if found is None:
                refused.add(name)
            else:
                merged[name] = found
    return {name: value for name, value in merged.items() if name not in refused}


def _entity(first: EntitySpec, other: EntitySpec) -> EntitySpec:
    controls = tuple(dict.fromkeys((*first.controls, *other.controls)))
    return attrs.evolve(first, fields=_merged([first.fields, other.fields], _field), controls=controls)


def _field(first: FieldSpec, other: FieldSpec) -> FieldSpec | None:
    if first.type != other.type:
        return None
    lows = [cast("Any", bound) for bound in (first.low, other.low) if bound is not None]
    highs = [cast("Any", bound) for bound in (first.high, other.high) if bound is not None]
    low, high = max(lows, default=None), min(highs, default=None)
    if low is not None and high is not None and low > high:
        return None
    return attrs.evolve(first, low=low, high=high, optional=first.optional and other.optional)


def _drawable(spec: EntitySpec, enumerations: Mapping[str, tuple[str, ...]]) -> EntitySpec:
    """Leave out the data of an enumeration of which two programs share no value."""
    fields = {name: field for name, field in spec.fields.items() if not _empty(field.type, enumerations)}
    return attrs.evolve(spec, fields=fields)


def _empty(type_: Type, enumerations: Mapping[str, tuple[str, ...]]) -> bool:
    match type_:
        case EnumType(name):
            return not enumerations.get(name)
        case ListType(item) | SetType(item):
            return _empty(item, enumerations)
        case _:
            return False
