"""From the arguments of a call to the faults of those that have another type than the call reads."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from optam_rules.base.diagnostics import Diagnostic, diagnose
from optam_rules.base.phrases import Phrase, joined


def mapping_fault(name: str, value: object, wanted: Phrase) -> Iterator[Diagnostic]:
    """Yield a fault (E827) where a value is neither a mapping of names nor `None`."""
    if value is not None and not (isinstance(value, Mapping) and all(isinstance(key, str) for key in value)):
        yield diagnose("E827", name=name, found=_kind(value), wanted=wanted)


def tables_faults(name: str, value: object) -> Iterator[Diagnostic]:
    """Yield faults (E827) where a value is no mapping of names to mappings, nor `None`."""
    yield from mapping_fault(
        name, value, Phrase("un dictionnaire {référentiel: {clés: valeur}}", "a dict {reference table: {keys: value}}")
    )
    for table, rows in value.items() if isinstance(value, Mapping) else ():
        if not isinstance(rows, Mapping):
            rows_wanted = Phrase("un dictionnaire {clés: valeur}", "a dict {keys: value}")
            yield diagnose("E827", name=f"{name}[{table!r}]", found=_kind(rows), wanted=rows_wanted)


def names_fault(name: str, value: object, wanted: Phrase) -> Iterator[Diagnostic]:
    """Yield a fault (E827) where a value is neither an iterable of texts nor `None`; one text alone would be read letter by letter."""
    if value is None:
        return
    if isinstance(value, str | Mapping) or not isinstance(value, Iterable) or not all(isinstance(item, str) for item in value):
        yield diagnose("E827", name=name, found=_kind(value), wanted=wanted)


def choice_fault(name: str, value: object, choices: Iterable[str]) -> Iterator[Diagnostic]:
    """Yield a fault (E827) where a value is none of some words."""
    held = list(choices)
    if value not in held:
        yield diagnose("E827", name=name, found=f"`{value!r}`", wanted=joined(Phrase(" ou ", " or "), (f"`{choice}`" for choice in held)))


def _kind(value: object) -> Phrase:
    return Phrase(f"de type `{type(value).__name__}`", f"of type `{type(value).__name__}`")
