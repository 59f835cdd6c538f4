"""From records read one by one to judgements or refusals, on one date or on the date that each record bears."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping

import attrs

from optam_rules.api import AfterVerified, Call, Pack
from optam_rules.base.diagnostics import diagnose
from optam_rules.base.errors import CallError
from optam_rules.core.program import FieldSpec, Program
from optam_rules.core.record import Absent, Record
from optam_rules.core.types import EntityType, Scalar
from optam_rules.interop.judgements import Header, Judged, Refused, Result
from optam_rules.interop.raw import ReadRecord
from optam_rules.tools.cli.calls import perhaps
from optam_rules.tools.cli.messages import language, wrong_call


@attrs.define
class Judging:
    """A call of `evaluate`: everything but the records. Calls are checked once a date and kept."""

    pack: Pack
    on: dt.date | None
    on_field: str | None
    assume: Mapping[str, str]
    references: Mapping[str, Mapping[object, object]]
    answers: tuple[str, ...] | None
    trace: bool
    after_verified: AfterVerified
    _calls: dict[dt.date, Call | CallError] = attrs.field(factory=dict, init=False)

    def __attrs_post_init__(self) -> None:
        """Check the call before any record is read; with `on_field`, as far as no date is needed."""
        self.call(self._first_day())

    def call(self, day: dt.date) -> Call:
        """Return the call for a date. Raises CallError with all that is wrong with it."""
        if day not in self._calls:
            try:
                self._calls[day] = self.pack.prepare(
                    on=day,
                    assume=self.assume,
                    references=self.references,
                    answers=self.answers,
                    trace=self.trace,
                    after_verified=self.after_verified,
                )
            except CallError as error:
                self._calls[day] = error
        found = self._calls[day]
        if isinstance(found, CallError):
            raise found
        return found

    def columns(self) -> tuple[str, ...]:
        """Return the answers that a table must have a column for."""
        return self.answers if self.answers is not None else self.pack.answers(self.on)

    def header(self) -> Header:
        """Return what all of the judgements share; the digest is that of the pack with the reference tables of the call."""
        pack = self.pack
        return Header(pack.id, pack.version, self.call(self._first_day()).digest, self.on, self.assume, pack.known_on, language())

    def judge_all(self, items: Iterable[ReadRecord]) -> Iterator[Result]:
        """Judge every record, in order; one without a date, or whose date the pack refuses, is refused."""
        for item in items:
            try:
                if item.record is None:
                    yield Refused(item.position, item.identifiant, item.diagnostics)
                else:
                    yield Judged(item.position, self.call(self.on or self._day(item.record)).judge(item.record))
            except CallError as error:
                yield Refused(item.position, item.identifiant, error.diagnostics)

    def _day(self, record: Record) -> dt.date:
        """Return the date that a record bears. Raises CallError (E810) where it has none."""
        value: object = record
        for name in (self.on_field or "").split("."):
            value = value.get(name) if isinstance(value, Record) else value
        if isinstance(value, dt.date):
            return value
        found = value.value if isinstance(value, Absent) else Absent.UNKNOWN.value
        raise CallError([diagnose("E810", path=self.on_field, found=found)])

    def _first_day(self) -> dt.date:
        """Return the date of the call, or one on which what does not depend on the date can be checked."""
        return self.on or self.pack.program.interval.start or dt.date.min


def check_field(program: Program, path: str) -> None:
    """Refuse a call whose `--on-field` names no date of the vocabulary."""
    entity, field = program.main, None
    for name in path.split("."):
        field = entity.fields.get(name)
        if field is None:
            hint = perhaps(name, entity.fields)
            raise wrong_call(
                f"--on-field : `{entity.name}` n'a pas de champ `{name}`{hint.fr}",
                f"--on-field: `{entity.name}` has no field `{name}`{hint.en}",
            )
        entity = program.entities[field.type.name] if isinstance(field.type, EntityType) else entity
    _must_be_date(path, field)


def _must_be_date(path: str, field: FieldSpec | None) -> None:
    if field is None or field.type is not Scalar.DATE:
        raise wrong_call(f"--on-field : `{path}` n'est pas une date", f"--on-field: `{path}` is not a date")
