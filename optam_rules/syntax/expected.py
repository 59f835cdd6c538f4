"""Turns the terminals that a parser would accept into readable words, and a misspelled word into the keyword it resembles."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType

from optam_rules.base.phrases import Phrase, Word, did_you_mean
from optam_rules.base.suggestions import nearest
from optam_rules.syntax.lexicon import lexicon
from optam_rules.syntax.scan import DECLARATIONS

_MOST = 8

# Where all of a group's marks are accepted, its members are told in one phrase. In order: the widest group first.
UNITS = frozenset({"PERCENT", "_EURO", "_POINTS_UNIT", "_DAYS_UNIT", "_MONTHS_UNIT", "_YEARS_UNIT"})
FOLDS = frozenset({"SUM", "MEAN", "MINIMUM", "MAXIMUM", "COUNT", "ALL", "EXISTS"})
EXPRESSIONS = FOLDS | {
    "NUMBER", "DATE", "STRING", "NAME", "MINUS", "LPAR", "LBRACE", "_NOT", "_TRUE", "_FALSE", "_UNKNOWN", "_NOT_APPLICABLE",
    "_EVALUATION_DATE", "_DATE_OF", "_CALENDAR_YEAR", "_ALL_OF", "_ANY_OF",
}  # fmt: skip
_TYPE = frozenset(
    {"NAME", "T_BOOLEAN", "T_INTEGER", "T_RATE", "T_POINTS", "T_MONEY", "T_DATE", "T_TEXT", "T_DAYS", "T_MONTHS", "_LIST_OF", "_SET_OF"}
)
_OPERATOR = frozenset(
    {"PLUS", "MINUS", "STAR", "CROSS", "SLASH", "EQUAL", "NOT_EQUAL", "LESS", "AT_MOST", "GREATER", "AT_LEAST", "AMONG", "CONTAINS",
     "AND", "OR", "IMPLIES", "DEFAULT", "_IS_KNOWN", "_DOES_NOT_APPLY", "_AT", "DOT", "_IF_EMPTY", "_MONTH_END_OPEN"}
)  # fmt: skip
CLAUSES = frozenset({"_IN_FORCE", "_PER_FUND", "_PER_DOCTRINE", "_HYPOTHESIS", "_CITES", "PARTIAL", "CUMULATIVE", "STRING"})
_CELL = frozenset(
    {"STAR", "LEFT_BRACKET", "RIGHT_BRACKET", "LESS", "AT_MOST", "GREATER", "AT_LEAST", "EQUAL", "LBRACE", "NUMBER", "MINUS", "DATE",
     "NAME", "STRING", "_TRUE", "_FALSE"}
)  # fmt: skip
_GROUPS: tuple[tuple[frozenset[str], frozenset[str], Phrase], ...] = (
    (frozenset({"_RULE", "_TABLE", "_INPUT"}), frozenset(DECLARATIONS), Phrase("une déclaration", "a declaration")),
    (
        frozenset({"STAR", "RIGHT_BRACKET", "NUMBER"}),
        _CELL,
        Phrase("une case (`*`, une valeur, `]a ; b]`, `<= a`)", "a cell (`*`, a value, `]a ; b]`, `<= a`)"),
    ),
    (frozenset({"NAME", "LPAR", "NUMBER"}), EXPRESSIONS, Phrase("une expression", "an expression")),
    (frozenset({"NAME", "T_RATE"}), _TYPE, Phrase("un type", "a type")),
    (frozenset({"STAR", "PLUS"}), _OPERATOR, Phrase("un opérateur", "an operator")),
    (
        UNITS,
        UNITS,
        Phrase(
            "une unité (`%`, `€`, `{_POINTS_UNIT}`, `{_DAYS_UNIT}`, `{_MONTHS_UNIT}`, `{_YEARS_UNIT}`)",
            "a unit (`%`, `€`, `{_POINTS_UNIT}`, `{_DAYS_UNIT}`, `{_MONTHS_UNIT}`, `{_YEARS_UNIT}`)",
        ),
    ),
    (
        frozenset({"_PER_FUND", "_IN_FORCE"}),
        CLAUSES,
        Phrase("une précision (`{_IN_FORCE}`, `{_PER_FUND}`, un libellé…)", "a clause (`{_IN_FORCE}`, `{_PER_FUND}`, a label…)"),
    ),
)
_WORDS: Mapping[str, Word] = MappingProxyType(
    {
        "NAME": Phrase("un nom", "a name"),
        "NUMBER": Phrase("un nombre", "a number"),
        "DATE": Phrase("une date `AAAA-MM-JJ`", "a date `YYYY-MM-DD`"),
        "STRING": Phrase('un texte entre `"`', 'a string between `"`'),
        "QUOTATION": Phrase("un texte entre `«` et `»`", "a text between `«` and `»`"),
        "ARTICLE_NUMBER": Phrase("un numéro", "a number of an article"),
        "LEGAL_ID": Phrase("un identifiant de Légifrance", "an identifier of Légifrance"),
        "LPAR": "`(`",
        "RPAR": "`)`",
        "LBRACE": "`{`",
        "RBRACE": "`}`",
        "LEFT_BRACKET": "`[`",
        "RIGHT_BRACKET": "`]`",
        "SEMICOLON": "`;`",
        "COLON": "`:`",
        "VBAR": "`|`",
        "DOT": "`.`",
        "_ARROW": "`->`",
        "EQUAL": "`=`",
        "NOT_EQUAL": "`≠`",
        "LESS": "`<`",
        "AT_MOST": "`<=`",
        "GREATER": "`>`",
        "AT_LEAST": "`>=`",
        "STAR": "`*`",
        "CROSS": "`×`",
        "SLASH": "`/`",
        "PLUS": "`+`",
        "MINUS": "`-`",
        "PERCENT": "`%`",
        "_EURO": "`€`",
        "$END": Phrase("une nouvelle déclaration", "a new declaration"),
    }
)


def expected_words(accepts: Iterable[str], language: str) -> tuple[Word, ...]:
    """Return at most eight phrases for the terminals accepted, keywords before marks, groups first."""
    keywords = lexicon(language).keywords
    first_words = {terminal: spellings[0] for terminal, spellings in keywords.items()}
    left = set(accepts)
    phrases: list[Word] = []
    for marks, members, phrase in _GROUPS:
        if marks <= left:
            phrases.append(Phrase(phrase.fr.format_map(first_words), phrase.en.format_map(first_words)))
            left -= members
    phrases += [f"`{first_words[terminal]}`" for terminal in keywords if terminal in left]
    phrases += [word for terminal, word in _WORDS.items() if terminal in left]
    if len(phrases) > _MOST:
        phrases = [*phrases[: _MOST - 1], "…"]
    return tuple(phrases)


def nearest_keyword(found: str, accepts: Iterable[str], language: str) -> tuple[str, str] | None:
    """Return the accepted keyword that `found` resembles, whole or by its first word, and its terminal."""
    words = lexicon(language)
    allowed = set(accepts) | (set(DECLARATIONS) if "$END" in accepts else set())
    spellings = {spelling: terminal for terminal in words.keywords if terminal in allowed for spelling in words.keywords[terminal]}
    by_first = {spelling.split()[0]: spelling for spelling in reversed(spellings)} | {spelling: spelling for spelling in spellings}
    near = nearest(found, by_first)
    return (by_first[near], spellings[by_first[near]]) if near else None


def suggestion(found: str, accepts: Iterable[str], language: str) -> Phrase | None:
    """Return « vouliez-vous écrire … » with the accepted keyword that `found` resembles."""
    near = nearest_keyword(found, accepts, language)
    return did_you_mean(near[0] if near else None)
