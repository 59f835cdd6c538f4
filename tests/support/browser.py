"""A page as it stands once its script has run, in Debian's Chromium."""

from __future__ import annotations

import subprocess
from pathlib import Path

from demo.browser import CHROMIUM, QUIET


def dom(page: Path, profile: Path) -> str:
    """Return the document of a page after its script has run."""
    return _run(profile, "--virtual-time-budget=2000", "--dump-dom", page.resolve().as_uri())


def _run(profile: Path, *words: str) -> str:
    assert CHROMIUM is not None
    command = [CHROMIUM, *QUIET, f"--user-data-dir={profile}", *words]
    return subprocess.run(command, capture_output=True, encoding="utf-8", check=True, timeout=120).stdout
