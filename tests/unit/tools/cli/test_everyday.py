"""What makes the command pleasant: new packs, completion, tests run again at each change, colours."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import click
import pytest

from optam_rules.tools.cli import watch
from optam_rules.tools.cli.paint import painted
from tests.unit.tools.cli.conftest import Ran

Optam = Callable[..., Ran]


@pytest.mark.parametrize("words", [(), ("--title", "Convention d'essai", "--from", "2027-01-01")])
def test_a_new_pack_passes_everything(optam: Optam, words: tuple[str, ...]) -> None:
    """Check without warning, test without failure, formatter and linter without a word."""
    assert optam("init", "essai-1", *words).code == 0
    assert optam("check", "./essai-1").err == "0 erreur, 0 avertissement\n"
    assert optam("test", "./essai-1").out == "essai-1 : 3 conformes, 0 échec\n"
    assert optam("fmt", "--check", "./essai-1").code == 0
    assert optam("lint", "./essai-1").code == 0


def test_a_new_pack_begins_with_the_year(optam: Optam) -> None:
    """Without a date, it is in force from the first of January."""
    optam("init", "essai")
    assert f'version = "{dt.date.today().year}-01-01"' in Path("essai/manifest.toml").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["Essai"], "`Essai` ne convient pas"),
        (["../essai"], "`../essai` ne convient pas"),
        (["1"], "`1` ne convient pas"),
        (["commun"], "choisissez un autre nom"),
        (["la"], "`la` existe déjà"),
        (["essai", "--title", 'un "titre"'], "porte un guillemet"),
        (["essai", "--title", " "], "est vide"),
    ],
)
def test_names_that_do_not_fit(optam: Optam, words: list[str], said: str) -> None:
    """Nothing is written; what is there is not written over."""
    Path("la").mkdir()
    ran = optam("init", *words)
    assert (ran.code, said in ran.err) == (2, True)
    assert [path.name for path in Path().iterdir()] == ["la"]


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_scripts(optam: Optam, shell: str) -> None:
    """Each names the variable that the command answers to."""
    assert f"_OPTAM_COMPLETE={shell}_complete" in optam("completion", shell).out


@pytest.mark.parametrize(
    ("words", "at", "expected"),
    [
        ("optam ev", "1", ["evaluate"]),
        ("optam evaluate d.json --pack cm-2", "4", ["cm-2016", "cm-2024"]),
        ("optam test pat", "2", ["patients"]),
    ],
)
def test_what_is_completed(optam: Optam, monkeypatch: pytest.MonkeyPatch, words: str, at: str, expected: list[str]) -> None:
    """Commands, and names of packs."""
    monkeypatch.setenv("_OPTAM_COMPLETE", "bash_complete")
    monkeypatch.setenv("COMP_WORDS", words)
    monkeypatch.setenv("COMP_CWORD", at)
    assert [line.partition(",")[2] for line in optam().out.splitlines()] == expected


def test_tests_run_again_at_each_change(optam: Optam, monkeypatch: pytest.MonkeyPatch) -> None:
    """Once at first, once a change; a text broken on the way is told, and mended it passes again; Ctrl-C ends it."""
    optam("init", "essai")
    articles = Path("essai/articles.conv")
    whole = articles.read_text(encoding="utf-8")

    def edits(folder: Path) -> Iterator[object]:
        articles.write_text(whole.replace("secteur_2", "secteur_22"), encoding="utf-8")
        yield folder
        articles.write_text(whole, encoding="utf-8")
        yield folder
        raise KeyboardInterrupt

    monkeypatch.setattr(watch, "_changes", edits)
    ran = optam("test", "./essai", "--watch")
    assert (ran.code, ran.out.count("essai : 3 conformes, 0 échec")) == (130, 2)
    assert ran.err.count("erreur E206") == 1


def test_only_texts_and_manifests_are_watched(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The results that a run writes beside them do not start another."""
    seen = [{(1, "a.xml")}, {(1, "a.xml"), (2, "a.conv")}, {(1, "manifest.toml")}]
    monkeypatch.setattr("watchfiles.watch", lambda *folders, raise_interrupt: iter(seen))
    assert list(watch._changes(tmp_path)) == seen[1:]


def test_a_pack_by_name_is_not_watched(optam: Optam) -> None:
    """There is nothing to edit."""
    ran = optam("test", "cm-2016", "--watch")
    assert (ran.code, "--watch demande le chemin d'un dossier" in ran.err) == (2, True)


def test_colours_say_nothing_more_than_the_text() -> None:
    """The level, the place and the helps are coloured; without the colours the text is the same."""
    text = "a.conv:2:1: erreur E206: une erreur W1: `x`\n  2 | x\n      ^\n  aide : y\na.conv:3:1: avertissement W202: z"
    coloured = painted(text)
    assert click.unstyle(coloured) == text
    assert re.findall(r"\x1b\[(3\d)m", coloured) == ["31", "36", "32", "33"]
    assert click.style("erreur E206", fg="red", bold=True) in coloured
