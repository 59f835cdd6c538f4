"""From a call to an answer: load a pack, check it, judge records against it; validates the call, then one call down.

Every function is pure in its arguments and safe in threads; nothing here prints.
"""

from __future__ import annotations

import codecs
import datetime as dt
import hashlib
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Any

import attrs

from optam_rules.analysis.judging import judge_with_trace, prepare, prepare_with_trace
from optam_rules.analysis.lint.finding import Finding
from optam_rules.analysis.lint.run import lint as run_lints
from optam_rules.analysis.lint.run import mended
from optam_rules.analysis.packtests import TestResult, run_test
from optam_rules.analysis.verdict import Budget
from optam_rules.analysis.verify import Checked, verify
from optam_rules.analysis.whatif import Ask, WhatIf, what_if
from optam_rules.backends.row.known import KnownJudged
from optam_rules.base.arguments import choice_fault, mapping_fault, names_fault, tables_faults
from optam_rules.base.calendar import Interval
from optam_rules.base.diagnostics import Diagnostic, diagnose
from optam_rules.base.errors import CallError, PackError, RecordError
from optam_rules.base.extras import require
from optam_rules.base.source import Position
from optam_rules.base.suggestions import nearest
from optam_rules.core.answers import Answer, Answers, Judgement
from optam_rules.core.asking import References
from optam_rules.core.clauses import Clause, find_clause
from optam_rules.core.judgement import Judged, Outcome
from optam_rules.core.program import ArticleText, Program
from optam_rules.core.record import Record
from optam_rules.core.references import read_references
from optam_rules.core.schema import MemoryOthers, RecordReader
from optam_rules.interop.acts.plan import PRACTITIONER, YEAR_ENTITY, Rules
from optam_rules.interop.acts.report import Report
from optam_rules.interop.acts.years import Request
from optam_rules.library.manifest import Manifest
from optam_rules.library.packs import (
    PackFiles,
    compile_pack,
    earlier_faults,
    find,
    lone_file,
    read_pack,
    shipped_folders,
    state_on,
    text_on,
    trees,
)
from optam_rules.library.wording import LOCK, read_lock, recorded, stale
from optam_rules.syntax.abstract import FileSyntax
from optam_rules.syntax.lexicon import LANGUAGES
from optam_rules.syntax.parse import parse
from optam_rules.syntax.print import PrintedOtherwiseError, print_source
from optam_rules.syntax.source import read_source

if TYPE_CHECKING:
    import pyarrow

    from optam_rules.interop.table_input import Data, TableInput
    from optam_rules.interop.tables import TableCounts, TableJudge


class AfterVerified(StrEnum):
    """What to do past the day up to which a pack was checked against the law (S6)."""

    REFUSE = "refuse"
    EXTEND = "extend"


class Doubts(StrEnum):
    """What becomes of the figures of a year of which a line is faulty: unknown, or summed without it."""

    UNKNOWN = "unknown"
    COMPUTED = "computed"


@attrs.frozen
class CatalogueEntry:
    """A shipped pack: what it is and when it is in force."""

    id: str
    title: str
    version: str
    interval: Interval
    verified: dt.date | None
    sources: tuple[str, ...]


@attrs.frozen
class Refusal:
    """A record that was not judged, with every fault found in it; `position` counts the records given from 0."""

    position: int
    identifiant: str | None
    diagnostics: tuple[Diagnostic, ...]


@attrs.frozen
class Pack:
    """A compiled pack, ready to judge. Immutable: one may serve all the threads of a process.

    `known_on` is the day up to which what was published counts, `None` where all of it does.
    """

    program: Program
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
        if not isinstance(day, dt.date) or isinstance(day, dt.datetime):
            raise CallError([diagnose("E810", found=day)])
        state = state_on(self.files, day) if self.files is not None else None
        if self.files is None or state is None:
            return attrs.evolve(self, known_on=day)
        program, diagnostics = compile_pack(self.files, state)
        if program is None:
            raise PackError([diagnostic for diagnostic in diagnostics if diagnostic.severity == "error"])
        return attrs.evolve(self, program=program, warnings=diagnostics, known_on=day)

    def consolidated(self, *, on: dt.date) -> str:
        """Print as one text of the language what the convention says on a day, amendments worked in.

        The text loads again under the pack's manifest, with the meaning of that day. Raises CallError (E810, E813).
        """
        if not isinstance(on, dt.date) or isinstance(on, dt.datetime):
            raise CallError([diagnose("E810", found=on)])
        if self.files is None:
            raise CallError([diagnose("E813", name=self.id, titles="")])
        return text_on(self.files, on, state_on(self.files, self.known_on))

    def answers(self, on: dt.date | None = None) -> tuple[str, ...]:
        """List the answers: all of them, or those whose definition is in force on a date."""
        return tuple(path for path, definition in self.program.answers() if on is None or definition.version_at(on) is not None)

    def articles(self, number: str | None = None) -> tuple[ArticleText, ...]:
        """List the articles, or the versions of one (`"41.1"`, `"annexe 21"`)."""
        return tuple(article for article in self.program.articles if number is None or article.number == number)

    def evaluate(
        self,
        record: Mapping[str, object],
        *,
        on: dt.date,
        assume: Mapping[str, str] | None = None,
        references: Mapping[str, Mapping[object, object]] | None = None,
        answers: Sequence[str] | None = None,
        trace: bool = True,
        ignore_unknown_fields: bool = False,
        after_verified: AfterVerified | str = AfterVerified.REFUSE,
        known_on: dt.date | None = None,
    ) -> Judgement:
        """Judge one record on a date.

        `record` maps fields to values as JSON writes them: amounts and rates as decimal strings, Decimal or int (a float is refused),
        dates as ISO strings or `date`; absent or `None` is unknown. `assume` chooses readings of open questions, `references` supplies
        rows of reference tables: {table: {key or tuple of keys: value}}. Default answers: all in force on the date. `known_on` judges
        with what was published by that day.

        Raises RecordError with every fault of the record (E5xx), CallError for a wrong argument (E805 to E807, E810) or table (E55x).
        """
        call = self.prepare(
            on=on, assume=assume, references=references, answers=answers, trace=trace, after_verified=after_verified, known_on=known_on
        )
        reader = RecordReader(call.program, ignore_unknown_fields=ignore_unknown_fields)
        read, faults = reader.read(record)
        if read is None:
            raise RecordError(faults)
        return call.judge(read)

    def evaluate_all(
        self,
        records: Iterable[Mapping[str, object]],
        *,
        on: dt.date,
        assume: Mapping[str, str] | None = None,
        references: Mapping[str, Mapping[object, object]] | None = None,
        answers: Sequence[str] | None = None,
        trace: bool = False,
        ignore_unknown_fields: bool = False,
        after_verified: AfterVerified | str = AfterVerified.REFUSE,
        known_on: dt.date | None = None,
    ) -> Iterator[Judgement | Refusal]:
        """Judge records that may name each other by identifiant, in order; a faulty one gives a Refusal and stops no other.

        Raises CallError at once for a wrong argument.
        """
        call = self.prepare(
            on=on, assume=assume, references=references, answers=answers, trace=trace, after_verified=after_verified, known_on=known_on
        )
        held = list(records)
        reader = RecordReader(call.program, MemoryOthers.of(call.program, held), ignore_unknown_fields=ignore_unknown_fields)
        return _judge_each(call, reader, held)

    def what_if(
        self,
        record: Mapping[str, object],
        *,
        on: dt.date,
        answer: str,
        wanted: object = None,
        assume: Mapping[str, str] | None = None,
        references: Mapping[str, Mapping[object, object]] | None = None,
        known_on: dt.date | None = None,
        after_verified: AfterVerified | str = AfterVerified.REFUSE,
    ) -> WhatIf:
        """Tell which inputs would decide an unknown answer, what it may still be, and, with `wanted`, the nearest changes that give it.

        A bounded search among the values that the rules name; what it gives was judged again by the interpreter. `wanted` is raw, as in a
        record. Raises RecordError for a faulty record or value wanted, CallError as `prepare`.
        """
        call = self.prepare(on=on, assume=assume, references=references, answers=[answer], after_verified=after_verified, known_on=known_on)
        return what_if(Ask(call.program, record, on, answer, call.assume, call.references), wanted=wanted)

    def evaluate_table(
        self,
        data: Data,
        *,
        on: dt.date,
        assume: Mapping[str, str] | None = None,
        references: Mapping[str, Mapping[object, object]] | None = None,
        answers: Sequence[str] | None = None,
        ignore_unknown_fields: bool = False,
        after_verified: AfterVerified | str = AfterVerified.REFUSE,
        known_on: dt.date | None = None,
        batch_size: int = 65_536,
    ) -> pyarrow.Table:
        """Judge a table of records on a date, by columns: one row a record, in order; the same answers as `evaluate`.

        `data` is a list of records, anything with the Arrow PyCapsule interface (pyarrow, Polars, DuckDB, Ibis), or the path of a
        Parquet, CSV or JSON file. Columns: `identifiant`; for each answer its value, `__status`, `__standing`, `__needs` and
        `__because`, the code of the clause that gave it (see `clause`); `refused`, the faults of a record that was not judged, null
        otherwise. The schema's metadata count the records, the refused and those that were left to the interpreter, and tell why.

        Raises CallError as `evaluate` does, and for data that are no table (E809, E816) or have unknown columns (E535, E537);
        MissingExtraError (E701) without the extra `columns`.
        """
        judging, source = self._by_columns(
            data,
            batch_size,
            ignore_unknown_fields,
            on=on,
            assume=assume,
            references=references,
            answers=answers,
            after_verified=after_verified,
            known_on=known_on,
        )
        return judging.table(source)

    def write_table(
        self,
        data: Data,
        output: str | Path,
        *,
        on: dt.date,
        assume: Mapping[str, str] | None = None,
        references: Mapping[str, Mapping[object, object]] | None = None,
        answers: Sequence[str] | None = None,
        ignore_unknown_fields: bool = False,
        after_verified: AfterVerified | str = AfterVerified.REFUSE,
        known_on: dt.date | None = None,
        batch_size: int = 65_536,
    ) -> TableCounts:
        """Judge as `evaluate_table`, into a Parquet file and a batch at a time; return what became of the records.

        Memory does not grow with the number of records, unless records may name each other (a column `groupe`, or one identifiant
        twice): then all of them are held.
        """
        judging, source = self._by_columns(
            data,
            batch_size,
            ignore_unknown_fields,
            on=on,
            assume=assume,
            references=references,
            answers=answers,
            after_verified=after_verified,
            known_on=known_on,
        )
        return judging.write(source, Path(output))

    def explain_table(
        self,
        data: Data,
        positions: Iterable[int],
        *,
        on: dt.date,
        assume: Mapping[str, str] | None = None,
        references: Mapping[str, Mapping[object, object]] | None = None,
        answers: Sequence[str] | None = None,
        ignore_unknown_fields: bool = False,
        after_verified: AfterVerified | str = AfterVerified.REFUSE,
        known_on: dt.date | None = None,
    ) -> Iterator[Judgement | Refusal]:
        """Judge some rows of a table again, with the trace of every answer: what the codes of `__because` stand for, in full.

        `positions` count the rows from 0; they come in the order of the table. Raises as `evaluate_table`.
        """
        call = self.prepare(
            on=on, assume=assume, references=references, answers=answers, trace=True, after_verified=after_verified, known_on=known_on
        )
        return _explained(call, self._table_input(call, data, 1 << 16, ignore_unknown_fields), frozenset(positions))

    def clause(self, code: str) -> Clause:
        """Return the clause that a code of `__because` names. Raises CallError (E817) where the pack has none."""
        found = find_clause(self.program, code)
        if found is None:
            raise CallError([diagnose("E817", pack=self.id, name=code)])
        return found

    def _by_columns(self, data: Data, batch_size: int, ignore_unknown_fields: bool, **arguments: Any) -> tuple[TableJudge, TableInput]:
        """Check a call of tables. Raises CallError, and MissingExtraError without the libraries of the extra."""
        call = self.prepare(**arguments)
        source = self._table_input(call, data, batch_size, ignore_unknown_fields)
        # Imported here: pyarrow and numpy are an extra, and all else must do without them.
        from optam_rules.interop.tables import TableJudge

        judging = TableJudge(call.program, call.on, call.answers, call.assume, call.references, call.digest, call.with_trace)
        return judging, source

    @staticmethod
    def _table_input(call: Call, data: Data, batch_size: int, ignore_unknown_fields: bool) -> TableInput:
        """Return the records of a call. Raises MissingExtraError without the libraries of the extra."""
        require("evaluate_table", "columns", "numpy", "pyarrow")
        from optam_rules.interop.table_input import TableInput

        return TableInput(call.program, data, batch_size, ignore_unknown_fields)

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
        if known_on is not None and known_on != self.known_on:
            return self.known(known_on).prepare(
                on=on, assume=assume, references=references, answers=answers, trace=trace, after_verified=after_verified
            )
        if wrong := [
            *mapping_fault("assume", assume, "un dictionnaire {hypothèse: lecture}"),
            *tables_faults("references", references),
            *names_fault("answers", answers, "une liste de noms de réponses"),
            *choice_fault("after_verified", after_verified, [str(choice) for choice in AfterVerified]),
        ]:
            raise CallError(wrong)
        program, chosen = self.program, dict(assume or {})
        faults = [*_wrong_date(program, on, AfterVerified(after_verified)), *_wrong_readings(program, chosen)]
        if answers is None and not faults and program.answers_by_path and not self.answers(on):
            faults.append(diagnose("E825", day=on, pack=program.id, interval=program.interval))
        known = self.answers()
        asked = self.answers(on) if answers is None else tuple(dict.fromkeys(answers))
        faults += [
            diagnose("E806", pack=program.id, name=name, hint=_did_you_mean(name, known)) for name in asked if name not in set(known)
        ]
        tables, more = read_references(program, references or {})
        faults += more
        if faults:
            raise CallError(faults)
        late = program.verified is not None and on > program.verified
        note = f"jugé au {on}, au-delà du {program.verified}, dernier jour vérifié du pack" if late else None
        return Call(program, on, chosen, tables, asked, trace, _digest(program, tables), note, self.known_on)

    def explain(
        self,
        record: Mapping[str, object],
        answer: str,
        *,
        on: dt.date,
        assume: Mapping[str, str] | None = None,
        references: Mapping[str, Mapping[object, object]] | None = None,
        ignore_unknown_fields: bool = False,
        after_verified: AfterVerified | str = AfterVerified.REFUSE,
    ) -> Answer:
        """Judge one answer of one record with its trace: what a judgement without trace gave, and `because`, the steps that led there.

        Arguments and errors are those of `evaluate`.
        """
        judgement = self.evaluate(
            record,
            on=on,
            assume=assume,
            references=references,
            answers=[answer],
            ignore_unknown_fields=ignore_unknown_fields,
            after_verified=after_verified,
        )
        return judgement.answers[answer]

    def verify(self, *, seconds: float = 60.0, budget: Budget = Budget(examples=50)) -> Iterator[Checked]:  # noqa: B008 - frozen
        """Prove or refute each property of the pack, and what every pack owes: no conflict within reach, no error value, no gap.

        `seconds` bound the whole; `budget` says how far lists go and how many cases are drawn. A refutation carries a witness that the
        interpreter has replayed, a proof the records it covers. Without the extra `prove`, everything is searched, and the verdicts say so.

        Raises InternalError (E902) where the solver and the interpreter disagree.
        """
        return verify(self.program, seconds=seconds, budget=budget)

    def test(self) -> Iterator[TestResult]:
        """Run the tests that the pack itself carries, each on the law as it could be read on the day that it says."""
        return (run_test(self.program if test.known_on is None else self.known(test.known_on).program, test) for test in self.program.tests)


@attrs.frozen
class Call:
    """A checked call: everything of a judgement but the record."""

    program: Program
    on: dt.date
    assume: Mapping[str, str]
    references: References
    answers: tuple[str, ...]
    trace: bool
    digest: str
    note: str | None = None
    known_on: dt.date | None = None

    _judge: Callable[[Record], Judged | KnownJudged] = attrs.field(init=False, eq=False, repr=False)

    def __attrs_post_init__(self) -> None:
        prepared = prepare_with_trace if self.trace else prepare
        judged = prepared(self.program, self.on, answers=self.answers, assume=self.assume, references=self.references)
        object.__setattr__(self, "_judge", judged)

    def with_trace(self, record: Record, answers: Sequence[str]) -> Mapping[str, Outcome]:
        """Return some answers on a record that was read against the vocabulary, with the steps that led to each."""
        judged = judge_with_trace(self.program, record, self.on, answers=answers, assume=self.assume, references=self.references)
        return judged.outcomes

    def judge(self, record: Record) -> Judgement:
        """Judge a record that was read against the vocabulary."""
        judged = self._judge(record)
        name = record.get(next(iter(self.program.main.fields)))
        outcomes = judged.outcomes
        if self.note is not None and self.trace:
            outcomes = {path: self._noted(outcome) for path, outcome in outcomes.items()}
        return Judgement(
            name if isinstance(name, str) else None,
            self.on,
            self.program.id,
            self.program.version,
            self.digest,
            Answers(outcomes),
            (self.note,) if self.note else (),
            self.known_on,
            judged.beyond,
        )

    def _noted(self, outcome: Outcome) -> Outcome:
        """Add the call's own note to the trace of an answer."""
        if self.note is None or not outcome.steps:
            return outcome
        first, *others = outcome.steps
        return attrs.evolve(outcome, steps=(attrs.evolve(first, notes=(self.note, *first.notes)), *others))


def load(name: str | Path, *, known_on: dt.date | None = None) -> Pack:
    """Load a pack by name (`cm-2016`) or from a folder of one's own, amendments worked in; `known_on` as `Pack.known`.

    Raises PackNotFoundError (E801), PackError with every error of its texts (E1xx to E4xx) or of its manifest (E802 to E804).
    """
    files = read_pack(find(name))
    program, diagnostics = compile_pack(files)
    if program is None:
        raise PackError([diagnostic for diagnostic in diagnostics if diagnostic.severity == "error"])
    pack = Pack(program, files.manifest, diagnostics, files)
    return pack if known_on is None else pack.known(known_on)


def check(path: str | Path, *, texts: str | Path | None = None) -> tuple[Diagnostic, ...]:
    """Return every error and warning of a pack (name or folder) or of a lone `.conv` file, which sees the shared vocabulary.

    `texts` is a folder of official wordings: an article whose wording is not the one that it was written from is told (W601 to W604).

    Raises PackNotFoundError where there is nothing to check, CallError for a text that cannot be read (E809); faults of a manifest are
    returned.
    """
    file = Path(path)
    if file.is_file():
        return lone_file(str(path), file.read_bytes())[1]
    try:
        folder = find(path)
        files = read_pack(folder)
        program, diagnostics = compile_pack(files)
        if program is None:
            return diagnostics
        worn = stale(trees(files), read_lock(folder), Path(texts)) if texts is not None else ()
        return (*diagnostics, *earlier_faults(files), *worn)
    except PackError as error:
        return error.diagnostics


def record_texts(path: str | Path, texts: str | Path) -> Path:
    """Write in the folder of a pack, in `sources.lock`, the digests of the official wordings of a folder; return the file written.

    Raises PackNotFoundError, PackError for a faulty manifest, CallError (E809) for a text that cannot be read or a file not written.
    """
    folder = find(path)
    content = recorded(trees(read_pack(folder)), Path(texts))
    lock = Path(str(folder)) / LOCK
    try:
        lock.write_text(content, encoding="utf-8")
    except OSError as error:
        raise CallError([diagnose("E809", file=str(lock), reason=error.strerror or str(error))]) from error
    return lock


def lint(path: str | Path, *, today: dt.date | None = None) -> tuple[Finding, ...]:
    """Return what is allowed in a pack (name or folder) or a lone `.conv` file and still worth a second look: warnings W1xx to W5xx.

    `today` is what the age of the pack's verified date is measured from; without it, that is not looked at. A comment
    `# lint: W502 reason` puts a warning aside on its line. `edits` of a finding mend it without changing what the text means.

    Raises PackError where the texts have errors, PackNotFoundError where there is nothing there.
    """
    file = Path(path)
    if file.is_file():
        source, faults = read_source(str(path), file.read_bytes())
        own: tuple[FileSyntax, ...] = (parse(source)[0],) if source is not None else ()
        diagnostics: Iterable[Diagnostic] = (*faults, *lone_file(str(path), file.read_bytes())[1])
        verified = None
    else:
        files = read_pack(find(path))
        own, diagnostics, verified = trees(files), compile_pack(files)[1], files.manifest.verified
    if errors := [diagnostic for diagnostic in diagnostics if diagnostic.severity == "error"]:
        raise PackError(errors)
    return run_lints(own, diagnostics, verified=verified, today=today)


def mend(data: bytes, findings: Iterable[Finding]) -> bytes:
    """Return a text with the edits of findings made, all of this text and as `lint` gave them; the rest stays to the byte.

    Edits that touch one another are made one at a time: lint again until no finding has any.
    """
    mark = codecs.BOM_UTF8 if data.startswith(codecs.BOM_UTF8) else b""
    edits = (edit for finding in findings for edit in finding.edits)
    return mark + mended(data.removeprefix(mark).decode(), edits).encode()


def format_text(text: str | bytes, *, name: str = "texte.conv", language: str | None = None) -> str:
    """Return a convention text as the formatter writes it: same meaning, same comments, same line cuts.

    `language` ("fr" or "en") translates the words of the language, names and quoted texts left as they are; otherwise the text keeps its
    own, which its first line or the name of its file tells. Formatting twice changes nothing more.

    Raises PackError with every error of form (E1xx), or where the text would not read back the same (E901: nothing is lost, tell us);
    CallError for another language (E830).
    """
    if language not in (None, *LANGUAGES):
        raise CallError([diagnose("E830", found=language)])
    source, faults = read_source(name, text.encode() if isinstance(text, str) else text)
    found = [*faults, *(parse(source)[1] if source is not None else [])]
    errors = [fault for fault in found if fault.severity == "error"]
    if source is None or errors:
        raise PackError(errors)
    try:
        return print_source(source, language)
    except PrintedOtherwiseError as error:
        raise PackError([diagnose("E901", Position(source, 0, 0))]) from error


def catalogue(on: dt.date | None = None) -> tuple[CatalogueEntry, ...]:
    """List the shipped packs, or those in force on a date."""
    manifests = (read_pack(folder).manifest for folder in shipped_folders())
    return tuple(
        CatalogueEntry(m.id, m.title, m.version, m.interval, m.verified, m.sources) for m in manifests if on is None or on in m.interval
    )


@attrs.frozen
class Exercices:
    """The years that lines of fees add up to, the lines set aside, and the account of all lines.

    `years` has `identifiant`, `annee` and the figures, exact and NULL where unknown; `set_aside` the columns of the acts and
    `motifs`, parted by `|`. Each is `None` where it was written to a file instead, or not asked for.
    """

    years: pyarrow.Table | None
    set_aside: pyarrow.Table | None
    report: Report


def exercices(
    acts: object,
    *,
    on: dt.date,
    pack: Pack | str | Path = "actes",
    practitioners: str | Path | Collection[str] | None = None,
    assume: Mapping[str, str] | None = None,
    key: Sequence[str] | None = None,
    columns: Mapping[str, str] | None = None,
    lump_sums: Collection[str] = (),
    doubts: str = "unknown",
    output: str | Path | None = None,
    anomalies: str | Path | None = None,
    keep_set_aside: bool = True,
    after_verified: AfterVerified | str = AfterVerified.REFUSE,
    memory_limit: str | None = None,
    threads: int | None = None,
) -> Exercices:
    """Turn lines of fees into yearly figures, `exercice` of the shared vocabulary, observed and recalculated, with DuckDB.

    `acts` is a path (Parquet, a folder of it, CSV) or Arrow data; its columns are the data of `ligne` of the pack, or those that `columns`
    names for them. `practitioners` are the known ones: a file with a column `identifiant`, or their names. `key` lists the columns that
    identify a line (`identifiant` where there is one; none: no duplicate is looked for). `lump_sums` are codes of lump sums, where no
    column `forfait` tells them. `assume` chooses readings; where they differ the figure is unknown. `doubts="computed"` sums a year
    without its faulty lines, which otherwise leave its figures unknown. `output` and `anomalies` write to files (.csv, .parquet);
    `keep_set_aside=False` only counts the lines set aside, where no file takes them.

    Raises MissingExtraError (E701), CallError for a wrong argument or file (E502, E503, E536, E702, E805, E807, E809, E810, E818).
    """
    rules = rules_of_lines(pack, on, assume, after_verified)
    require("exercices", "acts", "duckdb", "pyarrow")
    from optam_rules.interop.acts.duck import opened

    request = Request(practitioners, key, dict(columns or {}), lump_sums, Doubts(doubts) is Doubts.UNKNOWN, memory_limit, threads)
    with opened(acts, rules, request) as (years, engine):
        figures = engine.taken(years.years_query, output)
        apart = engine.taken(years.set_aside_query, anomalies) if keep_set_aside or anomalies is not None else None
        return Exercices(figures, apart, years.report())


def rules_of_lines(pack: Pack | str | Path, on: dt.date, assume: Mapping[str, str] | None, after_verified: AfterVerified | str) -> Rules:
    """Return what a pack says of lines of fees on a day. Raises CallError (E805, E807, E810, E818), and as `load`."""
    program = (pack if isinstance(pack, Pack) else load(pack)).program
    chosen = dict(assume or {})
    faults = [*_wrong_date(program, on, AfterVerified(after_verified)), *_wrong_readings(program, chosen)]
    if faults:
        raise CallError(faults)
    rules = Rules(program, on, chosen)
    if PRACTITIONER not in program.main.fields or YEAR_ENTITY not in program.entities or not rules.complete:
        raise CallError([diagnose("E818", pack=program.id, day=on)])
    return rules


def _judge_each(call: Call, reader: RecordReader, records: Sequence[Mapping[str, object]]) -> Iterator[Judgement | Refusal]:
    for position, raw in enumerate(records):
        record, faults = reader.read(raw, place=position)
        if record is not None:
            yield call.judge(record)
        else:
            name = raw.get(next(iter(call.program.main.fields))) if isinstance(raw, Mapping) else None
            yield Refusal(position, name if isinstance(name, str) else None, tuple(faults))


def _explained(call: Call, source: TableInput, positions: frozenset[int]) -> Iterator[Judgement | Refusal]:
    for item in (item for item in source.records() if item.position in positions):
        if item.record is None:
            yield Refusal(item.position, item.identifiant, item.diagnostics)
        else:
            yield call.judge(item.record)


def _wrong_date(program: Program, on: dt.date, after_verified: AfterVerified) -> list[Diagnostic]:
    if not isinstance(on, dt.date) or isinstance(on, dt.datetime):
        return [diagnose("E810", found=on)]
    if program.verified is not None and on > program.verified and after_verified is AfterVerified.REFUSE:
        return [diagnose("E805", day=on, verified=program.verified, pack=program.id)]
    return []


def _wrong_readings(program: Program, assume: Mapping[str, str]) -> list[Diagnostic]:
    faults = []
    for name, reading in assume.items():
        hypothesis = program.hypotheses.get(name)
        if hypothesis is None:
            faults.append(diagnose("E807", what="hypothèse", name=name, hint=_did_you_mean(name, program.hypotheses)))
        elif reading not in hypothesis.readings:
            hint = f"lectures de `{name}` : {', '.join(hypothesis.readings)}"
            faults.append(diagnose("E807", what="lecture", name=reading, hint=hint))
    return faults


def _did_you_mean(name: str, known: Iterable[str]) -> str | None:
    near = nearest(name, known)
    return f"vouliez-vous dire `{near}`" if near else None


def _digest(program: Program, references: References) -> str:
    """Identify what was judged with: the program's digest alone, or with that of the reference tables that the caller supplied."""
    if not references:
        return program.digest
    state = hashlib.sha256(program.digest.encode())
    for table, rows in sorted(references.items()):
        state.update(repr((table, sorted((tuple(map(str, key)), str(value)) for key, value in rows.items()))).encode())
    return f"sha256:{state.hexdigest()}"
