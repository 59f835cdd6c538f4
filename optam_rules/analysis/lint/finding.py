"""What a lint gives: a warning, and the edits that mend it where mending is safe."""

from __future__ import annotations

import attrs

from optam_rules.base.diagnostics import Diagnostic


@attrs.frozen
class Edit:
    """Put `text` in the place of what stands from `start` to `end`, offsets in the text as written."""

    start: int
    end: int
    text: str


@attrs.frozen
class Finding:
    """A warning. `edits` mend it without changing what the text means; empty where only its author can tell."""

    diagnostic: Diagnostic
    edits: tuple[Edit, ...] = ()
