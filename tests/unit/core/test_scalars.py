"""Raw values read as constants: each accepted form, each refusal with its hint, and what is printed read back equal."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from enum import IntEnum, StrEnum
from fractions import Fraction

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from optam_rules.base.calendar import Duration
from optam_rules.base.numbers import MAX_DIGITS
from optam_rules.core.ir import Constant
from optam_rules.core.scalars import Overlong, Refusal, describe, from_cell, read_scalar
from optam_rules.core.types import EnumType, Scalar, SetType, Type
from optam_rules.core.values import to_json
from tests.support.vocabulary import ENUMERATIONS

ENUMS = {spec.name: spec for spec in ENUMERATIONS}
SECTEUR = EnumType("secteur")


class Year(IntEnum):
    """An int of Python that is not just an int."""

    FIRST = 2013


class Sector(StrEnum):
    """A str of Python that is not just a str."""

    TWO = "secteur_2"


def read(type_: Type, raw: object) -> object:
    """Read a raw value against the small vocabulary."""
    return read_scalar(type_, raw, ENUMS)


def refused(type_: Type, raw: object) -> tuple[str, str | None]:
    """Return code and hint of a refusal."""
    found = read(type_, raw)
    assert isinstance(found, Refusal), found
    return found.code, str(found.hint) if found.hint is not None else None


@pytest.mark.parametrize(
    ("type_", "raw", "expected"),
    [
        (Scalar.BOOLEAN, True, True),
        (Scalar.INTEGER, 2013, 2013),
        (Scalar.INTEGER, Decimal("2013.0"), 2013),
        (Scalar.INTEGER, Decimal("2.013e3"), 2013),
        (Scalar.INTEGER, Fraction(4, 2), 2),
        (Scalar.INTEGER, Year.FIRST, 2013),
        (Scalar.MONEY, "1234.56", 123456),
        (Scalar.MONEY, Decimal("1234.56"), 123456),
        (Scalar.MONEY, Decimal("1234.5600"), 123456),
        (Scalar.MONEY, 1234, 123400),
        (Scalar.MONEY, "1234.5", 123450),
        (Scalar.MONEY, "-0.01", -1),
        (Scalar.MONEY, Fraction(1, 4), 25),
        (Scalar.RATE, "0.465", Fraction(93, 200)),
        (Scalar.RATE, "46.5 %", Fraction(93, 200)),
        (Scalar.RATE, "46.5%", Fraction(93, 200)),
        (Scalar.RATE, "46.5\N{NO-BREAK SPACE}%", Fraction(93, 200)),
        (Scalar.RATE, Decimal("0.465"), Fraction(93, 200)),
        (Scalar.RATE, "23/60", Fraction(23, 60)),
        (Scalar.RATE, Fraction(23, 60), Fraction(23, 60)),
        (Scalar.RATE, 1, 1),
        (Scalar.RATE, Decimal("0E-999999"), 0),
        (Scalar.POINTS, "5 points", Fraction(1, 20)),
        (Scalar.POINTS, "1 point", Fraction(1, 100)),
        (Scalar.POINTS, "0.05", Fraction(1, 20)),
        (Scalar.POINTS, "-7/300", Fraction(-7, 300)),
        (Scalar.DATE, "2017-06-08", dt.date(2017, 6, 8)),
        (Scalar.DATE, dt.date(2017, 6, 8), dt.date(2017, 6, 8)),
        (Scalar.TEXT, "Dr Éléonore", "Dr Éléonore"),
        (Scalar.DAYS, "30 jours", Duration(30, "jours")),
        (Scalar.DAYS, Duration(30, "jours"), Duration(30, "jours")),
        (Scalar.MONTHS, "6 mois", Duration(6, "mois")),
        (Scalar.MONTHS, "3 ans", Duration(36, "mois")),
        (SECTEUR, "secteur_2", "secteur_2"),
        (SECTEUR, Sector.TWO, "secteur_2"),
    ],
)
def test_forms_that_are_read(type_: Type, raw: object, expected: object) -> None:
    """Each form of the contract gives its exact value: 46.5 % is 93/200, amounts are cents, 5 points are 1/20."""
    found = read(type_, raw)
    assert expected == found
    assert type(found) in (bool, int, Fraction, dt.date, str, Duration)


@pytest.mark.parametrize(
    ("type_", "raw", "code", "hint"),
    [
        (Scalar.BOOLEAN, 1, "E502", None),
        (Scalar.BOOLEAN, "vrai", "E502", None),
        (Scalar.INTEGER, True, "E502", None),
        (Scalar.INTEGER, "2013", "E502", "écrivez 2013 sans guillemets"),
        (Scalar.INTEGER, Decimal("2013.5"), "E502", None),
        (Scalar.INTEGER, 2013.0, "E503", 'donnez une chaîne ou un `Decimal`, par exemple `Decimal("2013.0")`'),
        (Scalar.RATE, 0.1, "E503", 'donnez une chaîne ou un `Decimal`, par exemple `Decimal("0.1")`'),
        (Scalar.RATE, float("nan"), "E503", 'donnez une chaîne ou un `Decimal`, par exemple `Decimal("nan")`'),
        (Scalar.RATE, True, "E502", None),
        (Scalar.RATE, "46,5 %", "E504", "écrivez `46.5 %`"),
        (Scalar.RATE, "46,5", "E504", "écrivez `46.5`"),
        (Scalar.RATE, "1e3", "E504", None),
        (Scalar.RATE, "1/0", "E504", None),
        (Scalar.RATE, "5 points", "E504", None),
        (Scalar.RATE, "", "E504", None),
        (Scalar.RATE, "٤٦", "E504", None),
        (Scalar.RATE, "1" * 41, "E506", None),
        (Scalar.RATE, f"1/{'3' * 41}", "E506", None),
        (Scalar.RATE, "9" * 10_000, "E506", None),
        (Scalar.RATE, Decimal("1e999999"), "E506", None),
        (Scalar.RATE, Decimal("1e-999999"), "E506", None),
        (Scalar.RATE, Fraction(1, 10**40), "E506", None),
        (Scalar.RATE, Decimal("0." + "1" * 41), "E506", None),
        (Scalar.RATE, Decimal("1." + "1" * 40), "E506", None),
        (Scalar.RATE, Overlong("1" * 99), "E506", None),
        (Scalar.RATE, Decimal("NaN"), "E507", None),
        (Scalar.RATE, Decimal("sNaN"), "E507", None),
        (Scalar.RATE, Decimal("-Infinity"), "E507", None),
        pytest.param(Scalar.INTEGER, 10**5_000, "E506", None, id="huge integer"),
        (Scalar.MONEY, "1 234,56 €", "E504", "écrivez `1234.56`"),
        (Scalar.MONEY, "1\N{NARROW NO-BREAK SPACE}234,56\N{NO-BREAK SPACE}€", "E504", "écrivez `1234.56`"),
        (Scalar.MONEY, "1,234.56", "E504", "écrivez `1234.56`"),
        (Scalar.MONEY, "1,234", "E504", None),
        (Scalar.MONEY, "50 %", "E504", None),
        (Scalar.MONEY, "12.345", "E505", None),
        (Scalar.MONEY, "12.340", "E505", None),
        (Scalar.MONEY, Decimal("12.345"), "E505", None),
        (Scalar.MONEY, Fraction(1, 3), "E505", None),
        (Scalar.DATE, "2017-02-29", "E508", None),
        (Scalar.DATE, "08/06/2017", "E504", "écrivez `2017-06-08`"),
        (Scalar.DATE, "2017-06-08T10:00:00", "E504", "écrivez `2017-06-08`"),
        (Scalar.DATE, "20170608", "E504", None),
        (Scalar.DATE, dt.datetime(2017, 6, 8), "E502", "donnez la date sans l'heure (`.date()`)"),
        (Scalar.DATE, 20170608, "E502", None),
        (Scalar.TEXT, 42, "E502", "mettez-le entre guillemets"),
        (Scalar.TEXT, "a\x1b[31m", "E520", None),
        (Scalar.TEXT, "\ud800", "E520", None),
        (Scalar.TEXT, "a\u202eb", "E520", None),
        (Scalar.TEXT, "a\u2028b", "E520", None),
        (Scalar.TEXT, "a" * 1_001, "E521", None),
        (Scalar.DAYS, "3 mois", "E504", None),
        (Scalar.DAYS, 30, "E502", None),
        (Scalar.MONTHS, Duration(30, "jours"), "E504", None),
        (Scalar.MONTHS, "9999999999 mois", "E504", None),
        (SECTEUR, "Secteur 2", "E509", "vouliez-vous écrire `secteur_2` ?"),
        (SECTEUR, "secteur2", "E509", "vouliez-vous écrire `secteur_2` ?"),
        (SECTEUR, "NON_CONVENTIONNÉ", "E509", "vouliez-vous écrire `non_conventionne` ?"),
        (SECTEUR, "optam", "E509", None),
        (SECTEUR, 2, "E502", None),
    ],
)
def test_forms_that_are_refused(type_: Type, raw: object, code: str, hint: str | None) -> None:
    """Each refused form has its code, and the likely form meant as a hint where there is only one."""
    assert (code, hint) == refused(type_, raw)


def test_an_unknown_value_lists_those_expected() -> None:
    """A value that the enumeration lacks is refused with every value that it has."""
    found = read(SECTEUR, "secteur_3")
    assert isinstance(found, Refusal)
    assert ("non_conventionne", "secteur_1", "droit_permanent", "secteur_2") == found.expected


def test_only_scalars_are_read() -> None:
    """Asking for a type that is no scalar is a mistake of the caller."""
    with pytest.raises(TypeError, match="not a scalar"):
        read_scalar(SetType(Scalar.INTEGER), "x", ENUMS)


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        (None, "null"),
        (False, "`false`"),
        ("x" * 50, f'`"{"x" * 40}…"`'),
        ("\x1b[2J", '`"�[2J"`'),
        pytest.param(10**5_000, "environ 5000 chiffres", id="huge integer"),
        (Overlong("1" * 50), f"`{'1' * 40}…`"),
        (Decimal("1e999999"), "`1E+999999`"),
        (dt.date(2017, 6, 8), "`2017-06-08`"),
        ({}, "un objet"),
        ((), "une liste"),
        (frozenset(), "un ensemble"),
        (b"", "une valeur Python de type `bytes`"),
    ],
)
def test_a_found_value_is_named_shortly(raw: object, expected: str) -> None:
    """What a message says of a value is short, printable, and never descends into it."""
    assert expected == str(describe(raw))


@pytest.mark.parametrize(
    ("type_", "text", "expected"),
    [
        (Scalar.BOOLEAN, "VRAI", True),
        (Scalar.BOOLEAN, "non", False),
        (Scalar.BOOLEAN, "peut-être", "peut-être"),
        (Scalar.INTEGER, "2013", 2013),
        (Scalar.INTEGER, "2013.5", "2013.5"),
        (Scalar.INTEGER, "1" * 60, Overlong("1" * 60)),
        (Scalar.RATE, "46.5 %", "46.5 %"),
    ],
)
def test_cells_of_tables(type_: Type, text: str, expected: object) -> None:
    """A cell is turned into the raw value of its type, and stays as it is where it is none."""
    assert expected == from_cell(type_, text)


NUMBERS = st.fractions(max_denominator=10**12)
VALUES: dict[Type, st.SearchStrategy[Constant]] = {
    Scalar.BOOLEAN: st.booleans(),
    Scalar.INTEGER: st.integers(-(10**39), 10**39),
    Scalar.MONEY: st.integers(-(10**39), 10**39),
    Scalar.RATE: NUMBERS,
    Scalar.POINTS: NUMBERS,
    Scalar.DATE: st.dates(),
    Scalar.DAYS: st.integers(-(10**8), 10**8).map(lambda count: Duration(count, "jours")),
    Scalar.MONTHS: st.integers(-(10**8), 10**8).map(lambda count: Duration(count, "mois")),
    SECTEUR: st.sampled_from(list(ENUMS["secteur"].values)),
}


@given(st.sampled_from(list(VALUES)).flatmap(lambda type_: st.tuples(st.just(type_), VALUES[type_])))
def test_what_is_printed_is_read_back(case: tuple[Type, Constant]) -> None:
    """The JSON form of every constant reads as the same constant."""
    type_, value = case
    form = to_json(value, type_)
    assume(len(str(form)) <= MAX_DIGITS)
    assert value == read(type_, form)


ANYTHING = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.decimals(),
    st.fractions(),
    st.text(),
    st.dates(),
    st.datetimes(),
    st.binary(),
    st.builds(Overlong, st.text()),
    st.lists(st.integers()),
    st.dictionaries(st.text(), st.integers()),
)


@given(st.sampled_from([*VALUES, Scalar.TEXT]), ANYTHING)
def test_anything_gives_a_constant_or_a_refusal(type_: Type, raw: object) -> None:
    """No value whatever raises, and a refusal always makes a message."""
    found = read(type_, raw)
    if isinstance(found, Refusal):
        assert found.at("x").message


def test_describing_never_recurses() -> None:
    """A list nested beyond Python's own limit is named like any other."""
    nested: list[object] = []
    for _ in range(100_000):
        nested = [nested]
    assert str(describe(nested)) == "une liste"
    while nested:
        nested = nested.pop()  # type: ignore[assignment]
