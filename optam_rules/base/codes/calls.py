"""E7xx backend cannot, E8xx catalogue and calls, E9xx internal."""

from __future__ import annotations

from optam_rules.base.codes.entry import Code

CODES: tuple[Code, ...] = ()
