"""From the extra `web` to what writes pages, or to a message that names the extra where it is missing."""

from __future__ import annotations

import importlib.util
from collections.abc import Callable

from optam_rules.analysis.coverage.measure import PackCoverage
from optam_rules.base.diagnostics import diagnose
from optam_rules.base.errors import MissingExtraError


def page_writer() -> Callable[[PackCoverage], str]:
    """Return what writes a coverage as a page. Raises MissingExtraError (E701) where jinja2 is not installed."""
    if importlib.util.find_spec("jinja2") is None:
        hint = 'pip install "optam-rules[web]"'
        raise MissingExtraError([diagnose("E701", what="--coverage-html", library="jinja2", hint=hint)])
    # Imported here: jinja2 is an extra.
    from optam_rules.tools.report.coverage_page import coverage_page

    return coverage_page
