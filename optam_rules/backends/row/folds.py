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
from optam_rules.core.standing import Standing
from optam_rules.core.types import EntityType, ListType, Scalar, SetType, Type

_LIST_BITS = 14  # a list has 10,000 elements at most
_FOLDED_BITS = 1 << 14  # of a sum or a mean; larger ones are left
_QUANTIFIERS = frozenset({Fold.ALL, Fold.EXISTS})
_MAX_ELEMENTS = 200  # of a list, or of one for each of another: with more the steps are counted (E606)


def aggregate(emitter: Emitter, expr: Aggregate, scope: Scope) -> Piece:
    """Emit the loop of an aggregate over a list, and what it makes of the elements kept; a loop may stand in another."""
    source_type = expr.source.type
    if not isinstance(source_type, ListType | SetType):
        raise NotWholeError
    entities, around = isinstance(source_type.item, EntityType), emitter.blocks.loops
    if len(around) > 1:
        raise NotWholeError
    source = emitter.expression(expr.source, scope)
    code = cast("str", source.code)
    # Steps tell what was seen in the order of the text of a set's elements; values are the same in any order.
    listed = emitter.blocks.named(f"elements({code})" if emitter.tracing and isinstance(source_type, SetType) else code)
    rounds = " * ".join(f"len({each})" for each in (*around, listed))
    emitter.blocks.give_up_if(f"{rounds} > {_MAX_ELEMENTS}")
    element = emitter.writer.fresh("e")
    values = emitter.writer.fresh("values") if entities else element
    inner = {**scope, expr.variable: values}
    found, kept = emitter.writer.assign("[]", "found"), emitter.writer.assign("0", "kept")
    gathered = Gathered(emitter.writer)
    if entities:
        emitter.elements(expr.source, listed, scope)
    emitter.blocks.loops = (*around, listed)
    emitter.blocks.enter()
    with emitter.writer.captured() as lines:
        if entities:
            emitter.writer.line(f"{values} = {element}.values")
            emitter.element(element, values)
        condition, body = _element(emitter, expr, inner, found, kept, gathered)
    emitter.blocks.leave()
    emitter.blocks.loops = around
    gathered.begin()
    with emitter.writer.block(f"for {element} in {listed}:"):
        emitter.writer.add(lines)
    if expr.fold in _QUANTIFIERS:
        gathered.keep(found, expr.fold is Fold.EXISTS)
    rest = _rest(emitter, expr, condition, body, listed, kept)
    piece = _folded(emitter, expr, found, kept, scope)
    whole = emitter.blocks.rest([source.rest, rest, piece.rest])
    return attrs.evolve(piece, rest=whole, seen=source.seen.then(gathered.seen, piece.seen))


def _rest(emitter: Emitter, expr: Aggregate, condition: Rest | str, body: Rest | str, listed: str, kept: str) -> Rest | str:
    """Return what the elements add to what an aggregate rests on, by what the condition and the body of each rest on.

    Only where it is the same whichever elements decide: all that is read rests on one thing, or the condition on nothing but data.
    """
    if condition == body == NOTHING:
        return NOTHING
    if condition == NOTHING:
        some, rest = kept, body  # elements left out are so by their condition, which is stronger
    elif body == condition or (body == NOTHING and expr.fold not in _QUANTIFIERS):
        some, rest = listed, condition
    else:
        raise NotWholeError
    if isinstance(rest, str) or rest[0] is Standing.TEXT:
        raise NotWholeError
    return emitter.writer.assign(f"{emitter.blocks.written(rest)} if {some} else {emitter.blocks.written(NOTHING)}", "rest")


def _element(emitter: Emitter, expr: Aggregate, inner: Scope, found: str, kept: str, gathered: Gathered) -> tuple[Rest | str, Rest | str]:
    """Emit what is done with an element; return what its condition and its body rest on."""
    writer = emitter.writer
    condition = Piece("True") if expr.condition is None else emitter.expression(expr.condition, inner)
    if expr.fold in _QUANTIFIERS and emitter.tracing:
        body = emitter.expression(cast("Expr", expr.body), inner)
        counted = emitter.quantified(expr, condition, body)
        gathered.one(counted.seen, f"{emitter.blocks.written(counted.rest)}[0]")
        writer.line(f"{kept} += 1")
        writer.line(f"{found}.append({exact(counted)})")
        return condition.rest, body.rest
    gathered.more(condition.seen)
    if expr.condition is not None:
        writer.line(f"if not {condition.code}: continue")
    writer.line(f"{kept} += 1")
    body = Piece("None") if expr.body is None else emitter.expression(expr.body, inner)
    gathered.more(body.seen)
    if expr.body is not None:
        writer.line(f"{found}.append({exact(body)})")
    return condition.rest, body.rest


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
