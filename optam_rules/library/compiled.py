"""From a pack's files to its program, compiled once: from the user's cache folder where it is there, else from the texts.

The parser and the checker are imported only to compile.
"""

from __future__ import annotations

import datetime as dt
from functools import lru_cache

from optam_rules.base.diagnostics import Diagnostic
from optam_rules.core.program import Program
from optam_rules.library.files import PackFiles
from optam_rules.library.stored import stored


@lru_cache(maxsize=64)
def compile_pack(files: PackFiles, known_on: dt.date | None = None) -> tuple[Program | None, tuple[Diagnostic, ...]]:
    """Parse and elaborate a pack, amendments worked in: its program (`None` when there is an error) and every diagnostic of its own files.

    `known_on` is a day that `state_on` gives. What was compiled before is read from the user's cache folder.
    """

    def anew() -> tuple[Program | None, tuple[Diagnostic, ...]]:
        from optam_rules.library.packs import compile_anew

        return compile_anew(files, known_on)

    return stored(f"{files.identity} {known_on}", anew)
