"""`optam law`: from a pack and the number of an article to its words, its dates and what the pack draws from it."""

from __future__ import annotations

import datetime as dt
import sys

import click

from optam_rules.api import Pack, catalogue, load
from optam_rules.base.phrases import Phrase
from optam_rules.core.program import ArticleText
from optam_rules.tools.cli.calls import perhaps
from optam_rules.tools.cli.messages import language, wrong_call
from optam_rules.tools.cli.options import IsoDate, argument, option
from optam_rules.tools.cli.spoken import Spoken
from optam_rules.tools.cli.streams import terminal_width
from optam_rules.tools.report.law import article_page, contents
from optam_rules.tools.report.unsettled import coverage_page, to_do
from optam_rules.tools.report.wording import Language


@click.command(
    "law",
    cls=Spoken,
    help=Phrase(
        "Montre un article tel que le pack le rend : dates, référence, résumé, règles et ce qui les fonde.",
        "Shows an article as the pack renders it: dates, reference, summary, rules and what they rest on.",
    ),
    examples="""
      optam law cm-2016
      optam law cm-2016 41.1
      optam law cm-2016 annexe 21 --on 2017-06-08
      optam law cm-2016 --consolidated --on 2019-01-01
      optam law --unknown
      optam law cm-2016 --unknown
    """,
    notes=Phrase(
        "Sans article : la liste des articles et des réponses du pack. `--unknown`, sans pack, vaut pour tous les packs livrés.",
        "Without an article: the list of the pack's articles and answers. `--unknown`, without a pack, stands for all the shipped packs.",
    ),
    exits=Phrase("0 ; 2 le pack ou l'article n'existe pas.", "0; 2 the pack or the article does not exist."),
)
@argument("name", required=False, metavar="[PACK]")
@argument("article", nargs=-1, metavar="[ARTICLE]")
@option(
    "--on",
    type=IsoDate(),
    metavar="DATE",
    help=Phrase("Seulement la version en vigueur à cette date.", "Only the version in force on that date."),
)
@option(
    "--consolidated",
    is_flag=True,
    help=Phrase(
        "Le texte du pack à une date, avenants compris, d'un seul tenant ; demande --on.",
        "The text of the pack on a date, amendments included, in one piece; requires --on.",
    ),
)
@option(
    "--known-on",
    type=IsoDate(),
    metavar="DATE",
    help=Phrase(
        "Tel qu'il pouvait se lire à cette date ; sinon, avec tout ce qui est publié.",
        "As it could be read on that date; otherwise, with all that is published.",
    ),
)
@option(
    "--unknown",
    is_flag=True,
    help=Phrase(
        "Ce qui est en suspens : inconnus, questions ouvertes, hypothèses, et les réponses touchées.",
        "What is unsettled: unknowns, open questions, assumptions, and the answers concerned.",
    ),
)
@option(
    "--coverage",
    is_flag=True,
    help=Phrase(
        "Une page Markdown : ce qui est encodé, article par article.", "A Markdown page, in French: what is encoded, article by article."
    ),
)
def command(
    name: str | None,
    article: tuple[str, ...],
    on: dt.date | None,
    consolidated: bool,
    known_on: dt.date | None,
    unknown: bool,
    coverage: bool,
) -> None:
    """Show articles, their list, or what is unsettled."""
    width, lang = terminal_width(sys.stdout), language()
    if unknown or coverage:
        if article or on or known_on or consolidated or (unknown and coverage):
            raise wrong_call(
                "`--unknown` et `--coverage` vont seuls, avec au plus un pack",
                "`--unknown` and `--coverage` go alone, with one pack at most",
            )
        packs = [load(name)] if name else [load(entry.id) for entry in catalogue()]
        programs = [pack.program for pack in packs]
        click.echo(
            coverage_page(programs) if coverage else "\n\n".join(to_do(program, width=width, lang=lang) for program in programs),
            nl=not coverage,
        )
        return
    if name is None:
        raise wrong_call("pack attendu, ou `--unknown`", "a pack is expected, or `--unknown`")
    pack = load(name, known_on=known_on)
    if consolidated:
        if article or on is None:
            raise wrong_call(
                "`--consolidated` demande `--on DATE`, et pas d'article", "`--consolidated` requires `--on DATE`, and no article"
            )
        click.echo(pack.consolidated(on=on), nl=False)
        return
    if not article:
        click.echo(contents(pack.program, Language(lang)))
        return
    pages = [article_page(pack.program, unit, width=width, language=Language(lang)) for unit in _versions(pack, " ".join(article), on)]
    click.echo("\n\n".join(pages))


def _versions(pack: Pack, number: str, on: dt.date | None) -> list[ArticleText]:
    versions = pack.articles(number) or pack.articles(f"annexe {number}")
    if not versions:
        hint = perhaps(number, {unit.number for unit in pack.articles()})
        raise wrong_call(
            f"le pack `{pack.id}` n'a pas d'article `{number}`{hint.fr}", f"the pack `{pack.id}` has no article `{number}`{hint.en}"
        )
    chosen = [unit for unit in versions if on is None or on in unit.interval]
    if not chosen:
        raise wrong_call(f"`{number}` n'est pas en vigueur au {on}", f"`{number}` is not in force on {on}")
    return chosen
