"""One session of Spark for all the tests of this folder, on two cores of this machine; they are skipped, and say so, without Java."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from typing import Any

import pytest

from optam_rules.spark import session


@pytest.fixture(scope="package")
def spark(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """Start Spark as `optam_rules.spark.session` does, in a folder of the tests; plans that run once are not compiled."""
    if shutil.which("java") is None:
        pytest.skip("Java is not installed: `make java`")
    folder = tmp_path_factory.mktemp("spark")
    running = session(
        "local[2]",
        settings={
            "spark.driver.extraJavaOptions": f"-XX:TieredStopAtLevel=1 -XX:+UseSerialGC -Djava.io.tmpdir={folder}",
            "spark.sql.codegen.factoryMode": "NO_CODEGEN",
            "spark.sql.codegen.wholeStage": "false",
            "spark.sql.adaptive.enabled": "false",
            "spark.sql.shuffle.partitions": "2",
            "spark.sql.warehouse.dir": str(folder / "warehouse"),
            "spark.local.dir": str(folder / "local"),
        },
    )
    running.sparkContext.setLogLevel("ERROR")
    yield running
    running.stop()
