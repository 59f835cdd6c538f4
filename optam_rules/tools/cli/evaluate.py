"""`optam evaluate`: from a file of records, a pack and a date to judgements, a refused record stopping no other."""

from __future__ import annotations

import datetime as dt
import sys
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from pathlib import Path

import click

from optam_rules.api import AfterVerified, load
from optam_rules.base.diagnostics import render_text
from optam_rules.base.phrases import LANGS, Phrase
from optam_rules.interop.judgements import Judged, Result
from optam_rules.interop.open import COLUMNAR_SUFFIXES
from optam_rules.interop.raw import read_all
from optam_rules.tools.cli.formats import EXPLAINED, FORMATS, writer
from optam_rules.tools.cli.inputs import FORMATS as INPUT_FORMATS
from optam_rules.tools.cli.inputs import Tally, companion_files, open_input, read_reference_files, tell_register
from optam_rules.tools.cli.judging import Judging, check_field
from optam_rules.tools.cli.messages import language, wrong_call
from optam_rules.tools.cli.options import (
    NAMED_FILE,
    RECORDS,
    ExistingFile,
    IsoDate,
    Names,
    OneOf,
    Pair,
    after_verified_option,
    argument,
    assume_option,
    chosen,
    exercices_option,
    groupes_option,
    input_format_option,
    known_on_option,
    option,
    output_option,
    pack_option,
    reference_option,
)
from optam_rules.tools.cli.progress import shown
from optam_rules.tools.cli.spoken import Spoken
from optam_rules.tools.cli.tables import CODES, ENGINES, check_output, read_rows, write_answers
from optam_rules.tools.cli.tables import FORMS as TABLES
from optam_rules.tools.report.wording import Language


@click.command(
    "evaluate",
    cls=Spoken,
    help=Phrase(
        "Juge des dossiers : qui peut adhérer, à quels taux, pourquoi, et ce qu'il manque pour le dire.",
        "Judges records: who may join, at which rates, why, and what is missing to tell.",
    ),
    examples="""
      optam evaluate dossiers.json --pack cm-2016 --on 2017-06-08
      optam evaluate dossiers.json --pack cm-2016 --on 2017-08-01 --answers taux_engagement,groupe.taux_commun --explain
      optam evaluate cabinet.csv --exercices exercices.csv --pack cm-2016 --on 2017-08-01 --format csv --output resultats.csv
      optam evaluate dossiers.json --pack cm-2016 --on 2017-06-08 --explain --format html --output jugements.html
      optam evaluate praticiens.parquet --table exercices=exercices.parquet --pack cm-2016 --on 2017-06-08 --format csv
      optam evaluate annuaire.csv --pack cm-2016 --on 2017-06-08 --format jsonl --output resultats.jsonl
      optam evaluate praticiens.parquet --pack cm-2016 --on 2017-06-08 --answers eligible_optam --format parquet --output reponses.parquet
      optam evaluate praticiens.parquet --pack cm-2016 --on 2017-06-08 --answers eligible_optam --format csv --output reponses.csv
      optam evaluate dossiers.json --pack cm-2016 --on 2017-06-08 --reference moyennes_regionales=moyennes.csv
      optam evaluate dossiers.json --pack cm-2016 --on-field adhesion.date_adhesion --assume unite_part_opposable=actes
    """,
    notes=Phrase(
        "Sur la sortie d'erreur : les dossiers refusés, chacun avec toutes ses fautes, puis les comptes.",
        "On standard error: the refused records, each with all its faults, then the counts.",
    ),
    exits=Phrase(
        "0 tous jugés ; 1 des dossiers refusés, les autres jugés ; 2 l'appel ou le pack est faux.",
        "0 all judged; 1 records refused, the others judged; 2 the call or the pack is wrong.",
    ),
)
@argument("records", metavar=RECORDS, type=ExistingFile())
@pack_option
@option(
    "--on",
    type=IsoDate(),
    metavar="DATE",
    help=Phrase(
        "Date du jugement (2017-06-08). Obligatoire, ou --on-field.", "Date of the judgement (2017-06-08). Required, or --on-field."
    ),
)
@known_on_option
@option(
    "--on-field",
    metavar=Phrase("CHAMP", "FIELD"),
    help=Phrase("Juge chaque dossier à la date que porte ce champ.", "Judges each record on the date that this field bears."),
)
@option(
    "--format",
    "form",
    type=OneOf(FORMATS),
    default="text",
    metavar="|".join(FORMATS),
    help=Phrase("Forme du résultat ; text par défaut.", "Form of the result; text by default."),
)
@input_format_option(INPUT_FORMATS)
@exercices_option
@groupes_option
@option(
    "--table",
    type=Pair(),
    multiple=True,
    metavar=NAMED_FILE,
    help=Phrase("Une table jointe, par la donnée qu'elle remplit. Répétable.", "A joined table, by the datum it fills. May be repeated."),
)
@option(
    "--answers",
    type=Names(),
    metavar="A,B",
    help=Phrase("Réponses demandées ; par défaut, toutes celles en vigueur.", "Answers asked for; by default, all those in force."),
)
@assume_option
@reference_option
@option(
    "--explain",
    "explained",
    is_flag=True,
    help=Phrase(
        "Dit pourquoi : en phrases (text, markdown, html), en étapes (json, jsonl).",
        "Tells why: in sentences (text, markdown, html), in steps (json, jsonl).",
    ),
)
@option(
    "--lang",
    type=OneOf(LANGS),
    metavar="|".join(LANGS),
    help=Phrase("Langue des phrases ; celle des messages par défaut.", "Language of the sentences; by default that of messages."),
)
@option(
    "--because",
    type=OneOf(CODES),
    default="clause",
    metavar="|".join(CODES),
    help=Phrase(
        "Ce que nomment les codes de `parquet` et `arrow` : la clause (par défaut), ou aussi sa branche.",
        "What the codes of `parquet` and `arrow` name: the clause (the default), or its branch too.",
    ),
)
@option(
    "--table-engine",
    type=OneOf(ENGINES),
    default="auto",
    metavar="|".join(ENGINES),
    help=Phrase(
        "Ce qui juge par colonnes : numpy, le noyau compilé (kernel, extension du même nom), ou au mieux (auto, par défaut).",
        "What judges by columns: numpy, the compiled kernel (kernel, the extra of that name), or whichever is best (auto, the default).",
    ),
)
@option(
    "--ignore-unknown-fields",
    is_flag=True,
    help=Phrase("Ignore les champs que le vocabulaire ne déclare pas.", "Ignores the fields that the vocabulary does not declare."),
)
@after_verified_option([*AfterVerified], "juger", "judge")
@output_option
def command(
    records: Path,
    pack: str,
    on: dt.date | None,
    known_on: dt.date | None,
    on_field: str | None,
    form: str,
    input_format: str | None,
    exercices: Path | None,
    groupes: Path | None,
    table: tuple[tuple[str, str], ...],
    answers: tuple[str, ...] | None,
    assume: tuple[tuple[str, str], ...],
    reference: tuple[tuple[str, str], ...],
    explained: bool,
    lang: str | None,
    because: str,
    table_engine: str,
    ignore_unknown_fields: bool,
    after_verified: str,
    output: str | None,
) -> int:
    """Judge records, and tell those that are refused."""
    if (on is None) == (on_field is None):
        raise wrong_call("donner --on DATE ou --on-field CHAMP, l'un des deux", "give --on DATE or --on-field FIELD, one of the two")
    if explained and form not in EXPLAINED:
        forms = ", ".join(EXPLAINED)
        raise wrong_call(
            f"--format {form} ne dit pas pourquoi : --explain va avec {forms}",
            f"--format {form} does not tell why: --explain goes with {forms}",
        )
    companions = companion_files(exercices, groupes, table)
    if output is not None and Path(output).exists() and any(Path(output).samefile(path) for path in (records, *companions.values())):
        raise wrong_call(
            f"`{output}` est le fichier des dossiers : il serait effacé", f"`{output}` is the file of records: it would be erased"
        )
    columnar = records.suffix.lower() in COLUMNAR_SUFFIXES
    if form in TABLES:
        check_output(form, output)
    if columnar and input_format:
        raise wrong_call("--input-format va avec des dossiers en texte", "--input-format goes with records in text")
    loaded = load(pack, known_on=known_on)
    if on_field is not None:
        check_field(loaded.program, on_field)
    judging = Judging(
        loaded,
        on=on,
        on_field=on_field,
        assume=chosen("--assume", assume),
        references=read_reference_files(loaded.program, tuple(chosen("--reference", reference).items())),
        answers=answers,
        trace=explained,
        after_verified=AfterVerified(after_verified),
    )
    by_columns = form in TABLES and on is not None
    write = None if by_columns else writer(form, output, explained=explained, language=Language(lang or language()))
    tally = Tally()
    with ExitStack() as stack:
        file = None
        if not columnar:
            file = stack.enter_context(open_input(loaded.program, records, input_format, companions, ignore_unknown_fields))
        if write is None:
            tables = companions if columnar else None  # those of a text are read with it
            write_answers(
                judging,
                file or records,
                output,
                form,
                tally,
                tables,
                because=because,
                engine=table_engine,
                ignore_unknown_fields=ignore_unknown_fields,
            )
        else:
            items = (
                read_rows(loaded.program, records, companions, ignore_unknown_fields=ignore_unknown_fields)
                if file is None
                else read_all(loaded.program, file, ignore_unknown_fields=ignore_unknown_fields)
            )
            results = judging.judge_all(items)
            if form in TABLES:
                # Imported here, after the writer has asked for the extra.
                from optam_rules.tools.cli.parquet import holdable

                results = holdable(judging, results)
            write(judging, _told(shown(results, records, sys.stderr), tally))
        if file is not None:
            tell_register(file, tally)
    if (fallback := tally.fallback()) is not None:
        click.echo(fallback, err=True)
    click.echo(tally.sentence(), err=True)
    return 1 if tally.refused else 0


def _told(results: Iterable[Result], tally: Tally) -> Iterator[Result]:
    """Count results on their way, and tell the refused ones on standard error."""
    for result in results:
        if isinstance(result, Judged):
            tally.judged += 1
            if reasons := result.judgement.by_reference.values():
                tally.leave(1, reasons)
        else:
            tally.refused += 1
            who = f" ({result.identifiant})" if result.identifiant else ""
            lang = language()
            faults = "\n".join(f"  {line}" for fault in result.diagnostics for line in render_text(fault, lang).splitlines())
            where = Phrase(f"refusé : dossier {result.position}{who}", f"refused: record {result.position}{who}")
            click.echo(f"{where.told(lang)}\n{faults}", err=True)
        yield result
