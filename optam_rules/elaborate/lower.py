"""From declarations to the definitions, parameters, tables and properties of a program, each with its days and where it comes from."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence
from functools import lru_cache

import attrs

from optam_rules.base.calendar import Interval
from optam_rules.base.phrases import Phrase
from optam_rules.base.source import Position
from optam_rules.core.compute import Failure
from optam_rules.core.ir import Constant, Expr
from optam_rules.core.program import (
    ArticleText,
    DatedValue,
    Definition,
    ExceptionClause,
    Parameter,
    Pending,
    Property,
    Provenance,
    ReferenceTable,
    Undercut,
    Version,
)
from optam_rules.core.types import Scalar, Type
from optam_rules.elaborate.bodies import lower_body, lower_table, standing_of, whole_cents
from optam_rules.elaborate.check import constant_context, formula_context
from optam_rules.elaborate.completeness import Completeness
from optam_rules.elaborate.constants import constant
from optam_rules.elaborate.dates import Dated, Reader, days, interval_of, tell_clashes, value_intervals
from optam_rules.elaborate.faults import Faults, snippet, word_at
from optam_rules.elaborate.items import Definer, Items, Placed, Unit, unit_name
from optam_rules.elaborate.names import OTHER_VERSION, Kind, Names, resolve_entity
from optam_rules.elaborate.priority import NOT_AN_EXCEPTION, Priorities, Rule
from optam_rules.elaborate.vocabulary import lower_bounds
from optam_rules.syntax.abstract import (
    Clauses,
    ExceptionDecl,
    Expression,
    History,
    ParameterDecl,
    PropertyDecl,
    ReferenceDecl,
    RuleDecl,
    StandingWord,
    UndercutDecl,
)


@attrs.frozen
class Lowering:
    """What lowering needs, and the days the pack itself is in force: no definition goes beyond them."""

    names: Names
    items: Items
    priorities: Priorities
    search: Completeness
    pack: Interval
    # Whatever reads parameters, with the days on which it does; filled while lowering.
    readers: list[Reader] = attrs.field(factory=list)

    @property
    def faults(self) -> Faults:
        """Where diagnostics go."""
        return self.names.faults


def provenance(clauses: Clauses, unit: Unit | None, position: Position, faults: Faults) -> Provenance:
    """Return where a clause comes from: its own standing, else its unit's; its citations are looked up in the unit's words."""
    heading = unit.heading if unit is not None else None
    standing = clauses.standing or (heading.clauses.standing if heading is not None else None)
    reason = standing.text if standing is not None else None
    hypothesis = standing is not None and standing.word is StandingWord.HYPOTHESIS
    for citation in clauses.citations:
        if unit is None or unit.text is None:
            faults.tell("E213", citation.position, unit=unit_name(unit))
        elif _squeezed(citation.fragment) not in _squeezed(unit.text.text):
            related = [(unit.text.position, Phrase("le texte", "the text"))]
            faults.tell("E212", citation.position, fragment=citation.fragment, unit=unit_name(unit), related=related)
    return Provenance(
        heading.number if heading is not None else None,
        position,
        standing_of(standing),
        None if hypothesis else reason,
        reason if hypothesis else None,
        heading.reference if heading is not None else None,
        tuple(citation.fragment for citation in clauses.citations),
        *_history(clauses, unit),
    )


def _history(clauses: Clauses, unit: Unit | None) -> tuple[str | None, dt.date | None, tuple[Pending, ...]]:
    """Return what amended a clause, when that was published and what is not yet: its own, and its unit's where that says something."""
    whole = unit.heading.clauses if unit is not None else Clauses()
    own, outer = clauses.history or History(), whole.history or History()
    published = own.published or clauses.published or outer.published or whole.published
    later = dict.fromkeys((*own.pending, *outer.pending))
    return own.amendment, published, tuple(Pending(each.since, each.published, each.by) for each in later)


@lru_cache(maxsize=256)
def _squeezed(text: str) -> str:
    return " ".join(text.split())


def lower_units(items: Items, faults: Faults) -> tuple[ArticleText, ...]:
    """Return the units of law as written."""
    return tuple(
        ArticleText(
            unit.heading.number,
            unit.heading.kind.value,
            unit.heading.title,
            unit.interval,
            unit.text.text if unit.text is not None else None,
            provenance(unit.heading.clauses, unit, unit.heading.position, faults),
        )
        for unit, _ in items.units
    )


# --- parameters and reference tables -------------------------------------------------------------------------------------------


def lower_parameters(names: Names) -> dict[str, Parameter]:
    """Return the parameters; several declarations of one, on different days, are one parameter."""
    found: dict[str, Parameter] = {}
    for name, versions in names.parameters.items():
        meaning = names.shared[name]
        values = [pair for version in versions for pair in _parameter_values(names, version, meaning.type)]
        tell_clashes(name, [dated for dated, _, _ in values], names.faults)
        if meaning.type is not None:
            dated = sorted(
                (DatedValue(place.interval, value, origin) for place, value, origin in values if value is not None),
                key=lambda each: _first_day(each.interval),
            )
            label = next((v.item.clauses.label for v in versions if v.item.clauses.label), "")
            origin = provenance(versions[0].item.clauses, versions[0].unit, versions[0].item.position, Faults())
            found[name] = Parameter(name, meaning.type, tuple(dated), origin, label)
    return found


def _parameter_values(names: Names, placed: Placed[ParameterDecl], type_: Type | None) -> list[tuple[Dated, Constant | None, Provenance]]:
    declaration, faults = placed.item, names.faults
    ctx = constant_context(names)
    whole = interval_of(declaration.clauses, placed.unit, faults)
    intervals = value_intervals(declaration.values, whole, declaration.name, faults)
    values: list[Constant | None] = []
    for dated in declaration.values:
        expr = ctx.expect(dated.value, type_)
        values.append(constant_value(names, expr, dated.value))
        if expr is not None and values[-1] is not None:
            whole_cents(attrs.evolve(ctx, label=declaration.name), expr)
    places = [Dated(interval, value.position) for interval, value in zip(intervals, declaration.values, strict=False)]
    origin = provenance(declaration.clauses, placed.unit, declaration.position, faults)
    origins = [attrs.evolve(origin, published=value.published or origin.published) for value in declaration.values]
    return list(zip(places, values, origins, strict=False))


def constant_value(names: Names, expr: Expr | None, written: Expression) -> Constant | None:
    """Return the value of an expression where only constants may stand; `None` where it has none, which is told."""
    if expr is None:
        return None
    value = constant(expr)
    if value is None or isinstance(value, Failure):
        names.faults.tell("E319", written.position, text=snippet(written.position))
        return None
    return value


def lower_references(names: Names, items: Items) -> tuple[dict[str, ReferenceTable], dict[str, Interval]]:
    """Return the reference tables, and the days on which each may be read."""
    tables: dict[str, ReferenceTable] = {}
    readable: dict[str, Interval] = {}
    for placed in items.references:
        declaration: ReferenceDecl = placed.item
        meaning = names.shared[declaration.name]
        keys = names.keys.get(declaration.name, ())
        origin = provenance(declaration.clauses, placed.unit, declaration.position, names.faults)
        interval = interval_of(declaration.clauses, placed.unit, names.faults)
        if not names.stands(Kind.REFERENCE, declaration.name, declaration.position) or meaning.type is None:
            continue
        typed = tuple((key, type_) for key, type_ in keys if type_ is not None)
        if len(typed) == len(keys):
            bounds = lower_bounds(names, declaration, meaning.type)
            label = declaration.clauses.label or ""
            tables[declaration.name] = ReferenceTable(declaration.name, typed, meaning.type, origin, label, *bounds)
            readable[declaration.name] = interval
    return tables, readable


# --- definitions ---------------------------------------------------------------------------------------------------------------


def lower_definitions(work: Lowering) -> dict[Rule, Definition]:
    """Return the definitions with their exceptions; what is faulty in one is told and left out."""
    exceptions: dict[Rule, list[Placed[ExceptionDecl]]] = defaultdict(list)
    for placed in work.items.exceptions:
        if placed.item.name in work.priorities.rules:
            exceptions[work.priorities.rules[placed.item.name]].append(placed)
    undercuts: dict[Rule, list[Placed[UndercutDecl]]] = defaultdict(list)
    for undercut in work.items.undercuts:
        rule = _rule_of_target(work, undercut.item)
        if rule is not None:
            undercuts[rule].append(undercut)
    return {
        rule: _definition(work, rule, placed, exceptions.get(rule, []), undercuts.get(rule, []))
        for rule, placed in work.names.definers.items()
    }


def _rule_of_target(work: Lowering, undercut: UndercutDecl) -> Rule | None:
    target, priorities, names = undercut.target, work.priorities, work.names
    if target not in priorities.exceptions and target not in names.broken:
        hint = names.faults.meant(target, priorities.exceptions)
        if target in names.owners:
            form = f"`exception … de {target}`"
            hint = Phrase(
                f"une règle ne se neutralise pas : écrivez une exception, {form}", f"a rule is not disapplied: write an exception, {form}"
            )
        names.faults.tell("E220", word_at(undercut.position, target), name=target, wanted=NOT_AN_EXCEPTION, hint=hint)
    return priorities.rules.get(target)


def _definition(
    work: Lowering,
    rule: Rule,
    versions: Sequence[Placed[Definer]],
    exceptions: Sequence[Placed[ExceptionDecl]],
    undercuts: Sequence[Placed[UndercutDecl]],
) -> Definition:
    entity, name = rule
    meaning = work.names.members[entity][name]
    intervals = [interval_of(version.item.clauses, version.unit, work.faults) for version in versions]
    places = [word_at(version.item.position, name) for version in versions]
    tell_clashes(name, [Dated(interval, place) for interval, place in zip(intervals, places, strict=True)], work.faults)
    if len({version.item.clauses.cumulative for version in versions}) > 1:
        odd = next(version for version in versions if version.item.clauses.cumulative != versions[0].item.clauses.cumulative)
        work.faults.tell("E228", word_at(odd.item.position, name), name=name, related=[(places[0], OTHER_VERSION)])
    bases = [_version(work, rule, v, i) for v, i in zip(versions, intervals, strict=True)]
    clauses = [_exception(work, rule, placed, intervals) for placed in exceptions]
    cuts = [_undercut(work, rule, placed) for placed in undercuts]
    return Definition(
        name,
        entity,
        meaning.type or Scalar.BOOLEAN,  # where it is unknown, something was told and no program comes out
        next((v.item.clauses.label for v in versions if v.item.clauses.label), name),
        tuple(sorted((base for base in bases if base is not None), key=lambda base: _first_day(base.interval))),
        tuple(clause for clause in clauses if clause is not None),
        tuple(cut for cut in cuts if cut is not None),
        versions[0].item.clauses.cumulative,
        not isinstance(versions[0].item, RuleDecl),
    )


def _first_day(interval: Interval) -> dt.date:
    return interval.start or dt.date.min


def _in_pack(work: Lowering, placed: Placed[Definer | ExceptionDecl | UndercutDecl], interval: Interval, name: str) -> Interval:
    """Return the days of `interval` on which the pack is in force; that there are none is told of its own items."""
    clipped = interval.intersect(work.pack)
    if clipped.empty and not interval.empty and placed.own:
        position = placed.item.clauses.interval_position or placed.item.position
        work.faults.tell("E419", position, name=name, interval=days(interval), pack=days(work.pack))
    return clipped


def _version(work: Lowering, rule: Rule, placed: Placed[Definer], interval: Interval) -> Version | None:
    entity, name = rule
    item = placed.item
    type_ = work.names.members[entity][name].type
    ctx = formula_context(work.names, entity, name)
    if isinstance(item, RuleDecl):
        body = lower_body(ctx, work.search, item.body, type_, partial=item.clauses.partial)
    else:
        body = lower_table(ctx, work.search, item, type_)
    origin = provenance(item.clauses, placed.unit, item.position, work.faults)
    in_force = _in_pack(work, placed, interval, name)
    if body is None:
        return None
    work.readers.append(Reader(name, in_force, (body,)))
    return Version(in_force, body, origin)


def _exception(work: Lowering, rule: Rule, placed: Placed[ExceptionDecl], bases: Sequence[Interval]) -> ExceptionClause | None:
    entity, name = rule
    item = placed.item
    ctx = formula_context(work.names, entity, item.name)
    condition = ctx.expect(item.condition, Scalar.BOOLEAN)
    body = lower_body(ctx, work.search, item.body, work.names.members[entity][name].type, partial=item.clauses.partial)
    origin = provenance(item.clauses, placed.unit, item.position, work.faults)
    interval = interval_of(item.clauses, placed.unit, work.faults)
    if not interval.empty and all(interval.intersect(base).empty for base in bases):
        work.faults.tell("E416", word_at(item.position, item.name), name=item.name, rule=name, interval=days(interval))
    in_force = _in_pack(work, placed, interval, item.name)
    if condition is None or body is None:
        return None
    if placed.own and not work.search.can_hold(condition):
        work.faults.tell("W401", item.condition.position, name=item.name, text=snippet(item.condition.position))
    work.readers.append(Reader(item.name, in_force, (condition, body)))
    return ExceptionClause(item.name, item.parent, in_force, condition, body, frozenset(item.overrides), origin)


def _undercut(work: Lowering, rule: Rule, placed: Placed[UndercutDecl]) -> Undercut | None:
    item = placed.item
    ctx = formula_context(work.names, rule[0], item.target)
    condition = ctx.expect(item.condition, Scalar.BOOLEAN)
    origin = provenance(item.clauses, placed.unit, item.position, work.faults)
    interval = interval_of(item.clauses, placed.unit, work.faults)
    targets = work.priorities.exceptions[item.target]
    quiet = Faults()
    if placed.own and all(interval.intersect(interval_of(t.item.clauses, t.unit, quiet)).empty for t in targets):
        work.faults.tell("W403", word_at(item.position, item.target), name=item.target, interval=days(interval))
    in_force = _in_pack(work, placed, interval, f"neutralise {item.target}")
    if condition is None:
        return None
    work.readers.append(Reader(f"neutralise {item.target}", in_force, (condition,)))
    return Undercut(item.target, in_force, condition, origin)


def lower_properties(work: Lowering) -> tuple[Property, ...]:
    """Return the invariants; their days need not be among those of the heading that happens to stand above them."""
    found: list[Property] = []
    for placed in work.items.properties:
        item: PropertyDecl = placed.item
        entity = resolve_entity(work.names, item.entity, item.position, own=placed.own)
        interval = interval_of(item.clauses, placed.unit, work.faults, inside=False).intersect(work.pack)
        origin = provenance(item.clauses, placed.unit, item.position, work.faults)
        if entity is None:
            continue
        condition = formula_context(work.names, entity, item.title).expect(item.condition, Scalar.BOOLEAN)
        if condition is not None:
            work.readers.append(Reader(item.title, interval, (condition,)))
            found.append(Property(item.title, entity, condition, interval, origin))
    return tuple(found)
