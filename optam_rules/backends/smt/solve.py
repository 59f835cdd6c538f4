"""From questions and what breaks their answers to a verdict of the solver: no model, the cases that its models show, or unsure.

A ladder of encodings: quotients as free functions first, which is enough for most proofs, then by products, then with the solver's own
division. A model of free quotients may be no case at all; whatever comes out is for the interpreter to replay.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import product
from time import monotonic
from typing import Any

import attrs
import z3

from optam_rules.backends.smt.dates import Dates
from optam_rules.backends.smt.encode import Encoder, Tables
from optam_rules.backends.smt.record import Reader, Thing, World
from optam_rules.backends.smt.terms import Bool, Quotient, Terms, UnencodableError
from optam_rules.backends.smt.value import Sym, Values
from optam_rules.base.calendar import ONE_DAY, Interval
from optam_rules.base.phrases import Phrase, filled
from optam_rules.core.case import Case
from optam_rules.core.ir import SELF, Answer, EvaluationDate, Expr, HypothesisRead, ParameterRead
from optam_rules.core.program import Program
from optam_rules.core.reach import reachable
from optam_rules.core.types import Scalar
from optam_rules.core.vocabulary import Vocabulary
from optam_rules.core.words import words_of

# More stretches of days than this are not told apart: the day is then a variable over all of them.
_MAX_STRETCHES = 16
_MAX_SPLITS = 16
_SHORTEST = 0.05  # seconds
_LATE = Phrase("le solveur n'a pas conclu dans le temps donné", "the solver did not conclude in the time given")


@attrs.frozen
class Put:
    """A question as the solver takes it: an expression of a program, fixed readings, and a day (`None`: each day of the window).

    Definitions other than those of `expanded` (all where `None`) may have any value, of any status but those that `never` gives for them.
    """

    program: Program
    expr: Expr
    readings: Mapping[str, str] = attrs.field(factory=dict)
    day: dt.date | None = None
    expanded: frozenset[tuple[str, str]] | None = None
    never: Mapping[tuple[str, str], frozenset[str]] = attrs.field(factory=dict)

    def parts(self) -> Iterator[Expr]:
        """Yield what is encoded."""
        return reachable(self.program, self.expr, within=self.expanded)


@attrs.frozen
class Limits:
    """What a proof may take and what it covers. `partial`: data may be unknown; `optional`: they may be sans objet."""

    seconds: float
    seeds: Sequence[int]
    years: int
    members: int
    partial: bool
    optional: bool


@attrs.frozen
class Candidate:
    """A case that a model shows. `exact`: an encoding that means what the interpreter does, and numbers that are exact."""

    case: Case
    encoding: str
    exact: bool


@attrs.frozen
class Settled:
    """No case breaks it, within the limits."""

    encodings: tuple[str, ...]


@attrs.frozen
class Unsettled:
    """The solver does not know, or a construct has no formula: `reason` says why."""

    reason: Phrase
    encodings: tuple[str, ...]


# What breaks the answers, in formulas.
Breaks = Callable[[Values, Sequence[Sym]], Bool]
# Told of each candidate; true where it stands, so that the search is over.
Accept = Callable[[Candidate], bool]


def settle(
    asked: Sequence[Put], entity: str, window: Interval, breaks: Breaks, limits: Limits, accept: Accept
) -> Settled | Unsettled | None:
    """Look for a case that breaks the answers on a day of a bounded window; `None` where `accept` took one."""
    deadline = monotonic() + limits.seconds
    tried: dict[str, None] = {}
    doubt: Unsettled | None = None
    stretches = list(_stretches(asked, window))
    for index, stretch in enumerate(stretches):
        if index and monotonic() > deadline:
            return attrs.evolve(doubt or Unsettled(_LATE, ()), encodings=tuple(tried))
        left = max(deadline - monotonic(), _SHORTEST) / (len(stretches) - index)
        outcome = _ladder(asked, entity, stretch, breaks, attrs.evolve(limits, seconds=left), accept, tried)
        if outcome is None:
            return None
        doubt = outcome if isinstance(outcome, Unsettled) else doubt
    return Settled(tuple(tried)) if doubt is None else attrs.evolve(doubt, encodings=tuple(tried))


def shown(asked: Sequence[Put], entity: str, window: Interval, breaks: Breaks, limits: Limits) -> bool:
    """Tell whether no case breaks the answers, whatever the definitions left free give; false where that is not shown in the time."""
    deadline = monotonic() + limits.seconds
    for stretch in _stretches(asked, window):
        try:
            proof = Proof.of(asked, entity, stretch, breaks, limits, Quotient.FREE)
        except UnencodableError:
            return False
        if not proof.impossible(max(deadline - monotonic(), _SHORTEST)):
            return False
    return True


def _ladder(
    asked: Sequence[Put], entity: str, days: Interval, breaks: Breaks, limits: Limits, accept: Accept, tried: dict[str, None]
) -> Settled | Unsettled | None:
    """Settle a stretch of days with one encoding after the other."""
    deadline = monotonic() + limits.seconds
    for rung, quotient in enumerate(Quotient):
        left = deadline - monotonic()
        if rung and left <= 0:
            break
        left = max(left, _SHORTEST)
        try:
            proof = Proof.of(asked, entity, days, breaks, limits, quotient)
        except UnencodableError as error:
            reason = filled("{what} ne s'écrit pas pour le solveur", "{what} cannot be written for the solver", what=error.what)
            return Unsettled(reason, tuple(tried))
        tried[quotient.value if proof.terms.quotients else "formules exactes"] = None
        found = proof.run(left / (len(Quotient) - rung) if proof.terms.quotients else left, limits.seeds, accept)
        if found is True:
            return None
        if found is False:
            return Settled(tuple(tried))
        if not proof.terms.quotients:
            break
    return Unsettled(_LATE, tuple(tried))


@attrs.define(eq=False)
class Proof:
    """One encoding of one stretch of days."""

    terms: Terms
    world: World
    tables: Tables
    root: Thing
    day: Any
    readings: Mapping[str, Any]
    goal: Bool

    @classmethod
    def of(cls, asked: Sequence[Put], entity: str, days: Interval, breaks: Breaks, limits: Limits, quotient: Quotient) -> Proof:
        """Encode the questions and what breaks their answers."""
        programs = [put.program for put in asked]
        terms = Terms(quotient)
        values = Values(terms)
        words = words_of(programs)
        for enumeration in words.enumerations.values():
            for value in enumeration:
                terms.word(value)
        links = {name: link for program in programs for name, link in Vocabulary.of(program).by_member.items()}
        world = World(values, words, links, limits.years, limits.members, limits.partial, limits.optional)
        tables, dates = Tables(world), Dates(terms)
        read = {part.name for put in asked for part in put.parts() if isinstance(part, HypothesisRead)}
        readings = {name: world.one_of(held, name) for name, held in words.readings.items() if name in read}
        day = cls._day(terms, asked, days)
        root = world.thing(entity, "A")
        answers = []
        for put in asked:
            chosen = {**readings, **{name: terms.constant(reading) for name, reading in put.readings.items()}}
            fixed = terms.constant(put.day) if put.day is not None else day
            span = Interval(put.day, put.day) if put.day is not None else days
            encoder = Encoder(put.program, world, tables, dates, chosen, fixed, span, put.expanded, put.never)
            answers.append(encoder.encode(put.expr, {SELF: values.known(root)}))
            encoder.require_controls()
        goal = terms.every([breaks(values, answers), *(terms.no(outside) for outside in terms.outsides)])
        return cls(terms, world, tables, root, day, readings, goal)

    @staticmethod
    def _day(terms: Terms, asked: Sequence[Put], days: Interval) -> Any:
        """Return the day: any of the stretch, or its first where nothing reads it."""
        first, last = days.start or dt.date.min, days.end or dt.date.max
        reads = any(isinstance(part, EvaluationDate) for put in asked for part in put.parts())
        if first == last or (not reads and all(put.day is not None or _whole(put, days) for put in asked)):
            return terms.constant(first)
        day = terms.new_integer("jour du jugement")
        terms.require(z3.And(day >= first.toordinal(), day <= last.toordinal()))
        return day

    def impossible(self, seconds: float) -> bool:
        """Tell whether nothing breaks the answers, for sure."""
        return self.terms.is_false(self.goal) or _asked(self._solver(0), [], seconds) == z3.unsat

    def run(self, seconds: float, seeds: Sequence[int], accept: Accept) -> bool | None:
        """Return whether a case was accepted, `False` where there is none for sure, `None` where unsure."""
        if self.terms.is_false(self.goal):
            return False
        deadline = monotonic() + seconds
        for index, seed in enumerate(seeds or (0,)):
            share = max(deadline - monotonic(), _SHORTEST) / (len(seeds or (0,)) - index)
            found = self._check(self._solver(seed), [], share, accept)
            if found is None:
                found = self._by_counts(seed, max(deadline - monotonic(), _SHORTEST) / (len(seeds or (0,)) - index), accept)
            if found is not None:
                return found
        return None

    def _solver(self, seed: int) -> Any:
        solver = z3.Solver(ctx=self.terms.context)
        solver.set("random_seed", seed)
        solver.add(*self.terms.constraints)
        solver.add(self.goal)
        return solver

    def _check(self, solver: Any, assumed: Sequence[Bool], seconds: float, accept: Accept) -> bool | None:
        """Check once; a model is shown with round numbers where there is one, and as it comes where not."""
        deadline = monotonic() + seconds
        found = _asked(solver, assumed, seconds)
        if found == z3.unsat:
            return False
        if found != z3.sat:
            return None
        first = self._candidate(solver.model())
        for nice in self._plainer():
            left = min(deadline - monotonic(), seconds / 4)
            if left > _SHORTEST and _asked(solver, [*assumed, *nice], left) == z3.sat and accept(self._candidate(solver.model())):
                return True
        return True if accept(first) else None

    def _by_counts(self, seed: int, seconds: float, accept: Accept) -> bool | None:
        """Check each combination of lengths of the lists on its own; `False` only where none of them has a case."""
        lists = [many for many in self.world.lists if many.items]
        choices = [range(len(many.items) + 1) for many in lists]
        combinations = list(product(*choices)) if lists else []
        if not 1 < len(combinations) <= _MAX_SPLITS:
            return None
        solver = self._solver(seed)
        sure = True
        for lengths in combinations:
            assumed = [
                there if index < length else self.terms.no(there)
                for many, length in zip(lists, lengths, strict=True)
                for index, (there, _) in enumerate(many.items)
            ]
            found = self._check(solver, assumed, seconds / len(combinations), accept)
            if found is True:
                return True
            sure = sure and found is False
        return False if sure else None

    def _plainer(self) -> Iterator[list[Bool]]:
        """Yield wishes on the numbers of a witness, the strongest first: amounts of whole thousands, then of whole euros."""
        for cents, parts, amount, rate in ((100_000, 100, 10_000_000, 2), (100, 1000, 1_000_000_000, 5)):
            wishes = []
            for type_, number in self.world.plain:
                match type_:
                    case Scalar.MONEY:
                        wishes += [number % cents == 0, number >= -amount, number <= amount]
                    case Scalar.RATE | Scalar.POINTS:
                        wishes += [z3.IsInt(number * parts), number >= -rate, number <= rate]
                    case Scalar.INTEGER:
                        wishes += [number >= -3000, number <= 3000]
            if wishes:
                yield wishes

    def _candidate(self, model: Any) -> Candidate:
        reader = Reader(self.terms, model, self.world.words)
        readings = {name: self.terms.text(int(reader.number(term))) for name, term in self.readings.items()}
        on = dt.date.fromordinal(int(reader.number(self.day)))
        case = Case(reader.record(self.root), on, readings, self._rows(reader))
        exact = reader.exact and (not self.terms.quotients or self.terms.quotient is not Quotient.FREE)
        return Candidate(case, self.terms.quotient.value, exact)

    def _rows(self, reader: Reader) -> dict[str, dict[tuple[Any, ...], Any]]:
        rows: dict[str, dict[tuple[Any, ...], Any]] = {}
        for name, reads in self.tables.reads.items():
            spec = self.world.words.references[name]
            for keys, there, value in reads:
                if reader.true(there):
                    key = tuple(reader.form(type_, term) for (_, type_), term in zip(spec.keys, keys, strict=True))
                    rows.setdefault(name, {})[key] = reader.form(spec.type, value)
        return rows


def _asked(solver: Any, assumed: Sequence[Bool], seconds: float) -> Any:
    solver.set("timeout", max(int(seconds * 1000), 1))
    try:
        return solver.check(*assumed)
    except z3.Z3Exception:
        return z3.unknown


def _whole(put: Put, days: Interval) -> bool:
    """Tell whether everything that a question may read holds on all of some days or on none of them."""
    return all(interval.covers(days) or interval.intersect(days).empty for interval in _intervals(put))


def _intervals(put: Put) -> Iterator[Interval]:
    """Yield the intervals of all the clauses and parameters that a question may read."""
    for part in put.parts():
        if isinstance(part, Answer):
            definition = put.program.definitions[part.entity, part.name]
            yield from (version.interval for version in definition.versions)
            yield from (clause.interval for clause in definition.exceptions)
            yield from (undercut.interval for undercut in definition.undercuts)
        elif isinstance(part, ParameterRead):
            yield from (dated.interval for dated in put.program.parameters[part.name].values)


def _stretches(asked: Sequence[Put], window: Interval) -> Iterator[Interval]:
    """Cut a window where a clause or a parameter that is read begins or ends: within a stretch, the same ones hold."""
    first, last = window.start or dt.date.min, window.end or dt.date.max
    starts = {first}
    for put in asked:
        if put.day is not None:
            continue
        for interval in _intervals(put):
            if interval.start is not None:
                starts.add(interval.start)
            if interval.end is not None and interval.end < last:
                starts.add(interval.end + ONE_DAY)
    inside = sorted(day for day in starts if first <= day <= last)
    if len(inside) > _MAX_STRETCHES:
        yield window
        return
    for start, following in zip(inside, [*inside[1:], None], strict=True):
        yield Interval(start, last if following is None else following - ONE_DAY)
