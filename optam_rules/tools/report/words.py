"""Names of the core turned into words of a lawyer: citations of articles, standings, and what an answer waits for."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Iterator
from typing import assert_never

from optam_rules.base.calendar import Interval
from optam_rules.base.phrases import Phrase
from optam_rules.core.program import ArticleText, FieldSpec, Program
from optam_rules.core.standing import Standing
from optam_rules.core.types import EntityType, ListType, Type
from optam_rules.tools.report.wording import Language, say

_STEP = re.compile(r"(?P<name>[^.\[\]]+)(?P<key>\[[^\]]*\])?\.?")


def standing_words(standing: Standing, language: Language = Language.FRENCH) -> str:
    """Say what an answer rests on, weakest clause first."""
    match standing:
        case Standing.TEXT:
            return say(language, "rests_text")
        case Standing.CAISSE:
            return say(language, "rests_caisse")
        case Standing.DOCTRINE:
            return say(language, "rests_doctrine")
        case Standing.HYPOTHESIS:
            return say(language, "rests_hypothesis")
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


def interval_words(start: dt.date | None, end: dt.date | None, language: Language = Language.FRENCH) -> str:
    """Return `en vigueur depuis le D`, `en vigueur du D au D`, or nothing where neither day is known."""
    match start, end:
        case None, None:
            return ""
        case None, _:
            return say(language, "in_force_until", end=end)
        case _, None:
            return say(language, "in_force_since", start=start)
        case _:
            return say(language, "in_force_from_to", start=start, end=end)


IN_FORCE = Phrase("en vigueur", "in force")


def days_words(interval: Interval, language: Language = Language.FRENCH) -> str:
    """Return the same for a column headed `IN_FORCE`."""
    return interval_words(interval.start, interval.end, language).removeprefix(f"{IN_FORCE.told(language.lang)} ")


def missing_words(program: Program, needs: Iterable[str], *, labels: bool, language: Language = Language.FRENCH) -> list[str]:
    """Say what an answer waits for, one phrase a record (records that lack the same together), then one for each of the rest."""
    by_place: dict[str, list[str]] = {}
    others: list[str] = []
    for need in sorted(needs):
        if any(need.startswith(f"{kind}:") for kind in _KINDS):
            others.append(_other_words(program, need, language, labels=labels))
        else:
            place, name = split_path(need)
            label = field_label(program, need) if labels else ""
            by_place.setdefault(place, []).append(f"{name} ({label})" if label else name)
    by_names: dict[tuple[str, ...], list[str]] = {}
    for place, names in sorted(by_place.items()):
        by_names.setdefault(tuple(names), []).append(place_words(program, place, "", language))
    phrases = [_of_places(", ".join(filter(None, places)), ", ".join(names), language) for names, places in by_names.items()]
    return phrases + others


_KINDS = ("hypothèse", "référentiel", "inconnu")


def _of_places(places: str, names: str, language: Language) -> str:
    return say(language, "record_data", places=places, names=names) if places else names


def _other_words(program: Program, need: str, language: Language, *, labels: bool) -> str:
    kind, _, name = need.partition(":")
    match kind:
        case "hypothèse":
            hypothesis = program.hypotheses.get(name)
            question = ""
            if hypothesis and labels:
                question = say(language, "question", text=hypothesis.text, readings=say(language, "or").join(hypothesis.readings))
            return say(language, "which_reading", name=name, question=question)
        case "référentiel":
            return say(language, "row_of" if "[" in name else "some_row_of", name=name)
        case _:
            return say(language, "silent_sources", name=name)


def field_label(program: Program, path: str) -> str:
    """Return the label of the datum at the end of a path from the main entity, or nothing."""
    fields = [field for field, _ in _walk(program, path)]
    return fields[-1].label if fields and fields[-1] is not None else ""


def split_path(path: str) -> tuple[str, str]:
    """Cut a path into the place it is about and the name at its end: `exercices[annee=2013].annee` -> `exercices[annee=2013]`, `annee`."""
    steps = [step.group().rstrip(".") for step in _STEP.finditer(path)]
    return ".".join(steps[:-1]), steps[-1] if steps else ""


def place_words(program: Program, place: str, seen_from: str, language: Language = Language.FRENCH) -> str:
    """Say which record a path is about, seen from another one: nothing for the same, `exercice 2013` for one of its own.

    What is left out: lists, whose entity and key say enough, and data that only lead to a list (`groupe` in `groupe.membres[…]`).
    """
    if place == seen_from:
        return ""
    if not place:
        return say(language, "the_record")
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
