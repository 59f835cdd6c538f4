"""From a program to what each of its definitions reads, by itself or through others, in the words that changes use."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from graphlib import TopologicalSorter

import attrs

from optam_rules.analysis.compare.change import Change, What
from optam_rules.analysis.compare.definitions import spoken
from optam_rules.core.identity import definitions_read
from optam_rules.core.ir import HypothesisRead, Lookup, ParameterRead
from optam_rules.core.program import Definition, Program
from optam_rules.core.walk import subexpressions

_Key = tuple[str, str]
_Subject = tuple[What, str]
_OF_DEFINITIONS = frozenset({What.VERSION, What.ROW, What.EXCEPTION, What.UNDERCUT})


@attrs.frozen(slots=False)
class Reach:
    """What definitions read, as subjects of changes."""

    program: Program

    def touches(self, key: _Key, change: Change) -> bool:
        """Tell whether a change is about something that a definition reads, or about itself."""
        return not self._reached.get(key, frozenset()).isdisjoint(_subjects(change))

    @cached_property
    def _reached(self) -> Mapping[_Key, frozenset[_Subject]]:
        read = {key: definitions_read(definition) for key, definition in self.program.definitions.items()}
        found: dict[_Key, frozenset[_Subject]] = {}
        for key in TopologicalSorter(read).static_order():
            definition = self.program.definitions.get(key)
            own = self._own(definition) if definition is not None else frozenset()
            found[key] = own.union(*(found[other] for other in read.get(key, ())))
        return found

    def _own(self, definition: Definition) -> frozenset[_Subject]:
        subjects = {(What.DEFINITION, spoken(self.program, definition))}
        for part in (part for expr in definition.expressions() for part in subexpressions(expr)):
            match part:
                case ParameterRead():
                    subjects.add((What.PARAMETER, part.name))
                case HypothesisRead():
                    subjects.add((What.HYPOTHESIS, part.name))
                case Lookup():
                    subjects.add((What.REFERENCE, part.table))
        return frozenset(subjects)


def _subjects(change: Change) -> frozenset[_Subject]:
    """Return what a change is about: what owns it, or itself under both its names."""
    if change.what in _OF_DEFINITIONS and change.owner is not None:
        return frozenset({(What.DEFINITION, change.owner)})
    if change.what is What.VALUE and change.owner is not None:
        return frozenset({(What.PARAMETER, change.owner)})
    return frozenset({(change.what, change.name), (change.what, change.old_name)})
