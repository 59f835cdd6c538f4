"""Entries of the catalogue of codes turned into the pages of docs/reference/errors: one a code, and their index."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby

from optam_rules.base.codes import CATALOGUE, Code
from optam_rules.base.examples import HABITS, Try, example, mistakes, printed
from optam_rules.tools.report.codes import LANGUAGE, notes, visible

INDEX = "index.md"
MISTAKES = "frequentes.md"
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
_LANGUAGES = {"conv": "conv", "toml": "toml", "json": "json", "csv": "csv", "py": "python"}


def pages() -> dict[str, str]:
    """Return every page of the reference of codes, by file name."""
    return {INDEX: index(CATALOGUE.values()), MISTAKES: mistakes_page()} | {f"{code}.md": page(entry) for code, entry in CATALOGUE.items()}


def index(entries: Iterable[Code]) -> str:
    """Write the index of the codes, one section a family."""
    lines = [
        "# Les codes des messages",
        "",
        "Un code a sa page : ce qu'il veut dire, que faire, un exemple fautif avec ce que l'outil en dit, un exemple juste.",
        "`optam explain CODE` imprime la même page. Un code n'est jamais réemployé. `make reference` écrit ces pages ; un test exécute",
        "leurs exemples.",
        "",
        f"Pour commencer : [les erreurs les plus fréquentes]({MISTAKES}).",
    ]
    for family, members in groupby(entries, key=_family):
        lines += ["", f"## {family}", "", *(f"- [{entry.code}]({entry.code}.md) : {entry.title}" for entry in members)]
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


def page(entry: Code) -> str:
    """Write the page of a code in Markdown."""
    lines = [f"# {entry.code} : {entry.title}", "", f"Message : « {entry.message} ».", "", entry.meaning]
    lines += ["", f"**Que faire.** {entry.remedy}"]
    if entry.hint:
        lines += ["", f"**Aide affichée** : {entry.hint}."]
    return "\n".join([*lines, *_example(entry.code), "", f"[Tous les codes]({INDEX})"]) + "\n"


def _example(code: str) -> Iterator[str]:
    held = example(code)
    if isinstance(held, str):
        yield from ("", "## Exemple", "", f"Pas d'exemple : {held}.")
        return
    if held.frame:
        yield from ("", "## Fichiers de l'exemple", *_files(held.frame))
    yield from ("", "## Fautif", *_files(held.wrong.files), *_run(held.wrong, printed(code, LANGUAGE)))
    yield from ("", "## Juste", *_files(held.right.files), *_run(held.right, None))
    for note in notes(held):
        yield from ("", f"Ici, {note}.")


def _files(files: tuple[tuple[str, str], ...]) -> Iterator[str]:
    for name, text in files:
        if not text.strip():
            yield from ("", f"`{name}`, vide.")
            continue
        yield from ("", f"`{name}` :", "", f"```{_LANGUAGES.get(name.rpartition('.')[2], 'text')}", visible(text).strip("\n"), "```")


def _run(side: Try, text: str | None) -> Iterator[str]:
    if text is None:
        yield from ("", f"`{side.command}` n'y trouve plus cette faute.")
    else:
        yield from ("", "```text", f"$ {side.command}", text.strip("\n"), "```")


def _family(entry: Code) -> str:
    return next(title for prefix, title in _FAMILIES.items() if entry.code.startswith(prefix))
