"""A table of typical wrong forms, each with the hint that sets it right; the first that fits a refusal speaks."""

from __future__ import annotations

import re
from collections.abc import Callable, Set

import attrs

from optam_rules.base.phrases import Phrase, did_you_mean, write
from optam_rules.base.suggestions import nearest, unaccented
from optam_rules.syntax.expected import CLAUSES, EXPRESSIONS, FOLDS, UNITS, suggestion
from optam_rules.syntax.lay_forms import lay_hint
from optam_rules.syntax.lexicon import lexicon
from optam_rules.syntax.scan import DECLARATIONS
from optam_rules.syntax.written_dates import written_date

_COMPARISONS = frozenset({"EQUAL", "NOT_EQUAL", "LESS", "AT_MOST", "GREATER", "AT_LEAST", "AMONG", "CONTAINS"})
_CLOSING = frozenset({"RBRACE", "RPAR", "RIGHT_BRACKET", "$END", "_EXPECT", "_GIVEN", "_IS"})
_CALL = re.compile(r"([^\W\d]\w{0,100})\(\s{0,20}[\w.]{0,150}\s{0,20}\Z")
_QUOTES = frozenset("«“”„‘'‚")


@attrs.frozen
class Refusal:
    """What the parser refused: the text at [start, end) of a piece, after the token `previous`; `accepts` are terminals."""

    language: str
    text: str = attrs.field(repr=False)
    start: int
    end: int
    terminal: str | None  # None: characters that open no terminal
    accepts: frozenset[str]
    previous: str  # terminal of the token before, or ""
    previous_start: int
    takes_as_name: Callable[[], bool]

    @property
    def found(self) -> str:
        """Return the text refused."""
        return self.text[self.start : self.end]

    @property
    def at_end(self) -> bool:
        """Tell whether the piece stops too early."""
        return self.terminal == "$END"

    @property
    def opens_line(self) -> bool:
        """Tell whether nothing stands before on the line."""
        return not self.text[self.text.rfind("\n", 0, self.start) + 1 : self.start].strip()

    def word(self, terminal: str) -> str:
        """Return the keyword of a terminal in the file's own lexicon."""
        return lexicon(self.language).word(terminal)


@attrs.frozen
class Advice:
    """What to tell: a hint, and where the form has a code of its own the code and the stretch that it is about."""

    hint: Phrase | None
    code: str | None = None
    start: int = 0
    end: int = 0
    found: str = ""


def advice(refusal: Refusal) -> Advice | None:
    """Return the advice of the first wrong form that fits."""
    return next((found for form in _FORMS if (found := form(refusal)) is not None), None)


# --- forms with a code of their own --------------------------------------------------------------------------------------------


def _decimal_comma(r: Refusal) -> Advice | None:
    before = re.search(r"[0-9_\u00a0\u202f]+$", r.text[max(0, r.start - 60) : r.start])
    after = re.compile(r",([0-9]{1,40})").match(r.text, r.start)
    if before is None or after is None:
        return None
    right = f"{before[0]}.{after[1]}"
    start = r.start - len(before[0])
    return Advice(write(right), "E113", start, after.end(), r.text[start : after.end()])


def _french_date(r: Refusal) -> Advice | None:
    # Refused at its first number where only a date may stand, at what follows that number elsewhere.
    start = r.start if "DATE" in r.accepts else r.previous_start if r.previous == "NUMBER" else None
    if start is None:
        return None
    found = written_date(r.text, start)
    return Advice(write(found.iso), "E114", start, found.end, found.text) if found is not None else None


def _reserved_name(r: Refusal) -> Advice | None:
    if r.found in lexicon(r.language).reserved and "NAME" in r.accepts and r.takes_as_name():
        hint = Phrase(f"pour en faire un nom, écrivez `` `{r.found}` ``", f"to make it a name, write `` `{r.found}` ``")
        return Advice(hint, "E112", r.start, r.end, r.found)
    return None


def _aggregate_as_name(r: Refusal) -> Advice | None:
    if r.previous not in FOLDS or "LPAR" not in r.accepts:
        return None
    found = r.text[r.previous_start : r.start].strip()
    hint = Phrase(
        f"pour en faire un nom, écrivez `` `{found}` `` ; sinon une parenthèse suit : `{found}(…)`",
        f"to make it a name, write `` `{found}` ``; otherwise a parenthesis follows: `{found}(…)`",
    )
    return Advice(hint, "E112", r.previous_start, r.previous_start + len(found), found)


def _function_call(r: Refusal) -> Advice | None:
    in_test = re.match(rf"\s*(?:{lexicon(r.language).pattern('_TEST')})", r.text) is not None
    called = _CALL.search(r.text, max(0, r.start - 300), r.start)
    if in_test or called is None or called[1] in lexicon(r.language).reserved or "NUMBER" in r.accepts or not {"EQUAL", "RPAR"} & r.accepts:
        return None
    folds = {spelling for fold in FOLDS for spelling in lexicon(r.language).keywords[fold]}
    near = nearest(called[1], folds) or next((fold for fold in sorted(folds) if fold.startswith(unaccented(called[1]))), None)
    hint = did_you_mean(f"{near}({{ a ; b }})") if near and len(called[1]) > 2 else None
    return Advice(hint, "E126", called.start(1), called.end(1), called[1])


def _cut_keyword(r: Refusal) -> Advice | None:
    """Recognise a keyword of two words whose first was taken for a name."""
    words = lexicon(r.language)
    both = " ".join(r.text[r.previous_start : r.end].split())
    if r.previous != "NAME" or " " not in both:
        return None
    if not any(re.fullmatch(words.pattern(terminal), both) for terminal in words.keywords):
        return None
    return Advice(None, "E110", r.previous_start, r.end, both)


# --- forms that only a hint sets apart -----------------------------------------------------------------------------------------


def _lay_form(r: Refusal) -> Advice | None:
    hint = lay_hint(r.text, r.start, r.accepts, r.language)
    return Advice(hint) if hint is not None else None


def _equals_for_is(r: Refusal) -> Advice | None:
    if r.terminal == "EQUAL" and "_IS" in r.accepts:
        return Advice(_instead(r.word("_IS"), "="))
    if r.terminal == "_IS" and "EQUAL" in r.accepts:
        return Advice(_instead("=", r.found))
    return None


def _then(r: Refusal) -> Advice | None:
    form = f"`{r.word('_IS')} a {r.word('_IF')} c`"
    value_first = Phrase(f"la valeur vient avant sa condition : {form}", f"the value comes before its condition: {form}")
    if r.previous == "_IS" and r.terminal == "_IF":
        return Advice(value_first)
    if r.found.lower() in {"alors", "then"}:
        return Advice(_instead(r.word("_IS"), r.found) if "_IS" in r.accepts else value_first)
    return None


def other_lexicon(found: str, accepts: Set[str], language: str) -> Phrase | None:
    """Return the hint for a word of the other lexicon whose sense would be accepted here."""
    other = "en" if language == "fr" else "fr"
    terminal = lexicon(other).reserved.get(found)
    meant = terminal in accepts or ("$END" in accepts and terminal in DECLARATIONS)
    if terminal is None or not meant or found in lexicon(language).reserved:
        return None
    word = lexicon(language).word(terminal)
    return Phrase(
        f"écrivez `{word}`, ou choisissez l'autre lexique par `langue {other}` en première ligne",
        f"write `{word}`, or choose the other lexicon with `langue {other}` on the first line",
    )


def _other_lexicon(r: Refusal) -> Advice | None:
    hint = other_lexicon(r.found, r.accepts, r.language)
    return Advice(hint) if hint is not None else None


def _missing_is(r: Refusal) -> Advice | None:
    if "_IS" not in r.accepts or r.terminal not in EXPRESSIONS or suggestion(r.found, r.accepts, r.language):
        return None
    return Advice(_missing(r.word("_IS"), r.found))


def _double_equals(r: Refusal) -> Advice | None:
    if r.terminal == "EQUAL" and r.previous == "EQUAL":
        return Advice(Phrase("l'égalité s'écrit d'un seul `=`", "equality is written with a single `=`"))
    if r.terminal == "GREATER" and r.previous == "LESS":
        return Advice(Phrase("« différent de » s'écrit `≠` ou `!=`", "“different from” is written `≠` or `!=`"))
    return None


def _arrow(r: Refusal) -> Advice | None:
    if r.text.startswith("=>", r.start) and "_ARROW" in r.accepts:
        return Advice(Phrase("la flèche s'écrit `->`", "the arrow is written `->`"))
    return None


def _chained_comparison(r: Refusal) -> Advice | None:
    if r.terminal in _COMPARISONS and "AND" in r.accepts:
        form = f"`a < b {r.word('AND')} b < c`"
        return Advice(Phrase(f"les comparaisons ne s'enchaînent pas : écrivez {form}", f"comparisons do not chain: write {form}"))
    return None


def _spaced_thousands(r: Refusal) -> Advice | None:
    if r.previous != "NUMBER" or r.terminal != "NUMBER":
        return None
    before = r.text[r.previous_start : r.start].strip()
    form = f"`{before}_{r.found}`"
    return Advice(Phrase(f"entre les milliers, écrivez `_` : {form}", f"between thousands, write `_`: {form}"))


def _times(r: Refusal) -> Advice | None:
    if r.found in {"x", "X"} and "STAR" in r.accepts:
        return Advice(Phrase("la multiplication s'écrit `*`", "multiplication is written `*`"))
    return None


def _unit_word(r: Refusal) -> Advice | None:
    if r.found.lower() in {"euro", "euros", "eur"} and "_EURO" in r.accepts:
        return Advice(Phrase("les montants s'écrivent avec `€`", "amounts are written with `€`"))
    if r.found.lower() in {"pourcent", "pourcents", "percent"} and "PERCENT" in r.accepts:
        return Advice(Phrase("les taux s'écrivent avec `%`", "rates are written with `%`"))
    return None


def _no_such_unit(r: Refusal) -> Advice | None:
    if r.previous != "NUMBER" or r.terminal != "NAME" or "PERCENT" not in r.accepts or suggestion(r.found, r.accepts, r.language):
        return None
    return Advice(Phrase(f"un compte s'écrit sans unité : retirez `{r.found}`", f"a count is written without a unit: remove `{r.found}`"))


def _quotes(r: Refusal) -> Advice | None:
    if r.found[:1] in _QUOTES and "STRING" in r.accepts:
        return Advice(
            Phrase('un texte s\'écrit entre guillemets droits : `"…"`', 'a string is written between straight quotation marks: `"…"`')
        )
    if r.terminal == "STRING" and "QUOTATION" in r.accepts:
        return Advice(Phrase("les mots de la loi s'écrivent entre `«` et `»`", "the words of the law are written between `«` and `»`"))
    if r.terminal == "STRING" and "ARTICLE_NUMBER" in r.accepts:
        clause = r.word("_CLAUSE")
        return Advice(Phrase(f'sans numéro connu, écrivez `{clause} nom "…"`', f'where the number is not known, write `{clause} name "…"`'))
    return None


def _foreign_logic(r: Refusal) -> Advice | None:
    if r.found[:1] == "&" and "AND" in r.accepts:
        return Advice(Phrase(f"« et » s'écrit `{r.word('AND')}`", f"“and” is written `{r.word('AND')}`"))
    if r.text.startswith("||", r.start):
        return Advice(Phrase(f"« ou » s'écrit `{r.word('OR')}`", f"“or” is written `{r.word('OR')}`"))
    if r.found[:1] == "!" and "_NOT" in r.accepts:
        return Advice(Phrase(f"la négation s'écrit `{r.word('_NOT')}`", f"negation is written `{r.word('_NOT')}`"))
    return None


def _comma(r: Refusal) -> Advice | None:
    if r.found != ",":
        return None
    if "SEMICOLON" in r.accepts:
        return Advice(Phrase("le séparateur est `;`", "the separator is `;`"))
    return Advice(Phrase("la virgule n'a pas d'emploi dans la langue", "the comma has no use in the language"))


def _bare_list(r: Refusal) -> Advice | None:
    if r.terminal == "SEMICOLON":
        return Advice(
            Phrase("plusieurs valeurs se tiennent entre accolades : `{ a ; b }`", "several values stand between braces: `{ a ; b }`")
        )
    return None


def _missing_separator(r: Refusal) -> Advice | None:
    if "SEMICOLON" not in r.accepts or r.terminal not in EXPRESSIONS or suggestion(r.found, r.accepts, r.language):
        return None
    return Advice(_missing(";", r.found))


def _last_separator(r: Refusal) -> Advice | None:
    if r.previous == "SEMICOLON" and r.terminal in _CLOSING:
        return Advice(
            Phrase("`;` sépare deux éléments : retirez celui qui précède", "`;` separates two items: remove the one that stands before")
        )
    return None


def _rounding_mode(r: Refusal) -> Advice | None:
    if "LPAR" in r.accepts and (r.previous in UNITS or r.previous == "NUMBER"):
        modes = ", ".join(f"`({r.word(mode)})`" for mode in ("HALF_UP", "HALF_EVEN", "DOWN", "UP"))
        return Advice(Phrase(f"dites le mode de l'arrondi : {modes}", f"say the rounding mode: {modes}"))
    return None


def _late_clause(r: Refusal) -> Advice | None:
    if r.terminal not in CLAUSES - {"STRING"} or r.terminal in r.accepts:
        return None
    heads = ", ".join(f"`{r.word(terminal)}`" for terminal in ("_IS", "_IF", "_BY"))
    return Advice(
        Phrase(
            f"les précisions se placent avant le corps de la déclaration : avant {heads} ou `=`",
            f"clauses come before the body of the declaration: before {heads} or `=`",
        )
    )


def _instead(right: str, wrong: str) -> Phrase:
    return Phrase(f"écrivez `{right}` au lieu de `{wrong}`", f"write `{right}` instead of `{wrong}`")


def _missing(word: str, before: str) -> Phrase:
    return Phrase(f"il manque `{word}` avant `{before}`", f"`{word}` is missing before `{before}`")


_FORMS: tuple[Callable[[Refusal], Advice | None], ...] = (
    _decimal_comma,
    _french_date,
    _lay_form,
    _equals_for_is,
    _then,
    _double_equals,
    _arrow,
    _function_call,
    _cut_keyword,
    _other_lexicon,
    _chained_comparison,
    _aggregate_as_name,
    _reserved_name,
    _spaced_thousands,
    _times,
    _unit_word,
    _quotes,
    _foreign_logic,
    _comma,
    _bare_list,
    _last_separator,
    _rounding_mode,
    _late_clause,
    _missing_is,
    _missing_separator,
    _no_such_unit,
)
