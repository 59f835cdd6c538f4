"""`optam check`."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

from tests.unit.tools.cli.conftest import Ran

Optam = Callable[..., Ran]

GOOD = 'convention "E" version "1"\nrègle r : booléen vaut secteur = secteur_2\n'
BAD = 'convention "E" version "1"\nrègle r : booléen vaut secteur = secteur_3\nrègle s : taux vaut 1 € + 5 %\n'


def test_a_lone_file_sees_the_shared_vocabulary(optam: Optam, tmp_path: Path) -> None:
    """Its rule reads `secteur`, which `commun` declares."""
    (tmp_path / "bon.conv").write_text(GOOD, encoding="utf-8")
    ran = optam("check", "bon.conv")
    assert (ran.code, ran.err.splitlines()[-1].partition(",")[0]) == (0, "0 erreur")


def test_every_error_is_told_in_one_run(optam: Optam, tmp_path: Path) -> None:
    """Two planted errors, two errors, each with its place; exit 1."""
    (tmp_path / "mauvais.conv").write_text(BAD, encoding="utf-8")
    ran = optam("check", "mauvais.conv")
    assert ran.code == 1
    places = [line.rpartition(" erreur ")[0] for line in ran.out.splitlines() if " erreur " in line]
    assert places == ["mauvais.conv:2:34:", "mauvais.conv:3:21:"]
    assert ran.err.startswith("2 erreurs, ")


def test_diagnostics_come_as_json_too(optam: Optam, tmp_path: Path) -> None:
    """Stable keys: code, severity, message, file, start, end."""
    (tmp_path / "mauvais.conv").write_text(BAD, encoding="utf-8")
    ran = optam("check", "mauvais.conv", "--format", "json")
    found = [one for one in json.loads(ran.out)["diagnostics"] if one["severity"] == "error"]
    assert [(one["file"], one["start"]["line"]) for one in found] == [("mauvais.conv", 2), ("mauvais.conv", 3)]
    assert {"code", "severity", "message", "file", "start", "end"} <= found[0].keys()


def test_nothing_to_check_is_a_wrong_call(optam: Optam) -> None:
    """Neither a pack, nor a folder, nor a file."""
    ran = optam("check", "rien")
    assert (ran.code, ran.out) == (2, "")
    assert "E801" in ran.err
