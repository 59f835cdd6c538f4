"""The grammar: no conflict in either lexicon, tables as the grammar says, and lark imported by the parser alone."""

from __future__ import annotations

import logging
import os
import pickle
import subprocess
import sys
from pathlib import Path

import pytest
from lark import Lark

from optam_rules.syntax import tables
from optam_rules.syntax.grammar import grammar_text
from optam_rules.syntax.lexicon import LANGUAGES
from optam_rules.syntax.parse import parse
from optam_rules.syntax.source import source_of
from tests.golden.goldens import accepted_by_the_parser
from tests.unit.syntax.texts import HEADER


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_conflict(language: str, caplog: pytest.LogCaptureFixture) -> None:
    """Lark's strict mode finds no conflict of productions and no two terminals for one word, and could look at every terminal."""
    pytest.importorskip("interegular")
    with caplog.at_level(logging.WARNING):
        Lark(grammar_text(language), parser="lalr", strict=True)
    assert [] == [record.getMessage() for record in caplog.records]


def test_every_production_is_explained() -> None:
    """Each block of productions stands under a comment."""
    blocks = grammar_text("fr").split("// --- terminals that no lexicon changes")[0].split("\n\n")
    assert [] == [block for block in blocks if block.strip() and not block.lstrip().startswith("//")]


@pytest.mark.parametrize("language", LANGUAGES)
def test_shipped_tables_are_current(language: str) -> None:
    """The tables in grammar/tables were built from this grammar, this lexicon and this Lark."""
    assert not tables.stale(language), "run: python -m optam_rules.syntax.tables"


@pytest.mark.parametrize("language", LANGUAGES)
def test_tables_say_what_the_grammar_says(language: str) -> None:
    """The shipped tables and a fresh build give one tree for every accepted golden."""
    fresh = Lark(grammar_text(language), parser="lalr")
    shipped = tables.parser(language)
    ending = ".conv" if language == "fr" else ".en.conv"
    for path in accepted_by_the_parser():
        text = path.with_name(path.stem + ending).read_text(encoding="utf-8").replace("’", "'")
        source = source_of(path.name, text)
        for item in parse(source, lexicon=language)[0].items:
            piece = source.text[item.position.start : item.position.end]
            assert fresh.parse(piece) == shipped.parse(piece)


def run(code: str, **environment: str) -> str:
    """Run Python code in a fresh process."""
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, env={**os.environ, **environment})
    return result.stdout.strip()


def test_lark_is_imported_late() -> None:
    """Importing the parser does not import lark; parsing does."""
    code = (
        "import sys; from optam_rules.syntax.parse import parse; from optam_rules.syntax.source import source_of;"
        f"print('lark' in sys.modules); parse(source_of('a.conv', {HEADER!r})); print('lark' in sys.modules)"
    )
    assert "False\nTrue" == run(code)


OTHER_LARK = (
    "import optam_rules.syntax.tables as tables; tables.table_name = lambda language: f'{language}-0.0.0.bin';"
    "from optam_rules.syntax.parse import parse; from optam_rules.syntax.source import source_of;"
    f"print(len(parse(source_of('a.conv', {HEADER + 'règle r : entier vaut 1'!r}))[0].items))"
)


def test_tables_of_another_lark_are_kept_in_the_cache(tmp_path: Path) -> None:
    """Where no tables fit, they are built once into the user's cache, for their owner alone, and read from there."""
    assert "1" == run(OTHER_LARK, XDG_CACHE_HOME=str(tmp_path))
    path = tmp_path / "optam-rules" / "fr-0.0.0.bin"
    assert (0o600, 0o700) == (path.stat().st_mode & 0o777, path.parent.stat().st_mode & 0o777)
    no_build = OTHER_LARK.replace("from optam", "tables.build = None; from optam", 1)
    assert "1" == run(no_build, XDG_CACHE_HOME=str(tmp_path))


def test_cache_that_cannot_be_written(tmp_path: Path) -> None:
    """A cache that cannot be written changes nothing."""
    (tmp_path / "optam-rules").write_text("a file where the folder would be")
    assert "1" == run(OTHER_LARK, XDG_CACHE_HOME=str(tmp_path))


def test_built_once_for_the_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is built is written to the cache, or kept in memory where there is no home for it."""
    monkeypatch.setattr(tables, "build", lambda language: {"data": language})
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert tables._cached("fr") is None
    assert {"data": "fr"} == tables._built_and_cached("fr") == tables._cached("fr")
    monkeypatch.setenv("XDG_CACHE_HOME", "relative")
    monkeypatch.setattr(Path, "home", lambda: tmp_path / "absent" / "\0")
    assert {"data": "fr"} == tables._built_and_cached("fr")
    assert tables._cached("fr") is None


def test_rebuild_writes_what_is_stale(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Rebuilding writes the stale tables alone, and takes away those of other versions."""
    monkeypatch.setattr(tables, "build", lambda language: {"data": language})
    monkeypatch.setattr(tables, "stale", lambda language: language == "en")
    (tmp_path / "fr-0.0.0.bin").write_bytes(b"old")
    tables._rebuild(tmp_path)
    assert [tables.table_name("en")] == [path.name for path in tmp_path.iterdir()]
    assert {"data": "en"} == tables._read((tmp_path / tables.table_name("en")).read_bytes(), "en")


@pytest.mark.parametrize("damage", [b"", b"optam-tables-1\n", b"garbage", pickle.dumps(os.system)])
def test_damaged_tables_are_not_read(damage: bytes) -> None:
    """What is no whole tables file is taken for none, and nothing in it is run."""
    assert tables._read(damage, "fr") is None


def test_tables_import_nothing() -> None:
    """A tables file that names a function is taken for none, even with the right digests."""
    content = tables.packed("fr", {"data": os.system})
    assert tables._read(content, "fr") is None
    assert {"data": 1} == tables._read(tables.packed("fr", {"data": 1}), "fr")


def test_cache_that_others_can_write_is_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A tables file of the cache that others could have written is passed over."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    (tmp_path / "optam-rules").mkdir()
    path = tmp_path / "optam-rules" / tables.table_name("fr")
    path.write_bytes(tables.packed("fr", {"data": 1}))
    path.chmod(0o600)
    assert {"data": 1} == tables._cached("fr")
    path.chmod(0o622)
    assert tables._cached("fr") is None
