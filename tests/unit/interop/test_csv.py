"""CSV files and their companions read by the vocabulary alone: columns by name, refused rows in place, nothing lost in silence."""

from __future__ import annotations

import contextlib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from optam_rules.base.diagnostics import render_text
from optam_rules.base.errors import CallError
from optam_rules.core.record import Absent, Record
from optam_rules.core.types import EntityType, ListType, Scalar
from optam_rules.core.vocabulary import Vocabulary
from optam_rules.interop import csv_table
from optam_rules.interop.csv_columns import plan
from optam_rules.interop.csv_records import CsvRecords
from optam_rules.interop.csv_references import read_reference_csv
from optam_rules.interop.csv_table import Table
from optam_rules.interop.raw import ReadRecord, read_all
from tests.support.vocabulary import EXERCICE, entity, field, program

PROGRAM = program()


def written(folder: Path, files: dict[str, str | bytes]) -> dict[str, Path]:
    """Write files and return their paths."""
    for name, text in files.items():
        (folder / f"{name}.csv").write_bytes(text.encode() if isinstance(text, str) else text)
    return {name: folder / f"{name}.csv" for name in files}


def raws(folder: Path, main: str | bytes, **companions: str | bytes) -> list[Any]:
    """Return the raw records of CSV texts."""
    paths = written(folder, {"main": main, **companions})
    with CsvRecords(PROGRAM, paths.pop("main"), paths) as file:
        return [item.raw for item in file]


def group(item: ReadRecord) -> Record:
    """Return the group of a record that has one."""
    assert item.record is not None, item
    found = item.record.get("groupe")
    assert isinstance(found, Record)
    return found


def read(folder: Path, main: str | bytes, **companions: str | bytes) -> list[ReadRecord]:
    """Read the records of CSV texts."""
    paths = written(folder, {"main": main, **companions})
    with CsvRecords(PROGRAM, paths.pop("main"), paths) as file:
        return list(read_all(PROGRAM, file))


def refused(folder: Path, main: str | bytes, **companions: str | bytes) -> list[str]:
    """Return the messages of files that are refused whole, without the folder."""
    with pytest.raises(CallError) as caught:
        raws(folder, main, **companions)
    return [render_text(fault).replace(f"{folder}/", "") for fault in caught.value.diagnostics]


def test_cells_become_raw_values(tmp_path: Path) -> None:
    """Cells are stripped and typed by the vocabulary; an empty one is unknown, `|` alone is the empty set."""
    text = (
        "identifiant;titres;adherent_cas;actes_anesthesie;date_premiere_installation;secteur;adhesion.option;mesures.taux\n"
        "A; ancien_chef_de_clinique | praticien_hospitalier ;VRAI;12;2010-09-01;sans_objet;optam;46.5 %\n"
        "B;|;faux;;;;;\n"
    )
    assert raws(tmp_path, text) == [
        {
            "identifiant": "A",
            "titres": ["ancien_chef_de_clinique", "praticien_hospitalier"],
            "adherent_cas": True,
            "actes_anesthesie": 12,
            "date_premiere_installation": "2010-09-01",
            "secteur": "sans_objet",
            "adhesion": {"option": "optam"},
            "mesures": {"taux": "46.5 %"},
        },
        {"identifiant": "B", "titres": [], "adherent_cas": False},
    ]


@pytest.mark.parametrize(
    "text", ["identifiant,secteur\nA,secteur_1\n", "\ufeffidentifiant;secteur\r\nA;secteur_1", '"identifiant";"secteur"\n"A";"secteur_1"\n']
)
def test_separators_marks_and_quotes(tmp_path: Path, text: str) -> None:
    """Comma or semicolon, with or without a mark of byte order, quotes and either end of line: one content."""
    assert raws(tmp_path, text) == [{"identifiant": "A", "secteur": "secteur_1"}]


def test_one_column_is_enough(tmp_path: Path) -> None:
    """A file of identifiants alone has no separator to show."""
    assert raws(tmp_path, "identifiant\nA\n\nB\n") == [{"identifiant": "A"}, {"identifiant": "B"}]


def test_numbered_columns(tmp_path: Path) -> None:
    """`depassements_2013` is the datum of the year 2013; a year whose cells are empty exists, its data unknown."""
    text = "identifiant,honoraires_2013,depassements_2013,exercices.depassements_2014\nA,100.00,40.00,\n"
    assert raws(tmp_path, text) == [
        {"identifiant": "A", "exercices": [{"annee": 2013, "honoraires": "100.00", "depassements": "40.00"}, {"annee": 2014}]}
    ]


def test_companion_of_a_list(tmp_path: Path) -> None:
    """Rows of the companion go to their practitioner in their order; without any, the list is unknown, not empty."""
    companion = "annee;identifiant;depassements\n2014;A;1.00\n2013;B;2.00\n2013;A;\n"
    assert raws(tmp_path, "identifiant\nA\nB\nC\n", exercices=companion) == [
        {"identifiant": "A", "exercices": [{"annee": 2014, "depassements": "1.00"}, {"annee": 2013}]},
        {"identifiant": "B", "exercices": [{"annee": 2013, "depassements": "2.00"}]},
        {"identifiant": "C"},
    ]


def test_companion_of_groups(tmp_path: Path) -> None:
    """Members of a group are the rows that name it; its own data come from the companion."""
    main = "identifiant;groupe;secteur\nA;G;secteur_1\nB;;\nC;G;secteur_2\n"
    first, second, third = read(tmp_path, main, groupes="identifiant;meme_structure\nG;vrai\n")
    assert second.record is not None
    assert group(first) is group(third)
    assert group(first).get("meme_structure") is True
    assert group(first).get("membres") == (first.record, third.record)


def test_groups_without_companion(tmp_path: Path) -> None:
    """A group that no file describes has its members all the same, and nothing else known."""
    first, second = read(tmp_path, "identifiant;groupe\nA;G\nB;G\n")
    assert group(first) is group(second)
    assert group(first).values == {
        "identifiant": "G",
        "meme_structure": Absent.UNKNOWN,
        "membres": (first.record, second.record),
    }


def test_a_nameless_member(tmp_path: Path) -> None:
    """A row without identifiant is a member of the group it names, and is itself refused: it cannot be found in the list."""
    first, second = read(tmp_path, "identifiant;groupe;secteur\nA;G;\n;G;secteur_2\n")
    members = group(first).get("membres")
    assert isinstance(members, tuple)
    assert [member.get("secteur") for member in members if isinstance(member, Record)] == [Absent.UNKNOWN, "secteur_2"]
    assert [(fault.path, fault.code) for fault in second.diagnostics] == [("groupe.membres", "E523")]


def test_members_may_be_listed(tmp_path: Path) -> None:
    """A column of identifiants fills the list of members, whatever the main file says."""
    first, second = read(tmp_path, "identifiant;groupe\nA;G\nB;\n", groupe="identifiant;membres\nG;A|B\n")
    assert group(first) is group(second)
    (lone,) = read(tmp_path, "identifiant;groupe\nA;G\n", groupe="identifiant;membres\nG;A|B\n")
    assert [(fault.path, fault.code) for fault in lone.diagnostics] == [("groupe.membres[1]", "E516")]


def test_a_group_that_the_companion_lacks(tmp_path: Path) -> None:
    """With a companion, a group it does not describe is a reference to nothing."""
    (record,) = read(tmp_path, "identifiant;groupe\nA;H\n", groupes="identifiant\nG\n")
    assert [(fault.path, fault.code) for fault in record.diagnostics] == [("groupe", "E516")]


def test_rows_that_cannot_be_read(tmp_path: Path) -> None:
    """Ragged rows, open quotes, wrong bytes and faults of data are refused at their lines; the others go on; the sum adds up."""
    text = (
        b"identifiant;secteur\nA;secteur_1\nB\nC;secteur_1;x\n"
        b'D;"secteur_1\nE;secteur_1\nF;"secteur_1"x\nG;\xff\nH;secteur_9\nI;"secteur\n_1"\nJ;secteur_1\nK;"sec'
    )
    records = read(tmp_path, text)
    assert [(item.position, item.identifiant, [fault.code for fault in item.diagnostics]) for item in records] == [
        (2, "A", []),
        (3, None, ["E533"]),
        (4, None, ["E533"]),
        (5, None, ["E534"]),
        (6, "E", []),
        (7, None, ["E534"]),
        (8, None, ["E531"]),
        (9, "H", ["E509"]),
        (10, "I", ["E509"]),
        (12, "J", []),
        (13, None, ["E534"]),
    ]


def test_an_open_quote_swallows_nothing(tmp_path: Path) -> None:
    """A quote that never closes costs its own row alone, however long the file."""
    rows = "".join(f"M{number};secteur_1\n" for number in range(500))
    records = read(tmp_path, f'identifiant;secteur\nX;"\n{rows}')
    assert (len(records), sum(item.record is None for item in records)) == (501, 1)


def test_endless_lines_and_cells(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A line or a cell beyond all measure is refused without being held."""
    records = read(tmp_path, f"identifiant;secteur\nA;{'x' * 140_000}\nB;\n")
    assert [[fault.code for fault in item.diagnostics] for item in records] == [["E534"], []]
    monkeypatch.setattr(csv_table, "MAX_LINE", 100)
    records = read(tmp_path, f"identifiant;secteur\nA;{'x' * 200}\nB;\n")
    assert [[fault.code for fault in item.diagnostics] for item in records] == [["E540"], []]


def test_two_rows_of_one_identifier(tmp_path: Path) -> None:
    """The same identifiant with other content refuses both rows; with equal content both are judged."""
    assert [item.record is None for item in read(tmp_path, "identifiant;secteur\nA;secteur_1\nA;secteur_2\n")] == [True, True]
    assert [item.record is None for item in read(tmp_path, "identifiant;secteur\nA;secteur_1\nA;secteur_1\n")] == [False, False]


def test_a_block_and_its_detail(tmp_path: Path) -> None:
    """A cell for a whole entity and cells for its data contradict each other."""
    (first,) = read(tmp_path, "identifiant,adhesion.option,adhesion\nA,optam,sans_objet\n")
    assert [(fault.path, fault.code) for fault in first.diagnostics] == [("adhesion", "E547")]
    (first, second) = read(tmp_path, "identifiant,adhesion,adhesion.option\nA,sans_objet,optam\nB,sans_objet,\n")
    assert [(fault.path, fault.code) for fault in first.diagnostics] == [("adhesion.option", "E547")]
    assert second.record is not None


@pytest.mark.parametrize(
    ("main", "companions", "expected"),
    [
        ("", {}, ["main.csv: erreur E541: le fichier est vide"]),
        (
            "identifiant;secteurs;depassement_2014;exercices;adhesion.options;membres;;groupe.membres.x\n",
            {},
            [
                "main.csv: erreur E535: la colonne `secteurs` ne correspond à aucun champ\n  aide : vouliez-vous écrire `secteur` ?",
                "main.csv: erreur E535: la colonne `depassement_2014` ne correspond à aucun champ\n"
                "  aide : vouliez-vous écrire `depassements_2014` ?",
                "main.csv: erreur E535: la colonne `exercices` ne correspond à aucun champ\n"
                "  aide : une liste se donne en fichier joint, ou par des colonnes numérotées (`depassements_2013`)",
                "main.csv: erreur E535: la colonne `adhesion.options` ne correspond à aucun champ\n"
                "  aide : vouliez-vous écrire `adhesion.option` ?",
                "main.csv: erreur E535: la colonne `membres` ne correspond à aucun champ\n  aide : vouliez-vous écrire `mesures` ?",
                "main.csv: erreur E535: la colonne `` ne correspond à aucun champ",
                "main.csv: erreur E535: la colonne `groupe.membres.x` ne correspond à aucun champ\n"
                "  aide : vouliez-vous écrire `groupe.membres` ?",
            ],
        ),
        ("identifiant;secteur;secteur\n", {}, ["main.csv: erreur E537: la colonne `secteur` figure deux fois"]),
        (
            "identifiant;depassements_2013;exercices.depassements_02013\n",
            {},
            [
                "main.csv: erreur E537: la colonne `exercices.depassements_02013` figure deux fois\n"
                "  aide : `depassements_2013` remplit déjà `exercices.depassements 2013`"
            ],
        ),
        (
            "identifiant\nA\n",
            {"exercice": "identifiant;annee\n", "titres": "identifiant\n", "groupes": "meme_structure\nvrai\n"},
            [
                "exercice.csv: erreur E543: `exercice` n'est pas un champ que l'on puisse donner en fichier joint\n"
                "  aide : vouliez-vous écrire `exercices` ?",
                "titres.csv: erreur E543: `titres` n'est pas un champ que l'on puisse donner en fichier joint",
                "groupes.csv: erreur E536: la colonne `identifiant` manque",
            ],
        ),
        (
            "identifiant;depassements_2013\nA;1\n",
            {"exercices": "identifiant;annee\nA;2013\n"},
            ["exercices.csv: erreur E544: le champ `exercices` est donné à la fois par des colonnes et par un fichier joint"],
        ),
        (
            "identifiant\nA\n",
            {"exercices": "identifiant;annee\nA;2013\nA\n;2014\nZ;2013\n", "groupes": "identifiant;meme_structure\n;vrai\n"},
            [
                "exercices.csv:3: erreur E533: nombre de cellules : 1 ; attendu : 2",
                "exercices.csv:4: erreur E542: la cellule `identifiant` est vide",
                "groupes.csv:2: erreur E542: la cellule `identifiant` est vide",
                "exercices.csv:5: erreur E539: aucun enregistrement d'identifiant `Z` dans le fichier principal",
            ],
        ),
        (
            "identifiant\nA\n",
            {"exercices": "identifiant;annee\nA;2013\nZ;2013\n"},
            ["exercices.csv:3: erreur E539: aucun enregistrement d'identifiant `Z` dans le fichier principal"],
        ),
    ],
)
def test_files_that_are_refused(tmp_path: Path, main: str, companions: dict[str, str], expected: list[str]) -> None:
    """A header that would lose data, or a companion row that is nobody's, refuses the call with every fault and the nearest name."""
    assert expected == refused(tmp_path, main, **companions)


def test_unknown_columns_may_be_ignored(tmp_path: Path) -> None:
    """Columns that the vocabulary does not know are passed over when asked."""
    path = written(tmp_path, {"f": "identifiant;couleur\nA;bleu\n"})["f"]
    with CsvRecords(PROGRAM, path, ignore_unknown_fields=True) as file:
        assert [item.raw for item in file] == [{"identifiant": "A"}]


def test_a_doubtful_number_asks_for_its_list() -> None:
    """Where two lists have the datum, the column must say which it fills."""
    doctor = entity(
        "medecin", field("exercices", ListType(EntityType("exercice"))), field("prevus", ListType(EntityType("exercice"))), main=True
    )
    vocabulary = Vocabulary.of(program(doctor, EXERCICE))
    assert [fault.code for fault in plan(vocabulary, "medecin", ["depassements_2013"])[1]] == ["E535"]
    assert plan(vocabulary, "medecin", ["prevus.depassements_2013"])[1] == []


def test_columns_nested_without_end() -> None:
    """A name of a hundred thousand dots is no column, and costs nothing."""
    looped = program(entity("medecin", field("identifiant", Scalar.TEXT), field("a", EntityType("medecin")), main=True))
    assert [fault.code for fault in plan(Vocabulary.of(looped), "medecin", ["a." * 100_000 + "a"])[1]] == ["E535"]


def test_rows_are_found_again_by_their_offset(tmp_path: Path) -> None:
    """Each row is read again from the offset it was met at, rows of several lines included."""
    path = written(tmp_path, {"f": '\ufeffa;b\n1;"x\ny"\n\n2;é\n3;z'})["f"]
    table = Table.open(path)
    rows = list(table.rows())
    assert [(row.line, list(row.cells)) for row in rows] == [(2, ["1", "x\ny"]), (5, ["2", "é"]), (6, ["3", "z"])]
    with path.open("rb") as stream:
        assert [table.row_at(row.offset, stream).cells for row in reversed(rows)] == [row.cells for row in reversed(rows)]


def test_reference_tables(tmp_path: Path) -> None:
    """A reference table is read by the names of its keys; faults tell line and column."""
    good = written(tmp_path, {"r": "region;specialite;valeur\nbretagne;radiologie;40 %\n"})["r"]
    assert read_reference_csv(PROGRAM, "moyennes", good)[1] == []
    bad = written(
        tmp_path, {"r": "region;specialite;valeur\n\nbretagne;radiologie;x\nbretagne;radio\nbretagne;radiologie;1\nbretagne;radiologie;2\n"}
    )["r"]
    assert [(str(fault.path).replace(f"{tmp_path}/", ""), fault.code) for fault in read_reference_csv(PROGRAM, "moyennes", bad)[1]] == [
        ("r.csv:4", "E533"),
        ("r.csv:3:valeur", "E504"),
        ("r.csv:6", "E552"),
    ]
    empty = written(tmp_path, {"r": "region;valeur\n"})["r"]
    assert [fault.code for fault in read_reference_csv(PROGRAM, "moyennes", empty)[1]] == ["E551"]


@given(st.binary(max_size=80), st.binary(max_size=40))
def test_any_bytes(tmp_path_factory: pytest.TempPathFactory, content: bytes, companion: bytes) -> None:
    """Whatever the bytes, there are records and refused rows, or one error of the call."""
    folder = tmp_path_factory.getbasetemp()
    read(folder, b"identifiant;secteur;groupe\n" + content)
    with contextlib.suppress(CallError):
        read(folder, b"identifiant\nA\n" + content, exercices=b"identifiant;annee\n" + companion)
    with contextlib.suppress(CallError):
        read(folder, content)
