"""The assertions that other teams write in their tests."""

from __future__ import annotations

import attrs
import pytest

from optam_rules.base.errors import CallError
from optam_rules.core.program import Program
from optam_rules.library.packs import lone_file
from optam_rules.testing import assert_no_regression, assert_property

TEXT = """convention "Essai" version "1"
article 1 "Plafond" en vigueur du 2017-01-01
  règle plafond_essai : taux vaut 50 % si secteur = secteur_2 sinon 100 %
  règle loi_inconnue : taux vaut inconnu
propriété "au plus 100 %" plafond_essai <= 100 %
propriété "au moins 60 %" plafond_essai >= 60 %
propriété "sur l'inconnu" loi_inconnue >= 0 %
"""


@attrs.frozen
class Compiled:
    """What the assertions take: anything with a program."""

    program: Program


@pytest.fixture(scope="module")
def pack() -> Compiled:
    """Compile the text above."""
    program, faults = lone_file("essai.conv", TEXT.encode())
    assert program is not None, faults
    return Compiled(program)


def test_a_property_that_holds_passes(pack: Compiled) -> None:
    """Both values of the ceiling, 50 % and 100 %, are at most 100 %."""
    assert_property(pack, "au plus 100 %", examples=20)


def test_a_refuted_property_shows_its_record(pack: Compiled) -> None:
    """In sector 2 the ceiling is 50 %, under 60 %: the record says so and nothing else."""
    with pytest.raises(AssertionError, match=r"(?s)« au moins 60 % » : faux au \d{4}-\d\d-\d\d pour ce dossier.*secteur_2"):
        assert_property(pack, "au moins 60 %", examples=50)


def test_a_property_that_nothing_decides_does_not_pass(pack: Compiled) -> None:
    """What the law leaves unknown is never decided, nor by ten times as many records."""
    with pytest.raises(AssertionError, match="aucun des 50 dossiers tirés"):
        assert_property(pack, "sur l'inconnu", examples=5)


def test_a_title_that_is_no_property_is_a_wrong_call(pack: Compiled) -> None:
    """E840, with the title that was meant."""
    with pytest.raises(CallError) as refusal:
        assert_property(pack, "au plus 10 %")
    (fault,) = refusal.value.diagnostics
    assert (fault.code, fault.hint) == ("E840", "vouliez-vous dire « au plus 100 % » ?")


# --- from one version to the next ----------------------------------------------------------------------------------------------


def _compiled(text: str) -> Compiled:
    program, faults = lone_file("essai.conv", text.encode())
    assert program is not None, faults
    return Compiled(program)


def test_the_same_rules_elsewhere_in_the_text_are_no_regression(pack: Compiled) -> None:
    """A comment, an order and a test that move change no answer, and no record is drawn to tell."""
    assert_no_regression(pack, _compiled("# une note\n" + TEXT), examples=0)


def test_a_rule_written_otherwise_is_no_regression(pack: Compiled) -> None:
    """A condition said twice decides as said once; no record tells them apart."""
    other = TEXT.replace("si secteur = secteur_2 sinon", "si secteur = secteur_2 et secteur = secteur_2 sinon")
    assert_no_regression(pack, _compiled(other), examples=30)


def test_turning_a_condition_round_is_a_regression_for_who_has_no_sector(pack: Compiled) -> None:
    """Where the sector is sans objet neither `=` nor `≠` holds: each text then gives its last value, 100 % and 50 %."""
    other = TEXT.replace("50 % si secteur = secteur_2 sinon 100 %", "100 % si secteur ≠ secteur_2 sinon 50 %")
    with pytest.raises(AssertionError, match=r"(?s)`plafond_essai` change : 1 avant, 0.5 après, au .*sans_objet"):
        assert_no_regression(pack, _compiled(other), examples=50)


def test_an_answer_that_changes_is_shown_with_a_record(pack: Compiled) -> None:
    """From 50 % to 60 % in sector 2; what was meant to change is excepted."""
    other = _compiled(TEXT.replace("50 %", "60 %"))
    with pytest.raises(AssertionError, match=r"(?s)`plafond_essai` change : 0.5 avant, 0.6 après, au .*secteur_2"):
        assert_no_regression(pack, other, examples=50)
    assert_no_regression(pack, other, except_=["plafond_essai"], examples=0)


def test_an_answer_that_is_gone_is_a_regression(pack: Compiled) -> None:
    """A rule renamed is an answer that callers no longer find."""
    with pytest.raises(AssertionError, match="`loi_inconnue` n'est plus une réponse"):
        assert_no_regression(pack, _compiled(TEXT.replace("loi_inconnue", "loi_non_lue")), examples=0)


def test_an_exception_that_is_no_answer_is_a_wrong_call(pack: Compiled) -> None:
    """E806: a misspelt exception would except nothing."""
    with pytest.raises(CallError) as refusal:
        assert_no_regression(pack, pack, except_=["plafond_esai"])
    (fault,) = refusal.value.diagnostics
    assert (fault.code, fault.hint) == ("E806", "vouliez-vous dire `plafond_essai` ?")
