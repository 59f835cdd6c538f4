"""From years and practitioners that Spark holds to exact means: the queries of the plan, in a session of their own."""

from __future__ import annotations

from pyspark.sql import SparkSession

from optam_rules.backends.sql.dialect import SPARK
from optam_rules.base.errors import CallError
from optam_rules.base.numbers import Number
from optam_rules.interop.acts.spark import SparkEngine, apart, kind_of, relate
from optam_rules.interop.means.asked import AskedMeans
from optam_rules.interop.means.fold import Keys, MeanReport, computed


def means(session: SparkSession, years: object, practitioners: object, asked: AskedMeans) -> tuple[dict[Keys, Number], MeanReport]:
    """Compute them. Raises CallError for data (E809, E816), columns (E502, E503, E536), and as `computed`."""
    own = apart(session)
    kinds = []
    for name, data in (("exercices", years), ("medecins", practitioners)):
        kinds.append({field.name: kind_of(field.dataType) for field in relate(own, name, data).schema.fields})
    plan = asked.plan(SPARK, *kinds)
    if faults := list(plan.faults()):
        raise CallError(faults)
    return computed(SparkEngine(own), plan, asked.rounding, doubts_unknown=asked.doubts_unknown)
