"""From a date as lawyers write it (24/10/2016, 24.10.2016, 1er octobre 2016, 2016-1-5) to the date of the language."""

from __future__ import annotations

import re

import attrs

from optam_rules.base.suggestions import unaccented

_MONTHS = ("janvier", "fevrier", "mars", "avril", "mai", "juin", "juillet", "aout", "septembre", "octobre", "novembre", "decembre")
_NUMERIC = re.compile(r"([0-9]{1,2})[/.-]([0-9]{1,2})[/.-]([0-9]{4})(?![0-9])")
_LOOSE = re.compile(r"([0-9]{4})[-/.]([0-9]{1,2})[-/.]([0-9]{1,2})(?![0-9])")
_WRITTEN = re.compile(r"([0-9]{1,2})(?:er)?\s+([^\W\d_]+)\s+([0-9]{4})(?![0-9])")


@attrs.frozen
class WrittenDate:
    """A date met in a text: as written, up to `end`, and in the form `AAAA-MM-JJ`."""

    text: str
    end: int
    iso: str


def written_date(text: str, start: int) -> WrittenDate | None:
    """Return the date that stands at `start`; its day need not exist."""
    for pattern, order in ((_NUMERIC, (3, 2, 1)), (_LOOSE, (1, 2, 3)), (_WRITTEN, (3, 2, 1))):
        found = pattern.match(text, start)
        if found is None:
            continue
        year, month, day = (found[group] for group in order)
        if pattern is _WRITTEN:
            if unaccented(month) not in _MONTHS:
                continue
            month = str(_MONTHS.index(unaccented(month)) + 1)
        return WrittenDate(found[0], found.end(), f"{year}-{month:0>2}-{day:0>2}")
    return None
