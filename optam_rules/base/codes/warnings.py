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
    Code(
        "W201",
        "Paramètre sans emploi",
        "rien ne lit le paramètre `{name}`",
        "Un paramètre que rien ne lit ne change aucune réponse : un nom mal écrit, ou un reste.",
        "Le lire dans une règle, ou le supprimer.",
    ),
    Code(
        "W202",
        "Définition sans emploi",
        "rien ne lit `{name}`, aucun test ne l'attend",
        "Une définition que rien ne lit et qu'aucun test n'attend n'est vérifiée par rien.",
        "Écrire un test qui l'attend, ou la supprimer.",
    ),
    Code(
        "W203",
        "Valeur sans emploi",
        "rien ne mentionne la valeur `{name}` de `{enumeration}`",
        "Aucune règle ne distingue cette valeur : un cas peut avoir été oublié.",
        "La mentionner dans une règle ou un test, ou la supprimer.",
    ),
    Code(
        "W204",
        "Référentiel sans emploi",
        "rien ne lit le référentiel `{name}`",
        "Un référentiel que rien ne lit ne change aucune réponse.",
        "Le lire dans une règle, ou le supprimer.",
    ),
    Code(
        "W205",
        "Hypothèse sans emploi",
        "rien ne dépend de l'hypothèse `{name}`",
        "La question est ouverte mais aucune réponse n'en dépend.",
        "La lire dans une condition ou une colonne, ou la supprimer.",
    ),
    Code(
        "W401",
        "Exception jamais active",
        "l'exception `{name}` ne s'applique jamais : `{text}` est toujours faux",
        "Aucun dossier ne remplit la condition de cette exception.",
        "Corriger la condition, ou supprimer l'exception.",
    ),
    Code(
        "W402",
        "Ligne `sinon` jamais atteinte",
        "les autres lignes couvrent tous les cas : la ligne `sinon` ne répond jamais",
        "Une ligne qui ne répond jamais cache l'oubli d'un cas, si une autre ligne est un jour retirée.",
        "Supprimer la ligne `sinon`.",
    ),
    Code(
        "W403",
        "Neutralisation hors de propos",
        "`{name}` n'est jamais en vigueur {interval} : il n'y a rien à neutraliser",
        "Une exception n'existe que ses propres jours ; la neutraliser un autre jour est sans effet.",
        "Corriger les dates de la neutralisation ou de l'exception.",
    ),
    Code(
        "W404",
        "`partielle` sans effet",
        "`partielle` est sans effet : une valeur est donnée dans tous les cas",
        "`partielle` dit qu'une règle est sans objet quand aucune de ses conditions n'est vraie.",
        "Retirer `partielle`, ou le `sinon`.",
    ),
    Code(
        "W405",
        "Condition jamais atteinte",
        "`{text}` n'est jamais vrai quand on y arrive",
        "Les conditions précédentes prennent tous les cas où celle-ci serait vraie, ou elle ne l'est jamais.",
        "Corriger la condition, ou supprimer la branche.",
    ),
    Code(
        "W406",
        "`sinon` jamais atteint",
        "les conditions couvrent tous les cas : le `sinon` n'est jamais atteint",
        "Une valeur qui n'est jamais prise cache l'oubli d'un cas, si une condition est un jour retirée.",
        "Supprimer le `sinon`.",
    ),
)
