"""From the files of `codes/examples` to a wrong and a right example of each code, and what the tool prints on the wrong one.

A table a code. `wrong` and `right` are the text of one file, `file` (by default `exemple.conv`), or a table of files by name; `command`
is what both are given to (by default `optam check exemple.conv`), `wrong_command` and `right_command` where it differs; `frame` names a
table of `frames`, files that both need; `encoding` is that of the wrong files, where it is not UTF-8. A table `default` of the file holds
for all of its codes. `at` is how the line of the message begins: a line of `file`, or words. `why_not` stands alone, and gives in `fr`
and `en` the reason for which no example can be given. In a file, `⟨text × n⟩` stands for that text n times.

Nothing here runs an example: the tests do, and `fr/` and `en/` keep what was printed.
"""

from __future__ import annotations

import re
import tomllib
from functools import cache
from importlib.resources import files
from typing import Any

import attrs

DEFAULT_FILE = "exemple.conv"
_FOLDER = "examples"
_REPEATED = re.compile(r"⟨([^⟩]*?) × ([0-9]+)⟩", re.DOTALL)


@attrs.frozen
class Try:
    """A command and the files it needs, by name, as a page shows them."""

    command: str
    files: tuple[tuple[str, str], ...]
    encoding: str


@attrs.frozen
class Example:
    """A wrong and a right use; `at` opens the line of the message, `frame` are files of both."""

    code: str
    at: str
    frame: tuple[tuple[str, str], ...]
    wrong: Try
    right: Try


def example(code: str, lang: str = "fr") -> Example | str:
    """Return the example of a code of the catalogue, or the reason why there is none, in `fr` or `en`."""
    held = _read(f"{family(code)}.toml")
    table = held.get("default", {}) | held[code]
    if "why_not" in table:
        return str(table["why_not"][lang])
    name = table.get("file", DEFAULT_FILE)
    at = table["at"]
    return Example(
        code,
        f"{name}:{at}:" if isinstance(at, int) else at,
        _files(held["frames"][table["frame"]] if "frame" in table else {}, name),
        _try(table, "wrong", name, table.get("encoding", "utf-8")),
        _try(table, "right", name, "utf-8"),
    )


def printed(code: str, lang: str) -> str:
    """Return what the tool prints on the wrong example, its messages told in `fr` or `en`."""
    return str(_read(f"{lang}/{family(code)}.toml")[code])


@attrs.frozen
class Mistake:
    """What is written by habit, what the hint of its first message says, and the right form; each in a file that begins as `HABITS`."""

    about: str
    wrong: str
    code: str
    hint: str
    right: str


HABITS = 'convention "Essai" version "1"\n\narticle 41.1 "Engagements" en vigueur du 2016-10-24\n'


def mistakes() -> tuple[Mistake, ...]:
    """Return the mistakes that lawyers make, and their hints in French."""
    return tuple(Mistake(**row) for row in _read("habits.toml")["mistake"])


def family(code: str) -> str:
    """Return the name of the file that a code stands in: `E1` to `E9`, or `W`."""
    return "W" if code.startswith("W") else code[:2]


def expanded(text: str) -> str:
    """Return a file as it is run: each `⟨text × n⟩` written out."""
    return _REPEATED.sub(lambda match: match[1] * int(match[2]), text)


def _try(table: dict[str, Any], side: str, name: str, encoding: str) -> Try:
    command = table.get(f"{side}_command") or table.get("command") or f"optam check {name}"
    return Try(command, _files(table.get(side, {}), name), encoding)


def _files(held: str | dict[str, str], name: str) -> tuple[tuple[str, str], ...]:
    return ((name, held),) if isinstance(held, str) else tuple(held.items())


@cache
def _read(name: str) -> dict[str, Any]:
    path = files("optam_rules.base.codes") / _FOLDER / name
    return tomllib.loads(path.read_text(encoding="utf-8"))
