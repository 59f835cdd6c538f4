"""From statements to the source of a Python function and to the function itself, which tracebacks can show."""

from __future__ import annotations

import linecache
import weakref
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count
from typing import Any


class Writer:
    """Gathers the source of functions and the constants that it names."""

    def __init__(self, namespace: dict[str, Any]) -> None:
        self.namespace = namespace
        self._done: list[str] = []
        self._lines: list[str] = []
        self._indent = 1
        self._count = 0
        self._names: dict[int, str] = {}

    @property
    def depth(self) -> int:
        """Tell how far the next line is indented; Python refuses more than 100 levels, and 20 loops."""
        return self._indent

    def line(self, text: str) -> None:
        """Add a statement."""
        self._lines.append("    " * self._indent + text)

    def assign(self, code: str, prefix: str = "v") -> str:
        """Add `name = code` and return the name."""
        name = self.fresh(prefix)
        self.line(f"{name} = {code}")
        return name

    def fresh(self, prefix: str = "v") -> str:
        """Return a name used nowhere else."""
        self._count += 1
        return f"{prefix}{self._count}"

    def constant(self, value: object, prefix: str = "k") -> str:
        """Return the name of an object that the functions share."""
        name = self._names.get(id(value))
        if name is None:
            name = self._names[id(value)] = self.fresh(prefix)
            self.namespace[name] = value  # INVARIANT: it lives as long as its id is a key
        return name

    @property
    def size(self) -> int:
        """Tell how many names were made so far."""
        return self._count

    def mark(self) -> int:
        """Return a place to go back to."""
        return len(self._lines)

    def since(self, place: int) -> list[str]:
        """Return what was added to the function since a place."""
        return self._lines[place:]

    def back_to(self, place: int) -> None:
        """Drop what was added to the function since a place."""
        del self._lines[place:]

    def insert(self, place: int, texts: list[str]) -> None:
        """Add statements at a place, once nothing goes back to what comes after it."""
        self._lines[place:place] = ["    " * self._indent + text for text in texts]

    def add(self, lines: list[str]) -> None:
        """Add lines that were captured at this depth."""
        self._lines += lines

    @contextmanager
    def captured(self) -> Iterator[list[str]]:
        """Gather the lines of a block apart, to be added when it begins."""
        outer, self._lines = self._lines, []
        self._indent += 1
        try:
            yield self._lines
        finally:
            self._lines = outer
            self._indent -= 1

    @contextmanager
    def block(self, head: str) -> Iterator[None]:
        """Indent the statements of a block."""
        self.line(head)
        self._indent += 1
        start = len(self._lines)
        try:
            yield
            if len(self._lines) == start:
                self.line("pass")
        finally:
            self._indent -= 1

    @contextmanager
    def function(self, head: str, comment: str = "") -> Iterator[None]:
        """Gather a function of the module, wherever the writer is."""
        outer, self._lines = self._lines, []
        indent, self._indent = self._indent, 1
        yield
        self._done += [f"def {head}:{_remark(comment)}", *self._lines, "", ""]
        self._lines, self._indent = outer, indent

    def taken(self) -> str:
        """Return the source of the functions written so far, and begin anew."""
        source = "\n".join(self._done).rstrip() + "\n"
        self._done = []
        return source


def identifier(text: str) -> str:
    """Return a Python name that reads like a name of the text; it never is a word of Python's own, and takes a number at its end."""
    return "d_" + "".join(char if char.isascii() and char.isalnum() else "_" for char in text) + "_"


def _remark(text: str) -> str:
    # INVARIANT: a text never ends its line, whatever it holds.
    words = "".join(char if char.isprintable() else " " for char in text).split()
    return f"  # {' '.join(words)}" if words else ""


def build(namespace: dict[str, Any], source: str, name: str, file: str) -> Callable[..., Any]:
    """Compile functions and return one; `file`, with a number where functions that live have it, is what tracebacks call their source."""
    if file in linecache.cache:  # other readings chosen, another program of the same text
        file = next(other for place in count(2) if (other := f"{file} {place}") not in linecache.cache)
    linecache.cache[file] = (len(source), None, source.splitlines(keepends=True), file)
    exec(compile(source, file, "exec"), namespace)  # names of the text stand in it as literals or checked names
    function: Callable[..., Any] = namespace[name]
    weakref.finalize(function, linecache.cache.pop, file, None)
    return function
