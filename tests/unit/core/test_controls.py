"""Controls of an entity on records: what they refuse, and what they leave alone."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from hypothesis import find, given, settings

import optam_rules
from optam_rules import Pack, RecordError
from optam_rules.analysis.obligations import Holds
from optam_rules.analysis.prove import discharge
from optam_rules.analysis.verdict import Proved, Refuted
from optam_rules.backends.strategies.records import records
from optam_rules.core.schema import read_record

VOCABULARY = """convention "Essai" version "1"
entité principale visite
  donnée identifiant : chaîne
  donnée total : montant entre 0 € et 1_000 €
  donnée part : montant entre 0 € et 1_000 € facultative
  donnée debut : date facultative
  donnée fin : date facultative
  donnée gratuite : booléen
  donnée suites : liste de visite
  contrôle "la part ne dépasse pas le total" part <= total
  contrôle "gratuite ou payée" non gratuite ou total = 0 €
  contrôle "pas plus d'une année" fin <= debut + 1 an (fin de mois inférieur)
  contrôle "un dixième au moins" part / total >= 10 %
règle reste : montant vaut total - part
règle duree : durée en jours vaut fin - debut
règle payante : booléen vaut non gratuite
propriété "une part ne dépasse jamais son total" part <= total
propriété "une part est au plus la moitié" part * 2 <= total
"""


@pytest.fixture(scope="module")
def pack(tmp_path_factory: pytest.TempPathFactory) -> Pack:
    """Load a small pack with controls."""
    folder: Path = tmp_path_factory.mktemp("essai")
    (folder / "manifest.toml").write_text('id = "essai"\ntitle = "Essai"\nversion = "1"\n', encoding="utf-8")
    (folder / "essai.conv").write_text(VOCABULARY, encoding="utf-8")
    return optam_rules.load(folder)


@pytest.mark.parametrize(
    ("record", "broken"),
    [
        ({"total": "100.00", "part": "100.00"}, []),
        ({"total": "100.00", "part": "100.01"}, [(None, "part = 100.01 € ; total = 100.00 €")]),
        ({"total": "100.00"}, []),
        ({"part": "100.00"}, []),
        ({"total": "100.00", "part": "sans_objet"}, []),
        ({"total": "100.00", "part": "9.99"}, [(None, "part = 9.99 € ; total = 100.00 €")]),
        ({"total": "0", "part": "0"}, []),  # 0 / 0 has no value: nothing is said
        ({"gratuite": True, "total": "0"}, []),
        ({"gratuite": True, "total": "0.01"}, [(None, "gratuite = vrai ; total = 0.01 €")]),
        ({"gratuite": True}, []),
        ({"debut": "2024-02-29", "fin": "2025-02-28"}, []),
        ({"debut": "2024-02-29", "fin": "2025-03-01"}, [(None, "fin = 2025-03-01 ; debut = 2024-02-29")]),
        (
            {
                "total": "1",
                "part": "2",
                "suites": [{"identifiant": "b", "total": "1", "part": "1"}, {"identifiant": "c", "total": "3", "part": "4"}],
            },
            [("suites[1]", "part = 4.00 € ; total = 3.00 €"), (None, "part = 2.00 € ; total = 1.00 €")],
        ),
    ],
)
def test_what_a_control_refuses(pack: Pack, record: dict[str, object], broken: list[tuple[str | None, str]]) -> None:
    """Each broken control is a fault at its record, with what was found; an unknown or absent datum never is."""
    _, faults = read_record(pack.program, {"identifiant": "a", **record})
    assert [(fault.path, fault.code) for fault in faults] == [(path, "E524") for path, _ in broken]
    assert all(found in fault.message for fault, (_, found) in zip(faults, broken, strict=True))


def test_fault_tells_what_must_hold(pack: Pack) -> None:
    """The fault names the control, and its hint is the condition as written; other faults of the record come with it."""
    with pytest.raises(RecordError) as caught:
        pack.evaluate({"identifiant": "a", "total": "1", "part": "2", "gratuit": True}, on=dt.date(2020, 1, 1))
    assert {(fault.code, fault.hint) for fault in caught.value.diagnostics} == {
        ("E524", "il faut : part <= total"),
        ("E501", "vouliez-vous écrire `gratuite` ?"),
    }


@pytest.mark.parametrize("partial", [False, True])
def test_drawn_records_keep_the_controls(pack: Pack, partial: bool) -> None:
    """Strategies draw records that the reader accepts, and still draw unequal parts."""

    @settings(max_examples=60, deadline=None, database=None)
    @given(records(pack.program, partial=partial))
    def accepted(raw: dict[str, object]) -> None:
        assert read_record(pack.program, raw)[1] == []

    accepted()
    unequal = find(records(pack.program, partial=False), lambda raw: raw.get("part") not in (None, "sans_objet", "0.00", raw.get("total")))
    assert unequal["part"] != unequal["total"]


def test_solver_leaves_out_what_a_control_refuses(pack: Pack) -> None:
    """What a control says is proved of every record; what it does not say is refuted by a record that it lets through."""
    pytest.importorskip("z3")
    sure, refuted = (discharge(Holds(pack.program, invariant)) for invariant in pack.program.properties)
    assert isinstance(sure, Proved)
    assert isinstance(refuted, Refuted)
    assert read_record(pack.program, refuted.witness.case.record)[1] == []
