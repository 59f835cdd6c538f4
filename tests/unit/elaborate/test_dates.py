"""Days of articles, definitions and parameters."""

from __future__ import annotations

import datetime as dt

import pytest

from optam_rules.base.calendar import Interval
from tests.unit.elaborate.texts import codes, definition, elaborated, program

D = dt.date
ARTICLE = 'article 1 "Un" en vigueur du 2020-01-01 au 2022-12-31\n'


def test_definition_has_the_days_of_its_article() -> None:
    """Nothing written: the article's days; no end written: the article's end; no article: every day."""
    assert Interval(D(2020, 1, 1), D(2022, 12, 31)) == definition(f"{ARTICLE}règle r : entier vaut 1", "r").versions[0].interval
    later = definition(f"{ARTICLE}règle r : entier en vigueur du 2021-01-01 vaut 1", "r")
    assert Interval(D(2021, 1, 1), D(2022, 12, 31)) == later.versions[0].interval
    assert Interval() == definition("règle r : entier vaut 1", "r").versions[0].interval


def test_definition_keeps_to_the_days_of_the_pack() -> None:
    """Days on which the pack is not in force are cut off; a definition with none left is told."""
    pack = Interval(D(2021, 1, 1), D(2021, 12, 31))
    found = program(f"{ARTICLE}règle r : entier vaut 1", interval=pack)
    assert pack == found.definitions["medecin", "r"].versions[0].interval
    assert ["E419"] == codes(f"{ARTICLE}règle r : entier vaut 1", interval=Interval(D(2023, 1, 1), None))


@pytest.mark.parametrize(
    ("own", "found"),
    [
        ("du 2020-01-01 au 2022-12-31", []),
        ("du 2019-12-31 au 2022-12-31", ["E412"]),
        ("du 2020-01-01 au 2023-01-01", ["E412"]),
        ("du 2023-01-01", ["E412"]),
        ("du 2022-01-02 au 2022-01-01", ["E417"]),
    ],
)
def test_days_stay_inside_the_article(own: str, found: list[str]) -> None:
    """Both ends of a definition's interval are within the article's, to the day."""
    assert found == codes(f"{ARTICLE}règle r : entier en vigueur {own} vaut 1")


@pytest.mark.parametrize(("second", "found"), [("du 2023-01-01", []), ("du 2022-12-31", ["E411"]), ("du 2019-01-01 au 2019-12-31", [])])
def test_versions_of_an_article_share_no_day(second: str, found: list[str]) -> None:
    """The second version may begin the day after the first ends."""
    assert found == codes(f'{ARTICLE}article 1 "Un bis" en vigueur {second}\nannexe 1 "Annexe" en vigueur du 2020-01-01')


def test_versions_come_in_the_order_of_time() -> None:
    """Versions are sorted by their days, wherever they are written."""
    text = "règle r : entier en vigueur du 2021-01-01 vaut 2\nrègle r : entier en vigueur du 2020-01-01 au 2020-12-31 vaut 1"
    assert [D(2020, 1, 1), D(2021, 1, 1)] == [version.interval.start for version in definition(text, "r").versions]


def test_version_inside_another_is_told() -> None:
    """A long version and two short ones inside it clash twice, not with each other."""
    rule = "règle r : entier en vigueur du {} vaut 1\n"
    text = "".join(map(rule.format, ("2020-01-01 au 2029-12-31", "2021-01-01 au 2021-12-31", "2023-01-01 au 2023-12-31")))
    assert ["E413", "E413"] == codes(text)


def test_parameter_holds_until_the_day_before_the_next_value() -> None:
    """Values of several declarations are one parameter, in the order of time; the last ends with its article."""
    text = f"""{ARTICLE}paramètre p : entier = 1 depuis 2020-01-01 ; 2 depuis 2021-07-01
article 1 "Un" en vigueur du 2023-01-01
paramètre p : entier = 3 depuis 2023-01-01"""
    held = program(text).parameters["p"]
    expected = [
        (Interval(D(2020, 1, 1), D(2021, 6, 30)), 1),
        (Interval(D(2021, 7, 1), D(2022, 12, 31)), 2),
        (Interval(D(2023, 1, 1), None), 3),
    ]
    assert expected == [(dated.interval, dated.value) for dated in held.values]


@pytest.mark.parametrize(
    ("reader", "found"),
    [
        ("règle r : entier vaut p", ["E415"]),
        ("règle r : entier en vigueur du 2020-06-01 vaut p", []),
        ("règle r : entier en vigueur du 2020-05-31 vaut p", ["E415"]),
        ("règle r : entier vaut p au 2020-06-01", []),
        ("règle r : entier vaut p au 2020-05-31", ["E415"]),
        ("règle r : entier vaut p au installation", []),
        ("règle r : entier vaut p au (2020-05-31 + 1 jour)", []),
        ("règle r : entier vaut 1\nexception x de r si p = 1 vaut 2", ["E415"]),
        ("règle r : entier vaut 1\nexception x de r en vigueur du 2020-06-01 si p = 1 vaut p", []),
        ("règle r : entier vaut 1\nexception x de r si volontaire vaut 2\nneutralise x si p = 1", ["E415"]),
        ('propriété "p" p = 1', ["E415"]),
        ('propriété "p" en vigueur du 2020-06-01 p = 1', []),
        ("table t : entier selon p | 1 -> 1 | sinon -> 2", ["E415"]),
    ],
)
def test_parameter_covers_its_readers(reader: str, found: list[str]) -> None:
    """Whatever reads a parameter, on its own days; at another date only where that date is constant."""
    assert found == codes(f'article 1 "Un" en vigueur du 2020-01-01\nparamètre p : entier = 1 depuis 2020-06-01\n{reader}')


def test_coverage_is_asked_on_the_days_of_the_pack_alone() -> None:
    """A rule without days of its own reads a parameter on the pack's days."""
    text = "règle r : entier vaut p\nparamètre p : entier = 1 depuis 2020-06-01"
    assert [] == codes(text, interval=Interval(D(2020, 6, 1), None))
    assert ["E415"] == codes(text, interval=Interval(D(2020, 5, 31), None))


def test_property_need_not_keep_to_the_heading_above() -> None:
    """A property at the end of a file is not of the last article."""
    text = f'{ARTICLE}règle r : entier vaut 1\npropriété "p" en vigueur du 2010-01-01 au 2030-01-01 volontaire'
    assert Interval(D(2010, 1, 1), D(2030, 1, 1)) == program(text).properties[0].interval


@pytest.mark.parametrize(
    ("exception", "found"),
    [
        ("en vigueur du 2020-01-01 au 2020-12-31", []),
        ("en vigueur du 2020-12-31", []),
        ("en vigueur du 2021-01-01", ["E416"]),
        ("en vigueur du 2019-01-01 au 2019-12-31", ["E416"]),
    ],
)
def test_exception_meets_its_rule_some_day(exception: str, found: list[str]) -> None:
    """An exception that is never in force together with its rule is told."""
    rule = "règle r : entier en vigueur du 2020-01-01 au 2020-12-31 vaut 1"
    assert found == codes(f"{rule}\nexception x de r {exception} si volontaire vaut 2")


def test_gap_is_shown_with_its_days() -> None:
    """The first day without a value and the last are in the message."""
    text = f"{ARTICLE}règle r : entier vaut p\nparamètre p : entier = 1 depuis 2020-01-31"
    assert "le paramètre `p` n'a pas de valeur du 2020-01-01 au 2020-01-30, jours où `r` le lit" == elaborated(text)[1][0].message


def test_days_are_named_as_a_sentence_does() -> None:
    """Every day, one day, or from a day to another."""
    assert (
        "deux versions de `r` sont en vigueur tous les jours"
        == elaborated("règle r : entier vaut 1\nrègle r : entier vaut 2")[1][0].message
    )
    text = f"{ARTICLE}règle r : entier en vigueur du 2020-02-29 au 2020-02-29 vaut p\nparamètre p : entier = 1 depuis 2020-03-01"
    assert "le paramètre `p` n'a pas de valeur le 2020-02-29, jours où `r` le lit" == elaborated(text)[1][0].message
