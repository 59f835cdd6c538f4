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
from optam_rules.tools.cli.inputs import open_input, read_reference_files
from optam_rules.tools.cli.messages import language
from optam_rules.tools.cli.options import (
    RECORDS,
    ExistingFile,
    IsoDate,
    argument,
    assume_option,
    known_on_option,
    option,
    pack_option,
    reference_option,
)
from optam_rules.tools.cli.spoken import Spoken
from optam_rules.tools.report.whatif import told

_WORDS = {"vrai": True, "faux": False}


@click.command(
    "whatif",
    cls=Spoken,
    help=Phrase(
        "Dit ce qui déciderait une réponse inconnue, ce qu'elle peut encore être, et le plus petit changement qui en donnerait une autre.",
        "Tells what would decide an unknown answer, what it may still be, and the smallest change that would give another.",
    ),
    examples="""
      optam whatif dossiers.json --pack cm-2016 --on 2017-06-08 --answer eligible_optam
      optam whatif dossiers.json --pack cm-2016 --on 2017-06-08 --answer eligible_optam --wanted vrai
    """,
    notes=Phrase(
        """
        La recherche est bornée aux valeurs que les règles nomment, un pas de part et d'autre ; ce qu'elle ne trouve pas reste possible.
        Chaque dossier est jugé seul.
        """,
        """
        The search is bounded to the values that the rules name, one step on either side; what it does not find is still possible.
        Each record is judged alone.
        """,
    ),
    exits=Phrase("0 ; 1 des dossiers refusés ; 2 l'appel ou le pack est faux.", "0; 1 records refused; 2 the call or the pack is wrong."),
)
@argument("records", metavar=RECORDS, type=ExistingFile())
@pack_option
@option(
    "--on", type=IsoDate(), required=True, metavar="DATE", help=Phrase("Date du jugement. Obligatoire.", "Date of the judgement. Required.")
)
@known_on_option
@option(
    "--answer",
    required=True,
    metavar=Phrase("RÉPONSE", "ANSWER"),
    help=Phrase("Réponse dont il s'agit. Obligatoire.", "The answer in question. Required."),
)
@option(
    "--wanted",
    metavar=Phrase("VALEUR", "VALUE"),
    help=Phrase(
        "Valeur voulue : cherche le plus petit changement qui la donne (vrai, 0.9, 100 %, 1234.56).",
        "Value wanted: seeks the smallest change that gives it (vrai, 0.9, 100 %, 1234.56).",
    ),
)
@assume_option
@reference_option
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
    """Search around each record."""
    loaded = load(pack, known_on=known_on)
    tables = read_reference_files(loaded.program, reference)
    loaded.prepare(on=on, assume=dict(assume), references=tables, answers=[answer])
    aim: Any = None if wanted is None else _WORDS.get(wanted, wanted)
    refused, lang = 0, language()
    with open_input(loaded.program, records, None, {}, ignore_unknown_fields=False) as file:
        for item in file:
            who = item.identifiant or Phrase(f"dossier {item.position}", f"record {item.position}").told(lang)
            faults = item.diagnostics
            if not faults:
                try:
                    raw = cast("dict[str, object]", item.raw)
                    found = loaded.what_if(raw, on=on, answer=answer, wanted=aim, assume=dict(assume), references=tables)
                    click.echo(told(who, answer, found, wanted, lang))
                except RecordError as error:
                    faults = error.diagnostics
            if faults:
                refused += 1
                lines = [Phrase(f"refusé : {who}", f"refused: {who}").told(lang), *(f"  {render_text(fault, lang)}" for fault in faults)]
                click.echo("\n".join(lines), err=True)
    return 1 if refused else 0
