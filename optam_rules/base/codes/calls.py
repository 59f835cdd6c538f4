"""E7xx: what a backend cannot do; E8xx: packs, catalogue and calls; E9xx: internal."""

from __future__ import annotations

from optam_rules.base.codes.entry import Code

CODES: tuple[Code, ...] = (
    Code(
        "E701",
        "Extension absente",
        "`{what}` demande la bibliothèque `{library}`, qui n'est pas installée",
        "Les bibliothèques facultatives ne s'installent qu'avec leur extension.",
        "Installer l'extension nommée dans l'aide.",
    ),
    Code(
        "E702",
        "Règle sans équivalent en SQL",
        "`{name}` ne se calcule pas en SQL ({reason})",
        "Les lignes d'un fichier se comptent dans le moteur qui les tient ; ce qui n'y serait pas exact est refusé plutôt qu'approché.",
        "Écrire la règle d'une ligne sur des montants, des dates, des entiers et des booléens, sans exception ni taux.",
    ),
    Code(
        "E801",
        "Pack introuvable",
        "aucun pack `{name}`",
        "Le nom n'est ni celui d'un pack livré, ni un dossier qui contient un `manifest.toml`.",
        "Voir `optam catalogue` ; pour un pack à soi, donner le chemin de son dossier.",
    ),
    Code(
        "E802",
        "Manifeste illisible",
        "le manifeste `{file}` ne se lit pas : {reason}",
        "Un pack est décrit par un fichier `manifest.toml` en TOML, encodé en UTF-8.",
        "Corriger le fichier à l'endroit indiqué.",
    ),
    Code(
        "E803",
        "Manifeste incomplet ou faux",
        "manifeste `{file}`, clé `{key}` : {reason}",
        "Les clés d'un manifeste sont fixées ; une clé inconnue ou d'un autre type est refusée plutôt qu'ignorée.",
        "Corriger la clé ; les clés admises sont celles de la page de référence des packs.",
    ),
    Code(
        "E804",
        "Pack sans texte",
        "le pack `{name}` ne contient aucun fichier `.conv`",
        "Un pack sans texte ne juge rien.",
        "Ajouter au moins un fichier `.conv` à côté du manifeste.",
    ),
    Code(
        "E805",
        "Date au-delà de la vérification",
        "le {day} est postérieur au {verified}, dernier jour jusqu'où le pack `{pack}` a été vérifié",
        "Le droit peut avoir changé depuis la vérification du pack : juger au-delà serait répondre sans savoir.",
        'Choisir une date antérieure, ou demander expressément `--after-verified extend` (API : after_verified="extend").',
    ),
    Code(
        "E806",
        "Réponse inconnue",
        "le pack `{pack}` n'a pas de réponse `{name}`",
        "Les réponses sont les définitions de l'entité principale, et celles du groupe sous `groupe.`.",
        "Voir la liste des réponses par `optam law`.",
    ),
    Code(
        "E807",
        "Hypothèse ou lecture inconnue",
        "{what} `{name}` inconnue",
        "Une hypothèse nommée et ses lectures sont déclarées par le pack ; toute autre est refusée.",
        "Choisir parmi les noms déclarés.",
    ),
    Code(
        "E809",
        "Fichier illisible",
        "le fichier `{file}` ne se lit pas : {reason}",
        "Le fichier n'existe pas, ou le système refuse sa lecture.",
        "Vérifier le chemin et les droits.",
    ),
    Code(
        "E810",
        "Date absente ou mal formée",
        "date attendue, `{found}` trouvé",
        "Un jugement se rend à une date, donnée par l'appelant ou lue dans un champ de l'enregistrement.",
        "Donner une date de la forme 2017-06-08.",
    ),
    Code(
        "E812",
        "État antérieur incohérent",
        "tel qu'il pouvait se lire au {day}, le pack est faux : {message}",
        "`--known-on` juge avec ce qui était publié : sans ce qui l'a été plus tard, le texte doit encore se tenir.",
        "Publier ensemble ce qui va ensemble, ou écrire l'état antérieur.",
    ),
    Code(
        "E813",
        "Pas de texte consolidé",
        "le pack `{name}` n'écrit pas une seule convention : {titles}",
        "Un texte consolidé est celui d'une convention, avec ses avenants.",
        "Le demander au pack de la convention, ou à un pack qui n'en modifie qu'une.",
    ),
    Code(
        "E814",
        "Empreintes illisibles",
        "le fichier `{file}` n'est pas une liste d'empreintes : {reason}",
        "`sources.lock` est un fichier TOML : un nom de texte, son empreinte `sha256:…`.",
        "Le récrire par `optam check PACK --texts DOSSIER --record`.",
    ),
    Code(
        "E818",
        "Pack qui ne compte pas de lignes",
        "le pack `{pack}` ne dit pas, au {day}, ce qu'une ligne d'honoraires ajoute à un exercice",
        "Le pack doit juger des lignes qui nomment un `praticien`, dire leur `annee`, et répondre aux noms des données d'`exercice`.",
        "Choisir le pack `actes`, ou une date où ses règles sont en vigueur.",
    ),
    Code(
        "E830",
        "Lexique inconnu",
        "aucun lexique `{found}`",
        "La langue a deux lexiques : `fr` et `en`.",
        "Écrire `fr` ou `en`.",
    ),
    Code(
        "E840",
        "Propriété inconnue",
        "le pack `{pack}` n'a pas de propriété « {title} »",
        "Une propriété se nomme par son titre, tel que le texte du pack l'écrit.",
        "Choisir un titre parmi les propriétés du pack.",
    ),
    Code(
        "E841",
        "Rien de ce nom à muter",
        "le pack `{pack}` n'a ni règle, ni table, ni paramètre, ni article `{name}`",
        "Une faute se plante dans une définition, un paramètre ou la date d'un article, chacun par son nom.",
        "Choisir un nom que le texte du pack déclare.",
    ),
    Code(
        "E901",
        "Mise en forme infidèle",
        "le texte mis en forme ne se relit pas de même : rien n'est récrit",
        "Avant d'écrire, la mise en forme relit son propre texte et compare. C'est une faute de la mise en forme, pas du texte.",
        "Garder le texte tel quel, et nous l'envoyer.",
    ),
    Code(
        "E902",
        "Encodage infidèle",
        "le solveur et l'interpréteur ne s'accordent pas sur « {title} »",
        "Un contre-exemple du solveur est toujours rejoué par l'interpréteur avant d'être montré. Celui-ci devait tenir, et ne tient pas : "
        "c'est une faute de l'encodage, pas du texte.",
        "Se fier à l'interpréteur, et nous envoyer le pack.",
    ),
)
