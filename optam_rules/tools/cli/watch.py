"""From a folder that someone edits to a command run again at each change, through the extra `watch`."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import click

from optam_rules.base.errors import PackError
from optam_rules.base.extras import require
from optam_rules.tools.cli.messages import wrong_call
from optam_rules.tools.cli.paint import echo_diagnostics

_WATCHED = frozenset({".conv", ".toml"})


def run_again(run: Callable[[], int], folder: Path, changes: Iterable[object] | None = None) -> int:
    """Run at once, then after each change below a folder, until interrupted; errors of the texts are told and do not end it.

    Raises MissingExtraError (E701) where the library is not installed, and UsageError for a pack that is no folder.
    """
    if not folder.is_dir():
        raise wrong_call("--watch demande le chemin d'un dossier", "--watch requires the path of a folder")
    code = _once(run)
    for _ in _changes(folder) if changes is None else changes:
        click.echo("", err=True)
        code = _once(run)
    return code


def _once(run: Callable[[], int]) -> int:
    try:
        return run()
    except PackError as error:
        echo_diagnostics(error.diagnostics, err=True)
        return 2


def _changes(folder: Path) -> Iterator[object]:
    require("--watch", "watch", "watchfiles")
    # Imported here: an extra, that only this needs.
    from watchfiles import watch

    for changed in watch(folder, raise_interrupt=True):
        if any(Path(path).suffix in _WATCHED for _, path in changed):
            yield changed
