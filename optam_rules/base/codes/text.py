"""E1xx: the text cannot be read as the language."""

from __future__ import annotations

from optam_rules.base.codes.entry import Code

CODES: tuple[Code, ...] = ()
