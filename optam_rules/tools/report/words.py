"""Names of the core turned into words of a lawyer: citations of articles, standings, and what an answer waits for."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Iterator
from typing import assert_never

from optam_rules.base.calendar import Interval
from optam_rules.core.program import ArticleText, FieldSpec, Program
from optam_rules.core.standing import Standing
from optam_rules.core.types import EntityType, ListType, Type

_STEP = re.compile(r"(?P<name>[^.\[\]]+)(?P<key>\[[^\]]*\])?\.?")


def standing_words(standing: Standing) -> str:
    """Say what an answer rests on, weakest clause first."""
    match standing:
        case Standing.TEXT:
            return "fondement : le texte lui-même"
        case Standing.CAISSE:
            return "fondement le plus faible : une position de la caisse"
        case Standing.DOCTRINE:
            return "fondement le plus faible : la doctrine"
        case Standing.HYPOTHESIS:
            return "fondement le plus faible : une hypothèse, que les sources ne confirment pas"
        case _:
            assert_never(standing)


def find_article(program: Program, number: str, on: dt.date | None) -> ArticleText | None:
    """Return the unit of law of that number in force on `on`, else the first of that number."""
    units = [unit for unit in program.articles if unit.number == number]
    in_force = [unit for unit in units if on is not None and on in unit.interval]
    return next(iter(in_force or units), None)


def citation(program: Program, number: str, on: dt.date | None = None) -> str:
    """Return `article 41.1 « Engagements »`, `annexe 21 « … »` or `clause « … »`."""
    unit = find_article(program, number, on)
    if unit is None:
        return number if number.startswith("annexe") else f"article {number}"
    title = f" « {unit.title} »" if unit.title else ""
    match unit.kind:
        case "article":
            return f"article {number}{title}"
        case "clause":
            return f"clause{title or f' {number}'}"
        case _:
            return f"{number}{title}"


def interval_words(start: dt.date | None, end: dt.date | None) -> str:
    """Return `en vigueur depuis le D`, `en vigueur du D au D`, or nothing where neither day is known."""
    match start, end:
        case None, None:
            return ""
        case None, _:
            return f"en vigueur jusqu'au {end}"
        case _, None:
            return f"en vigueur depuis le {start}"
        case _:
            return f"en vigueur du {start} au {end}"


def days_words(interval: Interval) -> str:
    """Return the same for a column headed `en vigueur`."""
    return interval_words(interval.start, interval.end).removeprefix("en vigueur ")


def missing_words(program: Program, needs: Iterable[str], *, labels: bool) -> list[str]:
    """Say what an answer waits for, one phrase a record (records that lack the same together), then one for each of the rest."""
    by_place: dict[str, list[str]] = {}
    others: list[str] = []
    for need in sorted(needs):
        if any(need.startswith(f"{kind}:") for kind in _KINDS):
            others.append(_other_words(program, need, labels=labels))
        else:
            place, name = split_path(need)
            label = field_label(program, need) if labels else ""
            by_place.setdefault(place, []).append(f"{name} ({label})" if label else name)
    by_names: dict[tuple[str, ...], list[str]] = {}
    for place, names in sorted(by_place.items()):
        by_names.setdefault(tuple(names), []).append(place_words(program, place, ""))
    phrases = [f"{', '.join(filter(None, places))} : {', '.join(names)}".removeprefix(" : ") for names, places in by_names.items()]
    return phrases + others


_KINDS = ("hypothèse", "référentiel", "inconnu")


def _other_words(program: Program, need: str, *, labels: bool) -> str:
    kind, _, name = need.partition(":")
    match kind:
        case "hypothèse":
            hypothesis = program.hypotheses.get(name)
            question = f" (« {hypothesis.text} » : {' ou '.join(hypothesis.readings)})" if hypothesis and labels else ""
            return f"le choix d'une lecture, {name}{question}"
        case "référentiel":
            return f"la ligne {name} du référentiel" if "[" in name else f"une ligne du référentiel {name}"
        case _:
            return f"ce que les sources ne disent pas, {name}"


def field_label(program: Program, path: str) -> str:
    """Return the label of the datum at the end of a path from the main entity, or nothing."""
    fields = [field for field, _ in _walk(program, path)]
    return fields[-1].label if fields and fields[-1] is not None else ""


def split_path(path: str) -> tuple[str, str]:
    """Cut a path into the place it is about and the name at its end: `exercices[annee=2013].annee` -> `exercices[annee=2013]`, `annee`."""
    steps = [step.group().rstrip(".") for step in _STEP.finditer(path)]
    return ".".join(steps[:-1]), steps[-1] if steps else ""


def place_words(program: Program, place: str, seen_from: str) -> str:
    """Say which record a path is about, seen from another one: nothing for the same, `exercice 2013` for one of its own.

    What is left out: lists, whose entity and key say enough, and data that only lead to a list (`groupe` in `groupe.membres[…]`).
    """
    if place == seen_from:
        return ""
    if not place:
        return "le dossier"
    inside = not seen_from or place.startswith(f"{seen_from}.")
    own = place[len(seen_from) :].lstrip(".") if inside else place
    steps = list(_walk(program, place))[-len(list(_STEP.finditer(own))) :]
    words = [
        f"{field.type.item} {key.partition('=')[2] or key}" if field is not None and isinstance(field.type, ListType) else name
        for field, (name, key) in steps
    ]
    singles = {name for field, (name, _) in steps if field is not None and isinstance(field.type, EntityType)}
    return ", ".join(word for word, following in zip(words, [*words[1:], ""], strict=True) if not (word in singles and following))


def _walk(program: Program, path: str) -> Iterator[tuple[FieldSpec | None, tuple[str, str]]]:
    """Yield the field, the name and the key of each step of a path from the main entity; no field past an unknown one."""
    entity: Type | None = EntityType(program.main.name)
    for step in _STEP.finditer(path):
        entity = entity.item if isinstance(entity, ListType) else entity
        spec = program.entities.get(entity.name) if isinstance(entity, EntityType) else None
        field = spec.fields.get(step["name"]) if spec else None
        yield field, (step["name"], (step["key"] or "").strip("[]"))
        entity = field.type if field else None


def counted(number: int, noun: str) -> str:
    """Return `1 erreur`, `2 erreurs`."""
    return f"{number} {noun}{'s' if abs(number) >= 2 else ''}"
