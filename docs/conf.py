"""From the documents to a site (`make site`): Sphinx, with MyST for Markdown; a link that leads nowhere fails the build."""

from __future__ import annotations

from typing import Any

from optam_rules.tools.lexer import OptamLexer

project = "optam-rules"
author = "optam-rules"
language = "fr"
extensions = ["myst_parser"]
myst_enable_extensions = ["colon_fence"]
myst_heading_anchors = 4
html_theme = "furo"
html_title = "optam-rules"
exclude_patterns = ["build"]
# Pages of the reference write commands and JSON in a form of their own (`…` for any words), which no lexer knows.
suppress_warnings = ["misc.highlighting_failure"]


def setup(app: Any) -> None:
    """Colour the language in blocks; reach the pages of codes by their index alone."""
    app.add_lexer("conv", OptamLexer)
    app.connect("doctree-read", _leave_out_of_menus)


def _leave_out_of_menus(app: Any, doctree: object) -> None:
    """Mark a page of a code as one that no menu lists: hundreds of lines in the margin of every page would help nobody."""
    if app.env.docname.startswith("reference/errors/") and not app.env.docname.endswith("/index"):
        app.env.metadata[app.env.docname]["orphan"] = True
