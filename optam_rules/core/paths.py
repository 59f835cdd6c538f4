"""From a record met on the way to its path from the judged record, as needs and traces print it (`groupe.membres[identifiant=B]`)."""

from __future__ import annotations

from typing import cast

from optam_rules.core.ir import Constant
from optam_rules.core.program import Program
from optam_rules.core.record import Absent, Record
from optam_rules.core.values import plain_text
from optam_rules.core.vocabulary import Vocabulary, entity_of


class Paths:
    """The paths of the records met; the first way to a record names it."""

    def __init__(self, program: Program, root: Record) -> None:
        self._program = program
        self._found: dict[int, str] = {id(root): ""}

    def of(self, record: Record, name: str) -> str:
        """Return the path of a datum or a definition of a record met before."""
        prefix = self._found[id(record)]
        return f"{prefix}.{name}" if prefix else name

    def meet(self, record: Record, path: str) -> None:
        """Name a record that stands at `path`."""
        self._found.setdefault(id(record), path)

    def meet_all(self, elements: tuple[Record, ...], path: str) -> None:
        """Name the elements of a list by their first datum where it is known, else by their place."""
        for index, element in enumerate(elements):
            if id(element) not in self._found:
                spec = next(iter(self._program.entities[element.entity].fields.values()))
                key = element.get(spec.name)
                label = str(index) if isinstance(key, Absent | Record) else f"{spec.name}={plain_text(cast('Constant', key), spec.type)}"
                self._found[id(element)] = f"{path}[{label}]"


def each_met_once(record: Record) -> bool:
    """Tell whether no record stands in two places of another, so that each has one path whatever is looked at first."""
    met = {id(record)}
    waiting = [record]
    while waiting:
        for held in waiting.pop().values.values():
            found = held if isinstance(held, tuple) else (held,)
            for each in found:
                if not isinstance(each, Record):
                    break  # a list holds records alone, or none
                if id(each) in met:
                    return False
                met.add(id(each))
                waiting.append(each)
    return True


def one_way_to_each(program: Program) -> bool:
    """Tell whether a record has the same path whichever answer is looked at first.

    So it is where no two data lead to the records of one entity that their identifiant may name, and only the judged record, or the
    whole that lists it, names them.
    """
    vocabulary = Vocabulary.of(program)
    main = program.main.name
    ways: dict[str, list[tuple[str, str]]] = {}
    for spec in program.entities.values():
        for field in spec.fields.values():
            entity = entity_of(field.type)
            if entity is not None and vocabulary.identified_by_text(entity):
                ways.setdefault(entity, []).append((spec.name, field.name))
    return all(
        len(found) == 1 and (found[0] in vocabulary.by_items if entity == main else found[0][0] == main) for entity, found in ways.items()
    )
