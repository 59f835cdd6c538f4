"""`optam init`: from a name to a new pack that passes check and test, to be written over article by article."""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path

import click

from optam_rules.tools.cli.french import FrenchCommand
from optam_rules.tools.cli.options import IsoDate, option

_NAME = re.compile(r"[a-z][a-z0-9-]{0,60}")

_PARENT = "commun"
_MANIFEST = """\
id = "{name}"
title = "{title}"
version = "{day}"
parent = "{parent}"
in_force = {{ from = {day} }}
sources = ["à compléter : d'où vient le texte"]
"""
_ARTICLES = """\
convention "{title}" version "{day}"

article 1 "Qui peut adhérer" en vigueur du {day}

  texte «
    À récrire : ce que dit l'article, avec nos mots.
  »

  # Une règle répond à une question ; `optam schema records --pack ./{name}` montre les données qu'elle peut lire.
  règle peut_adherer : booléen "Peut adhérer"
    hypothèse "exemple à remplacer : l'article n'a pas encore été lu"
    vaut secteur = secteur_2
"""
_TESTS = """\
convention "{title}" version "{day}"

test "article 1 : secteur 2, oui" au {day}
  sachant secteur = secteur_2
  attendu peut_adherer = vrai

test "article 1 : secteur 1, non" au {day}
  sachant secteur = secteur_1
  attendu peut_adherer = faux

test "article 1 : rien de connu, la réponse attend" au {day}
  attendu peut_adherer = inconnu
"""


@click.command(
    "init",
    cls=FrenchCommand,
    epilog="""
    Exemples :
      optam init ma-convention
      optam init ma-convention --title "Convention régionale" --from 2027-01-01

    Le pack créé passe `optam check ./ma-convention` et `optam test ./ma-convention`.
    Codes de sortie : 0 le pack est créé ; 2 le nom ne convient pas, ou le dossier existe.
    """,
)
@click.argument("name", metavar="NOM")
@option("--title", metavar="TITRE", help="Titre de la convention ; le nom sinon.")
@option("--from", "start", type=IsoDate(), metavar="DATE", help="Premier jour de vigueur ; le 1er janvier de cette année sinon.")
def command(name: str, title: str | None, start: dt.date | None) -> None:
    """Crée un pack : un manifeste, un article, ses tests."""
    context = click.get_current_context()
    if not _NAME.fullmatch(name):
        raise click.UsageError(f"`{name}` ne convient pas : minuscules, chiffres et tirets, en commençant par une lettre", context)
    if name == _PARENT:
        raise click.UsageError(f"`{name}` est le vocabulaire dont part tout nouveau pack : choisissez un autre nom", context)
    folder = Path(name)
    if folder.exists():
        raise click.UsageError(f"`{name}` existe déjà", context)
    heading = " ".join((title or name).split())
    if not heading or '"' in heading or "\\" in heading:
        raise click.UsageError(f"le titre `{heading}` est vide, ou porte un guillemet ou une barre oblique inverse", context)
    day = start or dt.date.today().replace(month=1, day=1)
    files = {"manifest.toml": _MANIFEST, "articles.conv": _ARTICLES, "tests/articles.conv": _TESTS}
    for place, text in files.items():
        file = folder / place
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text.format(parent=_PARENT, name=name, title=heading, day=day), encoding="utf-8", newline="\n")
        click.echo(file.as_posix())
    click.echo(f"ensuite : optam check ./{name}, optam test ./{name}", err=True)
