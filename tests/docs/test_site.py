"""The site of the documents builds, every link of it leading somewhere."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from tests.docs.blocks import ROOT


def test_the_site_builds_without_a_warning(tmp_path: Path) -> None:
    """Sphinx tells links and anchors that lead nowhere, and pages that no table of contents holds: here they fail the build.

    Every page is read and resolved, and one of them is written: writing all, as `make site` does, takes three times as long and warns of
    nothing more.
    """
    sphinx = [sys.executable, "-m", "sphinx", "--keep-going", "-q", "-d", str(tmp_path / "read")]
    docs = ROOT / "docs"
    ran = subprocess.run(
        [*sphinx, "-W", "-b", "dummy", str(docs), str(tmp_path / "site")], capture_output=True, encoding="utf-8", check=False, cwd=ROOT
    )
    assert (ran.returncode, ran.stderr) == (0, "")
    subprocess.run(
        [*sphinx, "-b", "html", str(docs), str(tmp_path / "site"), str(docs / "index.md")], capture_output=True, check=True, cwd=ROOT
    )
    assert "Une première convention" in (tmp_path / "site" / "index.html").read_text(encoding="utf-8")
