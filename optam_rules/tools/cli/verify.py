"""`optam verify`: from a pack to a verdict on each thing that it owes, proved, refuted by a record, or open."""

from __future__ import annotations

import json

import click

from optam_rules.analysis.verdict import Budget
from optam_rules.api import load
from optam_rules.base.phrases import Phrase
from optam_rules.tools.cli.messages import language
from optam_rules.tools.cli.options import FILE, PACK_OR_FOLDER, Count, PackName, argument, format_option, option, output_option
from optam_rules.tools.cli.spoken import Spoken
from optam_rules.tools.cli.streams import write_text
from optam_rules.tools.report.results import junit
from optam_rules.tools.report.verdicts import counts, results, summary, told, verdicts_json
from optam_rules.tools.report.wording import Language


@click.command(
    "verify",
    cls=Spoken,
    help=Phrase(
        "Prouve ou réfute les propriétés d'un pack, et ce que tout pack doit : ni conflit, ni erreur, ni table trouée.",
        "Proves or refutes the properties of a pack, and what every pack owes: no conflict, no error, no table with a gap.",
    ),
    examples="""
      optam verify cm-2016
      optam verify ./mes-conventions/essai --budget 300 --strict
      optam verify cm-2016 --format json --output verdicts.json
    """,
    notes=Phrase(
        """
        Prouvé : vrai de tout dossier que le verdict dit couvrir. Réfuté : un dossier le contredit, et l'interpréteur l'a rejoué.
        Ouvert : ni l'un ni l'autre ; le verdict dit pourquoi.
        La preuve demande l'extension prove : pip install "optam-rules[prove]". Sans elle, tout est cherché par tirage, et c'est dit.
        """,
        """
        Proved: true of every record that the verdict says it covers. Refuted: a record contradicts it, and the interpreter has replayed it.
        Open: neither; the verdict says why.
        Proof requires the extra prove: pip install "optam-rules[prove]". Without it, everything is searched by drawing, and that is said.
        """,
    ),
    exits=Phrase(
        "0 rien n'est réfuté ; 1 une obligation est réfutée, ou ouverte avec --strict ; 2 le pack est faux ou n'existe pas.",
        "0 nothing is refuted; 1 an obligation is refuted, or open with --strict; 2 the pack is wrong or does not exist.",
    ),
)
@argument("name", metavar=PACK_OR_FOLDER, type=PackName())
@option(
    "--budget",
    "seconds",
    type=Count(),
    default=60,
    metavar="S",
    help=Phrase("Secondes pour tout le pack ; 60 sinon.", "Seconds for the whole pack; otherwise 60."),
)
@option(
    "--examples",
    type=Count(),
    default=50,
    metavar="N",
    help=Phrase("Cas tirés pour ce que le solveur laisse ouvert ; 50 sinon.", "Cases drawn for what the solver leaves open; otherwise 50."),
)
@option(
    "--years",
    type=Count(),
    default=4,
    metavar="N",
    help=Phrase(
        "Éléments d'une liste que les preuves couvrent, comme les années ; 4 sinon.",
        "Items of a list that proofs cover, such as the years; otherwise 4.",
    ),
)
@option(
    "--members",
    type=Count(),
    default=3,
    metavar="N",
    help=Phrase("Membres d'un groupe que les preuves couvrent ; 3 sinon.", "Members of a group that proofs cover; otherwise 3."),
)
@option("--strict", is_flag=True, help=Phrase("Échoue aussi pour ce qui reste ouvert.", "Fails for what stays open too."))
@format_option(("text", "json"))
@option(
    "--junit",
    "junit_file",
    metavar=FILE,
    help=Phrase("Écrit aussi les verdicts en XML, à la façon de JUnit.", "Writes the verdicts as XML too, as JUnit does."),
)
@output_option
def command(
    name: str, seconds: int, examples: int, years: int, members: int, strict: bool, form: str, junit_file: str | None, output: str | None
) -> int:
    """Verify a pack, and fail where something is refuted."""
    pack = load(name)
    lang = language()
    checked = list(pack.verify(seconds=seconds, budget=Budget(examples=examples, years=years, members=max(members, 1))))
    if form == "json":
        write_text(json.dumps(verdicts_json(pack.program, checked, lang), ensure_ascii=False, indent=2, default=str) + "\n", output)
        click.echo(summary(pack.id, checked, lang), err=True)
    else:
        text = told(pack.program, checked, Language(lang))
        write_text((text + "\n" if text else "") + summary(pack.id, checked, lang) + "\n", output)
    if junit_file is not None:
        write_text(junit(pack.id, results(checked, pack.program, strict=strict, language=Language(lang))), junit_file)
    _, refuted, left = counts(checked)
    return 1 if refuted or (strict and left) else 0
