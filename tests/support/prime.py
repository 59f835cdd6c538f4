"""A small convention to compare with what an amendment would make of it: eligibility by a date, a rate by sector, a capped bonus."""

from __future__ import annotations

from pathlib import Path

TEXT = """
entité principale medecin "Médecin"
  donnée identifiant : chaîne "Identifiant"
  donnée secteur : secteur "Secteur"
  donnée date_installation : date "Date d'installation"
  donnée honoraires : montant entre 0 € et 1_000_000 € "Honoraires"
énumération secteur { secteur_1 "Secteur 1" ; secteur_2 "Secteur 2" }

article 1 "Qui peut adhérer" en vigueur du 2017-01-01
  paramètre limite : date = 2017-07-01 depuis 2017-01-01
  règle eligible : booléen "Peut adhérer"
    vaut secteur = secteur_2 ou date_installation < limite

article 2 "Prime" en vigueur du 2017-01-01
  table taux_de_prime : taux "Taux de la prime"
    selon secteur
    | secteur_1 -> 2 %
    | secteur_2 -> 5 %
  règle prime_entiere : montant "Prime d'un adhérent"
    vaut honoraires * taux_de_prime plafonné à 3_000 € arrondi à 0.01 € (demi supérieur)
  règle prime : montant "Prime"
    vaut prime_entiere si eligible
    sinon 0 €
  règle tranche : entier "Tranche d'honoraires"
    vaut 1 si honoraires < 10_000 €
    sinon si honoraires > 50_000 € vaut 3
    sinon 2
"""

MANIFEST = 'id = "prime"\ntitle = "Prime"\nversion = "{version}"\nin_force = {{ from = 2017-01-01 }}\nverified = 2026-01-01\n'


def amended(*changes: tuple[str, str], text: str = TEXT) -> str:
    """Return the text with words replaced; each must be there once."""
    for old, new in changes:
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    return text


def write_pack(folder: Path, text: str = TEXT, version: str = "1") -> Path:
    """Write a text as a pack."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "manifest.toml").write_text(MANIFEST.format(version=version), encoding="utf-8")
    (folder / "texte.conv").write_text(f'convention "Prime" version "{version}"\n{text}', encoding="utf-8")
    return folder
