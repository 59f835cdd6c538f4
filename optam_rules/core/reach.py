"""From an expression to all that deciding it may read: its own parts, and those of the definitions that it reads, and so on."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from optam_rules.core.ir import Answer, Expr, Field
from optam_rules.core.program import Program
from optam_rules.core.types import EntityType
from optam_rules.core.walk import subexpressions


def reachable(program: Program, *roots: Expr, within: Collection[tuple[str, str]] | None = None) -> Iterator[Expr]:
    """Yield the parts of expressions, and those of every definition that they read, by themselves or through others; each body once.

    `within` names the definitions that are entered; all of them where `None`.
    """
    seen: set[tuple[str, str]] = set()
    waiting = list(roots)
    while waiting:
        for part in subexpressions(waiting.pop()):
            yield part
            if isinstance(part, Answer) and (key := (part.entity, part.name)) not in seen:
                seen.add(key)
                if within is None or key in within:
                    waiting.extend(program.definitions[key].expressions())


def definitions_read(program: Program, *roots: Expr) -> tuple[frozenset[tuple[str, str]], ...]:
    """Return the definitions that expressions read: those that they read themselves, those that these read, and so on."""
    levels: list[frozenset[tuple[str, str]]] = []
    seen: set[tuple[str, str]] = set()
    exprs: list[Expr] = list(roots)
    while exprs:
        read = {(part.entity, part.name) for expr in exprs for part in subexpressions(expr) if isinstance(part, Answer)} - seen
        seen |= read
        exprs = [expr for key in sorted(read) for expr in program.definitions[key].expressions()]
        if read:
            levels.append(frozenset(read))
    return tuple(levels)


def fields_read(program: Program, *roots: Expr) -> frozenset[tuple[str, str]]:
    """Return the data, as (entity, field), that expressions may read."""
    return frozenset(
        (part.target.type.name, part.name)
        for part in reachable(program, *roots)
        if isinstance(part, Field) and isinstance(part.target.type, EntityType)
    )
