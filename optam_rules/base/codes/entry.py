"""The form of a catalogue entry, and how families of entries make one catalogue."""

from __future__ import annotations

from types import MappingProxyType

import attrs


@attrs.frozen
class Code:
    """A code with its wording in one language: `message` and `hint` in lower case, no final period; `{}` fields filled at the raise site.

    `meaning` says in a sentence or two why this is refused, `remedy` what to do; both feed `optam explain` and the reference.
    """

    code: str
    title: str
    message: str
    meaning: str
    remedy: str
    hint: str | None = None


def merged(*families: tuple[Code, ...]) -> MappingProxyType[str, Code]:
    """Return the entries of all families by code, in order; raise ValueError where a code stands twice."""
    entries: dict[str, Code] = {}
    for family in families:
        for entry in family:
            if entry.code in entries:
                raise ValueError(f"code {entry.code} stands twice in the catalogue")
            entries[entry.code] = entry
    return MappingProxyType(dict(sorted(entries.items())))
