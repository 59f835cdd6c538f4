"""From compiled packs to files of the user's cache folder and back, so that a pack that did not change is not compiled again.

A file is read only from a folder that is the user's own, that no one else may write to, and only where its content and its name have the
digest that it begins with: what is read back is what this same version of the package wrote for that pack. Anything else is compiled anew.
"""

from __future__ import annotations

import gc
import hashlib
import os
import pickle
import stat
import sys
import zlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import cache, cached_property
from pathlib import Path
from typing import Any, Generic, TypeVar, overload

import attrs

from optam_rules.base.diagnostics import Diagnostic
from optam_rules.core.program import Program

# A folder to use instead of the usual one, or `non` for none.
VARIABLE = "OPTAM_CACHE"
_OFF = frozenset({"non", "no", "off", "0"})
_MAX_FILES = 64  # a shipped pack takes about 1 MiB
# How names of files written here end: a folder that OPTAM_CACHE names may hold other files, which are nobody's to delete.
_SUFFIX, _PARTIAL = ".optam-pack", ".optam-partial"
_DIGEST_SIZE = 32
_MAX_KEY = 64  # of blake2
_APART = ("articles", "tests", "properties")  # parts of a program that no judgement reads, stored apart
# What reading back may raise where a file, whole as it is, does not hold what was expected.
_UNREADABLE = (
    pickle.UnpicklingError,
    ArithmeticError,
    AttributeError,
    EOFError,
    ImportError,
    LookupError,
    RuntimeError,
    TypeError,
    ValueError,
)
_Item = TypeVar("_Item")

Compiled = tuple[Program | None, tuple[Diagnostic, ...]]


def stored(identity: str, compile_anew: Callable[[], Compiled]) -> Compiled:
    """Return what was stored under an identity by this version of the package; else compile, and store where there is no error."""
    folder = _folder()
    if folder is None:
        return compile_anew()
    named = hashlib.sha256(f"{identity}\0{_this_package()}".encode()).hexdigest()
    file = folder / f"{named}{_SUFFIX}"
    found = _read(file, compile_anew)
    if found is None:
        found = compile_anew()
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
    """Identify the code that writes and reads: Python, version, and the sizes and times of the sources, which change in a checkout."""
    root = Path(__file__).parents[1]
    try:
        # The name of the folder of metadata beside an installed package tells its version; asking `importlib.metadata` takes 20 ms.
        beside = sorted(name for name in os.listdir(root.parent) if name.startswith("optam_rules-"))
        sources = [*_sources(str(root)), *(_sources(str(root.parent / "grammar")) if (root.parent / "grammar").is_dir() else ())]
    except NotADirectoryError:  # a package inside an archive, which changes as a whole
        archive = next(parent for parent in root.parents if parent.is_file())
        return f"{archive} {archive.stat().st_mtime_ns} {archive.stat().st_size} {sys.implementation.cache_tag}"
    return f"{beside} {sys.implementation.cache_tag} {sorted(sources)}"


def _sources(folder: str) -> Iterator[tuple[str, int, int]]:
    with os.scandir(folder) as entries:
        for entry in entries:
            if entry.name.endswith((".py", ".lark")):
                found = entry.stat()
                yield entry.path, found.st_mtime_ns, found.st_size
            elif entry.is_dir() and entry.name != "__pycache__":
                yield from _sources(entry.path)


class _Apart(Sequence[_Item], Generic[_Item]):
    """A part of a program, read when it is looked at: what explanations and tests of packs need, and no judgement."""

    def __init__(self, name: str, data: bytes, compile_anew: Callable[[], Compiled]) -> None:
        self._name = name
        self._data = data
        self._compile_anew = compile_anew

    @cached_property
    def _items(self) -> tuple[_Item, ...]:
        try:
            with _without_collector():
                found = pickle.loads(zlib.decompress(self._data))
        except (*_UNREADABLE, zlib.error):
            found = None
        if not isinstance(found, tuple):
            program, _ = self._compile_anew()
            found = () if program is None else tuple(getattr(program, self._name))
        return found

    @overload
    def __getitem__(self, place: int) -> _Item: ...
    @overload
    def __getitem__(self, place: slice) -> Sequence[_Item]: ...
    def __getitem__(self, place: int | slice) -> _Item | Sequence[_Item]:
        return self._items[place]

    def __len__(self) -> int:
        return len(self._items)

    def __eq__(self, other: object) -> bool:
        return self._items == (other._items if isinstance(other, _Apart) else other)

    def __hash__(self) -> int:
        return hash(self._items)

    def __reduce__(self) -> tuple[type[tuple[_Item, ...]], tuple[tuple[_Item, ...]]]:
        """Send the items to another process as they stand."""
        return tuple, (self._items,)


@contextmanager
def _without_collector() -> Iterator[None]:
    """Hold back the collector of cycles: thousands of objects that all stay would be looked through again and again."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


def _read(file: Path, compile_anew: Callable[[], Compiled]) -> Compiled | None:
    """Return what a file holds; nothing where it is not whole, was written for another pack, or holds anything else."""
    try:
        data = file.read_bytes()
        if data[:_DIGEST_SIZE] != _digest(file.name, data[_DIGEST_SIZE:]):
            return None
        with _without_collector():
            bare, *apart = pickle.loads(data[_DIGEST_SIZE:])
            program, diagnostics = pickle.loads(bare)
        parts: dict[str, Any] = {name: _Apart(name, part, compile_anew) for name, part in zip(_APART, apart, strict=True)}
        return (attrs.evolve(program, **parts), diagnostics) if isinstance(program, Program) and isinstance(diagnostics, tuple) else None
    except (OSError, *_UNREADABLE):
        return None


def _digest(name: str, data: bytes) -> bytes:
    return hashlib.blake2b(data, digest_size=_DIGEST_SIZE, key=name.encode()[:_MAX_KEY]).digest()


def _write(file: Path, compiled: Compiled) -> None:
    """Write a file at once or not at all; a folder that is full or read-only is no fault."""
    program, diagnostics = compiled
    if program is None:
        return
    import tempfile

    bare = attrs.evolve(program, articles=(), tests=(), properties=())
    apart = [zlib.compress(_pickled(tuple(getattr(program, name))), level=1) for name in _APART]
    data = _pickled([_pickled((bare, diagnostics)), *apart])
    try:
        handle, name = tempfile.mkstemp(dir=file.parent, suffix=_PARTIAL)
    except OSError:
        return
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(_digest(file.name, data) + data)
        os.replace(name, file)
        _forget_old(file.parent)
    except OSError:
        Path(name).unlink(missing_ok=True)


def _pickled(content: object) -> bytes:
    return pickle.dumps(content, protocol=pickle.HIGHEST_PROTOCOL)


def _forget_old(folder: Path) -> None:
    ours = (file for file in folder.iterdir() if file.suffix in (_SUFFIX, _PARTIAL))
    files = sorted(ours, key=lambda each: each.stat().st_mtime_ns, reverse=True)
    for file in files[_MAX_FILES:]:
        file.unlink(missing_ok=True)
