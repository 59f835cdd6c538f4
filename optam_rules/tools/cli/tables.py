"""`optam evaluate` and columns: records of any format to a Parquet or Arrow file, refused rows kept; rows of such a file to records."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, cast

import attrs
import click

from optam_rules.base.extras import require
from optam_rules.base.phrases import Phrase
from optam_rules.core.program import Program
from optam_rules.interop.raw import ReadRecord, RecordFile
from optam_rules.tools.cli.inputs import Tally
from optam_rules.tools.cli.messages import told, wrong_call

if TYPE_CHECKING:
    import datetime as dt

    from optam_rules.tools.cli.judging import Judging

FORMS = ("parquet", "arrow")
CODES = ("clause", "branch")
ENGINES = ("auto", "numpy", "kernel")
_ROWS = 16_384  # read at once, as records one by one
_REFUSED = Phrase(
    "les dossiers refusés gardent leur ligne : leurs fautes sont dans la colonne `refused`",
    "refused records keep their row: their faults are in the column `refused`",
)


def check_output(form: str, output: str | None) -> None:
    """Check what a table is written with and to. Raises MissingExtraError (E701) without the libraries, and for a terminal UsageError."""
    require(f"--format {form}", "columns", "numpy", "pyarrow")
    if output is None and sys.stdout.isatty():
        raise wrong_call(
            f"{form} n'est pas fait pour un écran : donner --output FICHIER", f"{form} is not made for a screen: give --output FILE"
        )


def read_rows(program: Program, path: Path, tables: Mapping[str, Path], *, ignore_unknown_fields: bool) -> Iterator[ReadRecord]:
    """Yield the rows of a Parquet or Arrow file as records, a batch at a time. Raises MissingExtraError (E701) without the libraries."""
    require(path.name, "columns", "numpy", "pyarrow")
    # Imported here: the libraries of columns are an extra, and the other formats must do without them.
    from optam_rules.interop.table_input import TableInput

    rows = TableInput(program, path, _ROWS, ignore_unknown_fields, tables).records()
    return (attrs.evolve(item, position=item.position + 1) for item in rows)


def write_answers(
    judging: Judging,
    records: Path | RecordFile,
    output: str | None,
    form: str,
    tally: Tally,
    tables: Mapping[str, Path] | None,
    *,
    because: str,
    engine: str,
    ignore_unknown_fields: bool,
) -> None:
    """Judge every record on the date of the call, and tell what became of them."""
    counts = judging.pack.write_table(
        records,
        output if output is not None else sys.stdout.buffer,
        format=form,
        tables=tables,
        because=because,
        engine=engine,
        on=cast("dt.date", judging.on),
        assume=judging.assume,
        references=judging.references,
        answers=judging.answers,
        after_verified=judging.after_verified,
        ignore_unknown_fields=ignore_unknown_fields,
    )
    tally.judged += counts.judged
    tally.refused += counts.refused
    if counts.refused:
        click.echo(told(_REFUSED), err=True)
    if counts.orphans:
        words = Phrase(f"lignes jointes sans dossier : {counts.orphans}", f"joined rows of no record: {counts.orphans}")
        click.echo(told(words), err=True)
    tally.leave(counts.recomputed, counts.reasons)
    if counts.compiled:
        click.echo(
            told(Phrase(f"jugés par le noyau compilé : {counts.compiled}", f"judged by the compiled kernel: {counts.compiled}")), err=True
        )
