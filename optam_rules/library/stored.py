"""From compiled packs to files of the user's cache folder and back, so that a pack that did not change is not compiled again.

A file is read only from a folder that is the user's own, that no one else may write to, and only where its content has the digest that it
begins with: what is read back is what this same version of the package wrote. Anything else is compiled anew.
"""

from __future__ import annotations

import hashlib
import os
import pickle
import stat
import sys
import tempfile
from collections.abc import Callable
from functools import cache
from importlib.metadata import version
from pathlib import Path

from optam_rules.base.diagnostics import Diagnostic
from optam_rules.core.program import Program

# A folder to use instead of the usual one, or `non` for none.
VARIABLE = "OPTAM_CACHE"
_OFF = frozenset({"non", "no", "off", "0"})
_MAX_FILES = 64  # a shipped pack takes about 1 MiB
_DIGEST = hashlib.sha256().digest_size

Compiled = tuple[Program | None, tuple[Diagnostic, ...]]


def stored(identity: str, compile_anew: Callable[[], Compiled]) -> Compiled:
    """Return what was stored under an identity by this version of the package; else compile, and store where there is no error."""
    folder = _folder()
    if folder is None:
        return compile_anew()
    file = folder / hashlib.sha256(f"{identity}\0{_this_package()}".encode()).hexdigest()
    found = _read(file)
    if found is None:
        found = compile_anew()
        if found[0] is not None:
            _write(file, found)
    return found


def _folder() -> Path | None:
    """Return the cache folder, made where it is not there; none where it is switched off, or is not the user's alone."""
    chosen = os.environ.get(VARIABLE, "")
    if chosen.lower() in _OFF:
        return None
    if chosen:
        folder = Path(chosen)
    else:
        usual = os.environ.get("LOCALAPPDATA" if sys.platform == "win32" else "XDG_CACHE_HOME")
        try:
            folder = (Path(usual) if usual else Path.home() / ".cache") / "optam_rules"
        except RuntimeError:  # no home
            return None
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        found = folder.stat()
    except OSError:
        return None
    if sys.platform == "win32":
        return folder
    return folder if found.st_uid == os.getuid() and not found.st_mode & (stat.S_IWGRP | stat.S_IWOTH) else None


@cache
def _this_package() -> str:
    """Identify the code that writes and reads: version, Python, and the sizes and times of the sources, which change in a checkout."""
    root = Path(__file__).parents[1]
    sources = (file for folder in (root, root.parent / "grammar") for file in sorted(folder.rglob("*")) if file.suffix in (".py", ".lark"))
    times = [(str(file), found.st_mtime_ns, found.st_size) for file in sources for found in (file.stat(),)]
    return f"{version('optam-rules')} {sys.implementation.cache_tag} {times}"


def _read(file: Path) -> Compiled | None:
    try:
        data = file.read_bytes()
    except OSError:
        return None
    if data[:_DIGEST] != hashlib.sha256(data[_DIGEST:]).digest():
        return None
    found: Compiled = pickle.loads(data[_DIGEST:])
    return found


def _write(file: Path, compiled: Compiled) -> None:
    """Write a file at once or not at all; a folder that is full or read-only is no fault."""
    data = pickle.dumps(compiled, protocol=pickle.HIGHEST_PROTOCOL)
    try:
        handle, name = tempfile.mkstemp(dir=file.parent)
        with os.fdopen(handle, "wb") as stream:
            stream.write(hashlib.sha256(data).digest() + data)
        os.replace(name, file)
        _forget_old(file.parent)
    except OSError:
        return


def _forget_old(folder: Path) -> None:
    files = sorted(folder.iterdir(), key=lambda each: each.stat().st_mtime_ns, reverse=True)
    for file in files[_MAX_FILES:]:
        file.unlink(missing_ok=True)
