"""From JSON text to raw values: numbers by their own digits, repeated keys kept in sight, and no text that can exhaust the machine."""

from __future__ import annotations

import json
from decimal import Decimal, InvalidOperation

from optam_rules.base.diagnostics import Diagnostic, diagnose
from optam_rules.base.numbers import MAX_DIGITS
from optam_rules.base.phrases import Phrase
from optam_rules.base.source import Position, Source
from optam_rules.core.drafts import RepeatedKeys
from optam_rules.core.scalars import Overlong

_MAX_DECIMAL = 100  # characters, more than any number that is accepted
_EXCERPT = 400

_REASONS = {
    "Expecting value": Phrase("une valeur est attendue", "a value is expected"),
    "Expecting property name enclosed in double quotes": Phrase(
        "un nom de champ entre guillemets est attendu", "a field name between quotation marks is expected"
    ),
    "Expecting ':' delimiter": Phrase("`:` est attendu", "`:` is expected"),
    "Expecting ',' delimiter": Phrase("`,` est attendu", "`,` is expected"),
    "Unterminated string starting at": Phrase("cette chaîne ne se ferme pas", "this string does not close"),
    "Invalid control character at": Phrase(
        "un caractère de commande n'est pas admis dans une chaîne", "a control character is not allowed in a string"
    ),
    "Invalid \\escape": Phrase("cet échappement n'existe pas", "this escape does not exist"),
    "Invalid \\uXXXX escape": Phrase("quatre chiffres hexadécimaux sont attendus", "four hexadecimal digits are expected"),
    "Extra data": Phrase("du texte suit la fin de la valeur", "text follows the end of the value"),
    "Illegal trailing comma before end of object": Phrase(
        "une virgule précède la fin de l'objet", "a comma stands before the end of the object"
    ),
    "Illegal trailing comma before end of array": Phrase(
        "une virgule précède la fin de la liste", "a comma stands before the end of the list"
    ),
}


_UNEXPECTED = Phrase("texte inattendu", "unexpected text")


def parse_json(text: str, name: str, *, first_line: int = 1) -> tuple[object, Diagnostic | None]:
    """Read JSON text; the name of the file and the number of the text's first line tell the place of a syntax error."""
    try:
        return _DECODER.decode(text), None
    except json.JSONDecodeError as error:
        reason = _REASONS.get(error.msg.partition(": ")[0] if error.msg not in _REASONS else error.msg, _UNEXPECTED)
        line = first_line - 1 + error.lineno
        return None, diagnose("E530", _place(name, text, error, line), line=line, column=error.colno, reason=reason)
    except RecursionError:
        return None, diagnose("E532")


def _place(name: str, text: str, error: json.JSONDecodeError, number: int) -> Position:
    """Return the place of a syntax error in a source that holds its line alone: files may be larger than what an excerpt needs."""
    start = text.rfind("\n", 0, error.pos) + 1
    line = text[start : start + error.colno + _EXCERPT].partition("\n")[0]
    cut = "\n" * (number - 1) + line
    offset = min(number - 1 + error.colno - 1, len(cut))
    return Position(Source(name, cut, cut), offset, min(offset + 1, len(cut)))


def _object(pairs: list[tuple[str, object]]) -> object:
    content = dict(pairs)
    if len(content) == len(pairs):
        return content
    keys = [key for key, _ in pairs]
    return RepeatedKeys(content, tuple(key for key in content if keys.count(key) > 1))


def _integer(digits: str) -> object:
    return int(digits) if len(digits) <= MAX_DIGITS + 1 else Overlong(digits)


def _decimal(digits: str) -> object:
    if len(digits) > _MAX_DECIMAL:
        return Overlong(digits)
    try:
        return Decimal(digits)
    except InvalidOperation:  # an exponent beyond what Decimal itself holds
        return Overlong(digits)


_DECODER = json.JSONDecoder(object_pairs_hook=_object, parse_float=_decimal, parse_int=_integer, parse_constant=Decimal)
