"""`optam schema`: the JSON Schema of the records of a pack, of judgements, or of comparisons."""

from __future__ import annotations

import json
from importlib.resources import files

import click

from optam_rules.api import load
from optam_rules.base.phrases import Phrase
from optam_rules.interop.record_schema import record_schema
from optam_rules.tools.cli.messages import wrong_call
from optam_rules.tools.cli.options import OneOf, argument, option, output_option
from optam_rules.tools.cli.spoken import Spoken
from optam_rules.tools.cli.streams import write_text

_STORED = {
    "judgements": ("optam_rules.interop", "judgements-1.schema.json"),
    "diff": ("optam_rules.tools.report.diff", "diff-1.schema.json"),
}


@click.command(
    "schema",
    cls=Spoken,
    help=Phrase(
        "Donne le schéma JSON des dossiers, des jugements ou des comparaisons.",
        "Gives the JSON Schema of records, judgements or comparisons.",
    ),
    examples="""
      optam schema records --pack cm-2016
      optam schema judgements --output judgements.schema.json
    """,
    notes=Phrase(
        """
        records : la forme des dossiers, selon le vocabulaire du pack. judgements : celle des résultats de --format json et jsonl.
        diff : celle des comparaisons d'optam diff --format json.
        """,
        """
        records: the form of records, by the vocabulary of the pack. judgements: that of the results of --format json and jsonl.
        diff: that of the comparisons of optam diff --format json.
        """,
    ),
    exits=Phrase("0 ; 2 l'appel ou le pack est faux.", "0; 2 the call or the pack is wrong."),
)
@argument("what", type=OneOf(["records", *_STORED]), metavar="records|judgements|diff")
@option(
    "--pack",
    "-p",
    metavar="PACK",
    help=Phrase("Pack dont on veut le vocabulaire. Obligatoire avec records.", "Pack whose vocabulary is wanted. Required with records."),
)
@output_option
def command(what: str, pack: str | None, output: str | None) -> None:
    """Write a schema, a stored one or that of a pack."""
    if what in _STORED:
        package, name = _STORED[what]
        write_text((files(package) / name).read_text(encoding="utf-8"), output)
        return
    if pack is None:
        raise wrong_call("il manque l'option `--pack`", "missing option `--pack`")
    write_text(json.dumps(record_schema(load(pack).program), ensure_ascii=False, indent=2) + "\n", output)
