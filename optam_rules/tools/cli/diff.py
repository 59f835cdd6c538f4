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
from optam_rules.comparing import diff
from optam_rules.core.asking import References
from optam_rules.core.program import Program
from optam_rules.core.references import read_references
from optam_rules.interop.raw import RecordFile, read_all
from optam_rules.tools.cli.french import FrenchCommand
from optam_rules.tools.cli.inputs import FORMATS as INPUT_FORMATS
from optam_rules.tools.cli.inputs import open_input, read_reference_files
from optam_rules.tools.cli.options import Count, ExistingFile, IsoDate, Names, OneOf, Pair, option, output_option
from optam_rules.tools.cli.streams import write_text
from optam_rules.tools.report.diff.as_json import diff_json
from optam_rules.tools.report.diff.markdown import as_markdown
from optam_rules.tools.report.diff.text import as_text
from optam_rules.tools.report.diff.view import View, view

FORMATS = ("text", "markdown", "json", "html")


@click.command(
    "diff",
    cls=FrenchCommand,
    epilog="""
    Un côté est PACK, PACK@DATE, PACK@git:RÉVISION ou PACK@git:RÉVISION@DATE ; PACK est un nom (cm-2016) ou un dossier.

    Exemples :
      optam diff ./convention-avant ./convention-apres
      optam diff cm-2016@2017-01-01 cm-2016@2017-08-01
      optam diff conventions/cm-2016@git:HEAD~3 conventions/cm-2016 --format markdown --output revue.md
      optam diff cm-2016 cm-2016 --old-assume bornes_des_paliers=hautes_incluses --new-assume bornes_des_paliers=basses_incluses
      optam diff cm-2016 cm-2024 --on 2025-07-01 --impact cabinet.csv --exercices exercices.csv --format html --output effet.html
      optam diff ./avant ./apres --expect changes.toml

    Codes de sortie : 0 même sens, ou rien d'autre que ce qui est déclaré ; 1 le sens change, ou autrement que déclaré ;
    2 l'appel ou un pack est faux. Une réponse indécise ne compte comme une différence qu'avec --strict.
    """,
)
@click.argument("old", metavar="ANCIEN")
@click.argument("new", metavar="NOUVEAU")
@option("--on", type=IsoDate(), metavar="DATE", help="Compare les deux côtés à cette date.")
@option("--old-on", type=IsoDate(), metavar="DATE", help="Date du côté ancien ; comme ANCIEN@DATE.")
@option("--new-on", type=IsoDate(), metavar="DATE", help="Date du côté nouveau ; comme NOUVEAU@DATE.")
@option("--assume", type=Pair(), multiple=True, metavar="NOM=LECTURE", help="Choisit une lecture, des deux côtés. Répétable.")
@option("--old-assume", type=Pair(), multiple=True, metavar="NOM=LECTURE", help="Choisit une lecture du côté ancien. Répétable.")
@option("--new-assume", type=Pair(), multiple=True, metavar="NOM=LECTURE", help="Choisit une lecture du côté nouveau. Répétable.")
@option("--answers", type=Names(), metavar="A,B", help="Réponses comparées ; par défaut, toutes.")
@option("--impact", "records", type=ExistingFile(), metavar="DOSSIERS", help="Mesure l'effet sur un fichier de praticiens.")
@option("--input-format", type=OneOf(INPUT_FORMATS), metavar="|".join(INPUT_FORMATS), help="Forme des dossiers ; sinon, selon le nom.")
@option("--exercices", type=ExistingFile(), metavar="FICHIER", help="CSV : les années d'activité, une ligne par médecin et par année.")
@option("--groupes", type=ExistingFile(), metavar="FICHIER", help="CSV : les groupes, une ligne par groupe.")
@option("--reference", type=Pair(), multiple=True, metavar="NOM=FICHIER", help="Fournit un référentiel, en CSV. Répétable.")
@option("--ignore-unknown-fields", is_flag=True, help="Ignore les champs qu'un côté ne déclare pas.")
@option("--expect", "expected", type=ExistingFile(), metavar="FICHIER", help="Changements attendus (TOML) : échoue sur tout autre.")
@option("--budget", type=Count(), default=10, metavar="S", help="Secondes de preuve par réponse ; 10 sinon.")
@option("--examples", type=Count(), default=200, metavar="N", help="Dossiers essayés par réponse ; 200 sinon.")
@option("--strict", is_flag=True, help="Compte une réponse indécise comme une différence.")
@option("--explain", "explained", is_flag=True, help="Forme text : donne les deux explications de chaque exemple.")
@option("--tests", is_flag=True, help="Forme text : montre aussi les changements des tests, un par un.")
@option("--format", "form", type=OneOf(FORMATS), default="text", metavar="|".join(FORMATS), help="Forme du rapport ; text par défaut.")
@option(
    "--after-verified",
    type=OneOf([mode.value for mode in AfterVerified]),
    default="refuse",
    metavar="refuse|extend",
    help="Au-delà du jour où un pack a été vérifié : refuser (par défaut), ou comparer quand même.",
)
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
    """Compare deux textes : ce qui change, ce que cela change aux réponses, et pour qui."""
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
    told = view(found, left)
    if form == "json":
        text = json.dumps(diff_json(found, left), ensure_ascii=False, indent=2, default=str) + "\n"
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
