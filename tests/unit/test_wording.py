"""The digests of official wordings tell which articles, and which clauses that cite, were written from a text that has changed."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

import optam_rules
from tests.unit.tools.cli.conftest import Ran, optam

__all__ = ["optam"]

PACK = """convention "E" version "1"
article 41.1 "Un" en vigueur du 2017-01-01 réf LEGIARTI000037439171
  texte « Le taux est plafonné. »
  règle un : taux cite "plafonné" vaut 80 %
  règle deux : taux vaut 90 %
article R. 871-2 "Deux" en vigueur du 2017-01-01
  texte « Rien. »
annexe 21 "Trois"
  texte « Rien. »
article 9 "Sans mots"
test "t" au 2017-06-08 attendu un = 80 % ; deux = 90 %
"""
NAMES = ("LEGIARTI000037439171", "article-R.-871-2", "annexe-21")


@pytest.fixture
def essai(tmp_path: Path) -> Path:
    """Write a pack, and beside it the official text of each of its articles."""
    (tmp_path / "essai").mkdir()
    (tmp_path / "essai" / "manifest.toml").write_text('id = "essai"\ntitle = "E"\nversion = "1"\nparent = "commun"\n', encoding="utf-8")
    (tmp_path / "essai" / "articles.conv").write_text(PACK, encoding="utf-8")
    (tmp_path / "officiels").mkdir()
    for name in NAMES:
        (tmp_path / "officiels" / f"{name}.txt").write_text(f"L'article {name}\ndit ceci.", encoding="utf-8")
    return tmp_path / "essai"


def told(pack: Path) -> list[tuple[str, int]]:
    """Return the codes of a check against the official texts, with their lines."""
    return [(d.code, d.position.line if d.position else 0) for d in optam_rules.check(pack, texts=pack.parent / "officiels")]


def test_the_texts_of_the_day_are_recorded_and_nothing_is_stale(essai: Path) -> None:
    """A digest for each unit that has words or citations, after its reference or its number; then the check has nothing to say."""
    lock = optam_rules.record_texts(essai, essai.parent / "officiels")
    assert essai / "sources.lock" == lock
    kept = [line.split(" = ")[0].strip('"') for line in lock.read_text(encoding="utf-8").splitlines()[1:]]
    assert sorted(NAMES) == kept
    assert [] == told(essai)


def test_a_changed_text_flags_its_article_and_the_clauses_that_cite_it(essai: Path) -> None:
    """The other articles are left alone; so is a rule that cites nothing."""
    optam_rules.record_texts(essai, essai.parent / "officiels")
    (essai.parent / "officiels" / f"{NAMES[0]}.txt").write_text("L'article dit autre chose.", encoding="utf-8")
    assert [("W601", 2), ("W602", 4)] == told(essai)


def test_layout_is_no_change(essai: Path) -> None:
    """Line ends, spaces, apostrophes and the form of accents do not count."""
    optam_rules.record_texts(essai, essai.parent / "officiels")
    (essai.parent / "officiels" / "annexe-21.txt").write_text("L\u2019article  annexe-21 dit\r\nceci.\n", encoding="utf-8")
    assert [] == told(essai)


def test_what_cannot_be_compared_is_told(essai: Path) -> None:
    """A text that is not there any more, and one that was never recorded."""
    officials = essai.parent / "officiels"
    (officials / "annexe-21.txt").rename(essai.parent / "later.txt")
    optam_rules.record_texts(essai, officials)
    (essai.parent / "later.txt").rename(officials / "annexe-21.txt")
    (officials / "article-R.-871-2.txt").unlink()
    assert [("W603", 6), ("W604", 8)] == told(essai)


@pytest.mark.parametrize("content", ["n'importe quoi", '"annexe-21" = "md5:00"', "annexe-21 = 3"])
def test_a_faulty_lock_is_an_error(essai: Path, content: str) -> None:
    """It is told, with its file."""
    (essai / "sources.lock").write_text(content, encoding="utf-8")
    (fault,) = optam_rules.check(essai, texts=essai.parent / "officiels")
    assert "E814" == fault.code
    assert "sources.lock" in fault.message


def test_without_texts_the_lock_is_not_read(essai: Path) -> None:
    """A check of the pack alone needs no official wording."""
    (essai / "sources.lock").write_text("n'importe quoi", encoding="utf-8")
    assert () == optam_rules.check(essai)


def test_a_text_that_is_no_text_is_a_wrong_call(essai: Path) -> None:
    """Its file and the reason are told."""
    (essai.parent / "officiels" / "annexe-21.txt").write_bytes(b"\xff")
    with pytest.raises(optam_rules.CallError) as refused:
        optam_rules.record_texts(essai, essai.parent / "officiels")
    assert ["E809"] == [d.code for d in refused.value.diagnostics]


def test_from_the_command_line(essai: Path, optam: Callable[..., Ran]) -> None:
    """`--record` keeps the digests, a later check compares; warnings leave exit code 0."""
    assert 0 == optam("check", "./essai", "--texts", "officiels", "--record").code
    assert (0, "") == (optam("check", "./essai", "--texts", "officiels").code, optam("check", "./essai", "--texts", "officiels").out)
    (essai.parent / "officiels" / "annexe-21.txt").write_text("Autre chose.", encoding="utf-8")
    ran = optam("check", "./essai", "--texts", "officiels")
    assert 0 == ran.code
    assert "W601" in ran.out
    assert 2 == optam("check", "./essai", "--record").code
    assert 2 == optam("check", "./essai", "--texts", "nulle-part").code
