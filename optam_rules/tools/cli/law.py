"""`optam law`: from a pack and the number of an article to its words, its dates and what the pack draws from it."""

from __future__ import annotations

import datetime as dt
import sys

import click

from optam_rules.api import Pack, catalogue, load
from optam_rules.base.suggestions import nearest
from optam_rules.core.program import ArticleText
from optam_rules.tools.cli.french import FrenchCommand
from optam_rules.tools.cli.options import IsoDate, option
from optam_rules.tools.cli.streams import terminal_width
from optam_rules.tools.report.law import article_page, contents
from optam_rules.tools.report.unsettled import coverage_page, to_do


@click.command(
    "law",
    cls=FrenchCommand,
    epilog="""
    Exemples :
      optam law cm-2016
      optam law cm-2016 41.1
      optam law cm-2016 annexe 21 --on 2017-06-08
      optam law cm-2016 --consolidated --on 2019-01-01
      optam law --unknown
      optam law cm-2016 --unknown

    Sans article : la liste des articles et des réponses du pack. `--unknown`, sans pack, vaut pour tous les packs livrés.
    Codes de sortie : 0 ; 2 le pack ou l'article n'existe pas.
    """,
)
@click.argument("name", required=False, metavar="[PACK]")
@click.argument("article", nargs=-1, metavar="[ARTICLE]")
@option("--on", type=IsoDate(), metavar="DATE", help="Seulement la version en vigueur à cette date.")
@option("--consolidated", is_flag=True, help="Le texte du pack à une date, avenants compris, d'un seul tenant ; demande --on.")
@option("--known-on", type=IsoDate(), metavar="DATE", help="Tel qu'il pouvait se lire à cette date ; sinon, avec tout ce qui est publié.")
@option("--unknown", is_flag=True, help="Ce qui est en suspens : inconnus, questions ouvertes, hypothèses, et les réponses touchées.")
@option("--coverage", is_flag=True, help="Une page Markdown : ce qui est encodé, article par article.")
def command(
    name: str | None,
    article: tuple[str, ...],
    on: dt.date | None,
    consolidated: bool,
    known_on: dt.date | None,
    unknown: bool,
    coverage: bool,
) -> None:
    """Montre un article tel que le pack le rend : dates, référence, résumé, règles et ce qui les fonde."""
    width = terminal_width(sys.stdout)
    if unknown or coverage:
        if article or on or known_on or consolidated or (unknown and coverage):
            raise click.UsageError("`--unknown` et `--coverage` vont seuls, avec au plus un pack", click.get_current_context())
        packs = [load(name)] if name else [load(entry.id) for entry in catalogue()]
        programs = [pack.program for pack in packs]
        click.echo(
            coverage_page(programs) if coverage else "\n\n".join(to_do(program, width=width) for program in programs), nl=not coverage
        )
        return
    if name is None:
        raise click.UsageError("pack attendu, ou `--unknown`", click.get_current_context())
    pack = load(name, known_on=known_on)
    if consolidated:
        if article or on is None:
            raise click.UsageError("`--consolidated` demande `--on DATE`, et pas d'article", click.get_current_context())
        click.echo(pack.consolidated(on=on), nl=False)
        return
    if not article:
        click.echo(contents(pack.program))
        return
    pages = [article_page(pack.program, unit, width=width) for unit in _versions(pack, " ".join(article), on)]
    click.echo("\n\n".join(pages))


def _versions(pack: Pack, number: str, on: dt.date | None) -> list[ArticleText]:
    versions = pack.articles(number) or pack.articles(f"annexe {number}")
    if not versions:
        near = nearest(number, {unit.number for unit in pack.articles()})
        raise click.UsageError(
            f"le pack `{pack.id}` n'a pas d'article `{number}`{f' ; vouliez-vous écrire `{near}` ?' if near else ''}",
            click.get_current_context(),
        )
    chosen = [unit for unit in versions if on is None or on in unit.interval]
    if not chosen:
        raise click.UsageError(f"`{number}` n'est pas en vigueur au {on}", click.get_current_context())
    return chosen
