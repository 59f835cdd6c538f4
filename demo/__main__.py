"""The main job, from a fresh checkout to a page for a lawyer and complete results in `demo-output/`."""

from __future__ import annotations

import contextlib
import io
import os
import sys
from pathlib import Path

from demo.group import DAYS, GROUP, group_page
from demo.register import REGISTER_DAY, register_page
from optam_rules.tools.cli.main import main as optam

OUTPUT = Path("demo-output")


def main() -> int:
    """Judge the group on its two days and the register, print the page, leave the results; non-zero where a call went wrong."""
    OUTPUT.mkdir(exist_ok=True)
    print(group_page())
    register, page = register_page(OUTPUT)
    print(page)
    print("RÉSULTATS COMPLETS")
    print("------------------")
    wrong = [code for code in _leave_results(register) if code not in (0, 1)]
    return 2 if wrong else 0


def _leave_results(register: Path) -> list[int]:
    """Write what the page sums up, as any user would: with the command `optam`."""
    inputs = [(GROUP, day, "groupe") for day in DAYS] + [(register, REGISTER_DAY, "annuaire")]
    codes = []
    for records, day, name in inputs:
        for form in ("json", "csv"):
            words = ["evaluate", os.path.relpath(records), "--pack", "cm-2016", "--on", day.isoformat(), "--format", form]
            words += ["--explain"] if (form, name) == ("json", "groupe") else []
            words += ["--output", str(OUTPUT / f"{name}-{day}.{form}")]
            print(f"\n$ optam {' '.join(words)}", flush=True)
            # The notes of one file are the same whatever the format: they are shown once.
            with contextlib.redirect_stderr(sys.stderr if form == "json" else io.StringIO()):
                codes.append(optam(words))
            sys.stderr.flush()
    return codes


if __name__ == "__main__":
    sys.exit(main())
