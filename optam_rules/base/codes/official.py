"""W6xx: the official wording that a pack was written from."""

from __future__ import annotations

from optam_rules.base.codes.entry import Code

CODES: tuple[Code, ...] = (
    Code(
        "W601",
        "Texte officiel changé",
        "le texte officiel de `{number}` (`{name}.txt`) n'est plus celui d'après lequel l'article a été écrit",
        "`sources.lock` garde l'empreinte du texte officiel ; elle ne dit pas ce qui a changé, seulement que quelque chose a changé.",
        "Relire le texte, corriger l'article ou écrire un avenant, puis `optam check PACK --texts DOSSIER --record`.",
    ),
    Code(
        "W602",
        "Citation d'un texte changé",
        "cette clause cite `{number}`, dont le texte officiel a changé",
        "Une clause qui cite repose sur des mots ; quand ils changent, elle est à relire.",
        "Relire la clause avec le nouveau texte.",
    ),
    Code(
        "W603",
        "Texte officiel absent",
        "le pack garde l'empreinte du texte de `{number}`, mais `{name}.txt` n'est pas dans le dossier",
        "Un texte absent ne se compare pas : rien ne dit s'il a changé.",
        "Ajouter le texte au dossier, sous ce nom.",
    ),
    Code(
        "W604",
        "Texte officiel sans empreinte",
        "le dossier a le texte de `{number}` (`{name}.txt`), dont le pack ne garde pas l'empreinte",
        "Sans empreinte, un changement du texte passerait inaperçu.",
        "Comparer l'article et le texte, puis `optam check PACK --texts DOSSIER --record`.",
    ),
)
