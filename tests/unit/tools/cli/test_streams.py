"""Terminals, pipes and what is drawn on them."""

from __future__ import annotations

import io
import json
import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest

from optam_rules.tools.cli import progress
from optam_rules.tools.cli.streams import terminal_width

OPTAM = [sys.executable, "-c", "import sys; from optam_rules.tools.cli.main import main; sys.exit(main())"]


class Terminal(io.StringIO):
    """A stream that says that a person looks at it."""

    def isatty(self) -> bool:
        """Say yes."""
        return True


@pytest.fixture
def dossiers(tmp_path: Path) -> Path:
    """Two thousand records, one a line."""
    path = tmp_path / "dossiers.jsonl"
    path.write_text("".join(json.dumps({"identifiant": str(n), "secteur": "secteur_2"}) + "\n" for n in range(2000)), encoding="utf-8")
    return path


def test_a_bar_is_drawn_on_a_terminal_and_wiped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Half of four lines is half of the bar; nothing is left of it at the end."""
    monkeypatch.setattr(progress, "_EVERY", 0)
    path = tmp_path / "dossiers.jsonl"
    path.write_text("{}\n" * 4, encoding="utf-8")
    screen = Terminal()
    assert list(progress.shown(range(4), path, screen)) == [0, 1, 2, 3]
    drawn = screen.getvalue().split("\r")
    assert drawn[2] == f"[{'#' * 15}{' ' * 15}]  50%  2 dossiers\x1b[K"
    assert drawn[-1] == "\x1b[K"


def test_the_bar_is_a_count_where_the_end_is_not_known(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The lines of a JSON file say nothing of its records."""
    monkeypatch.setattr(progress, "_EVERY", 0)
    path = tmp_path / "dossiers.json"
    path.write_text("[]", encoding="utf-8")
    screen = Terminal()
    list(progress.shown(range(2), path, screen))
    assert screen.getvalue().startswith("\r1 dossiers\x1b[K\r2 dossiers\x1b[K")


def test_short_work_draws_nothing(tmp_path: Path) -> None:
    """No flash on a screen for what is done at once."""
    screen = Terminal()
    list(progress.shown(range(3), tmp_path / "dossiers.json", screen))
    assert screen.getvalue() == ""


def test_lines_are_cut_for_a_terminal_only() -> None:
    """A pipe and a file have no width."""
    assert (terminal_width(io.StringIO()), terminal_width(Terminal()) is not None) == (None, True)


def test_a_reader_that_leaves_is_no_error(dossiers: Path) -> None:
    """`optam evaluate … | head -1` ends without a word."""
    command = [
        *OPTAM,
        "evaluate",
        str(dossiers),
        "--pack",
        "cm-2016",
        "--on",
        "2017-06-08",
        "--format",
        "csv",
        "--answers",
        "eligible_optam",
    ]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.readline()
        process.stdout.close()
        told = process.stderr.read()
    assert (told, process.returncode) == (b"", 141)


def test_a_person_at_a_terminal_gets_lines_that_fit(tmp_path: Path) -> None:
    """On a real terminal of 60 columns, explanations are cut there; notes and results do not mix control characters into a file."""
    (tmp_path / "d.json").write_text('{"identifiant": "A", "secteur": "secteur_2"}', encoding="utf-8")
    main_end, terminal = pty.openpty()
    command = [*OPTAM, "evaluate", "d.json", "--pack", "cm-2016", "--on", "2017-06-08", "--answers", "eligible_optam", "--explain"]
    environment = os.environ | {"COLUMNS": "60", "LINES": "40", "TERM": "xterm"}
    with subprocess.Popen(command, stdout=terminal, stderr=subprocess.DEVNULL, cwd=tmp_path, env=environment) as process:
        os.close(terminal)
        shown = b""
        while chunk := _read(main_end):
            shown += chunk
    os.close(main_end)
    lines = shown.decode().splitlines()
    assert (process.returncode, len(lines) > 5, [line for line in lines if len(line) > 60]) == (0, True, [])


def _read(descriptor: int) -> bytes:
    try:
        return os.read(descriptor, 4096)
    except OSError:  # how a terminal says that its other end has closed
        return b""
