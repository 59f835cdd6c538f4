"""`optam lint`: from a pack or a file to what is allowed there and still worth a second look, mended where that is safe."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from pathlib import Path

import click

from optam_rules.analysis.lint.finding import Finding
from optam_rules.api import lint, mend
from optam_rules.base.phrases import Phrase, counted, joined
from optam_rules.tools.cli.messages import WARNING, language, told, wrong_call
from optam_rules.tools.cli.options import ANY_TEXT, IsoDate, argument, format_option, option
from optam_rules.tools.cli.packpaths import path_of, version
from optam_rules.tools.cli.paint import echo
from optam_rules.tools.cli.spoken import Spoken
from optam_rules.tools.report.diagnostics import FORMATS, rendered


@click.command(
    "lint",
    cls=Spoken,
    help=Phrase(
        "Relit un pack ou un fichier : ce qui est permis et mérite un second regard.",
        "Reads a pack or a file again: what is allowed and deserves a second look.",
    ),
    examples="""
      optam lint cm-2016
      optam lint ./mes-conventions/essai --fix
      optam lint brouillon.conv --format github
    """,
    notes=Phrase(
        "Un commentaire `# lint: W502 la raison` écarte un avertissement, sur sa ligne ou, seul sur la sienne, sur la suivante.",
        "A comment `# lint: W502 the reason` puts a warning aside, on its line or, alone on its own, on the next.",
    ),
    exits=Phrase(
        "0 rien à revoir ; 1 des avertissements ; 2 le texte a des erreurs, ou l'appel est faux.",
        "0 nothing to look at again; 1 warnings; 2 the text has errors, or the call is wrong.",
    ),
)
@argument("path", metavar=ANY_TEXT)
@option(
    "--fix",
    "fixing",
    is_flag=True,
    help=Phrase(
        "Corrige ce qui se corrige sans changer le sens ; demande un dossier ou un fichier à soi.",
        "Mends what can be mended without a change of meaning; requires a folder or a file of one's own.",
    ),
)
@format_option(FORMATS)
@option(
    "--today",
    type=IsoDate(),
    metavar="DATE",
    help=Phrase(
        "Jour d'où compter l'âge de la vérification du pack ; aujourd'hui sinon.",
        "Day from which the age of the pack's verification is counted; otherwise today.",
    ),
)
def command(path: str, fixing: bool, form: str, today: dt.date | None) -> int:
    """Lint a text, mend it where asked, and fail where something is left."""
    if fixing and not Path(path).exists():
        raise wrong_call(
            "--fix demande le chemin d'un dossier ou d'un fichier : un pack livré ne se récrit pas",
            "--fix requires the path of a folder or of a file: a shipped pack is not written over",
        )
    day = today or dt.date.today()
    found = lint(path, today=day)
    mended = _fix(found, path) if fixing else 0
    if mended:
        found = lint(path, today=day)
    text = rendered([finding.diagnostic for finding in found], form, version(), path_of(path), language())
    if text:
        echo(text)
    easy = sum(bool(finding.edits) for finding in found)
    counts = [counted(len(found), WARNING)]
    if fixing:
        counts.append(Phrase(f"{mended} corrigé{'s' if mended > 1 else ''}", f"{mended} fixed"))
    elif easy:
        counts.append(Phrase(f"{easy} avec --fix", f"{easy} with --fix"))
    click.echo(told(joined(", ", counts)), err=True)
    return 1 if found else 0


def _fix(found: Iterable[Finding], path: str) -> int:
    """Write the files that edits mend; return how many findings they mended."""
    texts: dict[str, list[Finding]] = {}
    for finding in found:
        place = finding.diagnostic.position
        if finding.edits and place is not None:
            texts.setdefault(place.file, []).append(finding)
    to_path = path_of(path)
    for name, findings in texts.items():
        file = Path(to_path(name))
        file.write_bytes(mend(file.read_bytes(), findings))
    return sum(map(len, texts.values()))
