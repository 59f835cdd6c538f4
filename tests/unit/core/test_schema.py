"""Raw records read as records of the core: every fault at once, each with its path, and never an exception."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from optam_rules.base.diagnostics import Diagnostic, render_text
from optam_rules.base.errors import RecordError
from optam_rules.core.drafts import MAX_DEPTH, MAX_ITEMS, RepeatedKeys
from optam_rules.core.raw import raw_record
from optam_rules.core.record import Absent, Record
from optam_rules.core.scalars import Overlong
from optam_rules.core.schema import read_record, read_value
from optam_rules.core.types import EntityType, EnumType, ListType, Scalar, SetType
from tests.support.vocabulary import ADHESION, EXERCICE, GROUPE, MEDECIN, MESURES, entity, field, program

PROGRAM = program()


def places(raw: object, **options: Any) -> list[tuple[str | None, str]]:
    """Return (path, code) of every fault, in order."""
    record, faults = read_record(PROGRAM, raw, **options)
    assert (record is None) == bool(faults)
    return [(fault.path, fault.code) for fault in faults]


def accepted(raw: object, **options: Any) -> Record:
    """Read a record that has no fault."""
    record, faults = read_record(PROGRAM, raw, **options)
    assert record is not None, faults
    return record


def test_a_full_record() -> None:
    """Every datum arrives in the units of the core; what is absent, null or without object says so."""
    record = accepted(
        {
            "identifiant": "A",
            "secteur": "sans_objet",
            "titres": [],
            "specialite": None,
            "date_premiere_installation": "2010-09-01",
            "adherent_cas": False,
            "exercices": [{"annee": 2013, "depassements": "1234.56"}, {"annee": 2014}],
            "adhesion": {"option": "optam", "date_adhesion": dt.date(2017, 3, 1), "date_resiliation": "sans_objet"},
            "mesures": {"annees": [2013, 2013], "taux_possibles": ["25 %", Decimal("0.5")]},
        }
    )
    exercices, adhesion, mesures = record.get("exercices"), record.get("adhesion"), record.get("mesures")
    assert isinstance(exercices, tuple)
    assert isinstance(adhesion, Record)
    assert isinstance(mesures, Record)
    assert list(MEDECIN.fields) == list(record.values)
    assert record.get("secteur") is Absent.NOT_APPLICABLE
    assert record.get("titres") == frozenset()
    assert record.get("specialite") is Absent.UNKNOWN
    assert record.get("groupe") is Absent.UNKNOWN
    assert record.get("adherent_cas") is False
    assert record.get("date_premiere_installation") == dt.date(2010, 9, 1)
    assert [item.values for item in exercices if isinstance(item, Record)] == [
        {"annee": 2013, "honoraires": Absent.UNKNOWN, "depassements": 123456},
        {"annee": 2014, "honoraires": Absent.UNKNOWN, "depassements": Absent.UNKNOWN},
    ]
    assert adhesion.values == {"option": "optam", "date_adhesion": dt.date(2017, 3, 1), "date_resiliation": Absent.NOT_APPLICABLE}
    assert mesures.get("annees") == (2013, 2013)
    assert mesures.get("taux_possibles") == frozenset({Fraction(1, 4), Fraction(1, 2)})


def test_nothing_known_is_a_record() -> None:
    """An empty object is a practitioner of whom nothing is known."""
    assert set(accepted({}).values.values()) == {Absent.UNKNOWN}


def test_every_fault_at_once() -> None:
    """One reading tells all the faults of a record, in the order of the vocabulary, the unknown fields of each object last."""
    raw = {
        "identifiant": 7,
        "secteur": "secteur_3",
        "titre": [],
        "titres": ["praticien_hospitalier", "praticien_hospitalier", "ancien_chef"],
        "date_premiere_installation": "1900-01-01",
        "adherent_cas": "non",
        "actes_anesthesie": -1,
        "exercices": [{"annee": 2013, "depassements": "-5"}, {"annee": 2013, "honoraire": 1}],
        "adhesion": {"option": "sans_objet"},
        "mesures": {"taux": 0.5, "points": "x", "annees": 2013, "taux_possibles": ["50 %", "0.5"]},
    }
    assert places(raw) == [
        ("identifiant", "E502"),
        ("secteur", "E509"),
        ("titres[1]", "E512"),
        ("titres[2]", "E509"),
        ("date_premiere_installation", "E510"),
        ("adherent_cas", "E502"),
        ("actes_anesthesie", "E510"),
        ("exercices[0].depassements", "E510"),
        ("exercices[1].honoraire", "E501"),
        ("exercices[1].annee", "E515"),
        ("adhesion.option", "E511"),
        ("mesures.taux", "E503"),
        ("mesures.points", "E504"),
        ("mesures.annees", "E502"),
        ("mesures.taux_possibles[1]", "E512"),
        ("titre", "E501"),
    ]


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ({"titre": []}, "titre: erreur E501: `titre` n'est pas un champ de `medecin`\n  aide : vouliez-vous écrire `titres` ?"),
        (
            {"adherent_cas": "non"},
            'adherent_cas: erreur E502: attendu : un booléen (true ou false) ; trouvé : `"non"`',
        ),
        (
            {"exercices": [{"depassements": "1 234,56 €"}]},
            'exercices[0].depassements: erreur E504: `1 234,56 €` ne se lit pas comme un montant en euros ("1234.56")\n'
            "  aide : écrivez `1234.56`",
        ),
        (
            {"mesures": {"taux": Decimal("46.5")}},
            'mesures.taux: erreur E510: `46.5` sort des bornes : 0 % à 1000 %\n  aide : pour un pourcentage, écrivez `"46.5 %"`',
        ),
        (
            {"mesures": {"taux": "1001 %"}},
            'mesures.taux: erreur E510: `"1001 %"` sort des bornes : 0 % à 1000 %',
        ),
        (
            {"exercices": [{"honoraires": -1}]},
            "exercices[0].honoraires: erreur E510: `-1` sort des bornes : 0.00 € à 100000000.00 €",
        ),
        ({"adherent_cas": "sans_objet"}, "adherent_cas: erreur E511: `adherent_cas` n'est pas facultatif : `sans_objet` n'y est pas admis"),
        (
            {"titres": "praticien_hospitalier"},
            'titres: erreur E502: attendu : une liste de valeurs ; trouvé : `"praticien_hospitalier"`\n'
            '  aide : écrivez `["praticien_hospitalier"]`',
        ),
        ({"groupe": 3}, "groupe: erreur E500: attendu : un objet `groupe` ou son identifiant ; trouvé : `3`"),
        ({"exercices": {}}, "exercices: erreur E502: attendu : une liste de `exercice` ; trouvé : un objet"),
        ({"exercices": [None]}, "exercices[0]: erreur E500: attendu : un objet `exercice` ; trouvé : null"),
        ({"exercices": ["2013"]}, 'exercices[0]: erreur E500: attendu : un objet `exercice` ; trouvé : `"2013"`'),
        ({3: 4}, "3: erreur E501: `3` n'est pas un champ de `medecin`"),
        ({b"a": 4}, "une valeur Python de type bytes: erreur E501: `une valeur Python de type bytes` n'est pas un champ de `medecin`"),
        ([], "erreur E500: attendu : un objet `medecin` ; trouvé : une liste"),
        ("A", 'erreur E500: attendu : un objet `medecin` ; trouvé : `"A"`'),
        (
            RepeatedKeys({"secteur": "secteur_1"}, ("secteur",)),
            "secteur: erreur E522: la clé `secteur` figure deux fois dans l'objet",
        ),
    ],
)
def test_messages(raw: object, expected: str) -> None:
    """Each message names the place, what was found, what was expected and what to do."""
    record, faults = read_record(PROGRAM, raw)
    assert record is None
    assert expected == "\n".join(render_text(fault) for fault in faults)


def test_bounds_are_included() -> None:
    """A value on either bound is within it: 0 % and 1000 %, the year 1945 and the year 2200."""
    accepted({"mesures": {"taux": 0}, "exercices": [{"annee": 1945}, {"annee": 2200}]})
    accepted({"mesures": {"taux": "1000 %"}})
    assert places({"exercices": [{"annee": 1944}, {"annee": 2201}]}) == [("exercices[0].annee", "E510"), ("exercices[1].annee", "E510")]


def test_one_open_bound() -> None:
    """A datum bounded on one side only names the infinite on the other."""
    lone = program(entity("essai", field("somme", Scalar.POINTS, low=0), main=True))
    record, faults = read_record(lone, {"somme": "-1 point"})
    assert record is None
    assert [fault.message for fault in faults] == ['`"-1 point"` sort des bornes : 0 points à l\'infini']


def test_unknown_fields_may_be_ignored() -> None:
    """Fields that no entity declares are passed over when asked, at every level."""
    raw = {"couleur": 1, "exercices": [{"annee": 2013, "couleur": 2}]}
    assert places(raw) == [("exercices[0].couleur", "E501"), ("couleur", "E501")]
    assert accepted(raw, ignore_unknown_fields=True).get("identifiant") is Absent.UNKNOWN


def test_lists_are_limited() -> None:
    """Ten thousand elements are read, one more is a fault, of entities as of values."""
    years = list(range(MAX_ITEMS + 1))
    assert places({"mesures": {"annees": years}}) == [("mesures.annees", "E513")]
    assert places({"exercices": [{}] * (MAX_ITEMS + 1)}) == [("exercices", "E513")]
    accepted({"exercices": [{}] * MAX_ITEMS})


def test_faults_are_limited() -> None:
    """A list of ten thousand wrong items is told by its first thousand."""
    assert len(places({"exercices": [3] * MAX_ITEMS})) == 1_000


def test_nesting_is_limited() -> None:
    """A record nested through groups of groups gives a diagnostic and never exhausts the stack."""
    raw: dict[str, Any] = {}
    for _ in range(100_000):
        raw = {"groupe": {"membres": [raw]}}
    path, code = places(raw)[0]
    assert code == "E514"
    assert (path or "").count("membres") <= MAX_DEPTH
    while raw:
        raw = raw["groupe"]["membres"][0]


def test_nesting_of_lists_is_limited() -> None:
    """The limit counts lists as it counts objects, whichever comes to it first."""
    tree = program(entity("noeud", field("tete", EntityType("noeud")), field("suite", ListType(EntityType("noeud"))), main=True))
    raw: dict[str, Any] = {}
    for _ in range(60):
        raw = {"suite": [raw]}
    for whole in (raw, {"tete": raw}):
        assert [fault.code for fault in read_record(tree, whole)[1]] == ["E514"]


def test_elements_are_told_apart_by_their_first_datum() -> None:
    """Two years 2013 are a fault; two elements whose year is unknown are not, nothing tells that they are one."""
    assert places({"exercices": [{"annee": 2013}, {}, {"annee": 2013}]}) == [("exercices[2].annee", "E515")]
    accepted({"exercices": [{}, {}]})
    unnamed = program(entity("noeud", field("annees", SetType(Scalar.INTEGER)), field("suite", ListType(EntityType("noeud"))), main=True))
    assert read_record(unnamed, {"suite": [{"annees": []}, {"annees": []}]})[1] == []


@pytest.mark.parametrize("forms", [["a"], ("a",), {"a"}, frozenset({"a"})])
def test_collections_of_python(forms: object) -> None:
    """Lists, tuples and sets of Python all give a set."""
    raw = [str(form).replace("a", "ancien_chef_de_clinique") for form in forms]  # type: ignore[attr-defined]
    assert accepted({"titres": type(forms)(raw)}).get("titres") == frozenset({"ancien_chef_de_clinique"})  # type: ignore[call-arg]


def test_a_set_is_no_list() -> None:
    """A set of Python has no order, so that a list refuses it."""
    assert places({"mesures": {"annees": {2013}}}) == [("mesures.annees", "E502")]


def test_another_entity_may_be_read() -> None:
    """Records of any entity of the vocabulary can be read, for properties about a group."""
    assert accepted({"identifiant": "G", "membres": [{}]}, entity="groupe").entity == "groupe"


def test_values_alone() -> None:
    """A lone value of a test is read by its type, and a wrong one raises with its diagnostic."""
    assert read_value(PROGRAM, "40 %", Scalar.RATE) == Fraction(2, 5)
    assert read_value(PROGRAM, ["secteur_1"], SetType(EnumType("secteur"))) == frozenset({"secteur_1"})
    assert read_value(PROGRAM, ["1.00", 2], ListType(Scalar.MONEY)) == (100, 200)
    with pytest.raises(RecordError, match="E509"):
        read_value(PROGRAM, "secteur_9", EnumType("secteur"))


@pytest.mark.parametrize("raw", [5, "secteur_1", {"secteur_1": 1}])
def test_a_value_of_a_list_that_is_no_list(raw: object) -> None:
    """One value alone is no list of one, and a text is not read letter by letter."""
    with pytest.raises(RecordError) as caught:
        read_value(PROGRAM, raw, SetType(EnumType("secteur")))
    assert ["E502"] == [fault.code for fault in caught.value.diagnostics]


# --- whatever is given ---------------------------------------------------------------------------------------------------------

NAMES = [*MEDECIN.fields, *EXERCICE.fields, *GROUPE.fields, *ADHESION.fields, *MESURES.fields, "couleur"]
LEAVES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.decimals(),
    st.floats(),
    st.text(max_size=5),
    st.sampled_from(["A", "B", "G", "secteur_2", "optam", "sans_objet", "2017-06-08", "46.5 %", "12.50", "30 jours"]),
    st.builds(Overlong, st.just("9" * 50)),
)


def _containers(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    objects = st.dictionaries(st.sampled_from(NAMES), inner, max_size=6)
    return st.one_of(st.lists(inner, max_size=4), objects, st.builds(RepeatedKeys, objects, st.just(("identifiant",))))


JSON = st.recursive(LEAVES, _containers, max_leaves=25)


@given(JSON, st.sampled_from(["medecin", "exercice", "groupe", "adhesion", "mesures"]), st.booleans())
def test_anything_gives_a_record_or_diagnostics(raw: object, name: str, ignore: bool) -> None:
    """No raw value whatever raises: it is a record without fault, or faults without a record."""
    record, faults = read_record(PROGRAM, raw, entity=name, ignore_unknown_fields=ignore)
    assert (record is None) == bool(faults)
    assert all(isinstance(fault, Diagnostic) and fault.message for fault in faults)


def _valid(name: str) -> st.SearchStrategy[dict[str, Any]]:
    fixed: Mapping[str, dict[str, st.SearchStrategy[Any]]] = {
        "medecin": {
            "identifiant": st.just("A"),
            "secteur": st.sampled_from(["secteur_1", "secteur_2", "sans_objet"]),
            "titres": st.sets(st.sampled_from(["ancien_chef_de_clinique", "praticien_hospitalier"])),
            "date_premiere_installation": st.dates(dt.date(1945, 1, 1), dt.date(2100, 12, 31)),
            "adherent_cas": st.booleans(),
            "actes_anesthesie": st.integers(0, 10_000_000),
        },
        "exercice": {
            "annee": st.integers(1945, 2200),
            "honoraires": st.decimals(0, 100_000_000, places=2),
            "depassements": st.decimals(0, 100_000_000, places=2).map(str),
        },
        "adhesion": {"option": st.sampled_from(["aucune", "cas", "optam"]), "date_resiliation": st.just("sans_objet")},
        "mesures": {
            "taux": st.fractions(0, 10, max_denominator=10**6),
            "points": st.fractions(-1, 1, max_denominator=10**6),
            "chaine": st.text(st.characters(categories=["L", "N", "P"]), max_size=20).filter(lambda text: text != "sans_objet"),
            "delai": st.integers(-1000, 1000).map("{} jours".format),
            "preavis": st.integers(0, 50).map("{} ans".format),
            "annees": st.lists(st.integers(0, 3000), max_size=4),
            "taux_possibles": st.sets(st.sampled_from(["0.1", "20 %", "1/3"])),
        },
    }
    return st.fixed_dictionaries({}, optional=fixed[name])


@st.composite
def valid_records(draw: st.DrawFn) -> dict[str, Any]:
    """Draw a raw record without fault, with a group of several members or none."""
    raw = draw(_valid("medecin"))
    if draw(st.booleans()):
        raw["exercices"] = draw(st.lists(_valid("exercice"), max_size=3, unique_by=lambda item: item.get("annee", object())))
    if draw(st.booleans()):
        raw["adhesion"] = draw(_valid("adhesion"))
    if draw(st.booleans()):
        raw["mesures"] = draw(_valid("mesures"))
    if "identifiant" in raw and draw(st.booleans()):
        others = draw(st.lists(_valid("medecin").map(lambda item: {**item, "identifiant": "B"}), max_size=1))
        anonymous = draw(st.lists(_valid("medecin").map(lambda item: {**item, "identifiant": None}), max_size=2))
        raw["groupe"] = {"membres": ["A", *others, *anonymous]} | ({"identifiant": "G"} if draw(st.booleans()) else {})
    return raw


def _shape(record: Record, seen: dict[int, int]) -> object:
    """Return the content of a record, each object numbered by its first sight."""
    if id(record) in seen:
        return seen[id(record)]
    seen[id(record)] = len(seen)

    def one(value: object) -> object:
        if isinstance(value, Record):
            return _shape(value, seen)
        return tuple(one(item) for item in value) if isinstance(value, tuple) else value

    return record.entity, {name: one(value) for name, value in record.values.items()}


@given(valid_records())
def test_what_is_printed_is_read_back(raw: dict[str, Any]) -> None:
    """A record printed as JSON reads as the same record, with the same objects met in the same places."""
    record = accepted(raw)
    assert _shape(record, {}) == _shape(accepted(raw_record(PROGRAM, record)), {})
