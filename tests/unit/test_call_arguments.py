"""What a call cannot mean is refused before anything is judged, with every fault at once."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

import optam_rules
from optam_rules import CallError
from optam_rules.tools.cli.options import chosen

DAY = dt.date(2020, 10, 5)


@pytest.fixture(scope="module")
def pack() -> optam_rules.Pack:
    """Load a small shipped pack, in force since 5 October 2020."""
    return optam_rules.load("sanctions")


@pytest.mark.parametrize(
    ("call", "names"),
    [
        ({"assume": ["dernier_jour_de_la_recidive"]}, ["assume"]),
        ({"assume": {1: "compris"}}, ["assume"]),
        ({"references": [("a", "b")]}, ["references"]),
        ({"references": {"moyennes": 3}}, ["references['moyennes']"]),
        ({"answers": "penalite"}, ["answers"]),
        ({"answers": [1]}, ["answers"]),
        ({"answers": 3}, ["answers"]),
        ({"after_verified": "jamais"}, ["after_verified"]),
        ({"assume": 1, "answers": 2, "after_verified": None}, ["assume", "answers", "after_verified"]),
    ],
)
def test_arguments_of_another_type(pack: optam_rules.Pack, call: dict[str, Any], names: list[str]) -> None:
    """Each argument that would be read wrongly is named, with what was found and what is wanted."""
    with pytest.raises(CallError) as caught:
        pack.evaluate({}, on=DAY, **call)
    assert [fault.code for fault in caught.value.diagnostics] == ["E827"] * len(names)
    assert [fault.message.split("`")[1] for fault in caught.value.diagnostics] == names


def test_a_text_is_no_list_of_answers(pack: optam_rules.Pack) -> None:
    """One name alone would be read letter by letter: the message says what is wanted."""
    with pytest.raises(CallError) as caught:
        pack.evaluate({}, on=DAY, answers="penalite")
    assert caught.value.diagnostics[0].message == "l'argument `answers` est de type `str` ; il faut une liste de noms de réponses"


def test_a_day_outside_the_pack(pack: optam_rules.Pack) -> None:
    """The day before the first one gives no empty judgement but a fault; answers asked by name are sans objet; the first day is judged."""
    eve = DAY - dt.timedelta(days=1)
    with pytest.raises(CallError) as caught:
        pack.evaluate({}, on=eve)
    assert [fault.code for fault in caught.value.diagnostics] == ["E825"]
    assert pack.evaluate({}, on=eve, answers=["penalite"]).answers["penalite"].status == "not_applicable"
    assert pack.evaluate({}, on=DAY).answers["penalite"].status == "unknown"


def test_repeated_options() -> None:
    """The same pair twice is one; two values of one name are refused with both."""
    assert chosen("--assume", [("a", "x"), ("b", "y"), ("a", "x")]) == {"a": "x", "b": "y"}
    with pytest.raises(CallError) as caught:
        chosen("--assume", [("a", "x"), ("a", "y")])
    assert [(fault.code, fault.message) for fault in caught.value.diagnostics] == [
        ("E826", "`--assume` donne deux valeurs à `a` : `x` et `y`")
    ]
