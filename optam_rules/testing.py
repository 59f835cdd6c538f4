"""For other teams' tests: Hypothesis strategies of records drawn around the constants of a pack's rules, and assertions on packs.

Needs the extra `testing` (`pip install "optam-rules[testing]"`).
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, Protocol

from hypothesis.strategies import SearchStrategy

from optam_rules.analysis.packtests import in_words
from optam_rules.analysis.search import PropertyResult, search
from optam_rules.backends.strategies import records as _strategies
from optam_rules.base.diagnostics import diagnose
from optam_rules.base.errors import CallError
from optam_rules.base.suggestions import nearest
from optam_rules.core.program import Program

__all__ = ["PropertyResult", "assert_property", "check_properties", "records"]


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


def check_properties(pack: Compiled, *, examples: int = 200) -> Iterator[PropertyResult]:
    """Look for a record that breaks each property of a pack, drawing `examples` records for each; the same pack gives the same search.

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
        hint = f"vouliez-vous dire « {near} »" if near else f"ses propriétés : {' ; '.join(found) or 'aucune'}"
        raise CallError([diagnose("E840", pack=pack.program.id, title=title, hint=hint)])
    result = search(pack.program, found[title], examples=examples)
    if result.witness is not None:
        witness = result.witness
        readings = "".join(f", {name} = {reading}" for name, reading in witness.readings.items())
        record = json.dumps(witness.record, ensure_ascii=False, default=str, indent=2, sort_keys=True)
        raise AssertionError(f"« {title} » : {in_words(witness.outcome)} au {witness.on}{readings} pour ce dossier :\n{record}")
    if not result.passed:
        raise AssertionError(f"« {title} » : aucun des {result.drawn} dossiers tirés ne décide la propriété")
