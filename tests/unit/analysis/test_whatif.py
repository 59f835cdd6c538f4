"""What would decide an unknown answer, what it may still be, and the nearest change to another: on rules that can be read by eye."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from functools import cache
from typing import Any

import pytest

from optam_rules.analysis.whatif import Ask, WhatIf, what_if
from optam_rules.base.errors import RecordError
from optam_rules.core.program import Program
from optam_rules.core.values import plain_text
from optam_rules.library.packs import lone_file

TEXT = """convention "Essai" version "1"
hypothèse question = oui | non_merci "une question ouverte ?"
article 1 "Un" en vigueur du 2017-01-01
  règle ouvert : booléen vaut secteur = secteur_2 ou secteur = secteur_1 et adherent_cas
  règle pareils : booléen vaut adherent_cas = demande_taux_groupe
  règle en_suspens : entier vaut 1 si question = oui sinon 2
  règle inconnue : booléen vaut inconnu
  règle assez : booléen vaut actes_chirurgie_obstetrique >= 50
  règle ancien : booléen vaut date_premiere_installation < 2013-01-01
  règle les_deux : booléen vaut adherent_cas et demande_taux_groupe
  règle jamais : booléen vaut adherent_cas et non adherent_cas
  règle constate : taux vaut moyenne(e.depassements / e.honoraires_remboursables pour e dans exercices) si vide 0 %
  règle ecart : points vaut maximum({ 0 points ; constate - 25 % })
  table part : taux selon ecart
    | <= 1 point           -> 100 %
    | ]1 point ; 2 points] -> 90 %
    | > 2 points           -> 0 %
"""
ON = dt.date(2017, 6, 8)


@cache
def program() -> Program:
    """Return the small text above, on the shared vocabulary."""
    found, faults = lone_file("essai.conv", TEXT.encode())
    assert found is not None, faults
    return found


def asked(answer: str, record: Mapping[str, Any], wanted: object = None, budget: int = 5000) -> WhatIf:
    """Ask all of an answer."""
    return what_if(Ask(program(), record, ON, answer), wanted=wanted, budget=budget)


def decided(found: WhatIf) -> list[tuple[tuple[str, ...], dict[str, str], bool]]:
    """Return each smallest set: its inputs, a completion for each answer, and whether all decide."""
    return [
        (
            each.inputs,
            {
                plain_text(done.outcome.value, done.outcome.type): " ; ".join(change.text for change in done.changes)
                for done in each.completions
                if done.outcome.value is not None
            },
            each.always,
        )
        for each in found.deciders.found
    ]


def changes(found: WhatIf) -> list[list[tuple[str, object]]]:
    """Return the nearest changes."""
    assert found.nearest is not None
    return [[(change.path, change.value) for change in each] for each in found.nearest.found]


def test_one_input_decides_for_some_of_its_values() -> None:
    """In secteur 2, or out of both sectors, the sector is enough; in secteur 1 it is not, so it does not decide always."""
    assert [(("secteur",), {"faux": "non_conventionne", "vrai": "secteur_2"}, False)] == decided(asked("ouvert", {}))


def test_one_input_decides_always() -> None:
    """In secteur 1 the old contract is all that is missing, and the answer is one or the other."""
    found = asked("ouvert", {"secteur": "secteur_1"})
    assert [(("adherent_cas",), {"vrai": "vrai", "faux": "faux"}, True)] == decided(found)
    assert ([False, True], True) == ([outcome.value for outcome in found.bounds.outcomes], found.bounds.exact)


def test_two_inputs_where_none_alone_is_enough() -> None:
    """Whether two facts agree takes both; no larger set is told."""
    ((inputs, _, always),) = decided(asked("pareils", {}))
    assert (("adherent_cas", "demande_taux_groupe"), True) == (inputs, always)


def test_an_open_question_decides() -> None:
    """A reading counts as an input."""
    found = asked("en_suspens", {})
    assert [(("hypothèse:question",), {"1": "oui", "2": "non_merci"}, True)] == decided(found)
    assert [1, 2] == [outcome.value for outcome in found.bounds.outcomes]


def test_what_no_value_decides_is_told() -> None:
    """What the law leaves unknown cannot be given."""
    found = asked("inconnue", {})
    assert [] == decided(found)
    assert ("inconnu:inconnue",) == found.deciders.untried
    assert ((), False) == (found.bounds.outcomes, found.bounds.exact)


def test_a_known_answer_has_nothing_to_decide() -> None:
    """Its bounds are itself."""
    found = asked("ouvert", {"secteur": "secteur_2"})
    assert ([], True) == (decided(found), found.bounds.exact)
    assert [True] == [outcome.value for outcome in found.bounds.outcomes]


def test_bounds_that_are_not_exact_say_so() -> None:
    """A count has too many values to judge them all."""
    found = asked("assez", {})
    assert ({False, True}, False) == ({outcome.value for outcome in found.bounds.outcomes}, found.bounds.exact)


@pytest.mark.parametrize(
    ("answer", "record", "expected"),
    [
        ("assez", {"actes_chirurgie_obstetrique": 12}, [("actes_chirurgie_obstetrique", 50)]),
        ("ancien", {"date_premiere_installation": "2016-03-01"}, [("date_premiere_installation", "2012-12-31")]),
        ("les_deux", {"adherent_cas": True, "demande_taux_groupe": False}, [("demande_taux_groupe", True)]),
    ],
)
def test_the_nearest_value_of_one_input(answer: str, record: Mapping[str, Any], expected: list[tuple[str, object]]) -> None:
    """The first count that is enough, the last day before, the one fact that fails."""
    assert [expected] == changes(asked(answer, record, True))


def test_the_full_part_is_restored_to_the_cent() -> None:
    """27,500 over 100,000 is 27.5 %, 2.5 points too many; 26 % is 26,000.00 of it, or 27,500 of 105,769.23..., so of 105,769.24."""
    record = {"exercices": [{"annee": 2016, "honoraires_remboursables": "100000", "depassements": "27500"}]}
    found = changes(asked("part", record, "1"))
    assert [
        [("exercices[annee=2016].depassements", "26000.00")],
        [("exercices[annee=2016].honoraires_remboursables", "105769.24")],
    ] == found


def test_two_changes_where_none_alone_is_enough() -> None:
    """Both facts fail: both must change."""
    found = changes(asked("les_deux", {"adherent_cas": False, "demande_taux_groupe": False}, True))
    assert [[("adherent_cas", True), ("demande_taux_groupe", True)]] == found


def test_no_change_gives_what_cannot_be() -> None:
    """A contradiction stays one."""
    assert [] == changes(asked("jamais", {"adherent_cas": False}, True))


def test_a_spent_budget_is_told() -> None:
    """What was not tried is not taken for impossible."""
    found = asked("part", {"exercices": [{"annee": 2016, "honoraires_remboursables": "100000", "depassements": "27500"}]}, "1", budget=2)
    assert found.nearest is not None
    assert found.nearest.spent


def test_a_value_wanted_is_one_of_the_answer() -> None:
    """Anything else is refused; so is a faulty record."""
    with pytest.raises(RecordError):
        asked("assez", {"actes_chirurgie_obstetrique": 12}, "beaucoup")
    with pytest.raises(RecordError):
        asked("assez", {"actes": 12})


@pytest.mark.parametrize(
    ("answer", "wanted", "code"), [("constate", 0.5, "E503"), ("constate", object(), "E502"), ("ouvert", "peut-être", "E502")]
)
def test_a_value_wanted_that_is_none_is_told_of_an_unknown_answer(answer: str, wanted: object, code: str) -> None:
    """Nothing is looked for where the answer is unknown: what is wrong with the value wanted is told all the same."""
    with pytest.raises(RecordError) as caught:
        asked(answer, {}, wanted)
    assert [code] == [fault.code for fault in caught.value.diagnostics]
