"""`optam catalogue`: from the shipped packs, or those in force on a date, to a list."""

from __future__ import annotations

import datetime as dt
import json

import click

from optam_rules.api import CatalogueEntry, catalogue
from optam_rules.base.phrases import Phrase
from optam_rules.tools.cli.messages import language, told
from optam_rules.tools.cli.options import IsoDate, format_option, option
from optam_rules.tools.cli.spoken import Spoken
from optam_rules.tools.report.table import table
from optam_rules.tools.report.wording import Language
from optam_rules.tools.report.words import IN_FORCE, days_words

_HEADINGS = ("pack", Phrase("titre", "title"), "version", IN_FORCE, Phrase("vérifié au", "verified on"))
_NOTHING = Phrase("aucun pack en vigueur à cette date", "no pack in force on that date")


@click.command(
    "catalogue",
    cls=Spoken,
    help=Phrase(
        "Liste les conventions livrées, leurs dates et le jour de leur vérification.",
        "Lists the conventions shipped, their dates and the day of their verification.",
    ),
    examples="""
      optam catalogue
      optam catalogue --on 2017-06-08
    """,
    exits=Phrase("0 ; 2 l'appel est faux.", "0; 2 the call is wrong."),
)
@option(
    "--on",
    type=IsoDate(),
    metavar="DATE",
    help=Phrase("Seulement les packs en vigueur à cette date.", "Only the packs in force on that date."),
)
@format_option(("text", "json"))
def command(on: dt.date | None, form: str) -> None:
    """List the shipped packs."""
    entries = catalogue(on)
    if form == "json":
        click.echo(json.dumps([_json(entry) for entry in entries], ensure_ascii=False, indent=2))
        return
    lang = Language(language())
    rows = [(entry.id, entry.title, entry.version, days_words(entry.interval, lang), f"{entry.verified or ''}") for entry in entries]
    click.echo(table([told(heading) for heading in _HEADINGS], rows) if rows else told(_NOTHING))


def _json(entry: CatalogueEntry) -> dict[str, object]:
    return {
        "id": entry.id,
        "title": entry.title,
        "version": entry.version,
        "in_force": {"from": _day(entry.interval.start), "to": _day(entry.interval.end)},
        "verified": _day(entry.verified),
        "sources": list(entry.sources),
    }


def _day(day: dt.date | None) -> str | None:
    return day.isoformat() if day else None
