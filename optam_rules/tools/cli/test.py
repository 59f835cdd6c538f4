"""`optam test`: from the tests and properties that a pack carries to what became of them, for people and for JUnit readers."""

from __future__ import annotations

import importlib.util
from collections.abc import Iterator

import click

from optam_rules.api import load
from optam_rules.core.program import Program
from optam_rules.tools.cli.french import FrenchCommand
from optam_rules.tools.cli.options import Count, option
from optam_rules.tools.cli.streams import write_text
from optam_rules.tools.report.results import Result, from_property, from_test, junit, skipped, told
from optam_rules.tools.report.words import counted


@click.command(
    "test",
    cls=FrenchCommand,
    epilog="""
    Exemples :
      optam test cm-2016
      optam test ./mes-conventions/essai --junit resultats.xml
      optam test cm-2016 --examples 1000

    Chercher un contre-exemple n'est pas prouver : une propriété qui tient a tenu sur les dossiers tirés.
    Les propriétés demandent l'extension testing : pip install "optam-rules[testing]". Sans elle, elles sont sautées, et c'est dit.
    Codes de sortie : 0 tout est conforme ; 1 un test échoue ou une propriété est réfutée ; 2 le pack est faux ou n'existe pas.
    """,
)
@click.argument("name", metavar="PACK|DOSSIER")
@option("--junit", "junit_file", metavar="FICHIER", help="Écrit aussi les résultats en XML, à la façon de JUnit.")
@option("--examples", type=Count(), default=200, metavar="N", help="Dossiers tirés par propriété ; 200 sinon, 0 pour aucun.")
def command(name: str, junit_file: str | None, examples: int) -> int:
    """Exécute les tests d'un pack, puis cherche des contre-exemples à ses propriétés."""
    pack = load(name)
    results = [from_test(result) for result in pack.test()]
    results += _properties(pack.program, examples)
    for result in results:
        if result.failure is not None:
            click.echo(told(result))
    if junit_file is not None:
        write_text(junit(pack.id, results), junit_file)
    failed = sum(result.failure is not None for result in results)
    passed = sum(result.failure is None and result.skipped is None for result in results)
    left = len(results) - failed - passed
    notes = f", {counted(left, 'propriété')} sautée{'s' if left > 1 else ''} ({results[-1].skipped})" if left else ""
    click.echo(f"{pack.id} : {passed} conforme{'s' if passed > 1 else ''}, {counted(failed, 'échec')}{notes}")
    return 1 if failed else 0


def _properties(program: Program, examples: int) -> Iterator[Result]:
    if examples == 0:
        yield from (skipped(invariant, "aucun dossier demandé") for invariant in program.properties)
        return
    if importlib.util.find_spec("hypothesis") is None:
        yield from (skipped(invariant, 'pip install "optam-rules[testing]"') for invariant in program.properties)
        return
    # Imported here: hypothesis is an extra, and a pack's tests must run without it.
    from optam_rules.analysis.search import search

    yield from (from_property(search(program, invariant, examples=examples)) for invariant in program.properties)
