"""What the library imports, in a fresh process: only what the call at hand needs."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

SHOW = """
import sys
heavy = ("lark", "optam_rules.syntax", "optam_rules.elaborate", "optam_rules.analysis.lint", "optam_rules.analysis.whatif", "pyarrow",
    "optam_rules.backends.row", "optam_rules.core.quick", "optam_rules.core.gathering", "concurrent.futures")
print([name for name in heavy if name in sys.modules])
"""
JUDGE = """
from datetime import date
import optam_rules
pack = optam_rules.load("sanctions")
assert pack.evaluate({}, on=date(2020, 10, 5)).answers["penalite"].status == "unknown"
"""


def _run(code: str, cache: Path) -> str:
    return subprocess.run(
        [sys.executable, "-c", code], env={**os.environ, "OPTAM_CACHE": str(cache)}, capture_output=True, text=True, check=True
    ).stdout.strip()


def test_a_stored_pack_is_judged_without_what_compiles_it(tmp_path: Path) -> None:
    """The first process compiles and so parses; the second reads the cache and imports neither parser, checker, linter nor extras.

    Nor what only many records need: compiled rows, the short way of reading, the gathering of a file's records.
    """
    assert "'lark'" in _run(JUDGE + SHOW, tmp_path)
    assert _run(JUDGE + SHOW, tmp_path) == "[]"
