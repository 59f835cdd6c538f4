"""For other teams' tests: Hypothesis strategies of records drawn around the constants of a pack's rules.

Needs the extra `testing` (`pip install "optam-rules[testing]"`).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Protocol

from hypothesis.strategies import SearchStrategy

from optam_rules.analysis.search import PropertyResult, search
from optam_rules.backends import strategies as _strategies
from optam_rules.core.program import Program

__all__ = ["PropertyResult", "check_properties", "records"]


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
