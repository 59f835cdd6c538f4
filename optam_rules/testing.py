"""For other teams' tests: Hypothesis strategies of records drawn around the constants of a pack's rules, and assertions on packs.

Needs the extra `testing` (`pip install "optam-rules[testing]"`).
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping
from typing import Any, Protocol

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from optam_rules.analysis.obligations import NeverErrs, SameAnswer, Side, questions, window
from optam_rules.analysis.packtests import in_words
from optam_rules.analysis.prove import discharge
from optam_rules.analysis.reached import same_text
from optam_rules.analysis.search import PropertyResult, search
from optam_rules.analysis.verdict import Budget, Refuted, Witness
from optam_rules.backends.strategies import records as _strategies
from optam_rules.base.diagnostics import diagnose
from optam_rules.base.errors import CallError
from optam_rules.base.phrases import Phrase, did_you_mean
from optam_rules.base.suggestions import nearest
from optam_rules.core.case import Case
from optam_rules.core.program import Program
from optam_rules.core.types import EntityType, ListType

__all__ = [
    "Case",
    "PropertyResult",
    "assert_no_regression",
    "assert_property",
    "cases",
    "check_properties",
    "dossiers",
    "groups",
    "records",
]


class Compiled(Protocol):
    """What has a program: a Pack of the API."""

    @property
    def program(self) -> Program:
        """The compiled text."""
        ...


def records(pack: Compiled, *, partial: bool = True) -> SearchStrategy[dict[str, Any]]:
    """Draw records that `pack.evaluate` accepts, as a user would write them, with the data that the pack's rules read.

    With `partial`, any of them may be left out (unknown) and optional ones may be `"sans_objet"`; otherwise each is given.
    """
    return _strategies.records(pack.program, partial=partial)


def groups(pack: Compiled, *, partial: bool = True) -> SearchStrategy[dict[str, Any]]:
    """Draw raw records of the entity that lists the main one, `groupe` in the shipped packs, its members as whole records.

    Raises CallError (E844) where no entity of the pack does.
    """
    main = pack.program.main.name
    specs = pack.program.entities.values()
    owners = [spec.name for spec in specs if any(field.type == ListType(EntityType(main)) for field in spec.fields.values())]
    if not owners:
        raise CallError([diagnose("E844", pack=pack.program.id, entity=main)])
    return _strategies.records(pack.program, partial=partial, entity=owners[0], name="G")


def dossiers(pack: Compiled, *, partial: bool = True, size: int = 2) -> SearchStrategy[list[dict[str, Any]]]:
    """Draw whole files: up to `size` records with identifiants of their own, as `pack.evaluate_all` takes them."""
    names = [chr(ord("A") + index) for index in range(size)]
    drawn = [_strategies.records(pack.program, partial=partial, name=name) for name in names]
    return st.integers(0, size).flatmap(lambda count: st.tuples(*drawn[:count]).map(list))


def cases(pack: Compiled, answer: str, *, partial: bool = True) -> SearchStrategy[Case]:
    """Draw all that judging an answer takes: a record with the data it reads, a day, readings of open questions, rows of reference tables.

    Raises KeyError for an answer that the pack does not have.
    """
    return _strategies.cases(
        [_strategies.Asked(question.side.program, question.expr) for question in questions(NeverErrs(pack.program, answer))],
        pack.program.main.name,
        window(NeverErrs(pack.program, answer)),
        partial=partial,
    )


def check_properties(pack: Compiled, *, examples: int = 200) -> Iterator[PropertyResult]:
    """Look for a record that breaks each property of a pack; the same pack gives the same search.

    `examples` records are drawn for each property, ten times as many where none of them decides it.

    Not finding one is no proof: a result tells how many records were drawn and how many decided.
    """
    return (search(pack.program, invariant, examples=examples) for invariant in pack.program.properties)


def assert_property(pack: Compiled, title: str, *, examples: int = 200) -> None:
    """Assert that no record drawn breaks a property of a pack, named by its title, and that at least one decides it.

    Raises AssertionError with the simplest record found, its date and its readings; CallError (E840) where the pack has no such property.
    """
    __tracebackhide__ = True
    found = {invariant.title: invariant for invariant in pack.program.properties}
    if title not in found:
        near = nearest(title, found)
        titles = " ; ".join(found)
        hint = Phrase(f"ses propriétés : {titles or 'aucune'}", f"its properties: {titles or 'none'}")
        if near:
            hint = Phrase(f"vouliez-vous dire « {near} » ?", f"did you mean « {near} »?")
        raise CallError([diagnose("E840", pack=pack.program.id, title=title, hint=hint)])
    result = search(pack.program, found[title], examples=examples)
    if result.witness is not None:
        witness = result.witness
        raise AssertionError(f"« {title} » : {in_words(witness.outcome)} {_case(witness)}")
    if not result.passed:
        raise AssertionError(f"« {title} » : aucun des {result.drawn} dossiers tirés ne décide la propriété")


def assert_no_regression(old: Compiled, new: Compiled, *, except_: Collection[str] = (), examples: int = 200, seconds: float = 2.0) -> None:
    """Assert that each answer of a pack is the same in another version of it, but for those that were meant to change.

    An answer that reads the same text is the same. Of the others, `examples` records are drawn for each around the constants of both
    texts, after `seconds` at most of a proof where the extra `prove` is installed: not finding a difference is no proof.

    Raises AssertionError with each answer that changes, the simplest record found and both values, or that is no more there; CallError
    (E806) where `except_` names an answer that the old pack does not have.
    """
    __tracebackhide__ = True
    paths = list(old.program.answers_by_path)
    unknown = [name for name in except_ if name not in old.program.answers_by_path]
    if unknown:
        hints = {name: nearest(name, paths) for name in unknown}
        raise CallError([diagnose("E806", pack=old.program.id, name=name, hint=did_you_mean(near, "dire")) for name, near in hints.items()])
    asked = [path for path in paths if path not in except_ and not same_text(old.program, new.program, path)]
    told = [change for path in asked if (change := _change(old.program, new.program, path, Budget(seconds, examples)))]
    if told:
        raise AssertionError("\n".join(told))


def _change(old: Program, new: Program, path: str, budget: Budget) -> str | None:
    """Say how an answer changes; `None` where no record shows it."""
    if path not in new.answers_by_path:
        return f"`{path}` n'est plus une réponse"
    verdict = discharge(SameAnswer(Side(old), Side(new), path, path), budget=budget)
    if not isinstance(verdict, Refuted):
        return None
    before, after = (in_words(replay.outcome) for replay in verdict.witness.replays)
    return f"`{path}` change : {before} avant, {after} après, {_case(verdict.witness)}"


def _case(witness: Witness) -> str:
    """Write a witness for whoever reads a failure."""
    readings = "".join(f", {name} = {reading}" for name, reading in witness.readings.items())
    record: Mapping[str, Any] = witness.record
    return f"au {witness.on}{readings} pour ce dossier :\n{json.dumps(record, ensure_ascii=False, default=str, indent=2, sort_keys=True)}"
