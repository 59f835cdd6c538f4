"""From the years of practitioners to the means that packs read as reference tables: validates the call, then one call down to an engine."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from pathlib import Path

import attrs

from optam_rules.api.pack import Pack, load
from optam_rules.api.years import Doubts
from optam_rules.base.arguments import choice_fault
from optam_rules.base.errors import CallError
from optam_rules.base.extras import require
from optam_rules.base.numbers import Number, format_ratio
from optam_rules.core.references import VALUE
from optam_rules.interop.means.asked import AskedMeans, asked_means
from optam_rules.interop.means.fold import Keys, MeanReport


@attrs.frozen
class Moyennes:
    """The means of a reference table, by its keys, exact, and who is in them.

    `rows` is what `references={reference: rows}` of `pack.evaluate` reads.
    """

    columns: tuple[str, ...]
    rows: Mapping[Keys, Number]
    report: MeanReport

    def texts(self) -> Iterator[tuple[str, ...]]:
        """Yield the rows as the file of a reference table has them, its header first: an exact decimal, or else a fraction (`23/60`)."""
        yield (*self.columns, VALUE)
        for keys, mean in self.rows.items():
            yield (*keys, format_ratio(mean))


def moyennes(
    exercices: object,
    *,
    practitioners: object,
    pack: Pack | str | Path,
    reference: str,
    rate: str,
    years: Collection[int],
    weights: str,
    rounding: str | None = None,
    doubts: str = "unknown",
) -> Moyennes:
    """Compute the means of a reference table of a pack from the years of practitioners, exactly, with DuckDB.

    `exercices` are years, as `optam_rules.exercices` gives them, and `practitioners` those whom the means are of (eligible, of the sectors
    meant: the call does not choose), with `identifiant` and the keys of `reference`: files, Arrow data or lists. `rate` is
    `NUMERATOR/DENOMINATOR`, two amounts or two counts of a year. A year whose denominator is zero has no rate.

    No source settles what a mean counts: `weights` is `medecins` (the mean of each doctor's years, a doctor for one), `annees` (a year of a
    doctor for one) or `montants` (sum over sum). Nor how it is rounded: `rounding` is none, or as `0.01 % (demi supérieur)`. A figure
    that is unknown leaves the mean of its group unknown, unless `doubts="computed"` leaves its year out.

    Raises MissingExtraError (E701), CallError for a wrong argument or file (E502, E503, E536, E550, E552, E809, E816, E819, E827).
    """
    asked = read_call(pack, reference, rate, years, weights, rounding, doubts)
    require("moyennes", "acts", "duckdb", "pyarrow")
    from optam_rules.interop.means.duck import means

    return of(asked, *means(exercices, practitioners, asked))


def read_call(
    pack: Pack | str | Path, reference: str, rate: str, years: object, weights: str, rounding: str | None, doubts: str
) -> AskedMeans:
    """Read a call, whatever the engine. Raises CallError (E550, E827), and as `load`."""
    if wrong := list(choice_fault("doubts", doubts, [*Doubts])):
        raise CallError(wrong)
    program = (pack if isinstance(pack, Pack) else load(pack)).program
    return asked_means(program, reference, rate, years, weights, rounding, doubts_unknown=Doubts(doubts) is Doubts.UNKNOWN)


def of(asked: AskedMeans, rows: Mapping[Keys, Number], report: MeanReport) -> Moyennes:
    """Return the means of an engine."""
    return Moyennes(tuple(name for name, _ in asked.table.keys), rows, report)
