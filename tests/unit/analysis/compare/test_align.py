"""What was written anew between two texts, item by item, with its place in both."""

from __future__ import annotations

import datetime as dt

import pytest

from optam_rules.analysis.compare.align import align, on_day
from optam_rules.analysis.compare.change import Change, How, What
from tests.support.prime import TEXT, amended
from tests.support.programs import compiled

EXCEPTION = """  exception nouvel_installe de prime si date_installation > 2020-01-01 vaut 100 €
  exception doyen de prime si date_installation < 1980-01-01 l'emporte sur nouvel_installe vaut 200 €
  neutralise nouvel_installe si honoraires > 900_000 €
"""
WITH_EXCEPTION = TEXT + EXCEPTION


def changes(*replaced: tuple[str, str], text: str = TEXT) -> list[Change]:
    """Return what was written anew in a text by replacing words."""
    return list(align(compiled(text), compiled(amended(*replaced, text=text))).changes)


def told(found: list[Change]) -> list[tuple[str, str, str, dict[str, tuple[str | None, str | None]]]]:
    """Show changes as (what, how, name, aspects)."""
    return [(each.what.value, each.how.value, each.name, {a.name: (a.old, a.new) for a in each.aspects}) for each in found]


@pytest.mark.parametrize(
    ("text", "replaced", "expected"),
    [
        (
            TEXT,
            ("= 2017-07-01 depuis", "= 2017-07-02 depuis"),
            ("valeur", "changed", "limite, depuis le 2017-01-01", {"valeur": ("2017-07-01", "2017-07-02")}),
        ),
        (TEXT, ("| secteur_1 -> 2 %", "| secteur_1 -> 1 %"), ("ligne", "changed", "secteur_1", {"valeur": ("2 %", "1 %")})),
        (TEXT, ('"Qui peut adhérer"', '"Adhésion"'), ("article", "changed", "article 1", {"titre": ("Qui peut adhérer", "Adhésion")})),
        (TEXT, ('"Peut adhérer"', '"A le droit"'), ("définition", "changed", "eligible", {"libellé": ("Peut adhérer", "A le droit")})),
        (
            TEXT,
            ("entre 0 € et 1_000_000 €", "entre 0 € et 2_000_000 €"),
            (
                "donnée",
                "changed",
                "honoraires",
                {"déclaration": ("montant entre 0.00 € et 1\xa0000\xa0000.00 €", "montant entre 0.00 € et 2\xa0000\xa0000.00 €")},
            ),
        ),
        (
            WITH_EXCEPTION,
            (" l'emporte sur nouvel_installe", ""),
            ("exception", "changed", "doyen", {"l'emporte sur": ("nouvel_installe", None)}),
        ),
        (
            TEXT,
            ('article 2 "Prime" en vigueur', 'article 2 "Prime" en vigueur du 2018-01-01 au 2018-12-31 # en vigueur'),
            None,
        ),
    ],
    ids=["value", "row", "article", "label", "field", "overrides", "dates"],
)
def test_each_thing_written_anew_is_told_with_both_sides(
    text: str, replaced: tuple[str, str], expected: tuple[str, str, str, dict[str, tuple[str | None, str | None]]] | None
) -> None:
    """One thing replaced is one change, except the dates of an article, which are those of all that stands in it."""
    found = changes(replaced, text=text)
    if expected is not None:
        assert told(found) == [expected]
    else:
        assert {(each.what, each.how) for each in found} == {(What.ARTICLE, How.CHANGED), (What.VERSION, How.CHANGED)}
        assert {each.aspects[0].name for each in found} == {"dates"}
    for each in found:
        assert each.old is not None
        assert each.new is not None


def test_what_one_side_lacks_is_added_or_removed_with_its_place() -> None:
    """An exception and what neutralises it appear; read the other way, they disappear."""
    forward = align(compiled(TEXT), compiled(WITH_EXCEPTION)).changes
    assert [(each.what, each.how, each.name) for each in forward] == [
        (What.EXCEPTION, How.ADDED, "nouvel_installe"),
        (What.EXCEPTION, How.ADDED, "doyen"),
        (What.UNDERCUT, How.ADDED, "nouvel_installe"),
    ]
    first = forward[0]
    assert first.old is None
    assert first.new is not None
    assert first.new.source.text[first.new.start :].startswith("exception nouvel_installe")
    assert first.articles == ("2",)
    backward = align(compiled(WITH_EXCEPTION), compiled(TEXT)).changes
    assert {each.how for each in backward} == {How.REMOVED}


@pytest.mark.parametrize(
    ("old", "new", "what"),
    [
        ("tranche", "classe", What.DEFINITION),
        ("nouvel_installe", "debutant", What.EXCEPTION),
        ("limite", "jour_limite", What.PARAMETER),
        ("date_installation", "installe_le", What.FIELD),
    ],
)
def test_what_keeps_its_form_under_another_name_is_renamed(old: str, new: str, what: What) -> None:
    """One thing left over on each side, of one form, is one thing renamed."""
    renamed = [
        each for each in align(compiled(WITH_EXCEPTION), compiled(WITH_EXCEPTION.replace(old, new))).changes if each.how is How.RENAMED
    ]
    assert [(each.what, each.old_name, each.name) for each in renamed] == [(what, old, new)]


def test_two_things_of_one_form_are_not_taken_for_renamed() -> None:
    """Nothing tells which of two equal rules became which: both are removed, and two are added."""
    twins = "  règle {a} : entier vaut 5\n  règle {b} : entier vaut 5\n"
    found = align(compiled(TEXT + twins.format(a="x", b="y")), compiled(TEXT + twins.format(a="u", b="v"))).changes
    assert sorted((each.how.value, each.name) for each in found) == [("added", "u"), ("added", "v"), ("removed", "x"), ("removed", "y")]


def test_only_words_or_standing_are_not_of_substance() -> None:
    """A label changes no answer; a value may."""
    assert [each.of_substance for each in changes(('"Peut adhérer"', '"A le droit"'))] == [False]
    assert [each.of_substance for each in changes(("| secteur_1 -> 2 %", "| secteur_1 -> 1 %"))] == [True]


def test_on_one_day_only_what_is_in_force_then_is_compared() -> None:
    """A rule of 2018 alone is no part of the text of 2017."""
    text = TEXT + "  règle de_2018 : entier en vigueur du 2018-01-01 au 2018-12-31 vaut 1\n"
    program = compiled(text)
    found = align(on_day(program, dt.date(2017, 6, 1)), on_day(program, dt.date(2018, 6, 1))).changes
    assert [(each.what, each.how, each.name) for each in found] == [(What.DEFINITION, How.ADDED, "de_2018")]
