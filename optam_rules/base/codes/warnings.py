"""Wxxx: warnings."""

from __future__ import annotations

from optam_rules.base.codes.entry import Code

CODES: tuple[Code, ...] = ()
