"""From the answers asked to one Python function over a record that tells all they read, which gives the steps that led to each.

It is the function of `whole` again, and keeps on the way what the interpreter notes: the data, parameters and definitions read, the bounds
met, the exceptions looked at. What the text tells of a step is laid down once, when the function is compiled; a record fills in the rest.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from typing import cast

import attrs

from optam_rules.backends.row import numbers
from optam_rules.backends.row.blocks import Piece
from optam_rules.backends.row.emitter import WholeEmitter, in_order, names_read
from optam_rules.backends.row.emitting import Scope, exact
from optam_rules.backends.row.making import Maker, Template
from optam_rules.backends.row.numbers import NotWholeError, Ratio
from optam_rules.backends.row.seen import (
    KINDS,
    UNSEEN,
    One,
    Seen,
    Several,
    Stream,
    joined,
    listed,
    may_repeat,
    most_of,
    of_elements,
    seen_in_turn,
    several,
    what_of,
)
from optam_rules.backends.row.writer import Writer, build
from optam_rules.core.absence import known
from optam_rules.core.folding import elements
from optam_rules.core.ir import Apply, Collection, Constant, Expr, Field, ParameterRead, Round
from optam_rules.core.judgement import Step
from optam_rules.core.meaning import of_parameter
from optam_rules.core.operators import Operator
from optam_rules.core.paths import Paths, each_met_once, one_way_to_each
from optam_rules.core.program import Definition, ExceptionClause, Program, Provenance, Version
from optam_rules.core.record import Record
from optam_rules.core.standing import Standing
from optam_rules.core.steps import DECLARED, ROUNDED
from optam_rules.core.types import Type
from optam_rules.core.vocabulary import entity_of

_LISTED = 4  # steps that are written one by one wherever they are told
_ENUMERATED = 3  # operands of which each combination that may decide has a tuple of its own


def compile_traced(
    program: Program, paths: Sequence[str], day: dt.date, assume: Mapping[str, str]
) -> Callable[[Record, dt.date], dict[str, tuple[Step, ...]]] | None:
    """Compile the answers that can be to a function from a record and a day to the steps of each, its own first; `None` where none can be.

    It raises PartialError where the record does not tell enough.
    """
    helpers = (distinct, each_once, once, decisive, of_elements, elements, each_met_once, Paths)
    names = {**names_read(), "program": program, **{helper.__name__: helper for helper in helpers}}
    emitter = _TracedEmitter(program, Writer(names), day, assume)
    writer = emitter.writer
    found: dict[str, str] = {}
    with writer.function("traced(record, day)", f"{program.id} au {day}"):
        writer.line("if not NEEDED.isdisjoint(record.absent): raise PartialError")
        writer.line("soi = record.values")
        head = writer.mark()
        for path in in_order(program, paths):
            piece = emitter.answer(path)
            if piece is not None:
                found[path] = listed(piece.seen.steps)
        writer.line(f"return {{{', '.join(f'{path!r}: {found[path]}' for path in paths if path in found)}}}")
        writer.insert(head, emitter.head())
    if not found:
        return None
    writer.namespace["NEEDED"] = frozenset(emitter.needed)
    about = f"{program.id} {program.digest[7:15]} {len(found)} réponses et leurs étapes au {day} {'; '.join(found)[:60]}"
    return build(writer.namespace, writer.taken(), "traced", f"<{about}>")


def distinct(seen: Sequence[object]) -> tuple[object, ...]:
    """Return things that are equal once, where the first of them was seen."""
    return tuple(dict.fromkeys(seen))


def each_once(seen: Sequence[object]) -> tuple[object, ...]:
    """Return things of which equal ones are the same object once, where the first of them was seen."""
    return tuple({id(thing): thing for thing in seen}.values())


def once(steps: Sequence[Step]) -> tuple[Step, ...]:
    """Return steps in order, each once."""
    return tuple({step.key: step for step in steps}.values())


def decisive(those: Sequence[tuple[bool, Standing, Sequence[object]]]) -> list[object]:
    """Return what was seen of the operands that decide and rest on the strongest (S11)."""
    best = max(standing for decides, standing, _ in those if decides)
    return [thing for decides, standing, seen in those if decides and standing is best for thing in seen]


@attrs.define
class _Frame:
    """A definition while it is emitted: what the clauses that may give its value tell, the name of the one taken, the exceptions."""

    definition: Definition
    origin: str
    templates: list[Template] = attrs.field(factory=list)
    guards: list[str] = attrs.field(factory=list)


class _TracedEmitter(WholeEmitter):
    """Emits values as `whole` does, and beside each the code of what was seen on the way to it."""

    tracing = True

    def __init__(self, program: Program, writer: Writer, day: dt.date, assume: Mapping[str, str]) -> None:
        super().__init__(program, writer, day, assume)
        self._make = Maker(writer, program, day)
        self._frames: list[_Frame] = []
        # The records met, by the name of their values: those whose path no record changes with it and their entity, and elements of lists.
        self._places: dict[str, tuple[str, str]] = {"soi": ("", program.main.name)}
        self._elements: dict[str, str] = {}
        self._inputs: dict[str, tuple[str, Field]] = {}  # data of the judged record: each is one object, whichever steps tell it
        self._met = self._named = False  # whether other records are met, and whether some have to be named

    def head(self) -> list[str]:
        """Return the statements that come first."""
        lines = ["paths = Paths(program, record)"] if self._named else []
        if self._met and not one_way_to_each(self.program):
            lines.append("if not each_met_once(record): raise PartialError")
        for name, field in self._inputs.values():
            lines += self._make.input_of_record(name, field.name, field.type)
        return lines

    # --- records -----------------------------------------------------------------------------------------------------------------

    def record(self, owner: str, field: str) -> str:
        """Return the name of the values of a record that another one holds."""
        entity = self._entity(owner, field)
        if entity == self.program.main.name:
            raise NotWholeError  # it may be the judged record itself
        name = super().record(owner, field)
        self._places[name] = f"{self._places[owner][0]}{field}.", entity
        return name

    def _entity(self, owner: str, field: str) -> str:
        """Return the entity of the records that a datum holds, each of which has one path whatever was looked at before."""
        if owner not in self._places:
            raise NotWholeError
        self._met = True
        entity = entity_of(self.program.entities[self._places[owner][1]].fields[field].type)
        if entity is None:
            raise NotWholeError
        return entity

    def elements(self, source: Expr, code: str, scope: Scope) -> None:
        """Tell where the elements stand that a loop goes through."""
        if not isinstance(source, Field):
            raise NotWholeError
        owner = self.target(source.target, scope)
        self._entity(owner, source.name)
        self.writer.line(f"paths.meet_all({code}, {self._path(owner, source.name).code})")
        self._named = True

    def element(self, element: str, values: str) -> None:
        """Begin with an element, in its loop."""
        self._elements[values] = element

    def _path(self, owner: str, name: str) -> One:
        """Return the path of a datum or a definition of a record."""
        if owner in self._places:
            return self._make.text(self._places[owner][0] + name)
        code = f"paths.of({self._elements[owner]}, {name!r})"
        path = self.blocks.remembered((owner, ("=path", name)), lambda: Piece(self.writer.assign(code, "path")))
        return One(cast("str", path.code), f"({owner}).{name}")

    # --- definitions -------------------------------------------------------------------------------------------------------------

    def definition(self, record: str, definition: Definition) -> Piece:
        """Emit what is in force of a definition of a record."""
        if entity_of(definition.type) is not None:
            raise NotWholeError
        return super().definition(record, definition)

    def written(self, record: str, definition: Definition) -> Piece:
        """Emit a definition, and its step; what reads it sees that step and those that led to it."""
        frame = _Frame(definition, self.writer.fresh("origin"))
        self._frames.append(frame)
        try:
            piece = self.blocks.kept(super().written(record, definition), definition.name)
        finally:  # what gives the record up leaves the branch alone, not the definitions around it
            self._frames.pop()
        own = attrs.evolve(piece.seen, steps=())
        told = {kind: self._once(kind, stream) for kind, stream in own.streams()}
        if frame.guards:
            told["guards"] = f"({''.join(f'{guard}, ' for guard in frame.guards)})"
        key = self._path(record, definition.name)
        name = self._make.step(key.code, frame.templates, frame.origin, self.exact(piece), piece.rest, own, told)
        return attrs.evolve(piece, seen=Seen(reads=(key,), steps=self._led((One(name, key.what), *piece.seen.steps))))

    def _led(self, steps: Stream) -> Stream:
        """Return a step and those that led to it, each once; many are kept in a tuple of their own."""
        if not may_repeat(steps):
            return steps if len(steps) <= _LISTED else (several(self.writer.assign(listed(steps), "steps"), [steps]),)
        name = self.writer.assign(f"once({listed(steps)})", "steps")
        return (attrs.evolve(several(name, [steps]), twice=False),)

    def _once(self, kind: str, stream: Stream) -> str:
        """Return the code of a tuple of what a step tells of one kind, each thing once."""
        if kind == "bounds":  # two may be equal
            return f"distinct({listed(stream)})" if most_of(stream) > 1 else listed(stream)
        if not may_repeat(stream):
            return listed(stream)
        what = what_of(stream)
        alone = kind == "inputs" and what is not None and what <= self._inputs.keys()
        return f"{'each_once' if alone else 'distinct'}({listed(stream)})"

    def clause(self, clause: ExceptionClause | Version | None, scope: Scope) -> Piece:
        """Emit the body of what gives the value, and keep which it is."""
        if clause is not None:
            frame = self._frames[-1]
            frame.templates.append(self._make.template(frame.definition, clause))
            self.writer.line(f"{frame.origin} = {self.writer.constant(frame.templates[-1])}")
        return super().clause(clause, scope)

    def guard(self, clause: ExceptionClause, pieces: Sequence[Piece], origins: Sequence[Provenance]) -> Piece:
        """Emit whether an exception is enabled; its condition and those that neutralise it are seen whatever they hold."""
        pieces = [self.blocks.kept(piece) for piece in pieces]
        held, *neutralised = (cast("str", piece.code) for piece in pieces)
        self._frames[-1].guards.append(self._make.guard(clause, held, neutralised))
        piece = super().guard(clause, [attrs.evolve(piece, seen=UNSEEN) for piece in pieces], origins)
        return attrs.evolve(piece, seen=seen_in_turn([piece.seen for piece in pieces]))

    # --- expressions -------------------------------------------------------------------------------------------------------------

    def parameter(self, expr: ParameterRead) -> Piece:
        """Return the value of a parameter."""
        parameter = self.program.parameters[expr.name]
        value = of_parameter(expr, parameter, known(self.day))
        return attrs.evolve(super().parameter(expr), seen=self._make.parameter(parameter, cast("Constant", value.content)))

    def field(self, owner: str, expr: Field) -> Piece:
        """Emit a datum of a record; records are seen by what is read of them, and a list without any as an empty one."""
        piece = super().field(owner, expr)
        if entity_of(expr.type) is not None:
            self._entity(owner, expr.name)
            path = self._path(owner, expr.name)
            empty = self.writer.constant(self._make.empty(path.what, expr.type))
            place, code = (owner, ("=empty", expr.name)), f"() if {piece.code} else {empty}"
            name = cast("str", self.blocks.remembered(place, lambda: Piece(self.writer.assign(code, "inputs"))).code)
            return attrs.evolve(piece, seen=Seen(inputs=(Several(name, frozenset({path.what}), twice=False, most=1),)))
        return attrs.evolve(piece, seen=Seen(inputs=(self._input(owner, expr),)))

    def _input(self, owner: str, expr: Field) -> One:
        path = self._path(owner, expr.name)
        if owner == "soi":
            if expr.name not in self._inputs:
                self._inputs[expr.name] = self.writer.fresh("i"), expr
            return One(self._inputs[expr.name][0], path.what)

        def make() -> Piece:
            name = self.writer.fresh("i")
            for line in self._make.input(name, path.code, f"{owner}[{expr.name!r}]", expr.type):
                self.writer.line(line)
            return Piece(name)

        return One(cast("str", self.blocks.remembered((owner, ("=input", expr.name)), make).code), path.what)

    def collected(self, expr: Collection, pieces: Sequence[Piece]) -> Piece:
        """Emit a list or a set of its items, and what was seen of them."""
        return attrs.evolve(super().collected(expr, pieces), seen=seen_in_turn([piece.seen for piece in pieces]))

    def applied(self, expr: Apply, pieces: Sequence[Piece]) -> Piece:
        """Emit an operator on its operands, and what was seen of them."""
        match expr.operator:
            case Operator.AND | Operator.OR | Operator.IMPLIES:
                return super().applied(expr, pieces)
            case Operator.CAP | Operator.FLOOR:
                left, right = (self.blocks.kept(piece) for piece in pieces)
                return self._bounded(
                    expr.operator.value, left, self.exact(right), super().applied(expr, [left, right]), expr.type, [left, right]
                )
            case Operator.IS_KNOWN:
                seen = pieces[0].seen.then(Seen(notes=(self._make.text(DECLARED),)))
            case Operator.DEFAULT | Operator.DOES_NOT_APPLY:
                seen = pieces[0].seen
            case _:
                seen = seen_in_turn([piece.seen for piece in pieces])
        return attrs.evolve(super().applied(expr, pieces), seen=seen)

    def rounded(self, expr: Round, piece: Piece) -> Piece:
        """Emit a rounding of a number, and the bound that it is."""
        piece = self.blocks.kept(piece)
        return self._bounded(ROUNDED, piece, self.writer.constant(expr.quantum), super().rounded(expr, piece), expr.type, [piece])

    def _bounded(self, kind: str, before: Piece, limit: str, after: Piece, type_: Type, read: Sequence[Piece]) -> Piece:
        after, name = self.blocks.kept(after), self.writer.fresh("bound")
        if isinstance(before.code, Ratio) and isinstance(after.code, Ratio):
            changed = numbers.compared(Operator.NOT_EQUAL, before.code, after.code)
            if kind != ROUNDED:  # one of two numbers that are made already
                code = f"{limit} if {changed} else {self.exact(before)}"
                self.blocks.remembered(_exact_place(after.code), lambda: Piece(self.writer.assign(code, "x")))
        else:
            changed = f"({self.exact(before)} != {self.exact(after)})"
        self._make.bound(name, kind, self.exact(before), limit, self.exact(after), changed, type_)
        return attrs.evolve(after, seen=seen_in_turn([piece.seen for piece in read]).then(Seen(bounds=(One(name, name),))))

    def exact(self, piece: Piece) -> str:
        """Return the code of a value that is kept, as Python holds it; the same number is made once."""
        code = piece.code
        if not isinstance(code, Ratio) or code.below == 1:
            return exact(piece)
        if (fixed := code.fixed) is not None:
            return self.writer.constant(fixed)
        return cast("str", self.blocks.remembered(_exact_place(code), lambda: Piece(self.writer.assign(code.exact, "x"))).code)

    # --- what decides ------------------------------------------------------------------------------------------------------------

    def kleene(self, pieces: Sequence[Piece], deciding: bool) -> Piece:
        """Emit `ou` or `et`; where some operands decide, only what was seen of these is told."""
        pieces = [self.blocks.kept(piece) for piece in pieces]
        value = self.blocks.kept(super().kleene(pieces, deciding))
        codes = [cast("str", piece.code) if deciding else f"not {piece.code}" for piece in pieces]
        rests = {piece.rest if isinstance(piece.rest, str) else piece.rest[0] for piece in pieces}
        alike = len(rests) == 1 and not isinstance(next(iter(rests)), str)
        streams: dict[str, Stream] = {}
        for kind in KINDS:
            read: list[Stream] = [getattr(piece.seen, kind) for piece in pieces]
            if not any(read):
                continue
            everything = joined(read)
            if not alike:
                those = (
                    f"({code}, {self._standing(piece)}, {listed(stream)})" for code, piece, stream in zip(codes, pieces, read, strict=True)
                )
                decided = f"decisive(({', '.join(those)},))"
            else:
                decided = _decided(codes, read)
            name = self.writer.assign(f"{decided} if {'' if deciding else 'not '}{value.code} else {listed(everything)}", kind)
            held = several(name, [*_combinations(read), everything])
            streams[kind] = (held if alike else attrs.evolve(held, twice=True),)
        return attrs.evolve(value, seen=Seen(**streams))

    def _standing(self, piece: Piece) -> str:
        return f"{piece.rest}[0]" if isinstance(piece.rest, str) else self.writer.constant(piece.rest[0])


def _exact_place(number: Ratio) -> tuple[str, object]:
    return "=exact", (number.code, number.below)


def _decided(codes: Sequence[str], read: Sequence[Stream], before: Stream = ()) -> str:
    """Return the code of what was seen of the operands that decide, one of which does; few of them are told apart one by one."""
    if len(codes) > _ENUMERATED:
        return f"({' '.join(f'*({listed(stream)} if {code} else ()),' for code, stream in zip(codes, read, strict=True) if stream)})"
    if not codes:
        return listed(before)
    taken, left = (_decided(codes[1:], read[1:], seen) for seen in (joined([before, read[0]]), before))
    return taken if taken == left else f"({taken} if {codes[0]} else {left})"


def _combinations(read: Sequence[Stream]) -> list[Stream]:
    """Return what the operands that decide may show: where there are many, all of it as it comes."""
    if len(read) > _ENUMERATED:
        return [tuple(item for stream in read for item in stream)]
    found: list[Stream] = [()]
    for stream in read:
        found += [joined([before, stream]) for before in found]
    return found
