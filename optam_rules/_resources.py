"""Finds `grammar/` and `conventions/`: inside the installed package, or beside it in a checkout."""

from __future__ import annotations

from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path


def shipped(name: str) -> Traversable:
    """Return the shipped folder `name` (`grammar` or `conventions`)."""
    packed = files("optam_rules") / f"_{name}"
    return packed if packed.is_dir() else Path(__file__).parent.parent / name
