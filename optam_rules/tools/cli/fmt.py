"""`optam fmt`: from convention texts to the same texts as the formatter writes them, in place or on standard output."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import click

from optam_rules.api import format_text
from optam_rules.base.errors import PackError
from optam_rules.base.phrases import LANGS, Phrase, counted, filled
from optam_rules.tools.cli.messages import told, wrong_call
from optam_rules.tools.cli.options import OneOf, argument, option
from optam_rules.tools.cli.paint import echo_diagnostics
from optam_rules.tools.cli.spoken import Spoken

_STANDARD_INPUT = "-"
_FILE = Phrase("fichier", "file")


@click.command(
    "fmt",
    cls=Spoken,
    help=Phrase(
        "Met en forme des textes de convention, ou les traduit dans l'autre lexique.",
        "Formats texts of conventions, or translates them into the other lexicon.",
    ),
    examples="""
      optam fmt ./mes-conventions
      optam fmt --check ./mes-conventions/essai
      optam fmt brouillon.conv --lang en --stdout
      optam fmt - < brouillon.conv
    """,
    notes=Phrase(
        """
        La mise en forme ne change ni le sens, ni les commentaires, ni les coupures de ligne ; un fichier qui a des erreurs reste tel quel.
        Traduire ne touche que les mots de la langue : les noms et les textes cités restent.
        """,
        """
        Formatting changes neither the meaning, nor the comments, nor the line breaks; a file that has errors is left as it is.
        Translating touches only the words of the language: names and quoted texts stay.
        """,
    ),
    exits=Phrase(
        "0 tout est en forme ; 1 avec --check, des fichiers ne le sont pas ; 2 un fichier ne se lit pas, ou l'appel est faux.",
        "0 all is in form; 1 with --check, some files are not; 2 a file cannot be read, or the call is wrong.",
    ),
)
@argument("paths", metavar=Phrase("FICHIER|DOSSIER…", "FILE|FOLDER…"), nargs=-1, required=True)
@option(
    "--check",
    "checking",
    is_flag=True,
    help=Phrase("Ne récrit rien : dit quels fichiers changeraient.", "Writes nothing: tells which files would change."),
)
@option(
    "--lang",
    type=OneOf(LANGS),
    metavar="|".join(LANGS),
    help=Phrase(
        "Traduit les mots de la langue ; sinon, chaque fichier garde la sienne.",
        "Translates the words of the language; otherwise, each file keeps its own.",
    ),
)
@option(
    "--stdout",
    "shown",
    is_flag=True,
    help=Phrase(
        "Écrit le texte sur la sortie standard au lieu de récrire le fichier.",
        "Writes the text to standard output instead of writing over the file.",
    ),
)
def command(paths: tuple[str, ...], checking: bool, lang: str | None, shown: bool) -> int:
    """Format texts, or tell which are not in form."""
    files = list(dict.fromkeys(file for path in paths for file in _texts(path)))
    changed = broken = 0
    for file in files:
        data = sys.stdin.buffer.read() if file == _STANDARD_INPUT else Path(file).read_bytes()
        try:
            text = format_text(data, name=file, language=lang)
        except PackError as error:
            echo_diagnostics(error.diagnostics, err=True)
            broken += 1
            continue
        changed += text.encode() != data
        if checking:
            if text.encode() != data:
                click.echo(file)
        elif shown or file == _STANDARD_INPUT:
            click.echo(text, nl=False)
        elif text.encode() != data:
            Path(file).write_bytes(text.encode())
    click.echo(_counts(changed, len(files) - changed - broken, broken, checking=checking), err=True)
    if broken:
        return 2
    return 1 if checking and changed else 0


def _counts(changed: int, same: int, broken: int, *, checking: bool) -> str:
    verb = Phrase("à mettre en forme", "to format") if checking else Phrase("mis en forme", "formatted")
    unread = filled(", {files} à corriger d'abord", ", {files} to mend first", files=counted(broken, _FILE)) if broken else ""
    changes = counted(changed, _FILE)
    return told(
        filled(
            "{changes} {verb}, {same} déjà en forme{unread}",
            "{changes} {verb}, {same} in form already{unread}",
            changes=changes,
            verb=verb,
            same=same,
            unread=unread,
        )
    )


def _texts(path: str) -> Iterator[str]:
    """List the texts that a path names; a folder's are all its `.conv` files, those below it included."""
    if path == _STANDARD_INPUT:
        yield path
    elif Path(path).is_dir():
        found = sorted(Path(path).rglob("*.conv"))
        if not found:
            raise wrong_call(f"le dossier `{path}` ne contient aucun fichier `.conv`", f"the folder `{path}` contains no `.conv` file")
        yield from map(str, found)
    elif Path(path).is_file():
        yield path
    else:
        raise wrong_call(f"le fichier `{path}` n'existe pas", f"the file `{path}` does not exist")
