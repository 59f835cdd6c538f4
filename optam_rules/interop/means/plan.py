"""From a reference table and a rate of the years to the queries that add up what its means are made of; the same text for every SQL engine.

Queries add whole cents and whole numbers alone: quotients are for `fold`, which is exact too.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from enum import StrEnum

import attrs

from optam_rules.backends.sql.dialect import Dialect
from optam_rules.backends.sql.translate import Translation
from optam_rules.base.diagnostics import Diagnostic, diagnose
from optam_rules.core.program import Program, ReferenceTable
from optam_rules.core.types import Scalar
from optam_rules.interop.acts.lines import Kind, cell, column_faults
from optam_rules.interop.acts.plan import LINE, YEAR_ENTITY


class Weights(StrEnum):
    """What counts for one in a mean: a doctor, with the mean of his years; a year of a doctor; an euro (or an act) of the denominator."""

    DOCTORS = "medecins"
    YEARS = "annees"
    AMOUNTS = "montants"


@attrs.frozen
class MeanPlan:
    """The queries over `exercices` (the years) and `medecins` (the practitioners whom the means are of), by their kinds of columns."""

    program: Program
    table: ReferenceTable
    numerator: str
    denominator: str
    years: tuple[int, ...]
    weights: Weights
    dialect: Dialect
    year_kinds: Mapping[str, Kind]
    doctor_kinds: Mapping[str, Kind]

    @property
    def keys(self) -> list[str]:
        """The columns of the practitioners that the table is by."""
        return [name for name, _ in self.table.keys]

    @property
    def _year(self) -> str:
        return next(iter(self.program.entities[YEAR_ENTITY].fields))

    def faults(self) -> Iterator[Diagnostic]:
        """Yield what the columns of both files lack (E536), or hold and may not (E502, E503)."""
        read = (self._year, self.numerator, self.denominator)
        fields = {name: self.program.entities[YEAR_ENTITY].fields[name] for name in read}
        yield from column_faults(fields, {}, self.year_kinds, read)
        yield from (diagnose("E536", name=name) for name in [LINE] if name not in self.year_kinds)
        yield from (diagnose("E536", name=name) for name in [LINE, *self.keys] if name not in self.doctor_kinds)

    def register(self) -> str:
        """Query the practitioners and their keys."""
        keys = ", ".join(f"{self._text(key)} AS cle_{place}" for place, key in enumerate(self.keys))
        return f"SELECT * FROM (SELECT {self._text(LINE)} AS praticien, {keys} FROM medecins) AS nommes WHERE praticien IS NOT NULL"

    def seen(self) -> str:
        """Query, over `registre`, the years of the practitioners that the means are over: the two figures, and whether both are known."""
        fields = self.program.entities[YEAR_ENTITY].fields
        blank = Translation(self.program, dt.date.min, {}, {}, self.dialect)
        year, above, below = (
            cell(fields[name], name, self.year_kinds[name], blank) for name in (self._year, self.numerator, self.denominator)
        )
        figures = f"{year.value} AS annee, {above.value} AS haut, {below.value} AS bas"
        known = f"COALESCE(({above.fit}) AND ({below.fit}), FALSE) AS connue"
        read = f"SELECT {self._text(LINE)} AS praticien, {figures}, {known} FROM exercices"
        listed = ", ".join(map(str, self.years))
        # A year without its number may be any of them.
        return (
            f"SELECT registre.*, annee, haut, bas, connue AND annee IS NOT NULL AS connue FROM registre JOIN ({read}) AS lues"
            f" ON registre.praticien = lues.praticien WHERE annee IN ({listed}) OR annee IS NULL"
        )

    def repeated(self, relation: str, names: str) -> str:
        """Query the first of the names that stand twice in a relation."""
        last = names.rpartition(", ")[2]
        return f"SELECT {names} FROM {relation} WHERE {last} IS NOT NULL GROUP BY {names} HAVING count(*) > 1 ORDER BY {names} LIMIT 1"

    def census(self) -> str:
        """Query, over `vues`, each group: its practitioners and years that count, and its years that are unknown."""
        return (
            f"SELECT {self._by}, count(DISTINCT CASE WHEN {self._active} THEN praticien END),"
            f" count(CASE WHEN {self._active} THEN 1 END), count(CASE WHEN NOT connue THEN 1 END) FROM vues GROUP BY {self._by}"
        )

    def pieces(self) -> str:
        """Query, over `vues`, what to add in each group: (keys…, among how many years, denominator, sum of numerators)."""
        active = f"SELECT *, count(*) OVER (PARTITION BY praticien) AS parmi FROM vues WHERE {self._active}"
        if self.weights is Weights.AMOUNTS:
            return f"SELECT {self._by}, 1, sum(bas), sum(haut) FROM ({active}) AS actives GROUP BY {self._by}"
        among = "parmi" if self.weights is Weights.DOCTORS else "1"
        each = f"SELECT {self._by}, {among} AS parmi, bas, haut FROM ({active}) AS actives"
        return f"SELECT {self._by}, parmi, bas, sum(haut) FROM ({each}) AS parts GROUP BY {self._by}, parmi, bas"

    def idle(self) -> str:
        """Query how many practitioners have no year that counts or is unknown."""
        met = f"SELECT 1 FROM vues WHERE vues.praticien = registre.praticien AND ({self._active} OR NOT connue)"
        return f"SELECT count(*) FROM registre WHERE NOT EXISTS ({met})"

    @property
    def _active(self) -> str:
        return "(connue AND bas > 0)"

    @property
    def _by(self) -> str:
        return ", ".join(f"cle_{place}" for place, _ in enumerate(self.keys))

    def _text(self, name: str) -> str:
        return f"NULLIF({self.dialect.trimmed(f'CAST({self.dialect.identifier(name)} AS {self.dialect.text_type})')}, '')"


def rate_of(program: Program, text: str) -> tuple[str, str] | None:
    """Return the two data of the years that a rate divides, `NUMERATOR/DENOMINATOR`; `None` for anything but two amounts or two counts."""
    fields = program.entities[YEAR_ENTITY].fields
    above, _, below = text.partition("/")
    types = {fields[name].type if name in fields else None for name in (above, below)}
    return (above, below) if types in ({Scalar.MONEY}, {Scalar.INTEGER}) else None
