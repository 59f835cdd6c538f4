"""E4xx: priorities, completeness and intervals of validity."""

from __future__ import annotations

from optam_rules.base.codes.entry import Code

CODES: tuple[Code, ...] = ()
