"""From the names that something used to warnings about those of the pack itself that nothing does."""

from __future__ import annotations

from optam_rules.elaborate.faults import word_at
from optam_rules.elaborate.items import Items
from optam_rules.elaborate.names import Kind, Names


def warn_of_unused(names: Names, items: Items) -> None:
    """Warn of own parameters, definitions, reference tables and hypotheses without use, and of values never mentioned.

    A vocabulary, that is a pack without rules of its own, declares data and values for others: its values are left alone.
    """
    faults = names.faults
    told: set[str] = set()
    for kind, code, placed_items in (
        (Kind.PARAMETER, "W201", items.parameters),
        (Kind.REFERENCE, "W204", items.references),
        (Kind.HYPOTHESIS, "W205", items.hypotheses),
    ):
        for placed in placed_items:
            name = placed.item.name
            if placed.own and (kind.value, name) not in names.used and name not in told:
                told.add(name)
                faults.tell(code, word_at(placed.item.position, name), name=name)
    for key, versions in names.definers.items():
        if all(version.own for version in versions) and key not in names.used:
            faults.tell("W202", word_at(versions[0].item.position, key[1]), name=key[1])
    if any(placed.own for placed in items.definers):
        for enumeration in items.enumerations:
            home = enumeration.item.name
            for value in enumeration.item.values if enumeration.own else ():
                if (home, value.name) not in names.used:
                    faults.tell("W203", word_at(value.position, value.name), name=value.name, enumeration=home)
