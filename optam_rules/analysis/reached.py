"""From a program to what its definitions reach: the answers that read each of them, and the text that each answer reads."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from graphlib import TopologicalSorter

from optam_rules.core.ir import Answer, HypothesisRead, Lookup, ParameterRead
from optam_rules.core.program import Program
from optam_rules.core.reach import reachable
from optam_rules.core.walk import subexpressions

Key = tuple[str, str]


def answers_of(program: Program) -> dict[Key, frozenset[str]]:
    """Return, for each definition, the paths of the answers that read it; none where only properties, or other packs, do."""
    read_by: dict[Key, set[Key]] = {key: set() for key in program.definitions}
    for key, definition in program.definitions.items():
        for part in (part for expr in definition.expressions() for part in subexpressions(expr)):
            if isinstance(part, Answer):
                read_by[part.entity, part.name].add(key)
    own: dict[Key, set[str]] = defaultdict(set)
    for path, definition in program.answers():
        own[definition.key].add(path)
    found: dict[Key, frozenset[str]] = {}
    for key in TopologicalSorter(read_by).static_order():
        found[key] = frozenset(own[key]).union(*(found[reader] for reader in read_by[key]))
    return found


def readers_of(program: Program) -> Mapping[str, frozenset[Key]]:
    """Return, for each parameter that is read, the definitions that read it."""
    found: dict[str, set[Key]] = defaultdict(set)
    for key, definition in program.definitions.items():
        for part in (part for expr in definition.expressions() for part in subexpressions(expr)):
            if isinstance(part, ParameterRead):
                found[part.name].add(key)
    return {name: frozenset(keys) for name, keys in found.items()}


def same_text(old: Program, new: Program, path: str) -> bool:
    """Tell whether an answer reads the very same text in two programs: then it is the same on every record that both accept."""
    first, second = old.answers_by_path.get(path), new.answers_by_path.get(path)
    if first is None or first != second:
        return False
    for part in reachable(old, *first.expressions()):
        match part:
            case Answer(_, entity, name):
                same = old.definitions[entity, name] == new.definitions.get((entity, name))
            case ParameterRead(name):
                same = old.parameters[name] == new.parameters.get(name)
            case Lookup(name):
                same = old.references[name] == new.references.get(name)
            case HypothesisRead(name):
                same = old.hypotheses[name].readings == (new.hypotheses[name].readings if name in new.hypotheses else None)
            case _:
                same = True
        if not same:
            return False
    return True
