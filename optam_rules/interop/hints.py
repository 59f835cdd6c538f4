"""Hints that readers of several formats share."""

from __future__ import annotations

from collections.abc import Iterable

from optam_rules.base.phrases import Phrase
from optam_rules.core.scalars import shown


def known_codes(codes: Iterable[str]) -> Phrase:
    """Return the hint that lists the codes of a nomenclature."""
    listed = ", ".join(codes)
    return Phrase(f"codes connus : {listed}", f"known codes: {listed}")


def near_column(near: str | None) -> Phrase | None:
    """Return the hint that names a column that may be the one missing, if there is one."""
    return Phrase(f"le fichier a une colonne `{shown(near)}`", f"the file has a column `{shown(near)}`") if near else None


def already_fills(column: str, field: str) -> Phrase:
    """Say which column fills a field that another one names too."""
    return Phrase(f"`{column}` remplit déjà `{field}`", f"`{column}` already fills `{field}`")
