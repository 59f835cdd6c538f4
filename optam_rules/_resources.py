"""Finds `grammar/` and `conventions/`: inside the installed package, or beside it in a checkout."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable


def shipped(name: str) -> Traversable:
    """Return the shipped folder `name` (`grammar` or `conventions`)."""
    package = Path(__file__).parent
    for folder in (package / f"_{name}", package.parent / name):
        if folder.is_dir():
            return folder
    from importlib.resources import files  # a package inside an archive

    return files("optam_rules") / f"_{name}"
