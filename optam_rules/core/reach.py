"""From an expression to all that deciding it may read: its own parts, and those of the definitions that it reads, and so on."""

from __future__ import annotations

from collections.abc import Iterator

from optam_rules.core.ir import Answer, Expr, Field
from optam_rules.core.program import Program
from optam_rules.core.types import EntityType
from optam_rules.core.walk import subexpressions


def reachable(program: Program, *roots: Expr) -> Iterator[Expr]:
    """Yield the parts of expressions, and those of every definition that they read, by themselves or through others; each body once."""
    seen: set[tuple[str, str]] = set()
    waiting = list(roots)
    while waiting:
        for part in subexpressions(waiting.pop()):
            yield part
            if isinstance(part, Answer) and (part.entity, part.name) not in seen:
                seen.add((part.entity, part.name))
                waiting.extend(program.definitions[part.entity, part.name].expressions())


def fields_read(program: Program, *roots: Expr) -> frozenset[tuple[str, str]]:
    """Return the data, as (entity, field), that expressions may read."""
    return frozenset(
        (part.target.type.name, part.name)
        for part in reachable(program, *roots)
        if isinstance(part, Field) and isinstance(part.target.type, EntityType)
    )
