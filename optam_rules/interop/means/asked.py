"""From the words of a call to what means are asked for, all its faults told at once."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

import attrs

from optam_rules.backends.sql.dialect import Dialect
from optam_rules.base.arguments import choice_fault, kind, ranks_fault
from optam_rules.base.diagnostics import Diagnostic, diagnose
from optam_rules.base.errors import CallError
from optam_rules.base.numbers import Number, Rounding
from optam_rules.base.phrases import Phrase, did_you_mean
from optam_rules.base.suggestions import nearest
from optam_rules.core.program import Program, ReferenceTable
from optam_rules.core.scalars import Refusal, read_scalar, shown
from optam_rules.core.types import Scalar
from optam_rules.interop.acts.lines import Kind
from optam_rules.interop.means.plan import MeanPlan, Weights, rate_of

_ROUNDING = re.compile(r"(.+?) *\((.+)\)")


@attrs.frozen
class AskedMeans:
    """A reference table of a program, the rate that its means are of, over which years, counted how, and what to do with the unknown."""

    program: Program
    table: ReferenceTable
    rate: tuple[str, str]
    years: tuple[int, ...]
    weights: Weights
    rounding: tuple[Number, Rounding] | None
    doubts_unknown: bool

    def plan(self, dialect: Dialect, year_kinds: Mapping[str, Kind], doctor_kinds: Mapping[str, Kind]) -> MeanPlan:
        """Return the queries for files of such columns."""
        return MeanPlan(self.program, self.table, *self.rate, self.years, self.weights, dialect, year_kinds, doctor_kinds)


def asked_means(
    program: Program, reference: object, rate: object, years: object, weights: object, rounding: object, *, doubts_unknown: bool
) -> AskedMeans:
    """Read a call. Raises CallError (E550, E827)."""
    table = program.references.get(reference) if isinstance(reference, str) else None
    data = rate_of(program, rate) if isinstance(rate, str) else None
    rounded = _rounding(rounding)
    faults = [*_table_faults(program, reference, table), *_years_faults(years), *choice_fault("weights", weights, [*Weights])]
    if data is None:
        wanted = Phrase(
            "deux montants, ou deux nombres, d'un exercice (`depassements/honoraires_remboursables`)",
            "two amounts, or two counts, of a year (`depassements/honoraires_remboursables`)",
        )
        faults.append(diagnose("E827", name="rate", found=_found(rate), wanted=wanted))
    if rounding is not None and rounded is None:
        modes = ", ".join(mode.value for mode in Rounding)
        wanted = Phrase(
            f"un pas et un mode (`0.01 % (demi supérieur)` ; {modes})", f"a step and a mode (`0.01 % (demi supérieur)`; {modes})"
        )
        faults.append(diagnose("E827", name="rounding", found=_found(rounding), wanted=wanted))
    if faults or table is None or data is None or not isinstance(years, Iterable):
        raise CallError(faults)
    return AskedMeans(program, table, data, tuple(sorted(set(years))), Weights(str(weights)), rounded, doubts_unknown)


def _table_faults(program: Program, reference: object, table: ReferenceTable | None) -> Iterator[Diagnostic]:
    if table is None:
        near = nearest(str(reference), program.references)
        yield diagnose("E550", name=shown(str(reference)), hint=did_you_mean(near))
    elif table.type is not Scalar.RATE or not table.keys:
        wanted = Phrase("un référentiel de taux, par clés", "a reference table of rates, by keys")
        yield diagnose("E827", name="reference", found=f"`{table.name}`", wanted=wanted)


def _years_faults(years: object) -> Iterator[Diagnostic]:
    if isinstance(years, Iterator) or (isinstance(years, Iterable) and not list(years)):
        yield diagnose("E827", name="years", found=_found(years), wanted=Phrase("une liste d'années", "a list of years"))
    else:
        yield from ranks_fault("years", years)


def _rounding(text: object) -> tuple[Number, Rounding] | None:
    match = _ROUNDING.fullmatch(text) if isinstance(text, str) else None
    step = read_scalar(Scalar.RATE, match[1], {}) if match else None
    modes = {mode.value: mode for mode in Rounding}
    if match is None or step is None or isinstance(step, Refusal) or not isinstance(step, Number) or step <= 0 or match[2] not in modes:
        return None
    return step, modes[match[2]]


def _found(value: object) -> Phrase | str:
    return f"`{shown(value)}`" if isinstance(value, str) else kind(value)
