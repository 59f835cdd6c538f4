"""From the name of a template to what writes a page with it: everything escaped, a name that is missing an error."""

from __future__ import annotations

from jinja2 import Environment, PackageLoader, StrictUndefined, Template

_PACKAGE = "optam_rules.tools.report"


def template(name: str) -> Template:
    """Return a template of this package."""
    loader = PackageLoader(_PACKAGE)
    return Environment(loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True).get_template(name)
