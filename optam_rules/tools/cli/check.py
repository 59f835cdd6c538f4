"""`optam check`: from a pack, a folder or a lone file to all of its errors and warnings."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import click

from optam_rules.api import check, record_texts
from optam_rules.base.diagnostics import Diagnostic
from optam_rules.base.phrases import counted, joined
from optam_rules.tools.cli.french import FrenchCommand
from optam_rules.tools.cli.messages import ERROR, WARNING, language, told
from optam_rules.tools.cli.options import ExistingFolder, OneOf, option
from optam_rules.tools.cli.packpaths import path_of, version
from optam_rules.tools.cli.paint import echo
from optam_rules.tools.report.diagnostics import FORMATS, rendered


@click.command(
    "check",
    cls=FrenchCommand,
    epilog="""
    Exemples :
      optam check cm-2016
      optam check ./mes-conventions/essai
      optam check brouillon.conv --format json
      optam check ./mes-conventions/essai --format sarif > essai.sarif
      optam check ./mes-conventions/essai --texts ./textes-officiels

    Un fichier seul voit le vocabulaire commun.
    Codes de sortie : 0 aucune erreur (des avertissements sont permis) ; 1 des erreurs ; 2 rien à vérifier à cet endroit.
    """,
)
@click.argument("path", metavar="PACK|DOSSIER|FICHIER")
@option("--format", "form", type=OneOf(FORMATS), default="text", metavar="|".join(FORMATS), help="Forme ; text par défaut.")
@option("--texts", type=ExistingFolder(), metavar="DOSSIER", help="Textes officiels : dit les articles dont le texte a changé.")
@option("--record", is_flag=True, help="Avec --texts : garde d'abord l'empreinte des textes, dans `sources.lock` du pack.")
def command(path: str, form: str, texts: Path | None, record: bool) -> int:
    """Vérifie un pack ou un fichier : toutes les fautes en une fois, avec leur place et le remède."""
    if record and texts is None:
        raise click.UsageError("`--record` demande `--texts DOSSIER`", click.get_current_context())
    if record and texts is not None:
        click.echo(f"empreintes écrites dans {record_texts(path, texts)}", err=True)
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
