"""Every path and every link that a document names leads somewhere."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.docs.blocks import ROOT, documents

_PATH = re.compile(r"(?<![\w/.-])(?:\.ci|optam_rules|grammar|conventions|tests|docs|demo|examples)/[A-Za-z0-9_./-]*[A-Za-z0-9_]")
_LINK = re.compile(r"\]\((?!https?:)([^)#\s]+)(?:#[^)]*)?\)")


def _name(document: Path) -> str:
    return str(document.relative_to(ROOT))


@pytest.mark.parametrize("document", documents(), ids=_name)
def test_named_paths_exist(document: Path) -> None:
    """Files move, and documents that name them must follow."""
    named = {match.group() for match in _PATH.finditer(document.read_text(encoding="utf-8"))}
    assert [path for path in sorted(named) if not (ROOT / path).exists()] == []


@pytest.mark.parametrize("document", documents(), ids=_name)
def test_relative_links_lead_somewhere(document: Path) -> None:
    """A link is relative to its document."""
    links = {match.group(1) for match in _LINK.finditer(document.read_text(encoding="utf-8"))}
    assert [link for link in sorted(links) if not (document.parent / link).exists()] == []
