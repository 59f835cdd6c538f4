"""From the files of a pack and of its parents to one core program, or to every diagnostic of all of them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import attrs

from optam_rules.base.calendar import Interval
from optam_rules.base.diagnostics import Diagnostic
from optam_rules.base.phrases import Phrase
from optam_rules.core.canonical import same_law
from optam_rules.core.program import Program
from optam_rules.elaborate.completeness import Completeness
from optam_rules.elaborate.consolidation import Consolidated, Stage, consolidate
from optam_rules.elaborate.dates import check_coverage, check_units
from optam_rules.elaborate.examples import lower_tests
from optam_rules.elaborate.faults import Faults
from optam_rules.elaborate.items import Items, gather
from optam_rules.elaborate.lower import (
    Lowering,
    lower_definitions,
    lower_parameters,
    lower_properties,
    lower_references,
    lower_units,
)
from optam_rules.elaborate.names import collect_names
from optam_rules.elaborate.priority import find_priorities
from optam_rules.elaborate.recursion import check_recursion
from optam_rules.elaborate.unused import warn_of_unused
from optam_rules.elaborate.vocabulary import lower_entities, lower_enumerations, lower_hypotheses
from optam_rules.syntax.abstract import ConventionHeader, FileSyntax


@attrs.frozen
class PackInfo:
    """What the manifest says of a pack; `interval` holds the days on which it is in force."""

    id: str
    title: str
    version: str
    digest: str
    verified: dt.date | None
    interval: Interval


def elaborate(
    info: PackInfo, own: Sequence[FileSyntax], inherited: Sequence[FileSyntax] = (), *, known_on: dt.date | None = None
) -> tuple[Program | None, list[Diagnostic]]:
    """Elaborate a pack on top of its parents' files, amendments worked in; the program is `None` where there is an error.

    `known_on` leaves out what was published later. Diagnostics come sorted by file and place; the parents' warnings are theirs, told
    where they are elaborated themselves. Names that unreadable pieces declare (`FileSyntax.broken`) are not complained about.
    """
    faults = Faults()
    law = consolidate(own, inherited, faults, known_on=known_on)
    program = _program(info, own, law, faults)
    for header in law.unsure if program is not None and known_on is None else ():
        stages = (consolidate(own, inherited, Faults(), stage=Stage(header, applied)) for applied in (False, True))
        before, after = (_program(info, own, staged, Faults()) for staged in stages)
        if before is not None and after is not None and same_law(before, after):
            faults.tell("E233", header.position, reason=_SAME_MEANING)
    return None if faults.any_error else program, _sorted(faults, own)


_SAME_MEANING = Phrase("ce qu'il écrit a le sens de ce qui l'était", "what it writes means what was already written")
_TITLE, _VERSION = Phrase("titre", "the title"), Phrase("version", "the version")


def _program(info: PackInfo, own: Sequence[FileSyntax], law: Consolidated, faults: Faults) -> Program | None:
    items = Items()
    sources = frozenset(id(file.source) for file in own)
    gather([*law.inherited, *law.own], items, faults, own=sources)
    _check_headers(info, own, faults)
    check_units(items, faults)
    names = collect_names(items, faults, law.folders)
    if names.main is None and not items.broken and any(isinstance(file.header, ConventionHeader) for file in own):
        faults.tell("E211", own[0].header.position if own[0].header is not None else None)
    entities = lower_entities(names, items)
    enumerations = lower_enumerations(names, items)
    hypotheses = lower_hypotheses(names, items)
    parameters = lower_parameters(names)
    references, reference_days = lower_references(names, items)
    priorities = find_priorities(names, items)
    optional = frozenset((spec.name, field.name) for spec in entities.values() for field in spec.fields.values() if field.optional)
    work = Lowering(names, items, priorities, Completeness(faults, names.domains, optional), info.interval)
    definitions = lower_definitions(work)
    properties = lower_properties(work)
    articles = lower_units(items, faults)
    if law.folders:  # the tests of what is amended tell the law as it was
        items.tests = [placed for placed in items.tests if placed.own]
    tests = lower_tests(names, items, entities)
    check_recursion(definitions, names.main, faults)
    check_coverage(work.readers, parameters, reference_days, faults)
    if faults.any_error:
        return None
    if not items.broken:
        warn_of_unused(names, items)
    return Program(
        info.id,
        info.title,
        info.version,
        info.digest,
        entities,
        enumerations,
        parameters,
        references,
        hypotheses,
        definitions,
        articles,
        tests,
        properties,
        info.verified,
        info.interval,
    )


def _check_headers(info: PackInfo, own: Sequence[FileSyntax], faults: Faults) -> None:
    """Tell a file whose header says another title or version than the manifest."""
    for file in own:
        if isinstance(file.header, ConventionHeader):
            for what, found, wanted in ((_TITLE, file.header.title, info.title), (_VERSION, file.header.version, info.version)):
                if found != wanted:
                    faults.tell("E214", file.header.position, what=what, found=found, wanted=wanted)


def _sorted(faults: Faults, own: Sequence[FileSyntax]) -> list[Diagnostic]:
    mine = {id(file.source) for file in own}
    told = [d for d in faults.found if d.severity == "error" or d.position is None or id(d.position.source) in mine]
    return sorted(told, key=_place)


def _place(diagnostic: Diagnostic) -> tuple[str, int, int, str]:
    position = diagnostic.position
    return (position.file, position.start, position.end, diagnostic.code) if position is not None else ("", 0, 0, diagnostic.code)
