"""Entries of the catalogue of codes, with their examples, turned into text for a terminal and into JSON."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from optam_rules.base.codes import wording
from optam_rules.base.examples import Example, Try, example, printed
from optam_rules.tools.report.code_words import CodeWords, code_words
from optam_rules.tools.report.wording import Language

_RULER = "  | "  # before each line of a file or of an output, so that both stand out


def entry_text(code: str, language: Language) -> str:
    """Tell a code to a person at a terminal, in a few lines."""
    entry, words = wording(code, language), code_words(language)
    lines = [
        f"{entry.code}{words.colon} {entry.title}",
        f"  {words.message}{words.colon} {entry.message}",
        f"  {words.why}{words.colon} {entry.meaning}",
        f"  {words.to_do}{words.colon} {entry.remedy}",
    ]
    return "\n".join([*lines, f"  {words.help}{words.colon} {entry.hint}"] if entry.hint else lines)


def page_text(code: str, language: Language) -> str:
    """Tell a code to a person at a terminal, with its example and what the tool prints on it."""
    held, words = example(code, language), code_words(language)
    if isinstance(held, str):
        return f"{entry_text(code, language)}\n\n{words.no_example}{words.colon} {held}\n"
    lines = [entry_text(code, language)]
    if held.frame:
        lines += ["", f"{words.frame}{words.colon}", *_shown(held.frame, words)]
    lines += ["", f"{words.wrong}{words.colon}", *_shown(held.wrong.files, words), f"  $ {held.wrong.command}"]
    lines += [f"{_RULER}{line}".rstrip() for line in printed(code, language).strip("\n").splitlines()]
    lines += ["", f"{words.right}{words.colon}", *_shown(held.right.files, words), f"  $ {held.right.command}"]
    return "\n".join([*lines, *(f"  ({note})" for note in notes(held, words))]) + "\n"


def entry_json(code: str, language: Language) -> dict[str, Any]:
    """Return a code and its example as JSON: files by name, as they are run but for `⟨text × n⟩`, or `why_not`."""
    entry = wording(code, language)
    data: dict[str, Any] = {
        "code": entry.code,
        "title": entry.title,
        "message": entry.message,
        "meaning": entry.meaning,
        "remedy": entry.remedy,
        "hint": entry.hint,
    }
    held = example(code, language)
    if isinstance(held, str):
        return data | {"why_not": held}
    wrong = _side(held, held.wrong) | {"printed": printed(code, language).strip("\n")}
    return data | {"wrong": wrong, "right": _side(held, held.right)}


def visible(text: str) -> str:
    """Return a file as a page shows it: what cannot be seen is named, as `⟨U+0007⟩`."""
    return "".join(char if char.isprintable() or char == "\n" else f"⟨U+{ord(char):04X}⟩" for char in text)


def notes(held: Example, words: CodeWords) -> Iterator[str]:
    """Say how what is shown is to be read, where that is not plain."""
    files = [text for side in (held.wrong, held.right) for _, text in side.files]
    if any(" × " in text and "⟨" in text for text in files):
        yield words.repeated
    if any(visible(text) != text for text in files):
        yield words.unseen
    if held.wrong.encoding != held.right.encoding:
        yield words.encoded.format(wrong=held.wrong.encoding, right=held.right.encoding)


def _side(held: Example, side: Try) -> dict[str, Any]:
    return {"command": side.command, "files": dict((*held.frame, *side.files)), "encoding": side.encoding}


def _shown(files: tuple[tuple[str, str], ...], words: CodeWords) -> Iterator[str]:
    for name, text in files:
        yield f"  {name}{'' if text.strip() else f' ({words.empty})'}"
        yield from (f"{_RULER}{line}".rstrip() for line in visible(text).strip("\n").splitlines())
