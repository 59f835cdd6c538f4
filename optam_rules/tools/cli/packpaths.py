"""From the name that a diagnostic gives a text to a path that the caller's tools can open."""

from __future__ import annotations

from collections.abc import Callable
from importlib.metadata import version as installed
from pathlib import Path


def path_of(given: str) -> Callable[[str], str]:
    """Return what turns `pack/articles.conv` into `FOLDER/articles.conv` where a folder was given; other names are left as they are."""
    folder = Path(given)
    if not folder.is_dir():
        return lambda name: name
    return lambda name: (folder / name.partition("/")[2]).as_posix()


def version() -> str:
    """Return the version of the library."""
    return installed("optam-rules")
