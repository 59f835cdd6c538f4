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
from optam_rules.api import AfterVerified, exercices
from optam_rules.base.phrases import Phrase, joined
from optam_rules.interop.acts.report import Report
from optam_rules.interop.writers import inert
from optam_rules.tools.cli.messages import language, wrong_call
from optam_rules.tools.cli.options import (
    DOUBTS,
    FILE,
    ExistingPath,
    IsoDate,
    Names,
    OneOf,
    Pair,
    after_verified_option,
    argument,
    assume_option,
    chosen,
    doubts_option,
    option,
    output_option,
)
from optam_rules.tools.cli.spoken import Spoken
from optam_rules.tools.cli.streams import check_not_read


@click.command(
    "exercices",
    cls=Spoken,
    help=Phrase(
        "Somme des lignes d'honoraires en exercices : observés, et recalculés aux tarifs du secteur 1.",
        "Sums lines of fees into years (exercices): observed, and recalculated at the tariffs of sector 1.",
    ),
    examples="""
      optam exercices actes.parquet --practitioners medecins.csv --on 2018-06-01 --output exercices.csv --anomalies ecartees.csv
      optam exercices actes.csv --on 2018-06-01 --forfaits FMT,ROSP --assume reglement_du_dernier_jour=compris --output exercices.csv
      optam evaluate medecins.csv --exercices exercices.csv --pack cm-2016 --on 2018-06-01
    """,
    notes=Phrase(
        """
        Les lignes sont lues en Parquet (un fichier, ou un dossier de fichiers) ou en CSV, par les noms des colonnes.
        Sur la sortie d'erreur : d'où viennent les règles, ce qui a été supposé, et le compte des lignes, chacune comptée ou écartée.
        """,
        """
        Lines are read as Parquet (a file, or a folder of files) or as CSV, by the names of the columns.
        On standard error: where the rules come from, what was assumed, and the account of the lines, each counted or set aside.
        """,
    ),
    exits=Phrase(
        "0 toutes les lignes comptent ; 1 des lignes sont écartées ; 2 l'appel, le fichier ou le pack est faux.",
        "0 all the lines count; 1 lines are set aside; 2 the call, the file or the pack is wrong.",
    ),
)
@argument("acts", metavar=Phrase("ACTES", "ACTS"), type=ExistingPath())
@option(
    "--on",
    type=IsoDate(),
    required=True,
    metavar="DATE",
    help=Phrase(
        "Jour du jugement (2018-06-01) : règles et faits d'alors. Obligatoire.",
        "Day of the judgement (2018-06-01): rules and facts of that day. Required.",
    ),
)
@option(
    "--pack",
    "-p",
    default="actes",
    metavar="PACK",
    help=Phrase("Pack qui dit ce que compte une ligne ; actes sinon.", "Pack that tells what a line counts for; otherwise actes."),
)
@option(
    "--practitioners",
    type=ExistingPath(),
    metavar=FILE,
    help=Phrase("Médecins connus : une colonne identifiant.", "Known doctors: a column identifiant."),
)
@option(
    "--anomalies",
    metavar=FILE,
    help=Phrase(
        "Écrit les lignes écartées et leurs motifs (.csv, .parquet) ; sinon, elles sont comptées.",
        "Writes the lines set aside and their reasons (.csv, .parquet); otherwise, they are counted.",
    ),
)
@assume_option
@option(
    "--colonne",
    type=Pair(),
    multiple=True,
    metavar=Phrase("CHAMP=COLONNE", "FIELD=COLUMN"),
    help=Phrase(
        "Colonne qui porte un champ sous un autre nom. Répétable.", "Column that holds a field under another name. May be repeated."
    ),
)
@option(
    "--cle",
    type=Names(),
    metavar="A,B",
    help=Phrase(
        "Colonnes qui identifient une ligne ; identifiant sinon, s'il existe.",
        "Columns that identify a line; otherwise identifiant, if there is one.",
    ),
)
@option(
    "--forfaits",
    type=Names(),
    metavar="A,B",
    help=Phrase(
        "Codes des rémunérations forfaitaires, si aucune colonne forfait ne les dit.",
        "Codes of the lump sums, if no column forfait tells them.",
    ),
)
@doubts_option(
    Phrase(
        "Année dont une ligne est fautive : chiffres inconnus (par défaut), ou calculés sans elle.",
        "Year with a faulty line: figures unknown (the default), or computed without it.",
    )
)
@after_verified_option([*AfterVerified], "compter", "count")
@option(
    "--memory-limit",
    metavar=Phrase("TAILLE", "SIZE"),
    help=Phrase(
        "Mémoire que DuckDB s'autorise (2GB) ; au-delà, il écrit sur le disque.",
        "Memory that DuckDB allows itself (2GB); past it, it writes to disk.",
    ),
)
@option(
    "--engine",
    type=OneOf(("duckdb", "spark")),
    default="duckdb",
    metavar="duckdb|spark",
    help=Phrase(
        "Moteur : DuckDB (par défaut), ou Spark, qui lit du Parquet et écrit des dossiers de Parquet.",
        "Engine: DuckDB (the default), or Spark, which reads Parquet and writes folders of Parquet.",
    ),
)
@option(
    "--master",
    metavar=Phrase("ADRESSE", "ADDRESS"),
    help=Phrase(
        "Grappe Spark (spark://hôte:7077, yarn) ; sinon celle de spark-submit, ou cette machine.",
        "Spark cluster (spark://host:7077, yarn); otherwise that of spark-submit, or this machine.",
    ),
)
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
    """Sum lines into years, and tell what became of each line."""
    _check_engine(engine, master, memory_limit, [name for name in (output, anomalies) if name is not None])
    for written in (output, anomalies):
        check_not_read(written, (acts, practitioners))
    said: dict[str, Any] = {
        "on": on,
        "pack": pack,
        "practitioners": practitioners,
        "assume": chosen("--assume", assume),
        "key": cle,
        "columns": chosen("--colonne", colonne),
        "lump_sums": forfaits or (),
        "doubts": DOUBTS[incomplets],
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
    click.echo("\n".join(report.sentences(language())), err=True)
    return 1 if report.set_aside + report.by_reading else 0


def _check_engine(engine: str, master: str | None, memory_limit: str | None, written: Sequence[str]) -> None:
    """Refuse what the engine that was chosen would pass over."""
    faults = []
    if engine == "spark":
        if memory_limit is not None:
            faults.append(
                Phrase(
                    "`--memory-limit` ne vaut que pour DuckDB ; Spark lit `spark.driver.memory`",
                    "`--memory-limit` is for DuckDB alone; Spark reads `spark.driver.memory`",
                )
            )
        for name in written:
            if not name.endswith(".parquet"):
                faults.append(
                    Phrase(
                        f"`{name}` : Spark écrit un dossier de Parquet, nommez-le en .parquet",
                        f"`{name}`: Spark writes a folder of Parquet, name it .parquet",
                    )
                )
            elif Path(name).exists():
                faults.append(
                    Phrase(
                        f"`{name}` existe : Spark n'écrit que dans un dossier nouveau",
                        f"`{name}` exists: Spark writes only to a new folder",
                    )
                )
    elif master is not None:
        faults.append(Phrase("`--master` ne vaut que pour `--engine spark`", "`--master` is for `--engine spark` alone"))
    if faults:
        said = joined(Phrase(" ; ", "; "), faults)
        raise wrong_call(said.fr, said.en)


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
