"""The fixed words around a comparison, which its text, its Markdown and its page share."""

from __future__ import annotations

from optam_rules.base.phrases import Phrase

SEMICOLON = Phrase(" ; ", "; ")
OLD, NEW = Phrase("ancien", "old"), Phrase("nouveau", "new")
DIFFERING = Phrase("Réponses qui diffèrent", "Answers that differ")
UNDECIDED = Phrase("Réponses indécises", "Undecided answers")
PROVED = Phrase("Réponses prouvées égales", "Answers proved equal")
CHANGES = Phrase("Changements du texte", "Changes of the text")
EFFECT = Phrase("Effet sur les dossiers", "Effect on records")
DECLARATION = Phrase("Déclaration de changements", "Declaration of changes")
AS_DECLARED = Phrase(
    "tout ce qui change est déclaré, et tout ce qui est déclaré change", "all that changes is declared, and all that is declared changes"
)
CHANGE = Phrase("changement", "change")
BY = Phrase("par", "by")
EXAMPLE = Phrase("exemple", "example")
BEFORE, AFTER = Phrase("avant", "before"), Phrase("après", "after")
TOUCHED, REFUSED = Phrase("Qui change", "Who changes"), Phrase("Refusés", "Refused")
CHANGED, COMPARED = Phrase("changent", "change"), Phrase("comparés", "compared")


def others(number: int) -> Phrase:
    """Say how many more the JSON lists."""
    return Phrase(f"{number} autres dans la forme json.", f"{number} others in the json form.")
