"""What a call cannot mean is refused before anything is judged, with every fault at once."""

from __future__ import annotations

import datetime as dt
import pickle
from collections.abc import Callable
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
        ({"answers": ["penalite", 1, None]}, ["answers[1]", "answers[2]"]),
        ({"answers": {1}}, ["answers"]),
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


@pytest.mark.parametrize(
    ("call", "message"),
    [
        ({"answers": [1]}, "l'argument `answers[0]` est de type `int` ; il faut un texte"),
        (
            {"answers": {1}},
            "l'argument `answers` est une collection dont un élément est de type `int` ; il faut une liste de noms de réponses",
        ),
        (
            {"assume": {1: "a"}},
            "l'argument `assume` est un dictionnaire dont une clé est de type `int` ; il faut un dictionnaire {hypothèse: lecture}",
        ),
    ],
)
def test_what_is_wrong_inside_is_told(pack: optam_rules.Pack, call: dict[str, Any], message: str) -> None:
    """A list is what is wanted: the message names what is wrong in it, and where."""
    with pytest.raises(CallError) as caught:
        pack.evaluate({}, on=DAY, **call)
    assert [message] == [fault.message for fault in caught.value.diagnostics]


@pytest.mark.parametrize("records", [None, 5, "ab", b"ab", {"identifiant": "A"}])
def test_what_is_no_list_of_records(pack: optam_rules.Pack, records: Any) -> None:
    """One record alone, or a text, would be read key by key or letter by letter: it is refused at once."""
    with pytest.raises(CallError) as caught:
        pack.evaluate_all(records, on=DAY)
    (fault,) = caught.value.diagnostics
    found = type(records).__name__
    assert ("E827", f"l'argument `records` est de type `{found}` ; il faut une liste de dossiers") == (fault.code, fault.message)


@pytest.mark.parametrize("day", ["2020-10-05", 2020, dt.datetime(2020, 10, 5)])
def test_what_is_in_force_on_what_is_no_day(pack: optam_rules.Pack, day: Any) -> None:
    """The answers and the packs in force on what is no date are not guessed."""
    for ask in (pack.answers, optam_rules.catalogue):
        with pytest.raises(CallError) as caught:
            ask(day)
        assert ["E810"] == [fault.code for fault in caught.value.diagnostics]


@pytest.mark.parametrize("ask", [optam_rules.load, optam_rules.check, optam_rules.lint])
def test_what_names_no_pack(ask: Callable[[Any], object]) -> None:
    """What is neither a name nor a path is told by its type; a name longer than those of files is the name of no pack."""
    for name in (None, 3, b"sanctions"):
        with pytest.raises(CallError) as caught:
            ask(name)
        found = type(name).__name__
        (fault,) = caught.value.diagnostics
        assert f"l'argument `pack` est de type `{found}` ; il faut le nom d'un pack ou un chemin" == fault.message
    for long in ("x" * 5_000, "./" + "x" * 5_000):
        with pytest.raises(optam_rules.PackNotFoundError):
            ask(long)


def test_a_call_does_not_change(pack: optam_rules.Pack) -> None:
    """Calls that say the same are one object: what a caller could change in one would be another's reading."""
    call = pack.prepare(on=DAY, assume={"dernier_jour_de_la_recidive": "compris"})
    for part in (call.assume, call.references):
        with pytest.raises(TypeError):
            part["dernier_jour_de_la_recidive"] = {}  # type: ignore[index]


@pytest.mark.parametrize("trace", [True, False])
def test_a_call_goes_to_other_processes(pack: optam_rules.Pack, trace: bool) -> None:
    """Pickled and read back, a call judges as before, reading, note and reference tables included."""
    call = pack.prepare(on=dt.date(2999, 1, 1), assume={"dernier_jour_de_la_recidive": "compris"}, trace=trace, after_verified="extend")
    back = pickle.loads(pickle.dumps(call))
    assert (call.assume, call.digest, call.note) == (back.assume, back.digest, back.note)
    assert call.evaluate({"identifiant": "A"}) == back.evaluate({"identifiant": "A"})


@pytest.mark.parametrize(
    "wrong",
    [
        lambda pack: pack.evaluate({}, on="hier"),
        lambda pack: pack.evaluate({"titre": 1, "identifiant": 2}, on=DAY),
        lambda pack: pack.evaluate({}, on=DAY, answers=["penalites"]),
        lambda _: optam_rules.load("nulle-part"),
    ],
)
def test_an_error_comes_back_from_another_process(pack: optam_rules.Pack, wrong: Callable[[optam_rules.Pack], object]) -> None:
    """Pickled and read back, as a pool of processes does, an error is of its class and tells each fault in both languages."""
    with pytest.raises(optam_rules.OptamError) as caught:
        wrong(pack)
    back = pickle.loads(pickle.dumps(caught.value))
    assert (type(caught.value), str(caught.value), caught.value.told("en")) == (type(back), str(back), back.told("en"))
    assert caught.value.diagnostics == back.diagnostics


def test_what_a_pack_and_a_call_look_like(pack: optam_rules.Pack) -> None:
    """A log or a debugger shows a line, not the thousands of objects of the rules."""
    assert "program=<sanctions " in repr(pack)
    assert "program=<sanctions " in repr(pack.prepare(on=DAY))
    assert max(len(repr(pack)), len(repr(pack.prepare(on=DAY)))) < 5_000


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
