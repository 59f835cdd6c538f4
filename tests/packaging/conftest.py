"""The archives that the project would publish, and a fresh environment with the wheel in it and nothing else of ours."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tests.packaging.environment import ROOT, Installed, run


@pytest.fixture(scope="session")
def archives(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """Build the source archive, then the wheel from it, as a release does; return both."""
    folder = tmp_path_factory.mktemp("dist")
    run(sys.executable, "-m", "build", "--no-isolation", "--outdir", folder, ROOT, cwd=folder)
    return next(folder.glob("*.tar.gz")), next(folder.glob("*.whl"))


@pytest.fixture(scope="session")
def installed(archives: tuple[Path, Path], tmp_path_factory: pytest.TempPathFactory) -> Installed:
    """Install the wheel, with plain pip and the pinned versions, in an environment that sees no other package."""
    folder = tmp_path_factory.mktemp("environment") / "venv"
    run(sys.executable, "-m", "venv", folder, cwd=folder.parent)
    constraints = ROOT / "constraints.txt"
    run(folder / "bin" / "python", "-m", "pip", "install", "-qq", "--constraint", constraints, archives[1], cwd=folder.parent)
    return Installed(folder)
