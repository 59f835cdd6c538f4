"""`optam evaluate` says which records compiled code left to the interpreter, and why."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from optam_rules.backends.row import state
from tests.unit.tools.cli.conftest import Ran

Optam = Callable[..., Ran]
RULES = """convention "Essai" version "1"
entité principale dossier "Dossier"
  donnée identifiant : chaîne "Identifiant"
  donnée n : entier "n"
  donnée xs : liste de element "éléments"
entité element "Élément"
  donnée k : entier "k"
article 1 "Un" en vigueur du 2016-01-01
  règle compte : entier vaut somme(somme(nombre(pour c dans xs tel que c.k >= 0) pour b dans xs) pour a dans xs)
  règle r : entier vaut -1
"""
CALL = ("--pack", "essai", "--on", "2017-06-08", "--answers")


@pytest.fixture
def pack(tmp_path: Path) -> str:
    """Write a pack and six records of six elements each, numbered; return the name of their file."""
    folder = tmp_path / "essai"
    folder.mkdir()
    exceptions = "".join(f"  exception e{n} de r si n = {n} vaut {n} * 10\n" for n in range(31))
    (folder / "essai.conv").write_text(RULES + exceptions, encoding="utf-8")
    (folder / "manifest.toml").write_text('id = "essai"\ntitle = "Essai"\nversion = "1"\n', encoding="utf-8")
    records = [{"identifiant": f"D{n}", "n": n, "xs": [{"k": k} for k in range(6)]} for n in range(6)]
    (tmp_path / "dossiers.json").write_text(json.dumps(records), encoding="utf-8")
    return "dossiers.json"


def test_records_one_by_one(optam: Optam, pack: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """With room for 100 steps, 6^3 elements are too many for compiled rows: the first two records are the interpreter's, four are left."""
    monkeypatch.setattr(state, "MAX_STEPS", 100)
    ran = optam("evaluate", pack, *CALL, "compte", "--format", "json")
    assert [216] * 6 == [each["answers"]["compte"]["value"] for each in json.loads(ran.out)["records"]]
    assert ran.err.splitlines() == [
        "laissés à l'interpréteur : 4 (peut dépasser 100 étapes)",
        "lus : 6 = jugés : 6 + refusés : 0 + écartés : 0",
    ]


def test_tables(optam: Optam, pack: str, tmp_path: Path) -> None:
    """31 exceptions of one rule have no column: every record is left, counted with the reason, and answered all the same."""
    ran = optam("--messages", "en", "evaluate", pack, *CALL, "r", "--format", "parquet", "--output", "sortie.parquet")
    assert [n * 10 for n in range(6)] == pq.read_table(tmp_path / "sortie.parquet")["r"].to_pylist()
    assert ran.err.splitlines() == [
        "left to the interpreter: 6 (plus de trente exceptions d'une même règle)",
        "read: 6 = judged: 6 + refused: 0 + set aside: 0",
    ]
