"""From two programs to what was written anew between them: what was added, removed, changed or renamed, with its place in both.

Items are matched by name; those left over with one and the same meaning are one item renamed. What a change does to the answers is not
looked at here.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from typing import TypeVar

import attrs

from optam_rules.analysis.compare.change import Aspect, Change, How, What, aspects, excerpt, origin_aspects
from optam_rules.analysis.compare.definitions import definition_changes, one_sided, two_sided, whole
from optam_rules.analysis.compare.pair import pair
from optam_rules.base.calendar import ALWAYS, Interval
from optam_rules.core.canonical import joined_articles, joined_definition, joined_parameter
from optam_rules.core.identity import Meanings, form, value_text
from optam_rules.core.program import (
    ArticleText,
    DatedValue,
    EntitySpec,
    EnumSpec,
    FieldSpec,
    Parameter,
    Program,
    Property,
    Provenance,
    TestCase,
)
from optam_rules.elaborate.show import show

_Key = tuple[str, str]
_Item = TypeVar("_Item")


@attrs.frozen
class Alignment:
    """What was written anew, and which definition became which, as (entity, name)."""

    changes: tuple[Change, ...]
    definitions: Mapping[_Key, _Key]


def align(old: Program, new: Program) -> Alignment:
    """Compare the texts of two programs, however amendments cut them. Where each was cut to one day by `on_day`, so are the changes."""
    old, new = _joined(old), _joined(new)
    old_meanings, new_meanings = Meanings(old).of, Meanings(new).of
    pairs = pair(old.definitions, new.definitions, lambda key, _: (old_meanings if key in old.definitions else new_meanings)[key])
    changes = [
        *_articles(old, new),
        *(whole(How.REMOVED, old, old.definitions[key]) for key in pairs.removed),
        *(whole(How.ADDED, new, new.definitions[key]) for key in pairs.added),
        *(
            change
            for before, after in pairs.both
            for change in definition_changes((old, new), old.definitions[before], new.definitions[after])
        ),
        *_parameters(old, new),
        *_hypotheses(old, new),
        *_references(old, new),
        *_vocabulary(old, new),
        *_properties(old, new),
        *_tests(old, new),
    ]
    return Alignment(tuple(changes), dict(pairs.both))


def _joined(program: Program) -> Program:
    return attrs.evolve(
        program,
        definitions={key: joined_definition(definition) for key, definition in program.definitions.items()},
        parameters={name: joined_parameter(parameter) for name, parameter in program.parameters.items()},
        articles=joined_articles(program.articles),
    )


def on_day(program: Program, day: dt.date) -> Program:
    """Return the program with what is in force on one day only, without its dates: what to compare two days by."""
    definitions = {}
    for key, definition in program.definitions.items():
        versions = tuple(attrs.evolve(version, interval=ALWAYS) for version in definition.versions if day in version.interval)
        if versions:
            definitions[key] = attrs.evolve(
                definition,
                versions=versions,
                exceptions=tuple(attrs.evolve(clause, interval=ALWAYS) for clause in definition.exceptions if day in clause.interval),
                undercuts=tuple(attrs.evolve(cut, interval=ALWAYS) for cut in definition.undercuts if day in cut.interval),
            )
    parameters = {
        name: attrs.evolve(parameter, values=(DatedValue(ALWAYS, value, parameter.origin_at(day)),))
        for name, parameter in program.parameters.items()
        if (value := parameter.at(day)) is not None
    }
    return attrs.evolve(
        program,
        definitions=definitions,
        parameters=parameters,
        articles=tuple(attrs.evolve(unit, interval=ALWAYS) for unit in program.articles if day in unit.interval),
        properties=tuple(attrs.evolve(each, interval=ALWAYS) for each in program.properties if day in each.interval),
    )


def _each(
    what: What,
    old: Mapping[str, _Item],
    new: Mapping[str, _Item],
    *,
    shape: Callable[[str, _Item], object],
    origin: Callable[[_Item], Provenance],
    differs: Callable[[_Item, _Item], tuple[Aspect, ...]],
) -> Iterator[Change]:
    """Yield the changes of named things: renamed ones have one shape."""
    pairs = pair(old, new, shape)
    for before, after in pairs.both:
        told = differs(old[before], new[after])
        if told or before != after:
            yield two_sided(what, (before, after), None, (origin(old[before]), origin(new[after])), told)
    for name in pairs.removed:
        text = Aspect("texte", excerpt(origin(old[name]).position), None)
        yield one_sided(what, How.REMOVED, name, None, origin(old[name]), (text,))
    for name in pairs.added:
        text = Aspect("texte", None, excerpt(origin(new[name]).position))
        yield one_sided(what, How.ADDED, name, None, origin(new[name]), (text,))


def _articles(old: Program, new: Program) -> Iterator[Change]:
    """Compare units of law: one number may have several versions, in order of time."""

    def units(program: Program) -> dict[str, ArticleText]:
        found: dict[str, ArticleText] = {}
        for unit in sorted(program.articles, key=lambda unit: unit.interval.start or dt.date.min):
            name = unit.number if unit.kind != "article" else f"article {unit.number}"
            rank = sum(other.number == unit.number for other in found.values())
            found[f"{name} ({unit.interval})" if rank else name] = unit
        return found

    def differs(before: ArticleText, after: ArticleText) -> tuple[Aspect, ...]:
        told = aspects(
            [
                ("titre", before.title, after.title),
                ("dates", before.interval, after.interval),
                ("texte", before.text, after.text),
            ]
        )
        return (*told, *(each for each in origin_aspects(before.provenance, after.provenance) if each.name != "article"))

    for change in _each(
        What.ARTICLE,
        units(old),
        units(new),
        shape=lambda _, unit: (unit.kind, unit.title, unit.text, unit.interval),
        origin=lambda unit: unit.provenance,
        differs=differs,
    ):
        # The place of a unit is its whole body, which its definitions tell better.
        one = change.how in (How.ADDED, How.REMOVED)
        yield attrs.evolve(change, aspects=()) if one else change


def _parameters(old: Program, new: Program) -> Iterator[Change]:
    def shape(_: str, parameter: Parameter) -> object:
        return parameter.type, tuple((dated.interval, value_text(dated.value)) for dated in parameter.values)

    pairs = pair(old.parameters, new.parameters, shape)
    for before, after in pairs.both:
        first, last = old.parameters[before], new.parameters[after]
        told = (
            *aspects([("type", first.type, last.type), ("libellé", first.label, last.label)]),
            *origin_aspects(first.provenance, last.provenance),
        )
        if told or before != after:
            yield two_sided(What.PARAMETER, (before, after), None, (first.provenance, last.provenance), told)
        yield from _values(after, first, last)
    for how, names, program in ((How.REMOVED, pairs.removed, old), (How.ADDED, pairs.added, new)):
        for name in names:
            parameter = program.parameters[name]
            words = " ; ".join(_dated(parameter, dated) for dated in parameter.values)
            told = (Aspect("valeur", words, None) if how is How.REMOVED else Aspect("valeur", None, words),)
            yield one_sided(What.PARAMETER, how, name, None, parameter.provenance, told)


def _values(owner: str, old: Parameter, new: Parameter) -> Iterator[Change]:
    """Compare a parameter value by value: those that begin on one day, then those of one value."""
    before, after = list(old.values), list(new.values)
    matched: list[tuple[DatedValue, DatedValue]] = []
    for alike in (_same_start, _same_value):
        for first in list(before):
            last = next((dated for dated in after if alike(first, dated)), None)
            if last is not None:
                matched.append((first, last))
                before.remove(first)
                after.remove(last)
    for first, last in matched:
        origins = first.provenance or old.provenance, last.provenance or new.provenance
        told = aspects(
            [
                ("valeur", show(first.value, old.type), show(last.value, new.type)),
                ("dates", first.interval, last.interval),
            ]
        )
        if told:
            yield two_sided(What.VALUE, (_since(owner, last.interval), _since(owner, last.interval)), owner, origins, told)
    for dated in before:
        words = Aspect("valeur", _dated(old, dated), None)
        yield one_sided(What.VALUE, How.REMOVED, _since(owner, dated.interval), owner, dated.provenance or old.provenance, (words,))
    for dated in after:
        words = Aspect("valeur", None, _dated(new, dated))
        yield one_sided(What.VALUE, How.ADDED, _since(owner, dated.interval), owner, dated.provenance or new.provenance, (words,))


def _same_start(before: DatedValue, after: DatedValue) -> bool:
    return before.interval.start == after.interval.start


def _same_value(before: DatedValue, after: DatedValue) -> bool:
    return before.value == after.value


def _since(owner: str, interval: Interval) -> str:
    return f"{owner}, depuis le {interval.start}" if interval.start else owner


def _dated(parameter: Parameter, dated: DatedValue) -> str:
    days = "" if dated.interval == ALWAYS else f" {dated.interval}"
    return f"{show(dated.value, parameter.type)}{days}"


def _hypotheses(old: Program, new: Program) -> Iterator[Change]:
    return _each(
        What.HYPOTHESIS,
        old.hypotheses,
        new.hypotheses,
        shape=lambda _, question: (question.readings, question.text),
        origin=lambda question: question.provenance,
        differs=lambda before, after: (
            *aspects([("lectures", " | ".join(before.readings), " | ".join(after.readings)), ("question", before.text, after.text)]),
            *origin_aspects(before.provenance, after.provenance),
        ),
    )


def _references(old: Program, new: Program) -> Iterator[Change]:
    return _each(
        What.REFERENCE,
        old.references,
        new.references,
        shape=lambda _, table: (table.keys, table.type, table.label),
        origin=lambda table: table.provenance,
        differs=lambda before, after: (
            *aspects(
                [
                    ("clés", _keys(before.keys), _keys(after.keys)),
                    ("type", before.type, after.type),
                    ("libellé", before.label, after.label),
                ]
            ),
            *origin_aspects(before.provenance, after.provenance),
        ),
    )


def _keys(keys: tuple[tuple[str, object], ...]) -> str:
    return " ; ".join(f"{name} : {type_}" for name, type_ in keys)


def _vocabulary(old: Program, new: Program) -> Iterator[Change]:
    entities = pair(old.entities, new.entities)
    for name in entities.removed:
        yield Change(What.ENTITY, How.REMOVED, name, name)
    for name in entities.added:
        yield Change(What.ENTITY, How.ADDED, name, name)
    for name, _ in entities.both:
        yield from _entity(old.entities[name], new.entities[name])
    enumerations = pair(old.enumerations, new.enumerations, lambda _, spec: tuple(spec.values.items()))
    for name in enumerations.removed:
        yield Change(What.ENUMERATION, How.REMOVED, name, name)
    for name in enumerations.added:
        yield Change(What.ENUMERATION, How.ADDED, name, name)
    for before, after in enumerations.both:
        yield from _enumeration(old.enumerations[before], new.enumerations[after])


def _entity(old: EntitySpec, new: EntitySpec) -> Iterator[Change]:
    told = aspects([("libellé", old.label, new.label), ("principale", old.main, new.main)])
    if told:
        yield Change(What.ENTITY, How.CHANGED, new.name, old.name, aspects=told)
    pairs = pair(old.fields, new.fields, lambda _, field: (field.type, field.label, field.low, field.high, field.optional))
    for before, after in pairs.both:
        first, last = old.fields[before], new.fields[after]
        differences = aspects([("déclaration", _declared(first), _declared(last)), ("libellé", first.label, last.label)])
        if differences or before != after:
            how = How.CHANGED if before == after else How.RENAMED
            yield Change(What.FIELD, how, after, before, new.name, differences, first.position, last.position)
    for name in pairs.removed:
        field = old.fields[name]
        yield Change(What.FIELD, How.REMOVED, name, name, old.name, (Aspect("déclaration", _declared(field), None),), old=field.position)
    for name in pairs.added:
        field = new.fields[name]
        yield Change(What.FIELD, How.ADDED, name, name, new.name, (Aspect("déclaration", None, _declared(field)),), new=field.position)


def _declared(field: FieldSpec) -> str:
    bounds = (
        f" entre {show(field.low, field.type)} et {show(field.high, field.type)}"
        if field.low is not None and field.high is not None
        else ""
    )
    return f"{field.type}{bounds}{' facultative' if field.optional else ''}"


def _enumeration(old: EnumSpec, new: EnumSpec) -> Iterator[Change]:
    if old.name != new.name:
        yield Change(What.ENUMERATION, How.RENAMED, new.name, old.name)
    for name in dict.fromkeys([*old.values, *new.values]):
        before, after = old.values.get(name), new.values.get(name)
        if name not in new.values:
            yield Change(What.OPTION, How.REMOVED, name, name, new.name, aspects([("libellé", before, None)]))
        elif name not in old.values:
            yield Change(What.OPTION, How.ADDED, name, name, new.name, aspects([("libellé", None, after)]))
        elif before != after:
            yield Change(What.OPTION, How.CHANGED, name, name, new.name, aspects([("libellé", before, after)]))


def _properties(old: Program, new: Program) -> Iterator[Change]:
    def differs(before: Property, after: Property) -> tuple[Aspect, ...]:
        same = form(before.condition) == form(after.condition)
        text = () if same else (Aspect("texte", excerpt(before.provenance.position), excerpt(after.provenance.position)),)
        told = aspects([("entité", before.entity, after.entity), ("dates", before.interval, after.interval)])
        return (*told, *text, *origin_aspects(before.provenance, after.provenance))

    return _each(
        What.PROPERTY,
        {each.title: each for each in old.properties},
        {each.title: each for each in new.properties},
        shape=lambda _, each: (each.entity, each.interval, form(each.condition)),
        origin=lambda each: each.provenance,
        differs=differs,
    )


def _tests(old: Program, new: Program) -> Iterator[Change]:
    def content(test: TestCase) -> object:
        expected = [(each.path, each.status, repr(each.value)) for each in test.expected]
        return test.on, dict(test.assume), repr(test.record), repr(test.references), expected

    def differs(before: TestCase, after: TestCase) -> tuple[Aspect, ...]:
        same = content(before) == content(after)
        text = () if same else (Aspect("texte", excerpt(before.provenance.position), excerpt(after.provenance.position)),)
        return (*text, *(each for each in origin_aspects(before.provenance, after.provenance) if each.name == "article"))

    return _each(
        What.TEST,
        {each.title: each for each in old.tests},
        {each.title: each for each in new.tests},
        shape=lambda _, each: repr(content(each)),
        origin=lambda each: each.provenance,
        differs=differs,
    )
