"""Where results go: standard output or a file, and how wide a person's terminal is."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

import click

from optam_rules.base.phrases import Phrase
from optam_rules.tools.cli.messages import told, wrong_call


@contextmanager
def opened(output: str | None) -> Iterator[TextIO]:
    """Open the file that a call names, or standard output; a file is UTF-8 with line feeds, whatever the system."""
    if output is None:
        yield sys.stdout
        sys.stdout.flush()
        return
    try:
        stream = open(output, "w", encoding="utf-8", errors="backslashreplace", newline="")  # noqa: SIM115 - closed below
    except OSError as error:
        raise unwritable(output, error.strerror or str(error)) from error
    with stream:
        yield stream


def unwritable(output: str | None, reason: str) -> click.ClickException:
    """Return the error of a result that cannot be written."""
    return click.ClickException(
        told(Phrase(f"le fichier `{output}` ne s'écrit pas : {reason}", f"the file `{output}` cannot be written: {reason}"))
    )


def check_not_read(written: str | None, read: Iterable[Path | None]) -> None:
    """Refuse a call that writes over a file that it reads."""
    if written is not None and Path(written).resolve() in [path.resolve() for path in read if path is not None]:
        raise wrong_call(f"`{written}` est un fichier lu : il serait effacé", f"`{written}` is a file that is read: it would be erased")


def write_text(text: str, output: str | None) -> None:
    """Write a whole text."""
    with opened(output) as stream:
        stream.write(text)


def terminal_width(stream: TextIO) -> int | None:
    """Return the width of the terminal that a person looks at, or `None` where lines must not be cut."""
    return shutil.get_terminal_size().columns if stream.isatty() else None
