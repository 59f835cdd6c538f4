"""Where Java or a library is missing: one message that says what to install, from every call, and no session is needed to see it."""

from __future__ import annotations

import importlib.util
from collections.abc import Callable
from importlib.machinery import ModuleSpec
from pathlib import Path
from typing import Any

import pytest

import optam_rules
from optam_rules import spark
from optam_rules.spark.sessions import check_installed
from optam_rules.tools.cli.main import main
from tests.support.acts import ON

MEANS: dict[str, Any] = {
    "pack": "cm-2016",
    "reference": "moyennes_regionales",
    "rate": "depassements/honoraires_remboursables",
    "years": [2013],
    "weights": "medecins",
}
CALLS: dict[str, Callable[[], object]] = {
    "session": lambda: spark.session(),
    "exercices": lambda: spark.exercices(None, "actes", on=ON),  # type: ignore[arg-type]
    "moyennes": lambda: spark.moyennes(None, "annees", practitioners="medecins", **MEANS),  # type: ignore[arg-type]
    "records": lambda: spark.records(None, pack="cm-2016"),  # type: ignore[arg-type]
    "evaluate_table": lambda: spark.evaluate_table(None, pack="cm-2016", on=ON),  # type: ignore[arg-type]
}


@pytest.fixture
def no_java(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """Leave no Java to be found; return a folder that may be given as its home."""
    monkeypatch.setenv("PATH", str(tmp_path / "vide"))
    monkeypatch.delenv("JAVA_HOME", raising=False)
    return tmp_path


@pytest.fixture
def no_pyspark(monkeypatch: pytest.MonkeyPatch) -> None:
    """Leave no pyspark to be found."""
    found = importlib.util.find_spec

    def find(name: str, package: str | None = None) -> ModuleSpec | None:
        return None if name == "pyspark" else found(name, package)

    monkeypatch.setattr(importlib.util, "find_spec", find)


@pytest.mark.parametrize("call", CALLS)
def test_without_java_every_call_says_what_to_install(no_java: Path, call: str) -> None:
    """E701 names Java and both ways to have it found."""
    with pytest.raises(optam_rules.MissingExtraError) as caught:
        CALLS[call]()
    (fault,) = caught.value.diagnostics
    assert ("E701", True) == (fault.code, "`java`" in fault.message)
    assert fault.hint is not None
    assert all(word in fault.hint for word in ("Java 17 ou 21", "default-jre-headless", "JAVA_HOME"))


@pytest.mark.parametrize("call", CALLS)
def test_without_pyspark_every_call_says_which_extra(no_pyspark: None, call: str) -> None:
    """E701 names pyspark and the command that installs it."""
    with pytest.raises(optam_rules.MissingExtraError) as caught:
        CALLS[call]()
    (fault,) = caught.value.diagnostics
    assert ("E701", 'pip install "optam-rules[spark]"') == (fault.code, fault.hint)
    assert "`pyspark`" in fault.message


def test_a_java_that_only_its_home_tells_is_found(no_java: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """JAVA_HOME is enough where `java` is on no path, if it holds one."""
    monkeypatch.setenv("JAVA_HOME", str(no_java / "jdk"))
    with pytest.raises(optam_rules.MissingExtraError):
        check_installed()
    (no_java / "jdk" / "bin").mkdir(parents=True)
    (no_java / "jdk" / "bin" / "java").touch()
    check_installed()


@pytest.mark.usefixtures("no_java")
def test_the_command_says_it_and_exits_2(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """`--engine spark` without Java is a call that cannot be answered."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "actes").mkdir()
    assert 2 == main(["exercices", "actes", "--on", "2018-06-01", "--engine", "spark", "--output", "exercices.parquet"])
    assert "E701" in capsys.readouterr().err
