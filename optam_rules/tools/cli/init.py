"""`optam init`: from a name to a new pack that passes check and test, to be written over article by article."""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path

import click

from optam_rules.base.phrases import Phrase
from optam_rules.tools.cli.messages import told, wrong_call
from optam_rules.tools.cli.options import NAME, IsoDate, argument, option
from optam_rules.tools.cli.spoken import Spoken

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
    cls=Spoken,
    help=Phrase("Crée un pack : un manifeste, un article, ses tests.", "Creates a pack: a manifest, an article, its tests."),
    examples="""
      optam init ma-convention
      optam init ma-convention --title "Convention régionale" --from 2027-01-01
    """,
    notes=Phrase(
        "Le pack créé passe `optam check ./ma-convention` et `optam test ./ma-convention`.",
        "The new pack passes `optam check ./ma-convention` and `optam test ./ma-convention`.",
    ),
    exits=Phrase(
        "0 le pack est créé ; 2 le nom ne convient pas, ou le dossier existe.",
        "0 the pack is created; 2 the name does not suit, or the folder exists.",
    ),
)
@argument("name", metavar=NAME)
@option(
    "--title",
    metavar=Phrase("TITRE", "TITLE"),
    help=Phrase("Titre de la convention ; le nom sinon.", "Title of the convention; otherwise the name."),
)
@option(
    "--from",
    "start",
    type=IsoDate(),
    metavar="DATE",
    help=Phrase(
        "Premier jour de vigueur ; le 1er janvier de cette année sinon.", "First day in force; otherwise the 1st of January of this year."
    ),
)
def command(name: str, title: str | None, start: dt.date | None) -> None:
    """Write the files of a new pack."""
    if not _NAME.fullmatch(name):
        raise wrong_call(
            f"`{name}` ne convient pas : minuscules, chiffres et tirets, en commençant par une lettre",
            f"`{name}` does not suit: lower case, digits and hyphens, a letter first",
        )
    if name == _PARENT:
        raise wrong_call(
            f"`{name}` est le vocabulaire dont part tout nouveau pack : choisissez un autre nom",
            f"`{name}` is the vocabulary from which every new pack starts: choose another name",
        )
    folder = Path(name)
    if folder.exists():
        raise wrong_call(f"`{name}` existe déjà", f"`{name}` already exists")
    heading = " ".join((title or name).split())
    if not heading or '"' in heading or "\\" in heading:
        raise wrong_call(
            f"le titre `{heading}` est vide, ou porte un guillemet ou une barre oblique inverse",
            f"the title `{heading}` is empty, or holds a quotation mark or a backslash",
        )
    day = start or dt.date.today().replace(month=1, day=1)
    files = {"manifest.toml": _MANIFEST, "articles.conv": _ARTICLES, "tests/articles.conv": _TESTS}
    for place, text in files.items():
        file = folder / place
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text.format(parent=_PARENT, name=name, title=heading, day=day), encoding="utf-8", newline="\n")
        click.echo(file.as_posix())
    following = f"optam check ./{name}, optam test ./{name}"
    click.echo(told(Phrase(f"ensuite : {following}", f"next: {following}")), err=True)
