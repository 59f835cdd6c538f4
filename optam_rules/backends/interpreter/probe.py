"""What an onlooker is told of an evaluation while it runs: each expression with its value, each definition with what decided it.

An evaluation without a probe pays one comparison an expression. A probe changes no answer.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from optam_rules.core.absence import Value
from optam_rules.core.ir import Expr
from optam_rules.core.judgement import GuardRead
from optam_rules.core.program import Definition, Version


class Probe(Protocol):
    """An onlooker. One node may be told many times: once a record, an element of a list, or a reading that is tried."""

    def evaluated(self, expr: Expr, value: Value) -> None:
        """Take note of an expression of the program (the very node) and of its value; its parts were told before it."""

    def decided(self, definition: Definition, version: Version | None, guards: Sequence[GuardRead], taken: str | None) -> None:
        """Take note of a definition: its version in force, the exceptions looked at, and the one that gave the value for sure."""
