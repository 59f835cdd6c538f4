"""From a judged record to what would change its answer: the fewest inputs that would decide it, its bounds, the nearest change to another.

A bounded search over the values that the rules name, one step either side of each; nothing is returned that the interpreter did not judge
again. What the search does not reach is said (`untried`, `exact`), never taken for impossible.
"""

from __future__ import annotations

import copy
import datetime as dt
import math
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from fractions import Fraction
from itertools import combinations, islice, product
from typing import Any, cast

import attrs

from optam_rules.analysis import judging
from optam_rules.backends.strategies.harvest import STEP, Harvest, harvest
from optam_rules.base.calendar import ONE_DAY
from optam_rules.base.diagnostics import diagnose
from optam_rules.base.errors import InternalError, RecordError
from optam_rules.base.numbers import Number
from optam_rules.core.asking import HYPOTHESIS_NEED, References
from optam_rules.core.ir import Constant
from optam_rules.core.judgement import Judged, Outcome, Status
from optam_rules.core.known import KnownJudged
from optam_rules.core.program import FieldSpec, Program
from optam_rules.core.schema import read_record, read_value
from optam_rules.core.types import EntityType, EnumType, ListType, Scalar, SetType, Type
from optam_rules.core.values import plain_text, to_json

Judge = Callable[..., Judged | KnownJudged]
_SEGMENT = re.compile(r"(?P<name>\w+)(?:\[(?P<key>\w+)=(?P<value>[^\]]*)\])?(?:\.|$)")
_ABSENT = "sans_objet"
_AT_MOST = 3  # inputs at once
_BUDGET = 5000  # judgements
_COMPLETIONS = 400  # of one set of inputs


@attrs.frozen
class Ask:
    """An answer asked of a raw record on a day, and what else a judgement takes."""

    program: Program
    record: Mapping[str, Any]
    on: dt.date
    path: str
    readings: Mapping[str, str] = attrs.field(factory=dict)
    references: References = attrs.field(factory=dict)


@attrs.frozen
class Change:
    """A value given to an input, raw as in a record, and in words; `hypothèse:nom` stands for an open question."""

    path: str
    value: Any
    text: str


@attrs.frozen
class Completion:
    """Values given to some inputs, and the answer that then comes out."""

    changes: tuple[Change, ...]
    outcome: Outcome


@attrs.frozen
class Decider:
    """A smallest set of inputs that decides an unknown answer: a completion for each answer met, and whether all those tried decide."""

    inputs: tuple[str, ...]
    completions: tuple[Completion, ...]
    always: bool


@attrs.frozen
class Deciders:
    """The smallest sets found; `untried` are the inputs that no value could be given to, `spent` whether the budget ran out."""

    found: tuple[Decider, ...]
    untried: tuple[str, ...]
    spent: bool


@attrs.frozen
class Bounds:
    """What an answer may still be. `exact` where every completion was judged; else these are outcomes met among others."""

    outcomes: tuple[Outcome, ...]
    exact: bool


@attrs.frozen
class Nearest:
    """Changes that give the answer wanted: of one input each, or of two where none alone does; the nearest value of each."""

    found: tuple[tuple[Change, ...], ...]
    spent: bool


@attrs.frozen
class WhatIf:
    """An answer as it stands, what would decide it, what it may still be, and the changes that give the answer wanted.

    `nearest` is `None` where no answer is wanted, or where it is unknown: then `deciders` tell.
    """

    outcome: Outcome
    deciders: Deciders
    bounds: Bounds
    nearest: Nearest | None


def what_if(ask: Ask, *, wanted: object = None, budget: int = _BUDGET) -> WhatIf:
    """Ask all of an answer; each part has the whole budget of judgements. Raises RecordError for a faulty record or value wanted."""
    record, faults = read_record(ask.program, ask.record)
    if record is None:
        raise RecordError(faults)
    outcome = _Trial(ask, budget).replayed(())
    if wanted is not None:
        read_value(ask.program, wanted, outcome.type)  # told wherever it is wrong, whether or not it comes to be looked for
    near = nearest(ask, wanted, budget=budget) if wanted is not None and outcome.status is not Status.UNKNOWN else None
    return WhatIf(outcome, deciders(ask, budget=budget), bounds(ask, budget=budget), near)


def deciders(ask: Ask, *, budget: int = _BUDGET) -> Deciders:
    """Return the smallest sets of inputs, three at most, that would decide an answer that is unknown; none where it is known."""
    trial = _Trial(ask, budget)
    start = trial.outcome({})
    values = {need: trial.values(need) for need in sorted(start.needs)}
    known = {need: found for need, found in values.items() if found}
    sets: list[frozenset[str]] = []
    found: list[Decider] = []
    for size in range(1, _AT_MOST + 1) if start.status is Status.UNKNOWN else ():
        for names in combinations(known, size):
            if any(smaller <= set(names) for smaller in sets):
                continue
            decider = _decider(trial, names, [known[name] for name in names])
            if decider is not None:
                sets.append(frozenset(names))
                found.append(decider)
    return Deciders(tuple(found), tuple(need for need in values if need not in known), trial.spent)


def bounds(ask: Ask, *, budget: int = _BUDGET) -> Bounds:
    """Return the known outcomes that completing a record may give, in order of value where they have one."""
    trial = _Trial(ask, budget)
    start = trial.outcome({})
    if start.status is not Status.UNKNOWN:
        return Bounds((start,), exact=True)
    needs = sorted(start.needs)
    choices = [trial.values(need) for need in needs]
    finite = all(trial.finite(need) for need in needs) and math.prod(map(len, choices)) <= budget
    if not finite:
        choices = [values if len(values) <= 4 else (values[0], values[-1]) for values in choices if values]
        needs = [need for need in needs if trial.values(need)]
    seen: dict[object, Outcome] = {}
    exact = finite
    for chosen in islice(product(*choices), budget):
        outcome = trial.outcome(dict(zip(needs, chosen, strict=True)))
        if outcome.status is Status.UNKNOWN:
            exact = False
        else:
            seen.setdefault((outcome.status, outcome.value), outcome)
    return Bounds(tuple(sorted(seen.values(), key=_by_value)), exact and not trial.spent)


def nearest(ask: Ask, wanted: object, *, budget: int = _BUDGET) -> Nearest:
    """Return the nearest changes after which an answer is `wanted` (raw). Raises RecordError where it is no value of the answer's type."""
    trial = _Trial(ask, budget)
    target = read_value(ask.program, wanted, trial.type)
    inputs = trial.inputs()
    alone = [(change,) for path in inputs if (change := trial.closest(path, target, {})) is not None]
    if alone:
        return _replayed(trial, target, alone)
    for first, second in combinations(inputs, 2):
        for value in trial.values(first):
            other = trial.closest(second, target, {first: value})
            if other is not None:
                near = trial.closest(first, target, {second: other.value})
                return _replayed(trial, target, [(near or trial.change(first, value), other)])
    return Nearest((), trial.spent)


def _replayed(trial: _Trial, target: Constant, found: Sequence[tuple[Change, ...]]) -> Nearest:
    spent = trial.spent
    for changes in found:
        trial.replayed(changes, Outcome(Status.KNOWN, trial.type, target))
    return Nearest(tuple(found), spent)


def _decider(trial: _Trial, names: tuple[str, ...], choices: Sequence[Sequence[Any]]) -> Decider | None:
    """Complete some inputs in every way tried; `None` where none decides."""
    met: dict[object, Completion] = {}
    always = math.prod(map(len, choices)) <= _COMPLETIONS
    for chosen in islice(product(*choices), _COMPLETIONS):
        if trial.spent:
            always = False
            break
        changes = tuple(trial.change(name, value) for name, value in zip(names, chosen, strict=True))
        outcome = trial.outcome({change.path: change.value for change in changes})
        if outcome.status is Status.UNKNOWN:
            always = False
        else:
            met.setdefault((outcome.status, outcome.value), Completion(changes, outcome))
    replayed = (attrs.evolve(each, outcome=trial.replayed(each.changes, each.outcome)) for each in met.values())
    return Decider(names, tuple(sorted(replayed, key=lambda each: _by_value(each.outcome))), always) if met else None


def _by_value(outcome: Outcome) -> tuple[bool, Any, str]:
    value = outcome.value
    ordered = isinstance(value, int | Fraction | dt.date) and not isinstance(value, bool)
    return not ordered, value if ordered else 0, str(value)


@attrs.define
class _Trial:
    """Judgements of one record with some inputs changed, counted against a budget."""

    ask: Ask
    budget: int
    judged: int = 0
    constants: Harvest = attrs.field(init=False)

    def __attrs_post_init__(self) -> None:
        self.constants = harvest([self.ask.program])

    @property
    def type(self) -> Type:
        """The type of the answer."""
        return self.ask.program.answers_by_path[self.ask.path].type

    @property
    def spent(self) -> bool:
        return self.judged >= self.budget

    def outcome(self, changes: Mapping[str, Any], *, judge: Judge = judging.judge) -> Outcome:
        """Judge the record with some inputs changed; a record that is then refused gives an unknown answer."""
        self.judged += 1
        ask, readings = self.ask, dict(self.ask.readings)
        raw: Any = copy.deepcopy(dict(ask.record))
        for path, value in changes.items():
            if path.startswith(HYPOTHESIS_NEED):
                readings[path.removeprefix(HYPOTHESIS_NEED)] = value
            else:
                _put(raw, path, value)
        record, _ = read_record(ask.program, raw)
        if record is None:
            return Outcome(Status.UNKNOWN, self.type)
        judged = judge(ask.program, record, ask.on, answers=[ask.path], assume=readings, references=ask.references)
        return judged.outcomes[ask.path]

    def replayed(self, changes: Sequence[Change], expected: Outcome | None = None) -> Outcome:
        """Judge by the interpreter what the search found. Raises InternalError (E902) where it comes out otherwise."""
        outcome = self.outcome({change.path: change.value for change in changes}, judge=judging.judge_with_trace)
        if expected is not None and (outcome.status, outcome.value) != (expected.status, expected.value):
            raise InternalError([diagnose("E902", title=self.ask.path)])
        return outcome

    def change(self, path: str, value: Any) -> Change:
        """Return a value given to an input, in words too."""
        field = _field(self.ask.program, path)
        if field is None or value == _ABSENT:
            return Change(path, value, "sans objet" if value == _ABSENT else str(value))
        return Change(path, value, plain_text(read_value(self.ask.program, value, field.type), field.type))

    def inputs(self) -> tuple[str, ...]:
        """Return the known inputs that the answer was reached through."""
        steps = self.outcome({}, judge=judging.judge_with_trace).steps
        paths = dict.fromkeys(read.path for step in steps for read in step.inputs if read.status is not Status.UNKNOWN)
        return tuple(path for path in paths if self.values(path))

    def finite(self, path: str) -> bool:
        """Tell whether the values tried of an input are all those that it may have."""
        if path.startswith(HYPOTHESIS_NEED):
            return True
        field = _field(self.ask.program, path)
        return field is not None and (field.type is Scalar.BOOLEAN or isinstance(field.type, EnumType))

    def values(self, path: str) -> tuple[Any, ...]:
        """Return the values to try for an input, raw and in order; none where it cannot be given one."""
        program = self.ask.program
        if path.startswith(HYPOTHESIS_NEED):
            question = program.hypotheses.get(path.removeprefix(HYPOTHESIS_NEED))
            return question.readings if question is not None else ()
        field = _field(program, path)
        if field is None or not _reachable(self.ask.record, path):
            return ()
        found = tuple(to_json(value, field.type) for value in self._constants(field))
        return (*found, _ABSENT) if field.optional else found

    def _constants(self, field: FieldSpec) -> Iterator[Constant]:
        program, type_ = self.ask.program, field.type
        match type_:
            case Scalar.BOOLEAN:
                yield from (True, False)
            case EnumType(name):
                yield from program.enumerations[name].values
            case SetType(EnumType(name)):
                yield frozenset()
                yield from (frozenset({value}) for value in program.enumerations[name].values)
            case Scalar.DATE:
                days = {day + step for day in self.constants.dates for step in (-ONE_DAY, dt.timedelta(), ONE_DAY) if day < dt.date.max}
                yield from sorted(day for day in days if _within(day, field))
            case Scalar.INTEGER | Scalar.MONEY | Scalar.RATE | Scalar.POINTS:
                named = self.constants.numbers.get(type_, ())
                numbers = {0, *(number + step for number in named for step in (-STEP[type_], 0, STEP[type_]))}
                numbers |= {end for end in (field.low, field.high) if isinstance(end, int | Fraction)}
                yield from sorted(number for number in numbers if _within(number, field))
            case _:
                return

    def closest(self, path: str, target: Constant, others: Mapping[str, Any]) -> Change | None:
        """Return the value of an input, nearest to its own, that gives the answer wanted; `None` where none tried does."""
        field = _field(self.ask.program, path)
        if field is None:
            return None
        now = _get(self.ask.record, path)
        hits = [value for value in self.values(path) if value != now and not self.spent and self._gives(target, {**others, path: value})]
        if not hits:
            return None
        if field.type not in _RULED or now is None or now == _ABSENT:
            return self.change(path, hits[0])
        here = read_value(self.ask.program, now, field.type)
        ruled = [read_value(self.ask.program, value, field.type) for value in hits if value != _ABSENT]
        if not ruled:
            return self.change(path, hits[0])
        approached = [self._approach(path, field.type, here, value, target, others) for value in ruled]
        best = min(approached, key=lambda value: _apart(here, value))
        return self.change(path, to_json(best, field.type))

    def _approach(self, path: str, type_: Type, here: Constant, there: Constant, target: Constant, others: Mapping[str, Any]) -> Constant:
        """Halve the way between a value that does not give the answer and one that does, to one step."""
        step = ONE_DAY if type_ is Scalar.DATE else STEP[type_]
        far = math.ceil(_apart(here, there) / (1 if type_ is Scalar.DATE else Fraction(STEP[type_])))
        sign = 1 if cast("Any", there) > here else -1
        near = 0
        best = there
        while far - near > 1 and not self.spent:
            middle = (near + far) // 2
            value = cast("Constant", cast("Any", here) + sign * middle * step)
            if self._gives(target, {**others, path: to_json(value, type_)}):
                far, best = middle, value
            else:
                near = middle
        return best

    def _gives(self, target: Constant, changes: Mapping[str, Any]) -> bool:
        outcome = self.outcome(changes)
        return outcome.status is Status.KNOWN and outcome.value == target


_RULED: frozenset[Type] = frozenset({Scalar.INTEGER, Scalar.MONEY, Scalar.RATE, Scalar.POINTS, Scalar.DATE})


def _apart(here: Constant, there: Constant) -> Fraction:
    """Return how far a number or a day is from another."""
    if isinstance(here, dt.date) and isinstance(there, dt.date):
        return Fraction(abs((there - here).days))
    return abs(Fraction(cast("int | Fraction", there)) - Fraction(cast("int | Fraction", here)))


def _within(value: Number | dt.date, field: FieldSpec) -> bool:
    low, high = cast("Any", field.low), cast("Any", field.high)
    return (low is None or low <= value) and (high is None or value <= high)


def _field(program: Program, path: str) -> FieldSpec | None:
    """Return the field that a path leads to."""
    entity, field = program.main, None
    for segment in _SEGMENT.finditer(path):
        field = entity.fields.get(segment["name"])
        if field is None:
            return None
        kind = field.type.item if isinstance(field.type, ListType) else field.type
        if isinstance(kind, EntityType):
            entity = program.entities[kind.name]
    return field if field is not None and not isinstance(field.type, EntityType | ListType) else None


def _reachable(raw: object, path: str) -> bool:
    return _holder(copy.deepcopy(raw), path) is not None


def _get(raw: object, path: str) -> Any:
    holder = _holder(copy.deepcopy(raw), path)
    return holder.get(_last(path)) if holder is not None else None


def _put(raw: object, path: str, value: object) -> None:
    holder = _holder(raw, path)
    if holder is not None:
        holder[_last(path)] = value


def _last(path: str) -> str:
    return [segment["name"] for segment in _SEGMENT.finditer(path)][-1]


def _holder(raw: object, path: str) -> dict[str, Any] | None:
    """Return the raw record that holds the last name of a path, made where it is only unknown."""
    here: object = raw
    for segment in [*_SEGMENT.finditer(path)][:-1]:
        if not isinstance(here, dict):
            return None
        if here.get(segment["name"]) is None and segment["key"] is None:
            here[segment["name"]] = {}
        here = here.get(segment["name"])
        if segment["key"] is not None:
            items = here if isinstance(here, list | tuple) else ()
            here = next((item for item in items if isinstance(item, dict) and str(item.get(segment["key"])) == segment["value"]), None)
    return here if isinstance(here, dict) else None
