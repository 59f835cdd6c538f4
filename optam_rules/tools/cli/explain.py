"""`optam explain`: from the code of a message to its entry in the catalogue and its example."""

from __future__ import annotations

import json
from pathlib import Path

import click

from optam_rules.base.codes import CATALOGUE
from optam_rules.base.phrases import LANGS, Phrase
from optam_rules.tools.cli.calls import perhaps
from optam_rules.tools.cli.messages import language, wrong_call
from optam_rules.tools.cli.options import FOLDER, OneOf, argument, format_option, option, output_option
from optam_rules.tools.cli.spoken import Spoken
from optam_rules.tools.cli.streams import write_text
from optam_rules.tools.report.code_pages import index, page, pages
from optam_rules.tools.report.codes import entry_json, entry_text, page_text
from optam_rules.tools.report.language_page import language_page
from optam_rules.tools.report.wording import Language

FORMATS = ("text", "markdown", "json")


@click.command(
    "explain",
    cls=Spoken,
    help=Phrase(
        "Explique un code de message : pourquoi il paraît, que faire, un exemple fautif et un juste ; sans code, les dit tous.",
        "Explains the code of a message: why it appears, what to do, a wrong example and a right one; without a code, tells them all.",
    ),
    examples="""
      optam explain E304
      optam explain
      optam explain E304 --lang en
      optam explain E304 --format json
      optam explain --pages docs/reference/errors
      optam explain --words
    """,
    exits=Phrase("0 le code existe ; 2 code inconnu.", "0 the code exists; 2 unknown code."),
)
@argument("code", required=False, metavar="[CODE]")
@format_option(FORMATS)
@option(
    "--pages",
    "folder",
    metavar=FOLDER,
    help=Phrase(
        "Écrit dans ce dossier une page Markdown par code, et leur index.",
        "Writes to this folder a Markdown page for each code, and their index.",
    ),
)
@option(
    "--words",
    is_flag=True,
    help=Phrase(
        "Dit les mots du langage, ses opérateurs et leurs types, en Markdown.",
        "Tells the words of the language, its operators and their types, as Markdown.",
    ),
)
@option(
    "--lang",
    type=OneOf(LANGS),
    metavar="|".join(LANGS),
    help=Phrase("Langue de la page ; celle des messages par défaut.", "Language of the page; by default that of messages."),
)
@output_option
def command(code: str | None, form: str, folder: str | None, words: bool, lang: str | None, output: str | None) -> None:
    """Write what the catalogue says of a code, or of all."""
    if folder is not None:
        _write_pages(Path(folder), code)
        return
    if words:
        write_text(language_page(), output)
        return
    chosen = Language(lang or language())
    write_text(_all(form, chosen) if code is None else _one(_find(code), form, chosen), output)


def _one(code: str, form: str, lang: Language) -> str:
    match form:
        case "json":
            return _json(entry_json(code, lang))
        case "markdown":
            return page(code, lang)
        case _:
            return page_text(code, lang)


def _all(form: str, lang: Language) -> str:
    match form:
        case "json":
            return _json([entry_json(code, lang) for code in CATALOGUE])
        case "markdown":
            return index(CATALOGUE, lang)
        case _:
            return "\n\n".join(entry_text(code, lang) for code in CATALOGUE) + "\n"


def _json(data: object) -> str:
    return json.dumps(data, ensure_ascii=False, indent=2) + "\n"


def _write_pages(folder: Path, code: str | None) -> None:
    if code is not None:
        raise wrong_call("--pages écrit toutes les pages : ne donner aucun code", "--pages writes all the pages: give no code")
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in pages().items():
        write_text(text, str(folder / name))


def _find(code: str) -> str:
    if code.upper() in CATALOGUE:
        return code.upper()
    hint = perhaps(code, CATALOGUE)
    raise wrong_call(f"code inconnu `{code}`{hint.fr}", f"unknown code `{code}`{hint.en}")
