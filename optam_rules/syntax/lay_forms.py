"""A table of what lawyers write by habit where the language has another form, with hints in French and in English of what to write.

A row fits where the parser has stopped: `at` stands there, `before` ends there, and `accepts` is a terminal that could have stood there.
In a hint, `{_IS}` is a keyword of the file's lexicon, `{date}` the date after what `at` matches, `{head}` the name that the declaration
defines, `{found}` what the patterns match, and any other name a group of the row's own patterns. Patterns are compiled at the first
refusal, not at import.
"""

from __future__ import annotations

import re
from functools import cache
from types import MappingProxyType

import attrs

from optam_rules.base.phrases import Phrase
from optam_rules.syntax.lexicon import lexicon
from optam_rules.syntax.written_dates import written_date

_LOOK_BACK = 200
_ISO = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}(?![0-9])")
_HEAD = re.compile(r"\s*\w+\s+(\w+)")
_AS_IF = "« {found} » s'écrit `{_IF}`", "“{found}” is written `{_IF}`"
_NUMBERS = MappingProxyType({"un": 1, "une": 1, "deux": 2, "trois": 3, "quatre": 4, "cinq": 5, "six": 6, "douze": 12})


@attrs.frozen
class LayForm:
    """One row of the table."""

    at: str
    french: str
    english: str
    accepts: str = ""
    before: str = ""


_SIGNS = (
    LayForm(":=", "écrivez `{_IS}` au lieu de `:=`", "write `{_IS}` instead of `:=`", "_IS"),
    LayForm(":=", "écrivez `=` au lieu de `:=`", "write `=` instead of `:=`", "EQUAL"),
    LayForm(
        r"(?P<unit>[%€])\s*(?P<number>[0-9][0-9._]*)",
        "l'unité suit le nombre : `{number} {unit}`",
        "the unit follows the number: `{number} {unit}`",
        "NUMBER",
    ),
    LayForm(">", "« supérieur ou égal » s'écrit `>=`", "“at least” is written `>=`", "NUMBER", before="="),
    LayForm("<", "« inférieur ou égal » s'écrit `<=`", "“at most” is written `<=`", "NUMBER", before="="),
)
_DATES = (
    LayForm("", "écrivez la date seule : `{date}`", "write the date alone: `{date}`", before=r"\b(?:le|du)\s+"),
    LayForm(
        r"(?:strictement\s+)?(?:après|postérieure?\s+au)\s+(?:le\s+)?",
        "« après » s'écrit `>` : `> {date}`",
        "“after” is written `>`: `> {date}`",
        "GREATER",
    ),
    LayForm(
        r"(?:strictement\s+)?(?:avant|antérieure?\s+au)\s+(?:le\s+)?",
        "« avant » s'écrit `<` : `< {date}`",
        "“before” is written `<`: `< {date}`",
        "LESS",
    ),
    LayForm(r"(?:à\s+compter|à\s+partir)\s+du\s+", "écrivez `{_SINCE} {date}`", "write `{_SINCE} {date}`", "_SINCE"),
    LayForm(r"(?:à\s+compter|à\s+partir)\s+du\s+", "écrivez `{_IN_FORCE} {date}`", "write `{_IN_FORCE} {date}`", "_IN_FORCE"),
    LayForm(
        r"en\s+vigueur\s+(?:le|au|depuis(?:\s+le)?|à\s+(?:compter|partir)\s+du)\s+",
        "écrivez `{_IN_FORCE} {date}`",
        "write `{_IN_FORCE} {date}`",
        "_IN_FORCE",
    ),
    LayForm(
        r"(?:applicable\s+)?(?:depuis(?:\s+le)?|dès\s+le)\s+", "écrivez `{_IN_FORCE} {date}`", "write `{_IN_FORCE} {date}`", "_IN_FORCE"
    ),
    LayForm(r"jusqu\s*['’]\s*au\s+", "la fin s'écrit `{_TO} {date}`", "the end is written `{_TO} {date}`"),
    LayForm(
        r"inclus(?:e|es)?\b",
        "les deux jours d'un intervalle en font partie : retirez `inclus`",
        "both days of an interval belong to it: remove `inclus`",
    ),
    LayForm(
        r"\s*\Z", "écrivez `{_SINCE} {day}`", "write `{_SINCE} {day}`", "_SINCE", before=r"\bau\s+(?P<day>[0-9]{4}-[0-9]{2}-[0-9]{2})\s*"
    ),
    LayForm(r"\s*\Z", "il manque le jour : `{_SINCE} AAAA-MM-JJ`", "the day is missing: `{_SINCE} YYYY-MM-DD`", "_SINCE"),
)
_VALUES = (
    LayForm(r"pour\s*cents?\b", "les taux s'écrivent avec `%`", "rates are written with `%`"),
    LayForm(r"ann[ée]es?\b", "les années s'écrivent `an` ou `ans`", "years are written `an` or `ans`", "_YEARS_UNIT"),
    LayForm(r"semaines?\b", "une semaine s'écrit `7 jours`", "a week is written `7 jours`", "_DAYS_UNIT"),
    LayForm(r"trimestres?\b", "un trimestre s'écrit `3 mois`", "a quarter is written `3 mois`", "_MONTHS_UNIT"),
    LayForm(
        r"(?P<unit>mois|jours?|ans?|points?)\b",
        "écrivez le nombre en chiffres : `{figures} {unit}`",
        "write the number in figures: `{figures} {unit}`",
        before=rf"\b(?P<count>{'|'.join(_NUMBERS)})\s+",
    ),
    LayForm(
        r"de\s+", "un taux s'applique par `*` : `{rate} * …`", "a rate is applied by `*`: `{rate} * …`", before=r"(?P<rate>[0-9._]+\s*%)\s*"
    ),
    LayForm(
        r"«\s*(?P<value>\w+)\s*»",
        "une valeur s'écrit sans guillemets : `{value}`",
        "a value is written without quotes: `{value}`",
        before=r"[=≠<>({;]\s*",
    ),
    LayForm(
        r"[“„](?P<value>\w+)[”“]",
        "une valeur s'écrit sans guillemets : `{value}`",
        "a value is written without quotes: `{value}`",
        before=r"[=≠<>({;]\s*",
    ),
    LayForm(
        r"(?P<number>[0-9]+)\b",
        "un nom s'écrit d'un seul mot : `{word}_{number}`",
        "a name is one word: `{word}_{number}`",
        "LPAR",
        before=r"\b(?P<word>[^\W\d]\w*)\s+",
    ),
)
_CONDITIONS = (
    LayForm(
        r"/\s*ou\b",
        "« et/ou » se lit de deux façons : écrivez `{OR}` si l'un suffit, `{AND}` s'il faut les deux",
        "“et/ou” can be read in two ways: write `{OR}` if one is enough, `{AND}` if both are needed",
        before=r"\bet\s*",
    ),
    LayForm(r"diff[ée]rente?s?\s+de\b", "« différent de » s'écrit `≠`", "“différent de” is written `≠`", "NOT_EQUAL"),
    LayForm(r"n\s*['’]\s*est\s+pas\b", "« n'est pas » s'écrit `≠`", "“n'est pas” is written `≠`", "NOT_EQUAL"),
    LayForm(r"est\s+(?!conn?u|sans|ind)", "« est » s'écrit `=`", "“est” is written `=`", "EQUAL"),
    LayForm(r"[ée]gale?\s+à\b", "« égal à » s'écrit `=`", "“égal à” is written `=`", "EQUAL"),
    LayForm(
        r"(?:strictement\s+)?sup[ée]rieure?s?\s+ou\s+[ée]gale?s?\s+à\b",
        "« supérieur ou égal à » s'écrit `>=`",
        "“supérieur ou égal à” is written `>=`",
        "AT_LEAST",
    ),
    LayForm(
        r"(?:strictement\s+)?inf[ée]rieure?s?\s+ou\s+[ée]gale?s?\s+à\b",
        "« inférieur ou égal à » s'écrit `<=`",
        "“inférieur ou égal à” is written `<=`",
        "AT_MOST",
    ),
    LayForm(r"(?:strictement\s+)?sup[ée]rieure?s?\s+à\b", "« supérieur à » s'écrit `>`", "“supérieur à” is written `>`", "GREATER"),
    LayForm(r"(?:strictement\s+)?inf[ée]rieure?s?\s+à\b", "« inférieur à » s'écrit `<`", "“inférieur à” is written `<`", "LESS"),
    LayForm(
        r"entre\s+(?P<low>\S+)\s+et\s+(?P<high>\S+)",
        "écrivez `{name} >= {low} {AND} {name} <= {high}`",
        "write `{name} >= {low} {AND} {name} <= {high}`",
        "AT_LEAST",
        before=r"(?P<name>[\w.]+)\s*",
    ),
    LayForm(
        r"(?P<name>[^\W\d]\w*)",
        "la négation s'écrit `{_NOT}` : `{_NOT} {name}`",
        "negation is written `{_NOT}`: `{_NOT} {name}`",
        before=r"\b(?:pas|not)\s+",
    ),
    LayForm(
        r",[^\n]*\bsinon\b",
        "la valeur par défaut vient la dernière : `{_IS} a {_IF} c {_OTHERWISE} b`",
        "the default value comes last: `{_IS} a {_IF} c {_OTHERWISE} b`",
    ),
    LayForm(
        ",",
        "la virgule n'a pas d'emploi ici : deux conditions se joignent par `{AND}` ou `{OR}`",
        "the comma has no use here: two conditions are joined by `{AND}` or `{OR}`",
        "IMPLIES",
    ),
    LayForm(r"(?:lorsqu|quand\b|dès\s+lors\s+qu|dans\s+le\s+cas\s+où|en\s+cas\s+de|à\s+condition\s+qu)\w*", *_AS_IF, "_IF"),
    LayForm(
        r"(?:sauf|à\s+moins\s+qu|except[ée]\b|hormis)",
        "une exception se déclare à part : `{_EXCEPTION} nom {_OF} {head} {_IF} c {_IS} v`",
        "an exception is declared apart: `{_EXCEPTION} name {_OF} {head} {_IF} c {_IS} v`",
        "_IF",
    ),
    LayForm(
        r"sinon\b",
        "la condition vient d'abord : `{_IS} a {_IF} c {_OTHERWISE} b`",
        "the condition comes first: `{_IS} a {_IF} c {_OTHERWISE} b`",
        "_IF",
    ),
)
_BOUNDS = (
    LayForm(
        r"(?:dans\s+la\s+limite\s+de|limit[ée]e?\s+à|sans\s+dépasser|maximum\b|max\b)",
        "« {found} » s'écrit `{_CAPPED}`",
        "“{found}” is written `{_CAPPED}`",
        "_CAPPED",
    ),
    LayForm(
        r"(?:minimum\b|min\b|plancher\b)",
        "« {found} » s'écrit `{_AT_LEAST_WORD}`",
        "“{found}” is written `{_AT_LEAST_WORD}`",
        "_AT_LEAST_WORD",
    ),
    LayForm("", "« {found} » s'écrit `{_CAPPED}`", "“{found}” is written `{_CAPPED}`", before=r"\bau\s+plus\s+"),
    LayForm(r"maximum\b", "« {found} » s'écrit `{_CAPPED}`", "“{found}” is written `{_CAPPED}`", before=r"\bau\s+"),
    LayForm(r"minimum\b", "« {found} » s'écrit `{_AT_LEAST_WORD}`", "“{found}” is written `{_AT_LEAST_WORD}`", before=r"\bau\s+"),
    LayForm(
        r"arrondi\s+(?:au\s+centime|à\s+l)",
        "écrivez `{_ROUNDED} 0.01 € ({HALF_UP})`, avec le mode que dit le texte",
        "write `{_ROUNDED} 0.01 € ({HALF_UP})`, with the mode that the text says",
        "_ROUNDED",
    ),
    LayForm(
        r"l\s*['’]\s*(?:euro|unité)",
        "écrivez `{_ROUNDED} 1 € ({UP})`, avec le mode que dit le texte",
        "write `{_ROUNDED} 1 € ({UP})`, with the mode that the text says",
        before=r"\barrondi\s+à\s+",
    ),
)
_DECLARATIONS = (
    LayForm(r"(?:est|égale?|vaudra|:)(?!\w)", "écrivez `{_IS}` au lieu de `{found}`", "write `{_IS}` instead of `{found}`", "_IS"),
    LayForm(
        r"(?P<rest>\w+(?:[ -]+\w+)*)\s*:",
        "un nom s'écrit d'un seul mot : `{word}_{rest}`",
        "a name is one word: `{word}_{rest}`",
        "COLON",
        before=r"^\s*\w+\s+(?P<word>\w+)\s*-?\s*",
    ),
    LayForm(r"(?P<rest>\w+(?:[ -]+\w+)+)\s*:", "un nom s'écrit d'un seul mot : `{rest}`", "a name is one word: `{rest}`", "NAME"),
    LayForm(
        r"-\s*(?P<rest>\w+)\s*:",
        "un nom s'écrit d'un seul mot : `{word}_{rest}`",
        "a name is one word: `{word}_{rest}`",
        "COLON",
        before=r"^\s*\w+\s+(?P<word>\w+)\s*",
    ),
    LayForm(
        r"(?P<type>taux|montant|booléen|booleen|entier|date|points)\b",
        "il manque `:` avant `{type}`",
        "`:` is missing before `{type}`",
        "COLON",
    ),
    LayForm(
        r"(?:vaut\b|=)",
        "le nom est suivi de son type : `{head} : {T_RATE}`, `{head} : {T_MONEY}`, `{head} : {T_BOOLEAN}`…",
        "the name is followed by its type: `{head} : {T_RATE}`, `{head} : {T_MONEY}`, `{head} : {T_BOOLEAN}`…",
        "COLON",
    ),
    LayForm(
        r"\s*\Z", "une déclaration finit sans point : retirez `.`", "a declaration ends without a full stop: remove `.`", before=r"\.\s*"
    ),
    LayForm(r";\s*\Z", "une déclaration finit sans `;` : retirez-le", "a declaration ends without `;`: remove it"),
    LayForm(
        r"vaut\b",
        "une exception dit sa condition : `{_IF} c {_IS} v`",
        "an exception says its condition: `{_IF} c {_IS} v`",
        "_IF",
        before=r"^\s*exception\b[^\n]*",
    ),
    LayForm(
        r"de\b",
        "une exception a un nom : `{_EXCEPTION} nom {_OF} …`",
        "an exception has a name: `{_EXCEPTION} name {_OF} …`",
        "NAME",
        before=r"^\s*exception\s+",
    ),
    LayForm(
        r"si\b",
        "dites ce qu'elle écarte : `{_EXCEPTION} {head} {_OF} règle {_IF} c`",
        "say what it sets aside: `{_EXCEPTION} {head} {_OF} rule {_IF} c`",
        "_OF",
        before=r"^\s*exception\s+\w+\s+",
    ),
    LayForm(r"d\s*['’]\s*(?P<name>\w+)", "écrivez `{_OF} {name}`", "write `{_OF} {name}`", "_OF"),
)
_UNITS_OF_LAW = (
    LayForm(r"\s*\Z", 'il manque le titre : `"…"`', 'the title is missing: `"…"`', "STRING", before=r"^\s*(?:article|annexe)\s[^\"]*"),
    LayForm(r":\s*\"", "le titre suit le numéro, sans `:`", "the title follows the number, without `:`", "STRING"),
    LayForm(r"art\.?\s*(?P<number>[A-Z]?\.?\s?[0-9][\w.-]*)", "écrivez `{_ARTICLE} {number}`", "write `{_ARTICLE} {number}`"),
    LayForm(r"\w", "les mots de la loi s'écrivent entre `«` et `»`", "the words of the law stand between `«` and `»`", "QUOTATION"),
    LayForm(r":", "la flèche s'écrit `->`", "the arrow is written `->`", "_ARROW"),
    LayForm(
        r"si\b",
        "un test donne ses faits après `{_GIVEN}`, ce qui en vient après `{_EXPECT}`",
        "a test gives its facts after `{_GIVEN}`, and what follows from them after `{_EXPECT}`",
        "_GIVEN",
    ),
    LayForm(
        r"(?:sachant|attendu)\b",
        'un test a une date : `{_TEST} "…" {_AT} AAAA-MM-JJ`',
        'a test has a date: `{_TEST} "…" {_AT} YYYY-MM-DD`',
        "_AT",
    ),
)
_WORDS = (*_DATES, *_VALUES, *_CONDITIONS, *_BOUNDS, *_DECLARATIONS, *_UNITS_OF_LAW)


def lay_hint(text: str, start: int, accepts: frozenset[str], language: str) -> Phrase | None:
    """Return what to write instead of what stands at `start` of a declaration, in both languages.

    Words are looked up in texts of the French lexicon alone, signs in both.
    """
    for form in (*_SIGNS, *(_WORDS if language == "fr" else ())):
        if form.accepts and form.accepts not in accepts:
            continue
        at = _compiled(form.at).match(text, start)
        before = _compiled(rf"{form.before}\Z").search(text[max(0, start - _LOOK_BACK) : start]) if form.before else None
        if at is None or (form.before and before is None):
            continue
        if (words := _words(form, text, at, before, language)) is not None:
            return Phrase(form.french.format_map(words), form.english.format_map(words))
    return None


def _words(form: LayForm, text: str, at: re.Match[str], before: re.Match[str] | None, language: str) -> dict[str, str] | None:
    """Return what fills a hint; None where it tells a date and no date follows."""
    words: dict[str, str] = {terminal: spellings[0] for terminal, spellings in lexicon(language).keywords.items()}
    if "{date}" in form.french:
        written, plain = written_date(text, at.end()), _ISO.match(text, at.end())
        if written is None and plain is None:
            return None
        words["date"] = plain[0] if plain else written.iso if written else ""
    words["found"] = " ".join(f"{before[0] if before else ''}{at[0]}".split())
    head = _HEAD.match(text)
    words["head"] = head[1] if head else "nom"
    groups = at.groupdict() | (before.groupdict() if before else {})
    if "count" in groups:
        words["figures"] = str(_NUMBERS[groups["count"].lower()])
    return words | {name: re.sub(r"[\s-]+", "_", found) if name == "rest" else " ".join(found.split()) for name, found in groups.items()}


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE)
