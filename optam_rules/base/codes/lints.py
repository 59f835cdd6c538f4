"""W5xx: what lints tell."""

from __future__ import annotations

from optam_rules.base.codes.entry import Code

CODES: tuple[Code, ...] = (
    Code(
        "W501",
        "`et` et `ou` sans parenthèses",
        "`et` à côté de `ou`, sans parenthèses : `et` se lit d'abord",
        "`a et b ou c` se lit `(a et b) ou c`. Le texte d'une convention ne dit pas toujours cela, et un lecteur ne le sait pas.",
        "Mettre des parenthèses ; `optam lint --fix` met celles qui ne changent rien au sens.",
    ),
    Code(
        "W502",
        "Plafond ou plancher oublié",
        "l'exception `{name}` n'a pas le `{kind}` de sa règle",
        "Un plafond ou un plancher ne vaut que pour le corps où il est écrit : une exception qui ne le répète pas n'est pas bornée.",
        "Répéter la borne dans l'exception, ou dire par un commentaire `# lint: W502` pourquoi elle n'y est pas.",
    ),
    Code(
        "W503",
        "Borne répétée",
        "`{kind}` est écrit deux fois, avec la même borne",
        "La seconde n'a aucun effet : une autre borne était peut-être voulue.",
        "La supprimer, ou la corriger.",
    ),
    Code(
        "W504",
        "Réponse qui dépend de ce qui est déclaré",
        "`{word}` fait dépendre une réponse de ce qui est déclaré, non des faits seuls",
        "Avec lui, une donnée de plus peut changer une réponse déjà connue ; partout ailleurs, elle ne fait qu'ajouter.",
        "Écrire la règle sur les faits, et laisser la réponse inconnue tant qu'ils manquent.",
    ),
    Code(
        "W505",
        "Règle sans article",
        "`{name}` ne se trouve sous aucun article",
        "Une réponse se cite par son article ; celle-ci n'en aurait pas.",
        "La placer sous `article`, `annexe` ou `clause`.",
    ),
    Code(
        "W506",
        "Hypothèse sans raison",
        "l'hypothèse ne dit pas pourquoi : `{found}`",
        "Une hypothèse est un choix : qui la lit doit pouvoir le juger.",
        "Dire en quelques mots ce que les sources taisent et ce qui est supposé.",
    ),
    Code(
        "W507",
        "Pack vérifié il y a longtemps",
        "vérifié jusqu'au {verified}, plus d'un an avant le {today}",
        "Le droit a pu changer depuis que ce texte a été comparé à ses sources.",
        "Comparer le pack au droit en vigueur, puis changer `verified` dans son manifeste.",
    ),
    Code(
        "W508",
        "Mise à l'écart sans objet",
        "le commentaire met `{name}` à l'écart, et rien ici ne le donne",
        "Un commentaire qui n'écarte rien cacherait une faute à venir.",
        "Le supprimer, ou le placer sur la ligne en cause.",
    ),
    Code(
        "W509",
        "Mise à l'écart sans raison",
        "le commentaire ne dit pas pourquoi",
        "Qui relit doit savoir pourquoi l'avertissement a été écarté.",
        "Écrire la raison après le code : `# lint: W502 la source ne borne pas`.",
    ),
)
