"""The short way of reading a record beside the long one: the same record, or nothing; never another record, never a fault passed over."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from fractions import Fraction
from typing import Any

import attrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from optam_rules.base.calendar import Duration
from optam_rules.core.quick import QuickReader
from optam_rules.core.record import Absent, Record
from optam_rules.core.schema import WARM, RecordReader
from optam_rules.core.vocabulary import Vocabulary
from tests.support.programs import compiled

TEXT = """
énumération couleur { rouge "Rouge" ; vert "Vert" }
entité principale dossier "Dossier"
  donnée nom : chaîne "Nom"
  donnée n : entier entre 0 et 9 "Entier borné"
  donnée libre : entier facultative "Entier"
  donnée montant_borne : montant entre 0 € et 1_000 € "Montant borné"
  donnée montant_libre : montant "Montant"
  donnée part : taux entre 0 % et 200 % "Part"
  donnée vrai_ou_faux : booléen facultative "Booléen"
  donnée quand : date facultative "Jour"
  donnée delai : durée en jours "Délai"
  donnée teinte : couleur facultative "Teinte"
  donnée teintes : ensemble de couleur "Teintes"
  donnée nombres : liste de entier "Nombres"
  donnée annees : liste de annee "Années"
  donnée groupe : groupe facultative "Groupe"
  contrôle "la part est nulle sans montant" montant_borne > 0 € ou part = 0 %
entité annee "Année"
  donnée annuel : entier "An"
  donnée percu : montant entre 0 € et 1_000 € "Somme"
entité groupe "Groupe"
  donnée numero : chaîne "Numéro"
  donnée dossiers : liste de dossier "Dossiers"
règle r : entier vaut n
"""
PROGRAM = compiled(TEXT)
QUICK = QuickReader.of(Vocabulary.of(PROGRAM), False)
LENIENT = QuickReader.of(Vocabulary.of(PROGRAM), True)
FIELDS = tuple(PROGRAM.main.fields)

ODD: list[Any] = [
    None, True, False, 0, 1, -1, 9, 10, 10**39, 10**40, 0.5, float("nan"), Decimal("1.5"), Decimal("NaN"), Fraction(1, 3),
    "", " ", "0", "1",  "1.5", "12.34", "12.345", ".50", "1.2.34", "1..23", "+1.00", "-1.00", "1000.00", "1000.01", "1e3", "1,50", "²2.00",
    "1²3.00", "46.5 %", "201 %", "23/60", "1/0",  "inconnu", "sans_objet", "rouge", "Rouge", "bleu", "vrai", "2017-06-08",
    "2017-02-30", "08/06/2017", "30 jours", "1 mois",  dt.date(2017, 6, 8), dt.datetime(2017, 6, 8), Duration(3, "jours"),
    Duration(3, "mois"), "A\n", "é", "x" * 1_001, [], (), {}, set(),  ["rouge"], ["rouge", "rouge"], {"rouge", "vert"},
    ["sans_objet"], [1, 2], [1, 1], [True], [None], [{"annuel": 1}], [{"annuel": 1, "percu": "3.00"}],  [{"annuel": 1},
    {"annuel": 1}], [{"annuel": None}, {}], [{"annuel": 1, "b": 2}], ["an"], {"numero": "G"}, {"numero": "G", "dossiers":
    ["A"]}, "G",
]  # fmt: skip


def _plain(value: object) -> object:
    if isinstance(value, Record):
        return value.entity, {name: _plain(part) for name, part in value.values.items()}, value.absent
    if isinstance(value, tuple):
        return tuple(_plain(part) for part in value)
    return value if isinstance(value, Absent) else (type(value), value)


def _agrees(quick: QuickReader, raw: object) -> bool:
    """Compare both ways and tell whether the short one was taken."""
    found = quick.read(raw)
    read, faults = RecordReader(PROGRAM, ignore_unknown_fields=quick is LENIENT).read_drafted(raw)
    if found is not None:
        assert read is not None, faults
        assert _plain(read) == _plain(found)
        assert list(read.values) == list(found.values)
    return found is not None


@pytest.mark.parametrize("name", FIELDS)
def test_each_datum_in_every_form(name: str) -> None:
    """Seventy forms of each datum, right and wrong: floats for money, booleans for integers, unknown marks, dates as texts, entities."""
    for value in ODD:
        _agrees(QUICK, {name: value})
        _agrees(LENIENT, {name: value, "autre": value})
        assert not _agrees(QUICK, {name: value, "autre": value})


@settings(max_examples=150, deadline=None)
@given(st.dictionaries(st.sampled_from(FIELDS), st.sampled_from(ODD)), st.booleans())
def test_drawn_records(raw: dict[str, object], lenient: bool) -> None:
    """Several data at once, so that controls and faults meet."""
    _agrees(LENIENT if lenient else QUICK, raw)


AMOUNTS: list[Any] = [
    "0.00", "12.34", "007.50", "1000.00", "1000.01", "99999999999999999999.99", "1.00;2.00", "1.00;", ";1.00", "1.5", "1", ".50", "12.345",
    "1.2.34", "-1.00", "+1.00", " 1.00", "1.00\n", "1_0.00", "٣.00", "1.٣0", "²2.00", "1e3.00", "", "sans_objet",
    "9" * 37 + ".00", "9" * 38 + ".00",
    None, 3, True, Decimal("1.50"), 1.5, Fraction(1, 2),
]  # fmt: skip


@pytest.mark.parametrize("bounded", AMOUNTS)
def test_amounts_that_are_read_together(bounded: object) -> None:
    """Each form beside each other one, the mark that parts them included: the same cents, or the long way."""
    for free in AMOUNTS:
        raw = {"montant_borne": bounded, "montant_libre": free, "part": 0}
        _agrees(QUICK, raw)
        _agrees(QUICK, {name: raw.get(name) for name in FIELDS})


def test_all_amounts_in_the_common_form_are_read_together() -> None:
    """Two amounts as texts, every other datum given or not: 12.34 euros are 1,234 cents."""
    raw = {"montant_borne": "12.34", "montant_libre": "0.05"}
    for told in (raw, {name: raw.get(name) for name in FIELDS}):
        assert _agrees(QUICK, told)
        record = QUICK.read(told)
        assert record is not None
        assert (1_234, 5) == (record.values["montant_borne"], record.values["montant_libre"])
    assert not _agrees(QUICK, {**dict.fromkeys(FIELDS), "autre": 1})


@pytest.mark.parametrize(
    ("part", "short"),
    [
        (Fraction(0), True),
        (Fraction(2), True),
        (Fraction(1, 3), True),
        (Fraction(200_000_001, 100_000_000), False),
        (Fraction(-1, 10**39), False),
        (Fraction(1, 10**40 - 1), True),
        (Fraction(1, 10**40), False),
    ],
)
def test_rates_given_as_fractions(part: Fraction, short: bool) -> None:
    """Between 0 and 200 %, bounds included, and of forty digits at most: read at once; anything else the long way."""
    assert short is _agrees(QUICK, {"part": part})


def test_a_record_in_the_common_forms_takes_the_short_way() -> None:
    """Amounts as texts, rates, dates, enumerations, lists of years: all that files hold; twelve hundredths of a euro are 12 cents."""
    raw = {
        "nom": "A", "n": 3, "libre": "sans_objet", "montant_borne": "0.12", "montant_libre": 7, "part": "46.5 %",
        "vrai_ou_faux": True,
        "quand": "2017-06-08", "delai": "30 jours", "teinte": "vert", "teintes": ["rouge"], "nombres": [1, 1],
        "annees": [{"annuel": 1}, {"annuel": 2}],
    }  # fmt: skip
    assert _agrees(QUICK, raw)
    record = QUICK.read(raw)
    assert record is not None
    assert (12, 700, Fraction(93, 200)) == tuple(record.values[name] for name in ("montant_borne", "montant_libre", "part"))
    assert record.absent == {"libre", "groupe"}


@pytest.mark.parametrize(
    "raw",
    [
        None,
        [],
        "A",
        {"groupe": "G"},
        {"groupe": {"numero": "G"}},
        {"montant_borne": 12.5},
        {"n": True},
        {"montant_borne": 0, "part": 1},
        {1: 2},
    ],
)
def test_what_is_doubtful_is_left_to_the_long_way(raw: object) -> None:
    """No object, a record that names another, a float, a boolean for an integer, a control that is broken, a key that is no name."""
    assert not _agrees(QUICK, raw)


def test_the_first_records_are_not_compiled_for() -> None:
    """As many records as the reader says are read as drafts, the next one by the function compiled then, which tells what is absent."""
    reader = RecordReader(attrs.evolve(PROGRAM))
    read = [reader.read({"nom": "A"})[0] for _ in range(WARM + 1)]
    assert [None] * WARM == [record._absent for record in read[:-1] if record is not None]
    assert read[-1] is not None
    assert {name for name in FIELDS if name != "nom"} == read[-1]._absent
