"""From an expression of the abstract syntax to one of the core, every node with its type; what has none is told and gives `None`.

Recursion follows the nesting of the text, which the parser has bounded. The operators stand in `check_operators`, the aggregates in
`check_folds`.
"""

from __future__ import annotations

from itertools import chain
from types import MappingProxyType
from typing import assert_never, cast

from optam_rules.base.phrases import Phrase, counted, filled, write
from optam_rules.core.ir import (
    Answer,
    Collection,
    EvaluationDate,
    Expr,
    Field,
    HypothesisRead,
    Literal,
    Lookup,
    NotApplicable,
    ParameterRead,
    Scalarlike,
    UnknownLaw,
    Variable,
)
from optam_rules.core.types import EntityType, EnumType, ListType, Scalar, SetType, Type
from optam_rules.elaborate.check_folds import fold
from optam_rules.elaborate.check_operators import binary, conditions, date_of, unary
from optam_rules.elaborate.context import Context, needs_hint
from optam_rules.elaborate.faults import listed, snippet
from optam_rules.elaborate.names import Kind, Meaning, Names, qualified, visible
from optam_rules.syntax.abstract import (
    AllOf,
    AnyOf,
    AtExpr,
    BinaryExpr,
    CollectionExpr,
    DateExpr,
    DotExpr,
    EvaluationDateExpr,
    Expression,
    FoldExpr,
    LiteralExpr,
    LookupExpr,
    NameExpr,
    NotApplicableExpr,
    RecordExpr,
    UnaryExpr,
    UnknownExpr,
)


def formula_context(names: Names, entity: str, label: str) -> Context:
    """Return the context of an expression about an entity; `label` names the definition it belongs to."""
    return Context(names, entity, label, elaborate_expression)


def constant_context(names: Names) -> Context:
    """Return the context of a place where only constants may stand."""
    return Context(names, None, "", elaborate_expression)


def elaborate_expression(ctx: Context, expr: Expression, hint: Type | None) -> Expr | None:
    """Elaborate an expression; `hint` is the type that its place wants, where it wants one."""
    match expr:
        case LiteralExpr(kind, value):
            return Literal(value, Scalar(kind.value), position=expr.position)
        case NameExpr():
            return _name(ctx, expr, hint)
        case DotExpr():
            return _dot(ctx, expr)
        case BinaryExpr():
            return binary(ctx, expr, hint)
        case UnaryExpr():
            return unary(ctx, expr, hint)
        case AllOf() | AnyOf():
            return conditions(ctx, expr)
        case FoldExpr():
            return fold(ctx, expr, hint)
        case LookupExpr():
            return _lookup(ctx, expr)
        case AtExpr():
            return _at(ctx, expr)
        case CollectionExpr():
            return _collection(ctx, expr, hint)
        case UnknownExpr() | NotApplicableExpr():
            return _absence(ctx, expr, hint)
        case EvaluationDateExpr():
            if ctx.entity is None:
                ctx.faults.tell("E319", expr.position, text=snippet(expr.position))
                return None
            return EvaluationDate(Scalar.DATE, position=expr.position)
        case DateExpr():
            return date_of(ctx, expr)
        case RecordExpr():
            ctx.faults.tell("E219", expr.position, entity=expr.entity)
            return None
        case _:
            assert_never(expr)


def _absence(ctx: Context, expr: UnknownExpr | NotApplicableExpr, hint: Type | None) -> Expr | None:
    if ctx.entity is None:
        ctx.faults.tell("E319", expr.position, text=snippet(expr.position))
    elif hint is None:
        ctx.faults.tell("E306", expr.position, text=snippet(expr.position))
    elif isinstance(expr, UnknownExpr):
        return UnknownLaw(ctx.label, hint, position=expr.position)
    else:
        return NotApplicable(hint, position=expr.position)
    return None


# --- names ---------------------------------------------------------------------------------------------------------------------


def _name(ctx: Context, expr: NameExpr, hint: Type | None) -> Expr | None:
    name, names = expr.name, ctx.names
    if name in ctx.variables:
        type_ = ctx.variables[name]
        return Variable(name, type_, position=expr.position) if type_ is not None else None
    meaning = ctx.thing(name)
    if isinstance(hint, EnumType) and names.is_value(hint, name):
        return _value(names, hint.name, expr)
    if meaning is not None:
        return _read(ctx, meaning, expr)
    homes = names.homes.get(name, [])
    if len(homes) == 1:
        return _value(names, homes[0], expr)
    if not homes:
        _unknown_name(ctx, expr, hint)
    elif isinstance(hint, EnumType):
        ctx.faults.tell("E206", expr.position, name=name, enumeration=hint, expected=names.domains.get(hint.name, ())[:12])
    else:
        ctx.faults.tell(
            "E203",
            expr.position,
            name=name,
            homes=listed(homes),
            hint=filled("écrivez {names}", "write {names}", names=qualified(names, name)),
        )
    return None


def _value(names: Names, home: str, expr: NameExpr | DotExpr) -> Literal:
    names.used.add((home, expr.name))
    return Literal(expr.name, EnumType(home), position=expr.position)


def _read(ctx: Context, meaning: Meaning, expr: NameExpr) -> Expr | None:
    """Read a datum, definition, parameter or hypothesis by its bare name."""
    target = ctx.self_variable(expr.position)
    if target is None:
        return None
    ctx.names.use(meaning, ctx.entity if meaning.kind in (Kind.RULE, Kind.TABLE) else None)
    if meaning.type is None:
        return None
    match meaning.kind:
        case Kind.PARAMETER:
            return ParameterRead(meaning.name, None, meaning.type, position=expr.position)
        case Kind.HYPOTHESIS:
            return HypothesisRead(meaning.name, meaning.type, position=expr.position)
        case _:
            return _member(ctx, target, meaning, expr)


def _member(ctx: Context, target: Expr, meaning: Meaning, expr: NameExpr | DotExpr) -> Expr | None:
    """Read a datum or definition of the entity that `target` is."""
    if not isinstance(target.type, EntityType) or meaning.type is None:
        return None
    if meaning.kind is Kind.DATUM:
        return Field(target, meaning.name, meaning.type, position=expr.position)
    ctx.names.use(meaning, target.type.name)
    return Answer(target, target.type.name, meaning.name, None, meaning.type, position=expr.position)


# What is written by habit where the language has another word.
_BY_HABIT = MappingProxyType({"oui": "vrai", "true": "vrai", "yes": "vrai", "false": "faux", "no": "faux"})
_ALL_OTHERS = frozenset({"autre", "autres", "defaut", "défaut", "reste", "tous"})


def _habit(name: str) -> Phrase | None:
    if name.lower() in _ALL_OTHERS:
        return Phrase("tous les autres cas s'écrivent `sinon`", "all other cases are written `sinon`")
    word = _BY_HABIT.get(name.lower())
    return write(word) if word is not None else None


def _unknown_name(ctx: Context, expr: NameExpr, wanted: Type | None) -> None:
    name, names, faults = expr.name, ctx.names, ctx.faults
    meaning = names.shared.get(name)
    if name in names.broken or (ctx.label and (ctx.label, name) in names.told):
        return
    names.told.add((ctx.label, name))
    if ctx.entity is None and (meaning is not None or name in names.members.get(names.main or "", {})):
        faults.tell("E319", expr.position, text=name)
    elif meaning is not None and meaning.kind is Kind.REFERENCE:
        form = f"`{name}[{' ; '.join(key for key, _ in names.keys.get(name, ()))}]`"
        hint = Phrase(f"lisez-le avec ses clés : {form}", f"read it with its keys: {form}")
        faults.tell("E218", expr.position, name=name, kind=meaning.kind.phrase, hint=hint)
    elif isinstance(wanted, EnumType):
        domain = names.domains.get(wanted.name, ())
        near = _habit(name) or faults.meant(name, chain(visible(names, ctx.entity, ctx.variables), domain))
        faults.tell("E206", expr.position, name=name, enumeration=wanted, hint=near, expected=domain[:12])
    elif meaning is not None:
        faults.tell("E218", expr.position, name=name, kind=meaning.kind.phrase)
    else:
        near = _habit(name) or faults.meant(name, chain(visible(names, ctx.entity, ctx.variables), names.homes))
        elsewhere = next((entity for entity, members in names.members.items() if name in members), None)
        if elsewhere is not None and near is None:
            near = Phrase(
                f"`{name}` appartient à `{elsewhere}` : lisez-le sur une expression de ce type (`….{name}`)",
                f"`{name}` belongs to `{elsewhere}`: read it on an expression of that type (`….{name}`)",
            )
        faults.tell("E201", expr.position, name=name, hint=near)


def _dot(ctx: Context, expr: DotExpr) -> Expr | None:
    names, target = ctx.names, expr.target
    home = target.name if isinstance(target, NameExpr) and target.name in names.domains else None
    if home is not None and isinstance(target, NameExpr):
        bare = ctx.variables.get(target.name) or getattr(ctx.thing(target.name), "type", None)
        if not isinstance(bare, EntityType):
            return _full_value(ctx, home, expr)
    found = ctx.infer(target)
    if found is None:
        return None
    if not isinstance(found.type, EntityType):
        hint = None
        if isinstance(found.type, ListType) and isinstance(found.type.item, EntityType):
            form = f"`maximum(x.{expr.name} pour x dans {snippet(target.position)})`"
            hint = Phrase(f"parcourez la liste par un agrégat, comme {form}", f"go through the list with an aggregate, like {form}")
        ctx.faults.tell("E305", expr.position, name=expr.name, text=snippet(target.position), found=found.type, hint=hint)
        return None
    entity = found.type.name
    meaning = names.members.get(entity, {}).get(expr.name)
    if meaning is None:
        if expr.name not in names.broken:
            hint = ctx.faults.meant(expr.name, names.members.get(entity, ()))
            ctx.faults.tell("E205", expr.position, entity=entity, name=expr.name, hint=hint)
        return None
    return _member(ctx, found, meaning, expr)


def _full_value(ctx: Context, home: str, expr: DotExpr) -> Expr | None:
    """Read a value of an enumeration named in full, as `option.aucune`."""
    domain = ctx.names.domains[home]
    if expr.name in domain:
        return _value(ctx.names, home, expr)
    ctx.faults.tell("E206", expr.position, name=expr.name, enumeration=home, hint=ctx.faults.meant(expr.name, domain), expected=domain[:12])
    return None


# --- dated reads, reference tables, collections --------------------------------------------------------------------------------


def _at(ctx: Context, expr: AtExpr) -> Expr | None:
    date = ctx.expect(expr.date, Scalar.DATE)
    target = ctx.infer(expr.target)
    if target is None or date is None:
        return None
    if isinstance(date, EvaluationDate):
        return target  # the date at which everything is read, statically checked as such
    match target:
        case ParameterRead(name, None, type_):
            return ParameterRead(name, date, type_, position=expr.position)
        case Answer(of, entity, name, None, type_) if ctx.names.members[entity][name].kind is Kind.TABLE:
            return Answer(of, entity, name, date, type_, position=expr.position)
    ctx.faults.tell("E320", expr.position, text=snippet(expr.target.position))
    return None


def _lookup(ctx: Context, expr: LookupExpr) -> Expr | None:
    names = ctx.names
    meaning = names.shared.get(expr.name)
    if ctx.entity is None:
        ctx.faults.tell("E319", expr.position, text=snippet(expr.position))
        return None
    if meaning is None or meaning.kind is not Kind.REFERENCE:
        if expr.name not in names.broken:
            hint = ctx.faults.meant(expr.name, names.keys)
            ctx.faults.tell("E207", expr.position, name=expr.name, hint=hint)
        return None
    names.use(meaning)
    specs = names.keys[expr.name]
    keys = lookup_keys(ctx, expr)
    if keys is None or meaning.type is None or any(type_ is None for _, type_ in specs):
        return None
    return Lookup(expr.name, keys, meaning.type, position=expr.position)


def lookup_keys(ctx: Context, expr: LookupExpr) -> tuple[Expr, ...] | None:
    """Elaborate the keys of a declared reference table."""
    specs = ctx.names.keys[expr.name]
    if len(specs) != len(expr.keys):
        hint = write(f"{expr.name}[{' ; '.join(key for key, _ in specs)}]")
        wanted = counted(len(specs), Phrase("clé", "key"))
        ctx.faults.tell("E318", expr.position, name=expr.name, wanted=wanted, found=len(expr.keys), hint=hint)
        return None
    keys = [ctx.expect(key, type_) for key, (_, type_) in zip(expr.keys, specs, strict=True)]
    return tuple(key for key in keys if key is not None) if None not in keys else None


def _collection(ctx: Context, expr: CollectionExpr, hint: Type | None) -> Expr | None:
    wanted = hint.item if isinstance(hint, SetType | ListType) else None
    done: dict[int, Expr | None] = {}
    if wanted is None:
        if not expr.items:
            ctx.faults.tell("E306", expr.position, text="{ }")
            return None
        typed = next((index for index, item in enumerate(expr.items) if not needs_hint(ctx, item)), 0)
        first = done[typed] = ctx.infer(expr.items[typed])
        if first is None:
            return None
        wanted = first.type
    if isinstance(wanted, ListType | SetType):
        ctx.faults.tell("E317", expr.position, type=wanted, place=Phrase("un élément de collection", "an item of a collection"))
        return None
    items = [done[index] if index in done else ctx.expect(item, wanted) for index, item in enumerate(expr.items)]
    if None in items:
        return None
    found = tuple(item for item in items if item is not None)
    type_ = SetType(wanted) if isinstance(hint, SetType) else ListType(wanted)
    values = tuple(cast("Scalarlike", item.value) for item in found if isinstance(item, Literal))
    if len(values) == len(found):
        return Literal(frozenset(values) if isinstance(type_, SetType) else values, type_, position=expr.position)
    return Collection(found, type_, position=expr.position)
