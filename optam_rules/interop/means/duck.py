"""From years and practitioners that stand in files or in memory to exact means, by DuckDB."""

from __future__ import annotations

import duckdb

from optam_rules.backends.sql.dialect import DUCKDB
from optam_rules.base.errors import CallError
from optam_rules.base.numbers import Number
from optam_rules.interop.acts.duck import DuckEngine, kind_of
from optam_rules.interop.acts.relations import readable, relate
from optam_rules.interop.means.asked import AskedMeans
from optam_rules.interop.means.fold import Keys, MeanReport, computed


def means(years: object, practitioners: object, asked: AskedMeans) -> tuple[dict[Keys, Number], MeanReport]:
    """Compute them. Raises CallError for files (E809, E816, E819), columns (E502, E503, E536), and as `computed`."""
    with duckdb.connect() as run, readable(years, practitioners):
        run.execute("SET enable_progress_bar = false")
        kinds = []
        for name, data in (("exercices", years), ("medecins", practitioners)):
            relate(run, name, data)
            kinds.append({column: kind_of(type_) for column, type_, *_ in run.execute(f"DESCRIBE {name}").fetchall()})
        plan = asked.plan(DUCKDB, *kinds)
        if faults := list(plan.faults()):
            raise CallError(faults)
        return computed(DuckEngine(run), plan, asked.rounding, doubts_unknown=asked.doubts_unknown)
