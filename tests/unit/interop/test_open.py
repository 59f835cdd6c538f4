"""The reader of a file is chosen by its name and its header, and what all readers yield is alike."""

from __future__ import annotations

from pathlib import Path

import pytest

from optam_rules.base.errors import CallError
from optam_rules.core.types import EntityType, ListType, Scalar
from optam_rules.interop.annuaire import AnnuaireRecords
from optam_rules.interop.csv_records import CsvRecords
from optam_rules.interop.json_lines import JsonLinesRecords
from optam_rules.interop.json_records import JsonRecords
from optam_rules.interop.names import NameIndex
from optam_rules.interop.open import companions_beside, open_records
from optam_rules.interop.raw import read_all
from tests.support.vocabulary import EXERCICE, entity, field, program

PROGRAM = program()


@pytest.mark.parametrize(
    ("name", "text", "kind"),
    [
        ("f.json", '{"identifiant": "A"}', JsonRecords),
        ("f.JSON", '[{"identifiant": "A"}]', JsonRecords),
        ("f.jsonl", '{"identifiant": "A"}\n', JsonLinesRecords),
        ("f.ndjson", '{"identifiant": "A"}\n', JsonLinesRecords),
        ("f.csv", "identifiant\nA\n", CsvRecords),
        (
            "f.csv",
            "type_ps_code;secteur_conventionnel_code;specialite_code;option_tarifaire_code;ps_activite_nom;ps_activite_prenom;ps_activite_civilite\n"
            "1;1;01;;X;Y;M\n",
            AnnuaireRecords,
        ),
    ],
)
def test_the_format_is_told(tmp_path: Path, name: str, text: str, kind: type) -> None:
    """Each format opens with its reader and yields the one record that the file holds."""
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    with open_records(PROGRAM, path) as file:
        assert type(file) is kind
        assert [item.record is not None for item in read_all(PROGRAM, file)] == [True]


def test_another_name_is_refused(tmp_path: Path) -> None:
    """A name that tells no format is an error of the call."""
    with pytest.raises(CallError, match="E546"):
        open_records(PROGRAM, tmp_path / "f.xlsx")


def test_a_missing_file_is_the_systems(tmp_path: Path) -> None:
    """What the system refuses is raised as the system says it."""
    with pytest.raises(FileNotFoundError):
        open_records(PROGRAM, tmp_path / "f.csv")


def test_companions_stand_beside(tmp_path: Path) -> None:
    """`f.exercices.csv` and `f.groupes.csv` go with `f.csv` by themselves."""
    for name, text in {
        "f": "identifiant;groupe\nA;G\n",
        "f.exercices": "identifiant;annee\nA;2013\n",
        "f.groupes": "identifiant\nG\n",
    }.items():
        (tmp_path / f"{name}.csv").write_text(text, encoding="utf-8")
    assert companions_beside(PROGRAM, tmp_path / "f.csv") == {
        "exercices": tmp_path / "f.exercices.csv",
        "groupe": tmp_path / "f.groupes.csv",
    }
    with open_records(PROGRAM, tmp_path / "f.csv") as file:
        assert [item.raw for item in file] == [{"identifiant": "A", "groupe": "G", "exercices": [{"annee": 2013}]}]
    with open_records(PROGRAM, tmp_path / "f.csv", companions={}) as file:
        assert [item.raw for item in file] == [{"identifiant": "A", "groupe": "G"}]


def test_records_without_identifier(tmp_path: Path) -> None:
    """Where the first datum is no text, records have no identifiant, in JSON as in CSV."""
    counted = program(
        entity("medecin", field("numero", Scalar.INTEGER), field("annees", ListType(EntityType("exercice"))), main=True), EXERCICE
    )
    path = tmp_path / "f.csv"
    path.write_text("numero;depassements_2013\n4;1\n", encoding="utf-8")
    with open_records(counted, path) as file:
        assert [(item.identifiant, item.record is not None) for item in read_all(counted, file)] == [(None, True)]


def test_the_index_keeps_many_names() -> None:
    """Names of one kind and of another, lone surrogates included, come back with their places in order; batches change nothing."""
    index = NameIndex()
    for number in range(25_000):
        index.add("medecin", str(number % 20_000), number)
    index.add("groupe", "3", 7, "note")
    index.add("medecin", "\ud800", 1)
    index.seal()
    assert index.places("medecin", "3") == (3, 20_003)
    assert index.places("medecin", "19999") == (19_999,)
    assert index.places("groupe", "3") == (7,)
    assert list(index.notes("groupe", "3")) == [(7, "note")]
    assert index.places("medecin", "\ud800") == (1,)
    assert index.places("medecin", "absent") == ()
    assert index.repeated_counts() == (5_000, 10_000)
    assert next(iter(index.repeated())) == (0, 20_000)
    index.close()
