"""From a case and the answers that it gives to a `test` of the language, that a person may paste into a pack."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, cast

import attrs

from optam_rules.core.case import Case
from optam_rules.core.judgement import Outcome, Status
from optam_rules.core.program import EntitySpec, Program
from optam_rules.core.schema import read_value
from optam_rules.core.types import EntityType, ListType, Type
from optam_rules.elaborate.show import show

_STATUSES = {
    Status.UNKNOWN: "inconnu",
    Status.NOT_APPLICABLE: "sans objet",
    Status.CONFLICT: "conflit",
    Status.ERROR: "erreur",
}
_WIDTH = 120
_ABSENT = "sans_objet"


def write_test(program: Program, title: str, case: Case, expected: Mapping[str, Outcome]) -> str:
    """Write a case as a test that expects answers, by path, to come out as they did."""
    writer = _Writer(program)
    head = f'test "{title}" au {case.on}'
    if case.readings:
        head += "\n  en supposant " + " ; ".join(f"{name} = {reading}" for name, reading in case.readings.items())
    given = [*writer.fields(program.main, case.record, 2), *writer.rows(case)]
    lines = [head]
    if given:
        lines += ["  sachant", " ;\n".join(f"    {part}" for part in given)]
    outcomes = " ; ".join(f"{path} = {_outcome(outcome)}" for path, outcome in expected.items())
    return "\n".join([*lines, f"  attendu {outcomes}"])


def _outcome(outcome: Outcome) -> str:
    if outcome.status is Status.KNOWN and outcome.value is not None:
        return show(outcome.value, outcome.type)
    return _STATUSES[outcome.status]


@attrs.frozen
class _Writer:
    program: Program

    def fields(self, spec: EntitySpec, raw: Mapping[str, Any], depth: int) -> Iterator[str]:
        """Yield `name = value` for each datum that is given."""
        for name, value in raw.items():
            if value is not None:
                yield f"{name} = {self._value(spec.fields[name].type, value, depth)}"

    def rows(self, case: Case) -> Iterator[str]:
        """Yield `table[key ; key] = value` for each row of a reference table."""
        for name, rows in case.references.items():
            table = self.program.references[name]
            for keys, value in rows.items():
                words = [self._value(type_, key, 0) for (_, type_), key in zip(table.keys, keys, strict=True)]
                yield f"{name}[{' ; '.join(words)}] = {self._value(table.type, value, 0)}"

    def _value(self, type_: Type, raw: Any, depth: int) -> str:
        if raw == _ABSENT:
            return "sans objet"
        match type_:
            case EntityType(name) if isinstance(raw, Mapping):
                parts = list(self.fields(self.program.entities[name], raw, depth + 1))
                return _wrapped(f"{name}(", parts, ")", depth)
            case EntityType():
                return f'"{raw}"'
            case ListType(EntityType() as item):
                return _wrapped("{", [self._value(item, part, depth + 1) for part in cast("Sequence[Any]", raw)], "}", depth)
            case _:
                return show(read_value(self.program, raw, type_), type_)


def _wrapped(opening: str, parts: Sequence[str], closing: str, depth: int) -> str:
    """Write parts on one line where they fit, else one a line."""
    inner = " " if opening == "{" else ""
    line = f"{opening}{inner}{' ; '.join(parts)}{inner}{closing}" if parts else f"{opening} {closing}"
    if len(line) + 2 * depth <= _WIDTH and "\n" not in line:
        return line
    pad = "  " * (depth + 1)
    separator = f" ;\n{pad}"
    return f"{opening}\n{pad}{separator.join(parts)}\n{'  ' * depth}{closing}"
