"""From the name of a pack to the pack, ready to judge; validates each call, then one call down.

Every function is pure in its arguments and safe in threads; nothing here prints. What a judgement does not need, the parser and the checker
first, is imported by the method that needs it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, Unpack

import attrs

from optam_rules.api.calls import AfterVerified, Asked, Call, Refusal, Setting, answers_on, checked_call
from optam_rules.base.arguments import date_fault
from optam_rules.base.diagnostics import Diagnostic, diagnose
from optam_rules.base.errors import CallError, PackError
from optam_rules.core.answers import Answer, Judgement
from optam_rules.core.program import ArticleText, Program
from optam_rules.library.compiled import compile_pack
from optam_rules.library.files import PackFiles, find, read_pack
from optam_rules.library.manifest import Manifest

if TYPE_CHECKING:
    import pyarrow

    from optam_rules.analysis.packtests import TestResult
    from optam_rules.analysis.verdict import Budget
    from optam_rules.analysis.verify import Checked
    from optam_rules.analysis.whatif import WhatIf
    from optam_rules.core.clauses import Clause
    from optam_rules.interop.table_input import Data, Tables
    from optam_rules.interop.tables import TableCounts


@attrs.frozen
class Pack:
    """A compiled pack, ready to judge. Immutable: one may serve all the threads of a process.

    `known_on` is the day up to which what was published counts, `None` where all of it does. The arguments that judgements share are told
    by `Setting`, and checked once for many records by `prepare`.
    """

    program: Program = attrs.field(repr=lambda program: f"<{program.id} {program.version}>")
    manifest: Manifest
    warnings: tuple[Diagnostic, ...] = ()
    files: PackFiles | None = attrs.field(default=None, repr=False, eq=False)
    known_on: dt.date | None = None

    @property
    def id(self) -> str:
        """Name of the pack, as `cm-2016`."""
        return self.program.id

    @property
    def title(self) -> str:
        """Title of the convention."""
        return self.program.title

    @property
    def version(self) -> str:
        """Version of the text."""
        return self.program.version

    @property
    def digest(self) -> str:
        """`sha256:` of the pack's texts and of its vocabulary's."""
        return self.program.digest

    def known(self, day: dt.date) -> Pack:
        """Return the pack as it could be read on a day: what was published later is left out and the earlier state holds.

        Raises CallError for what is no date (E810), PackError where what was published by then is no coherent text.
        """
        _require_date(day)
        if self.files is None:
            return attrs.evolve(self, known_on=day)
        from optam_rules.library.packs import state_on

        state = state_on(self.files, day)
        if state is None:
            return attrs.evolve(self, known_on=day)
        return attrs.evolve(opened(self.files, state), manifest=self.manifest, known_on=day)

    def consolidated(self, *, on: dt.date) -> str:
        """Print as one text of the language what the convention says on a day, amendments worked in.

        The text loads again under the pack's manifest, with the meaning of that day. Raises CallError (E810, E813).
        """
        _require_date(on)
        if self.files is None:
            raise CallError([diagnose("E813", name=self.id, titles="")])
        from optam_rules.library.packs import state_on, text_on

        return text_on(self.files, on, state_on(self.files, self.known_on))

    def answers(self, on: dt.date | None = None) -> tuple[str, ...]:
        """List the answers: all of them, or those whose definition is in force on a date. Raises CallError for what is no date (E810)."""
        if on is not None:
            _require_date(on)
        return answers_on(self.program, on)

    def articles(self, number: str | None = None) -> tuple[ArticleText, ...]:
        """List the articles, or the versions of one (`"41.1"`, `"annexe 21"`)."""
        return tuple(article for article in self.program.articles if number is None or article.number == number)

    def prepare(
        self,
        *,
        on: dt.date,
        assume: Mapping[str, str] | None = None,
        references: Mapping[str, Mapping[object, object]] | None = None,
        answers: Sequence[str] | None = None,
        trace: bool = False,
        after_verified: AfterVerified | str = AfterVerified.REFUSE,
        known_on: dt.date | None = None,
    ) -> Call:
        """Check the arguments of a judgement once, for many records. Raises CallError with all that is wrong, PackError as `known` does."""
        pack = self if known_on is None or known_on == self.known_on else self.known(known_on)
        return checked_call(
            pack.program,
            on=on,
            assume=assume,
            references=references,
            answers=answers,
            trace=trace,
            after_verified=after_verified,
            known_on=pack.known_on,
        )

    def evaluate(
        self, record: Mapping[str, object], *, trace: bool = True, ignore_unknown_fields: bool = False, **asked: Unpack[Asked]
    ) -> Judgement:
        """Judge one record on a date, `on`; `assume`, `references`, `answers`, `after_verified` and `known_on` as `Asked` tells them.

        `record` maps fields to values as JSON writes them: amounts and rates as decimal strings, Decimal or int (a float is refused),
        dates as ISO strings or `date`; absent or `None` is unknown.

        Raises RecordError with every fault of the record (E5xx), CallError for a wrong argument (E805 to E807, E810) or table (E55x).
        """
        return self.prepare(trace=trace, **asked).evaluate(record, ignore_unknown_fields=ignore_unknown_fields)

    def evaluate_all(
        self, records: Iterable[Mapping[str, object]], *, trace: bool = False, ignore_unknown_fields: bool = False, **asked: Unpack[Asked]
    ) -> Iterator[Judgement | Refusal]:
        """Judge records that may name each other by identifiant, in order; a faulty one gives a Refusal and stops no other.

        Raises CallError at once for a wrong argument, what is no list of records included (E827).
        """
        return self.prepare(trace=trace, **asked).evaluate_all(records, ignore_unknown_fields=ignore_unknown_fields)

    def explain(
        self, record: Mapping[str, object], answer: str, *, ignore_unknown_fields: bool = False, **setting: Unpack[Setting]
    ) -> Answer:
        """Judge one answer of one record with its trace: what a judgement without trace gave, and `because`, the steps that led there.

        Arguments and errors are those of `evaluate`.
        """
        judgement = self.evaluate(record, ignore_unknown_fields=ignore_unknown_fields, answers=[answer], **setting)
        return judgement.answers[answer]

    def what_if(self, record: Mapping[str, object], *, answer: str, wanted: object = None, **setting: Unpack[Setting]) -> WhatIf:
        """Tell which inputs would decide an unknown answer, what it may still be, and, with `wanted`, the nearest changes that give it.

        A bounded search among the values that the rules name; what it gives was judged again by the interpreter. `wanted` is raw, as in a
        record. Raises RecordError for a faulty record or value wanted, CallError as `prepare`.
        """
        from optam_rules.analysis.whatif import Ask, what_if

        call = self.prepare(answers=[answer], **setting)
        return what_if(Ask(call.program, record, call.on, answer, call.assume, call.references), wanted=wanted)

    def evaluate_table(
        self,
        data: Data,
        *,
        tables: Tables | None = None,
        rates: str = "text",
        because: str = "clause",
        engine: str = "auto",
        ignore_unknown_fields: bool = False,
        batch_size: int = 131_072,
        **asked: Unpack[Asked],
    ) -> pyarrow.Table:
        """Judge a table of records on a date, by columns: one row a record, in order; the same answers as `evaluate`.

        `data` is a list of records, anything with the Arrow PyCapsule interface (pyarrow, Polars, DuckDB, Ibis), or the path of a
        Parquet, CSV or JSON file. `tables` go with columns: `{"exercices": …}` has a row an element and the identifiant of its
        practitioner, `{"groupes": …}` a row a group; Arrow data or the path of a file, of a CSV file beside CSV records. Rows of
        nobody come last, refused (E539). Columns: `identifiant`; for each answer its value, `__status`, `__standing`, `__needs` and
        `__because`, the code of the clause that gave it (see `clause`); `refused`, the faults of a record that was not judged, null
        otherwise. Rates and points are exact text; with `rates="decimal"`, those of which the rules prove how many decimals suffice (at
        most 18) are decimal128.

        With `because="branch"`, the code of a clause that is a choice also names its branch, or the row of its table, where one is sure:
        `prime@2016-10-24#4`.

        `engine` is `numpy`, `kernel` (rules compiled into one loop: the extra `kernel`) or `auto`: the kernel where it is installed and
        the table so long that compiling pays, a second or two. The answers are the same.

        The schema's metadata count the records, the refused, those that were left to the interpreter, and tell why; and those that the
        kernel judged (`optam.compiled`).

        Raises CallError as `evaluate` does, and for data that are no table (E809, E816) or have unknown columns (E535, E537) or
        unreadable ones (E819), and for `tables` that do not go with them (E536, E542 to E544, E827);
        MissingExtraError (E701) without the extra `columns`.
        """
        from optam_rules.api.tables import Manner, evaluated

        return evaluated(self.prepare(**asked), data, tables, batch_size, ignore_unknown_fields, Manner(rates, because, engine))

    def write_table(
        self,
        data: Data,
        output: str | Path | BinaryIO,
        *,
        format: str | None = None,
        tables: Tables | None = None,
        rates: str = "text",
        because: str = "clause",
        engine: str = "auto",
        ignore_unknown_fields: bool = False,
        batch_size: int = 131_072,
        **asked: Unpack[Asked],
    ) -> TableCounts:
        """Judge as `evaluate_table`, into a file or binary stream and a batch at a time; return what became of the records.

        `format` is `parquet` or `arrow`; by default a name in `.arrow`, `.feather` or `.ipc` is Arrow's, one in `.csv` or `.json` is
        refused (E827), all else is Parquet. Counts stand in the metadata of Parquet alone: those of an Arrow file are written before
        its rows are judged.

        What fails on the way leaves no file. A stream is left open.

        Raises CallError as `evaluate_table`, and for what cannot be written (E820).

        Memory does not grow with the number of records, unless records may name each other (a column `groupe`, or one identifiant
        twice): then all of them are held. Of `tables`, a batch is held where they and the records are sorted by identifiant; else all
        that the records list.
        """
        from optam_rules.api.tables import Manner, written

        manner = Manner(rates, because, engine)
        return written(self.prepare(**asked), data, output, tables, batch_size, ignore_unknown_fields, manner, format)

    def explain_table(
        self,
        data: Data,
        positions: Iterable[int],
        *,
        tables: Tables | None = None,
        ignore_unknown_fields: bool = False,
        **asked: Unpack[Asked],
    ) -> Iterator[Judgement | Refusal]:
        """Judge some rows of a table again, with the trace of every answer: what the codes of `__because` stand for, in full.

        `positions` count the rows from 0; they come in the order of the table. Raises as `evaluate_table`, and for positions that are no
        ranks or lie past the last row (E827).
        """
        from optam_rules.api.tables import explained

        return explained(self.prepare(trace=True, **asked), data, positions, tables, ignore_unknown_fields)

    def clause(self, code: str) -> Clause:
        """Return the clause that a code of `__because` names. Raises CallError (E817) where the pack has none."""
        from optam_rules.core.clauses import find_clause

        found = find_clause(self.program, code)
        if found is None:
            raise CallError([diagnose("E817", pack=self.id, name=code)])
        return found

    def verify(self, *, seconds: float = 60.0, budget: Budget | None = None) -> Iterator[Checked]:
        """Prove or refute each property of the pack, and what every pack owes: no conflict within reach, no error value, no gap.

        `seconds` bound the whole; `budget` says how far lists go and how many cases are drawn (50 by default). A refutation carries a
        witness that the interpreter has replayed, a proof the records it covers. Without the extra `prove`, everything is searched, and
        the verdicts say so.

        Raises InternalError (E902) where the solver and the interpreter disagree.
        """
        from optam_rules.analysis.verdict import Budget
        from optam_rules.analysis.verify import verify

        return verify(self.program, seconds=seconds, budget=budget or Budget(examples=50))

    def test(self) -> Iterator[TestResult]:
        """Run the tests that the pack itself carries, each on the law as it could be read on the day that it says."""
        from optam_rules.analysis.packtests import run_test

        return (run_test(self.program if test.known_on is None else self.known(test.known_on).program, test) for test in self.program.tests)


def load(name: str | Path, *, known_on: dt.date | None = None) -> Pack:
    """Load a pack by name (`cm-2016`) or from a folder of one's own, amendments worked in; `known_on` as `Pack.known`.

    Raises PackNotFoundError (E801), PackError with every error of its texts (E1xx to E4xx) or of its manifest (E802 to E804).
    """
    pack = opened(read_pack(find(name)))
    return pack if known_on is None else pack.known(known_on)


def opened(files: PackFiles, state: dt.date | None = None) -> Pack:
    """Compile the files of a pack, as they read in the state of a day where one is given. Raises PackError with every error."""
    program, diagnostics = compile_pack(files, state)
    if program is None:
        raise PackError([diagnostic for diagnostic in diagnostics if diagnostic.severity == "error"])
    return Pack(program, files.manifest, diagnostics, files)


def _require_date(day: object) -> None:
    if wrong := list(date_fault(day)):
        raise CallError(wrong)
