"""The Annuaire santé read by the names of its columns: what it says, what it leaves unknown, and no name of a person."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from optam_rules.api import load
from optam_rules.base.diagnostics import render_text
from optam_rules.base.errors import CallError
from optam_rules.core.record import Absent, Record
from optam_rules.interop.annuaire import AnnuaireMapping, AnnuaireRecords
from optam_rules.interop.raw import read_all
from tests.support.vocabulary import program

PROGRAM = program()
# The columns seen in the file of August 2026, in an order of our own: places mean nothing.
COLUMNS = (
    "carte_vitale_code",
    "ps_activite_nom",
    "ps_activite_prenom",
    "ps_activite_civilite",
    "specialite_code",
    "specialite_libelle",
    "type_ps_code",
    "coordonnees_ville",
    "secteur_conventionnel_code",
    "option_tarifaire_code",
)
DOCTOR = {
    "ps_activite_nom": "EXEMPLE",
    "ps_activite_prenom": "Camille",
    "ps_activite_civilite": "MME",
    "specialite_code": "06",
    "type_ps_code": "1",
    "secteur_conventionnel_code": "3",
}


def annuaire(folder: Path, *rows: dict[str, str] | str, columns: tuple[str, ...] = COLUMNS) -> Path:
    """Write a register in the form of the real one: `;`, a mark of byte order, ends of line of Windows."""
    path = folder / "annuaire.csv"
    with path.open("w", encoding="utf-8-sig", newline="") as stream:
        writer = csv.DictWriter(stream, columns, restval="", delimiter=";", extrasaction="ignore")
        writer.writeheader()
        for row in rows:
            stream.write(row) if isinstance(row, str) else writer.writerow(row)
    return path


def test_what_a_row_says(tmp_path: Path) -> None:
    """Sector, specialty and option come from their codes; titles, dates and activity stay unknown."""
    path = annuaire(tmp_path, {**DOCTOR, "option_tarifaire_code": "3"})
    with AnnuaireRecords(PROGRAM, path) as file:
        (item,) = file
        (read,) = read_all(PROGRAM, file)
    assert item.raw == {"identifiant": "ligne-2", "secteur": "secteur_2", "specialite": "radiologie", "adhesion": {"option": "optam"}}
    assert (read.position, read.identifiant) == (2, "ligne-2")
    assert read.record is not None
    assert {name for name, value in read.record.values.items() if value is Absent.UNKNOWN} == {
        "titres",
        "date_premiere_installation",
        "adherent_cas",
        "actes_anesthesie",
        "groupe",
        "exercices",
        "mesures",
    }


@pytest.mark.parametrize(
    ("column", "code", "field", "expected"),
    [
        ("secteur_conventionnel_code", "0", "secteur", "non_conventionne"),
        ("secteur_conventionnel_code", "1", "secteur", "secteur_1"),
        ("secteur_conventionnel_code", "2", "secteur", "droit_permanent"),
        ("secteur_conventionnel_code", "3", "secteur", "secteur_2"),
        ("secteur_conventionnel_code", "", "secteur", Absent.UNKNOWN),
        ("option_tarifaire_code", "", "adhesion", Absent.NOT_APPLICABLE),
        ("option_tarifaire_code", "9", "adhesion", Absent.UNKNOWN),
        ("option_tarifaire_code", "4", "option", "optam_aco"),
        *(("specialite_code", code, "specialite", "medecine_generale") for code in ("01", "22", "23")),
        *(("specialite_code", code, "specialite", "psychiatrie") for code in ("33", "75")),
        *(("specialite_code", code, "specialite", "gynecologie_obstetrique") for code in ("07", "70", "77", "79")),
        ("specialite_code", "03", "specialite", "cardiologie"),
        ("specialite_code", "05", "specialite", "dermatologie"),
        ("specialite_code", "06", "specialite", "radiologie"),
        ("specialite_code", "12", "specialite", "pediatrie"),
        ("specialite_code", "15", "specialite", "ophtalmologie"),
        ("specialite_code", "32", "specialite", "neurologie"),
        ("specialite_code", "34", "specialite", "geriatrie"),
        ("specialite_code", "41", "specialite", Absent.UNKNOWN),
    ],
)
def test_what_codes_mean(tmp_path: Path, column: str, code: str, field: str, expected: object) -> None:
    """Each code known from the CNAM's file has its value; an empty option is a fact, an unknown specialty stays unknown."""
    with AnnuaireRecords(PROGRAM, annuaire(tmp_path, {**DOCTOR, column: code})) as file:
        (read,) = read_all(PROGRAM, file)
    assert read.record is not None
    adhesion = read.record.get("adhesion")
    holder = adhesion if field == "option" and isinstance(adhesion, Record) else read.record
    assert expected == holder.get(field)


def test_counts_add_up(tmp_path: Path) -> None:
    """Every row is judged, refused or set aside, and codes that mean nothing here are counted one by one."""
    path = annuaire(
        tmp_path,
        DOCTOR,
        {**DOCTOR, "type_ps_code": "2"},
        {**DOCTOR, "type_ps_code": "5"},
        {**DOCTOR, "type_ps_code": "5"},
        {**DOCTOR, "secteur_conventionnel_code": "7"},
        "une;ligne;courte\r\n",
        {**DOCTOR, "specialite_code": "41"},
        {**DOCTOR, "specialite_code": "41", "option_tarifaire_code": "9"},
        {**DOCTOR, "specialite_code": ""},
    )
    with AnnuaireRecords(PROGRAM, path) as file:
        items = list(file)
        counts = file.counts
    assert (counts.rows, counts.judged, counts.refused) == (9, 4, 2)
    assert counts.set_aside == {"2": 1, "5": 2}
    assert counts.unknown == {"secteur": {}, "specialite": {"41": 2, "": 1}, "adhesion.option": {"9": 1}}
    assert counts.rows == counts.judged + counts.refused + sum(counts.set_aside.values())
    assert [(item.position, [render_text(fault) for fault in item.diagnostics]) for item in items if item.diagnostics] == [
        (6, ["secteur: erreur E538: le code de secteur conventionnel `7` est inconnu\n  aide : codes connus : 0, 1, 2, 3"]),
        (7, ["erreur E533: nombre de cellules : 3 ; attendu : 10"]),
    ]


def test_rows_that_look_alike(tmp_path: Path) -> None:
    """Rows that agree on name and specialty are reported by their lines and never merged, whatever their address."""
    other = {**DOCTOR, "ps_activite_prenom": "Dominique"}
    rows = [
        DOCTOR,
        other,
        {**DOCTOR, "coordonnees_ville": "BREST"},
        {**DOCTOR, "specialite_code": "03"},
        {**DOCTOR, "ps_activite_nom": "Exemple "},
    ]
    with AnnuaireRecords(PROGRAM, annuaire(tmp_path, *rows, other)) as file:
        assert len(list(file)) == 6
        assert list(file.alike()) == [(2, 4, 6), (3, 7)]
        assert file.alike_counts() == (2, 5)


def test_nothing_looks_alike_before_the_walk(tmp_path: Path) -> None:
    """Before the rows are walked there is nothing to report."""
    with AnnuaireRecords(PROGRAM, annuaire(tmp_path, DOCTOR)) as file:
        assert list(file.alike()) == []
        assert file.alike_counts() == (0, 0)


def test_no_name_leaves_the_reader(tmp_path: Path) -> None:
    """Neither records nor diagnostics nor counts hold a name or an address."""
    rows: list[dict[str, str] | str] = [
        DOCTOR,
        {**DOCTOR, "secteur_conventionnel_code": "x"},
        "EXEMPLE;Camille\r\n",
        'EXEMPLE;"Camille\r\n',
        DOCTOR,
    ]
    with AnnuaireRecords(PROGRAM, annuaire(tmp_path, *rows)) as file:
        said = repr((list(file), file.counts, list(file.alike()))).casefold()
    assert "exemple" not in said
    assert "camille" not in said


def test_missing_columns_are_all_told(tmp_path: Path) -> None:
    """A file without the columns that are needed is refused with the name of each, and what it has instead."""
    path = annuaire(tmp_path, columns=("type_ps_code", "ps_activite_nom", "secteur_conventionel_code", "ps_activite_civilite"))
    with pytest.raises(CallError) as caught:
        AnnuaireRecords(PROGRAM, path)
    assert [(fault.code, fault.message, fault.hint) for fault in caught.value.diagnostics] == [
        ("E536", "la colonne `secteur_conventionnel_code` manque", "le fichier a une colonne `secteur_conventionel_code`"),
        ("E536", "la colonne `specialite_code` manque", None),
        ("E536", "la colonne `option_tarifaire_code` manque", None),
        ("E536", "la colonne `ps_activite_prenom` manque", None),
    ]


def test_the_mapping_fits_the_vocabulary(tmp_path: Path) -> None:
    """A mapping that names data or values the vocabulary lacks is refused before any row is read."""
    path = annuaire(tmp_path, DOCTOR)
    text = """
    attribution = "Essai"
    [jugees]
    colonne = "type_ps_code"
    codes = ["1"]
    [doublons]
    colonnes = ["ps_activite_nom"]
    [champs.secteur]
    colonne = "secteur_conventionnel_code"
    inconnu = "refus"
    codes = { 1 = "secteur_un", 2 = "secteur_1" }
    [champs."adhesion.remise"]
    colonne = "option_tarifaire_code"
    inconnu = "compte"
    codes = { 1 = "oui" }
    """
    with pytest.raises(CallError) as caught:
        AnnuaireRecords(PROGRAM, path, AnnuaireMapping.read(text))
    assert {fault.code for fault in caught.value.diagnostics} == {"E545"}
    assert [fault.message for fault in caught.value.diagnostics] == [
        "la table de correspondance donne à `secteur` la valeur `secteur_un`, inconnue du vocabulaire",
        "la table de correspondance donne à `adhesion.remise` la valeur `oui`, inconnue du vocabulaire",
    ]


def test_the_shipped_mapping_fits_the_shipped_vocabulary(tmp_path: Path) -> None:
    """Every datum and value that the shipped mapping names is declared by the shared vocabulary."""
    shipped = load("cm-2016").program
    with AnnuaireRecords(shipped, annuaire(tmp_path, {**DOCTOR, "option_tarifaire_code": "4"})) as file:
        assert [item.record is not None for item in read_all(shipped, file)] == [True]


def test_one_column_tells_a_person(tmp_path: Path) -> None:
    """A mapping may tell persons apart by one column alone."""
    text = """
    attribution = "Essai"
    jugees = { colonne = "type_ps_code", codes = ["1"] }
    doublons = { colonnes = ["ps_activite_nom"] }
    [champs]
    """
    with AnnuaireRecords(PROGRAM, annuaire(tmp_path, DOCTOR, DOCTOR), AnnuaireMapping.read(text)) as file:
        assert len(list(file)) == 2
        assert list(file.alike()) == [(2, 3)]
