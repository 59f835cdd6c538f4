"""An index of identifiants to places of a file, kept outside memory so that files of any length can be indexed.

Holds no other datum of a record. SQLite keeps it in a private temporary file that disappears with the connection.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator

_BATCH = 10_000


class NameIndex:
    """Keys to places: filled first, then asked. A place is any integer; `note` a short text kept beside it."""

    def __init__(self) -> None:
        self._connection = sqlite3.connect("", isolation_level=None)
        for pragma in ("journal_mode = OFF", "synchronous = OFF", "locking_mode = EXCLUSIVE"):
            self._connection.execute(f"PRAGMA {pragma}").fetchall()
        self._connection.execute("CREATE TABLE name (key BLOB NOT NULL, place INTEGER NOT NULL, note TEXT)")
        self._waiting: list[tuple[bytes, int, str | None]] = []
        self._sealed = False

    def add(self, kind: str, name: str, place: int, note: str | None = None) -> None:
        """Add a place of a name of some kind."""
        self._waiting.append((_key(kind, name), place, note))
        if len(self._waiting) >= _BATCH:
            self._flush()

    def seal(self) -> None:
        """End the filling."""
        self._flush()
        self._connection.execute("CREATE INDEX by_key ON name (key, place)")
        self._sealed = True

    def places(self, kind: str, name: str) -> tuple[int, ...]:
        """Return the places of a name, in order, each once."""
        rows = self._connection.execute("SELECT DISTINCT place FROM name WHERE key = ? ORDER BY place", (_key(kind, name),))
        return tuple(place for (place,) in rows)

    def notes(self, kind: str, name: str) -> Iterator[tuple[int, str | None]]:
        """Yield the places of a name, in order, each with its note."""
        yield from self._connection.execute("SELECT place, note FROM name WHERE key = ? ORDER BY place", (_key(kind, name),)).fetchall()

    def repeated(self) -> Iterator[tuple[int, ...]]:
        """Yield the places of each name that has several, in the order of the first."""
        several = "SELECT key FROM name GROUP BY key HAVING COUNT(*) > 1 ORDER BY MIN(place)"
        for (key,) in self._connection.execute(several):
            rows = self._connection.execute("SELECT place FROM name WHERE key = ? ORDER BY place", (key,))
            yield tuple(place for (place,) in rows)

    def repeated_counts(self) -> tuple[int, int]:
        """Return how many names have several places, and how many places these are in all."""
        several = "SELECT COUNT(*) AS size FROM name GROUP BY key HAVING COUNT(*) > 1"
        count, total = self._connection.execute(f"SELECT COUNT(*), COALESCE(SUM(size), 0) FROM ({several})").fetchone()
        return count, total

    def close(self) -> None:
        """Release the index."""
        self._connection.close()

    def _flush(self) -> None:
        self._connection.execute("BEGIN")
        self._connection.executemany("INSERT INTO name VALUES (?, ?, ?)", self._waiting)
        self._connection.execute("COMMIT")
        self._waiting.clear()


def _key(kind: str, name: str) -> bytes:
    # Raw records may hold lone surrogates, which no text of SQLite could.
    return f"{kind}\0{name}".encode("utf-8", "surrogatepass")
