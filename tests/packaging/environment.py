"""An environment of its own for the wheel, and commands run in it."""

from __future__ import annotations

import subprocess
from pathlib import Path

import attrs

ROOT = Path(__file__).parent.parent.parent


@attrs.frozen
class Installed:
    """An environment that holds the wheel and its pinned dependencies."""

    folder: Path

    @property
    def python(self) -> Path:
        """Its interpreter."""
        return self.folder / "bin" / "python"

    @property
    def optam(self) -> Path:
        """Its command."""
        return self.folder / "bin" / "optam"


def run(*command: object, cwd: Path, expect: int = 0) -> str:
    """Run a command and return what it prints on standard output; fail with both outputs on another exit code."""
    done = subprocess.run([str(part) for part in command], cwd=cwd, capture_output=True, encoding="utf-8", check=False)
    assert done.returncode == expect, f"{command} exited {done.returncode}\n{done.stdout}\n{done.stderr}"
    return done.stdout
