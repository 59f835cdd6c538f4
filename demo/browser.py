"""Debian's Chromium, where it is installed, and the words that keep it quiet: no window, no traffic, no first run."""

from __future__ import annotations

import shutil

CHROMIUM = shutil.which("chromium")
MISSING = "Chromium n'est pas installé : `make browser` l'installe"
QUIET = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
