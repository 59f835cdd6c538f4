"""Diagnostics in colours for a person at a terminal; what goes to a file or a pipe has none."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterable

import click

from optam_rules.base.diagnostics import Diagnostic, render_text
from optam_rules.tools.cli.messages import language

_COLOURS = {"erreur": "red", "error": "red", "avertissement": "yellow", "warning": "yellow"}
_LEVEL = re.compile(rf"(?<=: )({'|'.join(_COLOURS)}) ([EW][0-9]{{3}})(?=:)")
_UNDERLINE = re.compile(r"^ *\^+$", re.MULTILINE)
_HINT = re.compile(r"^  (?:(?:aide|attendu) |help|expected):", re.MULTILINE)


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
    lang = language()
    echo("\n\n".join(render_text(diagnostic, lang) for diagnostic in diagnostics), err=err)
