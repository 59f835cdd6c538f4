"""`optam mutate`: from a pack to the small faults that its own tests and properties would not see."""

from __future__ import annotations

import datetime as dt
import json
import sys
from collections.abc import Callable

import click

from optam_rules.analysis.mutation.run import MutationReport, Settings, mutate
from optam_rules.api import load
from optam_rules.base.diagnostics import diagnose
from optam_rules.base.errors import CallError
from optam_rules.base.phrases import COLON, Phrase, did_you_mean
from optam_rules.base.suggestions import nearest
from optam_rules.core.program import Program
from optam_rules.tools.cli.messages import language, told
from optam_rules.tools.cli.options import NAME, Count, argument, format_option, option, output_option
from optam_rules.tools.cli.spoken import Spoken
from optam_rules.tools.cli.streams import write_text
from optam_rules.tools.report.mutation import mutation_json, mutation_page, mutation_text

FORMATS = ("text", "json", "markdown")


@click.command(
    "mutate",
    cls=Spoken,
    help=Phrase(
        "Plante des fautes dans un pack et dit lesquelles ses tests ne voient pas.",
        "Plants faults in a pack and tells which of them its tests do not see.",
    ),
    examples="""
      optam mutate ./mes-conventions/essai
      optam mutate cm-2016 --definition taux_engagement
      optam mutate cm-2016 --sample 50 --fail-under 95
      optam mutate cas-2011 cm-2016 --format markdown --output mutation.md
    """,
    notes=Phrase(
        """
        Un mutant est le pack avec une seule faute. Il est tué dès qu'un test échoue ou qu'une propriété casse ; ce qui reste est prouvé
        équivalent, ou distingué par un dossier écrit comme un test, que l'on colle après avoir relu la loi ; sinon il reste ouvert.
        Les preuves demandent les extensions testing et prove.
        """,
        """
        A mutant is the pack with a single fault. It is killed as soon as a test fails or a property breaks; what is left is proved
        equivalent, or told apart by a record written as a test, to be pasted once the law has been read again; otherwise it stays open.
        Proofs require the extras testing and prove.
        """,
    ),
    exits=Phrase(
        "0 assez de mutants sont tués ; 1 trop survivent ; 2 l'appel ou le pack est faux.",
        "0 enough mutants are killed; 1 too many survive; 2 the call or the pack is wrong.",
    ),
)
@argument("names", metavar=Phrase("PACK|DOSSIER…", "PACK|FOLDER…"), nargs=-1, required=True)
@option(
    "--definition",
    "definitions",
    multiple=True,
    metavar=NAME,
    help=Phrase("Règle, table, paramètre ou article à muter ; tous sinon.", "Rule, table, parameter or article to mutate; otherwise all."),
)
@option(
    "--sample", type=Count(), metavar="N", help=Phrase("Ne plante que N mutants, tirés au sort.", "Plants only N mutants, drawn at random.")
)
@option(
    "--seed",
    type=Count(),
    default=0,
    metavar="N",
    help=Phrase("Graine du tirage ; 0 sinon, et toujours le même tirage.", "Seed of the draw; otherwise 0, and always the same draw."),
)
@option(
    "--budget",
    type=Count(),
    default=60,
    metavar="S",
    help=Phrase(
        "Secondes de preuve en tout, par pack ; 60 sinon, 0 pour aucune.",
        "Seconds of proof in all, for each pack; otherwise 60, 0 for none.",
    ),
)
@option(
    "--examples",
    type=Count(),
    default=100,
    metavar="N",
    help=Phrase(
        "Dossiers tirés par propriété et par preuve ; 100 sinon.", "Records drawn for each property and each proof; otherwise 100."
    ),
)
@option(
    "--fail-under",
    type=Count(),
    default=100,
    metavar="N",
    help=Phrase(
        "Échoue si moins de N % sont tués, équivalents à part ; 100 sinon.",
        "Fails if fewer than N% are killed, equivalents aside; otherwise 100.",
    ),
)
@format_option(FORMATS)
@output_option
def command(
    names: tuple[str, ...],
    definitions: tuple[str, ...],
    sample: int | None,
    seed: int,
    budget: int,
    examples: int,
    fail_under: int,
    form: str,
    output: str | None,
) -> int:
    """Mutate packs, and fail where too many mutants survive."""
    settings = Settings(frozenset(definitions), sample, seed, float(budget), examples)
    programs = [load(name).program for name in names]
    for program in programs:
        _check_names(program, definitions)
    reports = [mutate(program, settings, _teller(program.id)) for program in programs]
    write_text(_written(reports, form) + "\n", output)
    return 0 if all(100 * report.score[0] >= fail_under * report.score[1] for report in reports) else 1


def _written(reports: list[MutationReport], form: str) -> str:
    match form:
        case "json":
            held = [mutation_json(report, language()) for report in reports]
            return json.dumps(held[0] if len(held) == 1 else held, ensure_ascii=False, indent=2)
        case "markdown":
            return mutation_page(reports, dt.date.today().isoformat()).rstrip("\n")
        case _:
            return "\n\n".join(mutation_text(report, language()) for report in reports)


def _check_names(program: Program, names: tuple[str, ...]) -> None:
    known = {definition.name for definition in program.definitions.values()} | set(program.parameters)
    known |= {article.number for article in program.articles}
    faults = []
    for name in names:
        if name not in known:
            near = nearest(name, known)
            hint = did_you_mean(near, "dire")
            faults.append(diagnose("E841", pack=program.id, name=name, hint=hint))
    if faults:
        raise CallError(faults)


def _teller(name: str) -> Callable[[int, int], None]:
    """Return what tells a person at a terminal how many mutants are done, and nobody else."""
    stream = sys.stderr
    if not stream.isatty():
        return lambda done, total: None

    colon = told(COLON)

    def tell(done: int, total: int) -> None:
        stream.write(f"\r{name}{colon}{done} / {total} mutants\x1b[K" if done < total else "\r\x1b[K")
        stream.flush()

    return tell
