"""E3xx: types, units and dates."""

from __future__ import annotations

from optam_rules.base.codes.entry import Code

CODES: tuple[Code, ...] = (
    Code(
        "E301",
        "Type inattendu",
        "`{text}` est de type `{found}` au lieu de `{wanted}`",
        "Chaque place veut un type : celui de la définition, de la donnée, ou `booléen` pour une condition. Rien ne se convertit tout "
        "seul.",
        "Écrire une valeur du type attendu, avec son unité.",
    ),
    Code(
        "E302",
        "Opération sans dimension",
        "`{operator}` ne s'applique pas à `{left}` et `{right}`",
        "Les dimensions suivent une table fermée : un montant ne s'ajoute qu'à un montant, un taux diffère d'un taux par des points.",
        "Revoir les unités, ou écrire l'opération qui leur convient.",
    ),
    Code(
        "E303",
        "Comparaison de types différents",
        "`{left}` (`{left_type}`) et `{right}` (`{right_type}`) ne se comparent pas",
        "Deux grandeurs ne se comparent que si elles ont le même type.",
        "Comparer des grandeurs de même type.",
    ),
    Code(
        "E304",
        "Opérateur qui n'a pas de sens sur ce type",
        "`{operator}` n'a pas de sens pour `{text}`, de type `{found}`",
        "L'ordre, les bornes et l'arrondi ne valent que pour les nombres, les dates et les durées.",
        "Employer `=`, `parmi`, ou un autre type.",
    ),
    Code(
        "E305",
        "Lecture sur ce qui n'est pas une entité",
        "`.{name}` ne se lit pas sur `{text}`, de type `{found}`",
        "Après un point se lit une donnée ou une définition d'une entité, ou une valeur d'une énumération.",
        "Lire la donnée sur une expression dont le type est une entité.",
    ),
    Code(
        "E306",
        "Type indéterminé",
        "rien ne dit de quel type est `{text}`",
        "`inconnu`, `sans objet` et une collection vide prennent le type de la place où ils sont ; ici la place n'en impose aucun.",
        "Les écrire là où un type est attendu, comme la valeur d'une règle.",
    ),
    Code(
        "E307",
        "Liste ou ensemble attendu",
        "`{text}` est de type `{found}` : une liste ou un ensemble est attendu",
        "`parmi`, `contient` et les agrégats portent sur une liste ou un ensemble.",
        "Nommer une liste ou un ensemble, ou écrire `{ a ; b }`.",
    ),
    Code(
        "E308",
        "Agrégat impossible",
        "`{fold}` demande {wanted} : `{text}` donne `{found}`",
        "On additionne et on moyenne des nombres, on ordonne des grandeurs ordonnées, `tous` et `existe` lisent des conditions.",
        "Choisir un autre agrégat, ou ce qu'il lit.",
    ),
    Code(
        "E310",
        "Montant sans arrondi",
        "`{name}` peut tomber entre deux centimes : `{text}` n'est pas un nombre entier de centimes",
        "Un montant est un nombre entier de centimes. Un taux, une division ou une moyenne en sortent : le texte doit dire l'arrondi, qui "
        "n'est jamais choisi d'office.",
        "Ajouter `arrondi à 0.01 € (…)` avec l'un des modes `demi supérieur`, `demi pair`, `inférieur`, `supérieur`.",
        "ajoutez `arrondi à 0.01 € (demi supérieur)`, ou le mode que dit le texte",
    ),
    Code(
        "E311",
        "Pas d'arrondi",
        "`{text}` n'est pas un pas d'arrondi",
        "On arrondit à un nombre écrit en toutes lettres, plus grand que zéro, dans l'unité de la définition.",
        "Écrire par exemple `arrondi à 0.01 € (demi supérieur)`.",
    ),
    Code(
        "E312",
        "Division par zéro",
        "`{text}` vaut zéro : la division n'a pas de résultat",
        "Un diviseur constant nul est une faute du texte.",
        "Corriger le diviseur.",
    ),
    Code(
        "E313",
        "Fin de mois à préciser",
        "`{text}` peut tomber un jour qui n'existe pas",
        "Le 31 janvier plus un mois n'existe pas : le texte doit dire quel jour en tient lieu, le dernier du mois ou le premier du "
        "suivant.",
        "Ajouter `(fin de mois inférieur)` ou `(fin de mois supérieur)`.",
    ),
    Code(
        "E314",
        "Jour qui n'existe pas",
        "`{text}` tombe un jour qui n'existe pas",
        "La date calculée manque au calendrier : le texte doit dire quel jour en tient lieu.",
        "Ajouter `(fin de mois inférieur)` ou `(fin de mois supérieur)`, ou écrire la date voulue.",
    ),
    Code(
        "E315",
        "Fin de mois sans objet",
        "`{text}` n'ajoute pas de mois à une date : `fin de mois` n'y a pas de sens",
        "La règle de fin de mois ne sert qu'à l'addition ou au retrait de mois ou d'années à une date.",
        "Retirer `(fin de mois …)`.",
    ),
    Code(
        "E316",
        "Mois ajoutés en plusieurs fois",
        "`{added}` s'ajoute à une date déjà calculée : les mois s'ajoutent en une fois, avant les jours",
        "Deux arrondis de fin de mois successifs ne donnent pas le même jour qu'un seul ; les mois et les années s'ajoutent d'abord, "
        "ensemble.",
        "Écrire la durée en une fois, par exemple `18 mois` pour un an et six mois, puis les jours.",
    ),
    Code(
        "E317",
        "Type qui n'a pas sa place ici",
        "`{type}` ne convient pas pour {place}",
        "Une définition ou un paramètre est une valeur, pas un enregistrement ; une colonne ou une clé est une valeur simple ; une liste "
        "ne contient pas de liste.",
        "Choisir un autre type.",
    ),
    Code(
        "E318",
        "Nombre de clés",
        "`{name}` se lit avec {wanted}, pas {found}",
        "Un référentiel se lit avec toutes ses clés, dans leur ordre.",
        "Donner une valeur à chaque clé.",
    ),
    Code(
        "E319",
        "Constante attendue",
        "`{text}` n'est pas une constante",
        "Les valeurs d'un paramètre, les cellules d'une table et les valeurs d'un test s'écrivent sans rien lire d'autre.",
        "Écrire la valeur elle-même.",
    ),
    Code(
        "E320",
        "Lecture à une autre date",
        "`{text}` ne se lit pas `au` : seuls un paramètre ou une table se lisent à une autre date",
        "`au` choisit la valeur d'un paramètre, ou la version d'une table, en vigueur un autre jour.",
        "Retirer `au …`, ou lire le paramètre ou la table.",
    ),
    Code(
        "E321",
        "Comparaison à une absence",
        "comparer à `{word}` ne dit jamais vrai ni faux : employez `{test}`",
        "L'absence d'une donnée n'est pas une valeur qui se compare.",
        "Écrire `… est connu` ou `… est sans objet`.",
    ),
    Code(
        "E322",
        "Bornes à l'envers",
        "les bornes de `{name}` sont à l'envers : {low} dépasse {high}",
        "`entre a et b` donne la plus petite valeur admise, puis la plus grande.",
        "Échanger les bornes.",
    ),
    Code(
        "E323",
        "Date hors du calendrier",
        "`{text}` sort des années 1 à 9999",
        "Le calendrier va de l'année 1 à l'année 9999.",
        "Vérifier la durée.",
    ),
    Code(
        "E324",
        "Donnée qui n'est pas facultative",
        "`{name}` n'est pas facultative : elle ne peut pas être sans objet",
        "Seule une donnée `facultative` peut ne pas exister pour un dossier ; ne pas la connaître s'écrit `inconnu`.",
        "Écrire `inconnu`, ou déclarer la donnée `facultative`.",
    ),
    Code(
        "E325",
        "Valeur hors des bornes",
        "`{value}` est hors des bornes de `{name}` ({bounds})",
        "Un dossier dont une donnée sort de ses bornes est refusé : le test ne pourrait pas être jugé.",
        "Corriger la valeur, ou les bornes de la donnée.",
    ),
)
