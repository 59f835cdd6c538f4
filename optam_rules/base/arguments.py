"""From the arguments of a call to the faults of those that have another type than the call reads."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from optam_rules.base.diagnostics import Diagnostic, diagnose
from optam_rules.base.phrases import Phrase, joined

_TEXT = Phrase("un texte", "a text")


def mapping_fault(name: str, value: object, wanted: Phrase) -> Iterator[Diagnostic]:
    """Yield a fault (E827) where a value is neither a mapping of names nor `None`."""
    if value is None:
        return
    if not isinstance(value, Mapping):
        yield diagnose("E827", name=name, found=kind(value), wanted=wanted)
        return
    for key in value:
        if not isinstance(key, str):
            found = Phrase(f"un dictionnaire dont une clé est {kind(key).fr}", f"a dict with a key {kind(key).en}")
            yield diagnose("E827", name=name, found=found, wanted=wanted)


def texts_fault(name: str, value: object, wanted: Phrase) -> Iterator[Diagnostic]:
    """Yield a fault (E827) where a value is neither a mapping of names to texts nor `None`."""
    yield from mapping_fault(name, value, wanted)
    for key, text in value.items() if isinstance(value, Mapping) else ():
        if not isinstance(text, str):
            yield diagnose("E827", name=f"{name}[{key!r}]", found=kind(text), wanted=_TEXT)


def path_fault(name: str, value: object, wanted: Phrase) -> Iterator[Diagnostic]:
    """Yield a fault (E827) where a value is neither a path nor `None`."""
    if value is not None and not isinstance(value, str | Path):
        yield diagnose("E827", name=name, found=kind(value), wanted=wanted)


def date_fault(value: object) -> Iterator[Diagnostic]:
    """Yield a fault (E810) where a value is no date; a moment of a day is none."""
    if not isinstance(value, dt.date) or isinstance(value, dt.datetime):
        yield diagnose("E810", found=str(value))


def tables_faults(name: str, value: object) -> Iterator[Diagnostic]:
    """Yield faults (E827) where a value is no mapping of names to mappings, nor `None`."""
    yield from mapping_fault(
        name, value, Phrase("un dictionnaire {référentiel: {clés: valeur}}", "a dict {reference table: {keys: value}}")
    )
    for table, rows in value.items() if isinstance(value, Mapping) else ():
        if not isinstance(rows, Mapping):
            rows_wanted = Phrase("un dictionnaire {clés: valeur}", "a dict {keys: value}")
            yield diagnose("E827", name=f"{name}[{table!r}]", found=kind(rows), wanted=rows_wanted)


def names_fault(name: str, value: object, wanted: Phrase) -> Iterator[Diagnostic]:
    """Yield a fault (E827) where a value is neither a collection of texts nor `None`.

    One text alone would be read letter by letter; an iterator would be empty once it has been looked through.
    """
    if value is None or (isinstance(value, (list, tuple)) and all(isinstance(item, str) for item in value)):
        return  # at once, as most are: abstract classes are slow to ask in a fresh process
    if isinstance(value, str | Mapping | Iterator) or not isinstance(value, Iterable):
        yield diagnose("E827", name=name, found=kind(value), wanted=wanted)
        return
    for place, item in enumerate(value):
        if not isinstance(item, str):
            found = Phrase(f"une collection dont un élément est {kind(item).fr}", f"a collection with an element {kind(item).en}")
            if isinstance(value, Sequence):
                yield diagnose("E827", name=f"{name}[{place}]", found=kind(item), wanted=_TEXT)
            else:  # a set has no places
                yield diagnose("E827", name=name, found=found, wanted=wanted)


def count_fault(name: str, value: object) -> Iterator[Diagnostic]:
    """Yield a fault (E827) where a value is no whole number from 1 up; a boolean is none."""
    if not isinstance(value, int) or isinstance(value, bool) or value < 1:
        found = f"`{value}`" if isinstance(value, int) else kind(value)
        yield diagnose("E827", name=name, found=found, wanted=Phrase("un nombre entier, d'au moins 1", "a whole number, at least 1"))


def ranks_fault(name: str, value: object) -> Iterator[Diagnostic]:
    """Yield a fault (E827) where a value is no collection of whole numbers from 0 up."""
    wanted = Phrase("une liste de rangs, comptés depuis 0", "a list of ranks, counted from 0")
    if isinstance(value, str | bytes | Mapping) or not isinstance(value, Iterable):
        yield diagnose("E827", name=name, found=kind(value), wanted=wanted)
        return
    for rank in value:
        if not isinstance(rank, int) or isinstance(rank, bool) or rank < 0:
            yield diagnose("E827", name=name, found=f"`{rank!r}`", wanted=wanted)


def choice_fault(name: str, value: object, choices: Iterable[str]) -> Iterator[Diagnostic]:
    """Yield a fault (E827) where a value is none of some words."""
    held = list(choices)
    if value not in held:
        yield diagnose("E827", name=name, found=f"`{value!r}`", wanted=joined(Phrase(" ou ", " or "), (f"`{choice}`" for choice in held)))


def kind(value: object) -> Phrase:
    """Name the type of a value that an argument should not have."""
    return Phrase(f"de type `{type(value).__name__}`", f"of type `{type(value).__name__}`")
