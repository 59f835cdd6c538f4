"""From a `manifest.toml` to a Manifest, with every fault of the file; unknown keys are refused."""

from __future__ import annotations

import datetime as dt
import tomllib
from collections.abc import Callable
from typing import Any

import attrs

from optam_rules.base.calendar import Interval
from optam_rules.base.diagnostics import Diagnostic, diagnose
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


def _is_text(value: object) -> str | None:
    return None if isinstance(value, str) and value else "texte attendu"


def _is_date(value: object) -> str | None:
    return None if isinstance(value, dt.date) and not isinstance(value, dt.datetime) else "date attendue (2017-01-01)"


def _is_texts(value: object) -> str | None:
    return None if isinstance(value, list) and all(isinstance(item, str) for item in value) else "liste de textes attendue"


def _is_interval(value: object) -> str | None:
    if not isinstance(value, dict) or not value.keys() <= {"from", "to"}:
        return "table `{ from = DATE, to = DATE }` attendue"
    if any(_is_date(day) for day in value.values()):
        return "dates attendues (2017-01-01)"
    if {"from", "to"} <= value.keys() and value["from"] > value["to"]:
        return "la fin précède le début"
    return None


_KEYS: dict[str, tuple[Callable[[object], str | None], bool]] = {
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
        return None, [diagnose("E802", file=file, reason=error)]
    faults = [
        diagnose("E803", file=file, key=key, reason="clé inconnue", hint=f"vouliez-vous écrire `{near}`" if near else None)
        for key in table.keys() - _KEYS.keys()
        for near in [nearest(key, _KEYS)]
    ]
    for key, (check, required) in _KEYS.items():
        if key not in table:
            faults += [diagnose("E803", file=file, key=key, reason="clé manquante")] if required else []
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
