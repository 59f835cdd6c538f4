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
from optam_rules.base.phrases import did_you_mean
from optam_rules.base.suggestions import nearest
from optam_rules.core.program import Program
from optam_rules.tools.cli.french import FrenchCommand
from optam_rules.tools.cli.options import Count, OneOf, option, output_option
from optam_rules.tools.cli.streams import write_text
from optam_rules.tools.report.mutation import mutation_json, mutation_page, mutation_text

FORMATS = ("text", "json", "markdown")


@click.command(
    "mutate",
    cls=FrenchCommand,
    epilog="""
    Exemples :
      optam mutate ./mes-conventions/essai
      optam mutate cm-2016 --definition taux_engagement
      optam mutate cm-2016 --sample 50 --fail-under 95
      optam mutate cas-2011 cm-2016 --format markdown --output mutation.md

    Un mutant est le pack avec une seule faute. Il est tué dès qu'un test échoue ou qu'une propriété casse ; ce qui reste est prouvé
    équivalent, ou distingué par un dossier écrit comme un test, que l'on colle après avoir relu la loi ; sinon il reste ouvert.
    Les preuves demandent les extensions testing et prove.
    Codes de sortie : 0 assez de mutants sont tués ; 1 trop survivent ; 2 l'appel ou le pack est faux.
    """,
)
@click.argument("names", metavar="PACK|DOSSIER…", nargs=-1, required=True)
@option("--definition", "definitions", multiple=True, metavar="NOM", help="Règle, table, paramètre ou article à muter ; tous sinon.")
@option("--sample", type=Count(), metavar="N", help="Ne plante que N mutants, tirés au sort.")
@option("--seed", type=Count(), default=0, metavar="N", help="Graine du tirage ; 0 sinon, et toujours le même tirage.")
@option("--budget", type=Count(), default=60, metavar="S", help="Secondes de preuve en tout, par pack ; 60 sinon, 0 pour aucune.")
@option("--examples", type=Count(), default=100, metavar="N", help="Dossiers tirés par propriété et par preuve ; 100 sinon.")
@option("--fail-under", type=Count(), default=100, metavar="N", help="Échoue si moins de N % sont tués, équivalents à part ; 100 sinon.")
@option("--format", "form", type=OneOf(FORMATS), default="text", metavar="|".join(FORMATS), help="Forme ; text par défaut.")
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
    """Plante des fautes dans un pack et dit lesquelles ses tests ne voient pas."""
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
            held = [mutation_json(report) for report in reports]
            return json.dumps(held[0] if len(held) == 1 else held, ensure_ascii=False, indent=2)
        case "markdown":
            return mutation_page(reports, dt.date.today().isoformat()).rstrip("\n")
        case _:
            return "\n\n".join(mutation_text(report) for report in reports)


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

    def tell(done: int, total: int) -> None:
        stream.write(f"\r{name} : {done} / {total} mutants\x1b[K" if done < total else "\r\x1b[K")
        stream.flush()

    return tell
