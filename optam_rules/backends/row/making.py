"""From what a compiled function holds to the statements that make a step, and what it tells, of it.

Objects are filled in as dicts, without their `__init__`, which takes several times as long and checks nothing.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from optam_rules.backends.row.seen import One, Seen, Stream
from optam_rules.backends.row.writer import Writer
from optam_rules.core.absence import Rest
from optam_rules.core.ir import Constant
from optam_rules.core.judgement import Bound, InputRead, Status, Step
from optam_rules.core.program import Definition, ExceptionClause, Parameter, Program, Version
from optam_rules.core.steps import guard_read, told_by_text
from optam_rules.core.types import EnumType, Scalar, Type

_MAX_CHOICES = 64  # values of a datum that is told by one of as many objects, made beforehand
_TUPLES = ("hypotheses", "guards", "bounds", "inputs", "parameters", "reads", "notes", "conflict")

Template = dict[str, Any]  # the fields of a step that no record changes


class Maker:
    """Writes the statements, for records judged on the days of one period."""

    def __init__(self, writer: Writer, program: Program, day: dt.date) -> None:
        self._writer = writer
        self._program = program
        self._day = day
        self._fixed: dict[str, object] = {}  # codes of what is seen and is the same for every record
        writer.namespace.update(new=object.__new__, Step=Step, InputRead=InputRead, Bound=Bound, KNOWN=Status.KNOWN)
        writer.namespace["set_dict"] = Step.__dict__["__dict__"].__set__

    # --- what is seen ------------------------------------------------------------------------------------------------------------

    def text(self, text: str) -> One:
        """Return a text that is seen: the key of a step, or a note."""
        self._fixed[repr(text)] = text
        return One(repr(text), text)

    def parameter(self, parameter: Parameter, value: Constant) -> Seen:
        """Return what a step tells of a parameter read."""
        told = parameter.name, value, parameter.type
        code = next((code for code, other in self._fixed.items() if other == told), None) or self._writer.constant(told)
        self._fixed[code] = told
        return Seen(parameters=(One(code, parameter.name),), notes=tuple(self.text(remark) for remark in parameter.remarks(self._day)))

    def input(self, name: str, path: str, value: str, type_: Type) -> list[str]:
        """Return the statements of a datum read: its path and value are codes."""
        return _statements(name, "InputRead", {"path": path, "status": "KNOWN", "value": value, "type": self._writer.constant(type_)})

    def input_of_record(self, name: str, path: str, type_: Type) -> list[str]:
        """Return the statements of a datum of the judged record."""
        choices: Sequence[Constant] = ()
        if isinstance(type_, EnumType):
            choices = tuple(self._program.enumerations[type_.name].values)
        elif type_ is Scalar.BOOLEAN:
            choices = (False, True)
        if not 0 < len(choices) <= _MAX_CHOICES:
            return self.input(name, repr(path), f"soi[{path!r}]", type_)
        told = {choice: InputRead(path, Status.KNOWN, choice, type_) for choice in choices}
        return [f"{name} = {self._writer.constant(told.get)}(soi[{path!r}])"]

    def empty(self, path: str, type_: Type) -> tuple[InputRead, ...]:
        """Return what a step tells of a list that holds no record."""
        return (InputRead(path, Status.KNOWN, (), type_),)

    def bound(self, name: str, kind: str, before: str, limit: str, after: str, changed: str, type_: Type) -> None:
        """Emit a bound met."""
        fields = {"kind": repr(kind), "before": before, "limit": limit, "after": after, "bound": changed}
        self._emit(_statements(name, "Bound", {**fields, "type": self._writer.constant(type_)}))

    def guard(self, clause: ExceptionClause, held: str, neutralised: Sequence[str]) -> str:
        """Return the code of an exception looked at, one of as many objects as conditions leave open."""
        both = [[self._writer.constant(guard_read(clause, first, second)) for second in (False, True)] for first in (False, True)]
        if not neutralised:
            return f"({both[1][0]} if {held} else {both[0][0]})"
        kept, lost = (f"({both[1][place]} if {held} else {both[0][place]})" for place in (0, 1))
        return f"({lost} if {' or '.join(neutralised)} else {kept})"

    # --- steps -------------------------------------------------------------------------------------------------------------------

    def template(self, definition: Definition, taken: ExceptionClause | Version) -> Template:
        """Return what every step of a clause tells."""
        empty: Template = {"fault": None, "needs": frozenset(), "status": Status.KNOWN, **dict.fromkeys(_TUPLES, ())}
        return {**empty, **told_by_text(definition, taken), "notes": taken.provenance.remarks(self._day)}

    def fixed(self, stream: Stream) -> tuple[object, ...] | None:
        """Return what a stream holds where it is the same for every record."""
        codes = [item.code if isinstance(item, One) else "" for item in stream]
        return tuple(self._fixed[code] for code in codes) if self._fixed.keys() >= set(codes) else None

    def step(
        self, key: str, templates: Sequence[Template], origin: str, value: str, rest: Rest | str, seen: Seen, told: Mapping[str, str]
    ) -> str:
        """Emit a step and return its name: what no record changes is put in the templates, of which `origin` holds the one taken."""
        fields = {"value": value}
        for template in templates:
            if key in self._fixed:
                template["key"] = self._fixed[key]
            if not isinstance(rest, str):
                template.update(standing=rest[0], hypotheses=tuple(sorted(rest[1])))
        if key not in self._fixed:
            fields["key"] = key
        if isinstance(rest, str):
            fields |= {"standing": f"{rest}[0]", "hypotheses": f"tuple(sorted({rest}[1]))"}
        for kind, stream in seen.streams():
            fixed = self.fixed(stream)
            if fixed is not None:
                for template in templates:
                    template[kind] += fixed
            else:
                fields[kind] = f"({origin}['notes'] + tuple({told[kind]}))" if kind == "notes" else told[kind]
        if "guards" in told:
            fields["guards"] = told["guards"]
        name = self._writer.fresh("s")
        self._emit(_statements(name, "Step", fields, origin))
        return name

    def _emit(self, statements: Sequence[str]) -> None:
        for statement in statements:
            self._writer.line(statement)


def _statements(name: str, class_: str, fields: Mapping[str, str], template: str = "") -> list[str]:
    filled = "; ".join(f"d[{field!r}] = {code}" for field, code in fields.items())
    if template:  # a copy of a dict is one block of memory
        return [f"d = {template}.copy(); {filled}", f"{name} = new({class_}); set_dict({name}, d)"]
    return [f"{name} = new({class_}); d = {name}.__dict__", filled]
