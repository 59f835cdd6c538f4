"""Entries of the catalogue of codes turned into the pages of docs/reference/errors: one a code, and their index."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby

from optam_rules.base.codes import CATALOGUE, wording
from optam_rules.base.examples import HABITS, example, mistakes, printed
from optam_rules.base.examples import family as family_of
from optam_rules.tools.report.code_words import CodeWords, code_words
from optam_rules.tools.report.codes import notes, visible
from optam_rules.tools.report.wording import Language

INDEX = "index.md"
MISTAKES = "frequentes.md"
_FAMILIES = {
    "E1": ("le texte ne se lit pas", "the text cannot be read"),
    "E2": ("les noms", "names"),
    "E3": ("les types et les unités", "types and units"),
    "E4": ("priorités, complétude, dates", "priorities, completeness, dates"),
    "E5": ("les enregistrements", "records"),
    "E6": ("l'évaluation", "evaluation"),
    "E7": ("ce qu'un moteur ne sait pas faire", "what a backend cannot do"),
    "E8": ("packs, catalogue et appels", "packs, catalogue and calls"),
    "E9": ("fautes internes", "internal faults"),
    "W": ("avertissements", "warnings"),
}
_TOP = {
    Language.FRENCH: (
        "# Les codes des messages",
        "",
        "Un code a sa page : ce qu'il veut dire, que faire, un exemple fautif avec ce que l'outil en dit, un exemple juste.",
        "`optam explain CODE` imprime la même page. Un code n'est jamais réemployé. `make reference` écrit ces pages ; un test exécute",
        "leurs exemples.",
    ),
    Language.ENGLISH: (
        "# The codes of messages",
        "",
        "A code has its page: what it means, what to do, a wrong example with what the tool says of it, and a right one.",
        "`optam explain CODE` prints the same page. A code is never used again for something else.",
    ),
}
_LANGUAGES = {"conv": "conv", "toml": "toml", "json": "json", "csv": "csv", "py": "python"}


def pages() -> dict[str, str]:
    """Return every page of the reference of codes, by file name, in French."""
    every = {f"{code}.md": page(code, Language.FRENCH) for code in CATALOGUE}
    return {INDEX: index(CATALOGUE, Language.FRENCH), MISTAKES: mistakes_page()} | every


def index(codes: Iterable[str], language: Language) -> str:
    """Write the index of the codes, one section a family."""
    words = code_words(language)
    lines = list(_TOP[language])
    if language is Language.FRENCH:
        lines += ["", f"Pour commencer : [les erreurs les plus fréquentes]({MISTAKES})."]
    for family, members in groupby(codes, key=family_of):
        title = _FAMILIES[family][language is Language.ENGLISH]
        lines += ["", f"## {family}{'xx' if len(family) > 1 else 'xxx'}{words.colon} {title}", ""]
        lines += [f"- [{code}]({code}.md){words.colon} {wording(code, language).title}" for code in members]
    return "\n".join(lines) + "\n"


def mistakes_page() -> str:
    """Write the page of the mistakes that lawyers make: what is written, what the tool says, what to write."""
    lines = [
        "# Les erreurs les plus fréquentes",
        "",
        "Ce qui s'écrit par habitude, l'aide que l'outil affiche, et la forme juste. Le fichier commence ainsi :",
        "",
        "```conv",
        HABITS.rstrip("\n"),
        "```",
    ]
    for about, rows in groupby(mistakes(), key=lambda mistake: mistake.about):
        lines += ["", f"## {about}", "", "| Écrit | Code | Aide affichée | Juste |", "|---|---|---|---|"]
        for row in rows:
            cells = (_code(row.wrong), f"[{row.code}]({row.code}.md)", row.hint.replace("|", "\\|"), _code(row.right))
            lines.append(f"| {' | '.join(cells)} |")
    return "\n".join([*lines, "", f"[Tous les codes]({INDEX})"]) + "\n"


def _code(text: str) -> str:
    """Return text of the language for a cell, a line under another."""
    return "<br>".join(f"`{line.strip()}`" for line in text.replace("|", "\\|").splitlines())


def page(code: str, language: Language) -> str:
    """Write the page of a code in Markdown."""
    entry, words = wording(code, language), code_words(language)
    message = words.quoted.format(text=entry.message)
    lines = [f"# {code}{words.colon} {entry.title}", "", f"{words.message.capitalize()}{words.colon} {message}."]
    lines += ["", entry.meaning, "", f"**{words.to_do.capitalize()}.** {entry.remedy}"]
    if entry.hint:
        lines += ["", f"**{words.help.capitalize()}**{words.colon} {entry.hint}."]
    return "\n".join([*lines, *_example(code, language, words), "", f"[{words.all_codes}]({INDEX})"]) + "\n"


def _example(code: str, language: Language, words: CodeWords) -> Iterator[str]:
    held = example(code, language)
    if isinstance(held, str):
        yield from ("", f"{words.no_example.capitalize()}{words.colon} {held}.")
        return
    if held.frame:
        yield from ("", f"## {words.files}", *_files(held.frame, words))
    shown = ("", "```text", f"$ {held.wrong.command}", printed(code, language).strip("\n"), "```")
    yield from ("", f"## {words.wrong.capitalize()}", *_files(held.wrong.files, words), *shown)
    fixed = words.fixed.format(command=held.right.command)
    yield from ("", f"## {words.right.capitalize()}", *_files(held.right.files, words), "", fixed)
    for note in notes(held, words):
        yield from ("", words.here.format(note=note))


def _files(files: tuple[tuple[str, str], ...], words: CodeWords) -> Iterator[str]:
    for name, text in files:
        if not text.strip():
            yield from ("", f"`{name}`{words.colon} {words.empty}")
            continue
        yield from (
            "",
            f"`{name}`{words.colon}",
            "",
            f"```{_LANGUAGES.get(name.rpartition('.')[2], 'text')}",
            visible(text).strip("\n"),
            "```",
        )
