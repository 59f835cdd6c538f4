"""`optam verify`: from a pack to a verdict on each thing that it owes, proved, refuted by a record, or open."""

from __future__ import annotations

import json

import click

from optam_rules.analysis.verdict import Budget
from optam_rules.api import load
from optam_rules.tools.cli.french import FrenchCommand
from optam_rules.tools.cli.options import Count, OneOf, PackName, option, output_option
from optam_rules.tools.cli.streams import write_text
from optam_rules.tools.report.results import junit
from optam_rules.tools.report.verdicts import counts, results, summary, told, verdicts_json


@click.command(
    "verify",
    cls=FrenchCommand,
    epilog="""
    Exemples :
      optam verify cm-2016
      optam verify ./mes-conventions/essai --budget 300 --strict
      optam verify cm-2016 --format json --output verdicts.json

    Prouvé : vrai de tout dossier que le verdict dit couvrir. Réfuté : un dossier le contredit, et l'interpréteur l'a rejoué.
    Ouvert : ni l'un ni l'autre ; le verdict dit pourquoi.
    La preuve demande l'extension prove : pip install "optam-rules[prove]". Sans elle, tout est cherché par tirage, et c'est dit.
    Codes de sortie : 0 rien n'est réfuté ; 1 une obligation est réfutée, ou ouverte avec --strict ; 2 le pack est faux ou n'existe pas.
    """,
)
@click.argument("name", metavar="PACK|DOSSIER", type=PackName())
@option("--budget", "seconds", type=Count(), default=60, metavar="S", help="Secondes pour tout le pack ; 60 sinon.")
@option("--examples", type=Count(), default=50, metavar="N", help="Cas tirés pour ce que le solveur laisse ouvert ; 50 sinon.")
@option("--years", type=Count(), default=4, metavar="N", help="Éléments d'une liste que les preuves couvrent, comme les années ; 4 sinon.")
@option("--members", type=Count(), default=3, metavar="N", help="Membres d'un groupe que les preuves couvrent ; 3 sinon.")
@option("--strict", is_flag=True, help="Échoue aussi pour ce qui reste ouvert.")
@option("--format", "form", type=OneOf(["text", "json"]), default="text", metavar="text|json", help="Forme ; text par défaut.")
@option("--junit", "junit_file", metavar="FICHIER", help="Écrit aussi les verdicts en XML, à la façon de JUnit.")
@output_option
def command(
    name: str, seconds: int, examples: int, years: int, members: int, strict: bool, form: str, junit_file: str | None, output: str | None
) -> int:
    """Prouve ou réfute les propriétés d'un pack, et ce que tout pack doit : ni conflit, ni erreur, ni table trouée."""
    pack = load(name)
    checked = list(pack.verify(seconds=seconds, budget=Budget(examples=examples, years=years, members=max(members, 1))))
    if form == "json":
        write_text(json.dumps(verdicts_json(pack.program, checked), ensure_ascii=False, indent=2, default=str) + "\n", output)
        click.echo(summary(pack.id, checked), err=True)
    else:
        text = told(pack.program, checked)
        write_text((text + "\n" if text else "") + summary(pack.id, checked) + "\n", output)
    if junit_file is not None:
        write_text(junit(pack.id, results(checked, pack.program, strict=strict)), junit_file)
    _, refuted, left = counts(checked)
    return 1 if refuted or (strict and left) else 0
