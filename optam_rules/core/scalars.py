"""From one raw value (JSON, CSV or Python) to a constant of the core, or to the reason why it is none.

Numbers are read from their own digits and stay exact; nothing here knows of entities, bounds or absence.
"""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Callable, Mapping, Set
from decimal import Decimal
from fractions import Fraction
from functools import partial
from typing import Any, cast

import attrs

from optam_rules.base.calendar import Duration
from optam_rules.base.diagnostics import Diagnostic, diagnose
from optam_rules.base.numbers import MAX_DIGITS, Number, parse_decimal, simplify
from optam_rules.base.phrases import Phrase, Word, did_you_mean, write
from optam_rules.base.suggestions import nearest, unaccented
from optam_rules.core.ir import Scalarlike
from optam_rules.core.program import EnumSpec
from optam_rules.core.types import EnumType, Scalar, Type

MAX_TEXT = 1_000
_MAX_NUMBER_TEXT = 100
_SHOWN = 40
_LIMIT = 10**MAX_DIGITS
_MAX_DURATION = 9  # digits

_SPACES = " \N{NO-BREAK SPACE}\N{NARROW NO-BREAK SPACE}"
_PLAIN = re.compile(r"[+-]?[0-9]+(?:\.[0-9]+)?")
_AMOUNT = re.compile(r"([+-]?[0-9]+)(?:\.([0-9]{1,2}))?")
_WITH_UNIT = re.compile(rf"([+-]?[0-9.]+)[{_SPACES}]?(%|points?)")
_FRACTION = re.compile(r"([+-]?[0-9]+)/([0-9]+)")
_ISO_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_FRENCH_DATE = re.compile(r"([0-9]{1,2})[/.]([0-9]{1,2})[/.]([0-9]{4})")
_DURATION = re.compile(rf"([+-]?[0-9]{{1,{_MAX_DURATION}}})[{_SPACES}]?(jours?|mois|ans?)")
_CLUTTER = re.compile(r"[\s_'’€]|EUR", re.IGNORECASE)
_TRUE, _FALSE = frozenset({"vrai", "true", "oui"}), frozenset({"faux", "false", "non"})
_DIRECTIONS = frozenset({"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"})

# What is expected of each type, as messages say it.
_EXPECTED: dict[Type, Phrase] = {
    Scalar.BOOLEAN: Phrase("un booléen (true ou false)", "a boolean (true or false)"),
    Scalar.INTEGER: Phrase("un entier", "an integer"),
    Scalar.RATE: Phrase('un taux ("46.5 %" ou "0.465")', 'a rate ("46.5 %" or "0.465")'),
    Scalar.POINTS: Phrase('des points ("5 points" ou "0.05")', 'points ("5 points" or "0.05")'),
    Scalar.MONEY: Phrase('un montant en euros ("1234.56")', 'an amount in euros ("1234.56")'),
    Scalar.DATE: Phrase('une date ("2017-06-08")', 'a date ("2017-06-08")'),
    Scalar.TEXT: Phrase("un texte", "a text"),
    Scalar.DAYS: Phrase('une durée en jours ("30 jours")', 'a duration in days ("30 jours")'),
    Scalar.MONTHS: Phrase('une durée en mois ("6 mois")', 'a duration in months ("6 mois")'),
}


@attrs.frozen
class Refusal:
    """Why a raw value is refused: a code of the catalogue and the words of its message."""

    code: str
    words: Mapping[str, Word]
    hint: Phrase | None = None
    expected: tuple[Word, ...] = ()

    def at(self, path: str) -> Diagnostic:
        """Return the diagnostic of this refusal at a place of a record."""
        return diagnose(self.code, None, path=path, hint=self.hint, expected=self.expected, related=(), **self.words)


@attrs.frozen
class Overlong:
    """A number of a file left unread because of its size; readers put it where the number stood."""

    digits: str


def read_scalar(type_: Type, raw: object, enumerations: Mapping[str, EnumSpec]) -> Scalarlike | Refusal:
    """Read one value of a scalar or enumeration type."""
    if isinstance(type_, EnumType):
        return _read_value(enumerations[type_.name], raw)
    if not isinstance(type_, Scalar):
        raise TypeError(f"{type_} is not a scalar type")
    return _READERS[type_](raw)


def expected(type_: Type) -> Phrase:
    """Say what a value of the type looks like."""
    return _EXPECTED.get(type_) or Phrase(f"une valeur de `{type_}`", f"a value of `{type_}`")


def describe(raw: object) -> Word:
    """Name a raw value for a message: never long, never with a character that could drive a terminal, never descending into it."""
    match raw:
        case None:
            return "null"
        case bool():
            return f"`{str(raw).lower()}`"
        case str():
            return f'`"{shown(raw)}"`'
        case int() | Fraction() if _overlong(raw):
            # Not written out: the digits of a huge integer take a time of their own.
            bits = max(raw.numerator.bit_length(), raw.denominator.bit_length())
            digits = bits * 30103 // 100000
            return Phrase(f"environ {digits} chiffres", f"about {digits} digits")
        case Overlong(text):
            return f"`{shown(text)}`"
        case int() | Fraction() | Decimal() | float():
            return f"`{shown(str(raw))}`"
        case dt.date():
            return f"`{raw.isoformat()}`"
        case Mapping():
            return Phrase("un objet", "an object")
        case list() | tuple():
            return Phrase("une liste", "a list")
        case Set():
            return Phrase("un ensemble", "a set")
        case _:
            kind = shown(type(raw).__name__)
            return Phrase(f"une valeur Python de type `{kind}`", f"a Python value of type `{kind}`")


def shown(text: str) -> str:
    """Return a text cut short, with what cannot be printed replaced."""
    if len(text) <= _SHOWN and text.isprintable():
        return str.__str__(text)
    cut = text[:_SHOWN] + ("…" if len(text) > _SHOWN else "")
    return "".join(char if char.isprintable() else "\N{REPLACEMENT CHARACTER}" for char in cut)


def from_cell(type_: Type, text: str) -> Any:
    """Turn a cell of a table into a raw value of the type; a cell that does not fit stays as it is, for `read_scalar` to refuse."""
    match type_:
        case Scalar.BOOLEAN:
            word = text.lower()
            return True if word in _TRUE else False if word in _FALSE else text
        case Scalar.INTEGER if _PLAIN.fullmatch(text) and "." not in text:
            return int(text) if len(text) <= MAX_DIGITS else Overlong(text)
        case _:
            return text


def _mistyped(type_: Type, raw: object, hint: Phrase | None = None) -> Refusal:
    if isinstance(raw, float):
        form = f'`Decimal("{raw}")`'
        hint = Phrase(f"donnez une chaîne ou un `Decimal`, par exemple {form}", f"give a string or a `Decimal`, for example {form}")
        return Refusal("E503", {"found": str(raw)}, hint)
    if isinstance(raw, Overlong):
        return Refusal("E506", {"found": describe(raw)})
    return Refusal("E502", {"wanted": expected(type_), "found": describe(raw)}, hint)


def _malformed(type_: Type, raw: str, proposal: str | None) -> Refusal:
    hint = write(proposal) if proposal is not None else None
    return Refusal("E504", {"found": shown(raw), "wanted": expected(type_)}, hint)


# --- numbers -------------------------------------------------------------------------------------------------------------------


def _overlong(number: int | Fraction) -> bool:
    return not -_LIMIT < number.numerator < _LIMIT or number.denominator >= _LIMIT


def _overlong_decimal(number: Decimal) -> bool:
    if number.is_zero():
        return False
    # `adjusted` first: it bounds the exponent before any digit is laid out, so 1e999999 costs nothing.
    if not -MAX_DIGITS <= number.adjusted() < MAX_DIGITS:
        return True
    exponent = number.as_tuple().exponent
    return not isinstance(exponent, int) or exponent < -MAX_DIGITS or number.adjusted() - exponent >= MAX_DIGITS


def _exact(raw: int | Decimal | Fraction) -> Number | Refusal:
    """Return the exact number, or refuse one that is not finite or is beyond all measure."""
    if isinstance(raw, Decimal):
        if not raw.is_finite():
            return Refusal("E507", {"found": str(raw)})
        if _overlong_decimal(raw):
            return Refusal("E506", {"found": describe(raw)})
        return simplify(Fraction(raw)) if raw else 0
    if _overlong(raw):
        return Refusal("E506", {"found": describe(raw)})
    return int(raw) if isinstance(raw, int) else simplify(raw)


def _read_boolean(raw: object) -> bool | Refusal:
    return raw if isinstance(raw, bool) else _mistyped(Scalar.BOOLEAN, raw)


def _read_integer(raw: object) -> int | Refusal:
    match raw:
        case bool():
            return _mistyped(Scalar.INTEGER, raw)
        case int() | Decimal() | Fraction():
            number = _exact(raw)
            return number if isinstance(number, int | Refusal) else _mistyped(Scalar.INTEGER, raw)
        case str() if _PLAIN.fullmatch(raw):
            return _mistyped(
                Scalar.INTEGER, raw, Phrase(f"écrivez {shown(raw)} sans guillemets", f"write {shown(raw)} without quotation marks")
            )
        case _:
            return _mistyped(Scalar.INTEGER, raw)


def _read_money(raw: object) -> int | Refusal:
    if isinstance(raw, str) and len(raw) <= MAX_DIGITS and (match := _AMOUNT.fullmatch(raw)):
        return int(match[1] + (match[2] or "").ljust(2, "0"))  # the common form, without a fraction on the way
    amount = _read_number(Scalar.MONEY, raw)
    if isinstance(amount, Refusal):
        return amount
    cents = amount * 100
    return int(cents) if cents.denominator == 1 else Refusal("E505", {"found": str(describe(raw)).strip("`")})


def _read_number(type_: Type, raw: object) -> Number | Refusal:
    match raw:
        case bool():
            return _mistyped(type_, raw)
        case int() | Decimal() | Fraction():
            return _exact(raw)
        case str():
            return _number_of_text(type_, str.__str__(raw))
        case _:
            return _mistyped(type_, raw)


def _number_of_text(type_: Type, text: str) -> Number | Refusal:
    if len(text) > _MAX_NUMBER_TEXT:
        return Refusal("E506", {"found": describe(text)})
    if _PLAIN.fullmatch(text):
        number = parse_decimal(text)
        if number is None or _overlong(number):
            return Refusal("E506", {"found": describe(text)})
        if type_ is Scalar.MONEY and len(text.partition(".")[2]) > 2:
            return Refusal("E505", {"found": shown(text)})
        return number
    found = _ratio_of_text(type_, text) if type_ is not Scalar.MONEY else None
    return found if found is not None else _malformed(type_, text, _proposal(type_, text))


def _ratio_of_text(type_: Type, text: str) -> Number | Refusal | None:
    """Read `46.5 %`, `5 points` (of points only) or `23/60`, the form that is printed where no decimal is exact."""
    if match := _WITH_UNIT.fullmatch(text):
        number = parse_decimal(match[1])
        if number is None or (match[2] != "%" and type_ is not Scalar.POINTS):
            return None
        return simplify(Fraction(number) / 100)
    if match := _FRACTION.fullmatch(text):
        if max(len(match[1].lstrip("+-")), len(match[2])) > MAX_DIGITS:
            return Refusal("E506", {"found": describe(text)})
        denominator = int(match[2])
        return simplify(Fraction(int(match[1]), denominator)) if denominator else None
    return None


def _proposal(type_: Type, text: str) -> str | None:
    """Guess the form meant by `1 234,56 €` or `46,5 %`; nothing where a comma could also part thousands."""
    clean = _CLUTTER.sub("", text)
    unit = ""
    units = {Scalar.RATE: "%", Scalar.POINTS: "%|points?"}.get(cast("Scalar", type_))
    if units and (match := re.fullmatch(rf"(.*?)({units})", clean)):
        clean, unit = match[1], f" {match[2]}"
    if clean.count(",") == 1 and "." not in clean:
        clean = clean.replace(",", ".")
    elif re.fullmatch(r"[+-]?[0-9]{1,3}(,[0-9]{3})+\.[0-9]+", clean):
        clean = clean.replace(",", "")
    if not _PLAIN.fullmatch(clean) or (type_ is Scalar.MONEY and len(clean.partition(".")[2]) > 2):
        return None
    return clean + unit


# --- dates, durations, texts, enumerations -------------------------------------------------------------------------------------


def _read_date(raw: object) -> dt.date | Refusal:
    match raw:
        case dt.datetime():
            return _mistyped(
                Scalar.DATE, raw, Phrase("donnez la date sans l'heure (`.date()`)", "give the date without the time (`.date()`)")
            )
        case dt.date():
            return raw
        case str() if _ISO_DATE.fullmatch(raw):
            day = _day(raw)
            return day if day is not None else Refusal("E508", {"found": shown(raw)})
        case str():
            return _malformed(Scalar.DATE, raw, _date_proposal(raw))
        case _:
            return _mistyped(Scalar.DATE, raw)


def _day(text: str) -> dt.date | None:
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        return None


def _date_proposal(text: str) -> str | None:
    match = _FRENCH_DATE.fullmatch(text.strip())
    iso = f"{match[3]}-{int(match[2]):02d}-{int(match[1]):02d}" if match else text.strip()[:10]
    return iso if _ISO_DATE.fullmatch(iso) and _day(iso) else None


def _read_text(raw: object) -> str | Refusal:
    if not isinstance(raw, str):
        number = isinstance(raw, int) and not isinstance(raw, bool)
        return _mistyped(Scalar.TEXT, raw, Phrase("mettez-le entre guillemets", "put it between quotation marks") if number else None)
    if len(raw) > MAX_TEXT:
        return Refusal("E521", {"limit": str(MAX_TEXT), "found": str(len(raw))})
    for char in () if raw.isascii() and raw.isprintable() else raw:
        # Control characters drive terminals, bidirectional ones turn lines over, lone surrogates cannot be written as UTF-8.
        if unicodedata.category(char) in ("Cc", "Cs", "Zl", "Zp") or unicodedata.bidirectional(char) in _DIRECTIONS:
            return Refusal("E520", {"found": f"U+{ord(char):04X}"})
    return str.__str__(raw)


def _read_duration(type_: Type, raw: object) -> Duration | Refusal:
    unit = "jours" if type_ is Scalar.DAYS else "mois"
    match raw:
        case Duration(count, found) if found == unit and abs(count) < 10**_MAX_DURATION:
            return raw
        case Duration():
            return Refusal("E504", {"found": str(raw), "wanted": expected(type_)})
        case str():
            match = _DURATION.fullmatch(raw)
            if match is None or (match[2][0] == "j") != (unit == "jours"):
                return _malformed(type_, raw, None)
            return Duration(int(match[1]) * (12 if match[2][0] == "a" else 1), unit)
        case _:
            return _mistyped(type_, raw)


def _read_value(spec: EnumSpec, raw: object) -> str | Refusal:
    if not isinstance(raw, str):
        return _mistyped(EnumType(spec.name), raw)
    word = str.__str__(raw)
    if word in spec.values:
        return word
    near = _value_meant(spec, word)
    return Refusal(
        "E509",
        {"found": shown(word), "enumeration": spec.name},
        did_you_mean(near),
        tuple(spec.values),
    )


def _value_meant(spec: EnumSpec, word: str) -> str | None:
    plain = unaccented(word[:_MAX_NUMBER_TEXT].strip())
    labelled = next((value for value, label in spec.values.items() if unaccented(label) == plain), None)
    return labelled or nearest(re.sub(r"[\s'’-]+", "_", plain), spec.values)


_READERS: Mapping[Scalar, Callable[[object], Scalarlike | Refusal]] = {
    Scalar.BOOLEAN: _read_boolean,
    Scalar.INTEGER: _read_integer,
    Scalar.RATE: partial(_read_number, Scalar.RATE),
    Scalar.POINTS: partial(_read_number, Scalar.POINTS),
    Scalar.MONEY: _read_money,
    Scalar.DATE: _read_date,
    Scalar.TEXT: _read_text,
    Scalar.DAYS: partial(_read_duration, Scalar.DAYS),
    Scalar.MONTHS: partial(_read_duration, Scalar.MONTHS),
}
