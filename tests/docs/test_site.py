"""The site of the documents builds, every link of it leading somewhere."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from tests.docs.blocks import ROOT


def test_the_site_builds_without_a_warning(tmp_path: Path) -> None:
    """Sphinx tells links and anchors that lead nowhere, and pages that no table of contents holds: here they fail the build."""
    command = [sys.executable, "-m", "sphinx", "-W", "--keep-going", "-q", "-b", "html", str(ROOT / "docs"), str(tmp_path / "site")]
    ran = subprocess.run(command, capture_output=True, encoding="utf-8", check=False, cwd=ROOT)
    assert (ran.returncode, ran.stderr) == (0, "")
    assert "Une première convention" in (tmp_path / "site" / "index.html").read_text(encoding="utf-8")
