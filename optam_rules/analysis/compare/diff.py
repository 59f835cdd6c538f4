"""From two sides to what differs between them: in the text, and answer by answer, proved, shown by a witness, or left open."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from enum import StrEnum

import attrs

from optam_rules.analysis.compare.align import Alignment, align, on_day
from optam_rules.analysis.compare.change import Change
from optam_rules.analysis.compare.known import judged, refuted_by_tests
from optam_rules.analysis.compare.parting import Parting, parting
from optam_rules.analysis.compare.reach import Reach
from optam_rules.analysis.obligations import NeverHigher, NeverLower, SameAnswer, Side
from optam_rules.analysis.prove import discharge
from optam_rules.analysis.verdict import Budget, Proved, Refuted, Verdict
from optam_rules.base.calendar import ALWAYS, Interval
from optam_rules.core.identity import Meanings
from optam_rules.core.judgement import Outcome
from optam_rules.core.program import Definition, Program
from optam_rules.core.types import NUMERIC, Type


class Kind(StrEnum):
    """What becomes of an answer."""

    IDENTICAL = "identical"  # by construction: all that it reaches says the same
    PROVED = "proved"
    CHANGED = "changed"
    RETYPED = "retyped"
    ADDED = "added"
    REMOVED = "removed"
    OPEN = "open"


class Way(StrEnum):
    """Where an amount or a rate may go."""

    NEVER_HIGHER = "never_higher"
    NEVER_LOWER = "never_lower"
    EITHER = "either"
    NEITHER = "neither"  # where both sides have a value, it is the same


@attrs.frozen
class Direction:
    """Whether the new value is never above, and never below, the old one where both are known."""

    never_higher: Verdict
    never_lower: Verdict

    @property
    def way(self) -> Way:
        """The direction as far as was found: an open verdict counts as no counterexample."""
        higher, lower = isinstance(self.never_higher, Refuted), isinstance(self.never_lower, Refuted)
        if higher and lower:
            return Way.EITHER
        if higher:
            return Way.NEVER_LOWER
        return Way.NEVER_HIGHER if lower else Way.NEITHER

    @property
    def proved(self) -> bool:
        """Tell whether the direction rests on proofs and witnesses alone."""
        return all(isinstance(verdict, Proved | Refuted) for verdict in (self.never_higher, self.never_lower))


@attrs.frozen
class AnswerDiff:
    """What becomes of one answer; a path is absent where that side lacks it.

    `changes` are the changes of substance within its reach. `verdict` is that of the two sides answering the same; with a witness,
    `explained` are both judgements of it and `parting` the first step at which they part; `direction` for numbers alone.
    """

    kind: Kind
    old_path: str | None
    new_path: str | None
    type: Type
    changes: tuple[Change, ...] = ()
    verdict: Verdict | None = None
    direction: Direction | None = None
    parting: Parting | None = None
    explained: tuple[Outcome | None, Outcome | None] = (None, None)

    @property
    def path(self) -> str:
        """The newest path."""
        return self.new_path or self.old_path or ""

    @property
    def renamed(self) -> bool:
        """Tell whether both sides have it under two names."""
        return None not in (self.old_path, self.new_path) and self.old_path != self.new_path

    @property
    def differs(self) -> bool:
        """Tell whether the two sides were shown to differ."""
        return self.kind in (Kind.CHANGED, Kind.RETYPED, Kind.ADDED, Kind.REMOVED)

    @property
    def articles(self) -> tuple[str, ...]:
        """The articles of the changes within its reach, on either side, in the order of the text."""
        return tuple(dict.fromkeys(article for change in self.changes for article in change.articles))


@attrs.frozen
class Comparison:
    """Two sides compared on a window of days (each on its own day where they fix one)."""

    old: Side
    new: Side
    window: Interval
    alignment: Alignment
    answers: tuple[AnswerDiff, ...]

    @property
    def differs(self) -> bool:
        """Tell whether an answer was shown to differ."""
        return any(answer.differs for answer in self.answers)

    @property
    def undecided(self) -> bool:
        """Tell whether an answer is neither shown to differ nor proved the same."""
        return any(answer.kind is Kind.OPEN for answer in self.answers)

    def paths_that_may_differ(self) -> tuple[tuple[str, str], ...]:
        """Return the (old, new) paths of the answers of both sides that are not the same by construction or by proof."""
        kinds = (Kind.CHANGED, Kind.OPEN)
        return tuple((each.old_path, each.new_path) for each in self.answers if each.kind in kinds and each.old_path and each.new_path)


Tell = Callable[[str], None]


def compare(old: Side, new: Side, *, wanted: frozenset[str] | None = None, budget: Budget, tell: Tell = lambda _: None) -> Comparison:
    """Compare two sides. `wanted` keeps the answers of those paths; `tell` is called with each answer before it is worked on.

    Both sides fix a day, or neither does.
    """
    window = ALWAYS if old.day or new.day else old.program.interval.intersect(new.program.interval)
    views = _view(old), _view(new)
    work = _Work(old, new, views, window, align(*views), budget)
    pairs = [each for each in work.pairs() if wanted is None or wanted & {each[0], each[1]}]
    return Comparison(old, new, window, work.alignment, work.answers(pairs, tell))


def _view(side: Side) -> Program:
    return on_day(side.program, side.day) if side.day else side.program


_Pair = tuple[str | None, str | None]


@attrs.frozen
class _Work:
    old: Side
    new: Side
    views: tuple[Program, Program]
    window: Interval
    alignment: Alignment
    budget: Budget

    def pairs(self) -> Iterator[_Pair]:
        """Yield (old path, new path) of the answers in force on some day of the comparison, the new order first."""
        olds, news = (self._in_force(view) for view in self.views)
        became = {path: self._became(path, definition) for path, definition in olds.items()}
        came_from = {path: before for before, path in became.items() if path in news}
        for path in news:
            yield came_from.get(path), path
        for path in olds:
            if became[path] not in news:
                yield path, None

    def _in_force(self, view: Program) -> Mapping[str, Definition]:
        return {
            path: definition
            for path, definition in view.answers_by_path.items()
            if any(not version.interval.intersect(self.window).empty for version in definition.versions)
        }

    def _became(self, path: str, definition: Definition) -> str:
        name = self.alignment.definitions.get(definition.key, definition.key)[1]
        return f"{path.rpartition('.')[0]}.{name}" if "." in path else name

    def answers(self, pairs: Sequence[_Pair], tell: Tell) -> tuple[AnswerDiff, ...]:
        """Compare answers: what the texts settle, then what the packs' own tests show, then what a search or a proof does."""
        settled = self._by_texts(pairs)
        asked = [(each, _obligations(self, each)) for each in settled if each.kind is Kind.OPEN]
        flat = [obligation for _, obligations in asked for obligation in obligations]
        known = refuted_by_tests(flat, examples=self.budget.examples)
        shown: dict[str, AnswerDiff] = {}
        place = 0
        for each, obligations in asked:
            tell(each.path)
            verdicts = _Verdicts(obligations, {i: known[place + i] for i in range(len(obligations)) if place + i in known}, self.budget)
            shown[each.path] = self._shown(each, verdicts)
            place += len(obligations)
        return tuple(shown.get(each.path, each) if each.kind is Kind.OPEN else each for each in settled)

    def _by_texts(self, pairs: Sequence[_Pair]) -> list[AnswerDiff]:
        """Tell what the texts alone settle; the rest is open."""
        old, new = self.old, self.new
        meanings = (
            Meanings(old.program, old.readings, self.window, old.day).of,
            Meanings(new.program, new.readings, self.window, new.day).of,
        )
        reaches = Reach(self.views[0]), Reach(self.views[1])
        found = []
        for old_path, new_path in pairs:
            before = self.views[0].answers_by_path[old_path] if old_path else None
            after = self.views[1].answers_by_path[new_path] if new_path else None
            if before and after and meanings[0][before.key] == meanings[1][after.key]:
                found.append(AnswerDiff(Kind.IDENTICAL, old_path, new_path, after.type))
                continue
            keys = (before.key if before else None, after.key if after else None)
            changes = tuple(
                change
                for change in self.alignment.changes
                if change.of_substance and any(key and reach.touches(key, change) for key, reach in zip(keys, reaches, strict=True))
            )
            if before and after:
                kind, type_ = Kind.OPEN if before.type == after.type else Kind.RETYPED, after.type
            elif after:
                kind, type_ = Kind.ADDED, after.type
            else:
                kind, type_ = Kind.REMOVED, self.views[0].answers_by_path[old_path or ""].type
            found.append(AnswerDiff(kind, old_path, new_path, type_, changes))
        return found

    def _shown(self, answer: AnswerDiff, verdicts: _Verdicts) -> AnswerDiff:
        verdict = verdicts.of(0)
        kind = Kind.PROVED if isinstance(verdict, Proved) else Kind.CHANGED if isinstance(verdict, Refuted) else Kind.OPEN
        found = attrs.evolve(answer, kind=kind, verdict=verdict)
        if not isinstance(verdict, Refuted):
            return found
        case = verdict.witness.case
        explained = judged(self.old, case, answer.old_path or ""), judged(self.new, case, answer.new_path or "")
        renamed = {before[1]: after[1] for before, after in self.alignment.definitions.items()}
        steps = [outcome.steps if outcome else () for outcome in explained]
        return attrs.evolve(
            found,
            explained=explained,
            parting=parting(steps[0], steps[1], renamed),
            direction=Direction(verdicts.of(1), verdicts.of(2)) if answer.type in NUMERIC else None,
        )


def _obligations(work: _Work, answer: AnswerDiff) -> tuple[SameAnswer | NeverHigher | NeverLower, ...]:
    asked = (work.old, work.new, answer.old_path or "", answer.new_path or "", work.window)
    same = SameAnswer(*asked)
    return (same, NeverHigher(*asked), NeverLower(*asked)) if answer.type in NUMERIC else (same,)


@attrs.frozen
class _Verdicts:
    """The verdicts of the obligations of one answer: those that tests refuted, the others when they are asked for."""

    obligations: tuple[SameAnswer | NeverHigher | NeverLower, ...]
    known: Mapping[int, Refuted]
    budget: Budget

    def of(self, place: int) -> Verdict:
        return self.known.get(place) or discharge(self.obligations[place], budget=self.budget)
