"""The nearest known name to one that is not known."""

from __future__ import annotations

import difflib
import unicodedata
from collections.abc import Iterable


def unaccented(text: str) -> str:
    """Return the text in lower case without accents."""
    return "".join(c for c in unicodedata.normalize("NFD", text.lower()) if not unicodedata.combining(c))


def nearest(name: str, known: Iterable[str]) -> str | None:
    """Return the known name most like `name`, or `None` when none is near enough to be what was meant."""
    candidates = {unaccented(other): other for other in sorted(known)}
    found = difflib.get_close_matches(unaccented(name)[:100], candidates, n=1, cutoff=0.7)
    return candidates[found[0]] if found else None
