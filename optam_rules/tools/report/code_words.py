"""The fixed words of the pages of codes, in French and in English."""

from __future__ import annotations

from types import MappingProxyType

import attrs

from optam_rules.tools.report.wording import Language


@attrs.frozen
class CodeWords:
    """Headings and sentences around a code and its example; `{}` fields are filled where they are used."""

    colon: str
    message: str
    why: str
    to_do: str
    help: str
    frame: str
    files: str
    wrong: str
    right: str
    empty: str
    no_example: str
    fixed: str
    repeated: str
    unseen: str
    encoded: str
    here: str
    quoted: str
    all_codes: str


_WORDS = MappingProxyType(
    {
        Language.FRENCH: CodeWords(
            colon=" :",
            message="message",
            why="pourquoi",
            to_do="que faire",
            help="aide",
            frame="avec",
            files="Fichiers de l'exemple",
            wrong="fautif",
            right="juste",
            empty="vide",
            no_example="pas d'exemple",
            fixed="`{command}` n'y trouve plus cette faute.",
            repeated="⟨texte × n⟩ : ce texte, n fois à la suite",
            unseen="⟨U+…⟩ : ce caractère, qui ne se voit pas",
            encoded="le fichier fautif est enregistré en {wrong}, le juste en {right}",
            here="Ici, {note}.",
            quoted="« {text} »",
            all_codes="Tous les codes",
        ),
        Language.ENGLISH: CodeWords(
            colon=":",
            message="message",
            why="why",
            to_do="what to do",
            help="help",
            frame="with",
            files="Files of the example",
            wrong="wrong",
            right="right",
            empty="empty",
            no_example="no example",
            fixed="`{command}` does not find this fault any more.",
            repeated="⟨text × n⟩: this text, n times in a row",
            unseen="⟨U+…⟩: this character, which nobody sees",
            encoded="the wrong file is saved in {wrong}, the right one in {right}",
            here="Here, {note}.",
            quoted="“{text}”",
            all_codes="All codes",
        ),
    }
)


def code_words(language: Language) -> CodeWords:
    """Return the words of a language."""
    return _WORDS[language]
