"""The assertions that other teams write in their tests."""

from __future__ import annotations

import attrs
import pytest

from optam_rules.base.errors import CallError
from optam_rules.core.program import Program
from optam_rules.library.packs import lone_file
from optam_rules.testing import assert_property

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
    """What the law leaves unknown is never decided."""
    with pytest.raises(AssertionError, match="aucun des 5 dossiers tirés"):
        assert_property(pack, "sur l'inconnu", examples=5)


def test_a_title_that_is_no_property_is_a_wrong_call(pack: Compiled) -> None:
    """E840, with the title that was meant."""
    with pytest.raises(CallError) as refusal:
        assert_property(pack, "au plus 10 %")
    (fault,) = refusal.value.diagnostics
    assert (fault.code, fault.hint) == ("E840", "vouliez-vous dire « au plus 100 % »")
