"""`optam mutate`: what is printed, what is written, and the exit codes."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from optam_rules.analysis.mutation.changes import Kind
from tests.support.english import french_left
from tests.unit.tools.cli.conftest import Ran

MANIFEST = 'id = "essai"\ntitle = "Essai"\nversion = "1"\nparent = "commun"\nin_force = { from = 2017-01-01 }\n'
RULES = """convention "Essai" version "1"
article 1 "Plafond" en vigueur du 2017-01-01
  règle r : taux vaut 10 % si adherent_cas sinon 20 %
test "un" au 2017-06-08 sachant adherent_cas = vrai attendu r = 10 %
"""


@pytest.fixture
def pack(tmp_path: Path) -> str:
    """Write a pack of one rule, one branch of it tested, in the working folder; return how a call names it."""
    home = tmp_path / "essai"
    home.mkdir()
    (home / "manifest.toml").write_text(MANIFEST, encoding="utf-8")
    (home / "essai.conv").write_text(RULES, encoding="utf-8")
    return "./essai"


def test_survivors_are_told_with_a_test(optam: Callable[..., Ran], pack: str) -> None:
    """Of six faults in the rule, the test sees four: the first branch moved up or down, its condition negated, the branch dropped."""
    ran = optam("mutate", pack, "--definition", "r", "--examples", "20")
    assert ran.code == 1
    head, *_ = ran.out.splitlines()
    counts = "6 mutants, 4 tués, 0 prouvé équivalent, 2 survivants"
    assert head == f"mutation de essai (version 1) : {counts} : 66 % des mutants qui peuvent l'être sont tués"
    assert 'essai/essai.conv:3:50 : constante changée, `r` : 20 % → 20.1 %\n  ce test le verrait :\n  test "' in ran.out
    assert "      adherent_cas = faux\n    attendu r = 20 %" in ran.out


def test_survivors_are_told_in_english(optam: Callable[..., Ran], pack: str) -> None:
    """Score, kinds, faults and reasons; the test to paste stays in the language of the pack, and kinds of the JSON are names."""
    ran = optam("--messages", "en", "mutate", pack, "--definition", "r", "--examples", "20")
    counts = "6 mutants, 4 killed, 0 proved equivalent, 2 survivors"
    assert ran.out.splitlines()[0] == f"mutation of essai (version 1): {counts}: 66 % of the mutants that can be are killed"
    assert ran.out.splitlines()[2].split() == ["fault", "mutants", "killed", "equivalent", "survivors"]
    assert 'essai/essai.conv:3:50: constant changed, `r`: 20 % → 20.1 %\n  this test would see it:\n  test "' in ran.out
    left = ("--definition", "r", "--budget", "0", "--examples", "1")
    assert (
        "  neither killed nor proved equivalent: the time granted to proofs is spent\n"
        in optam("--messages", "en", "mutate", pack, *left).out
    )
    form = json.loads(optam("--messages", "en", "mutate", pack, *left, "--format", "json").out)
    assert {one["reason"] for one in form["mutants"] if one["state"] == "survivor"} == {"the time granted to proofs is spent"}
    assert "constante changée" in {one["kind"] for one in form["mutants"]}


def test_every_kind_of_fault_has_two_words() -> None:
    """No word of one language is left in the other."""
    assert [] == [kind for kind in Kind if kind.value.fr == kind.value.en or french_left(kind.value.en)]


def test_enough_killed_is_a_success(optam: Callable[..., Ran], pack: str) -> None:
    """Four of six are 66 %; without a second of proof, what survives stays open."""
    assert optam("mutate", pack, "--definition", "r", "--budget", "0", "--examples", "1", "--fail-under", "66").code == 0
    ran = optam("mutate", pack, "--definition", "r", "--budget", "0", "--examples", "1", "--fail-under", "67", "--format", "json")
    assert ran.code == 1
    form = json.loads(ran.out)
    assert (form["killed"], form["possible"], form["total"]) == (4, 6, 6)
    assert {one["by"] for one in form["mutants"] if one["state"] == "killed"} == {"un"}
    assert {one["reason"] for one in form["mutants"] if one["state"] == "survivor"} == {"le temps accordé aux preuves est épuisé"}


def test_several_packs_are_recorded_on_a_page(optam: Callable[..., Ran], pack: str) -> None:
    """A row a pack, and the survivors of each."""
    ran = optam("mutate", pack, "--definition", "r", "--budget", "0", "--examples", "1", "--format", "markdown", "--output", "page.md")
    assert (ran.code, ran.out) == (1, "")
    page = Path("page.md").read_text(encoding="utf-8")
    assert "| essai | 6 | 4 | 0 | 2 | 66 % | `" in page
    assert "## Survivants de essai\n\n- essai/essai.conv:3:50 : constante changée, `r` : 20 % → 20.1 %" in page


def test_a_name_that_the_pack_does_not_have_is_a_wrong_call(optam: Callable[..., Ran], pack: str) -> None:
    """E841, rather than a perfect score over no mutant."""
    ran = optam("mutate", pack, "--definition", "rr")
    assert (ran.code, ran.out) == (2, "")
    assert "E841" in ran.err
