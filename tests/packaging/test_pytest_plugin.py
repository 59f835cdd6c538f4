"""The pytest plugin in another team's repository: the wheel is installed there, and a pack of theirs is collected."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from tests.packaging.environment import Installed, run

pytestmark = pytest.mark.xdist_group("packaging")

CONFIGURATION = "[pytest]\noptam_packs = regles/*\noptam_examples = 20\n"
MANIFEST = 'id = "essai"\ntitle = "Essai"\nversion = "1"\nparent = "commun"\nin_force = { from = 2017-01-01 }\n'
RULES = """convention "Essai" version "1"

article 1 "Plafond" en vigueur du 2017-01-01
  règle plafond_essai : taux vaut 50 % si secteur = secteur_2 sinon 100 %

test "secteur 2" au 2017-06-08
  sachant secteur = secteur_2
  attendu plafond_essai = 50 %

test "secteur 1" au 2017-06-08
  sachant secteur = secteur_1
  attendu plafond_essai = 40 %

test "un groupe sans lui" au 2017-06-08
  sachant identifiant = "A" ; groupe = groupe(identifiant = "G" ; membres = { "B" })
  attendu plafond_essai = 50 %

propriété "jamais plus de 100 %"
  plafond_essai <= 100 %
"""
OWN = """
from datetime import date

import pytest

from optam_rules.testing import assert_property


def test_own(optam_pack):
    pack = optam_pack("regles/essai")
    assert str(pack.evaluate({"secteur": "secteur_1"}, on=date(2018, 1, 1)).answers["plafond_essai"].value) == "1"
    assert_property(pack, "jamais plus de 100 %", examples=20)
"""


def _pytest(team: Installed, folder: Path) -> str:
    """Run pytest there, with the plugins that are installed and none of this run's own settings."""
    environment = {key: value for key, value in os.environ.items() if not key.startswith("PYTEST") and key != "PYTHONPATH"}
    command = [str(team.python), "-m", "pytest", "-p", "no:cacheprovider", "-p", "no:cov", "-p", "no:xdist", "-rA"]
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, encoding="utf-8", check=False)
    assert done.returncode == 1, f"{done.stdout}\n{done.stderr}"
    return done.stdout


def test_another_team_runs_its_packs_with_its_tests(other_team: Installed, tmp_path: Path) -> None:
    """What passes, fails and errs is told apart, with places in their text, and the assertions and fixtures work in their own tests."""
    home = tmp_path / "regles" / "essai"
    home.mkdir(parents=True)
    (tmp_path / "pytest.ini").write_text(CONFIGURATION, encoding="utf-8")
    (home / "manifest.toml").write_text(MANIFEST, encoding="utf-8")
    (home / "essai.conv").write_text(RULES, encoding="utf-8")
    (tmp_path / "test_own.py").write_text(OWN, encoding="utf-8")
    told = _pytest(other_team, tmp_path)
    assert "1 failed, 3 passed, 1 error" in told
    assert "PASSED regles/essai/manifest.toml::secteur 2 (au 2017-06-08)" in told
    assert "PASSED regles/essai/manifest.toml::propriété jamais plus de 100 %" in told
    assert "essai/essai.conv:12:11 : plafond_essai : attendu 0.4, obtenu 1" in told
    assert "groupe.membres: erreur E518: `A` ne figure pas dans `membres`" in told
    assert "Traceback" not in told


def test_the_plugin_comes_from_the_wheel(other_team: Installed, tmp_path: Path) -> None:
    """The environment runs the installed files, not the checkout's."""
    found = run(other_team.python, "-I", "-c", "import optam_rules; print(optam_rules.__file__)", cwd=tmp_path)
    assert Path(found.strip()).is_relative_to(other_team.folder)
