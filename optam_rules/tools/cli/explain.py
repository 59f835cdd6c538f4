"""`optam explain`: from the code of a message to its entry in the catalogue."""

from __future__ import annotations

import click

from optam_rules.base.codes import CATALOGUE, Code
from optam_rules.base.suggestions import nearest
from optam_rules.tools.cli.french import FrenchCommand
from optam_rules.tools.cli.options import OneOf, option, output_option
from optam_rules.tools.cli.streams import write_text
from optam_rules.tools.report.codes import entry_text, reference_page


@click.command(
    "explain",
    cls=FrenchCommand,
    epilog="""
    Exemples :
      optam explain E601
      optam explain
      optam explain --format markdown --output erreurs.md

    Codes de sortie : 0 le code existe ; 2 code inconnu.
    """,
)
@click.argument("code", required=False, metavar="[CODE]")
@option("--format", "form", type=OneOf(["text", "markdown"]), default="text", metavar="text|markdown", help="Forme ; text par défaut.")
@output_option
def command(code: str | None, form: str, output: str | None) -> None:
    """Explique un code de message : pourquoi il paraît, que faire ; sans code, tous."""
    entries = list(CATALOGUE.values()) if code is None else [_find(code)]
    text = reference_page(entries) if form == "markdown" else "\n\n".join(map(entry_text, entries))
    write_text(text.rstrip("\n") + "\n", output)


def _find(code: str) -> Code:
    entry = CATALOGUE.get(code.upper())
    if entry is None:
        near = nearest(code, CATALOGUE)
        raise click.UsageError(f"code inconnu `{code}`{f' ; vouliez-vous écrire `{near}`' if near else ''}", click.get_current_context())
    return entry
