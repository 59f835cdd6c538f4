"""From expressions of the core to formulas of a solver, over exact numbers: each one a status and a value, as the interpreter gives them.

Needs the extra `prove` (z3-solver). Nothing here is the meaning of the language: whatever a model shows is replayed by the interpreter.
"""

from __future__ import annotations

import importlib.util


def available() -> bool:
    """Tell whether the solver is installed."""
    return importlib.util.find_spec("z3") is not None
