"""From the names of columns to the data they fill, by the vocabulary of a program alone.

A column is named by a datum of the entity (`secteur`), by a datum of an entity that it holds (`adhesion.option`), or by a datum of
the elements of a list with the number that identifies the element (`depassements_2013`, or `exercices.depassements_2013`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import attrs

from optam_rules.base.diagnostics import Diagnostic, diagnose
from optam_rules.base.phrases import Phrase, did_you_mean
from optam_rules.base.suggestions import nearest
from optam_rules.core.program import EntitySpec
from optam_rules.core.scalars import from_cell, shown
from optam_rules.core.types import EntityType, ListType, Scalar, SetType, Type
from optam_rules.core.vocabulary import Vocabulary
from optam_rules.interop.hints import already_fills

SEPARATOR = "|"  # between the values of a set or list; alone in a cell, it is the empty one
_MAX_DOTS = 8
_NUMBERED = re.compile(r"(?:(\w+)\.)?(\w+)_([0-9]{1,9})")


@attrs.frozen
class Column:
    """Where a column goes: the path of a datum, and for an element of a list the number that identifies it."""

    name: str
    path: tuple[str, ...]
    type: Type
    number: int | None = None


@attrs.frozen
class Plan:
    """The columns of a table in order, `None` for those that are not read."""

    vocabulary: Vocabulary
    columns: tuple[Column | None, ...]
    identifying: Mapping[str, str]  # list of the entity -> the datum that identifies its elements

    def raw(self, cells: Sequence[str]) -> tuple[dict[str, Any], list[Diagnostic]]:
        """Return the raw record of a row: an empty cell is a datum left out, every number named by the header is an element."""
        raw: dict[str, Any] = {}
        elements: dict[tuple[str, int], dict[str, Any]] = {}
        faults: list[Diagnostic] = []
        for column, cell in zip(self.columns, cells, strict=True):
            if column is None:
                continue
            target = raw
            if column.number is not None:
                # An element whose cells are all empty exists with its data unknown: left out, it would pass for known not to be.
                target = elements.setdefault((column.path[0], column.number), {self.identifying[column.path[0]]: column.number})
            if (text := cell.strip()) and not _put(target, column, from_text(column.type, text)):
                faults.append(diagnose("E547", path=column.name, name=column.path[0]))
        for (name, _), element in elements.items():
            raw.setdefault(name, []).append(element)
        return raw, faults


def _put(target: dict[str, Any], column: Column, value: object) -> bool:
    for step in column.path[:-1] if column.number is None else ():
        target = target.setdefault(step, {})
        if not isinstance(target, dict):
            return False
    if column.path[-1] in target:
        return False
    target[column.path[-1]] = value
    return True


def from_text(type_: Type, text: str) -> object:
    """Turn a cell into a raw value; the values of a set or list are parted by `|`."""
    match type_:
        case SetType(item) | ListType(item) if text != "sans_objet":
            return [from_text(item, part.strip()) for part in text.split(SEPARATOR)] if text != SEPARATOR else []
        case _:
            return from_cell(type_, text)


def plan(
    vocabulary: Vocabulary, entity: str, names: Sequence[str], *, apart: Iterable[str] = (), ignore_unknown_fields: bool = False
) -> tuple[Plan, list[Diagnostic]]:
    """Match the columns of a table with the data of an entity; those `apart` are the caller's, any other unknown one is a fault."""
    spec = vocabulary.program.entities[entity]
    passed, faults = set(apart), []
    columns: list[Column | None] = []
    for name in names:
        column = None if name in passed else _column(vocabulary, spec, name)
        columns.append(column)
        if column is None and name not in passed and not ignore_unknown_fields:
            faults.append(diagnose("E535", name=shown(name), hint=_hint(vocabulary, spec, name)))
    for path, several in _same(columns):
        if len(several) > 1:
            faults.append(diagnose("E537", name=several[1], hint=already_fills(several[0], path)))
    identifying = {name: first for name, first, _ in _numbered_lists(vocabulary, spec)}
    return Plan(vocabulary, tuple(columns), identifying), faults


def _same(columns: Iterable[Column | None]) -> Iterator[tuple[str, list[str]]]:
    filled: dict[tuple[tuple[str, ...], int | None], list[str]] = {}
    for column in columns:
        if column is not None:
            filled.setdefault((column.path, column.number), []).append(column.name)
    for (path, number), names in filled.items():
        yield ".".join(path) + (f" {number}" if number is not None else ""), names


def _column(vocabulary: Vocabulary, spec: EntitySpec, name: str) -> Column | None:
    """Return where a column goes: a datum by its own name first, then one below it, then an element of a list."""
    if name in spec.fields:
        type_ = spec.fields[name].type
        return Column(name, (name,), type_) if _fits_a_cell(vocabulary, type_) else None
    head, _, rest = name.partition(".")
    held = spec.fields.get(head)
    if rest and name.count(".") <= _MAX_DOTS and held is not None and isinstance(held.type, EntityType):
        below = _column(vocabulary, vocabulary.program.entities[held.type.name], rest)
        return Column(name, (head, *below.path), below.type) if below is not None and below.number is None else None
    match = _NUMBERED.fullmatch(name)
    if match is None:
        return None
    lists = [
        (other, elements.fields[match[2]].type)
        for other, first, elements in _numbered_lists(vocabulary, spec)
        if match[2] in elements.fields and match[2] != first and match[1] in (None, other)
    ]
    # With two lists whose elements have this datum, the name of the list must be written.
    return Column(name, (lists[0][0], match[2]), lists[0][1], int(match[3])) if len(lists) == 1 else None


def _numbered_lists(vocabulary: Vocabulary, spec: EntitySpec) -> Iterator[tuple[str, str, EntitySpec]]:
    """Yield the lists of an entity whose elements an integer identifies: name, identifying datum, entity."""
    for field in spec.fields.values():
        match field.type:
            case ListType(EntityType(other)) if vocabulary.identifying[other].type is Scalar.INTEGER:
                yield field.name, vocabulary.identifying[other].name, vocabulary.program.entities[other]


def _fits_a_cell(vocabulary: Vocabulary, type_: Type) -> bool:
    """Tell whether a datum can stand in one cell: any scalar, a set or list of them, a record or records named by their identifiants."""
    match type_:
        case ListType(EntityType(other)):
            return vocabulary.identified_by_text(other)
        case _:
            return True


def _hint(vocabulary: Vocabulary, spec: EntitySpec, name: str) -> Phrase | None:
    if name in spec.fields:
        return Phrase(
            "une liste se donne en fichier joint, ou par des colonnes numérotées (`depassements_2013`)",
            "a list is given as a companion file, or by numbered columns (`depassements_2013`)",
        )
    near = nearest(name, _known(vocabulary, spec, name)) if name else None
    return did_you_mean(near)


def _known(vocabulary: Vocabulary, spec: EntitySpec, name: str) -> Iterator[str]:
    """Yield the names of columns that may have been meant by `name`."""
    match = _NUMBERED.fullmatch(name)
    for field in spec.fields.values():
        yield field.name
        if isinstance(field.type, EntityType):
            yield from (f"{field.name}.{name}" for name in vocabulary.program.entities[field.type.name].fields)
    for _, first, elements in _numbered_lists(vocabulary, spec) if match else ():
        yield from (f"{below}_{match[3]}" for below in elements.fields if match and below != first)
