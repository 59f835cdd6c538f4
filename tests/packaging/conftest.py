"""The archives that the project would publish, and a fresh environment with the wheel in it and nothing else of ours."""

from __future__ import annotations

import sys
import sysconfig
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


@pytest.fixture(scope="session")
def other_team(archives: tuple[Path, Path], tmp_path_factory: pytest.TempPathFactory) -> Installed:
    """Install the wheel in an environment that has pytest, Hypothesis and our dependencies, as another team's has; nothing is fetched."""
    folder = tmp_path_factory.mktemp("other-team") / "venv"
    run(sys.executable, "-m", "venv", "--without-pip", folder, cwd=folder.parent)
    python = folder / "bin" / "python"
    run(sys.executable, "-m", "pip", "--python", python, "install", "-qq", "--no-index", "--no-deps", archives[1], cwd=folder.parent)
    # The packages of the environment that runs this test, read after the wheel; editable ones are not among them.
    home = Path(run(python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))", cwd=folder.parent).strip())
    (home / "others.pth").write_text(f"{sysconfig.get_path('purelib')}\n", encoding="utf-8")
    return Installed(folder)
