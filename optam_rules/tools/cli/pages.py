"""From the extra `web` to what writes pages, or to a message that names the extra where it is missing."""

from __future__ import annotations

from collections.abc import Callable

from optam_rules.analysis.coverage.measure import PackCoverage
from optam_rules.base.extras import require
from optam_rules.base.phrases import Lang


def page_writer() -> Callable[[PackCoverage, Lang], str]:
    """Return what writes a coverage as a page. Raises MissingExtraError (E701) where jinja2 is not installed."""
    require("--coverage-html", "web", "jinja2")
    # Imported here: jinja2 is an extra.
    from optam_rules.tools.report.coverage_page import coverage_page

    return coverage_page
