"""The types of the language, dimensions included."""

from __future__ import annotations

from enum import Enum

import attrs


class Scalar(Enum):
    """Types without parameter; the value is the French keyword."""

    BOOLEAN = "booléen"
    INTEGER = "entier"
    RATE = "taux"
    POINTS = "points"
    MONEY = "montant"
    DATE = "date"
    TEXT = "chaîne"
    DAYS = "durée en jours"
    MONTHS = "durée en mois"

    def __str__(self) -> str:
        return self.value


@attrs.frozen
class EnumType:
    """An enumeration, or the readings of a named hypothesis."""

    name: str

    def __str__(self) -> str:
        return self.name


@attrs.frozen
class EntityType:
    """A record of the vocabulary."""

    name: str

    def __str__(self) -> str:
        return self.name


@attrs.frozen
class ListType:
    """An ordered list."""

    item: Type

    def __str__(self) -> str:
        return f"liste de {self.item}"


@attrs.frozen
class SetType:
    """A set; its items are scalars or values of an enumeration."""

    item: Type

    def __str__(self) -> str:
        return f"ensemble de {self.item}"


Type = Scalar | EnumType | EntityType | ListType | SetType

NUMERIC = frozenset({Scalar.INTEGER, Scalar.RATE, Scalar.POINTS, Scalar.MONEY})
ORDERED = NUMERIC | {Scalar.DATE, Scalar.DAYS, Scalar.MONTHS}
