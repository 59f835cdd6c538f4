"""E6xx: error values met while judging."""

from __future__ import annotations

from optam_rules.base.codes.entry import Code

CODES: tuple[Code, ...] = (
    Code(
        "E601",
        "Division par zéro",
        "division par zéro",
        "Une règle divise par une grandeur qui vaut zéro pour ce dossier ; aucun nombre ne peut être donné.",
        "Écarter le cas par une condition (`tel que e.honoraires_remboursables > 0 €`) ou par une exception de la règle.",
    ),
    Code(
        "E602",
        "Date hors du calendrier",
        "la date calculée n'existe pas, ou sort des années 1 à 9999",
        "Une addition dépasse les dates que le calendrier civil représente ici, ou `date(année ; mois ; jour)` nomme un jour "
        "qui n'existe pas.",
        "Vérifier la durée ajoutée, les nombres donnés et les dates du dossier.",
    ),
    Code(
        "E603",
        "Nombre trop grand",
        "le nombre calculé dépasse la taille admise",
        "Les calculs sont exacts : des produits répétés peuvent donner des nombres sans mesure, qui sont refusés.",
        "Simplifier le calcul ou borner les données.",
    ),
    Code(
        "E604",
        "Liste vide",
        "`{fold}` d'une liste vide",
        "La moyenne, le minimum et le maximum d'une liste vide n'existent pas.",
        "Ajouter `si vide …` à l'agrégat, ou une exception pour ce cas.",
    ),
    Code(
        "E605",
        "Paramètre sans valeur à cette date",
        "le paramètre `{name}` n'a pas de valeur au {day}",
        "Le paramètre est lu, par `au`, à une date que ses valeurs ne couvrent pas.",
        "Compléter les valeurs du paramètre ou borner la date lue.",
    ),
    Code(
        "E606",
        "Trop d'étapes",
        "l'évaluation dépasse {limit} étapes",
        "Le nombre d'étapes d'une évaluation est borné, pour qu'aucun texte ne puisse retenir la machine.",
        "Réduire les listes ou les agrégats imbriqués.",
    ),
)
