"""From the columns of a file to typed data, each with what makes a cell unfit; text of SQL, for any engine.

Nothing is guessed: a float column is refused (E503), a cell that is missing, that does not read or lies outside its declared bounds is a
fault of its line.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from enum import Enum

import attrs

from optam_rules.backends.sql.dialect import Dialect
from optam_rules.backends.sql.translate import MONEY, Translation
from optam_rules.base.diagnostics import Diagnostic, diagnose
from optam_rules.base.phrases import Phrase, did_you_mean
from optam_rules.base.suggestions import nearest
from optam_rules.core.program import EntitySpec, FieldSpec
from optam_rules.core.types import Scalar
from optam_rules.interop.hints import near_column

MISSING, UNREADABLE, NEGATIVE, OUT_OF_BOUNDS = "valeur_manquante", "valeur_illisible", "montant_negatif", "valeur_hors_bornes"
UNSEEN = "caractere_invisible"

_AMOUNT = "-?[0-9]{1,13}([.][0-9]{1,2})?"
_WHOLE = "-?[0-9]{1,18}"
_DAY = "[0-9]{4}-[0-9]{2}-[0-9]{2}"
_YES, _NO = ("vrai", "true", "oui"), ("faux", "false", "non")  # as in every table that is read


class Kind(Enum):
    """What the engine says that a column holds."""

    TEXT = "texte"
    TIDY = "texte sans blancs au bord ni caractère invisible"
    INTEGER = "entier"
    CENTS = "décimal à deux décimales au plus"
    DECIMAL = "décimal"
    FLOAT = "flottant"
    DATE = "date"
    BOOLEAN = "booléen"
    MOMENT = "date et heure"
    NOTHING = "vide"
    OTHER = "autre"

    @property
    def phrase(self) -> Phrase:
        """What messages call a column of this kind."""
        return Phrase(f"colonne de type {self.value}", f"column of type {_ENGLISH[self]}")


_ENGLISH = {
    Kind.TEXT: "text",
    Kind.TIDY: "text without blanks at its ends or invisible characters",
    Kind.INTEGER: "integer",
    Kind.CENTS: "decimal with two decimals at most",
    Kind.DECIMAL: "decimal",
    Kind.FLOAT: "float",
    Kind.DATE: "date",
    Kind.BOOLEAN: "boolean",
    Kind.MOMENT: "date and time",
    Kind.NOTHING: "empty",
    Kind.OTHER: "other",
}
_HINTS: Mapping[object, Phrase] = {
    Scalar.MONEY: Phrase(
        "donnez une colonne de décimaux exacts (DECIMAL), ou du texte", "give a column of exact decimals (DECIMAL), or text"
    ),
    Scalar.DATE: Phrase(
        "donnez une colonne de dates sans heure (DATE), ou du texte `2017-06-08`", "give dates without time (DATE), or text `2017-06-08`"
    ),
    Scalar.BOOLEAN: Phrase("donnez une colonne de booléens, ou du texte `oui`, `non`", "give a column of booleans, or text `oui`, `non`"),
    Scalar.INTEGER: Phrase("donnez des entiers, ou du texte", "give integers, or text"),
    Scalar.TEXT: Phrase("donnez des textes, ou des entiers", "give texts, or integers"),
}


@attrs.frozen
class Cell:
    """A datum of a line: its typed expression, the condition that it is fit, and its faults as (reason, condition)."""

    value: str
    fit: str
    faults: tuple[tuple[str, str], ...]


# The kinds of columns that each type of datum may be read from; text is read with care, all else as it is.
_TEXTS = (Kind.TEXT, Kind.TIDY)
_ACCEPTED: Mapping[object, Collection[Kind]] = {
    Scalar.MONEY: (*_TEXTS, Kind.INTEGER, Kind.CENTS, Kind.DECIMAL),
    Scalar.DATE: (*_TEXTS, Kind.DATE),
    Scalar.BOOLEAN: (*_TEXTS, Kind.BOOLEAN),
    Scalar.INTEGER: (*_TEXTS, Kind.INTEGER),
    Scalar.TEXT: (*_TEXTS, Kind.INTEGER),
}
_EMPTY: Mapping[object, str] = {Scalar.MONEY: MONEY, Scalar.DATE: "DATE", Scalar.BOOLEAN: "BOOLEAN", Scalar.INTEGER: "BIGINT"}


def column_faults(
    fields: Mapping[str, FieldSpec], columns: Mapping[str, str], kinds: Mapping[str, Kind], needed: Collection[str]
) -> Iterator[Diagnostic]:
    """Yield what is wrong with the columns of a file: one missing (E536), or of a kind that its datum is not read from (E502, E503)."""
    for name, field in fields.items():
        column = columns.get(name, name)
        kind = kinds.get(column)
        if kind is None:
            if name in needed or name in columns:
                near = nearest(column, [other for other in kinds if other not in fields])
                yield diagnose("E536", name=column, hint=near_column(near))
        elif kind is Kind.FLOAT:
            yield diagnose("E503", path=column, found=column, hint=_HINTS.get(field.type))
        elif kind is not Kind.NOTHING and kind not in _ACCEPTED.get(field.type, ()):
            yield diagnose("E502", path=column, wanted=str(field.type), found=kind.phrase, hint=_HINTS.get(field.type))


def unknown_data(entity: EntitySpec, columns: Mapping[str, str]) -> Iterator[Diagnostic]:
    """Yield the names that are given a column and are no datum of a line (E501)."""
    for name in columns:
        if name not in entity.fields:
            near = nearest(name, entity.fields)
            yield diagnose("E501", name=name, entity=entity.name, hint=did_you_mean(near))


def cell(field: FieldSpec, column: str, kind: Kind, translation: Translation) -> Cell:
    """Return how a datum is read from a column."""
    dialect = translation.dialect
    raw = dialect.identifier(column)
    present = f"NULLIF({dialect.trimmed(raw)}, '')" if kind is Kind.TEXT else raw
    value = _typed(field, present, kind, dialect)
    faults = [(f"{MISSING}:{field.name}", f"{present} IS NULL")]
    if value != present:
        reason = UNSEEN if field.type is Scalar.TEXT else UNREADABLE
        faults.append((f"{reason}:{field.name}", f"({present} IS NOT NULL AND {value} IS NULL)"))
    fit = []
    for limit, sign, opposite in ((field.low, ">=", "<"), (field.high, "<=", ">")):
        if limit is not None:
            bound = translation.constant(limit, field.type)
            negative = limit == 0 and sign == ">=" and field.type is Scalar.MONEY
            faults.append((f"{NEGATIVE if negative else OUT_OF_BOUNDS}:{field.name}", f"{value} {opposite} {bound}"))
            fit.append(f"{value} {sign} {bound}")
    return Cell(value, " AND ".join(fit) or f"{value} IS NOT NULL", tuple(faults))


def _typed(field: FieldSpec, present: str, kind: Kind, dialect: Dialect) -> str:
    match field.type, kind:
        case _, Kind.NOTHING:
            return f"CAST(NULL AS {_EMPTY.get(field.type, dialect.text_type)})"
        case Scalar.MONEY, Kind.TEXT | Kind.TIDY:
            return f"(CASE WHEN {dialect.matches(present, _AMOUNT)} THEN TRY_CAST({present} AS {MONEY}) END)"
        case Scalar.MONEY, Kind.INTEGER:
            return f"TRY_CAST({present} AS {MONEY})"
        case Scalar.MONEY, Kind.DECIMAL:
            # Finer than the cent: not rounded here, for whoever supplies the amount owns its rounding.
            return f"(CASE WHEN TRY_CAST({present} AS {MONEY}) = {present} THEN TRY_CAST({present} AS {MONEY}) END)"
        case Scalar.INTEGER, Kind.TEXT | Kind.TIDY:
            return f"(CASE WHEN {dialect.matches(present, _WHOLE)} THEN TRY_CAST({present} AS BIGINT) END)"
        case Scalar.DATE, Kind.TEXT | Kind.TIDY:
            return f"(CASE WHEN {dialect.matches(present, _DAY)} THEN TRY_CAST({present} AS DATE) END)"
        case Scalar.BOOLEAN, Kind.TEXT | Kind.TIDY:
            yes, no = dialect.texts(_YES), dialect.texts(_NO)
            return f"(CASE WHEN LOWER({present}) IN {yes} THEN TRUE WHEN LOWER({present}) IN {no} THEN FALSE END)"
        case Scalar.TEXT, Kind.TEXT:
            return f"(CASE WHEN {dialect.tidy(present)} THEN {present} END)"
        case Scalar.TEXT, Kind.INTEGER:
            return f"CAST({present} AS {dialect.text_type})"
        case _:
            return present
