"""Diagnostics in colours for a person at a terminal; what goes to a file or a pipe has none."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterable

import click

from optam_rules.base.diagnostics import Diagnostic, render_text

_COLOURS = {"erreur": "red", "avertissement": "yellow"}
_LEVEL = re.compile(rf"(?<=: )({'|'.join(_COLOURS)}) ([EW][0-9]{{3}})(?=:)")
_UNDERLINE = re.compile(r"^ *\^+$", re.MULTILINE)
_HINT = re.compile(r"^  (?:aide|attendu) :", re.MULTILINE)


def painted(text: str) -> str:
    """Colour the level, the place underlined and the headings of what helps."""
    text = _LEVEL.sub(lambda match: click.style(match[0], fg=_COLOURS[match[1]], bold=True), text)
    text = _UNDERLINE.sub(lambda match: click.style(match[0], fg="cyan"), text)
    return _HINT.sub(lambda match: click.style(match[0], fg="green"), text)


def echo(text: str, *, err: bool = False) -> None:
    """Write diagnostics already in words, in colours where a person looks on and `NO_COLOR` is not set."""
    stream = sys.stderr if err else sys.stdout
    coloured = stream.isatty() and not os.environ.get("NO_COLOR")
    click.echo(painted(text) if coloured else text, err=err)


def echo_diagnostics(diagnostics: Iterable[Diagnostic], *, err: bool = False) -> None:
    """Write diagnostics, one after another."""
    echo("\n\n".join(map(render_text, diagnostics)), err=err)
