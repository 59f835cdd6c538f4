"""A small vocabulary made by hand, in the shape of the shipped one, with an entity that holds one datum of every type."""

from __future__ import annotations

import datetime as dt

from optam_rules.base.numbers import Number
from optam_rules.base.source import Position, Source
from optam_rules.core.program import EntitySpec, EnumSpec, FieldSpec, Program, Provenance, ReferenceTable
from optam_rules.core.types import EntityType, EnumType, ListType, Scalar, SetType, Type

HERE = Position(Source("vocabulaire", "", ""), 0, 0)
CENTS_MAX = 100_000_000_00


def field(
    name: str, type_: Type, low: Number | dt.date | None = None, high: Number | dt.date | None = None, *, optional: bool = False
) -> FieldSpec:
    """Declare a datum whose label is its name."""
    return FieldSpec(name, type_, name, low, high, optional)


def entity(name: str, *fields: FieldSpec, main: bool = False) -> EntitySpec:
    """Declare an entity."""
    return EntitySpec(name, name, main, {spec.name: spec for spec in fields})


def enumeration(name: str, **values: str) -> EnumSpec:
    """Declare an enumeration: value and label."""
    return EnumSpec(name, values)


MEDECIN = entity(
    "medecin",
    field("identifiant", Scalar.TEXT),
    field("secteur", EnumType("secteur"), optional=True),
    field("titres", SetType(EnumType("titre"))),
    field("specialite", EnumType("specialite")),
    field("date_premiere_installation", Scalar.DATE, dt.date(1945, 1, 1), dt.date(2100, 12, 31), optional=True),
    field("adherent_cas", Scalar.BOOLEAN),
    field("actes_anesthesie", Scalar.INTEGER, 0, 10_000_000),
    field("groupe", EntityType("groupe"), optional=True),
    field("exercices", ListType(EntityType("exercice"))),
    field("adhesion", EntityType("adhesion"), optional=True),
    field("mesures", EntityType("mesures")),
    main=True,
)
EXERCICE = entity(
    "exercice",
    field("annee", Scalar.INTEGER, 1945, 2200),
    field("honoraires", Scalar.MONEY, 0, CENTS_MAX),
    field("depassements", Scalar.MONEY, 0, CENTS_MAX),
)
GROUPE = entity(
    "groupe",
    field("identifiant", Scalar.TEXT),
    field("meme_structure", Scalar.BOOLEAN),
    field("membres", ListType(EntityType("medecin"))),
)
ADHESION = entity(
    "adhesion",
    field("option", EnumType("option")),
    field("date_adhesion", Scalar.DATE),
    field("date_resiliation", Scalar.DATE, optional=True),
)
MESURES = entity(
    "mesures",
    field("taux", Scalar.RATE, 0, 10),
    field("points", Scalar.POINTS),
    field("montant", Scalar.MONEY),
    field("entier", Scalar.INTEGER),
    field("booleen", Scalar.BOOLEAN),
    field("date", Scalar.DATE),
    field("chaine", Scalar.TEXT),
    field("delai", Scalar.DAYS),
    field("preavis", Scalar.MONTHS),
    field("annees", ListType(Scalar.INTEGER)),
    field("taux_possibles", SetType(Scalar.RATE)),
)
ENUMERATIONS = (
    enumeration(
        "secteur", non_conventionne="Non conventionné", secteur_1="Secteur 1", droit_permanent="Droit permanent", secteur_2="Secteur 2"
    ),
    enumeration("titre", ancien_chef_de_clinique="Ancien chef de clinique", praticien_hospitalier="Praticien hospitalier"),
    enumeration(
        "specialite",
        medecine_generale="Médecine générale",
        cardiologie="Cardiologie",
        dermatologie="Dermatologie",
        radiologie="Radiologie",
        gynecologie_obstetrique="Gynécologie-obstétrique",
        pediatrie="Pédiatrie",
        ophtalmologie="Ophtalmologie",
        neurologie="Neurologie",
        psychiatrie="Psychiatrie",
        geriatrie="Gériatrie",
    ),
    enumeration("option", aucune="Aucune", cas="CAS", optam="OPTAM", optam_aco="OPTAM-ACO"),
    enumeration("region", bretagne="Bretagne", ile_de_france="Île-de-France"),
)


def program(*entities: EntitySpec) -> Program:
    """Return a program without rules; the small vocabulary where no entity is given."""
    chosen = entities or (MEDECIN, EXERCICE, GROUPE, ADHESION, MESURES)
    keys = (("specialite", EnumType("specialite")), ("region", EnumType("region")))
    table = ReferenceTable("moyennes", keys, Scalar.RATE, Provenance(None, HERE))
    return Program(
        id="essai",
        title="Essai",
        version="1",
        digest="sha256:0",
        entities={spec.name: spec for spec in chosen},
        enumerations={spec.name: spec for spec in ENUMERATIONS},
        parameters={},
        references={"moyennes": table},
        hypotheses={},
        definitions={},
    )
