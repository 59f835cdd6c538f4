"""E85x: calls that compare two sides, and declarations of intended changes."""

from __future__ import annotations

from optam_rules.base.codes.entry import Code

CODES: tuple[Code, ...] = (
    Code(
        "E850",
        "Aucun jour commun",
        "`{old}` ({old_days}) et `{new}` ({new_days}) ne sont en vigueur ensemble aucun jour",
        "Sans date, deux côtés se comparent sur les jours où les deux sont en vigueur.",
        "Donner une date à chacun, comme `cas-2011@2016-10-01` et `cm-2016@2017-01-01`.",
    ),
    Code(
        "E851",
        "Une date d'un seul côté",
        "`{side}` a une date et l'autre côté n'en a pas",
        "Comparer une date à tous les jours d'un autre texte n'a pas de sens unique.",
        "Donner une date aux deux côtés, la même s'il le faut, ou à aucun.",
    ),
    Code(
        "E852",
        "Dossiers de natures différentes",
        "`{old}` juge des `{old_entity}` et `{new}` des `{new_entity}`",
        "Deux packs ne se comparent que s'ils jugent les mêmes dossiers.",
        "Comparer des packs de même entité principale.",
    ),
    Code(
        "E853",
        "Révision git illisible",
        "`{side}` ne se lit pas dans git : {reason}",
        "Une révision se lit dans le dépôt qui contient le dossier du pack, sans rien changer au répertoire de travail.",
        "Vérifier la révision par `git log`, et que le dossier du pack y est suivi.",
    ),
    Code(
        "E854",
        "Côté mal écrit",
        "`{side}` n'a pas la forme PACK, PACK@DATE, PACK@git:RÉVISION ou PACK@git:RÉVISION@DATE",
        "Un côté d'une comparaison est un pack, à une révision git si l'on veut, à une date si l'on veut.",
        "Écrire par exemple `cm-2016@2017-01-01` ou `./mon-pack@git:HEAD~3`.",
    ),
    Code(
        "E855",
        "Déclaration de changements mal formée",
        "`{file}`, {place} : {reason}",
        "Un fichier de changements attendus est une suite de tables `[[change]]`, dont les clés sont fixées.",
        "Corriger la clé ; les clés admises sont `answer`, `kind`, `direction`, `articles` et `reason`.",
    ),
    Code(
        "E856",
        "Effet sans date",
        "mesurer l'effet sur des dossiers demande une date de chaque côté",
        "Un dossier se juge à une date ; sans elle, il n'y a pas deux jugements à comparer.",
        "Ajouter `--on DATE`, ou une date à chaque côté.",
    ),
)
