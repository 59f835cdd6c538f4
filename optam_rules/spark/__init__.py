"""Past one machine: from acts and registers that Spark holds to the years and the answers that the embedded engines give.

Nothing here imports pyspark before a function is called.
"""

from __future__ import annotations

from optam_rules.spark.acts import SparkExercices, exercices
from optam_rules.spark.means import moyennes
from optam_rules.spark.registers import records
from optam_rules.spark.sessions import session
from optam_rules.spark.tables import evaluate_table

__all__ = ["SparkExercices", "evaluate_table", "exercices", "moyennes", "records", "session"]
