"""From a `manifest.toml` to a Manifest, with every fault of the file; unknown keys are refused."""

from __future__ import annotations

import datetime as dt
import tomllib
from collections.abc import Callable
from typing import Any

import attrs

from optam_rules.base.calendar import Interval
from optam_rules.base.diagnostics import Diagnostic, diagnose
from optam_rules.base.phrases import Phrase, did_you_mean
from optam_rules.base.suggestions import nearest


@attrs.frozen
class Manifest:
    """What a pack says of itself. `verified` is the last day up to which it was checked against the law."""

    id: str
    title: str
    version: str
    parent: str | None
    interval: Interval
    verified: dt.date | None
    sources: tuple[str, ...]


def _is_text(value: object) -> Phrase | None:
    return None if isinstance(value, str) and value else Phrase("texte attendu", "text expected")


def _is_date(value: object) -> Phrase | None:
    right = isinstance(value, dt.date) and not isinstance(value, dt.datetime)
    return None if right else Phrase("date attendue (2017-01-01)", "date expected (2017-01-01)")


def _is_texts(value: object) -> Phrase | None:
    right = isinstance(value, list) and all(isinstance(item, str) for item in value)
    return None if right else Phrase("liste de textes attendue", "list of texts expected")


def _is_interval(value: object) -> Phrase | None:
    if not isinstance(value, dict) or not value.keys() <= {"from", "to"}:
        return Phrase("table `{ from = DATE, to = DATE }` attendue", "table `{ from = DATE, to = DATE }` expected")
    if any(_is_date(day) for day in value.values()):
        return Phrase("dates attendues (2017-01-01)", "dates expected (2017-01-01)")
    if {"from", "to"} <= value.keys() and value["from"] > value["to"]:
        return Phrase("la fin précède le début", "the end comes before the start")
    return None


_KEYS: dict[str, tuple[Callable[[object], Phrase | None], bool]] = {
    "id": (_is_text, True),
    "title": (_is_text, True),
    "version": (_is_text, True),
    "parent": (_is_text, False),
    "in_force": (_is_interval, False),
    "verified": (_is_date, False),
    "sources": (_is_texts, False),
}


def read_manifest(file: str, data: bytes) -> tuple[Manifest | None, list[Diagnostic]]:
    """Read a manifest; `None` when it has a fault (E802 not TOML, E803 a key missing, unknown or of a wrong type)."""
    try:
        table: dict[str, Any] = tomllib.loads(data.decode("utf-8"))
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        return None, [diagnose("E802", file=file, reason=str(error))]
    faults = [
        diagnose("E803", file=file, key=key, reason=Phrase("clé inconnue", "unknown key"), hint=did_you_mean(nearest(key, _KEYS)))
        for key in table.keys() - _KEYS.keys()
    ]
    for key, (check, required) in _KEYS.items():
        if key not in table:
            faults += [diagnose("E803", file=file, key=key, reason=Phrase("clé manquante", "missing key"))] if required else []
        elif reason := check(table[key]):
            faults.append(diagnose("E803", file=file, key=key, reason=reason))
    if faults:
        return None, faults
    in_force = table.get("in_force", {})
    return (
        Manifest(
            table["id"],
            table["title"],
            table["version"],
            table.get("parent"),
            Interval(in_force.get("from"), in_force.get("to")),
            table.get("verified"),
            tuple(table.get("sources", ())),
        ),
        [],
    )
