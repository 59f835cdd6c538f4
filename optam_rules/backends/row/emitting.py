"""What the parts of a function of whole records are emitted with: the records in scope, the emitter, numbers as Python's own."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from optam_rules.backends.row.blocks import Blocks, Piece
from optam_rules.backends.row.numbers import Ratio
from optam_rules.backends.row.writer import Writer
from optam_rules.core.ir import Aggregate, Expr
from optam_rules.core.types import Scalar

Scope = Mapping[str, str]  # variable -> the name of its record's values
NUMERIC = frozenset({Scalar.INTEGER, Scalar.MONEY, Scalar.RATE, Scalar.POINTS})


class Emitter(Protocol):
    """Emits statements and returns pieces."""

    writer: Writer
    blocks: Blocks
    tracing: bool  # whether what leads to values is kept for their steps

    def expression(self, expr: Expr, scope: Scope) -> Piece:
        """Emit an expression."""
        ...

    def elements(self, source: Expr, code: str, scope: Scope) -> None:
        """Tell where the elements stand that a loop goes through."""
        ...

    def element(self, element: str, values: str) -> None:
        """Begin with an element, in its loop."""
        ...

    def quantified(self, expr: Aggregate, condition: Piece, body: Piece) -> Piece:
        """Emit what an element counts as in `tous` or `existe`."""
        ...

    def shared(self, content: object) -> str:
        """Return what stands for a constant."""
        ...


def exact(piece: Piece) -> str:
    """Return the code of a value as Python holds it: of a number, its exact value."""
    return piece.code.exact if isinstance(piece.code, Ratio) else piece.code
