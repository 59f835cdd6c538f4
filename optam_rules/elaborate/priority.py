"""From exceptions as written to the rule each one belongs to: one tree under each rule, overrides inside it and without cycle (S4)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from itertools import chain

import attrs

from optam_rules.base.phrases import Phrase, named
from optam_rules.base.source import Position
from optam_rules.elaborate.dates import Dated, interval_of, tell_clashes
from optam_rules.elaborate.faults import Faults, listed, word_at
from optam_rules.elaborate.graphs import arrows, cycles
from optam_rules.elaborate.items import Items, Placed
from optam_rules.elaborate.names import Names, is_there
from optam_rules.syntax.abstract import ExceptionDecl

Rule = tuple[str, str]  # (entity, name) of a definition


@attrs.frozen
class Priorities:
    """Exceptions by name (several of one name hold on different days), the rule of each, and where each stands in its tree.

    A walk of the trees enters an exception and leaves it after all those below it: `spans` holds both places.
    """

    exceptions: Mapping[str, Sequence[Placed[ExceptionDecl]]]
    rules: Mapping[str, Rule]
    spans: Mapping[str, tuple[int, int]]

    def above(self, upper: str, lower: str) -> bool:
        """Tell whether one exception is `lower` itself or one of those that it is an exception of."""
        (enter, leave), (first, last) = self.spans[upper], self.spans[lower]
        return enter <= first and last <= leave


def find_priorities(names: Names, items: Items) -> Priorities:
    """Settle the rule of every exception; one that has none is told and left out."""
    faults = names.faults
    declared: dict[str, list[Placed[ExceptionDecl]]] = defaultdict(list)
    for placed in items.exceptions:
        declared[placed.item.name].append(placed)
    for name, versions in declared.items():
        _check_versions(names, name, versions)
    _tell_loops(names, declared)
    below: dict[str, list[str]] = defaultdict(list)
    for name, versions in declared.items():
        below[versions[0].item.parent].append(name)
    rules: dict[str, Rule] = {}
    spans: dict[str, tuple[int, int]] = {}
    for parent in list(below):
        if parent in declared and parent not in names.owners:
            continue
        rule = _rule(names, parent, declared[below[parent][0]][0].item, declared)
        if rule is not None:
            _walk(below, parent, rule, rules, spans)
    found = Priorities(declared, rules, spans)
    _check_overrides(found, names, faults)
    return found


def _walk(below: Mapping[str, list[str]], root: str, rule: Rule, rules: dict[str, Rule], spans: dict[str, tuple[int, int]]) -> None:
    """Give every exception under a rule that rule and its place in the tree."""
    waiting = [(name, False) for name in reversed(below[root])]
    entered: dict[str, int] = {}
    while waiting:
        name, done = waiting.pop()
        if done:
            spans[name] = entered[name], len(rules)
            continue
        if name in rules:
            continue  # an exception that has the name of a rule, already told
        entered[name] = len(rules)
        rules[name] = rule
        waiting.append((name, True))
        waiting.extend((child, False) for child in reversed(below.get(name, [])))


def _check_versions(names: Names, name: str, versions: Sequence[Placed[ExceptionDecl]]) -> None:
    """Tell an exception that has the name of a definition, or that is written twice for one day or under two parents."""
    faults, first = names.faults, versions[0].item
    for entity in names.owners.get(name, ()):
        meaning = names.members[entity][name]
        related = [(meaning.position, is_there(name, meaning.kind))]
        faults.tell("E202", word_at(first.position, name), name=name, related=related)
    for version in versions[1:]:
        if version.item.parent != first.parent:
            related = [
                (word_at(first.position, name), Phrase(f"ici exception de `{first.parent}`", f"here an exception to `{first.parent}`"))
            ]
            faults.tell("E202", word_at(version.item.position, name), name=name, related=related)
    same = [version for version in versions if version.item.parent == first.parent]
    if len(same) > 1:
        quiet = Faults()  # the intervals themselves are checked where the exceptions are lowered
        places = [word_at(version.item.position, name) for version in same]
        dated = [Dated(interval_of(v.item.clauses, v.unit, quiet), place) for v, place in zip(same, places, strict=True)]
        tell_clashes(name, dated, faults)


def _tell_loops(names: Names, declared: Mapping[str, Sequence[Placed[ExceptionDecl]]]) -> None:
    """Tell exceptions that are exceptions of themselves."""
    faults = names.faults
    for cycle in cycles({name: [versions[0].item.parent] for name, versions in declared.items() if name not in names.owners}):
        positions = [word_at(declared[name][0].item.position, name) for name in cycle]
        related = [(position, named(name)) for name, position in zip(cycle[1:8], positions[1:8], strict=True)]
        faults.tell("E401", positions[0], cycle=arrows(cycle), related=related)


NOT_AN_EXCEPTION = Phrase("pas une exception", "not an exception")
_NEITHER = Phrase("ni une définition ni une exception", "neither a definition nor an exception")
_ITSELF = Phrase("elle-même", "itself")
_ITS_OWN = Phrase("dont elle est déjà l'exception", "to which it already is an exception")
_ITS_EXCEPTION = Phrase("qui est son exception", "which is an exception to it")


def _rule(names: Names, parent: str, item: ExceptionDecl, declared: Mapping[str, object]) -> Rule | None:
    """Return the definition that the topmost exception of a tree is an exception of."""
    owners = names.owners.get(parent, [])
    if len(owners) == 1:
        return owners[0], parent
    if owners:
        names.faults.tell("E221", word_at(item.position, parent), name=parent, owners=listed(owners))
    elif parent not in names.broken:
        hint = names.faults.meant(parent, chain(names.owners, declared))
        names.faults.tell("E220", word_at(item.position, parent), name=parent, wanted=_NEITHER, hint=hint)
    return None


def _overridden(item: ExceptionDecl, other: str) -> Position:
    """Return the place of a name after `l'emporte sur`, which follows the condition."""
    return word_at(attrs.evolve(item.position, start=item.condition.position.end), other)


def _check_overrides(found: Priorities, names: Names, faults: Faults) -> None:
    graph: dict[str, list[str]] = {name: [] for name in found.rules}
    for name, rule in found.rules.items():
        for placed in found.exceptions[name]:
            for other in placed.item.overrides:
                if other not in found.exceptions:
                    if other not in names.broken:
                        hint = faults.meant(other, found.exceptions)
                        faults.tell("E220", _overridden(placed.item, other), name=other, wanted=NOT_AN_EXCEPTION, hint=hint)
                elif other in found.rules and found.rules[other] != rule:
                    wrong = found.rules[other][1]
                    faults.tell("E402", _overridden(placed.item, other), name=name, other=other, rule=rule[1], wrong=wrong)
                elif other not in found.rules:
                    continue  # its own rule is not known, which has been told
                elif found.above(other, name):
                    why = _ITSELF if other == name else _ITS_OWN
                    faults.tell("E403", _overridden(placed.item, other), name=name, other=other, why=why)
                elif found.above(name, other):
                    faults.tell("E403", _overridden(placed.item, other), name=name, other=other, why=_ITS_EXCEPTION)
                else:
                    graph[name].append(other)
    for cycle in cycles(graph):
        positions = [word_at(found.exceptions[name][0].item.position, name) for name in cycle]
        related = [(position, named(name)) for name, position in zip(cycle[1:8], positions[1:8], strict=True)]
        faults.tell("E404", positions[0], cycle=arrows(cycle), related=related)
