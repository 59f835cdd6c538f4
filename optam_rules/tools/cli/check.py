"""`optam check`: from a pack, a folder or a lone file to all of its errors and warnings."""

from __future__ import annotations

import json
from collections.abc import Sequence

import click

from optam_rules.api import check
from optam_rules.base.diagnostics import Diagnostic, render_text
from optam_rules.tools.cli.french import FrenchCommand
from optam_rules.tools.cli.options import OneOf, option
from optam_rules.tools.report.words import counted


@click.command(
    "check",
    cls=FrenchCommand,
    epilog="""
    Exemples :
      optam check cm-2016
      optam check ./mes-conventions/essai
      optam check brouillon.conv --format json

    Un fichier seul voit le vocabulaire commun.
    Codes de sortie : 0 aucune erreur (des avertissements sont permis) ; 1 des erreurs ; 2 rien à vérifier à cet endroit.
    """,
)
@click.argument("path", metavar="PACK|DOSSIER|FICHIER")
@option("--format", "form", type=OneOf(["text", "json"]), default="text", metavar="text|json", help="Forme ; text par défaut.")
def command(path: str, form: str) -> int:
    """Vérifie un pack ou un fichier : toutes les fautes en une fois, avec leur place et le remède."""
    diagnostics = check(path)
    if form == "json":
        click.echo(json.dumps({"diagnostics": [diagnostic.to_json() for diagnostic in diagnostics]}, ensure_ascii=False, indent=2))
    elif diagnostics:
        click.echo("\n\n".join(map(render_text, diagnostics)))
    errors = _count(diagnostics, "error")
    click.echo(f"{counted(errors, 'erreur')}, {counted(_count(diagnostics, 'warning'), 'avertissement')}", err=True)
    return 1 if errors else 0


def _count(diagnostics: Sequence[Diagnostic], severity: str) -> int:
    return sum(diagnostic.severity == severity for diagnostic in diagnostics)
