"""`optam whatif`: from records and an answer to what would decide it, what it may still be, and the nearest change to another."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any, cast

import click

from optam_rules.api import load
from optam_rules.base.diagnostics import render_text
from optam_rules.base.errors import RecordError
from optam_rules.base.phrases import Phrase
from optam_rules.tools.cli.french import FrenchCommand
from optam_rules.tools.cli.inputs import open_input, read_reference_files
from optam_rules.tools.cli.messages import language
from optam_rules.tools.cli.options import ExistingFile, IsoDate, Pair, option, pack_option
from optam_rules.tools.report.whatif import told

_WORDS = {"vrai": True, "faux": False}


@click.command(
    "whatif",
    cls=FrenchCommand,
    epilog="""
    Exemples :
      optam whatif dossiers.json --pack cm-2016 --on 2017-06-08 --answer eligible_optam
      optam whatif dossiers.json --pack cm-2016 --on 2017-06-08 --answer eligible_optam --wanted vrai

    La recherche est bornée aux valeurs que les règles nomment, un pas de part et d'autre ; ce qu'elle ne trouve pas n'est pas impossible.
    Chaque dossier est jugé seul.
    Codes de sortie : 0 ; 1 des dossiers refusés ; 2 l'appel ou le pack est faux.
    """,
)
@click.argument("records", metavar="DOSSIERS", type=ExistingFile())
@pack_option
@option("--on", type=IsoDate(), required=True, metavar="DATE", help="Date du jugement. Obligatoire.")
@option("--known-on", type=IsoDate(), metavar="DATE", help="Juge avec ce qui était publié à cette date ; sinon, avec tout.")
@option("--answer", required=True, metavar="RÉPONSE", help="Réponse dont il s'agit. Obligatoire.")
@option("--wanted", metavar="VALEUR", help="Valeur voulue : cherche le plus petit changement qui la donne (vrai, 0.9, 100 %, 1234.56).")
@option("--assume", type=Pair(), multiple=True, metavar="NOM=LECTURE", help="Choisit la lecture d'une question ouverte. Répétable.")
@option("--reference", type=Pair(), multiple=True, metavar="NOM=FICHIER", help="Fournit un référentiel, en CSV. Répétable.")
def command(
    records: Path,
    pack: str,
    on: dt.date,
    known_on: dt.date | None,
    answer: str,
    wanted: str | None,
    assume: tuple[tuple[str, str], ...],
    reference: tuple[tuple[str, str], ...],
) -> int:
    """Dit ce qui déciderait une réponse inconnue, ce qu'elle peut encore être, et le plus petit changement qui en donnerait une autre."""
    loaded = load(pack, known_on=known_on)
    tables = read_reference_files(loaded.program, reference)
    loaded.prepare(on=on, assume=dict(assume), references=tables, answers=[answer])
    aim: Any = None if wanted is None else _WORDS.get(wanted, wanted)
    refused = 0
    with open_input(loaded.program, records, None, {}, ignore_unknown_fields=False) as file:
        for item in file:
            who = item.identifiant or f"dossier {item.position}"
            faults = item.diagnostics
            if not faults:
                try:
                    raw = cast("dict[str, object]", item.raw)
                    found = loaded.what_if(raw, on=on, answer=answer, wanted=aim, assume=dict(assume), references=tables)
                    click.echo(told(who, answer, found, wanted))
                except RecordError as error:
                    faults = error.diagnostics
            if faults:
                refused += 1
                lang = language()
                lines = [Phrase(f"refusé : {who}", f"refused: {who}").told(lang), *(f"  {render_text(fault, lang)}" for fault in faults)]
                click.echo("\n".join(lines), err=True)
    return 1 if refused else 0
