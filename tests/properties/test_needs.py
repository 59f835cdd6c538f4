"""What an unknown answer waits for: enough to decide it, and nothing else matters; more knowledge never changes a known answer."""

from __future__ import annotations

import datetime as dt
from functools import cache
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

import optam_rules
from optam_rules.testing import records
from tests.properties.dossiers import Raw, covered, place_of, places, without

DAYS = st.sampled_from([dt.date(2016, 12, 31), dt.date(2017, 6, 8), dt.date(2017, 8, 1), dt.date(2024, 6, 1)])
SLOW = settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
OUTSIDE = ("hypothèse:", "référentiel:", "inconnu:")
PACKS = ["cm-2016"]


@cache
def pack(name: str) -> optam_rules.Pack:
    """Load a shipped pack once."""
    return optam_rules.load(name)


def some_answers(name: str, on: dt.date) -> st.SearchStrategy[list[str]]:
    """Draw a few answers in force: all of them, time after time, would only be slower."""
    return st.lists(st.sampled_from(pack(name).answers(on)), min_size=1, max_size=8, unique=True)


@st.composite
def dossiers(draw: st.DrawFn, name: str) -> tuple[Raw, set[Any]]:
    """Draw a complete record, and the places of it that are hidden."""
    full = draw(records(pack(name), partial=False))
    hidden = draw(st.sets(st.sampled_from(sorted(places(full), key=str)), max_size=8)) if list(places(full)) else set()
    return full, hidden


@pytest.mark.parametrize("name", PACKS)
@SLOW
@given(data=st.data(), on=DAYS)
def test_what_is_listed_decides(name: str, data: st.DataObject, on: dt.date) -> None:
    """Once every listed input is given, the answer waits for no input: it is decided, or hangs on the law or the caller's tables alone."""
    full, hidden = data.draw(dossiers(name))
    answers = data.draw(some_answers(name, on))
    judged = pack(name).evaluate(without(full, hidden), on=on, trace=False, answers=answers)
    for path, answer in judged.answers.items():
        inputs = [need for need in answer.needs if not need.startswith(OUTSIDE)]
        if not inputs:
            continue
        given_now = {place_of(full, need) for need in inputs}
        still_hidden = {place for place in hidden if not covered(place, given_now)}
        again = pack(name).evaluate(without(full, still_hidden), on=on, trace=False, answers=[path]).answers[path]
        assert [] == [need for need in again.needs if not need.startswith(OUTSIDE)], (path, inputs)


@pytest.mark.parametrize("name", PACKS)
@SLOW
@given(data=st.data(), on=DAYS)
def test_what_is_not_listed_never_matters(name: str, data: st.DataObject, on: dt.date) -> None:
    """Giving every hidden input but the listed ones leaves an unknown answer unknown, waiting for no less."""
    full, hidden = data.draw(dossiers(name))
    answers = data.draw(some_answers(name, on))
    judged = pack(name).evaluate(without(full, hidden), on=on, trace=False, answers=answers)
    for path, answer in judged.answers.items():
        listed = {place_of(full, need) for need in answer.needs if not need.startswith(OUTSIDE)}
        if not listed:
            continue
        still_hidden = {place for place in hidden if covered(place, listed)}
        assume(still_hidden != hidden)
        again = pack(name).evaluate(without(full, still_hidden), on=on, trace=False, answers=[path]).answers[path]
        assert "unknown" == again.status, (path, answer.needs)


@pytest.mark.parametrize("name", PACKS)
@SLOW
@given(data=st.data(), on=DAYS)
def test_more_knowledge_never_changes_a_known_answer(name: str, data: st.DataObject, on: dt.date) -> None:
    """An answer known with data hidden is the same with all of them given: status, value and nothing weaker than before to wait for."""
    full, hidden = data.draw(dossiers(name))
    answers = data.draw(some_answers(name, on))
    some = pack(name).evaluate(without(full, hidden), on=on, trace=False, answers=answers)
    everything = pack(name).evaluate(full, on=on, trace=False, answers=answers)
    for path, answer in some.answers.items():
        if answer.status != "unknown":
            assert (answer.status, answer.value) == (everything.answers[path].status, everything.answers[path].value), path
