"""From a program to the elements of its text that a test may reach, and to the nodes of its expressions where that shows."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from enum import Enum
from pathlib import PurePath

import attrs

from optam_rules.analysis.coverage.conditions import Decision, decision, is_connective
from optam_rules.analysis.reached import answers_of, readers_of
from optam_rules.base.calendar import Duration
from optam_rules.base.numbers import Number
from optam_rules.base.phrases import Phrase, Word
from optam_rules.base.source import Position
from optam_rules.core.ir import Aggregate, Apply, Cell, Conditional, Expr, Fold, Literal, OneOf, ParameterRead, Range, Table
from optam_rules.core.operators import ABSENCE, COMPARISONS, EQUALITIES, Operator
from optam_rules.core.program import DatedValue, Definition, ExceptionClause, Parameter, Program, Provenance
from optam_rules.core.types import ORDERED, Scalar
from optam_rules.core.walk import children
from optam_rules.elaborate.faults import snippet
from optam_rules.elaborate.show import show


class Kind(Enum):
    """What may be covered; the value is its word."""

    DEFINITION = Phrase("définition", "definition")
    VERSION = Phrase("version", "version")
    EXCEPTION = Phrase("exception", "exception")
    PARAMETER = Phrase("valeur de paramètre", "value of a parameter")
    BRANCH = Phrase("branche", "branch")
    ROW = Phrase("ligne de table", "row of a table")
    BOUND = Phrase("borne", "bound")
    CONDITION = Phrase("condition", "condition")


READ = Phrase("lue", "read")
TAKEN, ASIDE, NEUTRALISED = Phrase("prise", "taken"), Phrase("écartée", "set aside"), Phrase("neutralisée", "disapplied")


# What a test must show of an element, in the order of the goals' places.
GOALS: Mapping[Kind, tuple[Phrase, ...]] = {
    Kind.DEFINITION: (Phrase("évaluée", "evaluated"),),
    Kind.VERSION: (READ,),
    Kind.EXCEPTION: (TAKEN, ASIDE, NEUTRALISED),
    Kind.PARAMETER: (READ,),
    Kind.BRANCH: (TAKEN,),
    Kind.ROW: (Phrase("choisie", "chosen"),),
    Kind.BOUND: (Phrase("juste en dessous", "just below"), Phrase("sur la borne", "on the bound"), Phrase("juste au-dessus", "just above")),
    Kind.CONDITION: (
        Phrase("vraie et seule à décider", "true and alone in deciding"),
        Phrase("fausse et seule à décider", "false and alone in deciding"),
    ),
}


@attrs.frozen
class Element:
    """Something of the text that a test may reach; `goals` says in words what must be seen of it."""

    kind: Kind
    name: Word
    definition: tuple[str, str] | None
    article: str | None
    position: Position = attrs.field(repr=False)
    goals: tuple[Phrase, ...]

    def covered(self, seen: frozenset[int]) -> bool:
        """Tell whether the goals seen, by place, are enough: all of them; of a bound, the bound itself or one step on each side."""
        if self.kind is Kind.BOUND:
            return 1 in seen or {0, 2} <= seen
        return len(seen) == len(self.goals)


# --- where it shows: what a node of an expression tells when it was evaluated ---------------------------------------------------


@attrs.frozen
class Body:
    """The body of a version: it was read."""

    element: int


@attrs.frozen
class Branches:
    """A conditional: the branch that held, `otherwise` last."""

    expr: Conditional
    elements: tuple[int, ...]


@attrs.frozen
class Rows:
    """A table: the row that held, and the bounds that its columns came near; `bounds` gives (column, value, element)."""

    expr: Table
    rows: tuple[int, ...]
    bounds: tuple[tuple[int, Number | dt.date | Duration, int], ...]


@attrs.frozen
class Conditions:
    """A decision: the conditions that decided alone. In a guard, what is sans objet counts as false."""

    decision: Decision
    elements: tuple[int, ...]
    guard: bool


@attrs.frozen
class DatedValues:
    """A parameter read: the value that held; one that another pack writes has no element."""

    expr: ParameterRead
    parameter: Parameter
    elements: tuple[int | None, ...]


Watch = Body | Branches | Rows | Conditions | DatedValues


@attrs.frozen(eq=False)
class Plan:
    """The elements of a program's own text, and where each shows: by the identity of a node, a definition's key, an exception's name.

    `unreached` names the definitions that no answer reads: no test can reach them, only properties, or the packs that build on this one.
    """

    program: Program
    elements: tuple[Element, ...]
    watches: Mapping[int, tuple[Watch, ...]]
    definitions: Mapping[tuple[str, str], int]
    exceptions: Mapping[tuple[tuple[str, str], str], int]
    unreached: tuple[str, ...]


def plan(program: Program) -> Plan:
    """List the elements that the pack itself wrote, those that it inherits left aside."""
    return _Planner(program).plan()


def is_own(program: Program, position: Position) -> bool:
    """Tell whether a place is in the pack's own files; those of packs are named `pack/file`, a lone file is its own pack."""
    head, _, rest = position.file.partition("/")
    return head == program.id if rest and not PurePath(position.file).is_absolute() else True


@attrs.define
class _Planner:
    program: Program
    elements: list[Element] = attrs.field(factory=list)
    watches: dict[int, list[Watch]] = attrs.field(factory=dict)
    _parameters: dict[str, tuple[int | None, ...]] = attrs.field(factory=dict)

    def plan(self) -> Plan:
        program = self.program
        reached = answers_of(program)
        readers = readers_of(program)
        unreached: list[str] = []
        for parameter in program.parameters.values():
            read = any(reached[key] for key in readers.get(parameter.name, ()))
            if read:
                self._parameters[parameter.name] = tuple(self._value(parameter, dated) for dated in parameter.values)
        definitions: dict[tuple[str, str], int] = {}
        exceptions: dict[tuple[tuple[str, str], str], int] = {}
        for definition in program.definitions.values():
            origins = [version.provenance for version in definition.versions if is_own(program, version.provenance.position)]
            if not reached[definition.key]:
                unreached += [definition.name] if origins else []
                continue
            if origins:
                definitions[definition.key] = self._add(Kind.DEFINITION, definition.name, definition, origins[0])
            for version in definition.versions:
                if is_own(program, version.provenance.position):
                    since = _since(f"{definition.name},", version.interval.start) if version.interval.start else definition.name
                    self._watch(version.body, Body(self._add(Kind.VERSION, since, definition, version.provenance)))
                self._expression(version.body, definition, version.provenance)
            for clause in definition.exceptions:
                if is_own(program, clause.provenance.position):
                    exceptions[definition.key, clause.name] = self._exception(definition, clause)
                self._expression(clause.condition, definition, clause.provenance, guard=True)
                self._expression(clause.body, definition, clause.provenance)
            for undercut in definition.undercuts:
                self._expression(undercut.condition, definition, undercut.provenance, guard=True)
        watches = {node: tuple(held) for node, held in self.watches.items()}
        return Plan(program, tuple(self.elements), watches, definitions, exceptions, tuple(unreached))

    def _value(self, parameter: Parameter, dated: DatedValue) -> int | None:
        """Return the element of a value of a parameter; a value that another pack writes has none."""
        origin = parameter.origin_of(dated)
        if not is_own(self.program, origin.position):
            return None
        name = _since(f"{parameter.name} = {show(dated.value, parameter.type)}", dated.interval.start)
        return self._put(Element(Kind.PARAMETER, name, None, origin.article, origin.position, GOALS[Kind.PARAMETER]))

    def _exception(self, definition: Definition, clause: ExceptionClause) -> int:
        goals = list(GOALS[Kind.EXCEPTION])
        if all(undercut.target != clause.name for undercut in definition.undercuts):
            goals.pop()
        if isinstance(clause.condition, Literal):  # it always holds
            goals.remove(ASIDE)
        origin = clause.provenance
        return self._put(Element(Kind.EXCEPTION, clause.name, definition.key, origin.article, origin.position, tuple(goals)))

    def _add(self, kind: Kind, name: Word, definition: Definition, origin: Provenance, position: Position | None = None) -> int:
        place = origin.position if position is None else position
        return self._put(Element(kind, name, definition.key, origin.article, place, GOALS[kind]))

    def _put(self, element: Element) -> int:
        self.elements.append(element)
        return len(self.elements) - 1

    def _watch(self, expr: Expr, watch: Watch) -> None:
        self.watches.setdefault(id(expr), []).append(watch)

    # --- expressions ------------------------------------------------------------------------------------------------------------

    def _expression(self, expr: Expr, definition: Definition, origin: Provenance, *, guard: bool = False) -> None:
        """Find the elements inside an expression of a clause; one that the pack inherits has none."""
        if not is_own(self.program, origin.position):
            return
        parts: tuple[Expr, ...] = children(expr)
        if guard or _decides(expr):
            cut = decision(expr)
            elements = tuple(self._add(Kind.CONDITION, snippet(a.position), definition, origin, a.position) for a in cut.atoms)
            self._watch(expr, Conditions(cut, elements, guard))
            parts = tuple(part for atom in cut.atoms for part in children(atom))
        guards: tuple[Expr | None, ...] = ()
        match expr:
            case Conditional():
                guards = tuple(branch.condition for branch in expr.branches)
                values = [*(branch.value for branch in expr.branches), expr.otherwise]
                elements = tuple(self._add(Kind.BRANCH, snippet(v.position), definition, origin, v.position) for v in values)
                self._watch(expr, Branches(expr, elements))
            case Aggregate():
                guards = (expr.condition, expr.body if expr.fold in (Fold.ALL, Fold.EXISTS) else None)
            case Table():
                self._watch(expr, self._table(expr, definition, origin))
            case ParameterRead() if expr.name in self._parameters:
                self._watch(expr, DatedValues(expr, self.program.parameters[expr.name], self._parameters[expr.name]))
        held = {id(part) for part in guards if part is not None}
        for part in parts:
            self._expression(part, definition, origin, guard=id(part) in held)

    def _table(self, table: Table, definition: Definition, origin: Provenance) -> Rows:
        written = [*table.rows, *([table.otherwise] if table.otherwise else [])]
        rows = tuple(self._add(Kind.ROW, snippet(row.position), definition, origin, row.position) for row in written)
        bounds: dict[tuple[int, object], tuple[int, Number | dt.date | Duration, int]] = {}
        for row in table.rows:
            for column, cell in enumerate(row.cells):
                for value in _bounds(cell) if table.columns[column].type in ORDERED else ():
                    if (column, value) not in bounds:
                        name = f"{show(value, table.columns[column].type)} ({snippet(table.columns[column].position)})"
                        bounds[column, value] = (column, value, self._add(Kind.BOUND, name, definition, origin, row.position))
        return Rows(table, rows, tuple(bounds.values()))


def _since(what: str, day: dt.date | None) -> Phrase:
    return Phrase(f"{what} depuis {day}", f"{what} since {day}")


def _decides(expr: Expr) -> bool:
    """Tell whether an expression is a condition by its form: connectives, comparisons, membership, absence."""
    if expr.type is not Scalar.BOOLEAN or not isinstance(expr, Apply):
        return False
    tests = expr.operator in COMPARISONS | EQUALITIES | ABSENCE or expr.operator is Operator.AMONG
    return is_connective(expr) or (tests and expr.operator is not Operator.DEFAULT)


def _bounds(cell: Cell) -> list[Number | dt.date | Duration]:
    match cell:
        case Range(low, _, high, _):
            return [bound for bound in (low, high) if bound is not None]
        case OneOf(values):
            return sorted((value for value in values if not isinstance(value, bool | str)), key=str)
        case _:
            return []
