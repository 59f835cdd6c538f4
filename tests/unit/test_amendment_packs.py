"""A pack that holds an amendment is checked, and refuses to judge with the text as it was before."""

from __future__ import annotations

from pathlib import Path

import pytest

import optam_rules

HEADER = 'convention "Base" version "1"\n'
BASE = HEADER + 'article 1 "Un" en vigueur du 2015-01-01\nrègle r : entier vaut 1\n'
AMENDMENT = 'avenant "A" modifie "Base"\nremplace règle r : entier en vigueur du 2018-01-01 vaut 9\n'


def write(folder: Path, name: str, title: str, text: str, parent: str) -> Path:
    """Write a pack of one file."""
    (folder / name).mkdir()
    manifest = f'id = "{name}"\ntitle = "{title}"\nversion = "1"\nparent = "{parent}"\n'
    (folder / name / "manifest.toml").write_text(manifest, encoding="utf-8")
    (folder / name / "texte.conv").write_text(text, encoding="utf-8")
    return folder / name


def test_an_amendment_is_checked_and_not_judged_with(tmp_path: Path) -> None:
    """The base loads; its amendment checks without error, and loading it is refused with its place."""
    base = write(tmp_path, "base", "Base", BASE, "commun")
    amended = write(tmp_path, "amende", "A", AMENDMENT, "base")
    assert "base" == optam_rules.load(base).id
    assert [] == [d.code for d in optam_rules.check(amended) if d.severity == "error"]
    with pytest.raises(optam_rules.PackError) as refused:
        optam_rules.load(amended)
    (diagnostic,) = refused.value.diagnostics
    assert ("E811", "amende/texte.conv") == (diagnostic.code, diagnostic.position and diagnostic.position.file)
