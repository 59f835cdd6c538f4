"""From an aggregate to a loop and what it makes of the elements kept, in a function of whole records."""

from __future__ import annotations

from typing import cast

import attrs

from optam_rules.backends.row.blocks import NOTHING, Choice, Piece
from optam_rules.backends.row.emitting import NUMERIC, Emitter, Scope, exact
from optam_rules.backends.row.numbers import NotWholeError, Ratio
from optam_rules.backends.row.seen import Gathered
from optam_rules.core.absence import Rest
from optam_rules.core.ir import Aggregate, Expr, Fold
from optam_rules.core.types import EntityType, ListType, Scalar, Type

_LIST_BITS = 14  # a list has 10,000 elements at most
_FOLDED_BITS = 1 << 14  # of a sum or a mean; larger ones are left
_QUANTIFIERS = frozenset({Fold.ALL, Fold.EXISTS})
_MAX_ELEMENTS = 200  # of a list: with longer ones the steps are counted (E606)


def aggregate(emitter: Emitter, expr: Aggregate, scope: Scope) -> Piece:
    """Emit the loop of an aggregate over a list of entities, and what it makes of the elements kept."""
    source_type = expr.source.type
    if emitter.blocks.loops or not (isinstance(source_type, ListType) and isinstance(source_type.item, EntityType)):
        raise NotWholeError
    source = emitter.expression(expr.source, scope)
    emitter.blocks.give_up_if(f"len({source.code}) > {_MAX_ELEMENTS}")
    element, values = emitter.writer.fresh("e"), emitter.writer.fresh("values")
    inner = {**scope, expr.variable: values}
    found, kept = emitter.writer.assign("[]", "found"), emitter.writer.assign("0", "kept")
    gathered = Gathered(emitter.writer)
    emitter.elements(expr.source, cast("str", source.code), scope)
    emitter.blocks.loops += 1
    emitter.blocks.enter()
    with emitter.writer.captured() as lines:
        emitter.writer.line(f"{values} = {element}.values")
        emitter.element(element, values)
        rests = _element(emitter, expr, inner, found, kept, gathered)
    emitter.blocks.leave()
    emitter.blocks.loops -= 1
    if rests != {NOTHING}:
        raise NotWholeError  # what it rests on depends on which elements there are
    gathered.begin()
    with emitter.writer.block(f"for {element} in {source.code}:"):
        emitter.writer.add(lines)
    if expr.fold in _QUANTIFIERS:
        gathered.keep(found, expr.fold is Fold.EXISTS)
    piece = _folded(emitter, expr, found, kept, scope)
    return attrs.evolve(piece, rest=source.rest, seen=source.seen.then(gathered.seen, piece.seen))


def _element(emitter: Emitter, expr: Aggregate, inner: Scope, found: str, kept: str, gathered: Gathered) -> set[Rest | str]:
    """Emit what is done with an element; return what it rests on."""
    writer = emitter.writer
    condition = Piece("True") if expr.condition is None else emitter.expression(expr.condition, inner)
    if expr.fold in _QUANTIFIERS and emitter.tracing:
        body = emitter.quantified(expr, condition, emitter.expression(cast("Expr", expr.body), inner))
        gathered.one(body.seen)
        writer.line(f"{found}.append({exact(body)})")
        return {condition.rest, body.rest}
    gathered.more(condition.seen)
    if expr.condition is not None:
        writer.line(f"if not {condition.code}: continue")
    writer.line(f"{kept} += 1")
    body = Piece("None") if expr.body is None else emitter.expression(expr.body, inner)
    gathered.more(body.seen)
    if expr.body is not None:
        writer.line(f"{found}.append({exact(body)})")
    return {condition.rest, body.rest}


def _folded(emitter: Emitter, expr: Aggregate, found: str, kept: str, scope: Scope) -> Piece:
    match expr.fold:
        case Fold.COUNT:
            return Piece(Ratio(kept, 1, _LIST_BITS))
        case Fold.ALL | Fold.EXISTS:
            return Piece(f"{'all' if expr.fold is Fold.ALL else 'any'}({found})")
        case Fold.SUM:
            return _held(emitter, f"total({found})", expr.type)
    if expr.if_empty is None:
        emitter.blocks.give_up_if(f"not {kept}")
        return _extreme(emitter, expr, found)
    empty = expr.if_empty
    choices = [Choice(kept, [], lambda: _extreme(emitter, expr, found)), Choice("", [], lambda: emitter.expression(empty, scope))]
    return emitter.blocks.one_of(choices)


def _extreme(emitter: Emitter, expr: Aggregate, found: str) -> Piece:
    if expr.type not in NUMERIC and expr.type is not Scalar.DATE:
        raise NotWholeError
    words = {Fold.MEAN: "mean", Fold.MINIMUM: "min", Fold.MAXIMUM: "max"}
    return _held(emitter, f"{words[expr.fold]}({found})", expr.type)


def _held(emitter: Emitter, code: str, type_: Type) -> Piece:
    """Take a number as the rest of the program holds it."""
    name = emitter.writer.assign(code)
    if type_ not in NUMERIC:
        return Piece(name)
    emitter.blocks.give_up_if(f"{name}.__class__ is Failure or {name}.numerator.bit_length() > {_FOLDED_BITS}")
    below = emitter.writer.assign(f"{name}.denominator")
    emitter.blocks.give_up_if(f"{below}.bit_length() > {_FOLDED_BITS}")
    return Piece(Ratio(emitter.writer.assign(f"{name}.numerator"), below, _FOLDED_BITS))
