"""From the libraries that something needs to nothing, or to a message that names the extra which installs them."""

from __future__ import annotations

import importlib.util

from optam_rules.base.diagnostics import diagnose
from optam_rules.base.errors import MissingExtraError
from optam_rules.base.phrases import install


def require(what: str, extra: str, *libraries: str) -> None:
    """Do nothing where every library is installed. Raises MissingExtraError (E701), naming the first that is not."""
    for library in libraries:
        if importlib.util.find_spec(library) is None:
            raise MissingExtraError([diagnose("E701", what=what, library=library, hint=install(extra))])
