"""From the arguments of a judgement, checked once, to judgements of records: what all calls share."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from enum import StrEnum
from functools import lru_cache
from types import MappingProxyType
from typing import Any, Required, TypedDict

import attrs

from optam_rules.analysis.judging import Telling, Told, judge_with_trace, prepare, prepare_telling
from optam_rules.base.arguments import choice_fault, kind, mapping_fault, names_fault, tables_faults
from optam_rules.base.diagnostics import Diagnostic, diagnose
from optam_rules.base.errors import CallError, RecordError
from optam_rules.base.phrases import Phrase, did_you_mean
from optam_rules.base.suggestions import nearest
from optam_rules.core.answers import Answers, Judgement, Shared, Steps, judgement_of, known_judgement
from optam_rules.core.asking import References
from optam_rules.core.judgement import Judged, Outcome
from optam_rules.core.known import KnownJudged, PartialError
from optam_rules.core.program import Program
from optam_rules.core.record import Record
from optam_rules.core.references import read_references
from optam_rules.core.schema import MemoryOthers, RecordReader
from optam_rules.core.types import EnumType, Scalar

_LISTS = frozenset({tuple, list})


class AfterVerified(StrEnum):
    """What to do past the day up to which a pack was checked against the law (S6)."""

    REFUSE = "refuse"
    EXTEND = "extend"


class Setting(TypedDict, total=False):
    """What every judgement is made under.

    `on` is the day judged. `assume` chooses readings of open questions; `references` supplies rows of reference tables: {table: {key or
    tuple of keys: value}}. `after_verified="extend"` judges past the day up to which the pack was checked; `known_on` judges with what
    was published by that day.
    """

    on: Required[dt.date]
    assume: Mapping[str, str] | None
    references: Mapping[str, Mapping[object, object]] | None
    after_verified: AfterVerified | str
    known_on: dt.date | None


class Asked(Setting, total=False):
    """A setting, and the answers asked; by default all in force on the day."""

    answers: Sequence[str] | None


@attrs.frozen
class Refusal:
    """A record that was not judged, with every fault found in it; `position` counts the records given from 0."""

    position: int
    identifiant: str | None
    diagnostics: tuple[Diagnostic, ...]


@attrs.frozen
class Call:
    """A checked call: everything of a judgement but the record.

    Immutable, for one serves all who ask the same; pickled, it is made anew.
    """

    program: Program = attrs.field(repr=lambda program: f"<{program.id} {program.version}>")
    on: dt.date
    assume: Mapping[str, str]
    references: References
    answers: tuple[str, ...]
    trace: bool
    digest: str
    note: str | None = None
    known_on: dt.date | None = None

    _judge: Callable[[Record], Judged | KnownJudged] | Telling = attrs.field(init=False, eq=False, repr=False)
    _naming: str = attrs.field(init=False, eq=False, repr=False)  # the datum that names a record
    _named: bool = attrs.field(init=False, eq=False, repr=False)  # whether it is a word or a text
    _reader: RecordReader = attrs.field(init=False, eq=False, repr=False)
    # What judgements share where one function gives all of an answer, and that function, once it is compiled.
    _shared: Shared = attrs.field(init=False, eq=False, repr=False)
    _function: Callable[[Record, dt.date], tuple[Any, ...]] | None = attrs.field(init=False, eq=False, repr=False, default=None)
    _later: Callable[[Record], Steps] | None = attrs.field(init=False, eq=False, repr=False, default=None)

    def __attrs_post_init__(self) -> None:
        for name, parts in (("assume", self.assume), ("references", self.references)):
            object.__setattr__(self, name, MappingProxyType(dict(parts)))
        program, on, answers, assume, references = self.program, self.on, self.answers, self.assume, self.references
        if self.trace:
            telling = prepare_telling(program, on, answers=answers, assume=assume, references=references, note=self.note)
            self._set(judge=telling, later=telling.later)
        else:
            self._set(judge=prepare(program, on, answers=answers, assume=assume, references=references))
        first = next(iter(program.main.fields.values()), None)
        self._set(
            naming="" if first is None else first.name,
            named=first is not None and (first.type is Scalar.TEXT or isinstance(first.type, EnumType)),
            reader=RecordReader(program),
            shared=Shared(on, program.id, program.version, self.digest, (self.note,) if self.note else (), self.known_on),
        )

    def __reduce__(self) -> tuple[type[Call], tuple[object, ...]]:
        told = (self.program, self.on, dict(self.assume), dict(self.references), self.answers, self.trace)
        return Call, (*told, self.digest, self.note, self.known_on)

    def _set(self, **parts: object) -> None:
        for name, part in parts.items():
            object.__setattr__(self, f"_{name}", part)

    def with_trace(self, program: Program, record: Record, answers: Sequence[str]) -> Mapping[str, Outcome]:
        """Return some answers of a program under this call, on a record read against its vocabulary, with the steps that led to each."""
        judged = judge_with_trace(program, record, self.on, answers=answers, assume=self.assume, references=self.references)
        return judged.outcomes

    def evaluate(self, record: Mapping[str, object], *, ignore_unknown_fields: bool = False) -> Judgement:
        """Read and judge one record, as `Pack.evaluate` does. Raises RecordError with every fault of the record (E5xx)."""
        reader = RecordReader(self.program, ignore_unknown_fields=True) if ignore_unknown_fields else self._reader
        read, faults = reader.read(record)
        if read is None:
            raise RecordError(faults)
        return self.judge(read)

    def evaluate_all(
        self, records: Iterable[Mapping[str, object]], *, ignore_unknown_fields: bool = False
    ) -> Iterator[Judgement | Refusal]:
        """Read and judge records that may name each other, as `Pack.evaluate_all` does. Raises CallError for what is no list of records."""
        if isinstance(records, str | bytes | Mapping) or not isinstance(records, Iterable):
            wanted = Phrase("une liste de dossiers", "a list of records")
            raise CallError([diagnose("E827", name="records", found=kind(records), wanted=wanted)])
        held = list(records)
        reader = RecordReader(self.program, MemoryOthers.of(self.program, held), ignore_unknown_fields=ignore_unknown_fields)
        return self._each(reader, held)

    def _each(self, reader: RecordReader, records: Sequence[Mapping[str, object]]) -> Iterator[Judgement | Refusal]:
        for position, raw in enumerate(records):
            record, faults = reader.read(raw, place=position)
            if record is not None:
                yield self.judge(record)
            else:
                name = raw.get(self._naming) if isinstance(raw, Mapping) else None
                yield Refusal(position, name if isinstance(name, str) else None, tuple(faults))

    def judge(self, record: Record) -> Judgement:
        """Judge a record that was read against the vocabulary."""
        function = self._function
        if function is not None:
            try:
                items = function(record, self.on)
            except PartialError:
                return self._judge_any(record)
            name = record.values.get(self._naming) if self._named else None
            told = None if self._later is None else self._later(record)
            return known_judgement(self._shared, name if isinstance(name, str) else None, items, told)
        return self._judge_any(record)

    def _judge_any(self, record: Record) -> Judgement:
        """Judge a record that may not tell all, or as long as no function was compiled for those that do."""
        found = self._judge(record)
        outcomes = found.outcomes
        if isinstance(outcomes, KnownJudged) and self._function is None:
            self._set(shared=attrs.evolve(self._shared, layout=outcomes.layout), function=outcomes.layout.function)
        name = record.values.get(self._naming) if self._named else None
        told, beyond = (found.with_steps, {}) if isinstance(found, Told) else (None, found.beyond)
        shared = attrs.evolve(self._shared, by_reference=beyond) if beyond else self._shared
        return judgement_of(shared, name if isinstance(name, str) else None, Answers(outcomes, told))


def checked_call(
    program: Program,
    *,
    on: dt.date,
    assume: Mapping[str, str] | None,
    references: Mapping[str, Mapping[object, object]] | None,
    answers: Sequence[str] | None,
    trace: bool,
    after_verified: AfterVerified | str,
    known_on: dt.date | None,
) -> Call:
    """Check the arguments of a judgement under a program as it was known on a day. Raises CallError with all that is wrong."""
    if assume is None and references is None and type(on) is dt.date and (answers is None or answers.__class__ in _LISTS):
        try:  # what most calls say, and each time the same
            return _plain_call(program, on, None if answers is None else tuple(answers), trace, after_verified, known_on)
        except TypeError:  # what cannot be looked up is told below
            pass
    return _checked(program, on, assume, references, answers, trace, after_verified, known_on)


def _checked(
    program: Program,
    on: dt.date,
    assume: Mapping[str, str] | None,
    references: Mapping[str, Mapping[object, object]] | None,
    answers: Sequence[str] | None,
    trace: bool,
    after_verified: AfterVerified | str,
    known_on: dt.date | None,
) -> Call:
    if wrong := [
        *mapping_fault("assume", assume, Phrase("un dictionnaire {hypothèse: lecture}", "a dict {assumption: reading}")),
        *tables_faults("references", references),
        *names_fault("answers", answers, Phrase("une liste de noms de réponses", "a list of names of answers")),
        *choice_fault("after_verified", after_verified, [str(choice) for choice in AfterVerified]),
    ]:
        raise CallError(wrong)
    asked = None if answers is None else tuple(dict.fromkeys(answers))
    readings = tuple(sorted((assume or {}).items()))
    if references or type(on) is not dt.date or not all(isinstance(reading, str) for _, reading in readings):
        return _call(program, on, readings, references, asked, trace, AfterVerified(after_verified), known_on)
    return _kept_call(program, on, readings, None, asked, trace, AfterVerified(after_verified), known_on)


def _call(
    program: Program,
    on: dt.date,
    readings: tuple[tuple[str, str], ...],
    references: Mapping[str, Mapping[object, object]] | None,
    answers: tuple[str, ...] | None,
    trace: bool,
    after_verified: AfterVerified,
    known_on: dt.date | None,
) -> Call:
    chosen = dict(readings)
    faults = [*wrong_date(program, on, after_verified), *wrong_readings(program, chosen)]
    if answers is None and not faults and program.answers_by_path and not answers_on(program, on):
        faults.append(diagnose("E825", day=on, pack=program.id, interval=program.interval.phrase))
    known = program.answers_by_path
    asked = answers_on(program, on) if answers is None and not faults else answers or ()
    faults += [
        diagnose("E806", pack=program.id, name=name, hint=did_you_mean(nearest(name, known), "dire")) for name in asked if name not in known
    ]
    tables, more = read_references(program, references or {})
    faults += more
    if faults:
        raise CallError(faults)
    late = program.verified is not None and on > program.verified
    note = f"jugé au {on}, au-delà du {program.verified}, dernier jour vérifié du pack" if late else None
    return Call(program, on, chosen, tables, asked, trace, _digest(program, tables), note, known_on)


@lru_cache(maxsize=128)
def _plain_call(
    program: Program,
    on: dt.date,
    answers: tuple[str, ...] | None,
    trace: bool,
    after_verified: AfterVerified | str,
    known_on: dt.date | None,
) -> Call:
    return _checked(program, on, None, None, answers, trace, after_verified, known_on)


# Calls that were checked before: an application that judges record by record says the same each time.
_kept_call = lru_cache(maxsize=128)(_call)


def answers_on(program: Program, on: dt.date | None) -> tuple[str, ...]:
    """List the answers of a program: all of them, or those whose definition is in force on a date."""
    return tuple(path for path, definition in program.answers() if on is None or definition.version_at(on) is not None)


def wrong_date(program: Program, on: dt.date, after_verified: AfterVerified) -> list[Diagnostic]:
    """Return what is wrong with the day of a call (E805, E810)."""
    if not isinstance(on, dt.date) or isinstance(on, dt.datetime):
        return [diagnose("E810", found=on)]
    if program.verified is not None and on > program.verified and after_verified is AfterVerified.REFUSE:
        return [diagnose("E805", day=on, verified=program.verified, pack=program.id)]
    return []


def wrong_readings(program: Program, assume: Mapping[str, str]) -> list[Diagnostic]:
    """Return what is wrong with the readings chosen (E807)."""
    faults = []
    for name, reading in assume.items():
        hypothesis = program.hypotheses.get(name)
        if hypothesis is None:
            hint = did_you_mean(nearest(name, program.hypotheses), "dire")
            faults.append(diagnose("E807", what=Phrase("hypothèse", "assumption"), name=name, hint=hint))
        elif reading not in hypothesis.readings:
            readings = ", ".join(hypothesis.readings)
            hint = Phrase(f"lectures de `{name}` : {readings}", f"readings of `{name}`: {readings}")
            faults.append(diagnose("E807", what=Phrase("lecture", "reading"), name=reading, hint=hint))
    return faults


def _digest(program: Program, references: References) -> str:
    """Identify what was judged with: the program's digest alone, or with that of the reference tables that the caller supplied."""
    if not references:
        return program.digest
    state = hashlib.sha256(program.digest.encode())
    for table, rows in sorted(references.items()):
        state.update(repr((table, sorted((tuple(map(str, key)), str(value)) for key, value in rows.items()))).encode())
    return f"sha256:{state.hexdigest()}"
