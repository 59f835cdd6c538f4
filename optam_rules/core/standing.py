"""What a clause rests on, from the text itself down to our own hypothesis (S11)."""

from __future__ import annotations

from enum import IntEnum


class Standing(IntEnum):
    """Ordered: the larger the stronger, so the weakest of several is their minimum."""

    HYPOTHESIS = 0
    DOCTRINE = 1
    CAISSE = 2
    TEXT = 3

    def __str__(self) -> str:
        return ("hypothèse", "doctrine", "caisse", "texte")[self]
