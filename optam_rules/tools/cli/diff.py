"""`optam diff`: from two sides, and perhaps a file of practitioners, to what differs, for people, merge requests and CI."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from pathlib import Path

import attrs
import click

from optam_rules.analysis.compare.diff import Comparison
from optam_rules.analysis.compare.expected import Unexpected, read_expected, unexpected
from optam_rules.analysis.compare.impact import Impact, ReadTwice, impact
from optam_rules.analysis.compare.result import Diff
from optam_rules.analysis.verdict import Budget
from optam_rules.api import AfterVerified
from optam_rules.base.errors import CallError
from optam_rules.base.extras import require
from optam_rules.base.phrases import Phrase
from optam_rules.comparing import diff
from optam_rules.core.asking import References
from optam_rules.core.program import Program
from optam_rules.core.references import read_references
from optam_rules.interop.raw import RecordFile, read_all
from optam_rules.tools.cli.inputs import FORMATS as INPUT_FORMATS
from optam_rules.tools.cli.inputs import open_input, read_reference_files
from optam_rules.tools.cli.messages import language
from optam_rules.tools.cli.options import (
    FILE,
    READING,
    RECORDS,
    Count,
    ExistingFile,
    IsoDate,
    Names,
    OneOf,
    Pair,
    after_verified_option,
    argument,
    exercices_option,
    groupes_option,
    input_format_option,
    option,
    output_option,
    reference_option,
)
from optam_rules.tools.cli.spoken import Spoken
from optam_rules.tools.cli.streams import write_text
from optam_rules.tools.report.diff.as_json import diff_json
from optam_rules.tools.report.diff.markdown import as_markdown
from optam_rules.tools.report.diff.text import as_text
from optam_rules.tools.report.diff.view import View, view
from optam_rules.tools.report.wording import Language

FORMATS = ("text", "markdown", "json", "html")


@click.command(
    "diff",
    cls=Spoken,
    help=Phrase(
        "Compare deux textes : ce qui change, ce que cela change aux réponses, et pour qui.",
        "Compares two texts: what changes, what that changes to the answers, and for whom.",
    ),
    examples="""
      optam diff ./convention-avant ./convention-apres
      optam diff cm-2016@2017-01-01 cm-2016@2017-08-01
      optam diff conventions/cm-2016@git:HEAD~3 conventions/cm-2016 --format markdown --output revue.md
      optam diff cm-2016 cm-2016 --old-assume bornes_des_paliers=hautes_incluses --new-assume bornes_des_paliers=basses_incluses
      optam diff cm-2016 cm-2024 --on 2025-07-01 --impact cabinet.csv --exercices exercices.csv --format html --output effet.html
      optam diff ./avant ./apres --expect changes.toml
    """,
    notes=Phrase(
        "Un côté est PACK, PACK@DATE, PACK@git:RÉVISION ou PACK@git:RÉVISION@DATE ; PACK est un nom (cm-2016) ou un dossier.",
        "A side is PACK, PACK@DATE, PACK@git:REVISION or PACK@git:REVISION@DATE; PACK is a name (cm-2016) or a folder.",
    ),
    exits=Phrase(
        """
        0 même sens, ou rien d'autre que ce qui est déclaré ; 1 le sens change, ou autrement que déclaré ;
        2 l'appel ou un pack est faux. Une réponse indécise ne compte comme une différence qu'avec --strict.
        """,
        """
        0 same meaning, or nothing but what is declared; 1 the meaning changes, or otherwise than declared;
        2 the call or a pack is wrong. An undecided answer counts as a difference only with --strict.
        """,
    ),
)
@argument("old", metavar=Phrase("ANCIEN", "OLD"))
@argument("new", metavar=Phrase("NOUVEAU", "NEW"))
@option("--on", type=IsoDate(), metavar="DATE", help=Phrase("Compare les deux côtés à cette date.", "Compares both sides on that date."))
@option(
    "--old-on",
    type=IsoDate(),
    metavar="DATE",
    help=Phrase("Date du côté ancien ; comme ANCIEN@DATE.", "Date of the old side; as OLD@DATE."),
)
@option(
    "--new-on",
    type=IsoDate(),
    metavar="DATE",
    help=Phrase("Date du côté nouveau ; comme NOUVEAU@DATE.", "Date of the new side; as NEW@DATE."),
)
@option(
    "--assume",
    type=Pair(),
    multiple=True,
    metavar=READING,
    help=Phrase("Choisit une lecture, des deux côtés. Répétable.", "Chooses a reading, on both sides. May be repeated."),
)
@option(
    "--old-assume",
    type=Pair(),
    multiple=True,
    metavar=READING,
    help=Phrase("Choisit une lecture du côté ancien. Répétable.", "Chooses a reading on the old side. May be repeated."),
)
@option(
    "--new-assume",
    type=Pair(),
    multiple=True,
    metavar=READING,
    help=Phrase("Choisit une lecture du côté nouveau. Répétable.", "Chooses a reading on the new side. May be repeated."),
)
@option(
    "--answers",
    type=Names(),
    metavar="A,B",
    help=Phrase("Réponses comparées ; par défaut, toutes.", "Answers compared; by default, all."),
)
@option(
    "--impact",
    "records",
    type=ExistingFile(),
    metavar=RECORDS,
    help=Phrase("Mesure l'effet sur un fichier de praticiens.", "Measures the effect on a file of practitioners."),
)
@input_format_option(INPUT_FORMATS)
@exercices_option
@groupes_option
@reference_option
@option(
    "--ignore-unknown-fields",
    is_flag=True,
    help=Phrase("Ignore les champs qu'un côté ne déclare pas.", "Ignores the fields that a side does not declare."),
)
@option(
    "--expect",
    "expected",
    type=ExistingFile(),
    metavar=FILE,
    help=Phrase("Changements attendus (TOML) : échoue sur tout autre.", "Expected changes (TOML): fails on any other."),
)
@option(
    "--budget",
    type=Count(),
    default=10,
    metavar="S",
    help=Phrase("Secondes de preuve par réponse ; 10 sinon.", "Seconds of proof for each answer; otherwise 10."),
)
@option(
    "--examples",
    type=Count(),
    default=200,
    metavar="N",
    help=Phrase("Dossiers essayés par réponse ; 200 sinon.", "Records tried for each answer; otherwise 200."),
)
@option(
    "--strict",
    is_flag=True,
    help=Phrase("Compte une réponse indécise comme une différence.", "Counts an undecided answer as a difference."),
)
@option(
    "--explain",
    "explained",
    is_flag=True,
    help=Phrase("Forme text : donne les deux explications de chaque exemple.", "Form text: gives both explanations of each example."),
)
@option(
    "--tests",
    is_flag=True,
    help=Phrase(
        "Forme text : montre aussi les changements des tests, un par un.", "Form text: shows the changes of the tests too, one by one."
    ),
)
@option(
    "--format",
    "form",
    type=OneOf(FORMATS),
    default="text",
    metavar="|".join(FORMATS),
    help=Phrase("Forme du rapport ; text par défaut.", "Form of the report; text by default."),
)
@after_verified_option([*AfterVerified], "comparer", "compare")
@output_option
def command(
    old: str,
    new: str,
    on: dt.date | None,
    old_on: dt.date | None,
    new_on: dt.date | None,
    assume: tuple[tuple[str, str], ...],
    old_assume: tuple[tuple[str, str], ...],
    new_assume: tuple[tuple[str, str], ...],
    answers: tuple[str, ...] | None,
    records: Path | None,
    input_format: str | None,
    exercices: Path | None,
    groupes: Path | None,
    reference: tuple[tuple[str, str], ...],
    ignore_unknown_fields: bool,
    expected: Path | None,
    budget: int,
    examples: int,
    strict: bool,
    explained: bool,
    tests: bool,
    form: str,
    after_verified: str,
    output: str | None,
) -> int:
    """Compare two sides, and fail where they differ."""
    declared = read_expected(str(expected), expected.read_bytes()) if expected is not None else None
    writer = _page_writer() if form == "html" else None
    found = diff(
        old,
        new,
        on=on,
        old_on=old_on,
        new_on=new_on,
        assume=dict(assume),
        old_assume=dict(old_assume),
        new_assume=dict(new_assume),
        answers=answers,
        records=None if records is None else (),  # checks that records can be judged; the file is read below
        budget=Budget(seconds=float(budget), examples=examples, shrinks=False),
        after_verified=after_verified,
    )
    if records is not None:
        companions = {name: path for name, path in (("exercices", exercices), ("groupes", groupes)) if path is not None}
        effect = _impact(found.comparison, records, input_format, companions, reference, ignore_unknown_fields=ignore_unknown_fields)
        found = attrs.evolve(found, impact=effect)
    left = None if declared is None else unexpected(found.comparison, declared)
    lang = language()
    told = view(found, left, Language(lang))
    if form == "json":
        text = json.dumps(diff_json(found, left, lang), ensure_ascii=False, indent=2, default=str) + "\n"
    elif form == "markdown":
        text = as_markdown(told)
    elif writer is not None:
        text = writer(told)
    else:
        text = as_text(told, explained=explained, tests=tests) + "\n"
    write_text(text, output)
    return _exit_code(found, left, strict=strict)


def _exit_code(found: Diff, left: tuple[Unexpected, ...] | None, *, strict: bool) -> int:
    differs = found.differs if left is None else bool(left)
    return 1 if differs or (strict and found.undecided) else 0


def _page_writer() -> Callable[[View], str]:
    """Return what writes a page. Raises MissingExtraError (E701) where its libraries are not installed."""
    require("--format html", "web", "jinja2", "matplotlib")
    # Imported here: both are extras, and the other formats must do without them.
    from optam_rules.tools.report.diff.page import as_page

    return as_page


def _impact(
    comparison: Comparison,
    records: Path,
    form: str | None,
    companions: Mapping[str, Path],
    reference: tuple[tuple[str, str], ...],
    *,
    ignore_unknown_fields: bool,
) -> Impact:
    """Read a file of records on both sides, judge it, and measure what changes."""
    programs = comparison.old.program, comparison.new.program
    tables = _tables(programs[0], programs[1], reference), _tables(programs[1], programs[0], reference)
    with ExitStack() as stack:
        files = [stack.enter_context(open_input(program, records, form, companions, ignore_unknown_fields)) for program in programs]
        read = _read(programs, files, ignore_unknown_fields=ignore_unknown_fields)
        return impact(comparison, read, tables)


def _tables(program: Program, other: Program, reference: tuple[tuple[str, str], ...]) -> References:
    """Read the reference tables of one side; those that only the other declares are left to it."""
    named = [(name, file) for name, file in reference if name in program.references or name not in other.references]
    tables, faults = read_references(program, read_reference_files(program, named))
    if faults:
        raise CallError(faults)
    return tables


def _read(programs: tuple[Program, Program], files: list[RecordFile], *, ignore_unknown_fields: bool) -> Iterator[ReadTwice]:
    sides = [read_all(program, file, ignore_unknown_fields=ignore_unknown_fields) for program, file in zip(programs, files, strict=True)]
    for old, new in zip(*sides, strict=True):
        yield ReadTwice(new.position, new.identifiant, old.record, new.record, old.diagnostics, new.diagnostics)
