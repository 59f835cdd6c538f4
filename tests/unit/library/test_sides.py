"""The words of a side, and packs as git had them."""

from __future__ import annotations

import datetime as dt
import subprocess
from pathlib import Path

import pytest

from optam_rules.base.errors import CallError
from optam_rules.library.compiled import compile_pack
from optam_rules.library.sides import SideName, parse_side, read_side
from tests.support.prime import amended, write_pack

DAY = dt.date(2017, 1, 1)


@pytest.mark.parametrize(
    ("text", "pack", "revision", "day"),
    [
        ("cm-2016", "cm-2016", None, None),
        ("cm-2016@2017-01-01", "cm-2016", None, DAY),
        ("./a/b@git:HEAD~3", "./a/b", "HEAD~3", None),
        ("./a/b@git:v1.0@2017-01-01", "./a/b", "v1.0", DAY),
        ("a@git:main@{1}", "a", "main@{1}", None),
    ],
)
def test_the_words_of_a_side_are_read(text: str, pack: str, revision: str | None, day: dt.date | None) -> None:
    """A pack, then perhaps a revision, then perhaps a date."""
    assert parse_side(text) == SideName(text, pack, revision, day)


@pytest.mark.parametrize("text", ["", "@2017-01-01", "a@git:", "@git:HEAD", "a@2017-13-01", "a@hier"])
def test_other_words_are_refused(text: str) -> None:
    """Nothing is guessed."""
    with pytest.raises(CallError) as caught:
        parse_side(text)
    assert caught.value.diagnostics[0].code == "E854"


def _git(folder: Path, *words: str) -> None:
    identity = ["-c", "user.name=essai", "-c", "user.email=essai@example.invalid", "-c", "commit.gpgsign=false"]
    subprocess.run(["git", "-C", str(folder), *identity, *words], check=True, capture_output=True)


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """A repository whose pack and its parent change between two commits."""
    _git(tmp_path, "init", "--quiet")
    write_pack(tmp_path / "packs/parent", "")
    (tmp_path / "packs/parent/texte.conv").write_text(
        'convention "Prime" version "1"\nentité principale m "M"\n  donnée identifiant : chaîne "I"\nrègle base : entier vaut 1\n'
    )
    child = tmp_path / "packs/enfant"
    child.mkdir()
    (child / "manifest.toml").write_text('id = "enfant"\ntitle = "Enfant"\nversion = "1"\nparent = "parent"\n')
    (child / "texte.conv").write_text('convention "Enfant" version "1"\nrègle double : entier vaut base * 2\n')
    _git(tmp_path, "add", ".")
    _git(tmp_path, "commit", "--quiet", "-m", "un")
    text = (tmp_path / "packs/parent/texte.conv").read_text()
    (tmp_path / "packs/parent/texte.conv").write_text(amended(("vaut 1\n", "vaut 7\n"), text=text))
    _git(tmp_path, "commit", "--quiet", "-am", "deux")
    return tmp_path


def test_a_revision_is_read_with_the_parent_of_that_time_and_nothing_is_checked_out(repository: Path) -> None:
    """The parent said 1 then and says 7 now; the working tree keeps its own change."""
    (repository / "packs/enfant/texte.conv").write_text("en travaux")
    files = read_side(parse_side(f"{repository}/packs/enfant@git:HEAD~1"))
    assert files.parent is not None
    assert b"vaut 1" in files.parent.texts[0][1]
    program, faults = compile_pack(files)
    assert program is not None, faults
    assert (repository / "packs/enfant/texte.conv").read_text() == "en travaux"
    now = read_side(parse_side(f"{repository}/packs/enfant@git:HEAD"))
    assert now.parent is not None
    assert b"vaut 7" in now.parent.texts[0][1]


def test_a_folder_that_is_gone_is_read_as_it_was(repository: Path) -> None:
    """A pack removed since can still be compared."""
    _git(repository, "rm", "-r", "--quiet", "packs/enfant")
    _git(repository, "commit", "--quiet", "-m", "trois")
    assert read_side(parse_side(f"{repository}/packs/enfant@git:HEAD~1")).manifest.id == "enfant"


@pytest.mark.parametrize(
    ("side", "words"),
    [("packs/enfant@git:nulle-part", "nulle-part"), ("packs/enfant@git:--all", "--all"), ("packs/autre@git:HEAD", "packs/autre")],
)
def test_what_git_does_not_have_is_told(repository: Path, side: str, words: str) -> None:
    """An unknown revision, an option in its place, a folder that was not there."""
    with pytest.raises(CallError) as caught:
        read_side(parse_side(f"{repository}/{side}"))
    assert caught.value.diagnostics[0].code == "E853"
    assert words in caught.value.diagnostics[0].message


def test_a_folder_outside_any_repository_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Git is asked, and says no."""
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    with pytest.raises(CallError) as caught:
        read_side(parse_side(f"{write_pack(tmp_path / 'seul')}@git:HEAD"))
    assert caught.value.diagnostics[0].code == "E853"
