"""The limits on a file of the language (S12); each has its code."""

from __future__ import annotations

import attrs

from optam_rules.base.numbers import MAX_DIGITS


@attrs.frozen
class Limits:
    """What a file may hold at most; beyond, a diagnostic."""

    file_bytes: int = 1 << 20
    nesting: int = 100
    declarations: int = 10_000
    digits: int = MAX_DIGITS
    name_length: int = 100
    items: int = 10_000
    diagnostics: int = 200


DEFAULT = Limits()
