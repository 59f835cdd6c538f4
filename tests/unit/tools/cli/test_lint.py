"""`optam lint`, and the forms that it and `optam check` share for other tools."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

from tests.unit.tools.cli.conftest import Ran

Optam = Callable[..., Ran]

MANIFEST = 'id = "essai"\ntitle = "E"\nversion = "1"\nparent = "commun"\n'
MIXED = """convention "E" version "1"
article 1 "A"
# lint: W202 un essai
règle r : booléen vaut adherent_cas ou demande_taux_groupe et adherent_cas
"""


def pack() -> Path:
    """Write a pack with one thing to mend, in a folder below the working one."""
    Path("dossier").mkdir()
    Path("dossier/manifest.toml").write_text(MANIFEST, encoding="utf-8")
    Path("dossier/regles.conv").write_text(MIXED, encoding="utf-8")
    return Path("dossier/regles.conv")


def test_findings_are_shown_then_mended(optam: Optam) -> None:
    """Exit 1 while something is left, 0 once it is mended; what `--fix` would do is counted."""
    file = pack()
    ran = optam("lint", "./dossier")
    assert (ran.code, ran.err) == (1, "1 avertissement, 1 avec --fix\n")
    assert ran.out.startswith("essai/regles.conv:4:40: avertissement W501")
    assert optam("lint", "./dossier", "--fix").code == 0
    assert "(demande_taux_groupe et adherent_cas)" in file.read_text(encoding="utf-8")


def test_a_shipped_pack_is_not_written(optam: Optam) -> None:
    """`--fix` asks for a path."""
    ran = optam("lint", "cm-2016", "--fix")
    assert (ran.code, "un pack livré ne se récrit pas" in ran.err) == (2, True)


def test_sarif_names_files_that_a_tool_can_open(optam: Optam) -> None:
    """One result at the file's path from the working folder, its rule described; 35 characters are underlined, 40 + 35 = 75."""
    pack()
    run = json.loads(optam("lint", "./dossier", "--format", "sarif").out)["runs"][0]
    place = run["results"][0]["locations"][0]["physicalLocation"]
    assert place == {
        "artifactLocation": {"uri": "dossier/regles.conv"},
        "region": {"startLine": 4, "startColumn": 40, "endLine": 4, "endColumn": 75},
    }
    rule = run["tool"]["driver"]["rules"][run["results"][0]["ruleIndex"]]
    assert (rule["id"], run["results"][0]["ruleId"], run["results"][0]["level"]) == ("W501", "W501", "warning")


def test_annotations_escape_what_a_workflow_reads_as_its_own(optam: Optam) -> None:
    """A file whose name holds `,` and `:` and `%` stays one property."""
    Path("a,b:100%.conv").write_text('convention "E" version "1"\nrègle r : taux vaut plafon\n', encoding="utf-8")
    out = optam("check", "a,b:100%.conv", "--format", "github").out
    assert out.startswith("::error title=E201 ")
    assert ",file=a%2Cb%3A100%25.conv,line=2,col=21,endLine=2,endColumn=27::`plafon` n'est pas un nom connu ici" in out


def test_nothing_found_is_still_a_document(optam: Optam) -> None:
    """An empty list of results, so that a scanning service clears what it held."""
    assert json.loads(optam("check", "commun", "--format", "sarif").out)["runs"][0]["results"] == []
