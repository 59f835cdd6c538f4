"""Wxxx: warnings."""

from __future__ import annotations

from optam_rules.base.codes.entry import Code

CODES: tuple[Code, ...] = (
    Code(
        "W101",
        "Écritures mêlées",
        "le nom `{name}` mêle des lettres de plusieurs écritures ({scripts})",
        "Des lettres d'alphabets différents se ressemblent : deux noms que l'œil confond seraient deux noms pour la machine.",
        "Récrire le nom avec des lettres latines.",
    ),
)
