"""`optam check`: from a pack, a folder or a lone file to all of its errors and warnings."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import click

from optam_rules.api import check, record_texts
from optam_rules.base.diagnostics import Diagnostic
from optam_rules.base.phrases import Phrase, counted, joined
from optam_rules.tools.cli.messages import ERROR, WARNING, language, told, wrong_call
from optam_rules.tools.cli.options import ANY_TEXT, FOLDER, ExistingFolder, argument, format_option, option
from optam_rules.tools.cli.packpaths import path_of, version
from optam_rules.tools.cli.paint import echo
from optam_rules.tools.cli.spoken import Spoken
from optam_rules.tools.report.diagnostics import FORMATS, rendered


@click.command(
    "check",
    cls=Spoken,
    help=Phrase(
        "Vérifie un pack ou un fichier : toutes les fautes en une fois, avec leur place et le remède.",
        "Checks a pack or a file: all the faults at once, with their place and the remedy.",
    ),
    examples="""
      optam check cm-2016
      optam check ./mes-conventions/essai
      optam check brouillon.conv --format json
      optam check ./mes-conventions/essai --format sarif > essai.sarif
      optam check ./mes-conventions/essai --texts ./textes-officiels
    """,
    notes=Phrase("Un fichier seul voit le vocabulaire commun.", "A file alone sees the shared vocabulary."),
    exits=Phrase(
        "0 aucune erreur (des avertissements sont permis) ; 1 des erreurs ; 2 rien à vérifier à cet endroit.",
        "0 no error (warnings are allowed); 1 errors; 2 nothing to check there.",
    ),
)
@argument("path", metavar=ANY_TEXT)
@format_option(FORMATS)
@option(
    "--texts",
    type=ExistingFolder(),
    metavar=FOLDER,
    help=Phrase(
        "Textes officiels : dit les articles dont le texte a changé.", "Official texts: tells the articles whose wording has changed."
    ),
)
@option(
    "--record",
    is_flag=True,
    help=Phrase(
        "Avec --texts : garde d'abord l'empreinte des textes, dans `sources.lock` du pack.",
        "With --texts: first keeps the digests of the texts, in `sources.lock` of the pack.",
    ),
)
def command(path: str, form: str, texts: Path | None, record: bool) -> int:
    """Check a text, and fail where it has errors."""
    if record and texts is None:
        raise wrong_call("`--record` demande `--texts DOSSIER`", "`--record` requires `--texts FOLDER`")
    if record and texts is not None:
        lock = record_texts(path, texts)
        click.echo(told(Phrase(f"empreintes écrites dans {lock}", f"digests written to {lock}")), err=True)
    diagnostics = check(path, texts=texts)
    text = rendered(diagnostics, form, version(), path_of(path), language())
    if text:
        echo(text)
    errors = _count(diagnostics, "error")
    warnings = _count(diagnostics, "warning")
    click.echo(told(joined(", ", (counted(errors, ERROR), counted(warnings, WARNING)))), err=True)
    return 1 if errors else 0


def _count(diagnostics: Sequence[Diagnostic], severity: str) -> int:
    return sum(diagnostic.severity == severity for diagnostic in diagnostics)
