"""From a program's mutants to those that its tests and properties kill, those proved equivalent, and those that survive."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from time import monotonic

import attrs

from optam_rules.analysis.coverage.elements import plan
from optam_rules.analysis.coverage.measure import Observed, observe
from optam_rules.analysis.mutation.mutants import Mutant, mutants
from optam_rules.analysis.mutation.properties import Corpus, draw_corpus
from optam_rules.analysis.obligations import SameAnswer, Side
from optam_rules.analysis.packtests import interpret_read
from optam_rules.analysis.prove import discharge
from optam_rules.analysis.reached import Key, answers_of, readers_of
from optam_rules.analysis.verdict import Budget, Open, Proved, Refuted, Verdict
from optam_rules.base.phrases import Phrase
from optam_rules.core.ir import ParameterRead
from optam_rules.core.program import Parameter, Program
from optam_rules.core.walk import subexpressions


@attrs.frozen
class Killed:
    """A mutant that a test, or a property, sees: its title."""

    mutant: Mutant
    by: str


@attrs.frozen
class Equivalent:
    """A mutant that no test can see: on no record and no day does it answer otherwise, which was proved."""

    mutant: Mutant
    scope: Phrase


@attrs.frozen
class Survivor:
    """A mutant that nothing sees. `verdict` refutes that it answers the same, with a witness at `path`, or says why that stays open."""

    mutant: Mutant
    path: str
    verdict: Refuted | Open


@attrs.frozen
class MutationReport:
    """What became of the mutants of a pack; `planted` of `total`, where a sample was asked."""

    program: Program
    total: int
    planted: int
    killed: tuple[Killed, ...]
    equivalent: tuple[Equivalent, ...]
    survivors: tuple[Survivor, ...]
    failing: tuple[str, ...]  # tests that fail without any fault, and kill nothing
    seconds: float

    @property
    def score(self) -> tuple[int, int]:
        """The mutants killed, and those that could be: all but the ones proved equivalent."""
        return len(self.killed), self.planted - len(self.equivalent)


@attrs.frozen
class Settings:
    """What to plant and what to spend: definitions by name (all of them where none is given), a sample, seconds of proof in all."""

    definitions: frozenset[str] = frozenset()
    sample: int | None = None
    seed: int = 0
    seconds: float = 60.0
    examples: int = 100


def mutate(program: Program, chosen: Settings, tell: Callable[[int, int], None] = lambda done, of: None) -> MutationReport:
    """Plant each mutant, run the tests that reach it until one fails, then the properties, then try to prove what is left equivalent.

    `tell` is called with the mutants done and their number.
    """
    start = monotonic()
    everything = [mutant for mutant in mutants(program) if not chosen.definitions or mutant.name in chosen.definitions]
    planted = everything
    if chosen.sample is not None and chosen.sample < len(everything):
        drawn = sorted(random.Random(chosen.seed).sample(range(len(everything)), chosen.sample))
        planted = [everything[place] for place in drawn]
    hunt = _Hunt.begin(program, chosen)
    killed: list[Killed] = []
    alive: list[Mutant] = []
    for done, mutant in enumerate(planted, 1):
        by = hunt.killer(mutant)
        if by is not None:
            killed.append(Killed(mutant, by))
        else:
            alive.append(mutant)
        tell(done, len(planted))
    left = [hunt.settle(mutant) for mutant in alive]
    return MutationReport(
        program,
        len(everything),
        len(planted),
        tuple(killed),
        tuple(one for one in left if isinstance(one, Equivalent)),
        tuple(one for one in left if isinstance(one, Survivor)),
        hunt.failing,
        monotonic() - start,
    )


@attrs.define
class _Hunt:
    """The tests and properties of a program as they were run without a fault, and the order in which they are tried."""

    program: Program
    chosen: Settings
    tests: Sequence[Observed]
    failing: tuple[str, ...]
    readers: Mapping[str, frozenset[int]]  # parameter -> nodes that read it
    read_by: Mapping[str, frozenset[Key]]  # parameter -> definitions that read it
    paths: Mapping[Key, frozenset[str]]  # definition -> answers that it may change
    spent: float = 0.0
    _recent: dict[str, list[int]] = attrs.field(factory=lambda: defaultdict(list))
    _corpus: Corpus | None = None

    @classmethod
    def begin(cls, program: Program, chosen: Settings) -> _Hunt:
        ran = [test for test in observe(program, plan(program)) if isinstance(test, Observed)]
        readers: dict[str, set[int]] = defaultdict(set)
        for definition in program.definitions.values():
            for part in (part for expr in definition.expressions() for part in subexpressions(expr)):
                if isinstance(part, ParameterRead):
                    readers[part.name].add(id(part))
        return cls(
            program,
            chosen,
            [test for test in ran if test.passed],
            tuple(test.read.test.title for test in ran if not test.passed),
            {name: frozenset(nodes) for name, nodes in readers.items()},
            readers_of(program),
            answers_of(program),
        )

    def killer(self, mutant: Mutant) -> str | None:
        """Return the title of the first test, or property, that sees a mutant."""
        program = mutant.apply(self.program)
        keys = self._keys(mutant)
        answers = frozenset(path for key in keys for path in self.paths[key])
        for place in self._tried(mutant, keys, answers):
            if not interpret_read(program, self.tests[place].read, answers=answers).passed:
                recent = self._recent[mutant.name]
                if place in recent:
                    recent.remove(place)
                recent.insert(0, place)
                return self.tests[place].read.test.title
        return self._corpus_of().killer(program, lambda touched, read: self._sees(mutant, keys, touched, read))

    def settle(self, mutant: Mutant) -> Equivalent | Survivor:
        """Prove a mutant equivalent, or find a record that tells it apart, within what is left of the budget."""
        program = mutant.apply(self.program)
        proofs: list[Phrase] = []
        opened: tuple[str, Open] | None = None
        for path in self._asked(mutant):
            if self.spent >= self.chosen.seconds:
                return Survivor(
                    mutant, path, Open(Phrase("le temps accordé aux preuves est épuisé", "the time granted to proofs is spent"))
                )
            verdict = self._compare(program, path)
            match verdict:
                case Refuted():
                    return Survivor(mutant, path, verdict)
                case Proved(scope):
                    proofs.append(scope)
                case Open():
                    opened = opened or (path, verdict)
        if opened is None:
            return Equivalent(mutant, proofs[0] if proofs else Phrase("aucune réponse ne la lit", "no answer reads it"))
        return Survivor(mutant, *opened)

    def _compare(self, program: Program, path: str) -> Verdict:
        start = monotonic()
        left = max(1.0, min(10.0, self.chosen.seconds - self.spent))
        try:
            same = SameAnswer(Side(self.program), Side(program), path, path, self.program.interval)
            return discharge(same, budget=Budget(seconds=left, examples=self.chosen.examples))
        finally:
            self.spent += monotonic() - start

    def _keys(self, mutant: Mutant) -> frozenset[Key]:
        if isinstance(mutant.changed, Parameter):
            return self.read_by.get(mutant.changed.name, frozenset())
        return frozenset(changed.key for changed in mutant.changed)

    def _tried(self, mutant: Mutant, keys: frozenset[Key], answers: frozenset[str]) -> Iterator[int]:
        """Yield the tests that reach a mutant, the last to have killed one of the same definition first."""
        recent = list(self._recent[mutant.name])
        for place in dict.fromkeys([*recent, *range(len(self.tests))]):
            test = self.tests[place]
            asked = any(expectation.path in answers for expectation in test.read.test.expected)
            if asked and self._sees(mutant, keys, test.touched, test.definitions):
                yield place

    def _sees(self, mutant: Mutant, keys: frozenset[Key], touched: frozenset[int], read: frozenset[Key]) -> bool:
        if mutant.node is not None:
            return id(mutant.node) in touched
        if isinstance(mutant.changed, Parameter):
            return not self.readers.get(mutant.changed.name, frozenset()).isdisjoint(touched)
        return not keys.isdisjoint(read)

    def _asked(self, mutant: Mutant) -> Iterable[str]:
        """Return the answers by which a mutant would show: those that it changes themselves, else those that read what it changes.

        Where the definitions changed answer the same, so does all that reads them.
        """
        own: dict[str, None] = {}
        for key in sorted(self._keys(mutant)):
            direct = [path for path, definition in self.program.answers_by_path.items() if definition.key == key]
            own |= dict.fromkeys(direct or [".".join(key)])
        return own

    def _corpus_of(self) -> Corpus:
        if self._corpus is None:
            self._corpus = draw_corpus(self.program, examples=self.chosen.examples)
        return self._corpus
