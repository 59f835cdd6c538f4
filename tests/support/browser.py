"""Debian's Chromium, where it is installed: a page as it stands once its script has run."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

CHROMIUM = shutil.which("chromium")
MISSING = "Chromium n'est pas installé : `make browser` l'installe"
_QUIET = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


def dom(page: Path, profile: Path) -> str:
    """Return the document of a page after its script has run."""
    return _run(profile, "--virtual-time-budget=2000", "--dump-dom", page.resolve().as_uri())


def _run(profile: Path, *words: str) -> str:
    assert CHROMIUM is not None
    command = [CHROMIUM, *_QUIET, f"--user-data-dir={profile}", *words]
    return subprocess.run(command, capture_output=True, encoding="utf-8", check=True, timeout=120).stdout
