"""What the archives hold, and what the wheel does in an environment and a folder that know nothing of the checkout."""

from __future__ import annotations

import json
import tarfile
import zipfile
from pathlib import Path

import pytest

from tests.packaging.environment import ROOT, Installed, run

pytestmark = pytest.mark.xdist_group("packaging")

RECORD = '[{"identifiant": "DR-1", "secteur": "secteur_2"}]'
LIGHT = """
import sys, optam_rules
heavy = {"lark", "click", "pyarrow", "hypothesis", "interegular"}
print(sorted(heavy & {name.partition(".")[0] for name in sys.modules}))
"""


def _shipped() -> set[str]:
    """Return the paths in the wheel of what stands at the root of the checkout."""
    grammar = {f"optam_rules/_grammar/{path.name}" for path in (ROOT / "grammar").iterdir() if path.is_file()}
    packs = {
        f"optam_rules/_conventions/{path.relative_to(ROOT / 'conventions')}"
        for pattern in ("*.conv", "manifest.toml")
        for path in (ROOT / "conventions").rglob(pattern)
    }
    return grammar | packs


def test_the_wheel_holds_grammar_conventions_schemas_and_types(archives: tuple[Path, Path]) -> None:
    """Whoever installs the wheel has the language, the law, the schemas and the marker of typed packages."""
    names = set(zipfile.ZipFile(archives[1]).namelist())
    schemas = {str(path.relative_to(ROOT)) for path in (ROOT / "optam_rules").rglob("*.json")}
    assert schemas, "no schema stands in the package"
    examples = {str(path.relative_to(ROOT)) for path in (ROOT / "optam_rules" / "base" / "codes" / "examples").rglob("*.toml")}
    assert examples, "no example of a code stands in the package"
    assert sorted((_shipped() | schemas | examples | {"optam_rules/py.typed"}) - names) == []


def test_the_wheel_holds_nothing_else(archives: tuple[Path, Path]) -> None:
    """No test, no cache and no demonstration is installed in the users' environments."""
    tops = {name.partition("/")[0] for name in zipfile.ZipFile(archives[1]).namelist()}
    assert tops == {"optam_rules", next(top for top in tops if top.endswith(".dist-info"))}
    assert [name for name in zipfile.ZipFile(archives[1]).namelist() if "__pycache__" in name] == []


def test_the_source_archive_holds_what_rebuilds_and_tests_it(archives: tuple[Path, Path]) -> None:
    """Tests, documents, constraints and the two commands travel with the source."""
    with tarfile.open(archives[0]) as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}
    wanted = {"Makefile", "constraints.txt", "LICENSE", "README.md", "tests/docs/blocks.py", "docs/glossary.md", "demo/groupe.json"}
    assert sorted(wanted - names) == []


def test_an_installed_wheel_judges_a_record_from_another_folder(installed: Installed, tmp_path: Path) -> None:
    """A doctor of sector 2 may join the OPTAM by article 40, whatever else is unknown."""
    (tmp_path / "dossiers.json").write_text(RECORD, encoding="utf-8")
    command = (installed.optam, "evaluate", "dossiers.json", "--pack", "cm-2016", "--on", "2017-06-08", "--format", "json")
    judged = json.loads(run(*command, cwd=tmp_path))["records"]
    assert [(one["identifiant"], one["answers"]["eligible_optam"]["value"]) for one in judged] == [("DR-1", True)]


def test_an_installed_wheel_explains_a_code(installed: Installed, tmp_path: Path) -> None:
    """The example and what the tool prints on it travel with the wheel."""
    assert "  | exemple.conv:4:8: erreur E304: " in run(installed.optam, "explain", "E304", cwd=tmp_path)


def test_importing_the_installed_library_is_light(installed: Installed, tmp_path: Path) -> None:
    """Neither the parser, nor the command line, nor any extra is loaded by `import optam_rules`."""
    assert run(installed.python, "-c", LIGHT, cwd=tmp_path) == "[]\n"


def test_the_installed_library_needs_its_own_dependencies_only(installed: Installed, tmp_path: Path) -> None:
    """What the wheel pulls in is what it declares: three packages and nothing behind them."""
    frozen = run(installed.python, "-m", "pip", "list", "--format", "json", cwd=tmp_path)
    assert {one["name"] for one in json.loads(frozen)} - {"pip", "setuptools"} == {"attrs", "click", "lark", "optam-rules"}
