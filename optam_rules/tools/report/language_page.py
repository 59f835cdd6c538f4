"""From the grammar, the lexicons and the table of operators to the page docs/reference/mots.md: words, precedence, types, roundings.

Nothing of the language is written here a second time but the titles of its chapters.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import groupby

from optam_rules._resources import shipped
from optam_rules.base.numbers import Rounding, format_ratio, round_to
from optam_rules.base.suggestions import unaccented
from optam_rules.core.operators import Operator, combinations
from optam_rules.core.types import NUMERIC, ORDERED, Scalar
from optam_rules.syntax.lexicon import LANGUAGES, lexicon, lexicon_text

_PRECEDENCE = "Des parenthèses passent avant tout. Deux opérateurs d'un même rang s'appliquent comme dit la dernière colonne."
_ROUNDINGS = "Ce que devient un nombre arrondi à 1, selon le mode. Aucun mode n'est celui par défaut."
# The headings of the lexicon files, as the page says them.
_CHAPTERS = {
    "headers and amendments": "En-têtes et avenants",
    "units of law": "Unités de droit",
    "vocabulary": "Vocabulaire",
    "types": "Types",
    "definitions": "Définitions",
    "tests and properties": "Tests et propriétés",
    "conditions": "Conditions",
    "lists": "Listes",
    "time": "Temps",
    "literals": "Valeurs et unités",
}
# The rules of the grammar from the loosest operator to the tightest; each is written with the next one.
_LEVELS = ("expression", "disjunction", "conjunction", "negation", "comparison", "fallback", "sum", "product", "unary", "reach", "postfix")
_SIDES = {"left": "de gauche à droite", "right": "de droite à gauche", "none": "ne s'enchaîne pas"}
_ROUNDED = [Fraction(tenths, 10) for tenths in (14, 15, 16, 25, -14, -15, -16, -25)]
_OPENING = """# Les mots, les opérateurs, les types

Cette page est tirée de la grammaire, des deux lexiques et de la table des opérateurs : elle dit ce que l'outil lit. Le sens de chaque
construction, avec un exemple, est dans [le langage](langage.md).
"""


def language_page() -> str:
    """Return the page, in Markdown."""
    chapters = [
        ("Les mots", "Le mot que le formateur écrit, puis les autres formes admises. Les accents peuvent manquer.", list(_words())),
        ("Les opérateurs, du plus lâche au plus serré", _PRECEDENCE, list(_precedence())),
        ("Les opérations et leurs types", "Toute autre combinaison est une erreur (E302).", list(_types())),
        ("Les arrondis", _ROUNDINGS, list(_roundings())),
        ("Les mots réservés", "Un nom qui est l'un d'eux, accents ôtés ou non, s'écrit entre accents graves.", list(_reserved())),
    ]
    return _OPENING + "".join(f"\n## {title}\n\n{words}\n\n" + "\n".join(lines) + "\n" for title, words, lines in chapters)


def _words() -> Iterator[str]:
    """Yield a table of words for each chapter of the lexicon."""
    french, english = (lexicon(language).keywords for language in LANGUAGES)
    for title, terminals in _chapters():
        yield f"### {title}\n"
        yield from _table(["Français", "Autres formes", "English", "Other forms"])
        for terminal in terminals:
            cells = [cell for words in (french[terminal], english[terminal]) for cell in (_code(words[0]), _codes(words[1:]))]
            yield _row(cells)
        yield ""


def _chapters() -> Iterator[tuple[str, list[str]]]:
    """Yield the terminals under each heading of the French lexicon, in its order."""
    title = ""
    found: list[tuple[str, str]] = []
    for line in lexicon_text(LANGUAGES[0]).partition("[keywords]")[2].splitlines():
        if line.startswith("# "):
            title = _CHAPTERS[line[2:]]
        elif "=" in line:
            found.append((title, line.partition(" =")[0]))
    for name, pairs in groupby(found, key=lambda pair: pair[0]):
        yield name, [terminal for _, terminal in pairs]


def _precedence() -> Iterator[str]:
    """Yield the table of precedence, from the rules of the grammar."""
    rules = _rules()
    yield from _table(["Rang", "Opérateurs", "À la suite"])
    for rank, level in enumerate(_LEVELS, 1):
        terminals = dict.fromkeys(_terminals(rules, level, _LEVELS[rank:]))
        yield _row([str(rank), _codes([form for terminal in terminals for form in _forms(terminal)]), _SIDES[_side(rules[level], level)]])


def _rules() -> dict[str, str]:
    """Return the right-hand side of each rule of the grammar, comments aside."""
    lines = [line.partition("//")[0] for line in _grammar().splitlines()]
    text = "\n".join(lines)
    return {found[1]: found[2] for found in re.finditer(r"^\??(_?[a-z]\w*):((?:.|\n(?=\s))*)", text, re.MULTILINE)}


def _terminals(rules: dict[str, str], name: str, tighter: Sequence[str]) -> Iterator[str]:
    """Yield the terminals and quoted signs of a rule and of the rules that serve it alone, in order."""
    for symbol in re.findall(r'"[^"]+"|\w+', re.sub(r"->\s*\w+", "", rules[name])):
        if symbol.startswith('"') or symbol.strip("_").isupper():
            if symbol not in ("NAME", '"("', '")"', "DOWN", "UP"):
                yield symbol
        elif symbol.startswith("_") and symbol != "_date" and symbol not in tighter:
            yield from _terminals(rules, symbol, tighter)


def _side(rule: str, level: str) -> str:
    """Tell how operators of a rule follow each other: by the side on which the rule reads itself."""
    alternatives = [re.sub(r"->\s*\w+", "", alternative).split() for alternative in rule.split("|")]
    several = [symbols for symbols in alternatives if len(symbols) > 1]
    if any(symbols[0] == level for symbols in several):
        return "left"
    return "right" if any(symbols[-1] == level for symbols in several) else "none"


def _forms(terminal: str) -> list[str]:
    """Return how an operator is written: its word, or the signs of its terminal."""
    if terminal.startswith('"'):
        return [terminal.strip('"')]
    words = lexicon(LANGUAGES[0]).keywords.get(terminal)
    if words is not None:
        return [f"{words[0]} …)" if words[0].startswith("(") else words[0]]
    found = re.search(rf'^{terminal}(?:\.\d+)?: (?:"(.+)"|/(.+)/)$', _grammar(), re.MULTILINE)
    if found is None:
        raise LookupError(terminal)
    return [found[1]] if found[1] else found[2].split("|")


def _types() -> Iterator[str]:
    """Yield the table of operations, then what compares and what is rounded."""
    yield from _table(["Opération", "Résultat"])
    for operator, left, right, result in combinations():
        sign = "*" if operator is Operator.MULTIPLY else operator.value
        yield _row([_code(f"{left} {sign} {right}"), _code(str(result))])
    yield ""
    yield f"- `<`, `<=`, `>`, `>=` : deux valeurs d'un même type parmi {_listed(ORDERED)}."
    yield "- `=`, `≠` : deux valeurs d'un même type, quel qu'il soit."
    yield "- `plafonné à`, `au moins` : de même, et le résultat est de ce type."
    yield f"- `arrondi à` : {_listed(NUMERIC)}, le pas étant du même type."


def _roundings() -> Iterator[str]:
    yield from _table(["Mode", *(_code(format_ratio(number)) for number in _ROUNDED)])
    for mode in Rounding:
        yield _row([_code(mode.value), *(format_ratio(round_to(number, 1, mode)) for number in _ROUNDED)])


def _reserved() -> Iterator[str]:
    for language, title in zip(LANGUAGES, ("Dans un texte français", "Dans un texte en anglais"), strict=True):
        words = sorted(
            {word for spellings in lexicon(language).keywords.values() for word in spellings if re.fullmatch(r"\w+", word)}, key=unaccented
        )
        yield f"{title} : {_codes(words)}.\n"


def _grammar() -> str:
    return (shipped("grammar") / "convention.lark").read_text(encoding="utf-8")


def _listed(types: frozenset[Scalar]) -> str:
    return ", ".join(_code(str(type_)) for type_ in Scalar if type_ in types)


def _table(heads: Sequence[str]) -> list[str]:
    return [_row(heads), _row(["---"] * len(heads))]


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _codes(words: Sequence[str]) -> str:
    return ", ".join(map(_code, words))


def _code(text: str) -> str:
    return f"`{text}`"
