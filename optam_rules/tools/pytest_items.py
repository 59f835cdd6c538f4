"""From a pack to pytest's items: its tests and its properties, each with its place in the text and failures that read like sentences."""

from __future__ import annotations

import importlib.util
import os
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import NoReturn

import pytest

from optam_rules.analysis.packtests import ReadTest, read_test, run_read
from optam_rules.api import Pack, load
from optam_rules.base.diagnostics import render_text
from optam_rules.base.errors import OptamError
from optam_rules.base.phrases import COLON, Phrase, install
from optam_rules.base.source import Position
from optam_rules.core.program import Property, TestCase
from optam_rules.tools.language import asked
from optam_rules.tools.report.results import from_property, from_test


class PackCollector(pytest.File):
    """A pack, collected by its manifest."""

    def collect(self) -> Iterator[pytest.Item]:
        """Yield its tests, then its properties; its faults, where it does not compile, are an error of collection."""
        try:
            pack = load(self.path.parent)
        except OptamError as error:
            raise self.CollectError(error.told(asked())) from error
        seen: Counter[str] = Counter()

        def name(title: str) -> str:
            seen[title] += 1
            return title if seen[title] == 1 else f"{title} [{seen[title]}]"

        for case in pack.program.tests:
            yield TestItem.from_parent(self, name=name(f"{case.title} (au {case.on})"), pack=pack, case=case)
        for invariant in pack.program.properties:
            yield PropertyItem.from_parent(self, name=name(f"propriété {invariant.title}"), pack=pack, invariant=invariant)


class _Item(pytest.Item):
    """What both kinds share: the pack, a place in its text, and failures without a Python traceback."""

    def __init__(self, *, pack: Pack, position: Position, **keywords: object) -> None:
        super().__init__(**keywords)  # type: ignore[arg-type]
        self.pack = pack
        self.position = position

    def reportinfo(self) -> tuple[os.PathLike[str] | str, int | None, str]:
        """Return the file, the line from 0 and the name."""
        pack, _, name = self.position.file.partition("/")
        file = self.path.parent / name if pack == self.pack.id else Path(self.position.file)
        return file, self.position.line - 1, self.name

    def told(self, failure: str) -> NoReturn:
        """Fail with words that a person reads, without a Python traceback."""
        pytest.fail(f"{self.position}{COLON.told(asked())}« {self.name} »\n{failure}", pytrace=False)


class TestItem(_Item):
    """A test of a pack: its record is read in `setup`, so that a faulty record is an error and not a failure."""

    __test__ = False

    def __init__(self, *, pack: Pack, case: TestCase, **keywords: object) -> None:
        super().__init__(pack=pack, position=case.provenance.position, **keywords)
        self.case = case
        self.program = (pack if case.known_on is None else pack.known(case.known_on)).program

    def setup(self) -> None:
        """Read the record, or tell all its faults."""
        read = read_test(self.program, self.case)
        if not isinstance(read, ReadTest):
            self.told("\n".join(render_text(fault, asked()) for fault in read))
        self.read = read

    def runtest(self) -> None:
        """Judge the record and compare, or tell each answer that came out otherwise."""
        failure = from_test(run_read(self.program, self.read), asked()).failure
        if failure is not None:
            self.told(failure)


class PropertyItem(_Item):
    """A property of a pack, for which a record that refutes it is sought."""

    def __init__(self, *, pack: Pack, invariant: Property, **keywords: object) -> None:
        super().__init__(pack=pack, position=invariant.provenance.position, **keywords)
        self.invariant = invariant

    def setup(self) -> None:
        """Skip where no record is asked, or where the extra that draws them is missing."""
        if self._examples == 0:
            pytest.skip("optam_examples = 0")
        if importlib.util.find_spec("hypothesis") is None:
            pytest.skip(str(install("testing")))

    def runtest(self) -> None:
        """Look for a counterexample, and tell it, or that no record drawn decides the property."""
        from optam_rules.analysis.search import search  # imported here: hypothesis is an extra

        failure = from_property(search(self.pack.program, self.invariant, examples=self._examples), asked()).failure
        if failure is not None:
            self.told(failure)

    @property
    def _examples(self) -> int:
        written = str(self.config.getini("optam_examples"))
        if not written.isdecimal():
            wrong = Phrase(
                f"optam_examples : `{written}` n'est pas un nombre de dossiers", f"optam_examples: `{written}` is not a number of records"
            )
            raise pytest.UsageError(wrong.told(asked()))
        return int(written)
