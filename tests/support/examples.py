"""Runs the examples of codes, in this process and an empty folder each. `python -m tests.support.examples` keeps what they print.

After a change of wording, read line by line the difference of the folders `fr` and `en` of `optam_rules/base/codes/examples`.
"""

from __future__ import annotations

import contextlib
import io
import os
import re
import shlex
import tempfile
import traceback
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path
from unittest import mock

import attrs

from optam_rules.base.codes import CATALOGUE
from optam_rules.base.errors import OptamError
from optam_rules.base.examples import Example, Try, example, expanded, family
from optam_rules.tools.cli.main import main

FOLDER = Path(__file__).parent.parent.parent / "optam_rules" / "base" / "codes" / "examples"
_SAID = re.compile(r"\b[EW][0-9]{3}\b")
# Of longer texts and lines, a page shows what they begin and end with.
_LINES = 24
_WIDTH = 240


@attrs.frozen
class Ran:
    """What a command printed, results and notes together, and its exit code."""

    code: int
    text: str

    @property
    def said(self) -> set[str]:
        """Return the codes printed."""
        return set(_SAID.findall(self.text))

    @property
    def page(self) -> str:
        """Return what a page shows: everything, or of a long text its first and last lines."""
        lines = [line if len(line) <= _WIDTH else f"{line[:_WIDTH]}…" for line in self.text.rstrip().splitlines()]
        return "\n".join(lines if len(lines) <= _LINES else [*lines[: _LINES // 2], "…", *lines[-_LINES // 4 :]])


def examples() -> Iterator[Example]:
    """Yield the examples of the catalogue, in the order of codes."""
    for code in CATALOGUE:
        held = example(code)
        if isinstance(held, Example):
            yield held


def run(held: Example, side: Try, lang: str = "fr") -> Ran:
    """Write the files of one side in an empty folder, and run its command there, with messages in a language.

    What is printed does not follow the language of the machine: neither our messages, nor those of git.
    """
    with (
        mock.patch.dict(os.environ, LC_ALL="C", OPTAM_LANG=lang),
        tempfile.TemporaryDirectory() as folder,
        contextlib.chdir(folder),
    ):
        for name, text in (*held.frame, *side.files):
            path = Path(name)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(expanded(text), encoding=side.encoding)
        printed = io.StringIO()
        with contextlib.redirect_stdout(printed), contextlib.redirect_stderr(printed):
            code = _called(shlex.split(side.command))
    return Ran(code, printed.getvalue())


def _called(words: list[str]) -> int:
    match words:
        case ["optam", *arguments]:
            return main(arguments)
        case ["python", script]:
            return _executed(Path(script))
        case _:
            raise ValueError(f"no example is run by `{words[0]}`")


def _executed(script: Path) -> int:
    """Run a script; what it raises is printed as Python prints it, without the calls that led there."""
    try:
        exec(compile(script.read_text(encoding="utf-8"), script.name, "exec"), {"__name__": "__main__"})
    except OptamError as error:
        print("".join(traceback.format_exception_only(error)), end="")
        return 1
    return 0


def kept(lang: str) -> dict[str, str]:
    """Return the files of what wrong examples print in a language, by name."""
    return {
        f"{name}.toml": "\n".join(f"{held.code} = '''\n{run(held, held.wrong, lang).page}\n'''" for held in some) + "\n"
        for name, some in groupby(examples(), key=lambda held: family(held.code))
    }


if __name__ == "__main__":
    for lang in ("fr", "en"):
        for name, text in kept(lang).items():
            (FOLDER / lang / name).write_text(text, encoding="utf-8")
