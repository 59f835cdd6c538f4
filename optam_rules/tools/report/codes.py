"""Entries of the catalogue of codes, with their examples, turned into text for a terminal and into JSON."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from optam_rules.base.codes import Code
from optam_rules.base.examples import Example, Try, example, printed

LANGUAGE = "fr"
_RULER = "  | "  # before each line of a file or of an output, so that both stand out


def entry_text(entry: Code) -> str:
    """Tell a code to a person at a terminal, in a few lines."""
    lines = [
        f"{entry.code} : {entry.title}",
        f"  message : {entry.message}",
        f"  pourquoi : {entry.meaning}",
        f"  que faire : {entry.remedy}",
    ]
    return "\n".join([*lines, f"  aide : {entry.hint}"] if entry.hint else lines)


def page_text(entry: Code) -> str:
    """Tell a code to a person at a terminal, with its example and what the tool prints on it."""
    held = example(entry.code)
    if isinstance(held, str):
        return f"{entry_text(entry)}\n\npas d'exemple : {held}\n"
    lines = [entry_text(entry)]
    if held.frame:
        lines += ["", "avec :", *_shown(held.frame)]
    lines += ["", "fautif :", *_shown(held.wrong.files), f"  $ {held.wrong.command}"]
    lines += [f"{_RULER}{line}".rstrip() for line in printed(entry.code, LANGUAGE).strip("\n").splitlines()]
    lines += ["", "juste :", *_shown(held.right.files), f"  $ {held.right.command}"]
    return "\n".join([*lines, *(f"  ({note})" for note in notes(held))]) + "\n"


def entry_json(entry: Code) -> dict[str, Any]:
    """Return a code and its example as JSON: files by name, as a page shows them, or `why_not`."""
    data: dict[str, Any] = {
        "code": entry.code,
        "title": entry.title,
        "message": entry.message,
        "meaning": entry.meaning,
        "remedy": entry.remedy,
        "hint": entry.hint,
    }
    held = example(entry.code)
    if isinstance(held, str):
        return data | {"why_not": held}
    wrong = _side(held, held.wrong) | {"printed": printed(entry.code, LANGUAGE).strip("\n")}
    return data | {"wrong": wrong, "right": _side(held, held.right)}


def visible(text: str) -> str:
    """Return a file as a page shows it: what cannot be seen is named, as `⟨U+0007⟩`."""
    return "".join(char if char.isprintable() or char == "\n" else f"⟨U+{ord(char):04X}⟩" for char in text)


def notes(held: Example) -> Iterator[str]:
    """Say how what is shown is to be read, where that is not plain."""
    files = [text for side in (held.wrong, held.right) for _, text in side.files]
    if any(" × " in text and "⟨" in text for text in files):
        yield "⟨texte × n⟩ : ce texte, n fois à la suite"
    if any(visible(text) != text for text in files):
        yield "⟨U+…⟩ : ce caractère, qui ne se voit pas"
    if held.wrong.encoding != held.right.encoding:
        yield f"le fichier fautif est enregistré en {held.wrong.encoding}, le juste en {held.right.encoding}"


def _side(held: Example, side: Try) -> dict[str, Any]:
    return {"command": side.command, "files": dict((*held.frame, *side.files)), "encoding": side.encoding}


def _shown(files: tuple[tuple[str, str], ...]) -> Iterator[str]:
    for name, text in files:
        yield f"  {name}{'' if text.strip() else ' (vide)'}"
        yield from (f"{_RULER}{line}".rstrip() for line in visible(text).strip("\n").splitlines())
