"""The command `optam` called in this process, in an empty folder."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import attrs
import pytest

from optam_rules.tools.cli.main import main


@attrs.frozen
class Ran:
    """What a call gave: its exit code and what it printed."""

    code: int
    out: str
    err: str


@pytest.fixture
def optam(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Callable[..., Ran]:
    """Call `optam` with words; the working folder is empty at first."""
    monkeypatch.chdir(tmp_path)

    def call(*words: str) -> Ran:
        capsys.readouterr()
        code = main(words)
        printed = capsys.readouterr()
        return Ran(code, printed.out, printed.err)

    return call
