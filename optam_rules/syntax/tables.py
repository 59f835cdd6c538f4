"""Turns a grammar into a ready parser: from the shipped tables, else from the user's cache, else built anew.

`python -m optam_rules.syntax.tables` rebuilds the shipped tables after a change of grammar, lexicon or Lark.
Tables are plain data: reading them runs no code, so that a file in the cache can do no more than be wrong.
"""

from __future__ import annotations

import hashlib
import io
import os
import pickle
import stat
import sys
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

from optam_rules._resources import shipped
from optam_rules.syntax.grammar import grammar_digest, grammar_text
from optam_rules.syntax.lexicon import LANGUAGES, lexicon

if TYPE_CHECKING:
    from lark import Lark, Token

_MAGIC = b"optam-tables-1\n"


@cache
def parser(language: str) -> Lark:
    """Return the parser of a lexicon."""
    data = _read(_shipped_bytes(language), language) or _cached(language)
    return _from_data(data if data is not None else _built_and_cached(language), language)


def table_name(language: str) -> str:
    """Return the file name of the tables: lexicon and Lark's version."""
    return f"{language}-{version('lark')}.bin"


def build(language: str) -> dict[str, Any]:
    """Compile the grammar into tables, as plain data."""
    from lark import Lark  # imported here: it costs more than reading tables

    buffer = io.BytesIO()
    Lark(grammar_text(language), parser="lalr", propagate_positions=True).save(buffer)
    buffer.seek(0)
    return _plain(pickle.load(buffer))  # type: ignore[no-any-return]


def _plain(data: Any) -> Any:
    """Return the data with strings for the tokens that some versions of Lark leave in them."""
    match data:
        case dict():
            return {_plain(key): _plain(value) for key, value in data.items()}
        case list() | tuple():
            return type(data)(map(_plain, data))
        case str():
            return str(data)
        case _:
            return data


def packed(language: str, data: dict[str, Any]) -> bytes:
    """Return tables as a file holds them: what they were built from, their own digest, then the data."""
    content = pickle.dumps(data, protocol=5)
    return _MAGIC + f"{grammar_digest(language)} {hashlib.sha256(content).hexdigest()}\n".encode() + content


def stale(language: str) -> bool:
    """Tell whether the shipped tables are missing or were built from another grammar, lexicon or Lark."""
    return _read(_shipped_bytes(language), language) is None


class _PlainUnpickler(pickle.Unpickler):
    """Reads containers, numbers and strings, and nothing that would have to be imported."""

    def find_class(self, module: str, name: str) -> Any:
        """Refuse every class and function."""
        raise pickle.UnpicklingError(f"tables hold plain data, not {module}.{name}")


def _read(content: bytes | None, language: str) -> dict[str, Any] | None:
    """Return the data of a tables file, or `None` where it is missing, damaged or built from something else."""
    if content is None or not content.startswith(_MAGIC):
        return None
    head, _, body = content[len(_MAGIC) :].partition(b"\n")
    if head.decode("ascii", "replace") != f"{grammar_digest(language)} {hashlib.sha256(body).hexdigest()}":
        return None
    try:
        data = _PlainUnpickler(io.BytesIO(body)).load()
    except (pickle.UnpicklingError, EOFError, ValueError, IndexError, KeyError, AttributeError, TypeError):
        return None
    return data if isinstance(data, dict) else None


def _shipped_bytes(language: str) -> bytes | None:
    try:
        return (shipped("grammar") / "tables" / table_name(language)).read_bytes()
    except OSError:
        return None


def _from_data(data: dict[str, Any], language: str) -> Lark:
    from lark import Lark  # see build

    reserved = lexicon(language).reserved

    def callback(token: Token) -> Token:
        # A word of the language is not a name, even where no keyword is awaited: the parser then refuses it just there.
        terminal = reserved.get(token)
        if terminal is not None:
            token.type = terminal
        return token

    tables, memo = data["data"], data["memo"]
    return Lark._load_from_dict(tables, memo, lexer_callbacks={"NAME": callback})  # type: ignore[no-any-return,no-untyped-call]


# --- the user's cache, for a version of Lark that the shipped tables do not know -------------------------------------------------


def _cache_folder() -> Path:
    base = os.environ.get("XDG_CACHE_HOME", "")
    return (Path(base) if os.path.isabs(base) else Path.home() / ".cache") / "optam-rules"


def _cached(language: str) -> dict[str, Any] | None:
    try:
        path = _cache_folder() / table_name(language)
        return _read(path.read_bytes(), language) if _ours_alone(path) else None
    except (OSError, RuntimeError, ValueError):  # no home directory, or one that is no path
        return None


def _ours_alone(path: Path) -> bool:
    """Tell whether nobody else can write the file, where the system knows owners."""
    status = path.stat()
    if not hasattr(os, "getuid"):
        return True
    return status.st_uid == os.getuid() and not status.st_mode & (stat.S_IWGRP | stat.S_IWOTH)


def _built_and_cached(language: str) -> dict[str, Any]:
    data = build(language)
    try:
        folder = _cache_folder()
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        path = folder / table_name(language)
        temporary = path.with_suffix(f".{os.getpid()}")
        descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(packed(language, data))
        temporary.replace(path)
    except (OSError, RuntimeError, ValueError):
        pass  # a cache that cannot be written costs a second at the next start, nothing else
    return data


def _rebuild(folder: Path) -> None:
    """Write the tables that are stale; their bytes differ from one build to the next, what they say does not."""
    folder.mkdir(exist_ok=True)
    current = {table_name(language) for language in LANGUAGES}
    for path in folder.glob("*.bin"):
        if path.name not in current:
            path.unlink()
    for language in filter(stale, LANGUAGES):
        (folder / table_name(language)).write_bytes(packed(language, build(language)))


if __name__ == "__main__":
    _rebuild(Path(str(shipped("grammar"))) / "tables")
    sys.exit(0)
