"""`optam schema`: the JSON Schema of the records of a pack, or of judgements."""

from __future__ import annotations

import json
from importlib.resources import files

import click

from optam_rules.api import load
from optam_rules.interop.record_schema import record_schema
from optam_rules.tools.cli.french import FrenchCommand
from optam_rules.tools.cli.options import OneOf, option, output_option
from optam_rules.tools.cli.streams import write_text


@click.command(
    "schema",
    cls=FrenchCommand,
    epilog="""
    Exemples :
      optam schema records --pack cm-2016
      optam schema judgements --output judgements.schema.json

    records : la forme des dossiers, selon le vocabulaire du pack. judgements : celle des résultats de --format json et jsonl.
    Codes de sortie : 0 ; 2 l'appel ou le pack est faux.
    """,
)
@click.argument("what", type=OneOf(["records", "judgements"]), metavar="records|judgements")
@option("--pack", "-p", metavar="PACK", help="Pack dont on veut le vocabulaire. Obligatoire avec records.")
@output_option
def command(what: str, pack: str | None, output: str | None) -> None:
    """Donne le schéma JSON des dossiers ou des jugements."""
    if what == "judgements":
        write_text((files("optam_rules.interop") / "judgements-1.schema.json").read_text(encoding="utf-8"), output)
        return
    if pack is None:
        raise click.UsageError("il manque l'option `--pack`", click.get_current_context())
    write_text(json.dumps(record_schema(load(pack).program), ensure_ascii=False, indent=2) + "\n", output)
