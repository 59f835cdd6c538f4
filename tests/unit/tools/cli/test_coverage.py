"""`optam test --coverage`: what is printed, what is written, and the exit codes."""

from __future__ import annotations

import importlib.util
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from optam_rules.analysis.coverage.elements import GOALS, Kind
from optam_rules.tools.cli.main import main
from optam_rules.tools.report.coverage import HEADINGS
from tests.support.english import french_left

MANIFEST = 'id = "essai"\ntitle = "Essai"\nversion = "1"\nparent = "commun"\nin_force = { from = 2017-01-01 }\n'
RULES = """convention "Essai" version "1"
article 1 "Plafond" en vigueur du 2017-01-01
  règle r : taux vaut 10 %
article 2 "Autre" en vigueur du 2017-01-01
  règle s : taux vaut 5 %
test "un" au 2017-06-08 sachant secteur = secteur_1 attendu r = 10 %
"""


@pytest.fixture
def pack(tmp_path: Path) -> Path:
    """Write a pack of two articles, one of them tested."""
    home = tmp_path / "essai"
    home.mkdir()
    (home / "manifest.toml").write_text(MANIFEST, encoding="utf-8")
    (home / "essai.conv").write_text(RULES, encoding="utf-8")
    return home


def test_every_form_is_written(pack: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The summary is printed, the files tell the same, and paths are those that the caller's tools can open."""
    files = {form: tmp_path / f"c.{form}" for form in ("json", "lcov", "html")}
    options = [word for form, file in files.items() for word in (f"--coverage-{form}", str(file))]
    assert main(["test", str(pack), "--coverage", *options]) == 0
    printed = capsys.readouterr().out
    assert printed.startswith("essai : 1 conforme, 0 échec\n\ncouverture de essai (version 1) par 1 test\n")
    assert "2 — Autre : non couvert\n  essai/essai.conv:5:3 : définition `s` : jamais évaluée" in printed
    assert json.loads(files["json"].read_text(encoding="utf-8"))["summary"]["article"] == {"covered": 1, "total": 2}
    assert f"SF:{pack.as_posix()}/essai.conv\n" in files["lcov"].read_text(encoding="utf-8")
    assert "Couverture de Essai" in files["html"].read_text(encoding="utf-8")


def test_coverage_is_told_in_english(pack: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Headings, kinds and goals, on screen and on the page; the JSON is the same in both languages."""
    files = [word for form in ("json", "html") for word in (f"--coverage-{form}", str(tmp_path / f"c.{form}"))]
    assert main(["--messages", "en", "test", str(pack), "--coverage", *files]) == 0
    printed = capsys.readouterr().out
    assert printed.startswith("essai: 1 passed, 0 failed\n\ncoverage of essai (version 1) by 1 test\nelement  ")
    assert "2 — Autre: not covered\n  essai/essai.conv:5:3: definition `s`: never evaluated" in printed
    assert [] == french_left(printed)
    page = (tmp_path / "c.html").read_text(encoding="utf-8")
    assert '<html lang="en">' in page
    assert [] == [
        words for words in ("Coverage of Essai", "Article by article", "evaluated: no test", "sentence that") if words not in page
    ]
    english = (tmp_path / "c.json").read_text(encoding="utf-8")
    assert main(["test", str(pack), "--coverage-json", str(tmp_path / "c.json")]) == 0
    assert english == (tmp_path / "c.json").read_text(encoding="utf-8")


def test_every_kind_and_goal_has_two_words() -> None:
    """What a report of coverage is made of differs in the two languages, but for words that both have."""
    words = [kind.value for kind in Kind] + [goal for goals in GOALS.values() for goal in goals] + list(HEADINGS)
    assert {"version", "exception", "condition"} == {phrase.fr for phrase in words if phrase.fr == phrase.en}
    assert [] == [phrase for phrase in words if french_left(phrase.en)]


def test_too_few_articles_fail(pack: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """One article of two is 50 %: enough for 50, not for 51."""
    assert main(["test", str(pack), "--fail-under", "50"]) == 0
    assert main(["test", str(pack), "--fail-under", "51"]) == 1
    assert capsys.readouterr().out.endswith("1 article couvert sur 2 : moins de 51 %\n")


def test_without_the_extra_the_page_is_refused(pack: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """E701 names the extra, before any test is run."""
    found: Callable[..., object] = importlib.util.find_spec
    monkeypatch.setattr(importlib.util, "find_spec", lambda name, *more: None if name == "jinja2" else found(name, *more))
    assert main(["test", str(pack), "--coverage-html", "c.html"]) == 2
    told = capsys.readouterr()
    assert told.out == ""
    assert "E701" in told.err
    assert 'pip install "optam-rules[web]"' in told.err
