"""From the name of a master to a session of Spark, on this machine where no cluster is named."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from optam_rules.base.diagnostics import diagnose
from optam_rules.base.errors import MissingExtraError
from optam_rules.base.extras import require
from optam_rules.base.phrases import Phrase

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

_LOCAL = {
    # A driver that listens to this machine alone.
    "spark.driver.host": "127.0.0.1",
    "spark.driver.bindAddress": "127.0.0.1",
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
}
_SUBMITTED = "PYSPARK_GATEWAY_PORT"  # set by spark-submit, which then says the master


def session(master: str | None = None, *, settings: Mapping[str, str] | None = None) -> SparkSession:
    """Return the running session, or a new one: on `master`, on the cluster of spark-submit, or else on all cores of this machine.

    `settings` are Spark's own; a running session takes those of them that may still change. Raises MissingExtraError (E701) without the
    extra `spark`, or without Java.
    """
    check_installed()
    from pyspark.sql import SparkSession

    builder = SparkSession.builder.appName("optam")
    chosen = master if master is not None or _SUBMITTED in os.environ else "local[*]"
    if chosen is not None:
        builder = builder.master(chosen)
    local: Mapping[str, str] = {}
    if chosen is not None and chosen.startswith("local"):
        local = _LOCAL
        # The workers of this machine run in this environment: any other python3 may lack this package, and Spark has no setting for it.
        os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    for name, value in {**local, **(settings or {})}.items():
        builder = builder.config(name, value)
    return builder.getOrCreate()


def check_installed() -> None:
    """Do nothing where pyspark, what moves its data and Java are there. Raises MissingExtraError (E701)."""
    require("spark", "spark", "pyspark", "pyarrow", "pandas", "numpy")
    home = os.environ.get("JAVA_HOME")
    if shutil.which("java") is None and not (home and (Path(home) / "bin" / "java").exists()):
        hint = Phrase(
            "installez Java 17 ou 21 (Debian : apt-get install default-jre-headless), ou dites où il est par JAVA_HOME",
            "install Java 17 or 21 (Debian: apt-get install default-jre-headless), or say where it is with JAVA_HOME",
        )
        raise MissingExtraError([diagnose("E701", what="spark", library="java", hint=hint)])
