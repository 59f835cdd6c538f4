"""Entries of the catalogue of codes turned into text, and into the page of the reference."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import groupby

from optam_rules.base.codes import Code

_FAMILIES = {
    "E1": "E1xx : le texte ne se lit pas",
    "E2": "E2xx : les noms",
    "E3": "E3xx : les types et les unités",
    "E4": "E4xx : priorités, complétude, dates",
    "E5": "E5xx : les enregistrements",
    "E6": "E6xx : l'évaluation",
    "E7": "E7xx : ce qu'un moteur ne sait pas faire",
    "E8": "E8xx : packs, catalogue et appels",
    "E9": "E9xx : fautes internes",
    "W": "Wxxx : avertissements",
}


def entry_text(entry: Code) -> str:
    """Tell a code to a person at a terminal."""
    lines = [
        f"{entry.code} : {entry.title}",
        f"  message : {entry.message}",
        f"  pourquoi : {entry.meaning}",
        f"  que faire : {entry.remedy}",
    ]
    return "\n".join([*lines, f"  aide : {entry.hint}"] if entry.hint else lines)


def reference_page(entries: Iterable[Code]) -> str:
    """Write the reference of codes in Markdown, one section a family."""
    head = [
        "# Les codes des messages",
        "",
        "Page écrite par `make reference` à partir du catalogue ; un test la tient à jour. `optam explain CODE` dit la même chose.",
        "Un code n'est jamais réemployé. Dans les messages, `{…}` est remplacé par ce qui est en cause.",
    ]
    for family, members in groupby(entries, key=_family):
        head += ["", f"## {family}"]
        for entry in members:
            head += _section(entry)
    return "\n".join(head) + "\n"


def _family(entry: Code) -> str:
    return next(title for prefix, title in _FAMILIES.items() if entry.code.startswith(prefix))


def _section(entry: Code) -> Sequence[str]:
    told = [
        "",
        f"### {entry.code}",
        "",
        f"**{entry.title}.** Message : « {entry.message} ».",
        "",
        entry.meaning,
        "",
        f"*Que faire* : {entry.remedy}",
    ]
    return [*told, "", f"*Aide affichée* : {entry.hint}"] if entry.hint else told
