"""`optam test`: from the tests and properties that a pack carries to what became of them, for people and for JUnit readers."""

from __future__ import annotations

import importlib.util
import json
from collections.abc import Iterator
from pathlib import Path

import click

from optam_rules.analysis.coverage.measure import PackCoverage, measure
from optam_rules.api import load
from optam_rules.base.phrases import Lang, Phrase, install
from optam_rules.core.program import Program
from optam_rules.tools.cli.messages import language
from optam_rules.tools.cli.messages import told as in_language
from optam_rules.tools.cli.options import FILE, PACK_OR_FOLDER, Count, PackName, argument, option
from optam_rules.tools.cli.packpaths import path_of
from optam_rules.tools.cli.pages import page_writer
from optam_rules.tools.cli.spoken import Spoken
from optam_rules.tools.cli.streams import write_text
from optam_rules.tools.cli.watch import run_again
from optam_rules.tools.report.coverage import coverage_json as as_json
from optam_rules.tools.report.coverage import coverage_text, lcov
from optam_rules.tools.report.results import Result, counts, from_property, from_test, junit, skipped, told

_NO_RECORD = Phrase("aucun dossier demandé", "no record asked for")


@click.command(
    "test",
    cls=Spoken,
    help=Phrase(
        "Exécute les tests d'un pack, puis cherche des contre-exemples à ses propriétés ; dit, si on le veut, ce que les tests couvrent.",
        "Runs the tests of a pack, then seeks counterexamples to its properties; tells, where asked, what the tests cover.",
    ),
    examples="""
      optam test cm-2016
      optam test ./mes-conventions/essai --watch
      optam test ./mes-conventions/essai --junit resultats.xml
      optam test cm-2016 --examples 1000
      optam test ./mes-conventions/essai --coverage --coverage-html couverture.html
      optam test ./mes-conventions/essai --coverage-lcov couverture.info --fail-under 100
    """,
    notes=Phrase(
        """
        Chercher un contre-exemple n'est pas prouver : une propriété qui tient a tenu sur les dossiers tirés.
        Les propriétés demandent l'extension testing : pip install "optam-rules[testing]". Sans elle, elles sont sautées, et c'est dit.
        La page HTML demande l'extension web : pip install "optam-rules[web]".
        """,
        """
        To seek a counterexample is not to prove: a property that holds has held on the records drawn.
        Properties require the extra testing: pip install "optam-rules[testing]". Without it, they are skipped, and that is said.
        The HTML page requires the extra web: pip install "optam-rules[web]".
        """,
    ),
    exits=Phrase(
        """
        0 tout est conforme ; 1 un test échoue, une propriété est réfutée ou trop peu d'articles sont couverts ;
        2 le pack est faux ou n'existe pas.
        """,
        """
        0 everything passes; 1 a test fails, a property is refuted or too few articles are covered;
        2 the pack is wrong or does not exist.
        """,
    ),
)
@argument("name", metavar=PACK_OR_FOLDER, type=PackName())
@option(
    "--junit",
    "junit_file",
    metavar=FILE,
    help=Phrase("Écrit aussi les résultats en XML, à la façon de JUnit.", "Writes the results as XML too, as JUnit does."),
)
@option(
    "--examples",
    type=Count(),
    default=200,
    metavar="N",
    help=Phrase(
        "Dossiers tirés par propriété ; 200 sinon, 0 pour aucun ; dix fois plus là où aucun ne décide.",
        "Records drawn for each property; otherwise 200, 0 for none; ten times as many where none decides.",
    ),
)
@option(
    "--coverage",
    is_flag=True,
    help=Phrase(
        "Dit ce que les tests couvrent : articles, règles, exceptions, tables, bornes, conditions.",
        "Tells what the tests cover: articles, rules, exceptions, tables, bounds, conditions.",
    ),
)
@option(
    "--coverage-json",
    metavar=FILE,
    help=Phrase(
        "Écrit la couverture en JSON, avec les tests qui atteignent chaque élément.",
        "Writes the coverage as JSON, with the tests that reach each element.",
    ),
)
@option(
    "--coverage-lcov",
    metavar=FILE,
    help=Phrase(
        "Écrit la couverture en LCOV, que lisent les éditeurs et les forges.", "Writes the coverage as LCOV, which editors and forges read."
    ),
)
@option(
    "--coverage-html",
    metavar=FILE,
    help=Phrase("Écrit une page où se lit le texte, chaque ligne marquée.", "Writes a page that shows the text, each line marked."),
)
@option(
    "--fail-under",
    type=Count(),
    metavar="N",
    help=Phrase("Échoue si moins de N % des articles sont couverts.", "Fails if fewer than N% of the articles are covered."),
)
@option(
    "--watch",
    "watching",
    is_flag=True,
    help=Phrase(
        "Recommence à chaque changement du dossier, jusqu'à Ctrl-C (extension watch).",
        "Starts again at each change of the folder, until Ctrl-C (extra watch).",
    ),
)
def command(
    name: str,
    junit_file: str | None,
    examples: int,
    coverage: bool,
    coverage_json: str | None,
    coverage_lcov: str | None,
    coverage_html: str | None,
    fail_under: int | None,
    watching: bool,
) -> int:
    """Run the tests and properties of a pack, once or at each change."""

    def run() -> int:
        return _run(name, junit_file, examples, coverage, coverage_json, coverage_lcov, coverage_html, fail_under)

    return run_again(run, Path(name)) if watching else run()


def _run(
    name: str,
    junit_file: str | None,
    examples: int,
    coverage: bool,
    coverage_json: str | None,
    coverage_lcov: str | None,
    coverage_html: str | None,
    fail_under: int | None,
) -> int:
    pack = load(name)
    page = page_writer() if coverage_html is not None else None  # first: what is missing is told before the work
    lang = language()
    results = [from_test(result, lang) for result in pack.test()]
    results += _properties(pack.program, examples, lang)
    failed = [result for result in results if result.failure is not None]
    for result in failed:
        click.echo(told(result, lang))
    if junit_file is not None:
        write_text(junit(pack.id, results), junit_file)
    click.echo(counts(pack.id, results, lang))
    enough = True
    if coverage or coverage_json or coverage_lcov or page or fail_under is not None:
        report = measure(pack.program)
        if coverage:
            click.echo("\n" + coverage_text(report, lang))
        if coverage_json is not None:
            write_text(json.dumps(as_json(report), ensure_ascii=False, indent=2) + "\n", coverage_json)
        if coverage_lcov is not None:
            write_text(lcov(report, path_of(name)), coverage_lcov)
        if page is not None:
            write_text(page(report, lang), coverage_html)
        enough = fail_under is None or _enough(report, fail_under)
    return 0 if enough and not failed else 1


def _enough(report: PackCoverage, percents: int) -> bool:
    covered, total = sum(article.covered for article in report.articles), len(report.articles)
    enough = 100 * covered >= percents * total
    if not enough:
        plural = "s" if covered > 1 else ""
        click.echo(
            in_language(
                Phrase(
                    f"{covered} article{plural} couvert{plural} sur {total} : moins de {percents} %",
                    f"{covered} of {total} articles covered: less than {percents}%",
                )
            )
        )
    return enough


def _properties(program: Program, examples: int, lang: Lang) -> Iterator[Result]:
    if examples == 0:
        yield from (skipped(invariant, _NO_RECORD.told(lang)) for invariant in program.properties)
        return
    if importlib.util.find_spec("hypothesis") is None:
        yield from (skipped(invariant, install("testing").told(lang)) for invariant in program.properties)
        return
    # Imported here: hypothesis is an extra, and a pack's tests must run without it.
    from optam_rules.analysis.search import search

    yield from (from_property(search(program, invariant, examples=examples), lang) for invariant in program.properties)
