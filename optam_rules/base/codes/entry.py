"""The form of a catalogue entry."""

from __future__ import annotations

import attrs


@attrs.frozen
class Code:
    """A code with its wording: `message` and `hint` in French, lower case, no final period; `{}` fields filled at the raise site.

    `meaning` says in a sentence or two why this is refused, `remedy` what to do; both feed `optam explain` and the reference.
    """

    code: str
    title: str
    message: str
    meaning: str
    remedy: str
    hint: str | None = None
