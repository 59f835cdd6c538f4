"""`optam exercices`: from lines of fees to the years of each practitioner, and to the lines set aside, each with its reasons."""

from __future__ import annotations

import csv
import datetime as dt
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import click

from optam_rules import spark
from optam_rules.api import AfterVerified, Doubts, exercices
from optam_rules.interop.acts.report import Report
from optam_rules.interop.writers import inert
from optam_rules.tools.cli.french import FrenchCommand
from optam_rules.tools.cli.options import IsoDate, Names, OneOf, Pair, chosen, option, output_option

_DOUBTS = {"inconnus": Doubts.UNKNOWN, "calcules": Doubts.COMPUTED}


@click.command(
    "exercices",
    cls=FrenchCommand,
    epilog="""
    Exemples :
      optam exercices actes.parquet --practitioners medecins.csv --on 2018-06-01 --output exercices.csv --anomalies ecartees.csv
      optam exercices actes.csv --on 2018-06-01 --forfaits FMT,ROSP --assume reglement_du_dernier_jour=compris --output exercices.csv
      optam evaluate medecins.csv --exercices exercices.csv --pack cm-2016 --on 2018-06-01

    Les lignes sont lues en Parquet (un fichier, ou un dossier de fichiers) ou en CSV, par les noms des colonnes.
    Sur la sortie d'erreur : d'où viennent les règles, ce qui a été supposé, et le compte des lignes, chacune comptée ou écartée.
    Codes de sortie : 0 toutes les lignes comptent ; 1 des lignes sont écartées ; 2 l'appel, le fichier ou le pack est faux.
    """,
)
@click.argument("acts", metavar="ACTES", type=click.Path(exists=True, path_type=Path))
@option("--on", type=IsoDate(), required=True, metavar="DATE", help="Date à laquelle les règles se lisent (2018-06-01). Obligatoire.")
@option("--pack", "-p", default="actes", metavar="PACK", help="Pack qui dit ce que compte une ligne ; actes sinon.")
@option(
    "--practitioners", type=click.Path(exists=True, path_type=Path), metavar="FICHIER", help="Médecins connus : une colonne identifiant."
)
@option("--anomalies", metavar="FICHIER", help="Écrit les lignes écartées et leurs motifs (.csv, .parquet) ; sinon, elles sont comptées.")
@option("--assume", type=Pair(), multiple=True, metavar="NOM=LECTURE", help="Choisit la lecture d'une question ouverte. Répétable.")
@option("--colonne", type=Pair(), multiple=True, metavar="CHAMP=COLONNE", help="Colonne qui porte un champ sous un autre nom. Répétable.")
@option("--cle", type=Names(), metavar="A,B", help="Colonnes qui identifient une ligne ; identifiant sinon, s'il existe.")
@option("--forfaits", type=Names(), metavar="A,B", help="Codes des rémunérations forfaitaires, si aucune colonne forfait ne les dit.")
@option(
    "--incomplets",
    type=OneOf(tuple(_DOUBTS)),
    default="inconnus",
    metavar="inconnus|calcules",
    help="Année dont une ligne est fautive : chiffres inconnus (par défaut), ou calculés sans elle.",
)
@option(
    "--after-verified",
    type=OneOf([mode.value for mode in AfterVerified]),
    default="refuse",
    metavar="refuse|extend",
    help="Au-delà du jour où le pack a été vérifié : refuser (par défaut), ou compter quand même.",
)
@option("--memory-limit", metavar="TAILLE", help="Mémoire que DuckDB s'autorise (2GB) ; au-delà, il écrit sur le disque.")
@option(
    "--engine",
    type=OneOf(("duckdb", "spark")),
    default="duckdb",
    metavar="duckdb|spark",
    help="Moteur : DuckDB (par défaut), ou Spark, qui lit du Parquet et écrit des dossiers de Parquet.",
)
@option("--master", metavar="ADRESSE", help="Grappe Spark (spark://hôte:7077, yarn) ; sinon celle de spark-submit, ou cette machine.")
@output_option
def command(
    acts: Path,
    on: dt.date,
    pack: str,
    practitioners: Path | None,
    anomalies: str | None,
    assume: tuple[tuple[str, str], ...],
    colonne: tuple[tuple[str, str], ...],
    cle: tuple[str, ...] | None,
    forfaits: tuple[str, ...] | None,
    incomplets: str,
    after_verified: str,
    memory_limit: str | None,
    engine: str,
    master: str | None,
    output: str | None,
) -> int:
    """Somme des lignes d'honoraires en exercices : observés, et recalculés aux tarifs du secteur 1."""
    _check_engine(engine, master, memory_limit, [name for name in (output, anomalies) if name is not None])
    read = [path.resolve() for path in (acts, practitioners) if path is not None]
    for written in (output, anomalies):
        if written is not None and Path(written).resolve() in read:
            raise click.UsageError(f"`{written}` est un fichier lu : il serait effacé", click.get_current_context())
    said: dict[str, Any] = {
        "on": on,
        "pack": pack,
        "practitioners": practitioners,
        "assume": chosen("--assume", assume),
        "key": cle,
        "columns": chosen("--colonne", colonne),
        "lump_sums": forfaits or (),
        "doubts": _DOUBTS[incomplets],
        "after_verified": after_verified,
    }
    if engine == "spark":
        report = _by_spark(acts, master, output, anomalies, said)
    else:
        done = exercices(acts, **said, output=output, anomalies=anomalies, keep_set_aside=False, memory_limit=memory_limit)
        report = done.report
        if done.years is not None:
            batches = (zip(*(column.to_pylist() for column in batch.columns), strict=True) for batch in done.years.to_batches())
            _print(done.years.column_names, (row for batch in batches for row in batch))
    click.echo("\n".join(report.sentences()), err=True)
    return 1 if report.set_aside + report.by_reading else 0


def _check_engine(engine: str, master: str | None, memory_limit: str | None, written: Sequence[str]) -> None:
    """Refuse what the engine that was chosen would pass over."""
    faults = []
    if engine == "spark":
        if memory_limit is not None:
            faults.append("`--memory-limit` ne vaut que pour DuckDB ; Spark lit `spark.driver.memory`")
        for name in written:
            if not name.endswith(".parquet"):
                faults.append(f"`{name}` : Spark écrit un dossier de Parquet, nommez-le en .parquet")
            elif Path(name).exists():
                faults.append(f"`{name}` existe : Spark n'écrit que dans un dossier nouveau")
    elif master is not None:
        faults.append("`--master` ne vaut que pour `--engine spark`")
    if faults:
        raise click.UsageError(" ; ".join(faults), click.get_current_context())


def _by_spark(acts: Path, master: str | None, output: str | None, anomalies: str | None, said: dict[str, Any]) -> Report:
    known = said.pop("practitioners")
    done = spark.exercices(spark.session(master), _address(acts), practitioners=_address(known) if known is not None else None, **said)
    if output is not None:
        done.years.write.parquet(_address(Path(output)))
    else:
        _print(done.years.columns, done.years.toLocalIterator())
    if anomalies is not None:
        done.set_aside.write.parquet(_address(Path(anomalies)))
    return done.report


def _address(path: Path) -> str:
    """Name a file as Spark finds it, whatever file system a cluster takes paths from, and wherever its Java was started."""
    return f"file://{path.resolve()}"


def _print(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows([inert(cell) if isinstance(cell, str) else cell for cell in row] for row in rows)
