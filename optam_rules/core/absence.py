"""What backends compute with: a known value, or one of the four non-answers, each with what it rests on (S3, S11, S13)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import attrs

from optam_rules.base.codes import CATALOGUE
from optam_rules.base.source import Position
from optam_rules.core.ir import Constant
from optam_rules.core.judgement import Fault, Status
from optam_rules.core.record import Record
from optam_rules.core.standing import Standing

Content = Constant | Record | tuple[Record, ...] | None
Rest = tuple[Standing, frozenset[str]]  # what an answer rests on
_NOTHING: frozenset[str] = frozenset()
_KNOWN, _UNKNOWN = Status.KNOWN, Status.UNKNOWN


@attrs.frozen(slots=False)  # made for each expression of a record: without slots its parts are set at once
class Value:
    """The outcome of an expression; `needs` only where unknown."""

    status: Status
    content: Content = None
    needs: frozenset[str] = _NOTHING
    standing: Standing = Standing.TEXT
    hypotheses: frozenset[str] = _NOTHING
    fault: Fault | None = None
    conflict: tuple[Position, ...] = ()

    @property
    def known(self) -> bool:
        """Tell whether there is a content."""
        return self.status is Status.KNOWN

    def resting_on(self, standing: Standing, hypotheses: frozenset[str]) -> Value:
        """Return the value lowered to what else was read to decide it."""
        if standing >= self.standing and hypotheses <= self.hypotheses:
            return self
        weaker, both = min(standing, self.standing), self.hypotheses | hypotheses
        return Value(self.status, self.content, self.needs, weaker, both, self.fault, self.conflict)

    def holding(self, content: Content) -> Value:
        """Return a known value with another content, which rests on the same."""
        return Value(Status.KNOWN, content, self.needs, self.standing, self.hypotheses, self.fault, self.conflict)

    def waiting_for(self, needs: frozenset[str]) -> Value:
        """Return an unknown that waits for more."""
        return Value(self.status, self.content, self.needs | needs, self.standing, self.hypotheses, self.fault, self.conflict)


TRUE = Value(Status.KNOWN, True)
FALSE = Value(Status.KNOWN, False)
NOT_APPLICABLE = Value(Status.NOT_APPLICABLE)


def known(content: Content) -> Value:
    """Return a value that rests on nothing but inputs."""
    return Value(Status.KNOWN, content)


def unknown(*needs: str) -> Value:
    """Return an unknown that waits for `needs`."""
    return Value(Status.UNKNOWN, needs=frozenset(needs))


def fault(code: str, position: Position, **words: object) -> Value:
    """Return an error value with the catalogue's wording."""
    said = tuple((name, str(word)) for name, word in words.items())
    return Value(Status.ERROR, fault=Fault(code, CATALOGUE[code].message.format(**words), position, said))


def as_condition(value: Value) -> Value:
    """Return the value as a condition reads it: sans objet counts as false."""
    return value.holding(False) if value.status is Status.NOT_APPLICABLE else value


def weakest(values: Iterable[Value]) -> Rest:
    """Return the weakest standing and all the hypotheses of some values."""
    standing, hypotheses = Standing.TEXT, _NOTHING
    for value in values:
        if value.standing < standing:
            standing = value.standing
        if value.hypotheses:
            hypotheses |= value.hypotheses
    return standing, hypotheses


_WORST = (Status.CONFLICT, Status.ERROR, Status.NOT_APPLICABLE)


def non_answer(operands: Sequence[Value]) -> Value | None:
    """Return what a strict operator gives where an operand is not known, else `None`: unknown first, then S13's order."""
    statuses = [operand.status for operand in operands]
    if statuses.count(_KNOWN) == len(statuses):
        return None
    standing, hypotheses = weakest(operands)
    if _UNKNOWN in statuses:
        return Value(_UNKNOWN, None, all_needs(operands), standing, hypotheses)
    worst = next(status for status in _WORST if any(operand.status is status for operand in operands))
    return _merge([operand for operand in operands if operand.status is worst]).resting_on(standing, hypotheses)


def all_needs(values: Iterable[Value]) -> frozenset[str]:
    """Return what any of the values waits for."""
    needs = _NOTHING
    for value in values:
        if value.needs:
            needs = needs | value.needs if needs else value.needs
    return needs


def _merge(same: Sequence[Value]) -> Value:
    """Merge values of one status other than unknown: the positions of all conflicts, the first fault."""
    first, *others = same
    if not others:
        return first
    standing, hypotheses = weakest(same)
    positions = tuple(dict.fromkeys(position for value in same for position in value.conflict))
    return Value(first.status, first.content, first.needs, standing, hypotheses, first.fault, positions)


def join(outcomes: Sequence[Value], needs: frozenset[str]) -> Value:
    """Return what all completions of unknown conditions agree on, else an unknown (S3); `needs` are the conditions'."""
    first = outcomes[0]
    if first.status is not Status.UNKNOWN and all(other.status is first.status and other.content == first.content for other in outcomes):
        return _merge(outcomes)
    standing, hypotheses = weakest(outcomes)
    return Value(Status.UNKNOWN, needs=needs | all_needs(outcomes), standing=standing, hypotheses=hypotheses)


def decided(operands: Sequence[Value], deciding: bool) -> tuple[Value, frozenset[int]] | None:
    """Return the value that Kleene's deciding operand gives and the operands it rests on, or `None` where none decides.

    Several may decide: the strongest standing among them is enough (S11).
    """
    those = [i for i, operand in enumerate(operands) if operand.known and operand.content is deciding]
    if not those:
        return None
    best = max(operands[i].standing for i in those)
    kept = frozenset(i for i in those if operands[i].standing is best)
    standing, hypotheses = strongest([(operands[i].standing, operands[i].hypotheses) for i in those])
    return Value(Status.KNOWN, deciding, standing=standing, hypotheses=hypotheses), kept


def strongest(deciding: Sequence[Rest]) -> Rest:
    """Return what an answer rests on where each of several operands decides it alone."""
    best = max(standing for standing, _ in deciding)
    return best, _NOTHING.union(*(hypotheses for standing, hypotheses in deciding if standing is best))


def kleene(operands: Sequence[Value], deciding: bool) -> tuple[Value, frozenset[int]]:
    """Return `ou` (deciding = true) or `et` (deciding = false) of any number of operands, and the operands that the answer rests on."""
    found = decided(operands, deciding)
    if found is not None:
        return found
    absent = non_answer(operands)
    if absent is not None:
        return absent, frozenset(i for i, operand in enumerate(operands) if operand.status is absent.status)
    standing, hypotheses = weakest(operands)
    return Value(Status.KNOWN, not deciding, standing=standing, hypotheses=hypotheses), frozenset(range(len(operands)))


def negation(operand: Value) -> Value:
    """Return `non operand`."""
    return operand.holding(not operand.content) if operand.known else operand
