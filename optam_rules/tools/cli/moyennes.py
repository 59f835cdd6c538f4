"""`optam moyennes`: from the years of practitioners to the file of a reference table of means, exact, and the account of who is in them."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import click

from optam_rules.api import moyennes
from optam_rules.base.phrases import Phrase
from optam_rules.interop.means.plan import Weights
from optam_rules.interop.writers import inert
from optam_rules.tools.cli.messages import told, wrong_call
from optam_rules.tools.cli.options import DOUBTS, FILE, NAME, ExistingPath, Names, OneOf, argument, doubts_option, option, output_option
from optam_rules.tools.cli.spoken import Spoken
from optam_rules.tools.cli.streams import check_not_read, write_text


@click.command(
    "moyennes",
    cls=Spoken,
    help=Phrase(
        "Calcule les lignes d'un référentiel de moyennes à partir des exercices de médecins.",
        "Computes the rows of a reference table of means from the years (exercices) of doctors.",
    ),
    examples="""
      optam moyennes exercices.parquet --practitioners medecins.parquet --pack cm-2016 --referentiel moyennes_regionales
        --taux depassements/honoraires_remboursables --annees 2013,2014,2015 --par medecins --output moyennes.csv
      optam evaluate dossiers.json --pack cm-2016 --on 2017-06-08 --reference moyennes_regionales=moyennes.csv
    """,
    notes=Phrase(
        """
        Les médecins sont ceux dont on veut la moyenne (éligibles, d'un secteur) : la commande n'en écarte aucun.
        Sur la sortie d'erreur : la question que le texte laisse ouverte, et qui n'est dans aucune moyenne.
        """,
        """
        The doctors are those whose mean is wanted (eligible, of a sector): the command leaves none out.
        On standard error: the question that the text leaves open, and who is in no mean.
        """,
    ),
    exits=Phrase(
        "0 tout est compté ; 1 des années ou des médecins ne le sont pas ; 2 l'appel, un fichier ou le pack est faux.",
        "0 all is counted; 1 some years or doctors are not; 2 the call, a file or the pack is wrong.",
    ),
)
@argument("years", metavar=Phrase("EXERCICES", "YEARS"), type=ExistingPath())
@option(
    "--practitioners",
    type=ExistingPath(),
    required=True,
    metavar=FILE,
    help=Phrase("Médecins : identifiant et clés du référentiel.", "Doctors: identifiant and the keys of the reference table."),
)
@option(
    "--pack",
    "-p",
    required=True,
    metavar="PACK",
    help=Phrase("Pack qui déclare le référentiel.", "Pack that declares the reference table."),
)
@option(
    "--referentiel",
    required=True,
    metavar=NAME,
    help=Phrase("Référentiel de taux à remplir.", "Reference table of rates to fill."),
)
@option(
    "--taux",
    required=True,
    metavar=Phrase("DONNÉE/DONNÉE", "DATUM/DATUM"),
    help=Phrase("Données d'un exercice que le taux divise.", "Data of a year (exercice) that the rate divides."),
)
@option("--annees", type=Names(), required=True, metavar="A,B", help=Phrase("Années de référence.", "Years of reference."))
@option(
    "--par",
    type=OneOf([weight.value for weight in Weights]),
    required=True,
    metavar="|".join(Weights),
    help=Phrase(
        "Ce qui compte pour un : un médecin (la moyenne de ses années), une année d'un médecin, un euro ou un acte.",
        "What counts for one: a doctor (the mean of his years), a year of a doctor, an euro or an act.",
    ),
)
@option(
    "--arrondi",
    metavar=Phrase("PAS (MODE)", "STEP (MODE)"),
    help=Phrase(
        "Arrondi de chaque moyenne : 0.01 % (demi pair) ; aucun sinon.",
        "Rounding of each mean: 0.01 % (demi pair); otherwise none.",
    ),
)
@doubts_option(
    Phrase(
        "Moyenne dont un chiffre est inconnu : inconnue (par défaut), ou calculée sans son année.",
        "Mean of which a figure is unknown: unknown (the default), or computed without its year.",
    )
)
@output_option
def command(
    years: Path,
    practitioners: Path,
    pack: str,
    referentiel: str,
    taux: str,
    annees: tuple[str, ...],
    par: str,
    arrondi: str | None,
    incomplets: str,
    output: str | None,
) -> int:
    """Compute the means, and tell who is in them."""
    check_not_read(output, (years, practitioners))
    if wrong := [text for text in annees if not (text.isascii() and text.isdigit())]:
        raise wrong_call(f"`{wrong[0]}` n'est pas une année", f"`{wrong[0]}` is no year")
    done = moyennes(
        years,
        practitioners=practitioners,
        pack=pack,
        reference=referentiel,
        rate=taux,
        years=[int(text) for text in annees],
        weights=par,
        rounding=arrondi,
        doubts=DOUBTS[incomplets],
    )
    written = io.StringIO()
    csv.writer(written, lineterminator="\n").writerows([inert(cell) for cell in row] for row in done.texts())
    write_text(written.getvalue(), output)
    click.echo("\n".join(told(sentence) for sentence in done.report.sentences()), err=True)
    return 1 if done.report.incomplete else 0
