"""`optam schema`: the JSON Schema of the records of a pack, of judgements, or of comparisons."""

from __future__ import annotations

import json
from importlib.resources import files

import click

from optam_rules.api import load
from optam_rules.interop.record_schema import record_schema
from optam_rules.tools.cli.french import FrenchCommand
from optam_rules.tools.cli.options import OneOf, option, output_option
from optam_rules.tools.cli.streams import write_text

_STORED = {
    "judgements": ("optam_rules.interop", "judgements-1.schema.json"),
    "diff": ("optam_rules.tools.report.diff", "diff-1.schema.json"),
}


@click.command(
    "schema",
    cls=FrenchCommand,
    epilog="""
    Exemples :
      optam schema records --pack cm-2016
      optam schema judgements --output judgements.schema.json

    records : la forme des dossiers, selon le vocabulaire du pack. judgements : celle des résultats de --format json et jsonl.
    diff : celle des comparaisons d'optam diff --format json.
    Codes de sortie : 0 ; 2 l'appel ou le pack est faux.
    """,
)
@click.argument("what", type=OneOf(["records", *_STORED]), metavar="records|judgements|diff")
@option("--pack", "-p", metavar="PACK", help="Pack dont on veut le vocabulaire. Obligatoire avec records.")
@output_option
def command(what: str, pack: str | None, output: str | None) -> None:
    """Donne le schéma JSON des dossiers, des jugements ou des comparaisons."""
    if what in _STORED:
        package, name = _STORED[what]
        write_text((files(package) / name).read_text(encoding="utf-8"), output)
        return
    if pack is None:
        raise click.UsageError("il manque l'option `--pack`", click.get_current_context())
    write_text(json.dumps(record_schema(load(pack).program), ensure_ascii=False, indent=2) + "\n", output)
