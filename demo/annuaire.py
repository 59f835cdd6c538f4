"""A seed turned into a register in the very form of the Annuaire santé, with invented practitioners and its usual blemishes."""

from __future__ import annotations

import csv
import random
from collections.abc import Iterator
from pathlib import Path

COLUMNS = (
    "ps_activite_nom",
    "ps_activite_prenom",
    "ps_activite_civilite",
    "ps_activite_raison_sociale",
    "specialite_code",
    "specialite_libelle",
    "type_ps_code",
    "type_ps_libelle",
    "coordonnees_voie",
    "coordonnees_complement",
    "coordonnees_lieu_dit",
    "coordonnees_code_postal",
    "coordonnees_ville",
    "coordonnees_num_tel",
    "secteur_conventionnel_code",
    "secteur_conventionnel_libelle",
    "nature_exercice_code",
    "nature_exercice_libelle",
    "option_tarifaire_code",
    "option_tarifaire_libelle",
    "activite_particuliere_code",
    "activite_particuliere_libelle",
    "carte_vitale_code",
    "carte_vitale_libelle",
)

SEED = 20170608
DOCTORS = 260
OTHERS = 60

_SPECIALTIES = (
    ("01", "Médecin généraliste"),
    ("03", "Cardiologue"),
    ("05", "Dermatologue et vénérologue"),
    ("06", "Radiologue"),
    ("07", "Gynécologue / Obstétricien"),
    ("12", "Pédiatre"),
    ("15", "Ophtalmologiste"),
    ("32", "Neurologue"),
    ("33", "Psychiatre"),
    ("34", "Gériatre"),
)
_SECTORS = {
    "0": "Non conventionné",
    "1": "Secteur 1",
    "2": "Conventionné avec droit permanent à dépassement",
    "3": "Secteur 2",
}
_OPTIONS = {"": "", "3": "OPTAM", "4": "OPTAM-ACO"}
_OTHERS = (
    ("2", "Auxiliaire médical", "24", "Infirmier"),
    ("2", "Auxiliaire médical", "26", "Masseur-kinésithérapeute"),
    ("3", "Laboratoire", "30", "Laboratoire d'analyses"),
    ("4", "Fournisseur", "50", "Pharmacie"),
    ("5", "Chirurgien-dentiste", "19", "Chirurgien-dentiste"),
)
_TOWNS = (("38000", "GRENOBLE"), ("69003", "LYON"), ("35000", "RENNES"), ("75011", "PARIS"), ("13001", "MARSEILLE"), ("97400", "ST-DENIS"))

Row = dict[str, str]


def rows(seed: int = SEED) -> Iterator[Row]:
    """Yield the rows of the register: doctors at one or several addresses, other professions, and a few hostile cells."""
    chance = random.Random(seed)
    for number in range(1, DOCTORS + 1):
        doctor = _doctor(chance, number)
        yield doctor
        for _ in range(chance.choice((0, 0, 0, 0, 1, 2))):
            yield doctor | _address(chance)
    for number in range(1, OTHERS + 1):
        yield _other(chance, DOCTORS + number)
    yield from _blemishes(chance)


def write(path: Path, seed: int = SEED) -> None:
    """Write the register as the caisse publishes it: UTF-8 with a byte order mark, `;` between cells."""
    with path.open("w", encoding="utf-8-sig", newline="") as stream:
        writer = csv.DictWriter(stream, COLUMNS, delimiter=";", lineterminator="\r\n")
        writer.writeheader()
        writer.writerows(rows(seed))


def _person(chance: random.Random, number: int) -> Row:
    person = {
        "ps_activite_nom": f"PRATICIEN-{number:03d}",
        "ps_activite_prenom": "EXEMPLE",
        "ps_activite_civilite": chance.choice(("M", "MME")),
        "carte_vitale_code": "1",
        "carte_vitale_libelle": "Lit la carte Vitale",
    }
    return dict.fromkeys(COLUMNS, "") | person | _address(chance)


def _address(chance: random.Random) -> Row:
    postcode, town = chance.choice(_TOWNS)
    return {
        "coordonnees_voie": f"{chance.randint(1, 99)} RUE DE L'EXEMPLE",
        "coordonnees_code_postal": postcode,
        "coordonnees_ville": town,
        "coordonnees_num_tel": f"01 99 00 {chance.randint(0, 99):02d} {chance.randint(0, 99):02d}",
    }


def _doctor(chance: random.Random, number: int) -> Row:
    code, label = chance.choice(_SPECIALTIES)
    sector = chance.choices(tuple(_SECTORS), weights=(2, 60, 1, 40))[0]
    option = chance.choices(tuple(_OPTIONS), weights=(60, 35, 5))[0] if sector in "23" else ""
    return _person(chance, number) | {
        "specialite_code": code,
        "specialite_libelle": label,
        "type_ps_code": "1",
        "type_ps_libelle": "Médecin",
        "secteur_conventionnel_code": sector,
        "secteur_conventionnel_libelle": _SECTORS[sector],
        "nature_exercice_code": "01",
        "nature_exercice_libelle": "Libéral intégral",
        "option_tarifaire_code": option,
        "option_tarifaire_libelle": _OPTIONS[option],
    }


def _other(chance: random.Random, number: int) -> Row:
    kind, kind_label, code, label = chance.choice(_OTHERS)
    return _person(chance, number) | {
        "type_ps_code": kind,
        "type_ps_libelle": kind_label,
        "specialite_code": code,
        "specialite_libelle": label,
    }


def _blemishes(chance: random.Random) -> Iterator[Row]:
    """Yield what a register of half a million rows always holds somewhere."""
    base = _doctor(chance, 901) | {"secteur_conventionnel_code": "3", "secteur_conventionnel_libelle": "Secteur 2"}
    yield base
    yield base  # the same row twice
    yield base | {"ps_activite_nom": "PRATICIEN-902", "secteur_conventionnel_code": "7", "secteur_conventionnel_libelle": "Secteur 7"}
    yield base | {"ps_activite_nom": "PRATICIEN-903", "specialite_code": "XX", "specialite_libelle": "Spécialité inconnue"}
    yield base | {"ps_activite_nom": "PRATICIEN-904", "option_tarifaire_code": "9", "option_tarifaire_libelle": "Option inconnue"}
    yield base | {"ps_activite_nom": "PRATICIEN-905", "secteur_conventionnel_code": "", "secteur_conventionnel_libelle": ""}
    yield base | {"ps_activite_nom": '=HYPERLINK("http://exemple.invalid";"PRATICIEN-906")'}
    yield base | {"ps_activite_nom": "PRATICIEN-907", "coordonnees_voie": '12 "BIS" ; RUE\r\nDE L\'EXEMPLE'}
    yield base | {"ps_activite_nom": "PRATICIEN-908", "coordonnees_complement": "A" * 5_000}
    yield base | {"ps_activite_nom": "PRATICIEN-909\N{RIGHT-TO-LEFT OVERRIDE}", "ps_activite_prenom": "E\N{COMBINING ACUTE ACCENT}XEMPLE"}
    yield base | {"ps_activite_nom": "", "ps_activite_prenom": "", "ps_activite_raison_sociale": "CENTRE D'EXEMPLE"}
    yield base | {"ps_activite_nom": "PRATICIEN-911", "type_ps_code": ""}
